"""Released estimates by name, and every form in which a sentence may quote one.

Belongs here: looking an estimate up and writing it. Does not: which sentence holds (`conditions`, `claims`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from synthese.disclosure import Estimate, Released
from synthese.editorial.reading import unit
from synthese.editorial.wording import QUARTILES, places
from synthese.formatting import (
    DEFAULT_BANDS,
    Phrase,
    capitalised,
    decimal_text,
    integer_text,
    k_of_n,
    phrase,
    points_text,
    share_parts,
)
from synthese.formatting.rounding import exact

FORMS = {
    "who": "une très grande majorité des structures répondantes",
    "Who": "Une très grande majorité des structures répondantes",
    "quantity": "une très grande majorité",
    "Quantity": "Une très grande majorité",
    "adverb": "en très grande majorité (sujet au pluriel)",
    "Adverb": "En très grande majorité",
    "adverb_singular": "dans sa quasi-totalité (sujet au singulier)",
    "verb": "{nom.verb:propose|proposent}, accordé avec who ou quantity",
    "share": "85 % (46 sur 54), selon la base",
    "percent": "85 % ; refusé sous trente réponses",
    "counts": "46 sur 54",
    "count": "46",
    "base": "54",
    "points": "+ 12 points (écart)",
    "value": "1,5 (moyenne, médiane)",
    "wave": "2024",
}
"""Forms of an estimate in a template, each with an example."""


@dataclass(frozen=True)
class Ref:
    """Which estimate a name stands for.

    Parameters
    ----------
    question : str
        Variable id.
    option : str or None
        Option code.
    by, group : str or None
        Breakdown and group of a cross.
    statistic : str
        ``share`` by default.
    wave : str or None
        An earlier wave; None for the wave of the report.
    reference_wave : str or None
        For a difference.
    universe : str or None
        Universe of the codebook; None = every respondent.
    """

    question: str
    option: str | None = None
    by: str | None = None
    group: str | None = None
    statistic: str = "share"
    wave: str | None = None
    reference_wave: str | None = None
    universe: str | None = None


@dataclass(frozen=True)
class Fact:
    """A released estimate and the release it comes from.

    Parameters
    ----------
    released : Released
        The release.
    estimate : Estimate
        The row.
    """

    released: Released
    estimate: Estimate

    @property
    def shown(self) -> bool:
        """Whether it may be quoted."""
        return self.estimate.shown and (self.estimate.count is not None or self.estimate.value is not None)

    @property
    def weighted(self) -> bool:
        """Whether the share is not ``count / base``."""
        return self.released.wave_settings.weighted

    @property
    def share(self) -> Fraction | None:
        """Share, exact where it is a ratio of counts; None for what is no share."""
        row = self.estimate
        if row.statistic not in ("share", "share_of_by", "share_total"):
            return None
        if self.weighted and row.value is not None:
            return exact(row.value)
        return Fraction(row.count, row.base) if row.count is not None and row.base else None

    @property
    def low(self) -> Fraction | None:
        """Smallest share that the design lets one state: the lower bound in a probability sample."""
        bound = self.estimate.ci_low if self.released.design == "probability" else None
        return self.share if bound is None else exact(bound)

    @property
    def high(self) -> Fraction | None:
        """Largest share that the design lets one state."""
        bound = self.estimate.ci_high if self.released.design == "probability" else None
        return self.share if bound is None else exact(bound)

    @cached_property
    def phrase(self) -> Phrase | None:
        """The share in words, where its base allows words and, in a weighted wave, where it is told."""
        row = self.estimate
        if self.share is None or row.count is None or not row.base or (self.weighted and row.value is None):
            return None  # of a weighted share that is not told, the count names another share
        bands = DEFAULT_BANDS.with_limits(self.released.settings.bands.model_dump())
        return phrase(
            row.count,
            row.base,
            bands,
            lower_bound=row.ci_low if self.released.design == "probability" else None,
            effective_n=row.effective_n,
            share=row.value if self.weighted else None,
        )

    def _parts(self) -> tuple[str | None, str | None]:
        row = self.estimate
        if self.share is None or row.count is None or not row.base:
            return None, None
        if row.value is None:
            return None, k_of_n(row.count, row.base)
        return share_parts(row.count, row.base, row.effective_n, share=row.value if self.weighted else None)

    def _digits(self) -> int:
        row = self.estimate
        if row.statistic not in QUARTILES:
            return 1
        return places(self.released, row.question, by=row.by, group=row.group, universe=row.universe)

    def summary(self) -> str:
        """Short text for messages."""
        percentage, counts = self._parts()
        if percentage or counts:
            return f"{percentage} ({counts})" if percentage and counts else percentage or counts or ""
        return "withheld" if self.estimate.value is None else f"{self.estimate.value:g}"

    def form(self, name: str, singular: str | None = None, plural: str | None = None) -> str | None:
        """Write one of `FORMS`; None where the estimate has no such form (base too small for words…)."""
        row, words = self.estimate, self.phrase
        percentage, counts = self._parts()
        noun = unit(self.released)
        if name[:1].isupper():
            text = self.form(name.lower())
            return None if text is None else capitalised(text)
        if name in ("who", "quantity", "adverb", "adverb_singular", "verb"):
            if words is None:
                return None
            if name == "who":
                return words.of(noun)
            if name == "quantity":
                return words.quantity(noun.feminine)
            if name == "verb":
                return words.verb(singular or "", plural or "")
            return words.adverb(plural_subject=name == "adverb")
        if name == "share":
            return f"{percentage} ({counts})" if percentage and counts else percentage or counts
        if name == "percent":
            return percentage
        if name == "counts":
            return k_of_n(row.count, row.base) if row.count is not None and row.base else None
        if name in ("count", "base"):
            number = row.count if name == "count" else row.base
            return None if number is None else integer_text(number)
        if name == "points":
            shares = row.statistic == "difference" and row.option is not None  # of a mean it is no points
            return points_text(row.value) if shares and row.value is not None else None
        if name == "value":
            return None if row.value is None or self.share is not None else decimal_text(row.value, self._digits())
        return row.wave


def look_up(released: Released, ref: Ref) -> Fact:
    """Find an estimate in the wave of the report, or in an earlier one.

    Raises
    ------
    SyntheseError
        No such estimate or wave.
    """
    release = released if ref.wave in (None, released.wave) else released.earlier(ref.wave or "")
    keys = (ref.option, ref.by, ref.group, ref.statistic, ref.reference_wave, ref.universe)
    row = release.estimate(ref.question, *keys)
    return Fact(release, row)
