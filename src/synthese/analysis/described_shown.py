"""One-way results as a researcher reads them in a notebook: a line an answer, what they share told once above.

Belongs here: laying out the table of a description as HTML, folding what tables repeat. Does not: words and numbers
in its cells (`results`), crosses (`crosses_shown`), anything that a reader of the report sees.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

import pandas as pd

STYLE = (
    "<style>"
    ".synthese-lignes{font-variant-numeric:tabular-nums;margin:.3em 0}"
    ".synthese-lignes th,.synthese-lignes td{text-align:right;vertical-align:top;padding:.25em .8em;white-space:nowrap}"
    ".synthese-lignes th[scope=row],.synthese-lignes th:first-child"
    "{text-align:left;white-space:normal;max-width:26em;font-weight:400}"
    ".synthese-lignes th[scope=rowgroup]{text-align:left;white-space:normal;padding-top:1em;font-weight:600}"
    ".synthese-lignes th[scope=rowgroup] small{font-weight:400;color:#595959}"
    ".synthese-large{overflow-x:auto}"
    "</style>"
)

_SHARE, _MENTIONS, _COUNT = "part des répondant·es", "part des mentions", "effectif"
_HEAD = ("Effectif", "Valeur", "Intervalle", "Part des mentions", "Intervalle")


def described_html(table: pd.DataFrame, confidence: str) -> str:
    """Lay a description out, question by question.

    Parameters
    ----------
    table : DataFrame
        What `Result.table` makes of rows of no cross.
    confidence : str
        Confidence of the intervals, in French; empty where there are none.
    """
    if table.empty:
        return "<p>Aucune question de ce type.</p>"
    bodies = [_question(str(name), rows) for name, rows in table.groupby("Question", sort=False)]
    mentioned = table["Statistique"].eq(_MENTIONS).any()
    head = _HEAD if mentioned else _HEAD[:3]
    titles = "".join(f"<th scope='col'>{title}</th>" for title in head)
    level = f" Intervalles de confiance à {confidence}." if confidence else ""
    note = f"<p>Valeur : part des répondant·es, sauf mention contraire.{level}</p>"
    opened = f"{STYLE}{note}<div class='synthese-large'><table border='0' class='synthese-lignes'>"
    width = len(head) + 1
    body = "".join(_body(title, told, lines, width) for title, told, lines in bodies)
    return f"{opened}<thead><tr><th></th>{titles}</tr></thead>{body}</table></div>"


def _question(name: str, rows: pd.DataFrame) -> tuple[str, str, list[tuple[str, ...]]]:
    """Give the lines of a question, and what is told of it once."""
    counts = rows.loc[rows["Statistique"].eq(_COUNT)]
    mentions = rows.loc[rows["Statistique"].eq(_MENTIONS)].set_index("Réponse")
    shown = rows.loc[~rows["Statistique"].isin([_COUNT, _MENTIONS])]
    lines: list[tuple[str, ...]] = []
    for place in shown.index:
        row = shown.loc[place]
        also = ("", "")
        if row["Statistique"] == _SHARE and row["Réponse"] in mentions.index:
            also = (str(mentions.loc[row["Réponse"], "Valeur"]), str(mentions.loc[row["Réponse"], "Intervalle"]))
        names = [str(row["Réponse"])] if row["Statistique"] == _SHARE else [str(row["Réponse"]), row["Statistique"]]
        label = " – ".join(part for part in names if part)
        count = "" if pd.isna(row["Effectif"]) else str(int(row["Effectif"]))
        lines.append((label, count, str(row["Valeur"]), str(row["Intervalle"]), *also))
    first = (shown if len(shown) else rows).iloc[0]
    told = [f"base {first['Base']}"] if len(shown) else []
    told += [f"{mentions['Base'].max()} mentions"] if len(mentions) else []
    told.append(f"{first['Interrogés']} interrogé·es")
    told += [f"{row['Réponse'].lower()} : {row['Valeur']}" for _, row in counts.iterrows()]
    methods = [name for name in dict.fromkeys(rows["Méthode de l’intervalle"]) if name]
    told += [" ; ".join(methods)] if methods else []
    return name, " · ".join(told), lines


def _body(title: str, told: str, lines: Sequence[tuple[str, ...]], width: int) -> str:
    opened = f"<tbody><tr><th scope='rowgroup' colspan='{width}'>{html.escape(title)}"
    rows = "".join(
        f"<tr><th scope='row'>{html.escape(label)}</th>"
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells[: width - 1])
        + "</tr>"
        for label, *cells in lines
    )
    return f"{opened}<br><small>{html.escape(told)}</small></th></tr>{rows}</tbody>"


def folded(table: pd.DataFrame, kept: Iterable[str] = ("Question", "Réponse")) -> tuple[pd.DataFrame, list[str]]:
    """Take from a table what all of its lines repeat, and say it once; blank a question named on the line above.

    Parameters
    ----------
    table : DataFrame
        Two lines at least to be changed.
    kept : iterable of str
        Columns that stay whatever they hold.

    Returns
    -------
    DataFrame, list of str
        The narrower table; "column : value" of each column that left it.
    """
    written = table.astype(object).where(table.notna(), "")
    written = written[[name for name in written.columns if any(text != "" for text in written[name])]]
    if len(written) < 2:
        return written, []
    alike = [n for n in written.columns if n not in set(kept) and written[n].eq(written[n].iloc[0]).all()]
    told = [f"{name} : {written[name].iloc[0]}" for name in alike]
    written = written.drop(columns=alike)
    if "Question" in written:
        written["Question"] = written["Question"].where(written["Question"].ne(written["Question"].shift()), "")
    return written, told
