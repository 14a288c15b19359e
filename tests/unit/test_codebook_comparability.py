"""A verdict a question and pair of waves: what differs, whether it forbids to compare, what a decision makes of it."""

from __future__ import annotations

from itertools import permutations

import pytest

from synthese.codebook import Codebook, comparability, groups_of, harmonise, load_codebook, remarks, variable, variables
from synthese.codebook.likeness import NOTHING_IN_COMMON, likeness, words
from synthese.errors import SyntheseError

W1, W2, W3 = {"waves": ["w1"]}, {"waves": ["w2"]}, {"waves": ["w3"]}
LATER = {"waves": ["w2", "w3"]}


def options(*codes: str, **more: dict) -> list[dict]:
    return [{"code": code, "label": code.upper(), **more.get(code, {})} for code in codes]


def question(id: str, kind: str, text: str = "Une question ?", **more) -> dict:
    return {"id": id, "section": "A", "text": text, "type": kind, **more}


def rewording(text: str, *, comparable: bool, wave: str = "w2", reason: str = "la raison") -> dict:
    return {"wave": wave, "text": text, "comparable": comparable, "reason": reason}


def routed(*codes: str, champ: str = "celles de A", on: str = "A") -> dict:
    return {"question": on, "any_of": list(codes), "champ": champ}


# a → b, c in the second wave; b → d, e in the third.
CHAIN = options(
    "x", "a", "b", "c", "d", "e",
    a=W1, b=W2 | {"split_of": "a"}, c=LATER | {"split_of": "a"}, d=W3 | {"split_of": "b"}, e=W3 | {"split_of": "b"},
)  # fmt: skip
# Two options of the first wave are one in the second, and one with a third in the third.
MERGE = options(
    "p", "q", "r", "pq", "pqr", "z",
    p=W1 | {"split_of": "pq"}, q=W1 | {"split_of": "pq"}, r={"waves": ["w1", "w2"], "split_of": "pqr"},
    pq=W2 | {"split_of": "pqr"}, pqr=W3,
)  # fmt: skip
STEPS = options("non", "plutot", "oui", "nsp", nsp={"in_base": False})

