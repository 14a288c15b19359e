"""Lines under a figure or a table: Lecture, Champ, Note, Source; and its title with n.

Belongs here: the models of these lines, filled from released numbers. Does not: sentences of the report
(`claims`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from synthese.codebook import Variable
from synthese.disclosure import Released
from synthese.editorial.reading import WITHHELD, Cell, Cross, base_of, one_way, outside_base, unit
from synthese.editorial.tested import tested_note
from synthese.editorial.waves import Change, comparison_note, overlap_note
from synthese.editorial.weights import drawn_words, weighted_note
from synthese.editorial.wording import answer, predicate, who
from synthese.formatting import (
    capitalised,
    decimal_text,
    french,
    integer_text,
    joined,
    percent_of,
    percent_text,
)

HIDDEN = f"Note : {WITHHELD} = nombre non diffusé (règle de confidentialité)."
ROUNDED = "Note : en raison des arrondis, la somme des pourcentages diffère de 100 %."
_SAID = {"_dont_know": "Ne sait pas", "_not_applicable": "Sans objet"}


def title_with_n(title: str, base: int | None) -> str:
    """Write a title and its base: "Besoins de renforcement (n = 54)"; a title that says "46 sur 54" has it."""
    told = base is not None and re.search(rf"\bsur {re.escape(integer_text(base))}\b", title)
    return french(title if base is None or told else f"{title} (n = {integer_text(base)})")


def title_with_bases(title: str, bases: Iterable[int]) -> str:
    """Write a title and the bases of its rows: "Difficultés (n = 98 à 101)"."""
    known = sorted(set(bases))
    if len(known) < 2:
        return title_with_n(title, known[0] if known else None)
    return french(f"{title} (n = {integer_text(known[0])} à {integer_text(known[-1])})")


def title_of_waves(title: str, reference: str, wave: str, found: Sequence[Change]) -> str:
    """Write a title, two waves and their bases: "Besoins, 2024 et 2026 (n = 54 et 116)"."""
    pairs = [(change.earlier.base, change.later.base) for change in found if change.later.base]
    then, now = next(((a, b) for a, b in pairs if a and b), (None, None))
    bases = f" (n = {integer_text(then)} et {integer_text(now)})" if then and now else ""
    waves = "" if f" en {reference}" in title and f" en {wave}" in title else f", {reference} et {wave}"
    return french(f"{title}{waves}{bases}")


def _subject(cell: Cell, respondents: str) -> str:
    """Open a Lecture line: "85 % des structures répondantes (46 sur 54)", "7 des 12 structures répondantes"."""
    percentage, counts = cell.parts
    if percentage is None:
        return f"{integer_text(cell.count or 0)} des {integer_text(cell.base or 0)} {respondents}"
    return f"{percentage} des {respondents}" + (f" ({counts})" if counts else "")


def _telling(cells: Iterable[Cell]) -> Cell | None:
    """Choose the cell that a Lecture line reads: the largest; its verb is plural, so two respondents at least."""
    readable = [cell for cell in cells if cell.shown and (cell.count or 0) >= 2 and not cell.option.other]
    return max(readable, key=lambda cell: cell.length, default=None)


def lecture(
    released: Released, variable: Variable, cells: Sequence[Cell], universe: str | None = None, title: str = ""
) -> str | None:
    """Read one number of a question aloud, of an answer that the title does not tell; None when none can be."""
    told = french(title)
    cell = _telling(cell for cell in cells if not told or french(answer(variable, cell.option)) not in told)
    if cell is None:
        return None
    among = who(released, variable, universe=universe)
    return f"Lecture : {_subject(cell, among)} {predicate(variable, cell.option.code)}."


def lecture_cross(released: Released, table: Cross) -> str | None:
    """Read one number of a cross aloud: "parmi les 14 structures répondantes qui sont…, 11 déclarent…"."""
    cell = _telling(table.cells)
    if cell is None or cell.group is None:
        return None
    units = who(released, table.question, table.by)
    by = table.by
    if by.groups is None and by.question.lecture and (cell.group.lecture or by.question.type != "grid"):
        clause = f"qui {predicate(by, cell.group.code)}"
    else:
        clause = f"du groupe « {cell.group.label} »"
    percentage, counts = cell.parts
    among = f"parmi les {integer_text(cell.base or 0)} {units} {clause}"
    many = integer_text(cell.count or 0)
    share = many if percentage is None else percentage + (f" ({counts})" if counts else "")
    return f"Lecture : {among}, {share} {predicate(table.question, cell.option.code)}."


def lecture_change(released: Released, variable: Variable, found: Sequence[Change], reference: str) -> str | None:
    """Read one evolution aloud, without a word on what it means."""
    cell = _telling([change.later for change in found if change.earlier.shown])
    if cell is None:
        return None
    before = next(change.earlier for change in found if change.later is cell)
    now = f"{_subject(cell, who(released, variable))} de {released.wave}"
    return f"Lecture : {now} {predicate(variable, cell.option.code)} ; en {reference}, {before.text}."


def champ(released: Released, variable: Variable, cells: Sequence[Cell], universe: str | None = None) -> str:
    """Say who the percentages are of, with n and non-response; counts that are withheld are left out.

    Of a universe neither non-response nor those out of the base are told: its few would be told by difference.
    """
    noun = unit(released)
    cell = next((cell for cell in cells if cell.base is not None), None)
    if universe is not None:
        champs = {known.id: known.champ for known in released.codebook.universes}
        base = "" if cell is None or cell.base is None else f", n = {integer_text(cell.base)}{_effective(cell)}"
        return f"Champ : {champs[universe]} et ayant répondu à la question {variable.question.id}{base}."
    routing = variable.question.routing
    missing = released.missing(variable.id)
    field = _field(released, variable)
    if cell is None or cell.base is None:
        return f"Champ : {field}."
    field += f", n = {integer_text(cell.base)}"
    if cell.asked is not None and cell.answered is not None:
        if routing or missing.get("_not_asked"):
            field += f" sur {integer_text(cell.asked)} {noun.agree('interrogé', cell.asked)}"
        else:
            field += f" (non-réponse : {integer_text(cell.asked - cell.answered)})"
    field += _effective(cell)
    unknown = missing.get("_routing_unknown", 0) if routing else 0
    if unknown and routing:
        field += f" ; sans réponse à la question {routing.question} : {integer_text(unknown)}"
    return f"Champ : {field}."


def _effective(cell: Cell) -> str:
    """Say as how many answers of equal weight a weighted base counts: the smaller of the two decides what is shown."""
    if not cell.weighted or cell.effective_n is None or cell.base is None or round(cell.effective_n) >= cell.base:
        return ""
    return f" ; taille effective : {decimal_text(cell.effective_n, 0)}"


def _field(released: Released, variable: Variable) -> str:
    """Name those whose answers are counted."""
    routing, name = variable.question.routing, variable.question.id
    them = f"{routing.champ} et ayant répondu" if routing else f"{unit(released).plural} à la question {name}"
    return them + _left_out(released, variable)


def _left_out(released: Released, variable: Variable) -> str:
    names = [f"« {name} »" for name, count in outside_base(released, variable.id) if count != 0]
    missing = released.missing(variable.id)
    names += [f"« {name} »" for reason, name in _SAID.items() if missing.get(reason) and f"« {name} »" not in names]
    return f", hors {joined(names)}" if names else ""


def champ_rows(released: Released, variable: Variable, rows: Sequence[Sequence[Cell]]) -> str:
    """Say who the bars of a grid are of, from its smallest base to its largest."""
    bases = [base for cells in rows if (base := base_of(cells)) is not None]
    low, high = integer_text(min(bases)), integer_text(max(bases))
    span = f"n = {low}" if low == high else f"n = {low} à {high}"
    field = f"{unit(released).plural} à chaque ligne de la question {variable.question.id}"
    return french(f"Champ : {field}{_left_out(released, variable)}, {span}.")


def champ_cross(released: Released, table: Cross) -> str:
    """Say who a cross is of: those who answered both questions, and whom these were put to."""
    base = "" if table.base is None else f", n = {integer_text(table.base)}"
    routings = [one.question.routing for one in (table.question, table.by) if one.question.routing]
    if not routings:
        return f"Champ : {released.settings.unit.plural} ayant répondu aux deux questions{base}."
    champs = " et ".join(dict.fromkeys(routing.champ for routing in routings))
    return f"Champ : {champs} et ayant répondu aux deux questions{base}."


def champ_number(released: Released, variable: Variable, base: int, universe: str | None = None) -> str:
    """Say who a mean and quartiles are of."""
    champs = {known.id: known.champ for known in released.codebook.universes}
    routing = variable.question.routing
    field = unit(released).plural
    if universe is not None or routing:
        field = f"{champs[universe] if universe is not None else routing and routing.champ} et ayant répondu"
    return f"Champ : {field} à la question {variable.question.id}, n = {integer_text(base)}."


def _several(subtitle: str) -> bool:
    """Whether the line under the title says that more than one answer may be given."""
    return "réponses possibles" in subtitle or "au plus" in subtitle


def reading_notes(released: Released, variable: Variable, cells: Sequence[Cell], subtitle: str = "") -> list[str]:
    """Say what a reader must know to read the numbers of a question rightly, but for what the subtitle says."""
    lines = []
    shown = [cell for cell in cells if cell.shown]
    shares = [cell for cell in shown if cell.value is not None and cell.count is not None and cell.base]
    if variable.kind == "multiple":
        total = sum(cell.value or 0 for cell in shares)
        most = variable.question.maximum
        at_most = f" ({integer_text(most)} au plus)" if most else ""
        said = [] if _several(subtitle) else [f"plusieurs réponses possibles{at_most}"]
        said += ["le total dépasse 100 %"] if total > 1 else []
        if variable.question.unticked == "none_of_them":
            said.append("n’en cocher aucune compte comme une réponse")
        lines += [f"Note : {' ; '.join(said)}."] if said else []
    elif shares and len(shares) == len(cells) and not shares[0].weighted:
        displayed = sum(int(percent_of(Fraction(cell.count or 0, cell.base or 1))) for cell in shares)
        if displayed != 100:
            lines.append(ROUNDED)
    return lines + _marks(released, cells)


def _marks(released: Released, cells: Sequence[Cell], *, hidden: bool = False) -> list[str]:
    lines = []
    if any(cell.weighted and cell.value is not None for cell in cells):
        lines.append(weighted_note(released))
    if hidden or any(not cell.shown for cell in cells):
        lines.append(HIDDEN)
    return lines


def design_note(released: Released, *, intervals: bool = True) -> str:
    """Say what the sample lets one conclude; of intervals only where some are shown."""
    wave, units = released.wave_settings, released.settings.unit
    asked = released.estimates["asked"].dropna()
    answers = int(asked.max()) if len(asked) else 0
    if released.design == "census":
        invited = wave.population or wave.invited
        rate = f" (taux de réponse : {percent_text(answers, invited)})" if invited and answers <= invited else ""
        of = f" de {integer_text(invited)} {units.plural}" if invited else ""
        return (
            f"Note : interrogation exhaustive{of}, {integer_text(answers)} réponses{rate} ; "
            "pas d’erreur d’échantillonnage, biais de non-réponse possible."
        )
    if released.design == "probability":
        if not intervals:
            return f"Note : {drawn_words(released)}."
        return (
            f"Note : {drawn_words(released)} ; intervalles de confiance à {confidence_text(released)}, "
            "non ajustés pour les comparaisons multiples."
        )
    return (
        f"Note : participation volontaire ; les résultats décrivent les {units.respondent_plural} "
        "et ne sont pas extrapolables."
    )


def confidence_text(released: Released) -> str:
    """Write the level of the intervals: "95 %"."""
    return f"{released.settings.confidence * 100:g} %".replace(".", ",")


def source(released: Released, *references: str) -> str:
    """Name the questionnaire, the wave(s), the dates, and say when the data are synthetic."""
    waves = [*(released.earlier(wave).wave_settings for wave in references), released.wave_settings]
    dates = ", ".join(f"vague {w.id.removeprefix('vague-')}, {w.field_work.period}" for w in waves)
    mark = " (données synthétiques)" if any(wave.synthetic for wave in waves) else ""
    return f"Source : {released.settings.source}, {dates}{mark}."


def synthetic(released: Released, *references: str) -> bool:
    """Tell whether a picture must say that its data are synthetic."""
    return released.synthetic or any(released.earlier(wave).synthetic for wave in references)


def composed(*lines: str | None, extra: Sequence[str] = ()) -> tuple[str, ...]:
    """Put lines in the order Lecture, Champ, Note, Source, with French typography; None is left out."""
    order = ("Lecture", "Champ", "Note", "Source")
    given = [line for line in (*lines, *extra) if line]
    return tuple(
        french(line) for line in sorted(given, key=lambda line: order.index(line.split(maxsplit=1)[0].rstrip(":")))
    )


def question_notes(
    released: Released,
    question: str,
    extra: Sequence[str] = (),
    universe: str | None = None,
    *,
    title: str = "",
    subtitle: str = "",
) -> tuple[str, ...]:
    """Write every line under a figure or table of one question.

    Parameters
    ----------
    released : Released
        The wave.
    question : str
        A question, a row of a grid, or a regrouping.
    extra : sequence of str
        Lines of the author, each opening with Lecture, Champ, Note or Source.
    universe : str, optional
        The universe of the codebook whose respondents the numbers are of.
    title, subtitle : str
        What stands above: no line says it again.
    """
    variable, cells = released.variable(question), one_way(released, question, universe)
    return composed(
        lecture(released, variable, cells, universe, title),
        champ(released, variable, cells, universe),
        *reading_notes(released, variable, cells, subtitle),
        design_note(released, intervals=any(cell.interval is not None for cell in cells)),
        source(released),
        extra=extra,
    )


def grid_notes(
    released: Released, variables: Sequence[Variable], rows: Sequence[Sequence[Cell]], extra: Sequence[str] = ()
) -> tuple[str, ...]:
    """Write every line under a figure of several rows of a grid; see `question_notes`."""
    told = [line for one, cells in zip(variables, rows, strict=True) for line in reading_notes(released, one, cells)]
    return composed(
        lecture(released, variables[0], rows[0]),
        champ_rows(released, variables[0], rows),
        *dict.fromkeys(told),
        design_note(released, intervals=any(cell.interval is not None for cells in rows for cell in cells)),
        source(released),
        extra=extra,
    )


def cross_notes(released: Released, table: Cross, extra: Sequence[str] = (), *, subtitle: str = "") -> tuple[str, ...]:
    """Write every line under a figure or table of a cross; see `question_notes`."""
    several = table.question.kind == "multiple" and not _several(subtitle)
    hidden = any(base is None for _, base, _ in table.groups)
    return composed(
        lecture_cross(released, table),
        champ_cross(released, table),
        "Note : plusieurs réponses possibles." if several else None,
        *_marks(released, (*table.cells, *table.total), hidden=hidden),
        design_note(released, intervals=False),
        tested_note(released, table.question.id, table.by.id),
        source(released),
        extra=extra,
    )


def change_notes(
    released: Released,
    question: str,
    found: Sequence[Change],
    reference: str,
    extra: Sequence[str] = (),
    *,
    subtitle: str = "",
    hidden: bool = False,
) -> tuple[str, ...]:
    """Write every line under a figure or table of two waves; see `question_notes`.

    Parameters
    ----------
    hidden : bool
        A gap is printed as withheld though both shares are told.
    """
    variable = released.variable(question)
    if variable.groups is None:  # an option compared may be one that this wave split
        variable = replace(variable, options=tuple(change.later.option for change in found))
    first, last = base_of([c.earlier for c in found]), base_of([c.later for c in found])
    bases = [
        f"n = {integer_text(base)} en {wave}" for wave, base in ((reference, first), (released.wave, last)) if base
    ]
    apart = None
    if released.design == "self-selected":
        apart = (
            "Note : les deux vagues ne réunissent pas exactement les mêmes répondant·es ; "
            "un écart n’est pas une évolution."
        )
    several = variable.kind == "multiple" and not _several(subtitle)
    return composed(
        lecture_change(released, variable, found, reference),
        f"Champ : {_field(released, released.variable(question))}" + (f", {' et '.join(bases)}." if bases else "."),
        "Note : plusieurs réponses possibles." if several else None,
        *_marks(released, [cell for change in found for cell in (change.earlier, change.later)], hidden=hidden),
        comparison_note(released, question, reference),
        overlap_note(released, question, reference),
        apart,
        design_note(released, intervals=any(change.interval is not None for change in found)),
        source(released, reference),
        extra=extra,
    )


def alternative(kind: str, title: str, cells: Iterable[tuple[str, str]], *, synthetic: bool) -> str:
    """Write the text that stands for a picture: what it is, its title, each label with its number."""
    listed = " ; ".join(f"{label} : {text}" for label, text in cells)
    mark = " Données synthétiques." if synthetic else ""
    return french(f"{capitalised(kind)}, {title}. {listed}.{mark}")
