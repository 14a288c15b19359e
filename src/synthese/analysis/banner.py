"""Every closed question by every breakdown in one overview: which crosses matter.

Belongs here: one line a cross with its test and effect, and how a researcher sees them. Does not: the cross itself
(`crossing`), counting and formulas (`synthese.statistics`), anything that is kept or released.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synthese.analysis.banner_codes import Codes, Line, read_codes
from synthese.analysis.results import unpublished
from synthese.analysis.rows import Row, found
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, Variable, variable, variables
from synthese.errors import SyntheseError
from synthese.formatting import decimal_text, p_value_text
from synthese.statistics.association import association
from synthese.statistics.banner import Banner, banner
from synthese.statistics.banner_tests import BannerTests, banner_tests
from synthese.statistics.design_tests import rao_scott
from synthese.statistics.multiplicity import benjamini_hochberg
from synthese.study import Study, WaveSettings

_CLOSED = ("single", "ordinal", "multiple")

_SHOWN = 40
_COLUMNS = (
    "question", "option", "by", "group", "planned", "base", "method", "statistic", "df", "df_denominator", "p_value",
    "p_se", "p_adjusted", "effect", "effect_size", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """One line a cross.

    Parameters
    ----------
    wave : str
        Wave id.
    synthetic : bool
        Whether the answers are synthetic.
    codebook : Codebook
        For labels.
    frame : DataFrame
        Columns of the tests contract, in questionnaire order: ``option`` is that of a multiple response, ticked or
        not; ``group`` likewise where the breakdown is one. ``planned``: whether the codebook plans the cross.
        ``p_adjusted`` is Benjamini and Hochberg's over all lines: an overview is exploratory as a whole.
    """

    wave: str
    synthetic: bool
    codebook: Codebook
    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def table(self) -> pd.DataFrame:
        """The crosses in French, those that stand out first."""
        known = self.frame.loc[self.frame["p_value"].notna()]
        rows = known.sort_values(["p_value", "effect_size"], ascending=[True, False], kind="stable")
        return pd.DataFrame(
            {
                "Question": [self._label(q, o) for q, o in zip(rows["question"], rows["option"], strict=True)],
                "Par": [self._label(b, g) for b, g in zip(rows["by"], rows["group"], strict=True)],
                "Prévu": ["oui" if planned else "" for planned in rows["planned"]],
                "Base": rows["base"].to_numpy(),
                "Test": rows["method"].to_numpy(),
                "Statistique": [decimal_text(v, 2) if pd.notna(v) else "" for v in rows["statistic"]],
                "ddl": [decimal_text(v, 0) if pd.notna(v) else "" for v in rows["df"]],
                "p": [p_value_text(p) for p in rows["p_value"]],
                "p ajustée": [p_value_text(p) for p in rows["p_adjusted"]],
                "V de Cramér": [decimal_text(v, 2) if pd.notna(v) else "" for v in rows["effect_size"]],
            }
        )

    def _label(self, question: str, option: Any) -> str:
        known = variable(self.codebook, question, self.wave)
        label = f"{question} {known.label}"
        return label if pd.isna(option) else f"{label} : {known.option(str(option)).display}"

    def _repr_html_(self) -> str:
        table = self.table
        untested = len(self) - len(table)
        notes = [
            f"{len(self)} croisements, p ajustées ensemble (Benjamini-Hochberg) : un aperçu est exploratoire. "
            "L’option d’une question à réponses multiples est comparée, cochée ou non, entre les groupes."
        ]
        if untested:
            notes.append(f"{untested} croisements sans test possible ne sont pas montrés.")
        if len(table) > _SHOWN:
            notes.append(f"Les {_SHOWN} premiers sur {len(table)} ; tous sont dans `table`.")
        told = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
        shown = table.head(_SHOWN).to_html(index=False, na_rep="", border=0)
        return unpublished(self.wave, self.synthetic, "Aperçu des croisements") + told + shown


def overview(
    study: Study,
    settings: WaveSettings,
    sample: Sample,
    by: str | Sequence[str] | None = None,
    questions: str | Sequence[str] | None = None,
) -> Overview:
    """Test every question by every breakdown, a question by itself left out.

    Counts come from one pass over the columns of a file that is never held whole. A test is that of the cross: without
    a design chi-square where expected counts allow, exact or simulated otherwise; with one Rao and Scott's F.

    Parameters
    ----------
    study : Study
        The study.
    settings : WaveSettings
        The wave.
    sample : Sample
        What its respondents stand for.
    by, questions : str or sequence of str, optional
        Ids; if absent every breakdown and its regroupings, every measure and breakdown that has options.

    Raises
    ------
    SyntheseError
        Unknown question, one without options, or answers that are missing or damaged.
    """
    codebook, wave = study.codebook, settings.id
    closed = [v for v in variables(codebook, wave) if v.kind in _CLOSED]
    breaks = [v.id for v in closed if v.question.role == "breakdown"]
    breaks += [r.id for r in codebook.regroupings if r.id.split("@")[0] in breaks]
    measures = [v.id for v in closed if v.question.role in ("measure", "breakdown")]
    sides = [
        [_closed(variable(codebook, name, wave)) for name in _named(names, every)]
        for names, every in ((questions, measures), (by, breaks))
    ]
    rows = _rows(study.processed(wave) / "responses.parquet", sides[0], sides[1], sample)
    frame = pd.DataFrame(rows, columns=[name for name in _COLUMNS if name not in ("planned", "p_adjusted")])
    adjusted = benjamini_hochberg([None if pd.isna(p) else float(p) for p in frame["p_value"]])
    frame["p_adjusted"] = np.array(adjusted, dtype=float)
    planned = {(step.question, step.by) for cross in codebook.planned_crosses for step in cross.steps}
    frame["planned"] = [pair in planned for pair in zip(frame["question"], frame["by"], strict=True)]
    return Overview(wave, settings.synthetic, codebook, frame.reindex(columns=list(_COLUMNS)))


def _named(names: str | Sequence[str] | None, every: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(every if names is None else [names] if isinstance(names, str) else names))


def _closed(one: Variable) -> Variable:
    """Refuse what has no options to count."""
    if one.kind not in _CLOSED:
        what = f"{one.id} is {one.kind}: it has no options to cross"
        raise SyntheseError.of("not-crossable", what, fix="name single, ordinal or multiple questions")
    return one


def _rows(path: Path, questions: Sequence[Variable], breaks: Sequence[Variable], sample: Sample) -> list[Row]:
    """Rows of the tests, by question, then breakdown."""
    codes = read_codes(path, list(dict.fromkeys([*questions, *breaks])))
    rows, columns = _chosen(codes, questions), _chosen(codes, breaks)
    if not rows or not columns:
        return []
    values, design = codes.values, sample.design
    if design is not None and design.drawn_apart:
        # Sums of floats depend on their order, and that of the respondents must not matter.
        order, design = design.by_weight
        values = values[:, order]
    lines = codes.lines
    apart = design is None or design.drawn_apart
    counted = banner(
        values[rows],
        values[columns],
        [lines[k].width for k in rows],
        [lines[k].width for k in columns],
        design.weights if design is not None and apart else None,
    )
    tests = banner_tests(counted)
    out: list[Row] = []
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            if lines[row].variable.column == lines[column].variable.column:
                continue
            pair = _pair(lines[row], lines[column])
            quick = apart and np.isfinite(tests.p_value[i, j]) and (design is not None or tests.cochran[i, j])
            if quick:
                out.append(pair | _quick(tests, i, j))
            elif design is None:
                out.append(pair | found(association(_counts(counted, i, j), sample.seed, sample.confidence)))
            else:
                out.append(pair | found(rao_scott(design, values[row], values[column])))
    return out


def _chosen(codes: Codes, variables: Sequence[Variable]) -> list[int]:
    names = {v.id: place for place, v in enumerate(variables)}
    places = [k for k, line in enumerate(codes.lines) if line.variable.id in names]
    return sorted(places, key=lambda k: (names[codes.lines[k].variable.id], k))


def _pair(row: Line, column: Line) -> Row:
    return {
        "question": row.variable.id,
        "option": row.option,
        "by": column.variable.id,
        "group": column.option,
    }


def _counts(counted: Banner, i: int, j: int) -> NDArray[np.int64]:
    return counted.counts[counted.block(i, j)]


def _quick(tests: BannerTests, i: int, j: int) -> Row:
    return {
        "base": int(tests.base[i, j]),
        "method": tests.method,
        "statistic": float(tests.statistic[i, j]),
        "df": float(tests.df[i, j]),
        "df_denominator": float(tests.df_denominator[i, j]),
        "p_value": float(tests.p_value[i, j]),
        "effect": tests.effect,
        "effect_size": float(tests.effect_size[i, j]),
    }
