"""Columns of a plain file, as ``wave.yml`` declares them one by one.

Belongs here: the explicit mapping. Does not: guessing by wording (`mapping`).
"""

from __future__ import annotations

from synthese.cleaning.headers import Source, rows_of
from synthese.cleaning.ledger import Ledger
from synthese.cleaning.mapping import checked
from synthese.cleaning.normal import normalise
from synthese.codebook import Codebook, nearest
from synthese.errors import Fault
from synthese.exports import RawColumn, RawExport
from synthese.study import WaveSettings
from synthese.study.settings import PlainColumn


def match_declared(raw: RawExport, codebook: Codebook, wave: WaveSettings, ledger: Ledger) -> tuple[Source, ...]:
    """Match columns by ``columns`` of ``wave.yml``: each is a question, an option, a row, or ``ignore``.

    Raises
    ------
    SyntheseError
        A column that is not declared, a declared header that is not there, a question, option or row that
        the codebook does not have, and what `checked` finds: all at once.
    """
    by_form = {normalise(header): header for header in wave.columns}
    faults: list[Fault] = []
    sources: list[Source] = []
    used: set[str] = set()
    for column in raw.columns:
        label = column.label
        key = label if label in wave.columns else by_form.get(normalise(label))
        if key is None and column.code is not None:
            name = column.code if column.part is None else f"{column.code}[{column.part}]"
            key = name if name in wave.columns else None
        if key is None:
            if column.kind == "meta":
                ledger.column(label, None, "column-meta", f"colonne {column.position}")
                continue
            if not label.strip() and (raw.cells[column.index].str.strip() == "").all():
                ledger.column(f"#{column.position}", None, "column-empty", f"colonne {column.position}")
                continue
            fix = f"{nearest(label, wave.columns)}; add it to `columns` in wave.yml, as a question or as `ignore`"
            name = label or f"#{column.position}"
            faults.append(
                Fault("unknown-column", "wave.yml does not say what it is", file=raw.file, column=name, fix=fix)
            )
            continue
        used.add(key)
        declared = wave.columns[key]
        if declared == "ignore":
            ledger.column(label or f"#{column.position}", None, "column-ignored", f"colonne {column.position}")
            continue
        found = _source(column, declared, key, codebook, wave)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            sources.append(found)
    labels = [column.label for column in raw.columns]
    faults += [
        Fault(
            "unknown-column",
            f"wave.yml declares a column {header!r} that the file does not have",
            file=raw.file,
            path="columns",
            fix=nearest(header, labels),
        )
        for header in wave.columns
        if header not in used
    ]
    return checked(sources, raw, codebook, wave, faults)


def _source(
    column: RawColumn, declared: PlainColumn, key: str, codebook: Codebook, wave: WaveSettings
) -> Source | Fault:
    question = codebook.by_id.get(declared.question)
    path = f"columns[{key!r}]"
    if question is None:
        fix = nearest(declared.question, codebook.by_id)
        return Fault("unknown-question", f"no question {declared.question!r}", file="wave.yml", path=path, fix=fix)
    if not question.asked(wave.id):
        fix = f"add {wave.id!r} to `asked_in` of {question.id} in codebook.yml, or write `ignore`"
        return Fault("not-in-wave", f"this wave did not ask {question.id}", file="wave.yml", path=path, fix=fix)
    options = {option.code: option for option in question.options if option.offered(wave.id)}
    rows = {row.code for row in rows_of(question, wave.id)}
    wanted = [(declared.option, options, "option"), (declared.row, rows, "row")]
    for code, known, kind in wanted:
        if code is not None and code not in known:
            what = f"{question.id} has no {kind} {code!r}"
            return Fault(f"unknown-{kind}", what, file="wave.yml", path=path, fix=nearest(code, known))
    for code in declared.values.values():
        if code not in options:
            what = f"{question.id} has no option {code!r}"
            return Fault("unknown-option", what, file="wave.yml", path=path, fix=nearest(code, options))
    values = dict(declared.values)
    if declared.option is not None:
        return Source(column, question.id, "option", declared.option, values)
    if declared.row is not None:
        return Source(column, question.id, "row", declared.row, values)
    return Source(column, question.id, values=values)
