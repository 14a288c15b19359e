"""Texts of an export that the study knows from other waves: headers and options in their words.

Belongs here: what another wave's ``wave.yml`` or the codebook says a text is. Does not: texts that are only near a
known one (`matching`), YAML (`adding`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthese.cleaning.choices import choices
from synthese.cleaning.cutting import Cutter
from synthese.cleaning.normal import normalise
from synthese.codebook import Option, Question
from synthese.codebook.model import Rewording
from synthese.exports import RawExport, named
from synthese.scaffold.drafts import Draft
from synthese.scaffold.grouping import values
from synthese.study import WaveSettings


@dataclass(frozen=True)
class Known:
    """What a text is, by the wave that it is taken from.

    Parameters
    ----------
    text : str
        As that wave has it.
    code : str
        The question's id; or the code of its option or line.
    rewording : Rewording or None
        How that wave put the question or the option, where the codebook says that it differs.
    alias : bool
        Whether only that wave's ``wave.yml`` has the text.
    wave : str
        The wave.
    """

    text: str
    code: str
    rewording: Rewording | None
    alias: bool
    wave: str


def headers(question: Question, waves: Iterable[WaveSettings]) -> dict[str, Known]:
    """Headers of a question in other waves, normalised; its own wording and id are not among them.

    A rewording comes before an alias, and a later wave before an earlier one.
    """
    found: dict[str, Known] = {}
    put = {rewording.wave: rewording for rewording in question.rewordings}
    for wave in waves:
        for text in wave.aliases.get(question.id, ()):
            found[normalise(text)] = Known(text, question.id, put.get(wave.id), True, wave.id)
    for one in question.rewordings:
        found[normalise(one.text)] = Known(one.text, question.id, one, False, one.wave)
    own = {normalise(question.text), normalise(question.id)}
    return {form: one for form, one in found.items() if form not in own}


def parts(question: Question, waves: Iterable[WaveSettings]) -> dict[str, Known]:
    """Texts of a question's options or lines in other waves, normalised; their labels and codes are not among them."""
    labels = {option.code: option.label for option in question.options}
    labels |= {row.code: row.label for row in question.rows}
    put = {(option.code, one.wave): one for option in question.options for one in option.rewordings}
    found: dict[str, Known] = {}
    for wave in waves:
        for name, texts in wave.option_aliases.items():
            if name.partition(".")[0] != question.id:
                continue
            for text, code in texts.items():
                if code in labels:
                    found[normalise(text)] = Known(text, code, put.get((code, wave.id)), True, wave.id)
    for code in labels:
        found.pop(normalise(code), None)  # read as a code in every wave
    for (code, name), one in put.items():
        found[normalise(one.text)] = Known(one.text, code, one, False, name)
    own = {normalise(item.label) for item in question.options} | {normalise(item.label) for item in question.rows}
    return {form: one for form, one in found.items() if form not in own}


def texts_of(question: Question, draft: Draft, raw: RawExport, known: Mapping[str, Known]) -> frozenset[str]:
    """Texts that an export has of a question's options and lines, normalised: labels of the draft, and cells.

    Parameters
    ----------
    question : Question
        The question.
    draft : Draft
        Its columns.
    raw : RawExport
        The export.
    known : mapping of str to Known
        What may stand among others in one cell, beside the options' own labels.
    """
    found = {normalise(choice.label) for choice in draft.choices} | {normalise(part.label) for part in draft.parts}
    if question.type not in ("single", "ordinal", "multiple"):
        return frozenset(found)
    given = [text for column in draft.columns for text in values(raw, column)]
    found |= {normalise(text) for text in given}
    if question.type != "multiple" or not given:
        return frozenset(found)
    own = [option.model_copy(update={"waves": None}) for option in question.options]
    more = [Option(code=f"known_text_{number}", label=one.text) for number, one in enumerate(known.values())]
    labels = {option.code: normalise(option.label) for option in (*own, *more)}
    offered = choices((*own, *more), "", {})
    for cutter in [Cutter(offered, separator) for separator in named(raw.tool).separators]:
        found |= {labels[code] for text in given for code in cutter.cut(text).codes}
    return frozenset(found)