QUESTIONS = [
    question("A", "single", options=options("a", "b", "c")),
    question("S", "single", options=options("a", "b")),
    question("CHAIN", "single", options=CHAIN),
    question("MERGE", "multiple", options=MERGE),
    question(
        "RESIDUE", "multiple",
        options=options("tout", "part", "z", part=LATER | {"split_of": "tout"}),
    ),
    question("ADD", "single", options=options("a", "b", "n", n=LATER)),
    question("GONE", "single", options=options("a", "b", "n", n=W1)),
    question("NEW", "single", options=options("a", "b", "c", "d", a=W1, b=W1, c=LATER, d=LATER)),
    question("NSP", "single", options=options("a", "b", "nsp", a=W1, b=LATER, nsp={"in_base": False})),
    question("FILTER", "single", options=options("a", "b"), routing=routed("a"),
             routing_in=[{"wave": "w2", "routing": None}, {"wave": "w3", "routing": routed("a", "b", champ="A ou B")}]),
    question("SAMEFILTER", "single", options=options("a", "b"), routing=routed("a"),
             routing_in=[{"wave": "w2", "routing": routed("a", champ="celles qui ont dit A")}]),
    question("ONCHAIN", "single", options=options("a", "b"), routing=routed("a", "b", "c", "d", "e", on="CHAIN")),
    question("ONPART", "single", options=options("a", "b"), routing=routed("a", "b", on="CHAIN")),
    question("ONREWORDED", "single", options=options("a", "b"), routing=routed("a", on="BROKEN")),
    question("ONLATE", "single", options=options("a", "b"), routing=routed("a", on="LATE")),
    question("BROKEN", "single", "Combien de projets suivez-vous ?", options=options("a", "b"),
             rewordings=[rewording("Combien de projets portez-vous ?", comparable=False)]),
    question("FINE", "single", "Combien de projets suivez-vous ?", options=options("a", "b", "n", n=LATER),
             rewordings=[rewording("Combien de projets accompagnez-vous ?", comparable=True)]),
    question("REUSED", "single", "Combien de projets accompagnez-vous cette année ?", options=options("a", "b"),
             rewordings=[rewording("Votre équipe a-t-elle un local ?", comparable=True, reason="code repris")]),
    question("LATE", "single", options=options("a", "b"), asked_in=["w2"]),
    question("NEVER", "single", options=options("a", "b"), asked_in=["w3"]),
    question("TYPE", "single", options=options("a", "b"), type_in=[{"wave": "w2", "type": "multiple"}]),
    question("LONGER", "ordinal", options=options("non", "plutot", "oui", "nsp", plutot=LATER, nsp={"in_base": False})),
    question("NOSAY", "ordinal", options=options("non", "oui", "nsp", nsp=LATER | {"in_base": False})),
    question("TURNED", "ordinal", options=STEPS, order_in=[{"wave": "w2", "options": ["oui", "plutot", "non"]}]),
    question("FINER", "ordinal", options=options(
        "non", "oui", "plutot", "tout", oui=W1, plutot=LATER | {"split_of": "oui"}, tout=LATER | {"split_of": "oui"})),
    question("LABEL", "single", options=options(
        "a", "b", "c",
        a={"rewordings": [rewording("Autre A", comparable=True)]},
        b={"rewordings": [rewording("Tout autre chose", comparable=False, reason="sens changé")]})),
    question("G", "grid", options=STEPS, rows=[{"code": "r1", "label": "R1"}, {"code": "r2", "label": "R2", **LATER}]),
    question("RANK", "ranking", rows=[{"code": "r1", "label": "R1"}, {"code": "r2", "label": "R2", **LATER}]),
    question("N", "numeric"),
    question("CODED", "open", options=[{"code": "t", "label": "T", "coded": True, "waves": ["w2", "w3"]}],
             type_in=[{"wave": "w2", "type": "multiple"}, {"wave": "w3", "type": "multiple"}]),
    question("LATELY", "open", options=[{"code": "t", "label": "T", "coded": True, "waves": ["w3"]}],
             type_in=[{"wave": "w3", "type": "multiple"}]),
]  # fmt: skip


def group(code: str, *of: str) -> dict:
    return {"code": code, "label": code.upper(), "of": list(of)}


REGROUPINGS = [
    {"id": "CHAIN@large", "label": "L", "groups": [group("aa", "a"), group("xx", "x")]},
    {"id": "CHAIN@fin", "label": "F", "groups": [group("bb", "b"), group("cc", "c"), group("xx", "x", "a")]},
    {"id": "MERGE@parts", "label": "M", "groups": [group("pp", "p", "q", "r"), group("zz", "z")]},
    {"id": "ADD@deux", "label": "D", "groups": [group("an", "a", "n"), group("b", "b")]},
]


def codebook(**more) -> Codebook:
    given = {"schema": 1, "title": "Essai", "questions": QUESTIONS, "regroupings": REGROUPINGS}
    return Codebook.model_validate(given | more)


BOOK = codebook()


