"""Crosses as a researcher reads them in a notebook: one table each, its letters, its tests.

Belongs here: laying out the rows of one cross as HTML. Does not: which rows there are (`crossing`, `testing`), how a
result shows itself as a whole (`results`), anything that a reader of the report sees.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from synthese.analysis.columns import ADJUSTMENT, letters
from synthese.analysis.tests_shown import tests_table
from synthese.formatting import decimal_text, share_percent_text, signed_text
from synthese.statistics.crosses import letter

STYLE = (
    "<style>"
    ".synthese-croisement,.synthese-tests{font-variant-numeric:tabular-nums;margin:.3em 0 .2em}"
    ".synthese-croisement caption{text-align:left;caption-side:top;color:inherit;font-weight:600;padding:.9em 0 .3em}"
    ".synthese-croisement th,.synthese-croisement td,.synthese-tests th,.synthese-tests td"
    "{text-align:right;vertical-align:top;padding:.3em .8em;white-space:nowrap}"
    ".synthese-croisement thead th{vertical-align:bottom;white-space:normal;max-width:11em}"
    ".synthese-croisement th[scope=row],.synthese-tests th.mot,.synthese-tests td.mot"
    "{text-align:left;white-space:normal;max-width:22em}"
    ".synthese-croisement th[scope=row],.synthese-tests th[scope=row]{font-weight:400}"
    ".synthese-tests th,.synthese-tests td{padding:.3em .5em}.synthese-tests td.mot{min-width:8em}"
    ".synthese-tests small{white-space:nowrap}.synthese-tests td.mot small{white-space:normal}"
    ".synthese-tests th[scope=rowgroup]{text-align:left;padding-top:1em}"
    ".synthese-large{overflow-x:auto}"
    ".synthese-croisement small{color:#595959}"
    ".synthese-croisement sup{font-weight:700;color:#8a3a0e;font-size:.75em;letter-spacing:.05em}"
    ".synthese-croisement tbody tr:last-child>*{border-top:1px solid #999;font-weight:600}"
    ".synthese-note{color:#595959;font-size:.85em;max-width:60em;margin:.2em 0 .6em}"
    "</style>"
)

Known = dict[tuple[str, Any, Any], Any]
Option = Callable[[str, Any], str]


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Rows of a frame as named tuples, null as None."""
    rows: Iterable[Any] = frame.astype(object).where(frame.notna(), None).itertuples()
    return list(rows)


def cross_html(title: str, cross: pd.DataFrame, tests: pd.DataFrame, option: Option) -> str:
    """Lay out one cross.

    A cell has the count, the share of its group with the letters of the columns that it exceeds, then the interval
    and the residual; the other two shares are folded beneath. Of a number: mean and median of each group.

    Parameters
    ----------
    title : str
        Its question and breakdown, in French.
    cross, tests : DataFrame
        Its rows of estimates and of tests.
    option : callable
        Label of an option of a question.
    """
    question, by = str(cross["question"].iloc[0]), str(cross["by"].iloc[0])
    known: Known = {(row.statistic, row.option, row.group): row for row in rows_of(cross)}
    groups = [g for g in dict.fromkeys(cross["group"]) if pd.notna(g)]
    paired = tests.loc[tests["adjustment"].eq(ADJUSTMENT).fillna(False)]
    marks = letters(rows_of(paired), groups)
    compared = {*paired["group"], *paired["reference_group"]}
    named = [
        f"{html.escape(option(by, g))}{f'<br><small>{letter(place)}</small>' if g in compared else ''}"
        for place, g in enumerate(groups)
    ]
    options = [o for o in dict.fromkeys(cross["option"]) if pd.notna(o)]
    columns = [None, *groups]
    head = ["Ensemble", *named]
    if options:
        lines = [(option(question, o), [_cell(known, o, g, marks.get((o, g), "")) for g in columns]) for o in options]
        bases = [_base(known.get(("share", options[0], g))) for g in columns]
    else:
        both = (("Moyenne", "mean"), ("Médiane", "median"))
        lines = [(name, [_number(known.get((statistic, None, g))) for g in columns]) for name, statistic in both]
        bases = [_base(known.get(("mean", None, g))) for g in columns]
    out = _table(title, head, [*lines, ("Base", bases)])
    out += _note(cross, paired)
    if options:
        out += _other_shares(known, options, columns, head, lambda o: option(question, o))
    rest = rows_of(tests.loc[~tests.index.isin(paired.index)])
    if rest:
        out += tests_table(rest, ("Sur",), lambda row: (_what(row, lambda o: option(question, o), by, option),))
    return out


