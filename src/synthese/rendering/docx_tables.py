"""Tables of the document for word processors: style, widths, title, header cells.

Belongs here: finishing the tables that pandoc or Quarto wrote. Does not: the rest of the document (`docx`).
"""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn
from docx.shared import Emu
from docx.table import Table

from synthese.rendering import docx_styles as styles
from synthese.rendering.docx_parts import MARK, WIDTH, element_of, set_style, style_of, text_of

_LONG = 48  # letters: a cell longer than this may break
_LETTER, _CELL = 125, 240  # twentieths of a point: a letter in the widest of common fonts, a cell's margins


def tables(document: Any) -> None:
    """Give every table its style, widths, title and header cells."""
    caption = ""
    columns = 0
    for element in list(document.element.body.iter(qn("w:p"), qn("w:tbl"))):
        if element.tag == qn("w:tbl"):
            _table(document, Table(element, document), columns, caption)
            columns, caption = 0, ""
        elif style_of(element).startswith(f"{MARK}tableau:"):
            columns = int(style_of(element).rpartition(":")[2])
            element.getparent().remove(element)
        elif style_of(element) == "TableCaption":
            caption = text_of(element)


def _table(document: Any, table: Any, heads: int, caption: str) -> None:
    element = table._tbl
    table.autofit = False
    properties = element.tblPr
    properties.style = styles.find(document, "Table").style_id
    for tag in ("w:tblW", "w:tblLook", "w:tblCaption", "w:tblDescription"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    widths = _widths(table)
    place = [child.tag for child in properties].index(qn("w:tblStyle")) + 1
    properties.insert(place, element_of("w:tblW", type="dxa", w=sum(widths)))
    look = {"firstRow": 1, "lastRow": 0, "firstColumn": int(heads > 0), "lastColumn": 0, "noHBand": 1, "noVBand": 1}
    properties.append(element_of("w:tblLook", val="06A0" if heads else "0620", **look))
    if caption:
        properties.append(element_of("w:tblCaption", val=caption))
    for column, width in zip(element.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in element.tr_lst:
        start = 0
        above = row.get_or_add_trPr()
        if above.find(qn("w:cantSplit")) is None:
            above.insert(0, element_of("w:cantSplit"))
        for cell in row.tc_lst:
            span = cell.grid_span
            cell.width = Emu(sum(widths[start : start + span]) * 635)
            start += span
            for paragraph in cell.p_lst:
                set_style(document, paragraph, "tableau")


def _widths(table: Any) -> list[int]:
    """Share the page's width out by the longest cells, up to lines that may break; in twentieths of a point."""
    count = len(table._tbl.tblGrid.findall(qn("w:gridCol")))
    wanted = [6.0] * count
    for row in table._tbl.tr_lst:
        start = 0
        for cell in row.tc_lst:
            span = cell.grid_span
            if span == 1:
                words = text_of(cell)
                longest = max((len(word) for word in words.split()), default=0)
                wanted[start] = max(wanted[start], min(len(words), _LONG if start == 0 else 24), longest)
            start += span
    room = int(WIDTH / 635)
    whole = sum(wanted)
    share = [int(room * part / whole) for part in wanted]
    if whole * _LETTER + count * _CELL < room:  # a small table stays small
        share = [int(part * _LETTER) + _CELL for part in wanted]
    return share