@pytest.mark.parametrize(
    ("name", "kind", "comparable", "codes", "words_"),
    [
        ("S", "identical", True, "a b", ""),
        ("N", "identical", True, "", ""),
        ("CODED", "type_changed", False, "", "une réponse libre en w1, plusieurs réponses en w2"),
        ("LATELY", "identical", True, "", ""),
        ("CHAIN", "options_changed", True, "x a", "« A » a été scindé en « B », « C » (regroupés pour comparer)"),
        ("MERGE", "options_changed", True, "r pq z", "« P », « Q » ont été réunis en « PQ » (regroupés pour comparer)"),
        ("RESIDUE", "options_changed", True, "tout z", "« TOUT » a été scindé en « TOUT », « PART »"),
        ("ADD", "options_changed", True, "a b", "option ajoutée en w2 : « N »"),
        ("GONE", "options_changed", True, "a b", "option absente en w2 : « N »"),
        ("NEW", "code_reused", False, "", "aucune réponse proposée n’est commune aux deux vagues"),
        ("NSP", "code_reused", False, "nsp", "aucune réponse proposée n’est commune aux deux vagues"),
        ("FILTER", "routing_changed", False, "a b", "pas aux mêmes : en w1, celles de A ; en w2, tout le monde"),
        ("SAMEFILTER", "identical", True, "a b", ""),
        ("ONCHAIN", "identical", True, "a b", ""),
        ("ONPART", "routing_changed", False, "a b", "(réponses à CHAIN) : en w1, « A » ; en w2, « B »"),
        ("ONREWORDED", "routing_changed", False, "a b", "dépendent de la question BROKEN, qui n’est pas comparable"),
        ("ONLATE", "routing_changed", False, "a b", "en w1, tout le monde ; en w2, celles de A"),
        ("BROKEN", "reworded", False, "a b", "la raison"),
        ("FINE", "reworded", True, "a b", "la raison ; option ajoutée en w2 : « N »"),
        ("REUSED", "code_reused", False, "a b", "code repris ; les libellés n’ont presque aucun mot en commun"),
        ("LATE", "absent", False, "", "question absente de la vague w1"),
        ("NEVER", "absent", False, "", "question absente des vagues w1 et w2"),
        ("TYPE", "type_changed", False, "a b", "une seule réponse en w1, plusieurs réponses en w2"),
        ("LONGER", "scale_changed", False, "non oui nsp", "échelle de 2 degrés en w1, de 3 en w2"),
        ("NOSAY", "options_changed", True, "non oui", "option ajoutée en w2 : « NSP »"),
        ("TURNED", "scale_changed", False, "non plutot oui nsp", "en w2, « OUI », « PLUTOT », « NON »"),
        ("FINER", "options_changed", True, "non oui", "« OUI » a été scindé en « PLUTOT », « TOUT »"),
        ("LABEL", "options_changed", True, "a c", "« B » est devenu « Tout autre chose » (non comparé) : sens changé"),
        ("G", "options_changed", True, "non plutot oui nsp", "ligne ajoutée en w2 : « R2 »"),
        ("G.r1", "identical", True, "non plutot oui nsp", ""),
        ("G.r2", "absent", False, "", "ligne absente de la vague w1"),
        ("RANK", "options_changed", False, "", "ligne ajoutée en w2 : « R2 »"),
        ("CHAIN@large", "options_changed", True, "aa xx", "regroupés pour comparer"),
        ("CHAIN@fin", "options_changed", False, "", "non comparés : « BB », « CC », « XX »"),
        ("MERGE@parts", "options_changed", True, "pp zz", "ont été réunis"),
        ("ADD@deux", "options_changed", True, "b", "non comparés : « AN »"),
    ],
)  # fmt: skip
def test_a_verdict_names_what_differs_and_says_why(name, kind, comparable, codes, words_):
    verdict = comparability(BOOK, name, "w2", "w1")
    assert (verdict.kind, verdict.comparable, verdict.options) == (kind, comparable, tuple(codes.split()))
    assert verdict.reason == "" if not words_ else words_ in verdict.reason
    assert not verdict.overridden


NAMES = [
    *(q["id"] for q in QUESTIONS), "G.r1", "G.r2", *(r["id"] for r in REGROUPINGS),
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("wave", "reference"), list(permutations(["w1", "w2", "w3"], 2)))
def test_a_verdict_is_the_same_from_either_side(name, wave, reference):
    one, other = comparability(BOOK, name, wave, reference), comparability(BOOK, name, reference, wave)
    assert (one.kind, one.comparable, one.options) == (other.kind, other.comparable, other.options)
    assert dict(one.harmony.by_wave) == dict(other.harmony.by_wave)


