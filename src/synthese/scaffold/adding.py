"""One more wave of a study that is there: its export, its ``wave.yml``, and what the codebook lacks.

Belongs here: additions to the codebook's text, files, what to tell. Does not: which question is which (`matching`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from synthese.cleaning.normal import normalise
from synthese.codebook import Codebook, Option, Question, Row
from synthese.codebook.model import Rewording
from synthese.errors import SyntheseError
from synthese.exports import RawExport
from synthese.files import write_bytes
from synthese.scaffold import trying, writing
from synthese.scaffold.drafts import Draft, Drafted
from synthese.scaffold.editing import Additions
from synthese.scaffold.matching import Comparison, Matched, compare
from synthese.scaffold.texts import Choice
from synthese.scaffold.writing import code_text, quoted
from synthese.study import MARK, Study

_ROUNDS = 3
_NOT_YET = "Intitulé modifié ; la comparabilité reste à établir"


@dataclass(frozen=True)
class Added:
    """What adding a wave wrote.

    Parameters
    ----------
    wave : str
        Its id.
    written : tuple of Path
        Files, the codebook among them where it lacked something; its former text is kept beside it.
    told : tuple of str
        What was found, for the terminal: no answer is quoted.
    """

    wave: str
    written: tuple[Path, ...]
    told: tuple[str, ...]


def add_wave(
    study: Study,
    export: Path,
    raw: RawExport,
    drafted: Drafted,
    *,
    wave: str | None = None,
    structure: Path | None = None,
) -> Added:
    """Add a wave to a study.

    Nothing that stands in ``codebook.yml`` is changed: questions, options, lines and wordings of the new wave are
    added to it, each said to be of that wave; the former text is kept as ``codebook.avant-<wave>.yml``.

    Parameters
    ----------
    study : Study
        The study.
    export : Path
        Answers of the new wave; copied.
    raw : RawExport
        The same, read.
    drafted : Drafted
        Questions drafted from it.
    wave : str, optional
        Id of the wave; the year of its first answer if absent.
    structure : Path, optional
        File of the form, copied beside the export.

    Raises
    ------
    SyntheseError
        ``wave-exists``: the study has this wave; ``no-common-question``: the export is of another questionnaire.
        Nothing is written.
    """
    dates = writing.field_dates(raw)
    wave = wave or (str(dates.start.year) if dates.found else f"vague-{len(study.waves) + 1}")
    if wave in study.wave_ids or study.raw(wave).exists():
        what = f"the study has a wave {wave!r} already"
        raise SyntheseError.of("wave-exists", what, file=study.raw(wave), fix="name the new wave with --wave")
    found = compare(drafted, raw, study.codebook, study.waves, _typed(study))
    if not found.matched:
        fix = "make a study of its own in another folder"
        what = "no question of this export is in the codebook"
        raise SyntheseError.of("no-common-question", what, file=export, fix=fix)
    before = study.codebook_file.read_text(encoding="utf-8-sig")
    others: set[str] = set()
    book, declared = before, ""
    for _ in range(_ROUNDS):
        book = _codebook(before, study.codebook, found, wave, study.wave_ids, others)
        own = Drafted((*(m.draft for m in found.matched), *(draft for _, draft in found.new)), drafted.ignored)
        name = structure.name if structure else None
        extra = _aliases(found.matched)
        declared = writing.wave(wave, export.name, raw, own, dates, structure=name, extra=extra)
        trial = trying.trial(raw, trying.read_codebook(book), declared)
        wrong = trial.wrong
        more = {m.question.id for m in found.matched if m.draft.headers & wrong} - others
        lost = {draft.id for _, draft in found.new if draft.headers & wrong and draft.type != "open"}
        if not more and not lost:
            break
        others |= more
        found = replace(found, new=tuple((at, _opened(d) if d.id in lost else d) for at, d in found.new))
    files = {study.raw(wave) / export.name: export.read_bytes(), study.raw(wave) / "wave.yml": declared.encode("utf-8")}
    if structure is not None:
        files[study.raw(wave) / structure.name] = structure.read_bytes()
    if book != before:
        kept = study.codebook_file.with_name(f"codebook.avant-{wave}.yml")
        files = {kept: study.codebook_file.read_bytes(), **files, study.codebook_file: book.encode("utf-8")}
    for path, content in files.items():
        write_bytes(path, content)
    return Added(wave, tuple(files), (*_told(found, wave), *_left(trial, wave)))


def _typed(study: Study) -> dict[str, frozenset[str]]:
    """Texts of « Autre » in the waves that are there, by question, normalised: whole, and cut where options are."""
    found: dict[str, set[str]] = {}
    for wave in study.waves:
        separator = wave.separator or ", "
        for name, texts in trying.other_texts(study, wave).items():
            pieces = [piece for text in texts for piece in (text, *text.split(separator))]
            found.setdefault(name, set()).update(normalise(piece) for piece in pieces)
    return {name: frozenset(pieces) for name, pieces in found.items()}


def _opened(draft: Draft) -> Draft:
    return draft.as_open("Des réponses ne correspondent à aucune option devinée : laissée en texte libre.")


# The codebook


def _codebook(
    text: str, codebook: Codebook, found: Comparison, wave: str, earlier: Sequence[str], others: Iterable[str]
) -> str:
    """Add to a codebook's text what the new wave has more; ``others``: questions that need an « Autre »."""
    places = {question.id: place for place, question in enumerate(codebook.questions)}
    additions = Additions(text)
    put: set[tuple[str, str]] = set()
    new = quoted(wave)
    old = ", ".join(map(quoted, earlier))
    for one in found.matched:
        question, at = one.question, ("questions", places[one.question.id])
        if question.asked_in is not None and wave not in question.asked_in:
            additions.item((*at, "asked_in"), new)
        if one.reworded:
            written = _reworded(new, Rewording(wave=wave, text=one.draft.text, comparable=False, reason=_NOT_YET))
            _add(additions, at, "rewordings", [written], empty=not question.rewordings, mark=_same(question))
        elif one.rewording is not None:
            _add(additions, at, "rewordings", [_reworded(new, one.rewording)], empty=False)
        _options_reworded(additions, codebook, one, at, new, put)
        _parts(additions, codebook, one, at, new, old, needs_other=question.id in set(others))
    for question in found.absent:
        if question.asked_in is None:
            above = [f"{MARK} : {question.id} n’est pas dans l’export de la vague {wave}."]
            additions.key(("questions", places[question.id]), "asked_in", f"[{old}]", above)
    for after, draft in found.new:
        lines = writing.question(draft, codebook.questions[places[after] if after else 0].section, asked_in=wave)
        additions.block(("questions", places[after] if after else len(places) - 1), lines)
    return additions.made()


