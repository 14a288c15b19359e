"""Columns of one option each: ticked or not.

Belongs here: what ticks a box, and what leaves it empty. Does not: what is made of the boxes of a question
(`coding`, `several`).
"""

from __future__ import annotations

from synthese.cleaning.absences import Told
from synthese.cleaning.choices import Choices, Match
from synthese.cleaning.columns import Desk, Flags
from synthese.cleaning.headers import Source
from synthese.cleaning.ledger import Positions
from synthese.cleaning.normal import MASK, normalise, shown
from synthese.codebook import Question

_TICKED = {
    *("x", "1", "1.0", "true", "vrai", "oui", "yes", "y", "o", "✓", "✔", "☑", "coché", "cochée", "checked", "selected"),
    *("sélectionné", "cité", "mentionné", "mentioned", "choisi"),
}
_UNTICKED = {
    *("0", "0.0", "false", "faux", "non", "no", "n", "☐", "non coché", "non cochée", "unchecked", "not selected"),
    *("non sélectionné", "non cité", "non mentionné", "not mentioned", "non choisi", "pas coché"),
}
TICKS = frozenset(_TICKED | _UNTICKED)
"""Texts, normalised, that tick a box or leave it empty."""


def read_ticks(
    desk: Desk, known: Choices, told: Told, target: str, source: Source, *, stands: bool
) -> tuple[Flags, list[tuple[Positions, str]]]:
    """Read the column of one option: ``X``, TRUE, ``Oui``, 1 or the option's own text tick it.

    Where the export labels the texts (``2`` = « Non »), the label counts.

    Returns
    -------
    tuple of ndarray of bool, list
        Who ticked it, and the texts given for « Autre » with their records.
    """
    code = str(source.part)
    label, part, labels = source.label, f"{target}.{code}", source.column.labels

    def match_of(text: str) -> Match | None:
        return known.exact.get(text) or known.loose.get(normalise(text))

    def own(text: str) -> bool:
        return any((match := match_of(t)) is not None and match.code == code for t in (text, labels.get(text, text)))

    texts = told.read_part(source, own, stands=stands)
    table = [False] * len(texts.texts)
    free: list[tuple[Positions, str]] = []
    for index, text, positions in texts:
        said = labels.get(text, labels.get(text.strip(), text))
        form, match = normalise(said), match_of(said)
        if form not in TICKS and not (match is not None and match.code == code):
            form, match = normalise(text), match_of(text)
        if not desk.exact and source.values.get(text) == code:
            table[index] = True
            desk.ledger.value(positions, part, label, shown(text), "1", "option-alias", "`values` de wave.yml")
        elif form in _TICKED or (match is not None and match.code == code):
            table[index] = True
            if match is not None and match.rule is not None:
                desk.ledger.value(positions, part, label, shown(text), "1", match.rule, f"colonne de {code}")
        elif form in _UNTICKED:
            table[index] = False
        elif known.option(code).other:
            table[index] = True
            free.append((positions, text))
            desk.ledger.value(positions, part, label, MASK, "1", "other-text", "texte de la colonne « Autre »")
        else:
            what = f"{shown(text)!r} is neither a tick nor empty in the column of option {code!r}"
            fix = "leave it empty, or write X"
            desk.ledger.finding("unknown-option", what, column=label, positions=positions, fix=fix)
            desk.ledger.value(positions, part, label, shown(text), "", "unknown-option", f"colonne de {code}")
    ticked = texts.spread(table, False).astype(bool)
    desk.filled |= ticked
    return ticked, free


def free_options(question: Question) -> frozenset[str]:
    """Options that hold free text: their column hides nothing, and none of them is a second answer."""
    return frozenset(option.code for option in question.options if option.other)
