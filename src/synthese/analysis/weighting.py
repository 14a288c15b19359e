"""The weights of a wave as a researcher looks at them: how unequal, what they cost, which margins they meet.

Belongs here: the tables of notebook 02 on weights and design. Does not: making weights (`designing`), the words of the
method page (`synthese.editorial`).
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synthese.analysis.sampling import Sample
from synthese.formatting import decimal_text, french, integer_text, share_percent_text
from synthese.statistics.weights import Kish, Margin, kish
from synthese.study import WaveSettings

if TYPE_CHECKING:
    from synthese.editorial.weights import Weighed

_AT_CAP = 1 - 1e-9


@dataclass(frozen=True)
class Known:
    """A margin of the population beside the respondents it is made of.

    Parameters
    ----------
    question, label, source : str
        Id of the question, its name, where the totals come from.
    options, names : tuple of str
        Codes and labels; the code of those without a total is empty.
    margin : Margin
        The option of each respondent and the totals, on the scale of the weights.
    unknown : int
        Respondents without a total, a group of their own.
    """

    question: str
    label: str
    source: str
    options: tuple[str, ...]
    names: tuple[str, ...]
    margin: Margin
    unknown: int


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights and design of a wave.

    Parameters
    ----------
    wave : WaveSettings
        ``wave.yml``.
    sample : Sample
        What describing, crossing and comparing take.
    base, uncut, final : ndarray of float, shape (respondents,)
        Weights given (1 without any), calibrated to the margins, and as they count, cut if they are.
    margins : tuple of Known
        Margins, in the order of ``wave.yml``.
    passes : int
        Passes over all margins.
    """

    wave: WaveSettings
    sample: Sample
    base: NDArray[np.float64]
    uncut: NDArray[np.float64]
    final: NDArray[np.float64]
    margins: tuple[Known, ...]
    passes: int

    @cached_property
    def kish(self) -> Kish:
        """Design effect and effective size of the weights that count (Kish, 1965)."""
        return kish(self.final)

    @property
    def trimmed(self) -> int:
        """Respondents whose weight is cut."""
        if self.wave.trim is None:
            return 0
        cap = self.wave.trim.at_most * self.kish.total / self.kish.base
        return int((self.final >= cap * _AT_CAP).sum())

    @property
    def moved(self) -> float:
        """Part of all weights that cutting took from those above the bound and gave to others, in [0, 1]."""
        return float(np.abs(self.final / self.final.sum() - self.uncut / self.uncut.sum()).sum()) / 2

    @property
    def facts(self) -> Weighed | None:
        """What the method page says; None where every answer counts alike and was drawn apart."""
        # Drawing is slow to import, and notebooks before the last do without.
        from synthese.editorial.weights import Weighed

        design = self.sample.design
        if design is None or not (self.wave.weighted or self.wave.strata or self.wave.clusters):
            return None
        found = self.kish
        return Weighed(
            base=found.base,
            effective_n=found.effective_n,
            design_effect=found.design_effect,
            trimmed=self.trimmed,
            moved=self.moved,
            unknown=tuple(known.unknown for known in self.margins),
            strata=design.units_of_stratum.size if self.wave.strata else None,
            clusters=design.stratum_of_unit.size if self.wave.clusters else None,
            lonely=int(design.lonely_strata.sum()),
        )

    @property
    def diagnostics(self) -> pd.DataFrame:
        """One line a number: how unequal weights are and what that costs; empty where every answer counts alike."""
        rows: list[tuple[str, str]] = []
        if self.wave.weighted:
            found, positive = self.kish, self.final[self.final > 0]
            relative = positive / positive.mean()
            rows = [
                ("réponses de poids positif", integer_text(found.base)),
                ("réponses de poids nul", integer_text(self.final.size - found.base)),
                ("somme des poids", decimal_text(found.total, 1)),
                ("taille effective (Kish)", decimal_text(found.effective_n, 1)),
                ("effet des poids (Kish)", decimal_text(found.design_effect, 3)),
                *(
                    (f"poids, {name} (moyenne : 1)", decimal_text(float(np.quantile(relative, q)), 2))
                    for name, q in _QUANTILES.items()
                ),
            ]
        if self.wave.trim is not None:
            rows += [
                (f"poids plafonnés à {decimal_text(self.wave.trim.at_most, 1)} fois la moyenne", f"{self.trimmed}"),
                ("part du poids total ainsi déplacée", share_percent_text(self.moved)),
            ]
        if self.margins:
            rows.append(("passages sur les marges", integer_text(self.passes)))
        design = self.sample.design
        if design is not None and (self.wave.strata or self.wave.clusters):
            if self.wave.strata:
                rows.append(("strates", integer_text(design.units_of_stratum.size)))
            rows += [
                ("unités primaires", integer_text(design.stratum_of_unit.size)),
                ("degrés de liberté", integer_text(design.df())),
            ]
        return pd.DataFrame([(name, french(text)) for name, text in rows], columns=["pondération", "valeur"])

    @property
    def calibration(self) -> pd.DataFrame:
        """One line an option of a margin: respondents, share before, share after, share in the population, source."""
        rows = []
        for known in self.margins:
            codes, targets = known.margin.codes, known.margin.targets
            counts = np.bincount(codes, minlength=targets.size)
            before, after = (np.bincount(codes, w, targets.size) / w.sum() for w in (self.base, self.final))
            for place, name in enumerate(known.names):
                shares = (before[place], after[place], targets[place] / targets.sum())
                row = (known.label, name, int(counts[place]), *(f"{decimal_text(100 * x, 1)} %" for x in shares))
                rows.append((*row, known.source if known.options[place] else "poids de départ"))
        columns = ["marge", "modalité", "effectif", "avant", "après", "population", "source"]
        return pd.DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        return f"Weighting(wave={self.wave.id!r}, respondents={self.final.size}, margins={len(self.margins)})"

    def _repr_html_(self) -> str:
        synthetic = " · données synthétiques" if self.wave.synthetic else ""
        lead = f"<p><strong>non publié</strong> · vague {html.escape(self.wave.id)}{synthetic} · pondération</p>"
        if self.diagnostics.empty:
            return f"{lead}<p>Aucune pondération : chaque réponse compte pour une.</p>"
        tables = [self.diagnostics, *([self.calibration] if self.margins else [])]
        return lead + "".join(table.to_html(index=False, border=0) for table in tables)


_QUANTILES = {"minimum": 0.0, "1er quartile": 0.25, "médiane": 0.5, "3e quartile": 0.75, "maximum": 1.0}
