"""What a reader is told of weights and of how respondents were drawn: on the method page and under each number."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from synthese.editorial import method, notes, number_table, question_table
from synthese.editorial.absent import absent
from synthese.editorial.facts import Ref, look_up
from synthese.editorial.tested import tested_note
from synthese.editorial.weights import Weighed
from synthese.errors import SyntheseError
from synthese.estimates import tests_frame

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

MARGINS = [
    {"question": "B7", "totals": {"oui": 300, "non": 100}, "source": "registre, 2023."},
    {"question": "D1", "totals": {"generaliste": 0.7, "thematique": 0.2, "les_deux": 0.1}, "source": "enquête, 2022"},
]
PLAIN = Weighed(base=54, effective_n=45.3, design_effect=1.192, unknown=(0, 0))


def told(weighed=PLAIN, **wave):
    rows = study.shares("B7", {"oui": 45, "non": 9}, 54)
    piece = method.reading(study.released(rows, study.wave_settings(**wave)), "txt-x", weighed)
    return piece.artefact.text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def lines(piece):
    return " ".join(piece.artefact.notes).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def test_margins_are_named_with_their_sources():
    text = told(weight="B6", calibration=MARGINS)
    assert (
        "les poids fournis avec les réponses ont été redressés par calage sur marges (méthode itérative du quotient), "
        "sur « Membre d'un réseau » (source : registre, 2023) et « Type d'accompagnement » (source : enquête, 2022)."
    ) in text
    assert "Taille effective de l'ensemble : 45 pour 54 réponses (effet des poids, au sens de Kish : 1,19)." in text
    one = told(Weighed(54, 45.3, 1.192, unknown=(1,)), calibration=MARGINS[:1])
    assert "les réponses ont été redressées par post-stratification, sur « Membre d'un réseau »" in one
    assert "1 structure sans total connu pour « Membre d'un réseau » garde la part d'avant redressement." in one
    assert "pondérés par des poids fournis avec les réponses." in told(Weighed(54, 45.3, 1.2), weight="B6")


def test_weights_of_volunteers_make_them_no_sample():
    assert "non les effets de la participation volontaire" in told(weight="B6", calibration=MARGINS)
    assert "volontaire" not in told(weight="B6", calibration=MARGINS, design="probability")
    assert "pondér" not in told()


def test_cut_weights_are_counted_with_what_was_moved():
    trimmed = Weighed(54, 45.3, 1.192, trimmed=3, moved=0.021)
    text = told(trimmed, weight="B6", trim={"at_most": 2.5})
    assert "Les poids sont plafonnés à 2,5 fois leur moyenne : 3 le sont, ce qui déplace 2 % du poids total." in text
    none = told(Weighed(54, 45.3, 1.192), weight="B6", trim={"at_most": 2.5})
    assert "plafonnés à 2,5 fois leur moyenne : aucun n'atteint ce plafond." in none


def test_a_drawn_sample_says_how_and_that_intervals_follow():
    drawn = Weighed(54, 54.0, 1.0, strata=2, clusters=1, lonely=1)
    wave = {"design": "probability", "strata": "B7", "clusters": "D1", "lonely": "certainty", "primary_units": 90}
    text = told(drawn, **wave)
    assert "Échantillon aléatoire stratifié, par grappes ; intervalles de confiance à 95 %" in text
    assert "stratifié selon « Membre d'un réseau » (2 strates) et tiré par grappes (1 grappe)" in text
    assert "en tiennent compte, comme de la part de la population qui a été tirée." in text
    assert "Une strate dont une seule unité a été tirée est tenue pour tirée avec certitude." in text
    assert "pondér" not in text


def test_a_weighted_table_names_its_margins_and_its_effective_size():
    rows = study.shares("D1", {"generaliste": 44, "thematique": 4, "les_deux": 6}, 54, effective_n=45.3)
    wave = study.wave_settings(calibration=MARGINS[:1])
    text = lines(question_table(study.released(rows, wave), "tbl-x", "D1"))
    assert "Note : résultats pondérés (redressement sur « Membre d'un réseau ») ; effectifs non pondérés." in text
    assert "n = 54 (non-réponse : 0) ; taille effective : 45." in text
    plain = lines(question_table(study.released(rows), "tbl-x", "D1"))
    assert "pondéré" not in plain
    assert "taille effective" not in plain


def test_means_have_their_interval_where_respondents_were_drawn():
    values = {"mean": 3.2, "median": 2.0, "quantile_25": 1.0, "quantile_75": 4.0}
    interval = {"ci_low": 2.1, "ci_high": 4.3, "confidence": 0.95, "method": "taylor-t"}
    rows = [row | interval if row["statistic"] == "mean" else row for row in study.numbers("B6", values, 54)]
    made = number_table(study.released(rows, study.wave_settings(design="probability")), "tbl-x", "B6")
    text = made.artefact.payloads["text/csv"].decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Intervalle à 95 %" in text
    assert "2,1 – 4,3" in text
    volunteers = number_table(study.released(rows), "tbl-x", "B6")
    assert "Intervalle" not in volunteers.artefact.payloads["text/csv"].decode()


def test_a_recommendation_has_its_score_and_what_it_is(monkeypatch):
    values = {"mean": 7.6, "median": 8.0, "quantile_25": 6.0, "quantile_75": 9.0, "nps": 4.8}
    rows = [row | ({"ci_low": -2.8, "ci_high": 12.5} if row["statistic"] == "nps" else {})
            for row in study.numbers("B6", values, 54)]  # fmt: skip
    released = study.released(rows, study.wave_settings(design="probability"))
    known = released.variable("B6")
    scored = replace(known, question=known.question.model_copy(update={"nps": True}))
    monkeypatch.setattr(type(released), "variable", lambda *_: scored)
    made = number_table(released, "tbl-x", "B6")
    assert "Score de recommandation (NPS)" in made.artefact.payloads["text/csv"].decode()
    assert "−2,8 à 12,5" in made.artefact.payloads["text/csv"].decode()
    assert "Note : NPS, part des notes 9 et 10 moins part des notes 0 à 6, en points." in lines(made)


def test_intervals_are_spoken_of_only_where_some_are_shown():
    drawn = study.released(study.shares("D1", {"generaliste": 44, "thematique": 4, "les_deux": 6}, 54),
                           study.wave_settings(design="probability"))  # fmt: skip
    assert "intervalles" not in lines(question_table(drawn, "tbl-x", "D1"))
    assert "échantillon aléatoire." in lines(question_table(drawn, "tbl-x", "D1"))
    assert "intervalles" in notes.design_note(drawn)


def test_a_key_is_no_answer():
    released = study.first_wave()
    codebook = released.codebook
    key = codebook.by_id["B6"].model_copy(update={"role": "weight"})
    questions = tuple(key if question.id == "B6" else question for question in codebook.questions)

    class Keyed:
        pass

    keyed = Keyed()
    keyed.codebook = codebook.model_copy(update={"questions": questions})
    keyed.wave = "2024"
    with pytest.raises(SyntheseError, match=r"B6 is no answer \(its role is weight\).*delete this cell"):
        absent(keyed, "tbl-x", ["B6"])


NUMBERS = ("statistic", "df", "p_value", "p_adjusted", "effect_size", "base")


class Crossed:
    """What the note on a test reads of a release."""

    def __init__(self, **changed):
        row = {"wave": "2024", "question": "D1", "by": "B7", "method": "rao_scott_f", "statistic": 4.2, "df": 1.8,
               "p_value": 0.0132, "family": "planned", "adjustment": "holm", "p_adjusted": 0.0264,
               "effect": "cramers_v", "effect_size": 0.214, "base": 54, "status": "released"}  # fmt: skip
        pair = {**row, "option": "generaliste", "group": "oui", "reference_group": "non"}
        self.tests = tests_frame([pair, row | changed])


def test_a_cross_has_the_released_test_of_the_whole_and_no_other():
    note = tested_note(Crossed(), "D1", "B7").replace("\u00a0", " ").replace("\u202f", " ")
    assert note.startswith("Note : test d’indépendance (F de Rao et Scott, qui suit le plan de l’échantillon) : ")
    assert "p = 0,026 après ajustement de Holm" in note
    assert note.endswith(" ; V de Cramér : 0,21.")
    assert tested_note(Crossed(**dict.fromkeys(NUMBERS), status="withheld_primary"), "D1", "B7") is None
    assert tested_note(Crossed(), "F1", "B7") is None


def test_a_weighted_share_of_which_only_the_count_is_told_has_no_words():
    rows = study.shares("B7", {"oui": 45, "non": 9}, 54, effective_n=20.0)
    fact = look_up(study.released(rows, study.wave_settings(weight="B6")), Ref("B7", "oui"))
    assert (fact.estimate.status, fact.form("share")) == ("count_only", "45 sur 54")
    assert fact.phrase is None, "« majorité » would be said of the count before weighting"
    assert look_up(study.released(study.shares("B7", {"oui": 15, "non": 9}, 24)), Ref("B7", "oui")).phrase is not None
