"""Where a printed number comes from, told in French: what is counted, of whom, how, and which cell holds it.

Belongs here: the `Source` of a number, that of a whole figure or table, and cutting a text at its numbers. Does not:
writing the number (`facts`), or showing where it comes from (`rendering`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from synthese.artefacts import Part, Source, make
from synthese.codebook import Variable
from synthese.disclosure import Released
from synthese.editorial import notes
from synthese.editorial.facts import Fact
from synthese.editorial.piece import Piece
from synthese.editorial.reading import base_of, cross, one_way, worded
from synthese.formatting import DEFAULT_BANDS, Phrase, capitalised, french, joined
from synthese.formatting.numbers import PERCENT_WITH_COUNT

_SHARES = ("share", "share_of_by", "share_total")
_NAMES = {
    "median": "médiane",
    "quantile_25": "premier quartile",
    "quantile_75": "troisième quartile",
    "mean": "moyenne",
    "nps": "score de recommandation (NPS)",
    "count": "nombre de réponses",
}
_DESIGNS = {
    "self-selected": "Participation volontaire : le nombre décrit qui a répondu, sans marge d’erreur.",
    "census": "Interrogation exhaustive : pas d’erreur d’échantillonnage, biais de non-réponse possible.",
    "probability": "Échantillon tiré au sort : le nombre est une estimation.",
}


@dataclass
class Cut:
    """A text being written, and which stretches of it are numbers.

    Parameters
    ----------
    pieces : list of (str, Source or None)
        Stretches, in order, before typography.
    """

    pieces: list[tuple[str, Source | None]] = field(default_factory=list)

    def add(self, text: str, source: Source | None = None) -> None:
        """Write a stretch."""
        if text:
            self.pieces.append((text, source))

    @property
    def raw(self) -> str:
        """The text before typography."""
        return "".join(text for text, _ in self.pieces)

    def parts(self) -> tuple[str, tuple[Part, ...], tuple[Source, ...]]:
        """Give the text with French typography, its parts and what their numbers come from; no part without a number.

        Raises
        ------
        ValueError
            Typography changed a number otherwise than by its spaces.
        """
        raw, written = self.raw, french(self.raw)
        sources = tuple(dict.fromkeys(source for _, source in self.pieces if source is not None))
        if not sources:
            return written, (), ()
        at = _places(raw, written)
        parts: list[Part] = []
        done, start = 0, 0
        for text, source in self.pieces:
            end = start + len(text)
            if source is not None:
                low, high = at[start], at[end - 1] + 1
                if _bare(written[low:high]) != _bare(text):
                    raise ValueError(f"typography made {written[low:high]!r} of the number {text!r}")
                parts += [Part(written[done:low])] if low > done else []
                parts.append(Part(written[low:high], sources.index(source)))
                done = high
            start = end
        parts += [Part(written[done:])] if done < len(written) else []
        return written, tuple(parts), sources


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _places(raw: str, written: str) -> list[int]:
    """Say where each character of a text stands once typography has been over it."""
    at = [0] * len(raw)
    for _, low, high, new_low, new_high in SequenceMatcher(None, raw, written, autojunk=False).get_opcodes():
        for index in range(low, high):
            at[index] = min(new_low + index - low, max(new_high - 1, new_low))
    return at


def _wording(variable: Variable) -> str:
    """Quote a question as it was put; of the row of a grid, the row too."""
    text = f"« {variable.question.text} »"
    if variable.question.type == "grid" and "." in variable.id:
        text += f", ligne « {variable.label} »"
    if variable.groups is not None:
        text += f", réponses regroupées ({variable.label})"
    return text


def _method(released: Released, *, share: bool, weighted: bool, words: Phrase | None = None) -> str:
    lines = []
    if share and weighted:
        lines.append("Part pondérée, arrondie à l’unité ; les effectifs sont avant pondération.")
    elif share:
        lines.append(
            "Part des réponses exprimées, arrondie à l’unité la plus proche, calculée sur des effectifs exacts ; "
            f"pas de pourcentage sous {PERCENT_WITH_COUNT} réponses."
        )
    if words is not None:
        bands = DEFAULT_BANDS.with_limits(released.settings.bands.model_dump())
        span = dict(bands.rows()).get(words.quantity())
        if span is not None:
            lines.append(f"« {capitalised(words.quantity())} » se dit d’une part de {span}, par convention.")
    return french(" ".join([*lines, _DESIGNS[released.design]]))


def _answer(variable: Variable, code: str) -> str:
    """Word an answer; of a question also one that the wave split, which a gap with another wave may be of."""
    options = variable.options if variable.groups is not None else variable.question.options or variable.options
    return worded(next((option for option in options if option.code == code), None) or variable.option(code))


def source_of(fact: Fact) -> Source:
    """Tell where a quoted estimate comes from; counts of an estimate that is not shown stay out of it."""
    released, row = fact.released, fact.estimate
    variable = released.variable(row.question)
    answer = None if row.option is None else f"réponse « {_answer(variable, row.option)} »"
    what = _NAMES.get(row.statistic)
    if row.statistic == "difference":
        what = f"écart entre {row.reference_wave} et {released.wave}"
    elif row.statistic == "share_of_by":
        what = "répartition des groupes parmi qui a donné cette réponse"
    told = [_wording(variable), answer, what]
    if row.by is not None:
        by = released.variable(row.by)
        group = "tous groupes" if row.group is None else f"groupe « {worded(by.option(row.group))} »"
        told.append(f"{group} de {_wording(by)}")
    shown = fact.shown
    return Source(
        question=row.question,
        statistic=row.statistic,
        definition=french(", ".join(part for part in told if part)),
        field=french(_field(released, variable, row.by, row.universe)),
        method=_method(released, share=row.statistic in _SHARES, weighted=fact.weighted, words=fact.phrase),
        wave=released.wave,
        option=row.option,
        by=row.by,
        group=row.group,
        universe=row.universe,
        reference_wave=row.reference_wave,
        count=row.count if shown and row.statistic in _SHARES else None,
        base=row.base if shown else None,
    )


def _field(released: Released, variable: Variable, by: str | None, universe: str | None) -> str:
    """Say who is in the base, in the words of the Champ line."""
    if by is not None:
        line = notes.champ_cross(released, cross(released, variable.id, by))
    elif variable.options:
        line = notes.champ(released, variable, one_way(released, variable.id, universe), universe)
    else:
        champs = {known.id: known.champ for known in released.codebook.universes}
        routing = variable.question.routing
        who = routing.champ if routing else released.settings.unit.plural
        who = champs[universe] if universe else who
        line = f"Champ : {who} ayant répondu à la question {variable.question.id}."
    return capitalised(line.removeprefix("Champ : "))


def sourced(
    released: Released,
    piece: Piece,
    questions: str | Sequence[str],
    *,
    by: str | None = None,
    universe: str | None = None,
    reference: str | Sequence[str] | None = None,
    subtitle: str | None = None,
) -> Piece:
    """Give a figure or a table the one source that stands for all its cells; a withheld one stays as it is.

    Parameters
    ----------
    released : Released
        The wave.
    piece : Piece
        A figure or a table.
    questions : str or sequence of str
        The question, or the rows of a grid.
    by, universe : str or None
        Breakdown, universe.
    reference : str or sequence of str, optional
        Earlier wave, or waves in their order.
    subtitle : str, optional
        In place of its own.
    """
    made = piece.artefact
    names = [questions] if isinstance(questions, str) else list(questions)
    if made.status not in ("released", "count_only") or not names:
        return piece
    variables = [released.variable(name) for name in names]
    told = [_wording(variables[0]) if len(variables) == 1 else f"« {variables[0].question.text} »"]
    if len(variables) > 1:
        told.append("ligne par ligne")
    if by is not None:
        told.append(f"selon {_wording(released.variable(by))}")
    earlier = [reference] if isinstance(reference, str) else list(reference or ())
    if earlier:
        told.append(f"vagues {joined([*earlier, released.wave])}")
    field_line = next((line for line in made.notes if line.startswith("Champ")), "")
    numeric = not variables[0].options
    base = None
    if len(variables) == 1 and not earlier and not numeric:
        base = cross(released, names[0], by).base if by else base_of(one_way(released, names[0], universe))
    source = Source(
        question=names[0] if len(names) == 1 else variables[0].question.id,
        statistic="median" if numeric else "share",
        definition=french(", ".join(told) + "."),
        field=capitalised(re.sub(r"^Champ\s*:\s*", "", field_line)),
        method=_method(released, share=not numeric, weighted=released.wave_settings.weighted),
        wave=released.wave,
        by=by,
        universe=universe,
        reference_wave=earlier[0] if earlier else None,
        base=base,
    )
    again = make(
        released,
        id=made.id,
        kind=made.kind,
        payloads=made.payloads,
        caption=made.caption,
        alt=made.alt,
        notes=made.notes,
        text=made.text,
        status=made.status,
        subtitle=made.subtitle if subtitle is None else subtitle,
        parts=made.parts,
        sources=(source,),
    )
    return Piece(again, piece.grid, piece.why)
