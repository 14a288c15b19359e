"""A made-up study with chosen counts, released by the real gate, for the tests of the editorial room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synthese.codebook import Codebook
from synthese.disclosure import Released, release
from synthese.estimates import empty_tests, estimates_frame, robustness_frame
from synthese.study import StudySettings, WaveSettings

SCALE = [
    {"code": "pas_du_tout", "label": "Pas du tout"},
    {"code": "plutot_pas", "label": "Plutôt pas"},
    {"code": "plutot", "label": "Plutôt"},
    {"code": "tout_a_fait", "label": "Tout à fait"},
    {"code": "ne_sait_pas", "label": "Ne sait pas", "in_base": False},
]
CODEBOOK = {
    "schema": 1,
    "title": "Essai",
    "scales": [
        {"code": "suffisance", "label": "Suffisance", "kind": "agreement", "options": SCALE},
        {"code": "difficulte", "label": "Difficulté", "kind": "intensity", "options": SCALE},
    ],
    "questions": [
        {
            "id": "D1",
            "section": "D",
            "type": "single",
            "text": "Votre accompagnement est…",
            "short": "Type d’accompagnement",
            "lecture": "déclarent un accompagnement",
            "options": [
                {"code": "generaliste", "label": "Généraliste", "lecture": "généraliste"},
                {"code": "thematique", "label": "Thématique", "lecture": "thématique"},
                {"code": "les_deux", "label": "Les deux", "lecture": "à la fois généraliste et thématique"},
            ],
        },
        {
            "id": "D2",
            "section": "D",
            "type": "multiple",
            "text": "Thématiques",
            "lecture": "accompagnent sur la thématique",
            "routing": {
                "question": "D1",
                "any_of": ["thematique", "les_deux"],
                "champ": "structures dont l’accompagnement n’est pas exclusivement généraliste",
            },
            "options": [{"code": "energie", "label": "Énergie"}, {"code": "habitat", "label": "Habitat"}],
        },
        {
            "id": "D3",
            "section": "D",
            "type": "multiple",
            "text": "Dimensions",
            "rewordings": [
                {
                    "wave": "2026",
                    "text": "Dimensions principales",
                    "comparable": False,
                    "reason": "la question a été reformulée en 2026",
                }
            ],
            "options": [
                {"code": "strategie", "label": "Stratégie de projet (raison d’être, plan d’action)"},
                {"code": "gouvernance", "label": "Gouvernance et organisation globale"},
            ],
        },
        {
            "id": "B7",
            "section": "B",
            "type": "single",
            "role": "breakdown",
            "sensitivity": "public",
            "text": "Membre d’un réseau",
            "lecture": "répondent",
            "options": [
                {"code": "oui", "label": "Oui", "short": "Membre", "lecture": "être membres d’un réseau"},
                {"code": "non", "label": "Non", "short": "Non membre", "lecture": "n’être membres d’aucun réseau"},
            ],
        },
        {"id": "B6", "section": "B", "type": "numeric", "text": "ETP dédiés", "unit": "ETP"},
        {
            "id": "E2",
            "section": "E",
            "type": "ordinal",
            "scale": "suffisance",
            "text": "Financement suffisant",
            "lecture": "jugent leur financement suffisant :",
        },
        {
            "id": "F1",
            "section": "F",
            "type": "multiple",
            "text": "De quels renforcements avez-vous besoin ?",
            "short": "Besoins de renforcement",
            "lecture": "citent",
            "options": [
                {"code": "echange_pairs", "label": "Échange entre pairs", "lecture": "l’échange entre pairs"},
                {"code": "formation", "label": "Formation", "lecture": "la formation"},
                {"code": "outils", "label": "Outils et ressources partagées entre accompagnateur·rices de terrain"},
                {"code": "financement", "label": "Financement", "lecture": "le financement"},
                {"code": "autre", "label": "Autre", "other": True, "lecture": "un autre besoin"},
            ],
        },
        {
            "id": "F2",
            "section": "F",
            "type": "grid",
            "scale": "difficulte",
            "text": "Difficultés rencontrées",
            "rows": [
                {"code": "temps_long", "label": "Le temps long de la coopération", "short": "Temps long"},
                {"code": "elus", "label": "L’implication des élu·es"},
                {"code": "posture", "label": "La posture d’accompagnement"},
            ],
        },
    ],
    "planned_crosses": [
        {"id": "approche-reseau", "title": "Type d’accompagnement selon le réseau", "question": "D1", "by": "B7"},
        {"id": "besoins-reseau", "title": "Besoins selon le réseau", "question": "F1", "by": "B7"},
        {"id": "suffisance-reseau", "title": "Financement selon le réseau", "question": "E2", "by": "B7"},
    ],
}
SETTINGS = {
    "schema": 1,
    "title": "Essai",
    "source": "Questionnaire d’essai",
    "contact": {"role": "Chargé·e d’étude"},
    "unit": {
        "singular": "structure",
        "plural": "structures",
        "respondent_singular": "structure répondante",
        "respondent_plural": "structures répondantes",
        "feminine": True,
    },
}

Counts = Mapping[str, int]


def settings(**changed: Any) -> StudySettings:
    """``study.yml`` of the made-up study."""
    return StudySettings.model_validate(SETTINGS | changed)


def wave_settings(wave: str = "2024", **changed: Any) -> WaveSettings:
    """``wave.yml`` of a made-up wave."""
    given = {
        "schema": 1,
        "id": wave,
        "title": wave,
        "export": "x.csv",
        "tool": "plain",
        "field": {"start": f"{wave}-03-12", "end": f"{wave}-04-30"},
        "channel": "liste de diffusion",
        "design": "self-selected",
        "synthetic": True,
    }
    return WaveSettings.model_validate(given | changed)


def shares(question: str, counts: Counts, base: int, asked: int | None = None, **more: Any) -> list[dict[str, Any]]:
    """Rows of a question: a share and a count an option."""
    common = {"question": question, "asked": asked or base, "answered": base, "base": base, "status": "released"}
    common |= {"base_weighted": float(base), "effective_n": float(base)} | more
    rows: list[dict[str, Any]] = []
    for option, count in counts.items():
        here = common | {"option": option, "count": count}
        rows.append(here | {"statistic": "share", "unit": "share", "value": count / base})
        rows.append(here | {"statistic": "count", "unit": "respondents", "value": float(count)})
    return rows


def crossed(question: str, by: str, groups: Mapping[str, tuple[Counts, int]]) -> list[dict[str, Any]]:
    """Rows of a cross, with its totals."""
    total = sum(base for _, base in groups.values())
    options = list(next(iter(groups.values()))[0])
    rows = shares(question, {o: sum(c[o] for c, _ in groups.values()) for o in options}, total, by=by)
    for group, (counts, base) in groups.items():
        rows += shares(question, counts, base, by=by, group=group)
        rows += [
            {
                "question": question,
                "by": by,
                "group": group,
                "statistic": "count",
                "unit": "respondents",
                "value": float(base),
                "count": base,
                "base": total,
                "asked": total,
                "answered": total,
                "base_weighted": float(total),
                "effective_n": float(total),
                "status": "released",
            }
        ]
    return rows


def numbers(question: str, values: Mapping[str, float], base: int) -> list[dict[str, Any]]:
    """Rows of a numeric question."""
    common = {"question": question, "asked": base, "answered": base, "base": base, "status": "released"}
    common |= {"base_weighted": float(base), "effective_n": float(base), "unit": "ETP"}
    return [common | {"statistic": statistic, "value": value} for statistic, value in values.items()]


def differences(
    question: str, then: tuple[Counts, int], now: tuple[Counts, int], reference: str
) -> list[dict[str, Any]]:
    """Rows of an evolution."""
    rows = [row for row in shares(question, now[0], now[1]) if row["statistic"] == "share"]
    return [
        row
        | {
            "statistic": "difference",
            "value": row["value"] - then[0][row["option"]] / then[1],
            "reference_wave": reference,
        }
        for row in rows
    ]


def released(
    rows: Sequence[Mapping[str, Any]],
    wave: WaveSettings | None = None,
    study: StudySettings | None = None,
    earlier: Sequence[Released] = (),
    tried: Sequence[Mapping[str, Any]] = (),
) -> Released:
    """Pass rows through the gate, and numbers tried under variants."""
    declared = wave or wave_settings()
    frame = estimates_frame([{"wave": declared.id} | dict(row) for row in rows])
    codebook = Codebook.model_validate(CODEBOOK)
    robustness = robustness_frame([{"wave": declared.id, "status": "released"} | dict(row) for row in tried])
    given = study or settings()
    return release(frame, empty_tests(), codebook, declared, given, earlier=earlier, robustness=robustness)


def agreed(option: str, held: int = 3, **more: Any) -> dict[str, Any]:
    """Row of a gap with 2024 that holds in some of three variants."""
    return {"question": "F1", "option": option, "reference_wave": "2024", "computed": 3, "held": held} | more


F1_2024 = ({"echange_pairs": 46, "formation": 31, "outils": 24, "financement": 19, "autre": 4}, 54)
F1_2026 = ({"echange_pairs": 99, "formation": 58, "outils": 49, "financement": 61, "autre": 9}, 116)
F2 = {
    "temps_long": ({"pas_du_tout": 5, "plutot_pas": 9, "plutot": 20, "tout_a_fait": 18}, 52),
    "elus": ({"pas_du_tout": 3, "plutot_pas": 12, "plutot": 17, "tout_a_fait": 19}, 51),
    "posture": ({"pas_du_tout": 14, "plutot_pas": 21, "plutot": 11, "tout_a_fait": 4}, 50),
}
E2 = ({"pas_du_tout": 17, "plutot_pas": 19, "plutot": 10, "tout_a_fait": 4}, 50)


def first_wave(**changed: Any) -> Released:
    """Release a wave of 54 structures."""
    rows = shares("F1", *F1_2024)
    rows += shares("D1", {"generaliste": 44, "thematique": 4, "les_deux": 6}, 54)
    rows += shares("D2", {"energie": 5, "habitat": 7}, 10, asked=10)
    rows += shares("D3", {"strategie": 30, "gouvernance": 25}, 50, asked=54)
    rows += shares("B7", {"oui": 45, "non": 9}, 54)
    rows += shares("E2", *E2, asked=54, answered=54)
    rows += [
        {
            "question": "E2",
            "option": "ne_sait_pas",
            "statistic": "count",
            "unit": "respondents",
            "value": 4.0,
            "count": 4,
            "base": 54,
            "asked": 54,
            "answered": 54,
            "base_weighted": 54.0,
            "effective_n": 54.0,
            "status": "released",
        }
    ]
    for row, (counts, base) in F2.items():
        rows += shares(f"F2.{row}", counts, base, asked=54)
    rows += numbers("B6", {"mean": 2.4, "median": 1.5, "quantile_25": 0.5, "quantile_75": 3.0}, 50)
    return released(rows, wave_settings(**changed))


def second_wave() -> Released:
    """Release a wave of 118 structures, compared with the first."""
    before = first_wave()
    rows = shares("F1", *F1_2026, asked=118)
    rows += shares("D1", {"generaliste": 66, "thematique": 22, "les_deux": 30}, 118)
    rows += shares("D2", {"energie": 30, "habitat": 24}, 49, asked=52)
    rows += shares("D3", {"strategie": 70, "gouvernance": 60}, 110, asked=118)
    rows += shares("B7", {"oui": 78, "non": 40}, 118)
    rows += crossed(
        "D1",
        "B7",
        {
            "oui": ({"generaliste": 49, "thematique": 12, "les_deux": 17}, 78),
            "non": ({"generaliste": 17, "thematique": 10, "les_deux": 13}, 40),
        },
    )
    rows += crossed(
        "F1",
        "B7",
        {
            "oui": ({"echange_pairs": 70, "formation": 38, "outils": 30, "financement": 40, "autre": 5}, 77),
            "non": ({"echange_pairs": 29, "formation": 20, "outils": 19, "financement": 21, "autre": 4}, 39),
        },
    )
    rows += differences("F1", F1_2024, F1_2026, "2024")
    tried = [agreed("financement"), agreed("echange_pairs", 0)]
    return released(rows, wave_settings("2026"), earlier=[before], tried=tried)
