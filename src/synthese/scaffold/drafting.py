"""From the columns of an export to drafted questions, each with the evidence for what was guessed.

Belongs here: which columns are one question, and what kind it is. Does not: how a cell is read (`texts`), or
how the draft is written (`writing`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from synthese.cleaning.normal import normalise
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport, named
from synthese.scaffold import texts
from synthese.scaffold.texts import Choice

Type = Literal["single", "ordinal", "multiple", "grid", "ranking", "numeric", "open"]
Role = Literal["measure", "identifier", "contact", "comment"]

_TOOLS_OWN = re.compile(
    r"(?:submission|respondent|response|réponse|token|collector)?[\s_]?id|#|n°|horodateur|timestamp|submitted at|"
    r"(?:start|end|submit|completed|created|modified) ?(?:time|date|at)|(?:start|end)date|"
    r"date de (?:soumission|création)|ip|ip address|adresse ip|user[\s_]?agent|language|langue",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"e-?mail|courriel|adresse (?:mail|électronique|postale)|t[ée]l[ée]phone|\bt[ée]l\b|phone|mobile|"
    r"\b(?:pré)?nom\b(?!bre)|first name|last name|full name|\byour name\b|coordonn[ée]es|contact\b",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"nom (?:de|du) (?:la |votre |l['’])?(?:structure|organis|association|entreprise|collectivit|projet)|"
    r"raison sociale|\bsiret\b|\bsiren\b|organi[sz]ation name|company name|name of (?:your|the) (?:organi|company)",
    re.IGNORECASE,
)
_FUNCTION = re.compile(r"fonction|accept|souhait|consent", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"\+?\d(?:[\s.\-/]?\d){8,13}")


@dataclass(frozen=True)
class Part:
    """One column of a question that has several: its code, its text, and its columns."""

    code: str
    label: str
    columns: tuple[RawColumn, ...]


@dataclass(frozen=True)
class Draft:
    """One drafted question.

    Parameters
    ----------
    id : str
        ``Q1``…
    text : str
        Its header.
    type, role : str
        What was guessed.
    evidence : tuple of str
        Why, in French, and what to confirm; free of answers that could identify.
    choices : tuple of Choice
        Options.
    codes : tuple of str
        Their codes.
    parts : tuple of Part
        Rows, or options that have a column each.
    columns : tuple of RawColumn
        Columns that hold the whole answer.
    separator : str or None
        What joins options in one cell.
    """

    id: str
    text: str
    type: Type
    evidence: tuple[str, ...]
    role: Role = "measure"
    choices: tuple[Choice, ...] = ()
    codes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    columns: tuple[RawColumn, ...] = ()
    separator: str | None = None

    @property
    def personal(self) -> bool:
        """Whether it identifies someone."""
        return self.role in ("identifier", "contact")

    def as_open(self, why: str) -> Draft:
        """Give the question up as free text."""
        return replace(self, type="open", choices=(), codes=(), parts=(), separator=None, evidence=(why,))


@dataclass
class _Group:
    """Columns that share a header: the whole answer, and parts of it."""

    text: str
    whole: list[RawColumn] = field(default_factory=list)
    parts: dict[str, list[RawColumn]] = field(default_factory=dict)


def draft(raw: RawExport) -> tuple[tuple[Draft, ...], tuple[RawColumn, ...]]:
    """Draft the questions of an export.

    Returns
    -------
    tuple of Draft, tuple of RawColumn
        Questions in the order of the file, and columns that are no question (the tool's own, or without header).

    Raises
    ------
    SyntheseError
        Nothing in the file looks like a question.
    """
    groups, ignored = _groups(raw)
    separators = named(raw.tool).separators
    out: list[Draft] = []
    for group in groups:
        found = _of_parts(raw, group) if group.parts else _of_whole(raw, group, separators)
        out += [replace(one, id=f"Q{len(out) + place}") for place, one in enumerate(found, start=1)]
    if not out:
        raise SyntheseError.of(
            "no-question", "no column of this export looks like a question", file=raw.file, fix="name its --tool"
        )
    return tuple(out), tuple(ignored)


def values(raw: RawExport, column: RawColumn) -> list[str]:
    """Answers in a column, blanks left out."""
    return [text for text in raw.cells[column.index].tolist() if text.strip()]


def _groups(raw: RawExport) -> tuple[list[_Group], list[RawColumn]]:
    groups: dict[str, _Group] = {}
    ignored: list[RawColumn] = []
    heads = {normalise(column.header) for column in raw.columns}
    shared = Counter(normalise(head) for column in raw.columns for head, _ in _readings(column.header))
    for column in raw.columns:
        head, part = column.header.strip(), column.sub
        if column.loose and part is not None and not _is_part(raw, column, groups.get(normalise(head))):
            head, part = part, None  # Framaforms writes a question that follows a multi-select like one more option
        named = column.meta == "user" and bool(values(raw, column))  # who answered, as the tool noted it
        own = column.kind == "meta" or not head or (raw.tool == "plain" and _TOOLS_OWN.fullmatch(head))
        if own and not named:
            ignored.append(column)
            continue
        for before, after in _readings(head) if part is None else ():
            if head.endswith("]") or normalise(before) in heads or shared[normalise(before)] > 2:
                head, part = before, after
                break
        group = groups.setdefault(normalise(head), _Group(head))
        if part is None:
            group.whole.append(column)
        else:
            group.parts.setdefault(part.strip(), []).append(column)
    return [_whole_again(group) for group in groups.values()], ignored


def _readings(header: str) -> list[tuple[str, str]]:
    """Ways to read ``Question [part]`` or ``Question (part)``; brackets open a part once, parentheses may nest."""
    header = header.strip()
    if header.endswith("]") and "[" in header:
        head, _, part = header[:-1].partition("[")
        return [(head.strip(), part)] if head.strip() else []
    if not header.endswith(")"):
        return []
    places = [place for place, char in enumerate(header) if char == "(" and header[:place].strip()]
    return [(header[:place].strip(), header[place + 1 : -1]) for place in places]


def _whole_again(group: _Group) -> _Group:
    """Take a single part for what it is: a header that happens to end in brackets."""
    if group.whole or len(group.parts) != 1 or any(len(columns) != 1 for columns in group.parts.values()):
        return group
    column = next(iter(group.parts.values()))[0]
    return _Group(column.label.strip(), whole=[column])


def _is_part(raw: RawExport, column: RawColumn, group: _Group | None) -> bool:
    """Whether a column that may be a question of its own is one more option, or one more line of a grid."""
    part, given = column.sub or "", {normalise(text) for text in values(raw, column)}
    if texts.is_other(part) or given <= {"x"}:
        return True
    columns = [before for columns in (group.parts.values() if group else ()) for before in columns]
    known = {normalise(text) for before in columns for text in values(raw, before)} - {"x"}
    return len(given & known) * 2 > len(given | known)


def _told(raw: RawExport, given: int) -> str:
    return f"{given} réponses sur {len(raw.cells)}"


def _coded(choices: Sequence[Choice]) -> tuple[str, ...]:
    codes: list[str] = []
    for choice in choices:
        codes.append(texts.code(choice.label, codes))
    return tuple(codes)


# One column


def _of_whole(raw: RawExport, group: _Group, separators: Sequence[str]) -> list[Draft]:
    given = [text for column in group.whole for text in values(raw, column)]
    base = Draft("", group.text, "open", (), columns=tuple(group.whole))
    told = _told(raw, len(given))
    personal = _personal(group.text, given)
    if personal is not None:
        role, why = personal
        return [replace(base, role=role, evidence=(f"{told} ; {why}. À confirmer : ne sortira jamais de private/.",))]
    if not given:
        return [replace(base, role="comment", evidence=("Colonne vide dans cet export : type à préciser.",))]
    if texts.are_numbers(given):
        return [replace(base, type="numeric", evidence=(f"{told}, toutes numériques. À confirmer : unité, bornes.",))]
    choices = texts.as_options(given)
    listed = texts.as_list(given, separators)
    if listed is not None and (choices is None or len(listed[1]) < len(choices)):
        separator, parts = listed
        why = f"{told} ; {len(parts)} options répétées, jointes par {separator!r} dans la cellule."
        confirm = "À confirmer : le libellé exact des options, « Autre », un maximum éventuel (`maximum`)."
        return [
            replace(
                base, type="multiple", choices=parts, codes=_coded(parts), separator=separator, evidence=(why, confirm)
            )
        ]
    if choices is not None:
        why = f"{told} ; valeurs distinctes : {len(texts.distinct(given))}, répétées."
        scale = texts.as_scale(choices)
        if scale is not None:
            more = "Échelle reconnue, du plus bas au plus haut. À confirmer : l’ordre."
            return [replace(base, type="ordinal", choices=scale, codes=_coded(scale), evidence=(why, more))]
        more = "À confirmer : options jamais choisies à ajouter ; `type: ordinal` si elles sont ordonnées."
        return [replace(base, type="single", choices=choices, codes=_coded(choices), evidence=(why, more))]
    why = f"{told} ; valeurs distinctes : {len(texts.distinct(given))}. Texte libre, jamais publié."
    return [replace(base, role="comment", evidence=(why,))]


def _personal(header: str, given: Sequence[str]) -> tuple[Role, str] | None:
    if given:
        for pattern, what in ((_MAIL, "adresses e-mail"), (_PHONE, "numéros de téléphone")):
            if sum(bool(pattern.fullmatch(text.strip())) for text in given) >= len(given) / 2:
                return "contact", f"les valeurs sont des {what}"
    if _IDENTIFIER.search(header):
        return "identifier", "l’intitulé désigne une structure"
    if _CONTACT.search(header) and not _FUNCTION.search(header) and texts.as_options(given) is None:
        return "contact", "l’intitulé désigne une personne ou ses coordonnées"
    return None


# Several columns


def _of_parts(raw: RawExport, group: _Group) -> list[Draft]:
    given = {part: [t for column in columns for t in values(raw, column)] for part, columns in group.parts.items()}
    codes: list[str] = []
    for part in group.parts:
        codes.append(texts.code(part, codes))
    columns = tuple(tuple(columns) for columns in group.parts.values())
    parts = tuple(Part(code, label, own) for code, label, own in zip(codes, given, columns, strict=True))
    everything = [text for texts_ in given.values() for text in texts_]
    base = Draft("", group.text, "open", (), parts=parts, columns=tuple(group.whole))
    ticked = [part for part, texts_ in given.items() if texts.are_ticks(texts_, part)]
    free = [part for part in given if part not in ticked]
    if ticked and (not free or (len(free) == 1 and texts.is_other(free[0]))):
        other = free[0] if free else next((part for part in given if texts.is_other(part)), None)
        choices = tuple(Choice(part, len(given[part]), part == other) for part in given)
        beside = " ; la colonne qui les joint sert de contrôle" if group.whole else ""
        why = f"{len(parts)} colonnes d’options cochées{beside}. À confirmer : un maximum éventuel (`maximum`)."
        return [replace(base, type="multiple", choices=choices, codes=tuple(codes), evidence=(why,))]
    if everything and _are_ranks(raw, group):
        return [replace(base, type="ranking", evidence=(f"{len(parts)} colonnes de rangs. À confirmer : `maximum`.",))]
    choices_ = texts.as_options(everything) if everything else None
    if choices_ is not None and not any(choice.other for choice in choices_):
        choices_ = texts.as_scale(choices_) or choices_
        why = f"{len(parts)} lignes, {len(choices_)} réponses possibles. À confirmer : l’ordre des réponses."
        return [replace(base, type="grid", choices=choices_, codes=_coded(choices_), evidence=(why,))]
    alone = [_Group(f"{group.text} [{part}]", whole=list(own)) for part, own in group.parts.items()]
    rest = [_Group(group.text, whole=group.whole)] if group.whole else []
    return [one for single in (*rest, *alone) for one in _of_whole(raw, single, ())]


def _are_ranks(raw: RawExport, group: _Group) -> bool:
    """Whether the columns hold whole numbers from 1 to their number, none twice in a row."""
    columns = [own[0].index for own in group.parts.values()]
    if len(columns) < 2:
        return False
    allowed = {str(number) for number in range(1, len(columns) + 1)}
    for row in raw.cells[columns].itertuples(index=False, name=None):
        ranks = [text.strip() for text in row if text.strip()]
        if len(set(ranks)) != len(ranks) or not set(ranks) <= allowed:
            return False
    return True
