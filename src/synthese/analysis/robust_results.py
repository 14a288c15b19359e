"""Headlines of a wave under their variants, as the researcher sees and keeps them: marked « non publié ».

Belongs here: the rows that the gate decides on, and how a notebook shows every variant. Does not: computing one
(`robust`, `robust_gaps`), or what a reader sees (`synthese.editorial`).
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from synthese.analysis.describing import Row
from synthese.analysis.results import UNPUBLISHED
from synthese.analysis.robust import Choice, Variant, closest, distinct, ends, expression, tried, verdict
from synthese.analysis.robust_gaps import Side, asks, gaps
from synthese.codebook import Codebook, Headline, variable
from synthese.estimates import robustness_frame
from synthese.formatting import DEFAULT_BANDS, Bands, joined, k_of_n, share_percent_text
from synthese.study import StudySettings, WaveSettings


@dataclass(frozen=True)
class HeadlineVariants:
    """A wave's headlines under their variants.

    Parameters
    ----------
    wave : str
        Wave id.
    synthetic : bool
        Whether the answers are synthetic.
    frame : DataFrame
        One row a headline, and one a gap with an earlier wave: the contract of `synthese.estimates.robustness`.
    variants : DataFrame
        One row a variant of a headline, in French; private.
    codebook : Codebook
        For the wording of questions and answers.
    """

    wave: str
    synthetic: bool
    frame: pd.DataFrame
    variants: pd.DataFrame
    codebook: Codebook

    @property
    def gaps(self) -> pd.DataFrame:
        """Gaps with earlier waves that some variants contradict: not to be said of volunteers, though it seems so."""
        rows = self.frame.loc[self.frame["reference_wave"].notna()]
        rows = rows.loc[rows["held"].gt(0) & rows["held"].lt(rows["computed"])]
        told = [
            {
                "question": variable(self.codebook, row["question"], self.wave).label,
                "réponse": _wording(self.codebook, row["question"], row["option"], self.wave),
                "parmi": "" if pd.isna(row["by"]) else _wording(self.codebook, row["by"], row["group"], self.wave),
                "depuis": row["reference_wave"],
                "variantes qui s’accordent": row["held"],
                "variantes": row["computed"],
            }
            for row in rows.to_dict("records")
        ]
        columns = ["question", "réponse", "parmi", "depuis", "variantes qui s’accordent", "variantes"]
        return pd.DataFrame(told, columns=columns)

    def _repr_html_(self) -> str:
        mark = " · données synthétiques" if self.synthetic else ""
        head = f"<p><strong>{UNPUBLISHED}</strong> · vague {html.escape(self.wave)}{mark} · Robustesse</p>"
        if self.variants.empty:
            body = "<p>Aucun résultat à essayer : le codebook n’en déclare pas, ou leur base est trop petite.</p>"
        else:
            body = _once(self.variants, "résultat").to_html(index=False, na_rep="", border=0)
        if len(self.gaps):
            body += "<p>Écarts d’au moins 10 points qu’une variante contredit :</p>"
            body += _once(self.gaps, "question").to_html(index=False, na_rep="", border=0)
        return head + body


def _once(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Print what opens several lines on the first of them only."""
    return table.assign(**{column: table[column].where(table[column].ne(table[column].shift()), "")})


def _wording(codebook: Codebook, question: str, option: str, wave: str) -> str:
    """Return the label of an answer, also of one that stands for several of this wave."""
    everywhere = codebook.by_id[question.partition("@")[0].partition(".")[0]].options
    return {one.code: one.label for one in (*everywhere, *variable(codebook, question, wave).options)}[option]


