"""Every rule by which cleaning drops a row, sets a column aside or changes a value.

Belongs here: the rules' names, the order of those for rows, what a reader is told of each (in French), and
which of them stop a wave. Does not: applying them.
"""

from __future__ import annotations

from typing import Final

ROW_RULES: Final[tuple[str, ...]] = ("draft", "empty", "trial", "too-few-answers", "must-answer", "duplicate")
"""Rules that drop a row, in the order in which they are applied: a row is dropped by the first that holds."""

RULES: Final[dict[str, str]] = {
    "draft": "brouillon non envoyé",
    "empty": "questionnaire vide",
    "trial": "essai du formulaire",
    "too-few-answers": "trop peu de réponses",
    "must-answer": "sans réponse à une question indispensable",
    "duplicate": "doublon",
    "column-ignored": "colonne écartée par wave.yml",
    "column-meta": "colonne technique de l’outil, non conservée",
    "column-empty": "colonne sans titre ni contenu",
    "column-second-encoding": "seconde écriture de la même question, utilisée comme contrôle",
    "header-alias": "question reconnue par un intitulé déclaré dans wave.yml",
    "header-normalised": "question reconnue à la typographie près",
    "header-cut-short": "question reconnue au début de son intitulé, que le fichier tronque",
    "columns-merged": "colonnes de même intitulé réunies",
    "option-alias": "réponse reconnue par une correspondance déclarée dans wave.yml",
    "option-normalised": "réponse reconnue à la typographie près",
    "leading-zero": "zéro initial rétabli",
    "trailing-zero": "zéro final rétabli",
    "mojibake": "caractères mal décodés, rétablis",
    "other-text": "texte libre compté dans « Autre »",
    "coded": "réponse libre codée par la fiche de codage de sa question",
    "option-cut-short": "réponse reconnue au début de son libellé, que le fichier tronque",
    "absence-told": "raison d’absence de réponse donnée par l’outil",
    "absence-declared": "raison d’absence de réponse déclarée dans wave.yml",
    "hidden-with-answer": "réponse à une question que l’outil dit non posée, conservée",
    "two-answers": "plusieurs réponses à une question à choix unique, écartées",
    "unknown-option": "réponse qui ne correspond à aucune option, écartée",
    "excel-date": "date fabriquée par un tableur, écartée",
    "ambiguous-options": "réponse lisible de plusieurs façons : options les plus longues retenues",
    "number-parsed": "nombre réécrit",
    "scientific-notation": "nombre en notation scientifique, réécrit",
    "ambiguous-number": "nombre lisible de deux façons : séparateur lu comme décimal",
    "not-a-number": "réponse qui n’est pas un nombre, écartée",
    "out-of-range": "nombre hors des bornes déclarées, écarté",
    "not-whole": "nombre non entier, conservé",
    "too-many": "plus de réponses que le maximum, conservées telles quelles",
    "exclusive-with-others": "option exclusive cochée avec d’autres, conservées telles quelles",
    "rank-conflict": "rangs incohérents, conservés tels quels",
    "not-a-rank": "rang illisible, écarté",
    "branch-conflict": "deux colonnes remplies pour une question : la première est retenue",
    "encodings-differ": "deux écritures de la même question se contredisent : les colonnes par option sont retenues",
    "inconsistent": "réponses qui se contredisent, conservées telles quelles",
    "text-without-other": "texte « Autre » donné avec une autre réponse, conservé à part",
    "routing-contradiction": "réponse à une question qui n’était pas posée, écartée",
    "routing-unknown-answer": "réponse à une question dont on ne sait si elle était posée, écartée",
}
"""What each rule of the journal says, in French."""

ERRORS: Final[frozenset[str]] = frozenset({"unknown-option", "excel-date", "branch-conflict"})
"""Findings that stop a wave: an answer would be lost for want of a declaration."""

SHEET_ERRORS: Final[frozenset[str]] = frozenset({"unknown-code", "coded-twice", "several-codes", "key-of-another"})
"""Findings of coding sheets that stop a wave: what a coder decided would be passed over."""
