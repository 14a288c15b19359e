"""Ids become variables; two waves are comparable as far as the codebook says."""

from __future__ import annotations

import pytest

from synthese.codebook import Codebook, comparability, variable, variables
from synthese.codebook.checks import nearest
from synthese.errors import SyntheseError


def options(*codes: str, **more: dict) -> list[dict]:
    return [{"code": code, "label": code.upper(), **more.get(code, {})} for code in codes]


NEW, OLD = {"waves": ["w2"]}, {"waves": ["w1"]}

CODEBOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "Essai",
        "questions": [
            {"id": "S", "section": "A", "text": "?", "type": "single", "options": options("a", "b")},
            {
                "id": "M",
                "section": "A",
                "text": "?",
                "type": "multiple",
                "options": options(
                    "coll", "atelier", "codev", "autre", coll=OLD, atelier=NEW | {"split_of": "coll"},
                    codev=NEW | {"split_of": "coll"},
                ),
            },
            {"id": "ADD", "section": "A", "text": "?", "type": "single", "options": options("a", "b", b=NEW)},
            {"id": "GONE", "section": "A", "text": "?", "type": "single", "options": options("a", "b", b=OLD)},
            {"id": "ALL", "section": "A", "text": "?", "type": "single", "options": options("a", "b", a=OLD, b=NEW)},
            {
                "id": "G",
                "section": "A",
                "text": "?",
                "type": "grid",
                "options": options("non", "oui", "nsp", nsp={"in_base": False}),
                "rows": [{"code": "r1", "label": "R1"}, {"code": "r2", "label": "R2", "waves": ["w2"]}],
            },
            {"id": "N", "section": "A", "text": "?", "type": "numeric", "asked_in": ["w2"]},
            {"id": "P", "section": "A", "text": "?", "type": "open", "role": "contact"},
            {
                "id": "RW",
                "section": "A",
                "text": "Combien de projets menez-vous ?",
                "type": "single",
                "options": options("a", "b"),
                "rewordings": [
                    {"wave": "w3", "text": "Combien de projets conduisez-vous ?", "comparable": True,
                     "reason": "même sens"},
                    {"wave": "w2", "text": "Combien de projets avez-vous ?", "comparable": False,
                     "reason": "libellé changé"},
                ],
            },
        ],
        "regroupings": [
            {
                "id": "G.r1@deux",
                "label": "Deux",
                "groups": [
                    {"code": "dit", "label": "Dit", "of": ["non", "oui"]},
                    {"code": "nsp", "label": "NSP", "of": ["nsp"]},
                ],
            },
            {
                "id": "ALL@un",
                "label": "Un",
                "groups": [{"code": "x", "label": "X", "of": ["a"]}, {"code": "y", "label": "Y", "of": ["b"]}],
            },
        ],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wave", "kind", "column", "codes"),
    [
        ("S", "w1", "single", "S", ("a", "b")),
        ("M", "w1", "multiple", "M", ("coll", "autre")),
        ("M", "w2", "multiple", "M", ("atelier", "codev", "autre")),
        ("G.r1", "w1", "ordinal", "G.r1", ("non", "oui", "nsp")),
        ("G.r1@deux", "w1", "ordinal", "G.r1", ("dit", "nsp")),
        ("N", "w2", "numeric", "N", ()),
    ],
)
def test_an_id_is_a_variable_of_its_wave(name, wave, kind, column, codes):
    found = variable(CODEBOOK, name, wave)
    assert (found.id, found.kind, found.column, found.codes) == (name, kind, column, codes)


@pytest.mark.parametrize(
    ("name", "wave", "code", "words"),
    [
        ("s", "w1", "unknown-question", "no question 's' in the codebook → did you mean 'S'?"),
        ("P", "w1", "personal-question", "P identifies people: it is never tabulated"),
        ("N", "w1", "not-in-wave", "wave 'w1' did not ask N → asked in w2"),
        ("G", "w1", "grid-row", "G is a grid: say which row → one of G.r1, G.r2"),
        ("G.r3", "w1", "unknown-row", "G has no row 'r3' → did you mean 'G.r1'?"),
        ("G.r2", "w1", "not-in-wave", "wave 'w1' did not ask G.r2 → asked in w2"),
        ("S.r1", "w1", "no-rows", "S is single: it has no rows → write S"),
        ("S@deux", "w1", "unknown-regrouping", "no regrouping 'S@deux'"),
    ],
)
def test_an_id_that_is_none(name, wave, code, words):
    with pytest.raises(SyntheseError) as caught:
        variable(CODEBOOK, name, wave)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_a_wave_lists_what_it_asked_and_nothing_personal():
    assert [v.id for v in variables(CODEBOOK, "w1")] == ["S", "M", "ADD", "GONE", "ALL", "G.r1", "RW"]
    assert [v.id for v in variables(CODEBOOK, "w2")][-4:] == ["G.r1", "G.r2", "N", "RW"]


def test_a_group_is_in_the_base_by_its_options_and_not_by_the_wave():
    # In w2 no option of group x was offered: the group is empty, not out of the base.
    assert [option.in_base for option in variable(CODEBOOK, "ALL@un", "w2").options] == [True, True]
    assert [option.in_base for option in variable(CODEBOOK, "G.r1@deux", "w2").options] == [True, False]


def test_an_option_by_its_code():
    assert variable(CODEBOOK, "S", "w1").option("a").label == "A"
    with pytest.raises(SyntheseError, match="S has no option 'A' → did you mean 'a'"):
        variable(CODEBOOK, "S", "w1").option("A")


@pytest.mark.parametrize(
    ("name", "kind", "comparable", "options", "words"),
    [
        ("S", "identical", True, ("a", "b"), ""),
        ("M", "options_changed", True, ("coll", "autre"), "« COLL » a été scindé en « ATELIER », « CODEV »"),
        ("ADD", "options_changed", True, ("a",), "option ajoutée en w2 : « B »"),
        ("GONE", "options_changed", True, ("a",), "option absente en w2 : « B »"),
        (
            "ALL",
            "code_reused",
            False,
            (),
            "aucune réponse proposée n’est commune aux deux vagues ; option ajoutée en w2",
        ),
        ("N", "absent", False, (), "question absente de la vague w1"),
        ("G.r1", "identical", True, ("non", "oui", "nsp"), ""),
        ("G.r2", "absent", False, (), "ligne absente de la vague w1"),
        ("RW", "reworded", False, ("a", "b"), "libellé changé"),
    ],
)
def test_verdicts(name, kind, comparable, options, words):
    verdict = comparability(CODEBOOK, name, "w2", "w1")
    assert (verdict.kind, verdict.comparable, verdict.options) == (kind, comparable, options)
    assert verdict.reason == words if not words else words in verdict.reason


def test_a_wording_that_breaks_the_series_does_so_whatever_another_allows():
    assert comparability(CODEBOOK, "RW", "w3", "w2").comparable is False
    assert comparability(CODEBOOK, "RW", "w3", "w2").reason == "libellé changé"
    assert comparability(CODEBOOK, "RW", "w3", "w1").comparable is True


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("titel", ["title", "text"], "did you mean 'title'?"),
        ("f1", ["F1", "B2"], "did you mean 'F1'?"),
        ("B1@reg", ["B1", "B1@regroupe"], "did you mean 'B1@regroupe'?"),
        ("zzz", ["a", "b"], "known: a, b"),
        ("zzz", [f"k{i}" for i in range(20)], "known: k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11…"),
        ("zzz", [], "none is declared"),
    ],
)
def test_the_nearest_word(word, known, said):
    assert nearest(word, known) == said