def headlines(side: Side, bands: Bands, *, probability: bool) -> tuple[list[Row], list[dict[str, object]]]:
    """Try every headline that a wave can have.

    Parameters
    ----------
    side : Side
        The wave.
    bands : Bands
        Expressions of the study.
    probability : bool
        Whether the lower bound of the interval picks the expression.

    Returns
    -------
    rows, details : list of dict
        Rows of the frame, without ``wave``; and every variant, in French.
    """
    rows: list[Row] = []
    details: list[dict[str, object]] = []
    for headline in side.codebook.headlines:
        if not all(asks(side.codebook, name, side.wave) for name in (headline.question, headline.by) if name):
            continue
        every = _tried(side, headline)
        if not every or not every[0].choice.published or not every[0].enough:
            continue
        kept = distinct(every)
        found = verdict(kept, bands, by_bound=probability)
        outer = tuple(ends(kept))
        answered = side.coded(headline.question).in_base
        shown = (kept[0], *(one for one in outer if one is not kept[0]))
        rows.append(
            {
                "headline": headline.id,
                "question": headline.question,
                "option": headline.option,
                "by": headline.by,
                "group": headline.group,
                "declared": headline.variants.number,
                "computed": found.variants,
                "held": found.held,
                "low": found.low,
                "high": found.high,
                "closest": closest(shown, answered, sensitive=_sensitive(side, headline)),
                "cells": " ".join(dict.fromkeys(cell for one in shown for cell in one.cells)),
                "status": "released",
            }
        )
        details += _details(headline, every, kept, bands, probability)
    return rows, details


def _tried(side: Side, headline: Headline) -> tuple[Variant, ...]:
    names = dict.fromkeys([headline.question, *(c.question for c in headline.variants.counted if c.question)])
    codeds = {name: side.coded(name) for name in names}
    inside = side.inside(headline.by, headline.group)
    number = (headline.question, headline.option)
    return tried(codeds, number, inside, side.complete, side.sample, headline.variants)


def _sensitive(side: Side, headline: Headline) -> bool:
    names = [name for name in (headline.question, headline.by) if name is not None]
    roots = [name.partition("@")[0].partition(".")[0] for name in names]
    return any(side.codebook.by_id[root].sensitivity == "sensitive" for root in roots)


def _details(
    headline: Headline, every: tuple[Variant, ...], kept: tuple[Variant, ...], bands: Bands, probability: bool
) -> Iterator[dict[str, object]]:
    published = expression(every[0], bands, by_bound=probability)
    first = {one.key: one.choice for one in kept}
    for one in every:
        if not one.enough:
            held = "base trop petite"
        elif first[one.key] != one.choice:
            held = "comme une autre"
        else:
            held = "oui" if expression(one, bands, by_bound=probability) == published else "non"
        row = one.row
        yield {
            "résultat": headline.title,
            "variante": described(one.choice),
            "part": "" if row["value"] is None else share_percent_text(row["value"], 1),
            "effectif": k_of_n(row["count"], row["base"]) if row["base"] else "",
            "tient": held,
        }


def described(choice: Choice) -> str:
    """Say in French what a variant chooses otherwise."""
    said = []
    if choice.without_weights:
        said.append("sans pondération")
    if choice.answered_at_least is not None:
        part = share_percent_text(choice.answered_at_least)
        said.append("réponses complètes" if choice.answered_at_least == 1 else f"réponses complètes à {part} au moins")
    if choice.dont_know_in_base:
        said.append("« ne sait pas » dans la base")
    if choice.non_response_in_base:
        said.append("non-réponses dans la base")
    if choice.counted is not None:
        said.append(f"compte aussi ou autrement : {joined(list(choice.counted.options))}")
    return ", ".join(said) or "choix publié"


def show(
    side: Side, earlier: Iterable[Side], names: Iterable[str], study: StudySettings, wave: WaveSettings
) -> HeadlineVariants:
    """Try a wave's headlines, and its gaps with earlier waves.

    Parameters
    ----------
    side : Side
        The wave.
    earlier : iterable of Side
        Earlier waves.
    names : iterable of str
        Variables of the wave that have options.
    study, wave : settings
        For the expressions of shares, and for the design that says what picks one.
    """
    bands = DEFAULT_BANDS.with_limits(study.bands.model_dump())
    rows, details = headlines(side, bands, probability=wave.design == "probability")
    known = tuple(names)
    for other in earlier:
        rows += gaps(side, other, [name for name in known if asks(side.codebook, name, other.wave)])
    columns = ["résultat", "variante", "part", "effectif", "tient"]
    kept = robustness_frame({"wave": side.wave, **row} for row in rows)
    return HeadlineVariants(side.wave, wave.synthetic, kept, pd.DataFrame(details, columns=columns), side.codebook)