@pytest.mark.parametrize("name", NAMES)
def test_a_wave_is_identical_to_itself(name):
    verdict = comparability(BOOK, name, "w3", "w3")
    assert verdict.kind in ("identical", "absent")
    assert verdict.comparable == (verdict.kind == "identical")


@pytest.mark.parametrize(
    ("name", "wave", "reference", "mine", "theirs"),
    [
        ("CHAIN", "w3", "w1", {"x": "x", "c": "a", "d": "a", "e": "a"}, {"x": "x", "a": "a"}),
        ("CHAIN", "w3", "w2", {"x": "x", "c": "c", "d": "b", "e": "b"}, {"x": "x", "b": "b", "c": "c"}),
        ("MERGE", "w2", "w1", {"r": "r", "pq": "pq", "z": "z"}, {"p": "pq", "q": "pq", "r": "r", "z": "z"}),
        ("MERGE", "w3", "w1", {"pqr": "pqr", "z": "z"}, {"p": "pqr", "q": "pqr", "r": "pqr", "z": "z"}),
        ("RESIDUE", "w2", "w1", {"tout": "tout", "part": "tout", "z": "z"}, {"tout": "tout", "z": "z"}),
        ("RESIDUE", "w3", "w2", {"tout": "tout", "part": "part", "z": "z"}, {"tout": "tout", "part": "part", "z": "z"}),
    ],
)
def test_parts_are_counted_as_what_both_waves_can_tell(name, wave, reference, mine, theirs):
    found = harmonise(BOOK.by_id[name], wave, reference)
    assert (found.by_wave[wave], found.by_wave[reference]) == (mine, theirs)


def test_parts_that_both_waves_offer_stay_apart_though_their_whole_is_no_more():
    parts = options("co", "a", "b", "n", co=W1, a=LATER | {"split_of": "co"}, b=W2 | {"split_of": "co"},
                    n=W3 | {"split_of": "co"})  # fmt: skip
    book = codebook(questions=[question("Q", "single", options=parts)], regroupings=[])
    assert harmonise(book.by_id["Q"], "w3", "w2").by_wave == {"w3": {"a": "a"}, "w2": {"a": "a"}}
    other = options("co", "a", "b", "n", "m", co=W1, a=W2 | {"split_of": "co"}, b=W2 | {"split_of": "co"},
                    n=W3 | {"split_of": "co"}, m=W3 | {"split_of": "co"})  # fmt: skip
    book = codebook(questions=[question("Q", "single", options=other)], regroupings=[])
    assert harmonise(book.by_id["Q"], "w3", "w2").codes == {"co"}, "no part in common: through what they are parts of"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CHAIN@large", {"x": "xx", "a": "aa", "b": "aa", "c": "aa", "d": "aa", "e": "aa"}),
        ("CHAIN@fin", {"x": "xx", "a": "xx", "b": "bb", "c": "cc", "d": "bb", "e": "bb"}),
        ("MERGE@parts", {"p": "pp", "q": "pp", "r": "pp", "pq": "pp", "pqr": "pp", "z": "zz"}),
    ],
)
def test_a_group_of_an_option_holds_its_parts_and_a_group_of_all_parts_their_whole(name, expected):
    regrouping = next(r for r in BOOK.regroupings if r.id == name)
    assert groups_of(BOOK.by_id[name.split("@")[0]], regrouping) == expected
    assert variable(BOOK, name, "w3").groups == expected


def test_routing_type_and_texts_are_those_of_the_wave():
    asked = BOOK.by_id["FILTER"]
    assert [routing.champ if (routing := asked.routed(wave)) else None for wave in ("w1", "w2", "w3")] == [
        "celles de A", None, "A ou B",
    ]  # fmt: skip
    assert variable(BOOK, "FILTER", "w2").question.routing is None
    assert [variable(BOOK, "TYPE", wave).kind for wave in ("w1", "w2")] == ["single", "multiple"]
    assert [option.label for option in variable(BOOK, "LABEL", "w2").options] == ["Autre A", "Tout autre chose", "C"]
    listed = {found.id: found for found in variables(BOOK, "w2")}
    assert (listed["FILTER"].question.routing, listed["TYPE"].kind) == (None, "multiple")
    assert listed["LABEL"].options[0].label == "Autre A"
    assert variable(BOOK, "BROKEN", "w2").wording == "Combien de projets portez-vous ?"
    assert BOOK.put_in("w2").by_id["BROKEN"].text == "Combien de projets portez-vous ?"