def _reworded(new: str, said: Rewording) -> str:
    """Write that the new wave puts something as ``said`` puts it, compared as that one is and for its reason."""
    comparable = "true" if said.comparable else "false"
    return f"{{wave: {new}, text: {quoted(said.text)}, comparable: {comparable}, reason: {quoted(said.reason)}}}"


def _options_reworded(
    additions: Additions,
    codebook: Codebook,
    one: Matched,
    at: tuple[str | int, ...],
    new: str,
    put: set[tuple[str, str]],
) -> None:
    """Say of options that the new wave puts them as another wave did; ``put``: those of scales that were said."""
    question = one.question
    for known in one.known:
        if known.rewording is None:
            continue
        place = at
        if question.scale is not None:
            place = ("scales", [scale.code for scale in codebook.scales].index(question.scale))
            if (question.scale, known.code) in put:
                continue
            put.add((question.scale, known.code))
        number = [option.code for option in question.options].index(known.code)
        additions.item((*place, "options", number, "rewordings"), _reworded(new, known.rewording))


def _same(question: Question) -> str:
    return f"{MARK} : que {question.id} est bien la même question, et si les vagues se comparent (`comparable`)."


def _add(
    additions: Additions, at: tuple[str | int, ...], key: str, items: Sequence[str], *, empty: bool, mark: str = ""
) -> None:
    """Add items to a list of a question, which may not have the list yet."""
    if empty:
        additions.key(at, key, f"[{', '.join(items)}]", [mark] if mark else [])
        return
    for item in items:
        additions.item((*at, key), item)


