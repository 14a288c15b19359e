"""From a form's own file to drafted questions: nothing is guessed that the form tells.

Belongs here: questions of a `Structure` as drafts, with the columns of an export where there is one. Does not:
reading the file (`synthese.exports`), what no form tells (`guessing`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from synthese.cleaning.normal import normalise
from synthese.exports import Asked, Item, RawColumn, RawExport, Structure
from synthese.scaffold import personal, texts
from synthese.scaffold.drafts import Draft, Drafted, Part, Route, Type
from synthese.scaffold.grouping import groups_of, values
from synthese.scaffold.guessing import of_group
from synthese.scaffold.scales import order_of
from synthese.scaffold.texts import Choice

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CODE = re.compile(r"[a-z0-9][a-z0-9_]*|[0-9]{1,3}[AB]?")
_ROUTED = ("single", "ordinal", "multiple")


@dataclass(frozen=True)
class _Named:
    """A drafted question, with the draft's code of each option that the form names."""

    draft: Draft
    codes: Mapping[str, str]


def from_structure(structure: Structure, raw: RawExport | None = None) -> Drafted:
    """Draft the questions of a form.

    Parameters
    ----------
    structure : Structure
        The form.
    raw : RawExport, optional
        An export of it. Its columns that no question of the form has are drafted from their values; questions that
        have no column there are left out, and named in what to confirm.

    Returns
    -------
    Drafted
        In the order of the form, then of the file.
    """
    found: dict[str, _Named] = {}
    left: list[str] = []
    used: set[int] = set()
    for asked in structure.questions:
        if asked.kind == "note":
            continue
        columns = [] if raw is None else [c for c in raw.columns if c.kind == "answer" and _holds(c, asked)]
        if raw is not None and not columns:
            left.append(asked.code)
            continue
        used |= {column.index for column in columns}
        named = _drafted(asked, columns, raw, structure, found)
        found[asked.code] = named
    drafts = [named.draft for named in found.values()]
    ignored: list[RawColumn] = []
    if raw is not None:
        groups, ignored = groups_of(replace(raw, columns=tuple(c for c in raw.columns if c.index not in used)))
        ids = {draft.id for draft in drafts}
        for one in (one for group in groups for one in of_group(raw, group)):
            name = next(f"X{n}" for n in range(1, len(raw.columns) + 2) if f"X{n}" not in ids)
            ids.add(name)
            drafts.append(replace(one, id=name, evidence=("Absente du formulaire.", *one.evidence)))
    notes = (f"du formulaire, sans colonne dans l’export et laissées de côté : {', '.join(left)}.",) if left else ()
    return Drafted(tuple(drafts), tuple(ignored), structure.title, notes)


def _holds(column: RawColumn, asked: Asked) -> bool:
    if column.code is not None:
        return column.code == asked.code
    return normalise(column.header) in (normalise(asked.label), normalise(asked.code))


def _drafted(
    asked: Asked, columns: Sequence[RawColumn], raw: RawExport | None, form: Structure, before: Mapping[str, _Named]
) -> _Named:
    given = [] if raw is None else [text for column in columns for text in values(raw, column)]
    name = _name(asked.code, {named.draft.id for named in before.values()})
    text = asked.label.strip() or asked.code
    base = Draft(
        name, text, "open", columns=tuple(columns), section=asked.section, required=asked.required, formed=True
    )
    told = f"D’après le formulaire ({form.source}) : question « {asked.kind} »"
    who = personal.told_by(text, given, closed=bool(asked.options))
    if who is not None and not asked.options:
        role, why = who
        confirm = ("que la question identifie quelqu’un ; elle ne sort jamais de private/.",)
        draft = replace(base, role=role, required=False, evidence=(f"{told} ; {why}.",), confirm=confirm)
        return _Named(draft, {})
    choices, codes = _choices(asked)
    kind, more = _type(asked, choices)
    confirm_: list[str] = list(more)
    draft = replace(base, type=kind, evidence=(f"{told}.",), role="comment" if kind == "open" else "measure")
    if kind in ("single", "ordinal", "multiple", "grid"):
        if kind in ("ordinal", "grid") and (order := _order(choices)) is not None:
            choices, codes = [choices[i] for i in order], [codes[i] for i in order]
        draft = replace(draft, choices=tuple(choices), codes=tuple(codes))
    if kind in ("grid", "ranking"):
        draft = replace(draft, parts=_parts(asked.rows if kind == "grid" else asked.rows or asked.options, columns))
        draft = replace(draft, columns=())
    elif kind == "multiple" and any(column.sub is not None for column in columns):
        ticks = [column for column in columns if column.sub is not None]
        whole = tuple(column for column in columns if column.sub is None)
        draft = replace(draft, columns=whole, parts=_parts([*asked.options, *_other(asked)], ticks))
    if kind in ("multiple", "ranking"):
        draft = replace(draft, maximum=asked.maximum)
    if kind == "numeric" and given and texts.whole_numbers(given) is not None:
        draft = replace(draft, integer=True)
    route, doubt = _route(asked, before)
    if doubt is not None:
        confirm_.append(doubt)
    if kind == "open":
        draft = replace(draft, required=False)
    draft = replace(draft, route=route, confirm=tuple(confirm_))
    return _Named(draft, {item.code: code for item, code in zip(asked.options, _by_item(asked, draft), strict=True)})


