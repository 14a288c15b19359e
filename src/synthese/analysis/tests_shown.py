"""Tests as a researcher reads them in a notebook: names in French, one line a test.

Belongs here: words for methods, effects and reasons of tests, and their table. Does not: which tests are run
(`testing`), the tables of crosses (`crosses_shown`).
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from typing import Any

from synthese.formatting import NBSP, decimal_text, p_value_text, signed_text

Label = Callable[[Any], str]

METHODS = {
    "chi_square": "χ² de Pearson",
    "g_test": "rapport de vraisemblance G²",
    "freeman_halton": "test exact de Fisher–Freeman–Halton",
    "monte_carlo": "test exact simulé (Monte-Carlo)",
    "rao_scott_f": "F de Rao–Scott, 2d ordre",
    "bilder_loughin_rao_scott": "toutes les réponses à la fois (Bilder–Loughin, Rao–Scott 2d ordre)",
    "rao_scott_second_order": "cette réponse contre toutes celles de l’autre question (Rao–Scott, 2d ordre)",
    "bootstrap": "toutes les réponses à la fois (Bilder–Loughin, bootstrap)",
    "bonferroni": "la plus petite p des réponses (Bonferroni)",
    "mann_whitney": "rangs de Mann–Whitney",
    "mann_whitney_exact": "rangs de Mann–Whitney, exact",
    "kruskal_wallis": "rangs de Kruskal–Wallis",
    "linear_by_linear": "association linéaire (scores 1, 2, 3…)",
    "cochran_armitage": "tendance de Cochran–Armitage (scores 1, 2, 3…)",
    "design_rank_t": "rangs selon le plan de sondage (t)",
    "design_rank_f": "rangs selon le plan de sondage (F)",
    "design_t": "moyennes selon le plan de sondage (t)",
    "fisher_exact": "rapport des cotes, intervalle exact",
    "concordance": "concordance des paires",
    "cochran_q": "Q de Cochran",
    "friedman": "rangs de Friedman",
    "adjusted_wald_items": "F de Wald ajusté, selon le plan de sondage",
    "mcnemar": "McNemar",
}

EFFECTS = {
    "cramers_v_corrected": "V de Cramér corrigé",
    "cramers_v": "V de Cramér",
    "pearson_r": "r",
    "slope": "pente par échelon",
    "gamma": "γ",
    "tau_b": "τ<sub>b</sub>",
    "epsilon_squared": "ε²",
    "probability_of_superiority": "P(supérieur)",
    "odds_ratio": "rapport des cotes",
    "difference": "écart",
    "difference_of_scores": "écart des rangs moyens",
    "kendalls_w": "W de Kendall",
}

REASONS = {
    "fewer_than_two_rows_or_columns": "une seule ligne ou une seule colonne est remplie",
    "fewer_than_two_groups": "un seul groupe a répondu",
    "not_two_groups": "il n’y a pas deux groupes",
    "no_variation": "les réponses ne varient pas",
    "partial_rankings": "personne n’a tout classé",
    "no_degrees_of_freedom": "le plan de sondage a trop peu d’unités",
    "no_variance": "l’erreur ne peut être estimée",
    "too_few_units": "trop peu d’unités de sondage",
    "too_many_empty_cells": "trop de cases vides",
    "small_expected_counts": "effectifs attendus trop petits pour ce test",
    "block-not-by-design": "pas de test d’ensemble valable avec un plan de sondage : voir réponse par réponse",
    "overlapping-groups": "les groupes se recoupent",
    "infinite": "une case est vide",
}

ALL = "toutes les réponses"

_HEAD = ("Test", "Statistique", "ddl", "p", "Effet", "Base", "Famille")
_WORDS = ("Test", "Effet", "Famille")
_MEASURES = ("fisher_exact", "concordance")
_FAMILIES = {"planned": "prévue", "exploratory": "exploratoire"}
_ADJUSTED = {
    "bonferroni": "Bonferroni",
    "holm_pairs": "Holm par ligne",
    "holm": "prévue (Holm)",
    "benjamini_hochberg": "exploratoire (Benjamini–Hochberg)",
}


def tests_table(rows: Iterable[Any], head: tuple[str, ...], label: Callable[[Any], tuple[str, ...]]) -> str:
    """Lay tests out, one line each; a measure without test stands in the line of what it measures.

    Parameters
    ----------
    rows : iterable of named tuple
        Rows of the tests contract, null as None.
    head : tuple of str
        Headers of what is tested: a line of its own for the first of two, said once; a column for the last.
    label : callable
        What fills them, of a row.
    """
    lines: list[tuple[tuple[str, ...], list[str]]] = []
    for row in rows:
        names, cells = label(row), list(_cells(row))
        if row.method in _MEASURES and lines and lines[-1][0] == names:
            place = _HEAD.index("Effet")
            lines[-1][1][place] = "<br>".join(filter(None, (lines[-1][1][place], cells[place])))
        else:
            lines.append((names, cells))
    written, said = [], None
    for names, cells in lines:
        if len(head) > 1 and names[0] != said:
            said = names[0]
            written.append(f"<tr><th scope='rowgroup' colspan='{1 + len(_HEAD)}'>{html.escape(said)}</th></tr>")
        filled = "".join(f"<td{_word(title)}>{cell}</td>" for title, cell in zip(_HEAD, cells, strict=True))
        written.append(f"<tr><th scope='row' class='mot'>{html.escape(names[-1])}</th>{filled}</tr>")
    titles = f"<th scope='col' class='mot'>{head[-1]}</th>"
    titles += "".join(f"<th scope='col'{_word(title)}>{title}</th>" for title in _HEAD)
    body = "".join(written)
    opened = "<div class='synthese-large'><table border='0' class='synthese-tests'>"
    return f"{opened}<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"


def _word(title: str) -> str:
    return " class='mot'" if title in _WORDS else ""


def _cells(row: Any) -> tuple[str, ...]:
    method = "" if row.method is None else METHODS.get(row.method, html.escape(row.method))
    why = REASONS.get(row.reason or "", "")
    if why:
        method = f"{method} <small>({why})</small>" if method else f"<small>aucun : {why}</small>"
    family = _FAMILIES.get(row.family or "", "") if row.p_value is not None else ""
    if row.adjustment in _ADJUSTED:
        family = _ADJUSTED[row.adjustment]
    base = "" if row.base is None else decimal_text(row.base, 0)
    statistic = "" if row.statistic is None else decimal_text(row.statistic, 2)
    return method, statistic, _df(row), _p(row), _effect(row), base, family


def _df(row: Any) -> str:
    parts = [_number(df) for df in (row.df, row.df_denominator) if df is not None]
    return " ; ".join(parts)


def _number(value: float) -> str:
    return decimal_text(value, 0 if float(value).is_integer() else 1)


def _bare(p: float) -> str:
    """Write a p-value without the letter: the column has it."""
    return p_value_text(p).removeprefix(f"p{NBSP}").removeprefix(f"={NBSP}")


def _p(row: Any) -> str:
    if row.p_value is None:
        return ""
    text = _bare(row.p_value)
    if row.p_se is not None:
        text += f" <small>±{NBSP}{decimal_text(row.p_se, 4)}</small>"
    if row.adjustment in _ADJUSTED and row.p_adjusted is not None:
        text += f"<br><small>(ajustée : {_bare(row.p_adjusted)})</small>"
    return text


def _effect(row: Any) -> str:
    if row.effect is None or (row.effect_size is None and row.effect_low is None):
        return ""
    name = EFFECTS.get(row.effect, html.escape(row.effect))
    write = _points if row.effect in ("slope", "difference") and row.method != "design_t" else _two
    size = "∞" if row.effect_size is None else write(row.effect_size)
    text = f"{name} {size}"
    if row.effect_low is not None:
        high = "∞" if row.effect_high is None else write(row.effect_high)
        text += f" <small>[{write(row.effect_low)} ; {high}]</small>"
    return text


def _two(value: float) -> str:
    return decimal_text(value, 2)


def _points(value: float) -> str:
    return f"{signed_text(100 * value, 1)}{NBSP}pt"
