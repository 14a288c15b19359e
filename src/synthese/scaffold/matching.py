"""A drafted wave beside the study's codebook: which question is which, and what differs.

Belongs here: matching headers and options with those known, nearest wordings. Does not: files (`adding`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from synthese.cleaning.choices import choices
from synthese.cleaning.cutting import Cutter
from synthese.cleaning.normal import normalise
from synthese.codebook import Codebook, Option, Question, Row
from synthese.codebook.model import Rewording
from synthese.exports import RawExport, named
from synthese.scaffold import known as elsewhere
from synthese.scaffold import personal, texts
from synthese.scaffold.drafts import Draft, Drafted, Part
from synthese.scaffold.grouping import values
from synthese.scaffold.known import Known
from synthese.study import WaveSettings

_LIKE_WORDING, _LIKE_LABEL = 75.0, 85.0  # of 100: a header, or an option, that may be the same in other words
_CLOSED = ("single", "ordinal", "multiple", "grid")


@dataclass(frozen=True)
class Matched:
    """A question of the codebook that the new wave asks, and what its export shows that the codebook lacks.

    Parameters
    ----------
    question : Question
        The question.
    draft : Draft
        Its columns in the new export, under the codebook's id and codes.
    reworded : bool
        Whether its header is another wording, taken for the same question because it is near.
    options, rows : tuple
        Options (with their codes) and lines that are new.
    aliases : mapping of str to str
        Text of an option that is near a known one → its code.
    gone : tuple of str
        Codes of the options or lines that every wave had, and that the new one shows that it did not offer: they
        have a column no more, or are not in its form.
    present : frozenset of str
        Codes of the known options or lines that the export has.
    header : Known or None
        The wave whose alias or rewording its header is.
    known : tuple of Known
        Texts of its options and lines that are another wave's aliases or rewordings.
    """

    question: Question
    draft: Draft
    reworded: bool = False
    options: tuple[tuple[str, texts.Choice], ...] = ()
    rows: tuple[Part, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    present: frozenset[str] = frozenset()
    header: Known | None = None
    known: tuple[Known, ...] = ()

    @property
    def rewording(self) -> Rewording | None:
        """How another wave put the question in the same words."""
        return None if self.header is None else self.header.rewording


@dataclass(frozen=True)
class Comparison:
    """The new wave beside the codebook.

    Parameters
    ----------
    matched : tuple of Matched
        In the order of the export.
    new : tuple of (str or None, Draft)
        Questions that the codebook lacks, each after the id of the question that it follows.
    absent : tuple of Question
        Questions that the export has no column for.
    """

    matched: tuple[Matched, ...]
    new: tuple[tuple[str | None, Draft], ...]
    absent: tuple[Question, ...]


def compare(
    drafted: Drafted,
    raw: RawExport,
    codebook: Codebook,
    waves: Iterable[WaveSettings],
    typed: Mapping[str, frozenset[str]],
) -> Comparison:
    """Match drafted questions with those of a codebook, by wording first, then by the nearest wording.

    Parameters
    ----------
    drafted, raw
        The new wave: its draft, and its export.
    codebook, waves
        Of the study.
    typed : mapping of str to frozenset of str
        By question, the texts (normalised) that earlier respondents typed as « Autre »: they stay « Autre » in the
        new wave too, so that no earlier result changes.
    """
    waves = tuple(waves)
    drafted = replace(drafted, questions=_gathered(drafted.questions, codebook))
    wordings = {question.id: _wordings(question, waves) for question in codebook.questions}
    found: dict[int, tuple[Question, bool]] = {}
    left = dict(codebook.by_id)
    for place, draft in enumerate(drafted.questions):
        same = next((id for id in left if normalise(draft.text) in wordings[id]), None)
        if same is not None:
            found[place] = (left.pop(same), False)
    pairs = [
        (_likeness(draft.text, wordings[id]), -place, -rank)
        for place, draft in enumerate(drafted.questions)
        if place not in found
        for rank, (id, question) in enumerate(left.items())
        if _alike(draft, question)
    ]
    ids = list(left)
    for score, place, rank in sorted(pairs, reverse=True):
        if score >= _LIKE_WORDING and -place not in found and ids[-rank] in left:
            found[-place] = (left.pop(ids[-rank]), True)
    matched: list[Matched] = []
    new: list[tuple[str | None, Draft]] = []
    taken = set(codebook.by_id)
    before: str | None = None
    for place, draft in enumerate(drafted.questions):
        if place in found:
            question, reworded = found[place]
            said = elsewhere.parts(question, waves)
            given = elsewhere.texts_of(question, draft, raw, said) if said else frozenset()
            said = {form: one for form, one in said.items() if form in given}
            draft = _as_asked(question, draft, raw, said)
            one = _matched(question, draft, typed.get(question.id, frozenset()), said, reworded=reworded)
            header = elsewhere.headers(question, waves).get(normalise(draft.text))
            matched.append(replace(one, header=header, known=_settled(question, said, given)))
            before = question.id
            continue
        name = draft.id if draft.id not in taken else next(f"Q{n}" for n in range(1, 10_000) if f"Q{n}" not in taken)
        taken.add(name)
        new.append((before, replace(draft, id=name, route=None)))
    return Comparison(tuple(matched), tuple(new), tuple(left.values()))


def _gathered(drafts: tuple[Draft, ...], codebook: Codebook) -> tuple[Draft, ...]:
    """Join drafts that are the lines of one grid of the codebook: some tools do not export what stands above them."""
    headed = {normalise(draft.text) for draft in drafts}
    grids = [q for q in codebook.questions if q.type == "grid" and normalise(q.text) not in headed]
    lines = Counter(normalise(row.label) for grid in grids for row in grid.rows)
    own = {normalise(question.text) for question in codebook.questions}
    homes = {
        form: (grid, row)
        for grid in grids
        for row in grid.rows
        if lines[form := normalise(row.label)] == 1 and form not in own
    }
    out: list[Draft] = []
    places: dict[str, int] = {}
    for draft in drafts:
        home = homes.get(normalise(draft.text)) if draft.type in ("single", "ordinal") and not draft.parts else None
        if home is None:
            out.append(draft)
            continue
        grid, row = home
        part = Part(row.code, row.label, draft.columns)
        if grid.id not in places:
            places[grid.id] = len(out)
            out.append(replace(draft, text=grid.text, type="grid", parts=(part,), columns=()))
            continue
        whole = out[places[grid.id]]
        known = {normalise(choice.label) for choice in whole.choices}
        more = tuple(choice for choice in draft.choices if normalise(choice.label) not in known)
        out[places[grid.id]] = replace(whole, parts=(*whole.parts, part), choices=(*whole.choices, *more))
    return tuple(out)


def _wordings(question: Question, waves: Iterable[WaveSettings]) -> set[str]:
    said = [question.text, question.id, *(rewording.text for rewording in question.rewordings)]
    said += [alias for wave in waves for alias in wave.aliases.get(question.id, ())]
    return {normalise(text) for text in said}


def _likeness(text: str, wordings: Iterable[str]) -> float:
    """Likeness of a text to the nearest of some, of 100; another number in it makes it another thing."""
    form = normalise(text)
    alike = [known for known in wordings if re.findall(r"\d+", known) == re.findall(r"\d+", form)]
    return max((float(fuzz.ratio(form, known)) for known in alike), default=0.0)


def _alike(draft: Draft, question: Question) -> bool:
    """Whether a question may be the same by its kind, and by an option in common where both are closed."""
    if question.personal or draft.personal or question.type in ("open", "numeric", "ranking"):
        return question.personal == draft.personal and question.type == draft.type
    if draft.type not in _CLOSED:
        return False
    known = {normalise(option.label) for option in question.options}
    return any(normalise(choice.label) in known for choice in draft.choices)


def _settled(question: Question, said: Mapping[str, Known], given: frozenset[str]) -> tuple[Known, ...]:
    """Take for an alias what another wave put in other words, where this one has both, or two such texts."""
    labels = {option.code: normalise(option.label) for option in question.options}
    put = Counter(one.code for one in said.values() if one.rewording is not None and not one.alias)
    return tuple(
        replace(one, rewording=None, alias=True)
        if one.rewording is not None and (labels[one.code] in given or put[one.code] > 1)
        else one
        for one in said.values()
    )


def _as_asked(question: Question, draft: Draft, raw: RawExport, said: Mapping[str, Known]) -> Draft:
    """Take the answers of a draft for the type that the codebook gives the question, where another was guessed."""
    if question.type in ("single", "ordinal") and draft.type not in ("single", "ordinal"):
        return replace(draft, choices=(), codes=())
    if question.type != "multiple" or draft.type == "multiple" or not draft.columns:
        return draft
    given = [text for column in draft.columns for text in values(raw, column)]
    offered = tuple(option.model_copy(update={"waves": None}) for option in question.options)
    known = choices(offered, "", {one.text: one.code for one in said.values()})
    cutters = [Cutter(known, separator) for separator in named(raw.tool).separators]
    cutter = min(cutters, key=lambda one: sum(len(one.cut(text).rest) for text in given))
    cuts = [cutter.cut(text) for text in given]
    ticked = Counter(code for cut in cuts for code in cut.codes)
    left = Counter(piece.strip() for cut in cuts for piece in cut.rest.split(cutter.separator) if piece.strip())
    found = [(option.label, ticked[option.code]) for option in offered if ticked[option.code]]
    found += sorted(left.items())
    told = tuple(texts.Choice(label, count) for label, count in found if not personal.reaches(label))
    return replace(draft, choices=told, codes=(), separator=cutter.separator)


def _matched(
    question: Question, draft: Draft, typed: frozenset[str], said: Mapping[str, Known], *, reworded: bool
) -> Matched:
    own = replace(draft, id=question.id, type=question.type)
    if question.type in ("grid", "ranking"):
        return _with_rows(question, own, said, reworded=reworded)
    if question.type not in _CLOSED or not draft.choices:
        return Matched(question, own, reworded)
    codes, aliases, added = _options(question.options, draft.choices, said, typed)
    parts = tuple(replace(part, code=codes.get(normalise(part.label), part.code)) for part in draft.parts)
    present = frozenset(codes[form] for choice in draft.choices if (form := normalise(choice.label)) in codes)
    present |= {one.code for one in said.values()}
    gone: tuple[str, ...] = ()
    if question.scale is None and _tells_all(question, draft, {part.code for part in parts}):
        gone = tuple(
            option.code
            for option in question.options
            if option.waves is None and not (option.other or option.coded or option.code in present)
        )
    return Matched(question, replace(own, parts=parts), reworded, added, (), aliases, gone, present)


def _tells_all(question: Question, draft: Draft, columns: Iterable[str]) -> bool:
    """Whether an export shows each option that was offered: in its form, or by a column of its own.

    An option that no one chose has no text in a column of whole answers, and was offered all the same.
    """
    if draft.formed:
        return True
    known = {option.code for option in question.options if not option.other}
    return question.type == "multiple" and bool(known.intersection(columns))


def _options(
    known: tuple[Option, ...],
    shown: Iterable[texts.Choice],
    said: Mapping[str, Known],
    typed: frozenset[str] = frozenset(),
) -> tuple[dict[str, str], dict[str, str], tuple[tuple[str, texts.Choice], ...]]:
    """Match options: code by text, texts near a known option that is not given any more, and options that are new."""
    offered = [choice for choice in shown if not choice.other]
    codes = {normalise(option.label): option.code for option in known} | {option.code: option.code for option in known}
    codes |= {form: one.code for form, one in said.items()}
    given = {normalise(choice.label) for choice in offered}
    there = {one.code for one in said.values()}
    free = {o.code: o for o in known if normalise(o.label) not in given and not o.other and o.code not in there}
    aliases: dict[str, str] = {}
    added: list[tuple[str, texts.Choice]] = []
    taken = [option.code for option in known]
    for choice in offered:
        if normalise(choice.label) in codes:
            continue
        scores = sorted(
            ((_likeness(choice.label, [normalise(o.label)]), code) for code, o in free.items()), reverse=True
        )
        if scores and scores[0][0] >= _LIKE_LABEL:
            code = scores[0][1]
            del free[code]
            aliases[choice.label] = code
        elif normalise(choice.label) in typed or choice.count == 1:
            continue  # « Autre », as before
        else:
            code = texts.code(choice.label, taken)
            taken.append(code)
            added.append((code, choice))
        codes[normalise(choice.label)] = code
    return codes, aliases, tuple(added)


def _with_rows(question: Question, draft: Draft, said: Mapping[str, Known], *, reworded: bool) -> Matched:
    """Match the lines of a grid, or the items of a ranking; what a grid's options lack is new."""
    free: dict[str, Row] = {row.code: row for row in question.rows}
    codes = {form: one.code for form, one in said.items() if one.code in free}
    codes |= {normalise(row.label): row.code for row in question.rows}
    for part in draft.parts:
        free.pop(codes.get(normalise(part.label), ""), None)
    parts: list[Part] = []
    rows: list[Part] = []
    aliases: dict[str, str] = {}
    taken = [row.code for row in question.rows]
    for part in draft.parts:
        code = codes.get(normalise(part.label))
        if code is None:
            scores = sorted(((_likeness(part.label, [normalise(r.label)]), c) for c, r in free.items()), reverse=True)
            if scores and scores[0][0] >= _LIKE_LABEL:
                code = scores[0][1]
                del free[code]
                aliases[part.label] = code
            else:
                code = texts.code(part.label, taken)
                taken.append(code)
                rows.append(replace(part, code=code))
        parts.append(replace(part, code=code))
    added: tuple[tuple[str, texts.Choice], ...] = ()
    if question.type == "grid":
        _, more, added = _options(question.options, draft.choices, said)
        aliases |= more
    draft = replace(draft, parts=tuple(parts))
    present = frozenset(part.code for part in parts)
    gone = tuple(code for code, row in free.items() if row.waves is None) if parts else ()
    return Matched(question, draft, reworded, added, tuple(rows), aliases, gone, present)
