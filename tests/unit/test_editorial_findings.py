"""The title of a figure states what the released numbers allow, in right French, and nothing more."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace

import pytest

from synthese.analysis.publication import Publication
from synthese.codebook import Codebook, variable
from synthese.editorial import findings, read_brand, wording
from synthese.errors import SyntheseError

_SPEC = spec_from_file_location("editorial_study", Path(__file__).with_name("editorial_study.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
study = module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)

study.CODEBOOK["questions"] += [
    {
        "id": "A1",
        "section": "A",
        "type": "single",
        "text": "Votre fonction ?",
        "lecture": "ont répondu par la voix de",
        "options": [
            {"code": "direction", "label": "Direction", "lecture": "leur direction"},
            {"code": "mission", "label": "Chargé·e de mission", "lecture": "un·e chargé·e de mission"},
            {"code": "presidence", "label": "Présidence", "lecture": "le ou la présidente"},
        ],
    },
    {
        "id": "B2",
        "section": "B",
        "type": "single",
        "text": "Votre région",
        "options": [
            {"code": "bretagne", "label": "Bretagne"},
            {"code": "corse", "label": "Corse"},
            {"code": "guyane", "label": "Guyane"},
            {"code": "ailleurs", "label": "Hors de France"},
        ],
    },
    {
        "id": "B5",
        "section": "B",
        "type": "single",
        "text": "Votre taille",
        "lecture": "sont",
        "options": [
            {"code": "petite", "label": "Petite", "lecture": "petites"},
            {"code": "moyenne", "label": "Moyenne", "lecture": "moyennes"},
            {"code": "grande", "label": "Grande", "lecture": "grandes"},
        ],
    },
    {"id": "C2", "section": "C", "type": "numeric", "integer": True, "text": "Combien ?", "unit": "coopérations"},
    {"id": "C3", "section": "C", "type": "numeric", "text": "Combien ?"},
    {
        "id": "F3",
        "section": "F",
        "type": "multiple",
        "text": "Vos priorités ?",
        "maximum": 3,
        "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
    },
    {
        "id": "F5",
        "section": "F",
        "type": "multiple",
        "text": "Vos priorités ? (3 au plus)",
        "maximum": 3,
        "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
    },
    {
        "id": "F6",
        "section": "F",
        "type": "ordinal",
        "text": "Souvent ?",
        "options": [
            {"code": "jamais", "label": "Jamais"},
            {"code": "parfois", "label": "Parfois"},
            {"code": "souvent", "label": "Souvent"},
        ],
    },
]
study.CODEBOOK["universes"] = [
    {
        "id": "membres",
        "champ": "structures membres d’un réseau",
        "all_of": [{"question": "B7", "any_of": ["oui"]}],
        "questions": ["F1"],
    }
]
study.CODEBOOK["planned_crosses"] += [
    {"id": "taille", "title": "Type selon la taille", "question": "D1", "by": "B5"},
    {"id": "themes-reseau", "title": "Thématiques selon le réseau", "question": "D2", "by": "B7"},
]
study.CODEBOOK["regroupings"] = [
    {
        "id": "D1@deux",
        "label": "Type",
        "groups": [
            {"code": "un", "label": "Généraliste seulement", "of": ["generaliste"]},
            {"code": "autres", "label": "Thématique ou les deux", "of": ["thematique", "les_deux"]},
        ],
    }
]
OPEN = {"disclosure": {"minimum_count": 1, "minimum_base": 1, "reason": "données publiques"}}


@pytest.fixture(scope="module")
def first():
    return study.first_wave()


@pytest.fixture(scope="module")
def second():
    return study.second_wave()


def plain(text: str | None) -> str | None:
    """Any space as a common one."""
    return None if text is None else text.replace("\u00a0", " ").replace("\u202f", " ")


def said(counts: dict[str, int], base: int, question: str = "F1", **more) -> str | None:
    return plain(findings.of_question(study.released(study.shares(question, counts, base), **more), question))


@pytest.mark.parametrize(
    ("counts", "base", "text"),
    [
        (
            {"echange_pairs": 46, "formation": 31},
            54,
            "85 % des structures répondantes (46 sur 54) citent l’échange entre pairs",
        ),
        (
            {"echange_pairs": 40, "formation": 40, "outils": 9},
            54,
            "74 % des structures répondantes (40 sur 54) citent l’échange entre pairs, et autant la formation",
        ),
        (
            {"formation": 38, "echange_pairs": 40, "outils": 9},
            54,
            "74 % des structures répondantes (40 sur 54) citent l’échange entre pairs, "
            "et 70 % (38 sur 54) la formation",
        ),
        (
            {"echange_pairs": 40, "formation": 37, "outils": 9},
            54,
            "74 % des structures répondantes (40 sur 54) citent l’échange entre pairs",
        ),
        ({"echange_pairs": 40, "formation": 39, "outils": 38}, 54, None),
        ({"echange_pairs": 90, "formation": 88, "outils": 90}, 300, None),
        ({"echange_pairs": 31, "formation": 20, "autre": 40}, 54, None),
        ({"echange_pairs": 40, "formation": 20, "autre": 39}, 54, None),
        ({"echange_pairs": 40, "formation": 20, "outils": 2}, 54, None),
    ],
    ids=["first", "tie", "close", "apart", "three close", "three in points", "other first", "other close", "withheld"],
)
def test_multiple(counts, base, text) -> None:
    assert said(counts, base) == text


def test_close_in_points_or_in_respondents() -> None:
    far = {"echange_pairs": 200, "formation": 191}
    assert said(far, 300) == "67 % des structures répondantes citent l’échange entre pairs"
    near = {"echange_pairs": 200, "formation": 195}
    assert said(near, 300) == "67 % des structures répondantes citent l’échange entre pairs, et 65 % la formation"


def test_small_bases_are_counted_and_smaller_ones_say_nothing() -> None:
    counts = {"echange_pairs": 9, "formation": 5}
    assert said(counts, 12) == "9 structures répondantes sur 12 citent l’échange entre pairs"
    assert said(counts, 29) == "9 structures répondantes sur 29 citent l’échange entre pairs"
    assert said(counts, 30) == "30 % des structures répondantes (9 sur 30) citent l’échange entre pairs"
    near = {"echange_pairs": 9, "formation": 7}
    assert said(near, 12) == "9 structures répondantes sur 12 citent l’échange entre pairs, et 7 sur 12 la formation"
    assert said({"echange_pairs": 7, "formation": 4}, 9) is None


def test_one_respondent_is_no_plural() -> None:
    loose = study.settings(**OPEN)
    assert said({"echange_pairs": 1, "formation": 0}, 40, study=loose) is None
    assert said({"echange_pairs": 2, "formation": 1}, 90, study=loose) is None
    assert said({"echange_pairs": 4, "formation": 1}, 40, study=loose) is not None


def test_routed_and_universe_name_those_concerned() -> None:
    assert said({"energie": 30, "habitat": 20}, 49, "D2") == (
        "61 % des structures concernées (30 sur 49) accompagnent sur la thématique « Énergie »"
    )
    rows = study.shares("F1", {"echange_pairs": 60, "formation": 50}, 120)
    rows += study.shares("F1", {"echange_pairs": 30, "formation": 20}, 49, universe="membres")
    assert plain(findings.of_question(study.released(rows), "F1", "membres")) == (
        "61 % des structures concernées (30 sur 49) citent l’échange entre pairs"
    )


def test_participles_agree_with_the_unit() -> None:
    masculine = {"singular": "organisme", "plural": "organismes", "feminine": False}
    masculine |= {"respondent_singular": "organisme répondant", "respondent_plural": "organismes répondants"}
    assert said({"energie": 30, "habitat": 20}, 49, "D2", study=study.settings(unit=masculine)) == (
        "61 % des organismes concernés (30 sur 49) accompagnent sur la thématique « Énergie »"
    )


def test_weighted_shares_lead_and_a_share_not_told_is_not_replaced_by_its_count() -> None:
    wave = study.wave_settings(design="probability", population=2000, weight="B6")

    def weighted(value: float, other: float, base: int, effective: float, among: int = 2) -> str | None:
        rows = study.shares("F1", {"echange_pairs": base // 3, "formation": base // among}, base)
        shares = {"echange_pairs": value, "formation": other}
        rows = [
            row | {"value": shares[row["option"]], "effective_n": effective, "base_weighted": float(base)}
            if row["statistic"] == "share"
            else row
            for row in rows
        ]
        return plain(findings.of_question(study.released(rows, wave), "F1"))

    assert weighted(0.79, 0.31, 54, 41.0) == (
        "79 % des structures répondantes (18 sur 54 avant pondération) citent l’échange entre pairs"
    )
    assert weighted(0.79, 0.79, 200, 150.0) == (
        "79 % des structures répondantes citent l’échange entre pairs, et 79 % la formation"
    )
    assert weighted(0.79, 0.77, 200, 150.0, among=3) == (
        "79 % des structures répondantes citent l’échange entre pairs, et 77 % la formation"
    ), "as many respondents, not as many of the population"
    assert weighted(0.79, 0.31, 27, 20.0) is None


def test_a_drawn_sample_gives_the_number_without_a_word_of_inference() -> None:
    rows = [
        row | {"ci_low": 0.75, "ci_high": 0.92, "confidence": 0.95} if row["statistic"] == "share" else row
        for row in study.shares("F1", {"echange_pairs": 46, "formation": 20}, 54)
    ]
    sample = study.released(rows, study.wave_settings(design="probability", population=900))
    assert plain(findings.of_question(sample, "F1")) == (
        "85 % des structures répondantes (46 sur 54) citent l’échange entre pairs"
    )


def test_scales_add_up_their_two_highest_answers(first) -> None:
    assert plain(findings.of_question(first, "E2")) == (
        "28 % des structures répondantes (14 sur 50) jugent leur financement suffisant : « Plutôt » ou « Tout à fait »"
    )
    assert plain(findings.of_question(first, "F2.elus")) == (
        "71 % des structures répondantes (36 sur 51) ont répondu « Plutôt » ou « Tout à fait » "
        "à propos de « L’implication des élu·es »"
    )
    assert said({"jamais": 10, "parfois": 12, "souvent": 28}, 50, "F6") == (
        "56 % des structures répondantes (28 sur 50) ont répondu « Souvent »"
    )


def test_scales_with_a_hidden_or_a_lone_answer_state_nothing() -> None:
    assert said({"jamais": 20, "parfois": 2, "souvent": 28}, 50, "F6") is None
    assert said({"jamais": 20, "parfois": 29, "souvent": 1}, 50, "F6", study=study.settings(**OPEN)) is None


def grid(counts: dict[str, tuple[int, int, int, int]]) -> str | None:
    rows = []
    for name, numbers in counts.items():
        codes = ("pas_du_tout", "plutot_pas", "plutot", "tout_a_fait")
        rows += study.shares(f"F2.{name}", dict(zip(codes, numbers, strict=True)), sum(numbers))
    return plain(findings.of_grid(study.released(rows), [f"F2.{name}" for name in counts]))


def test_grids_state_the_row_that_is_highest() -> None:
    low, middle = (20, 10, 11, 9), (15, 12, 13, 10)
    assert grid({"posture": low, "elus": (5, 6, 19, 20), "temps_long": middle}) == (
        "L’implication des élu·es : 78 % des structures répondantes (39 sur 50) ont répondu "
        "« Plutôt » ou « Tout à fait »"
    )
    assert grid({"posture": low, "elus": (5, 6, 19, 20), "temps_long": (6, 6, 18, 20)}) == (
        "L’implication des élu·es : 78 % des structures répondantes (39 sur 50) ont répondu "
        "« Plutôt » ou « Tout à fait » ; Temps long : 76 % (38 sur 50)"
    )
    assert grid({"posture": (5, 6, 19, 20), "elus": (5, 6, 19, 20), "temps_long": (5, 6, 19, 20)}) is None


def test_grids_with_a_hidden_small_or_unordered_row_state_nothing(second) -> None:
    high, low = (5, 6, 19, 20), (20, 10, 11, 9)
    assert grid({"elus": high, "posture": (20, 19, 9, 2)}) is None
    assert grid({"elus": high, "posture": (4, 4, 4, 4)}) is None
    assert findings.of_grid(second, ["D1", "B7"]) is None
    assert (grid({"posture": low}) or "").startswith("40 % des structures répondantes (20 sur 50) ont répondu")


def test_single_answers_after_a_preposition() -> None:
    said_first = "ont répondu par la voix"
    counts = {"mission": 30, "direction": 10, "presidence": 10}
    assert (
        said(counts, 50, "A1") == f"60 % des structures répondantes (30 sur 50) {said_first} d’un·e chargé·e de mission"
    )
    tie = {"direction": 22, "mission": 22, "presidence": 6}
    assert said(tie, 50, "A1") == (
        f"44 % des structures répondantes (22 sur 50) {said_first} de leur direction, "
        "et autant d’un·e chargé·e de mission"
    )
    told = {"presidence": 30, "mission": 10, "direction": 10}
    assert (said(told, 50, "A1") or "").endswith(f"{said_first} du ou la présidente")


def test_a_question_without_its_verb_and_a_regrouping() -> None:
    assert said({"a": 30, "b": 29}, 50, "F3") == (
        "60 % des structures répondantes (30 sur 50) ont répondu « A », et 58 % (29 sur 50) « B »"
    )
    assert said({"un": 30, "autres": 20}, 50, "D1@deux") == (
        "60 % des structures répondantes (30 sur 50) déclarent un accompagnement généraliste"
    )
    assert said({"un": 20, "autres": 30}, 50, "D1@deux") == (
        "60 % des structures répondantes (30 sur 50) déclarent un accompagnement « Thématique ou les deux »"
    )


@pytest.mark.parametrize(
    ("question", "values", "text"),
    [
        ("B6", (0.5, 1.5, 3.0), "La moitié des structures répondantes déclarent 1,5 ETP ou moins"),
        ("B6", (1.0, 2.0, 3.0), "La moitié des structures répondantes déclarent 2,0 ETP ou moins"),
        ("C2", (3.0, 8.0, 15.0), "La moitié des structures répondantes déclarent 8 coopérations ou moins"),
        ("C2", (3.5, 8.0, 15.0), "La moitié des structures répondantes déclarent 8,0 coopérations ou moins"),
        ("C2", (0.0, 1.0, 2.0), "La moitié des structures répondantes déclarent 1 ou moins (coopérations)"),
        ("C3", (0.5, 1.5, 3.0), "La moitié des structures répondantes déclarent 1,5 ou moins"),
    ],
)
def test_medians(question, values, text) -> None:
    rows = study.numbers(question, dict(zip(wording.QUARTILES, values, strict=True)), 50)
    assert plain(findings.of_question(study.released(rows), question)) == text


def test_a_hidden_median_is_not_stated() -> None:
    rows = study.numbers("C2", {"quantile_25": 3.0, "median": 8.0, "quantile_75": 15.0}, 8)
    assert findings.of_question(study.released(rows), "C2") is None


def regions(counts: dict[str, int], **more) -> str | None:
    made = study.released(study.shares("B2", counts, sum(counts.values())), **more)
    return plain(findings.of_regions(made, "B2"))


def test_regions_are_counted_and_other_answers_are_not() -> None:
    counts = {"bretagne": 20, "corse": 0, "guyane": 14, "ailleurs": 6}
    assert regions(counts) == "Dans 2 régions sur 3, au moins une structure répondante"
    people = {"singular": "répondant·e", "plural": "répondant·es"}
    people |= {"respondent_singular": "répondant·e", "respondent_plural": "répondant·es", "feminine": False}
    assert regions(counts, study=study.settings(unit=people)) == "Dans 2 régions sur 3, au moins une réponse"
    assert regions({"bretagne": 20, "corse": 2, "guyane": 14, "ailleurs": 6}) is None, "which may be nil"
    assert regions({"bretagne": 0, "corse": 0, "guyane": 0, "ailleurs": 40}) is None


def crossed(groups: dict[str, tuple[dict[str, int], int]], question: str = "D1", by: str = "B7", **more):
    options = next(iter(groups.values()))[0]
    total = {option: sum(counts[option] for counts, _ in groups.values()) for option in options}
    base = sum(size for _, size in groups.values())
    rows = study.shares(question, total, base) + study.shares(by, {name: n for name, (_, n) in groups.items()}, base)
    return study.released(rows + study.crossed(question, by, groups), **more)


def one(general: int, thematic: int, both: int) -> tuple[dict[str, int], int]:
    counts = {"generaliste": general, "thematique": thematic, "les_deux": both}
    return counts, sum(counts.values())


def test_crosses_state_one_answer_in_the_highest_and_the_lowest_group(second) -> None:
    assert plain(findings.of_cross(second, "D1", "B7")) == (
        "Généraliste : 63 % (49 sur 78) du groupe « Membre », 43 % (17 sur 40) du groupe « Non membre »"
    )
    three = crossed({"petite": one(20, 6, 6), "moyenne": one(30, 5, 5), "grande": one(18, 12, 12)}, by="B5")
    assert plain(findings.of_cross(three, "D1", "B5")) == (
        "Généraliste : 75 % (30 sur 40) du groupe « Moyenne », 43 % (18 sur 42) du groupe « Grande »"
    )


def test_of_two_groups_the_one_that_may_be_told_is() -> None:
    small = crossed({"oui": one(40, 15, 15), "non": one(12, 7, 6)})
    assert plain(findings.of_cross(small, "D1", "B7")) == (
        "57 % des structures répondantes du groupe « Membre » (40 sur 70) déclarent un accompagnement généraliste"
    )
    among_three = crossed({"petite": one(40, 15, 15), "moyenne": one(10, 7, 6), "grande": one(9, 6, 5)}, by="B5")
    assert findings.of_cross(among_three, "D1", "B5") is None, "one of three groups says nothing of the cross"


def test_crosses_of_those_concerned() -> None:
    groups = {"oui": ({"energie": 40, "habitat": 20}, 70), "non": ({"energie": 12, "habitat": 9}, 25)}
    assert plain(findings.of_cross(crossed(groups, "D2"), "D2", "B7")) == (
        "57 % des structures concernées du groupe « Membre » (40 sur 70) accompagnent sur la thématique « Énergie »"
    )


@pytest.mark.parametrize(
    "groups",
    [
        {"oui": one(20, 4, 4), "non": one(12, 7, 6)},
        {"oui": one(30, 28, 12), "non": one(20, 21, 20), "third": None},
        {"oui": one(2, 1, 40), "non": one(1, 2, 38)},
    ],
    ids=["small groups", "none first", "mostly withheld"],
)
def test_crosses_that_state_nothing(groups) -> None:
    known = {name: group for name, group in groups.items() if group}
    if "third" in groups:
        known = {"oui": one(24, 23, 22), "non": one(21, 21, 21)}
    assert findings.of_cross(crossed(known), "D1", "B7") is None


def test_an_answer_of_one_respondent_in_every_group_is_not_stated() -> None:
    groups = {"oui": one(1, 0, 39), "non": one(0, 1, 39)}
    made = crossed(groups, study=study.settings(**OPEN))
    assert plain(findings.of_cross(made, "D1", "B7")) == (
        "Les deux : 98 % (39 sur 40) du groupe « Membre », 98 % (39 sur 40) du groupe « Non membre »"
    )
    spread = crossed({"petite": one(1, 0, 30), "moyenne": one(0, 1, 30)}, by="B5", study=study.settings(**OPEN))
    assert findings.of_cross(spread, "D1", "B5") is not None
    lone = {"petite": ({"generaliste": 1}, 40), "moyenne": ({"generaliste": 1}, 40)}
    assert findings.of_cross(crossed(lone, by="B5", study=study.settings(**OPEN)), "D1", "B5") is None


def evolved(then: dict[str, int], now: dict[str, int], base: int = 60, wave: str = "2026") -> str | None:
    before = study.released(study.shares("F1", then, base))
    rows = study.shares("F1", now, base) + study.differences("F1", (then, base), (now, base), "2024")
    return plain(findings.of_change(study.released(rows, study.wave_settings(wave), earlier=[before]), "F1", "2024"))


def test_evolutions_of_volunteers_set_two_numbers_side_by_side(second) -> None:
    told = evolved({"echange_pairs": 30, "formation": 20}, {"echange_pairs": 48, "formation": 21})
    assert told == "Échange entre pairs : 50 % (30 sur 60) en 2024, 80 % (48 sur 60) en 2026"
    assert plain(findings.of_change(second, "F1", "2024")) == (
        "Échange entre pairs : 85 % (46 sur 54) en 2024, 85 % en 2026"
    )
    verbs = ("hausse", "baisse", "progress", "augment", "diminu", "recul", "plus", "moins", "évolu")
    assert not any(verb in (told or "") for verb in verbs)


def test_evolutions_that_state_nothing(second) -> None:
    assert findings.of_change(second, "D3", "2024") is None, "it was worded otherwise"
    three = {"echange_pairs": 30, "formation": 30, "outils": 30}
    assert evolved(three, three) is None, "none is first"
    hidden = evolved({"echange_pairs": 2, "formation": 20}, {"echange_pairs": 48, "formation": 21})
    assert hidden is None


@pytest.mark.parametrize(
    ("questions", "by", "text"),
    [
        (["F1"], None, "« De quels renforcements avez-vous besoin ? » Plusieurs réponses possibles."),
        (["F3"], None, "« Vos priorités ? » Trois réponses au plus."),
        (["F5"], None, "« Vos priorités ? (3 au plus) »"),
        (["D1"], None, "« Votre accompagnement est… »"),
        (["D2"], None, "« Thématiques ». Plusieurs réponses possibles."),
        (["D1@deux"], None, "« Votre accompagnement est… », réponses regroupées"),
        (["D1"], "B7", "« Votre accompagnement est… », selon « Membre d’un réseau »"),
        (
            ["F1"],
            "B7",
            "« De quels renforcements avez-vous besoin ? », selon « Membre d’un réseau ». "
            "Plusieurs réponses possibles.",
        ),
        (["F2.elus"], None, "« Difficultés rencontrées », à propos de « L’implication des élu·es »"),
        (["F2.elus", "F2.posture"], None, "« Difficultés rencontrées ». Une réponse par ligne."),
    ],
)
def test_the_question_as_it_was_put(first, questions, by, text) -> None:
    assert plain(findings.wording(first, questions, by)) == text


def test_a_reworded_question_is_quoted_as_the_wave_put_it(second) -> None:
    assert plain(findings.wording(second, ["D3"])) == "« Dimensions principales ». Plusieurs réponses possibles."


def test_words_after_the_verb() -> None:
    book = Codebook.model_validate(study.CODEBOOK)
    asked = variable(book, "A1", "2024")
    assert wording.predicate(asked, "mission") == "ont répondu par la voix d’un·e chargé·e de mission"
    assert wording.answer(asked, asked.option("direction")) == "de leur direction"
    needs = variable(book, "F1", "2024")
    assert wording.answer(needs, needs.option("outils")).startswith("« Outils et ressources")


SENTENCES = """schema: 1
phrases:
  - id: txt-pairs
    estimates: {pairs: {question: F1, option: echange_pairs}}
    text: "L’échange entre pairs est demandé par {pairs.share}."
  - id: txt-outils
    estimates: {outils: {question: F1, option: outils}}
    text: "Les outils sont demandés par {outils.share}."