def _by_item(asked: Asked, draft: Draft) -> list[str]:
    codes = {normalise(choice.label): code for choice, code in zip(draft.choices, draft.codes, strict=True)}
    return [codes.get(normalise(item.label), "") for item in asked.options]


def _name(code: str, taken: set[str]) -> str:
    """Keep the form's own name of a question where it can be an id; its last part, of ``group/question``."""
    last = re.split(r"[/.]", code)[-1]
    wanted = next((name for name in (code, last) if _ID.fullmatch(name) and name not in taken), None)
    return wanted or next(f"Q{n}" for n in range(len(taken) + 1, 2 * len(taken) + 3) if f"Q{n}" not in taken)


def _other(asked: Asked) -> list[Item]:
    return [] if asked.other is None else [Item("other", asked.other)]


def _choices(asked: Asked) -> tuple[list[Choice], list[str]]:
    """Options with codes: the form's own where they may be codes and differ, else made of the labels."""
    items = [item for item in asked.options if item.code not in asked.missing]
    choices = [
        Choice(
            item.label.strip() or item.code,
            0,
            in_base=not texts.leaves_base(item.label),
            exclusive=asked.kind == "multiple" and item.code in asked.exclusive,
        )
        for item in items
    ]
    own = [item.code if re.fullmatch(r"[0-9]{1,3}[AB]", item.code) else item.code.casefold() for item in items]
    if len(set(own)) < len(own) or not all(_CODE.fullmatch(code) for code in own):
        own = []
        for choice in choices:
            own.append(texts.code(choice.label, own))
    if asked.other is not None:
        choices.append(Choice(asked.other.strip() or "Autre", 0, other=True))
        own.append(next(code for code in ("autre", "other", "autre_texte", "other_text") if code not in own))
    return choices, own


def _type(asked: Asked, choices: Sequence[Choice]) -> tuple[Type, tuple[str, ...]]:
    """Type of a question, and what is to be confirmed of it."""
    if asked.kind in ("date", "open", "note"):
        return "open", ()
    if asked.kind == "ranking":
        return ("ranking", ()) if asked.rows or asked.options else ("open", ("les éléments à classer.",))
    if asked.kind == "numeric":
        return "numeric", ("unité (`unit`), bornes.",)
    if asked.kind == "grid" and not asked.rows:
        return "open", ("les lignes de la grille : le formulaire ne les dit pas.",)
    if len(choices) < 2:
        return "open", ("les options : le formulaire n’en dit pas deux.",)
    if asked.kind == "single":
        inside = [choice.label for choice in choices if choice.in_base and not choice.other]
        ordered = not any(choice.other for choice in choices) and order_of(inside) is not None
        return ("ordinal", ("l’ordre des réponses, du plus bas au plus haut.",)) if ordered else ("single", ())
    if asked.kind == "grid":
        return "grid", ("l’ordre des réponses, du plus bas au plus haut.",)
    return ("ordinal" if asked.kind == "ordinal" else "multiple"), ()


def _order(choices: Sequence[Choice]) -> list[int] | None:
    """Lowest first, as a known scale has it; those out of the base last."""
    inside = [place for place, choice in enumerate(choices) if choice.in_base]
    found = order_of([choices[place].label for place in inside])
    if found is None:
        return None
    return [*(inside[i] for i in found[1]), *(i for i, choice in enumerate(choices) if not choice.in_base)]


def _parts(items: Sequence[Item], columns: Sequence[RawColumn]) -> tuple[Part, ...]:
    """Lines, items or options with their columns: told by the tool's name of them, or by their label."""
    codes: list[str] = []
    out: list[Part] = []
    kept = [item.code.casefold() for item in items]
    own = len(set(kept)) == len(kept) and all(re.fullmatch(r"[a-z0-9][a-z0-9_]*", code) for code in kept)
    for item, code in zip(items, kept, strict=True):
        codes.append(code if own else texts.code(item.label or item.code, codes))
        mine = tuple(
            column
            for column in columns
            if column.part == item.code
            or (column.part is None and normalise(column.sub or "") in (normalise(item.label), normalise(item.code)))
        )
        out.append(Part(codes[-1], item.label.strip() or item.code, mine))
    return tuple(out)


def _route(asked: Asked, before: Mapping[str, _Named]) -> tuple[Route | None, str | None]:
    """Who is asked, where the form says it simply; otherwise what it says, to be declared by hand."""
    if asked.shown_if is None:
        return (
            (None, f"le filtre, que le formulaire écrit « {asked.expression} ».") if asked.expression else (None, None)
        )
    source = before.get(asked.shown_if.question)
    codes = tuple(code for name in asked.shown_if.codes if source and (code := source.codes.get(name)))
    if source is None or source.draft.type not in _ROUTED or len(codes) < len(asked.shown_if.codes):
        return None, f"le filtre : la question dépend de « {asked.shown_if.question} »."
    labels = {code: choice.label for code, choice in zip(source.draft.codes, source.draft.choices, strict=True)}
    listed = " ou ".join(f"« {labels[code]} »" for code in codes)
    champ = f"répondant·es ayant répondu {listed} à « {source.draft.text} »"
    return Route(source.draft.id, codes, champ), None