def _parts(
    additions: Additions,
    codebook: Codebook,
    one: Matched,
    at: tuple[str | int, ...],
    new: str,
    old: str,
    *,
    needs_other: bool,
) -> None:
    """Add options and lines of the new wave, and say of those that went which waves had them."""
    question = one.question
    written = [writing.option(code, choice, new) for code, choice in one.options]
    if needs_other and not any(option.other for option in question.options):
        taken = {option.code for option in question.options} | {code for code, _ in one.options}
        code = next(code for code in ("autre", "autre_texte", "autre_reponse") if code not in taken)
        written.append(writing.option(code, Choice("Autre", 0, other=True), new))
    place = at if question.scale is None else ("scales", [s.code for s in codebook.scales].index(question.scale))
    if written:
        _add(additions, place, "options", written, empty=False)
    rows = [f"{{code: {code_text(row.code)}, label: {quoted(row.label)}, waves: [{new}]}}" for row in one.rows]
    if rows:
        _add(additions, at, "rows", rows, empty=False)
    wave = new.strip('"')
    key = "rows" if question.type in ("grid", "ranking") else "options"
    known: Sequence[Option | Row] = question.rows if key == "rows" else question.options
    if key == "options" and question.scale is not None:
        return  # a scale is shared: what it offers is not one question's
    for number, item in enumerate(known):
        if item.code in one.gone and item.waves is None:
            additions.key((*at, key, number), "waves", f"[{old}]")
        elif item.code in one.present and item.waves is not None and wave not in item.waves:
            additions.item((*at, key, number, "waves"), new)


def _aliases(matched: Iterable[Matched]) -> list[str]:
    """Lines of ``wave.yml`` that give this wave's texts the codebook's questions and codes."""
    headers: list[str] = []
    options: list[str] = []
    near = False
    for one in matched:
        if one.header is not None and one.header.alias:
            headers.append(f"  {one.question.id}: {quoted(one.draft.text)}  # comme dans la vague {one.header.wave}")
        known = [said for said in one.known if said.alias]
        if not one.aliases and not known:
            continue
        near = near or bool(one.aliases)
        options.append(f"  {one.question.id}:")
        options += [f"    {quoted(text)}: {code_text(code)}" for text, code in one.aliases.items()]
        options += [
            f"    {quoted(said.text)}: {code_text(said.code)}  # comme dans la vague {said.wave}" for said in known
        ]
    lines = ["aliases:", *headers] if headers else []
    mark = [f"# {MARK} : ces textes de l’export sont-ils bien ces options ?"] if near else []
    return [*lines, *mark, "option_aliases:", *options] if options else lines


def _left(trial: trying.Trial, wave: str) -> tuple[str, ...]:
    """Say that something of the export has no place yet: the files are there to be corrected."""
    if not trial.unplaced:
        return ()
    what = f"{len(trial.unplaced)} columns or questions of the export have no counterpart yet"
    return (f"  {what}: synthese check --wave {wave} says which, and what to correct",)


def _told(found: Comparison, wave: str) -> tuple[str, ...]:
    """Say what was found, in English, for the terminal."""
    told = [f"wave {wave}: {len(found.matched)} questions of the codebook"]
    reworded = [one for one in found.matched if one.reworded]
    told += [
        f"  {one.question.id} in other words ({one.draft.text!r}): not compared until you confirm it in codebook.yml"
        for one in reworded
    ]
    told += [
        f"  {one.question.id} as wave {one.header.wave} put it: compared as that wave is"
        for one in found.matched
        if one.header is not None and one.rewording is not None
    ]
    told += [
        f"  {one.question.id}: {len(one.options)} new options, {len(one.rows)} new lines, "
        f"{len(one.aliases)} in other words, {len(one.gone)} gone"
        for one in found.matched
        if one.options or one.rows or one.aliases or one.gone
    ]
    told += [f"  {draft.id} is new: {draft.text!r}" for _, draft in found.new]
    told += [f"  {question.id} is not in this export" for question in found.absent if question.asked_in is None]
    return tuple(told)