def _table(title: str, head: Sequence[str], lines: Iterable[tuple[str, Sequence[str]]]) -> str:
    titles = "".join(f"<th scope='col'>{name}</th>" for name in head)
    body = "".join(
        f"<tr><th scope='row'>{html.escape(name)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, cells in lines
    )
    caption = f"<caption>{html.escape(title)}</caption>" if title else ""
    return (
        f"<div class='synthese-large'><table border='0' class='synthese-croisement'>{caption}"
        f"<thead><tr><th></th>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(known: Known, option: str, group: str | None, marks: str) -> str:
    row = known.get(("share", option, group))
    if row is None or row.count is None:
        return ""
    text = str(row.count) if row.value is None else f"{row.count} ({share_percent_text(row.value, 1)})"
    residual = known.get(("adjusted_residual", option, group))
    small = [bounds(row)]
    if residual is not None and residual.value is not None:
        small.append(f"résidu {signed_text(residual.value, 1)}")
    above = f"<sup> {marks}</sup>" if marks else ""
    return text + above + "".join(f"<br><small>{part}</small>" for part in small if part)


def _number(row: Any) -> str:
    if row is None or row.value is None:
        return ""
    low = (
        ""
        if row.ci_low is None
        else f"<br><small>{decimal_text(row.ci_low, 1)} – {decimal_text(row.ci_high, 1)}</small>"
    )
    return f"{decimal_text(row.value, 1)}{low}"


def bounds(row: Any) -> str:
    """Interval of a share, or nothing."""
    if row is None or row.ci_low is None or row.ci_high is None:
        return ""
    return f"{share_percent_text(row.ci_low, 1)} – {share_percent_text(row.ci_high, 1)}"


def _base(row: Any) -> str:
    return "" if row is None or row.base is None else str(row.base)


def _note(cross: pd.DataFrame, paired: pd.DataFrame) -> str:
    """Say beneath a table what its letters and residuals mean."""
    parts = []
    if len(paired):
        by_design = paired["method"].eq("rao_scott_f").any()
        test = "F de Rao–Scott sur les deux colonnes" if by_design else "comparaison de deux parts"
        parts.append(
            "Une lettre à côté d’une part : elle est significativement plus grande que celle de la colonne nommée "
            f"({test}, p ajustée par Holm dans chaque ligne, seuil de 5 % ; colonnes d’au moins 30 répondant·es, "
            "parts de 0 % et de 100 % non comparées)."
        )
    if cross["base_weighted"].ne(cross["base"]).fillna(False).any():
        parts.append("Effectifs et bases non pondérés, parts pondérées ; un résidu ne suit pas le plan de sondage.")
    if cross["statistic"].eq("adjusted_residual").any():
        parts.append("Résidu ajusté : au-delà de ± 2, la case s’écarte de l’indépendance.")
    return f"<p class='synthese-note'>{' '.join(parts)}</p>" if parts else ""


def _other_shares(
    known: Known, options: Sequence[str], columns: Sequence[Any], head: Sequence[str], label: Callable[[Any], str]
) -> str:
    if not any(("share_of_by", o, g) in known for o in options for g in columns):
        return ""

    def cell(option: str, group: str | None) -> str:
        lines = []
        for name, statistic in (("de la réponse", "share_of_by"), ("du total", "share_total")):
            row = known.get((statistic, option, group))
            if row is not None and row.value is not None:
                within = bounds(row)
                small = f" <small>{within}</small>" if within else ""
                lines.append(f"{share_percent_text(row.value, 1)} {name}{small}")
        return "<br>".join(lines)

    lines = [(label(o), [cell(o, g) for g in columns[1:]]) for o in options]
    table = _table("", head[1:], lines)
    return (
        "<details><summary>Part de chaque groupe parmi ceux qui ont donné la réponse, et part du total</summary>"
        f"{table}</details>"
    )


def _what(row: Any, label: Callable[[Any], str], by: str, option: Option) -> str:
    """Name what a test is about."""
    parts = [] if row.option is None else [label(row.option)]
    if row.group is not None:
        parts.append(option(by, row.group))
    return " × ".join(parts) or "tout le tableau"