"""


@pytest.fixture
def publish(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "phrases.yml").write_text(SENTENCES, "utf-8")
    keeper = SimpleNamespace(study=SimpleNamespace(root=tmp_path))
    return lambda released: Publication(keeper, released, None, read_brand())


def test_titles_in_their_order(publish, second) -> None:
    made = publish(second)
    assert plain(made.figure("fig-x", "F1").artefact.caption) == (
        "85 % des structures répondantes citent l’échange entre pairs (n = 116)"
    )
    assert plain(made.figure("fig-x", "F1", title="Besoins").artefact.caption) == "Besoins (n = 116)"
    authored = made.figure("fig-x", "F1", title="Besoins", finding="txt-pairs").artefact.caption
    assert plain(authored) == "L’échange entre pairs est demandé par 85 % (n = 116)"
    with pytest.raises(SyntheseError, match=r"has no sentence 'txt-none' → one of txt-pairs, txt-outils"):
        made.figure("fig-x", "F1", finding="txt-none")


def test_what_is_stated_follows_what_is_shown(first, second) -> None:
    rows = ["F2.elus", "F2.posture"]
    assert (findings.stated(first, rows, None, None, None) or "").startswith("L’implication des élu·es")
    assert "du groupe" in (findings.stated(second, ["D1"], "B7", None, None) or "")
    counts = {"bretagne": 20, "corse": 0, "guyane": 14, "ailleurs": 6}
    map_of = study.released(study.shares("B2", counts, 40))
    assert (findings.stated(map_of, ["B2"], None, None, "map") or "").startswith("Dans 2")
    assert (findings.stated(map_of, ["B2"], None, None, None) or "").startswith("50")


def test_an_authors_finding_whose_number_is_withheld_gives_way(publish) -> None:
    hidden = publish(study.released(study.shares("F1", {"echange_pairs": 46, "formation": 31, "outils": 2}, 54)))
    assert (
        plain(hidden.figure("fig-x", "F1", finding="txt-outils").artefact.caption) == "Besoins de renforcement (n = 54)"
    )
    topic = hidden.figure("fig-x", "F1", title="Besoins", finding="txt-outils").artefact.caption
    assert plain(topic) == "Besoins (n = 54)"


def test_a_planned_cross_has_its_finding_its_question_and_its_source(publish, second) -> None:
    made = publish(second).planned("tbl-approche", "approche-reseau").artefact
    assert plain(made.caption) == (
        "Généraliste : 63 % (49 sur 78) du groupe « Membre », 43 % (17 sur 40) du groupe « Non membre » (n = 118)"
    )
    assert plain(made.subtitle) == "« Votre accompagnement est… », selon « Membre d’un réseau »"
    (source,) = made.sources
    assert (source.question, source.by, source.base) == ("D1", "B7", 118)
    assert plain(source.field) == "Structures ayant répondu aux deux questions, n = 118."
    refused = publish(second).planned("tbl-suffisance", "suffisance-reseau").artefact
    assert refused.status == "too_small"
    assert refused.sources == ()


def test_every_figure_and_table_has_one_source(publish, second) -> None:
    made = publish(second)
    pieces = [
        made.figure("fig-a", "F1"),
        made.figure("fig-b", "D1", by="B7"),
        made.table("tbl-a", "D1"),
        made.table("tbl-b", "F1", by="B7"),
        made.evolution("tbl-c", "F1"),
        made.evolution("fig-c", "F1"),
    ]
    told = [(one.question, one.by, one.reference_wave) for p in pieces for one in p.artefact.sources]
    assert told == [
        ("F1", None, None),
        ("D1", "B7", None),
        ("D1", None, None),
        ("F1", "B7", None),
        ("F1", None, "2024"),
        ("F1", None, "2024"),
    ]
    assert all(p.artefact.subtitle for p in pieces)
    grids = publish(study.first_wave())
    (rows,) = grids.figure("fig-d", ["F2.elus", "F2.posture"]).artefact.sources
    assert (rows.question, rows.base) == ("F2", None)
    (number,) = grids.table("tbl-d", "B6").artefact.sources
    assert number.statistic == "median"


def test_no_line_says_what_the_title_or_the_question_says(publish, second) -> None:
    made = publish(second)
    lines = [plain(line) for line in made.figure("fig-a", "F1").artefact.notes]
    assert lines[0] == "Lecture : 53 % des structures répondantes citent le financement."
    assert "Note : le total dépasse 100 %." in lines
    topic = made.figure("fig-a", "F1", title="Besoins", subtitle="").artefact
    assert plain(topic.notes[0]) == "Lecture : 85 % des structures répondantes citent l’échange entre pairs."
    assert "Note : plusieurs réponses possibles ; le total dépasse 100 %." in map(plain, topic.notes)
    for piece in (made.table("tbl-b", "F1", by="B7"), made.evolution("tbl-c", "F1")):
        assert not any("réponses possibles" in line for line in piece.artefact.notes)
        assert "Plusieurs réponses possibles" in plain(piece.artefact.subtitle)


def test_a_number_whose_median_is_the_title_reads_its_quartiles(publish) -> None:
    rows = study.numbers("C2", {"mean": 9.44, "quantile_25": 3.0, "median": 8.0, "quantile_75": 15.0}, 50)
    made = publish(study.released(rows))
    lecture = "Lecture : un quart des structures répondantes déclarent 3 coopérations ou moins, et un quart 15 ou plus."
    table = made.table("tbl-x", "C2")
    assert plain(table.artefact.caption) == (
        "La moitié des structures répondantes déclarent 8 coopérations ou moins (n = 50)"
    )
    assert plain(table.artefact.notes[0]) == lecture
    assert [row[1] for row in table.grid.flat()[1]] == ["8", "3", "15", "9,4", "50"]
    figure = made.figure("fig-x", "C2").artefact
    assert plain(figure.notes[0]) == lecture
    assert "Médiane : 8 coopérations" in plain(figure.alt)
    assert plain(made.figure("fig-x", "C2", title="Coopérations").artefact.notes[0]) == (
        "Lecture : la moitié des structures répondantes déclarent 8 coopérations ou moins ; "
        "la moitié centrale, de 3 à 15."
    )
    value = made.value("val-x", "C2", form="value", statistic="median").artefact
    assert value.text == "8"
    assert made.value("val-x", "C2", form="value", statistic="mean").artefact.text == "9,4"
