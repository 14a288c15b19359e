"""Small change of a word processor's document: its marks, measures, and elements by name.

Belongs here: what both `docx` and `docx_tables` need. Does not: what is done with it.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from synthese.rendering import docx_styles as styles

MARK = "synthese:"
PAGE, MARGIN = (Cm(21), Cm(29.7)), Cm(2.4)
WIDTH = PAGE[0] - 2 * MARGIN


def style_of(paragraph: Any) -> str:
    """Name the style of a paragraph; empty where it has none."""
    found = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if found is None else str(found.get(qn("w:val")))


def set_style(document: Any, paragraph: Any, name: str) -> None:
    """Give a paragraph one of our styles."""
    paragraph.get_or_add_pPr().style = styles.find(document, styles.style_name(name)).style_id


def text_of(element: Any) -> str:
    """Read the text of an element, runs joined."""
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def element_of(tag: str, **attributes: object) -> Any:
    """Make an element of WordprocessingML with its attributes."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made
