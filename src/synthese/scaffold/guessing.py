"""What kind each question is, from its values, with the evidence.

Belongs here: guesses about one question, in the order in which they are tried. Does not: which columns are one
question (`grouping`), how a text is read (`texts`), what a form's own file says (`formed`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from synthese.cleaning.normal import normalise
from synthese.errors import SyntheseError
from synthese.exports import RawExport, named
from synthese.scaffold import personal, texts
from synthese.scaffold.drafts import Draft, Drafted, Part
from synthese.scaffold.filters import with_filters
from synthese.scaffold.grouping import Group, groups_of, values
from synthese.scaffold.texts import Choice

_RECOMMENDS = re.compile(r"recommand|recommend", re.IGNORECASE)
_YES_NO = ({"oui", "non"}, {"yes", "no"})
_UNUSED = "les options que personne n’a choisies, à ajouter ; `type: ordinal` si elles sont ordonnées."
_SHORT_TEXT = (
    "si c’est bien une question fermée : les réponses données une seule fois comptent comme « Autre »"
    " (sinon `type: open`, sans options)."
)


def guess(raw: RawExport) -> Drafted:
    """Draft the questions of an export.

    Raises
    ------
    SyntheseError
        Nothing in the file looks like a question.
    """
    groups, ignored = groups_of(raw)
    out: list[Draft] = []
    for group in groups:
        found = of_group(raw, group)
        out += [replace(one, id=f"Q{len(out) + place}") for place, one in enumerate(found, start=1)]
    if not out:
        raise SyntheseError.of(
            "no-question", "no column of this export looks like a question", file=raw.file, fix="name its --tool"
        )
    return Drafted(with_filters(raw, out), tuple(ignored))


def of_group(raw: RawExport, group: Group) -> list[Draft]:
    """Draft the columns under one header: one question, or several where they are not alike."""
    separators = named(raw.tool).separators
    if group.whole and all(texts.is_other(part) for part in group.parts):
        return _with_text_of_other(raw, group, separators)
    return _of_parts(raw, group)


def _with_text_of_other(raw: RawExport, group: Group, separators: Sequence[str]) -> list[Draft]:
    """Draft a question whose « Autre » may have a column of text beside the answer."""
    one = _of_whole(raw, Group(group.text, whole=group.whole), separators)
    if not group.parts:
        return [one]
    (label, columns), *_ = group.parts.items()
    if one.type not in ("single", "ordinal", "multiple"):
        return [one, _of_whole(raw, Group(columns[0].label, whole=list(columns)), ())]
    if not any(choice.other for choice in one.choices):
        choices = (*one.choices, Choice(label, 0, other=True))
        one = replace(one, type="single" if one.type == "ordinal" else one.type, choices=choices, codes=coded(choices))
    code = next(code for code, choice in zip(one.codes, one.choices, strict=True) if choice.other)
    why = "Le texte de « Autre » a sa colonne."
    return [replace(one, parts=(Part(code, label, tuple(columns)),), evidence=(*one.evidence, why))]


def coded(choices: Sequence[Choice]) -> tuple[str, ...]:
    """Give each option a code made of its text."""
    codes: list[str] = []
    for choice in choices:
        codes.append(texts.code(choice.label, codes))
    return tuple(codes)


def closed(base: Draft, choices: tuple[Choice, ...], told: str, confirm: Sequence[str] = ()) -> Draft:
    """Draft a question of one answer among options: ordered where an order shows."""
    told += "".join(f" ; « {choice.label} » hors base" for choice in choices if not choice.in_base)
    days = [choice.label for choice in choices if texts.are_dates([choice.label])]
    if days and len(days) < len(choices):
        shown = ", ".join(f"« {day} »" for day in days)
        confirm = (*confirm, f"{shown} : une date parmi les options ; un tableur a pu changer ainsi « 3-6 ».")
    scale = texts.as_scale(choices)
    if scale is not None:
        what, ordered = scale
        return replace(
            base,
            type="ordinal",
            choices=ordered,
            codes=coded(ordered),
            evidence=(told, f"Ordre : {what}, du plus bas au plus haut."),
            confirm=("l’ordre des réponses.", *confirm),
        )
    more = () if {normalise(choice.label) for choice in choices} in _YES_NO else (_UNUSED,)
    return replace(
        base, type="single", choices=choices, codes=coded(choices), evidence=(told,), confirm=(*more, *confirm)
    )


def _told(raw: RawExport, given: int) -> str:
    return f"{given} réponses sur {len(raw.cells)}"


# One column


def _of_whole(raw: RawExport, group: Group, separators: Sequence[str]) -> Draft:
    given = [text for column in group.whole for text in values(raw, column)]
    base = Draft("", group.text, "open", columns=tuple(group.whole))
    told = _told(raw, len(given))
    choices = texts.as_options(given)
    who = personal.told_by(group.text, given, closed=choices is not None)
    if who is None and any(column.meta in ("user", "email") for column in group.whole):
        who = "contact", "l’outil y note qui a répondu"
    if who is not None:
        role, why = who
        confirm = "que la question identifie quelqu’un ; elle ne sort jamais de private/."
        return replace(base, role=role, evidence=(f"{told} ; {why}.",), confirm=(confirm,))
    if not given:
        confirm = "le type de la question : personne n’y a répondu dans cet export."
        return replace(base, role="comment", evidence=("Colonne vide dans cet export.",), confirm=(confirm,))
    if texts.are_numbers(given) or _scores(group.text, given):
        return _number(base, given, told)
    if texts.are_dates(given) and choices is None:
        why = f"{told}, toutes des dates : le livre de codes n’en fait pas de statistique."
        return replace(base, role="comment", evidence=(why,), confirm=("qu’il n’y a rien à en compter.",))
    different = len(texts.distinct(given))
    listed = texts.as_list(given, separators)
    if listed is not None and (choices is None or len(listed[1]) < len(choices)):
        return _listed(base, listed, told)
    if choices is not None:
        why = f"{told} ; {different} textes différents, répétés." if different > 1 else f"{told}, toutes les mêmes."
        rest = different - sum(choice.count > 0 for choice in choices)
        alone = sum(choice.count == 1 for choice in choices)
        doubt = (_SHORT_TEXT,) if rest else ()
        if rest:
            why = f"{why[:-1]}, dont {rest} hors des options (donnés une seule fois, ou identifiants)."
        elif alone and different > 4:
            doubt = ("si c’est bien une question fermée : des réponses n’y sont données qu’une fois.",)
        return closed(base, choices, why, doubt)
    why = f"{told} ; {different} textes différents : texte libre, jamais publié."
    doubtful = len(given) >= 8 and different <= 0.75 * len(given)
    maybe = ("qu’il s’agit d’un texte libre : des réponses se répètent.",) if doubtful else ()
    return replace(base, role="comment", evidence=(why,), confirm=maybe)


def _scores(header: str, given: Sequence[str]) -> bool:
    """Whether whole numbers from 0 to 10 answer a question on recommending."""
    span = texts.whole_numbers(given) if _RECOMMENDS.search(header) else None
    return span is not None and span[0] >= 0 and 5 < span[1] <= 10


def _number(base: Draft, given: Sequence[str], told: str) -> Draft:
    span = texts.whole_numbers(given)
    if span is None:
        return replace(base, type="numeric", evidence=(f"{told}, toutes numériques.",), confirm=("unité, bornes.",))
    if _scores(base.text, given):
        why = f"{told}, nombres entiers de {span[0]} à {span[1]}, et l’intitulé parle de recommander : score de 0 à 10."
        confirm = ("que c’est un score de recommandation de 0 à 10 (`nps`).",)
        return replace(base, type="numeric", integer=True, nps=True, bounds=(0, 10), evidence=(why,), confirm=confirm)
    why = f"{told}, toutes des nombres entiers, de {span[0]} à {span[1]}."
    return replace(base, type="numeric", integer=True, evidence=(why,), confirm=("unité (`unit`), bornes.",))


def _listed(base: Draft, listed: tuple[str, tuple[Choice, ...]], told: str) -> Draft:
    separator, choices = listed
    given = [choice for choice in choices if choice.count]
    why = f"{told} ; {len(given)} options répétées, jointes par {separator!r} dans la cellule."
    if any(separator.strip() in choice.label for choice in given):
        why += " Une option contient ce séparateur : ses morceaux ne se séparent jamais."
    if any(choice.other and not choice.count for choice in choices):
        why += " Ce qui n’est d’aucune option compte comme « Autre »."
    why += "".join(f" « {c.label} » n’est jamais cochée avec une autre." for c in choices if c.exclusive)
    confirm = "le libellé exact des options, celles que personne n’a choisies, un maximum éventuel (`maximum`)."
    return replace(
        base,
        type="multiple",
        choices=choices,
        codes=coded(choices),
        separator=separator,
        evidence=(why,),
        confirm=(confirm,),
    )


# Several columns


def _of_parts(raw: RawExport, group: Group) -> list[Draft]:
    given = {part: [t for column in columns for t in values(raw, column)] for part, columns in group.parts.items()}
    codes: list[str] = []
    for part in group.parts:
        codes.append(texts.code(part, codes))
    columns = tuple(tuple(columns) for columns in group.parts.values())
    parts = tuple(Part(code, label, own) for code, label, own in zip(codes, given, columns, strict=True))
    everything = [text for texts_ in given.values() for text in texts_]
    base = Draft("", group.text, "open", parts=parts, columns=tuple(group.whole))
    ticked = [part for part, texts_ in given.items() if texts.are_ticks(texts_, part)]
    free = [part for part in given if part not in ticked]
    if ticked and (not free or (len(free) == 1 and texts.is_other(free[0]))):
        other = free[0] if free else next((part for part in given if texts.is_other(part)), None)
        return [_ticked(raw, base, given, codes, other)]
    if everything and _are_ranks(raw, group):
        why = f"{len(parts)} colonnes de rangs, sans ex æquo."
        return [replace(base, type="ranking", evidence=(why,), confirm=("un maximum éventuel (`maximum`).",))]
    choices = texts.as_options(everything) if everything else None
    if choices is not None and not any(choice.other for choice in choices):
        told = f"{len(parts)} lignes, {len(choices)} réponses possibles."
        told += "".join(f" « {choice.label} » hors base." for choice in choices if not choice.in_base)
        scale = texts.as_scale(choices)
        ordered = scale[1] if scale else choices
        evidence = (told, f"Ordre : {scale[0]}, du plus bas au plus haut.") if scale else (told,)
        return [
            replace(
                base,
                type="grid",
                choices=ordered,
                codes=coded(ordered),
                evidence=evidence,
                confirm=("l’ordre des réponses." if scale else "l’ordre des réponses : il n’a pas été reconnu.",),
            )
        ]
    alone = [Group(f"{group.text} [{part}]", whole=list(own)) for part, own in group.parts.items()]
    rest = [Group(group.text, whole=group.whole)] if group.whole else []
    return [_of_whole(raw, single, ()) for single in (*rest, *alone)]


def _ticked(raw: RawExport, base: Draft, given: dict[str, list[str]], codes: Sequence[str], other: str | None) -> Draft:
    """Draft a multiple response that has a column for each option."""
    alone = _alone(raw, base)
    choices = tuple(
        Choice(
            part,
            sum(not texts.is_unticked(text, part) for text in own),
            part == other,
            not texts.leaves_base(part),
            texts.is_nothing(part) and part in alone,
        )
        for part, own in given.items()
    )
    beside = " ; la colonne qui les joint sert de contrôle" if base.columns else ""
    why = f"{len(choices)} colonnes d’options cochées{beside}."
    why += "".join(f" « {choice.label} » n’est jamais cochée avec une autre." for choice in choices if choice.exclusive)
    confirm = ["un maximum éventuel (`maximum`)."]
    if not any(choice.count for choice in choices):
        confirm.insert(0, "le type de la question : personne n’y a répondu dans cet export.")
    return replace(base, type="multiple", choices=choices, codes=tuple(codes), evidence=(why,), confirm=tuple(confirm))


def _alone(raw: RawExport, base: Draft) -> set[str]:
    """Options that are never ticked together with another."""
    places = {part.label: [column.index for column in part.columns] for part in base.parts}
    ticks = {
        label: {
            row
            for index in columns
            for row, text in enumerate(raw.cells[index].tolist())
            if text.strip() and not texts.is_unticked(text, label)
        }
        for label, columns in places.items()
    }
    return {
        label
        for label, rows in ticks.items()
        if rows and not any(rows & others for name, others in ticks.items() if name != label)
    }


def _are_ranks(raw: RawExport, group: Group) -> bool:
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
