"""SurveyMonkey: two header rows, questions above their options.

Belongs here: row 1 has the questions, left empty where the question at the left goes on; row 2 has options,
grid lines or ranked items, or ``Response`` / ``Open-Ended Response`` over a question of one column, and
nothing over the tool's own columns at the left. A column continues the question at its left where its row 1
is empty, whatever row 2 says; ``Response`` there opens a question without text instead, since no question has
two. A cell of a multi-select holds the option's own label; « Other » has a column of free text, beside the
options or beside ``Response``. A matrix of several answers has one column a pair, ``Line - Column``.

The file holds partial responses too, and nothing in it tells them from whole ones. Leads, not seen in an
export: the French words; a third header row, with the columns of a matrix (told by the empty ids above the
first respondent, and read as ``Line - Column``); the export of numbers, where a cell of a multi-select holds
the option's place (1 and 0 are read as well).
"""

from __future__ import annotations

import datetime as dt
import re

from synthese.errors import Fault, SyntheseError
from synthese.exports.forms import Answers, Field, Ticked
from synthese.exports.model import Dialect, Layout, Meta, RawColumn, Record, Table, Tool

_IDS = {"respondentid", "iddurépondant", "identifiantdurépondant", "idrépondant"}
_META: dict[str, Meta | None] = {
    **dict.fromkeys(_IDS, "id"),
    **dict.fromkeys(("collectorid", "idducollecteur", "identifiantducollecteur", "idcollecteur")),
    **dict.fromkeys(("startdate", "datedebut", "datededébut", "datedébut"), "started"),
    **dict.fromkeys(("enddate", "datedefin", "datefin"), "submitted"),
    # Exports of these years head the two times so, a lead; nothing stands under them in row 2.
    **dict.fromkeys(("datecreated", "datedecréation", "datedecreation"), "started"),
    **dict.fromkeys(("datemodified", "datedemodification"), "submitted"),
    **dict.fromkeys(("ipaddress", "adresseip"), "ip"),
    **dict.fromkeys(("emailaddress", "adressee-mail", "adresseemail", "adresseélectronique", "e-mail"), "email"),
    **dict.fromkeys(("firstname", "lastname", "prénom", "nom", "nomdefamille")),
    **dict.fromkeys(("customdata", "donnéespersonnalisées")),
}
_WHOLE = {"Response", "Open-Ended Response", "Open-ended response", "Réponse", "Réponse ouverte", "Réponse libre"}
_WRITTEN = (
    "RespondentID",
    "CollectorID",
    "StartDate",
    "EndDate",
    "IP Address",
    "Email Address",
    "FirstName",
    "LastName",
    "CustomData1",
)
_FIRST_ID = 118_000_000_000


def _word(header: str) -> str:
    word = re.sub(r"\s+", "", header).casefold().replace("’", "'")
    return re.sub(r"\d+$", "", word) if word.startswith(("customdata", "donnéespers")) else word


def _id_column(top: Record, below: Record) -> int | None:
    """Column of the respondents' ids, over which row 2 is empty."""
    found = (i for i, (head, sub) in enumerate(zip(top, below, strict=True)) if _word(head) in _IDS and not sub)
    return next(found, None)


def _without_ids(top: Record, below: Record) -> bool:
    """Whether two rows are the headers of a file whose id columns were taken out."""
    whole = sum(bool(head) and sub in _WHOLE for head, sub in zip(top, below, strict=True))
    return whole >= 2 and all(sub or _word(head) in _META for head, sub in zip(top, below, strict=True))


def _headers(table: Table) -> tuple[bool, int | None]:
    """Whether the first two rows are the tool's headers, and the column of ids."""
    if len(table.head) < 2:
        return False, None
    top, below = table.head[:2]
    ids = _id_column(top, below)
    return ids is not None or _without_ids(top, below), ids


def _recognise(table: Table) -> float:
    found, ids = _headers(table)
    if not found:
        return 0.0
    if ids is None:
        return 0.75
    return 0.97 if any(sub in _WHOLE for sub in table.head[1]) else 0.8


def _third(table: Table, ids: int | None) -> Record | None:
    """Third header row: no id, no answer to a question of one column, and a respondent below."""
    if ids is None or len(table.head) < 4:
        return None
    top, below, third, after = table.head[:4]
    told = [i for i, (head, sub) in enumerate(zip(top, below, strict=True)) if sub in _WHOLE or _word(head) in _META]
    if not after[ids] or any(third[i] for i in told):
        return None
    return third if sum(map(bool, third)) >= 2 else None


