"""Note lines say who, how many and from where, in right French."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.codebook import Codebook, variable
from synthese.editorial import notes, wording
from synthese.editorial.reading import cross, one_way

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

S = "\u00a0"


@pytest.fixture(scope="module")
def first():
    return study.first_wave()


@pytest.fixture(scope="module")
def second():
    return study.second_wave()


def test_single(first) -> None:
    assert notes.question_notes(first, "D1") == (
        f"Lecture{S}: 81{S}% des structures répondantes (44 sur 54) déclarent un accompagnement généraliste.",
        f"Champ{S}: structures répondantes à la question D1, n = 54 (non-réponse{S}: 0).",
        f"Note{S}: en raison des arrondis, la somme des pourcentages diffère de 100{S}%.",
        f"Note{S}: participation volontaire\u202f; les résultats décrivent les structures répondantes "
        "et ne sont pas extrapolables.",
        f"Source{S}: Questionnaire d’essai, vague 2024, du 12 mars au 30 avril 2024 (données synthétiques).",
    )


def test_multiple(first, second) -> None:
    lines = notes.question_notes(first, "F1")
    assert lines[0] == f"Lecture{S}: 85{S}% des structures répondantes (46 sur 54) citent l’échange entre pairs."
    assert lines[2] == f"Note{S}: plusieurs réponses possibles\u202f; le total dépasse 100{S}%."
    large = notes.question_notes(second, "F1")
    assert large[0] == f"Lecture{S}: 85{S}% des structures répondantes citent l’échange entre pairs."
    assert large[1] == f"Champ{S}: structures répondantes à la question F1, n = 116 (non-réponse{S}: 2)."


def test_total_is_not_said_to_exceed_what_it_does_not() -> None:
    few = study.released(study.shares("F1", {"echange_pairs": 20, "formation": 15}, 54))
    assert notes.question_notes(few, "F1")[2] == f"Note{S}: plusieurs réponses possibles."


def test_who_said_that_they_do_not_know_or_were_not_asked_is_told_apart() -> None:
    rows = study.shares("D1", {"generaliste": 44, "thematique": 6}, 50, 56, answered=54)
    for option, count in (("_dont_know", 3), ("_not_applicable", 1), ("_no_answer", 2), ("_not_asked", 4)):
        rows.append(rows[1] | {"option": option, "count": count, "value": float(count)})
    told = notes.question_notes(study.released(rows), "D1")[1]
    assert told == (
        f"Champ{S}: structures répondantes à la question D1, hors «{S}Ne sait pas{S}» et «{S}Sans objet{S}», "
        "n = 50 sur 56 interrogées."
    )


def test_routed(second) -> None:
    assert notes.question_notes(second, "D2")[1] == (
        f"Champ{S}: structures dont l’accompagnement n’est pas exclusivement généraliste et ayant répondu, "
        "n = 49 sur 52 interrogées."
    )


def test_few_respondents_are_counted(first) -> None:
    assert notes.question_notes(first, "D2")[0] == (
        f"Lecture{S}: 7 des 10 structures concernées accompagnent sur la thématique «{S}Habitat{S}»."
    )


def test_answers_outside_the_base_are_named(first) -> None:
    lines = notes.question_notes(first, "E2")
    assert "à la question E2, hors «\u00a0Ne sait pas\u00a0», n = 50 (non-réponse\u00a0: 0)." in lines[1]
    assert lines[0].endswith("jugent leur financement suffisant\u00a0: «\u00a0Plutôt pas\u00a0».")


def test_grid_row(first) -> None:
    assert notes.question_notes(first, "F2.elus")[0] == (
        f"Lecture{S}: 37{S}% des structures répondantes (19 sur 51) ont répondu «{S}Tout à fait{S}» "
        f"à propos de «{S}L’implication des élu·es{S}»."
    )


def test_crossed(second) -> None:
    lines = notes.cross_notes(second, cross(second, "D1", "B7"))
    assert lines[0] == (
        f"Lecture{S}: parmi les 78 structures répondantes qui répondent être membres d’un réseau, "
        f"63{S}% (49 sur 78) déclarent un accompagnement généraliste."
    )
    assert lines[1] == f"Champ{S}: structures ayant répondu aux deux questions, n = 118."


def test_designs() -> None:
    census = study.first_wave(design="census", population=200)
    assert notes.design_note(census) == (
        "Note : interrogation exhaustive de 200 structures, 54 réponses (taux de réponse : 27\u00a0%) ; "
        "pas d’erreur d’échantillonnage, biais de non-réponse possible."
    )
    sample = study.first_wave(design="probability", population=2000)
    assert "intervalles de confiance à 95 %, non ajustés" in notes.design_note(sample)


def test_real_data_are_not_called_synthetic() -> None:
    real = study.first_wave(synthetic=False)
    assert notes.source(real).endswith("30 avril 2024.")
    assert not notes.synthetic(real)


def test_two_waves(second) -> None:
    from synthese.editorial.waves import changes

    lines = notes.change_notes(second, "F1", changes(second, "F1", "2024"), "2024")
    assert lines[0] == (
        f"Lecture{S}: 85{S}% des structures répondantes de 2026 citent l’échange entre pairs\u202f; "
        f"en 2024, 85{S}% (46 sur 54)."
    )
    assert "n = 54 en 2024 et n = 116 en 2026" in lines[1]
    assert lines[2] == f"Note{S}: plusieurs réponses possibles."
    assert "pas exactement les mêmes répondant·es" in lines[3], "some answer both waves"
    assert "un écart n’est pas une évolution" in lines[3]
    assert "vague 2024" in lines[-1]
    assert "vague 2026" in lines[-1]


@pytest.mark.parametrize(
    ("question", "codes", "said"),
    [
        (
            "D1",
            ("generaliste", "thematique"),
            f"structures répondantes à la question D1, hors «{S}Ne sait pas{S}», n",
        ),
        (
            "D2",
            ("energie", "habitat"),
            "structures dont l’accompagnement n’est pas exclusivement généraliste et ay",
        ),
    ],
)
def test_of_two_waves_the_field_is_said_as_of_one(question, codes, said) -> None:
    from synthese.editorial.waves import changes

    counts = dict(zip(codes, (40, 30), strict=True))
    rows = study.shares(question, counts, 50, 56, answered=54)
    rows.append(rows[1] | {"option": "_dont_know", "count": 4, "value": 4.0})
    rows += study.differences(question, (counts, 50), (counts, 50), "2024")
    earlier = [study.released(study.shares(question, counts, 50))]
    both = study.released(rows, study.wave_settings("2026"), earlier=earlier)
    assert said in notes.change_notes(both, question, changes(both, question, "2024"), "2024")[1]


def test_a_withheld_number_beside_an_earlier_wave_gets_its_mark() -> None:
    from synthese.editorial.waves import changes

    now = ({"echange_pairs": 46, "formation": 31, "outils": 2}, 54)
    then = ({option: study.F1_2024[0][option] for option in now[0]}, 54)
    rows = study.shares("F1", *now) + study.differences("F1", then, now, "2024")
    waves = study.released(rows, study.wave_settings("2026"), earlier=[study.first_wave()])
    lines = notes.change_notes(waves, "F1", changes(waves, "F1", "2024"), "2024")
    assert any("s = nombre non diffusé" in line for line in lines)


def test_withheld_numbers_get_their_mark() -> None:
    hidden = study.released(study.shares("F1", {"echange_pairs": 46, "formation": 31, "outils": 2}, 54))
    cells = one_way(hidden, "F1")
    assert [cell.text for cell in cells if not cell.shown] == ["s"]
    assert any("s = nombre non diffusé" in line for line in notes.question_notes(hidden, "F1"))


def test_author_lines_take_their_place(first) -> None:
    lines = notes.question_notes(first, "F1", ["Note : valeur publiée ; base synthétique."])
    assert [line.split("\u00a0")[0] for line in lines] == ["Lecture", "Champ", "Note", "Note", "Note", "Source"]


def test_the_first_rank_is_not_called_an_answer() -> None:
    items = [{"code": "a", "label": "Épisode V"}, {"code": "b", "label": "Épisode VI"}]
    asked = {"id": "R", "section": "s", "type": "ranking", "text": "Rangez", "rows": items}
    book = Codebook.model_validate({"schema": 1, "title": "t", "questions": [asked]})
    assert wording.predicate(variable(book, "R", "2024"), "a") == "classent « Épisode V » en premier"