def test_an_option_left_out_for_its_wording_is_not_said_to_be_added_or_gone():
    reason = comparability(BOOK, "LABEL", "w2", "w1").reason
    assert reason.endswith("« B » est devenu « Tout autre chose » (non comparé) : sens changé")


def test_answers_coded_in_both_waves_are_compared_by_what_coders_made_of_them():
    verdict = comparability(BOOK, "CODED", "w3", "w2")
    assert (verdict.kind, verdict.comparable, verdict.options) == ("identical", True, ("t",))


# Words in common.


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Sur quelles dimensions porte votre accompagnement ?",
         "Sur quelles dimensions portez-vous principalement votre appui ?", True),
        ("Quel est l’âge de votre structure ?", "QUEL AGE A VOTRE STRUCTURE", True),
        ("Les acompagnateurs", "Combien d’accompagnateurs êtes-vous ?", True),
        ("Œuvrez-vous en réseau ?", "Les œuvres d’un réseau", True),
        ("Quels types de coopérations territoriales accompagnez-vous ?",
         "Quel est votre rôle dans l’accompagnement des coopérations ?", True),
        ("Votre structure est-elle membre d’un réseau ?", "Dans quel département travaillez-vous ?", False),
        ("Est-ce que vous avez un budget ?", "Est-ce que vous avez un local ?", False),
        ("Combien de projets de territoire avez-vous suivis, aidés, financés cette année ?",
         "Quelle part du budget de cette équipe va aux locaux, déplacements, salaires, achats ?", False),
        ("?", "Encore ?", True),
    ],
)  # fmt: skip
def test_two_wordings_have_something_in_common_or_not(one, other, alike):
    assert (likeness(one, other) >= NOTHING_IN_COMMON) is alike
    assert likeness(one, other) == likeness(other, one)


def test_words_are_those_that_carry_the_matter():
    assert words("Qu’est-ce que l’accompagnement ? Et à quoi sert-il aux élu·es ?") == {
        "accompagnement",
        "sert",
        "elues",
    }
    assert words("Et vous ?") == {"et", "vous"}, "a text of small words keeps them"


# Decisions of the study.


def decision(question: str, *, comparable: bool, waves=("w1", "w2"), reason="décidé en comité") -> dict:
    return {"question": question, "waves": list(waves), "comparable": comparable, "reason": reason}


def test_a_decision_takes_the_place_of_the_verdict_and_says_so_from_either_side():
    book = codebook(comparability=[decision("REUSED", comparable=True), decision("S", comparable=False)])
    for pair in (("w2", "w1"), ("w1", "w2")):
        verdict = comparability(book, "REUSED", *pair)
        assert (verdict.kind, verdict.comparable, verdict.overridden) == ("code_reused", True, True)
        assert verdict.reason.startswith("décidé en comité ; code repris")
        refused = comparability(book, "S", *pair)
        assert (refused.kind, refused.comparable, refused.reason) == ("identical", False, "décidé en comité")
    assert not comparability(book, "S", "w3", "w1").overridden


def test_a_decision_holds_for_rows_and_regroupings_unless_they_have_their_own():
    decisions = [
        decision("G", comparable=False),
        decision("G.r1", comparable=True, reason="ligne reprise telle quelle"),
    ]
    book = codebook(comparability=[*decisions, decision("CHAIN", comparable=False)])
    assert comparability(book, "G.r1", "w2", "w1").reason == "ligne reprise telle quelle"
    assert not comparability(book, "G", "w2", "w1").comparable
    assert comparability(book, "CHAIN@large", "w2", "w1").overridden
    assert comparability(book, "G.r2", "w2", "w1").kind == "absent"