def _columns(top: Record, below: Record, third: Record | None, file: str) -> tuple[list[RawColumn], list[Fault]]:
    columns: list[RawColumn] = []
    notes: list[Fault] = []
    question = line = ""
    for index, (head, sub) in enumerate(zip(top, below, strict=True)):
        if head and not sub and _word(head) in _META:
            columns.append(RawColumn(index, head, None, index + 1, kind="meta", meta=_META[_word(head)]))
            question = line = ""
            continue
        if head:
            question, line = head, ""
        elif sub in _WHOLE:
            question, line = "", ""
            what = "a question of one column has no text"
            notes.append(Fault("untitled-question", what, file=file, column=f"#{index + 1}"))
        line = (sub or line) if third is not None else sub
        part = third[index] if third is not None else ""
        parts = [text for text in (line if line not in _WHOLE else "", part) if text]
        columns.append(RawColumn(index, question, " - ".join(parts) or None, index + 1))
    return columns, notes


def _numbered(columns: list[RawColumn], table: Table, header: int) -> list[RawColumn]:
    """Give the options of a multi-select of numbers their label: the option's place stands for it.

    Ranks look alike only where all rank in the form's order; then no option is ticked beside one left empty
    at its left.
    """
    groups: dict[str, list[RawColumn]] = {}
    for column in columns:
        if column.kind == "answer" and column.sub is not None:
            groups.setdefault(column.header, []).append(column)
    out = {column.index: column for column in columns}
    for group in groups.values():
        places = [column.index for column in group]
        if any(
            text and not text.isdecimal() for text in table.cells.iloc[header : header + 9, places[:-1]].to_numpy().flat
        ):
            continue  # labels, as usual
        cells = table.cells.iloc[header:, places].to_numpy(dtype=object)
        ticked = cells != ""
        fits = [set(cells[ticked[:, j], j]) <= {str(j + 1), "0"} for j in range(len(group))]
        used = [j for j, fit in enumerate(fits) if fit and str(j + 1) in set(cells[:, j])]
        holes = bool((ticked[:, 1:] & ~ticked[:, :-1]).any())
        # The last column may be the text of « Autre ».
        if holes and max(used, default=0) > 0 and all(fits[: len(group) - 1]):
            for j in used:
                column = group[j]
                out[column.index] = RawColumn(
                    column.index, column.header, column.sub, column.position, labels={str(j + 1): str(column.sub)}
                )
    return [out[column.index] for column in columns]


def _layout(table: Table) -> Layout:
    found, ids = _headers(table)
    if not found:
        raise SyntheseError.of(
            "wrong-header",
            "no RespondentID stands above an empty cell: a SurveyMonkey export opens with two header rows, "
            "questions above options",
            file=table.file,
            row=int(table.rows[0]),
            fix="export « All responses data » again as CSV or XLSX with expanded columns, give `header_row` in "
            "wave.yml where lines stand above the header, or name another tool",
        )
    third = _third(table, ids)
    header = 2 if third is None else 3
    columns, notes = _columns(table.head[0], table.head[1], third, table.file)
    if third is not None:
        what = "this row was read as a third header row: it has no respondent's id"
        notes.append(Fault("third-header-row", what, file=table.file, row=int(table.rows[2])))
    return Layout(tuple(_numbered(columns, table, header)), header, tuple(notes))


def _stamp(iso: str) -> str:
    return dt.datetime.fromisoformat(iso).strftime("%m/%d/%Y %I:%M:%S %p") if iso else ""


def _heads(field: Field) -> list[tuple[str, str]]:
    """Rows 1 and 2 of the header, over the columns of one question."""
    other = () if field.other is None else (field.other,)
    if field.kind == "one":
        subs: tuple[str, ...] = ("Response" if field.options or other else "Open-Ended Response", *other)
    else:
        subs = (*field.items, *other)
    return [(field.label if place == 0 else "", sub) for place, sub in enumerate(subs)]


def _records(answers: Answers, dialect: Dialect) -> list[Record]:
    del dialect  # its files differ by their bytes alone
    heads = [head for field in answers.fields for head in _heads(field)]
    out: list[Record] = [
        (*_WRITTEN, *[question for question, _ in heads]),
        (*[""] * len(_WRITTEN), *[sub for _, sub in heads]),
    ]
    for number, submission in enumerate(answers.submissions, start=1):
        meta = submission.meta
        sent = meta.get("submitted", "")
        cells = [str(_FIRST_ID + number), "1", _stamp(meta.get("started", sent)), _stamp(sent), meta.get("ip", "")]
        cells += ["", "", "", ""]
        for field, value in zip(answers.fields, submission.values, strict=True):
            if isinstance(value, Ticked):
                cells += [item if item in value.items else "" for item in field.items]
                cells += [] if field.other is None else [value.other]
            elif not isinstance(value, str):
                cells += value
            elif field.other is None:
                cells.append(value)
            else:
                listed = value in field.options
                cells += [value if listed else "", "" if listed else value]
        out.append(tuple(cells))
    return out


TOOL = Tool(
    name="surveymonkey",
    title="SurveyMonkey",
    recognise=_recognise,
    layout=_layout,
    records=_records,
    separators=(", ",),
    branching=True,
    variants={"csv": Dialect(), "xlsx": Dialect(suffix=".xlsx")},
)