def test_nothing_makes_an_absent_question_comparable():
    book = codebook(comparability=[decision("LATE", comparable=True)])
    verdict = comparability(book, "LATE", "w2", "w1")
    assert (verdict.comparable, verdict.overridden) == (False, False)


def test_a_decision_on_the_filter_lets_its_question_be_compared():
    book = codebook(comparability=[decision("BROKEN", comparable=True)])
    assert comparability(book, "ONREWORDED", "w2", "w1").comparable


def test_a_question_that_is_none_is_refused():
    with pytest.raises(SyntheseError, match="no question 'ADDD' in the codebook → did you mean 'ADD'"):
        comparability(BOOK, "ADDD", "w2", "w1")
    with pytest.raises(SyntheseError, match="no question 'ADD@trois'"):
        comparability(BOOK, "ADD@trois", "w2", "w1")


# What the file may not say.

RIGHT = """\
schema: 1
title: Essai
questions:
  - {id: Q1, section: A, text: Un, type: single, options: [{code: a, label: A}, {code: b, label: B}]}
  - {id: Q2, section: A, text: Deux, type: single, options: [{code: x, label: X}, {code: y, label: Y}]}
  - {id: Q3, section: A, text: Trois, type: ordinal, options: [{code: n, label: N}, {code: o, label: O}]}
  - {id: Q4, section: A, text: Quatre, type: numeric}
  - {id: Q5, section: A, text: Cinq, type: open, asked_in: [w2]}
"""


@pytest.fixture
def load(tmp_path):
    def read(change: tuple[str, str] = ("", ""), more: str = ""):
        file = tmp_path / "codebook.yml"
        assert change[0] in RIGHT
        file.write_text(RIGHT.replace(*change, 1) + more, encoding="utf-8")
        return load_codebook(file)

    return read


@pytest.mark.parametrize(
    ("change", "code", "row", "path", "said"),
    [
        (("Quatre, type: numeric", "Quatre, type: numeric, routing_in: [{wave: w2, routing: {question: Q9, any_of: [a],"
          " champ: c}}]"), "unknown-question", 7, "questions[3].routing_in[0].routing.question",
         "routing names no question 'Q9'"),
        (("Quatre, type: numeric", "Quatre, type: numeric, routing_in: [{wave: w2, routing: {question: Q1, any_of: [z],"
          " champ: c}}]"), "unknown-option", 7, "questions[3].routing_in[0].routing.any_of[0]", "Q1 has no option 'z'"),
        (("Un, type: single", "Un, type: single, routing_in: [{wave: w2, routing: {question: Q2, any_of: [x],"
          " champ: c}}]"), "routing-order", 4, "questions[0].routing", "Q1 depends on Q2, which is asked later"),
        (("Un, type: single", "Un, type: single, routing_in: [{wave: w2}]"), "missing-key", 4,
         "questions[0].routing_in[0].routing", "routing"),
        (("Un, type: single", "Un, type: single, type_in: [{wave: w2, type: multiple}, {wave: w2, type: ordinal}]"),
         "duplicate", 4, "questions[0].type_in[1].wave", "the type of wave 'w2' is given twice"),
        (("Quatre, type: numeric", "Quatre, type: numeric, type_in: [{wave: w2, type: multiple}]"), "needless-type", 7,
         "questions[3].type_in", "Q4 is numeric"),
        (("Un, type: single", "Un, type: single, order_in: [{wave: w2, options: [b, a]}]"), "needless-order", 4,
         "questions[0].order_in", "its options have no order"),
        (("Trois, type: ordinal", "Trois, type: ordinal, order_in: [{wave: w2, options: [o, o]}]"), "wrong-order", 6,
         "questions[2].order_in[0].options", "put in order: n, o"),
        (("{code: a, label: A}", "{code: a, label: A, split_of: c}"), "unknown-option", 4,
         "questions[0].options[0].split_of", "split_of names no option 'c' of Q1"),
        (("{code: a, label: A}", "{code: a, label: A, split_of: b, in_base: false}"), "mixed-base", 4,
         "questions[0].options[0].split_of", "'a' is a part of 'b', and only one of them is in the base"),
        (("{code: a, label: A}, {code: b, label: B}",
          "{code: a, label: A, split_of: b}, {code: b, label: B, split_of: a}"),
         "split-loop", 4, "questions[0].options[0].split_of", "in a circle: a → b → a"),
        (("{code: a, label: A}", "{code: a, label: A, rewordings: [{wave: w2, text: C, comparable: true, reason: r}, "
          "{wave: w2, text: D, comparable: true, reason: r}]}"), "duplicate", 4,
         "questions[0].options[0].rewordings[1].wave", "the text of wave 'w2' is given twice"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_wave_must_make_sense(load, change, code, row, path, said):
    with pytest.raises(SyntheseError) as caught:
        load(change)
    assert [(f.code, f.row, f.path) for f in caught.value.faults] == [(code, row, path)]
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("line", "code", "path", "said"),
    [
        ("{question: Q9, waves: [w1, w2], comparable: true, reason: r}", "unknown-variable", "question", "'Q9'"),
        ("{question: Q1, waves: [w1, w1], comparable: true, reason: r}", "one-wave", "waves", "takes two waves"),
        ("{question: Q1, waves: [w1, W2], comparable: true, reason: r}", "bad-code", "waves[1]", "'W2'"),
        ("{question: Q1, waves: [w1], comparable: true, reason: r}", "missing-key", "waves", ""),
        ("{question: Q1, waves: [w1, w2], comparable: false}", "missing-key", "reason", "reason"),
        ("{question: Q1, waves: [w1, w2], comparable: false, reason: ' '}", "too-short", "reason", ""),
        ("{question: Q5, waves: [w1, w2], comparable: true, reason: r}", "nothing-to-compare", "comparable",
         "question absente de la vague w1"),
    ],
)  # fmt: skip
def test_a_decision_must_make_sense(load, line, code, path, said):
    with pytest.raises(SyntheseError) as caught:
        load(more=f"comparability:\n  - {line}\n")
    fault = caught.value.faults[0]
    assert (fault.row, fault.path) == (10, f"comparability[0].{path}")
    assert said in str(caught.value)
    if path not in ("reason",) and code != "missing-key":
        assert fault.code == code


def test_a_decision_is_taken_once(load):
    line = "  - {question: Q1, waves: [w1, w2], comparable: false, reason: r}\n"
    with pytest.raises(SyntheseError, match="Q1 between w1 and w2 is decided twice"):
        load(more=f"comparability:\n{line}{line.replace('w1, w2', 'w2, w1')}")


def test_a_decision_that_changes_nothing_is_a_remark(load):
    book = load(more="comparability:\n  - {question: Q1, waves: [w1, w2], comparable: true, reason: r}\n"
                     "  - {question: Q2, waves: [w1, w2], comparable: false, reason: r}\n")  # fmt: skip
    assert [(f.code, f.path, f.what) for f in remarks(book, "codebook.yml")] == [
        ("needless-decision", "comparability[0]", "Q1 is comparable without this decision (identical)")
    ]


def test_a_regrouping_may_name_the_whole_or_its_parts_and_nothing_else_is_covered(load):
    parts = ("{code: x, label: X}, {code: y, label: Y}", "{code: x, label: X, split_of: y}, {code: y, label: Y}, "
             "{code: z, label: Z}")  # fmt: skip
    groups = "[{code: g, label: G, of: [%s]}, {code: h, label: H, of: [z]}]"
    regroup = f"regroupings:\n  - {{id: Q2@g, label: G, groups: {groups}}}\n"
    assert load(parts, regroup % "y").regroupings
    assert load(parts, regroup % "x").regroupings, "all of its parts are in one group"
    with pytest.raises(SyntheseError, match="options in no group: z"):
        load(parts, (regroup % "x").replace("of: [z]", "of: [y]"))
