"""A question alone: which interval each estimate gets, which is refused, what is said where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import multinomial_proportions_confint

from synthese.analysis import tests_shown
from synthese.analysis.coding import Coded, code
from synthese.analysis.crossing import cross
from synthese.analysis.describing import describe
from synthese.analysis.intervals import INTERVALS
from synthese.analysis.items import item_tests
from synthese.analysis.method_names import METHOD_NAMES, NO_INTERVAL, method_name
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, variable
from synthese.errors import SyntheseError
from synthese.estimates import estimates_frame
from synthese.estimates.schema import METHODS, method_parts
from synthese.statistics.designs import Design
from synthese.statistics.proportions import clopper_pearson, wilson


def question(id: str, kind: str, **more) -> dict:
    return {"id": id, "section": "A", "text": f"{id} ?", "type": kind, **more}


def options(*codes: str) -> list[dict]:
    return [{"code": c, "label": c.upper(), "exclusive": c == "aucun"} for c in codes]


CODEBOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "Essai",
        "questions": [
            question("S", "single", options=options("a", "b", "c")),
            question("M", "multiple", options=options("p", "q", "r", "aucun")),
            question("N", "numeric"),
            question("P", "numeric", nps=True),
            question("R", "ranking", rows=[{"code": c, "label": c} for c in "ijkl"]),
            question("O", "open"),
        ],
    }
)


def coded(name: str, **columns: Iterable) -> Coded:
    kinds = {"S": "str", "M": "str", "R": "str", "O": "str", "N": "Float64", "P": "Float64"}

    def dtype(column: str) -> str:
        if column.endswith("_reason"):
            return "str"
        return kinds.get(column) or ("boolean" if column.startswith("M.") else "Int64")

    frame = pd.DataFrame({column: pd.Series(list(values), dtype=dtype(column)) for column, values in columns.items()})
    return code(frame, variable(CODEBOOK, name, "2026"))


def single(**counts: int) -> Coded:
    return coded("S", S=[c for c, n in counts.items() for _ in range(n)])


def number(values: Iterable[float | None], name: str = "N") -> Coded:
    values = list(values)
    reasons = ["_no_answer" if v is None else "answered" for v in values]
    return coded(name, **{name: values, f"{name}._reason": reasons})


def marks(*people: str) -> Coded:
    ticked = {f"M.{c}": [c in person for person in people] for c in ("p", "q", "r")}
    return coded("M", M=["answered"] * len(people), **ticked, **{"M.aucun": ["-" in person for person in people]})


def ranked(*orders: str) -> Coded:
    places = {f"R.{c}": [o.index(c) + 1 if c in o else None for o in orders] for c in "ijkl"}
    return coded("R", R=["answered"] * len(orders), **places)


def rows(found: Coded, sample: Sample, statistic: str = "share") -> list[dict]:
    out = [row for row in describe(found, sample) if row["statistic"] == statistic]
    estimates_frame({"wave": "2026", **row} for row in out)
    return out


def ends(row: dict) -> tuple[float, float]:
    return row["ci_low"], row["ci_high"]


def weights(*values: float) -> Sample:
    return Sample(design=Design(np.array(values)))


ANSWERS = single(a=20, b=9, c=3)
HEAVY = weights(*np.resize([0.5, 1.0, 2.5], 32))


# Shares


def test_a_share_is_bounded_by_wilson_and_by_the_frame_where_it_is_known():
    plain, framed = rows(ANSWERS, Sample())[0], rows(ANSWERS, Sample(population=40))[0]
    assert ends(plain) == (wilson(20, 32).low, wilson(20, 32).high)
    assert (plain["method"], framed["method"]) == ("wilson", "wilson_fpc")
    assert plain["ci_low"] < framed["ci_low"] < framed["value"] < framed["ci_high"] < plain["ci_high"]
    whole = rows(ANSWERS, Sample(population=32))[0]
    assert ends(whole) == pytest.approx((20 / 32, 20 / 32))


def test_a_researcher_asks_for_another_interval():
    for name in ("clopper_pearson", "logit", "arcsine"):
        row, framed = (rows(ANSWERS, Sample(interval=name, population=n))[0] for n in (None, 40))
        assert row["method"] == name
        assert row["ci_low"] < row["value"] < row["ci_high"]
        narrower = framed["ci_high"] - framed["ci_low"] < row["ci_high"] - row["ci_low"]
        # The exact one is exact for answers drawn with replacement: it knows no frame.
        assert (framed["method"], narrower) == ((name, False) if name == "clopper_pearson" else (f"{name}_fpc", True))
    exact = clopper_pearson(20, 32)
    assert ends(rows(ANSWERS, Sample(interval="clopper_pearson"))[0]) == (exact.low, exact.high)
    # On a scale where 0 has no place, the exact one, named.
    none = rows(single(a=20), Sample(interval="logit"))[1]
    assert (none["value"], none["method"], none["ci_high"]) == (0, "clopper_pearson", clopper_pearson(0, 20).high)


@pytest.mark.parametrize(("name", "theirs"), [("goodman", "goodman"), ("sison_glaz", "sison-glaz")])
def test_joint_intervals_bound_all_options_of_a_question_at_once(name, theirs):
    found = rows(ANSWERS, Sample(interval=name))
    expected = multinomial_proportions_confint([20, 9, 3], method=theirs)
    assert np.array([ends(row) for row in found]) == pytest.approx(expected, abs=1e-9)
    assert {row["method"] for row in found} == {name}


@pytest.mark.parametrize(
    ("sample", "question", "words"),
    [
        (Sample(interval="korn_graubard"), ANSWERS, "needs weights or a design.*one of wilson, clopper_pearson"),
        (Sample(design=HEAVY.design, interval="wilson"), ANSWERS, "takes every answer to count alike.*korn_graubard"),
        (Sample(design=HEAVY.design, interval="goodman"), ANSWERS, "takes every answer to count alike"),
        (Sample(interval="goodman"), marks("p", "pq"), "question with one answer, M is multiple"),
        (Sample(interval="wilson"), number([1, 2]), "N is numeric: wilson is an interval of shares"),
        (Sample(interval="wald"), ANSWERS, "no interval 'wald'.*one of wilson.*sison_glaz"),
    ],
)
def test_an_interval_that_does_not_suit_is_refused(sample, question, words):
    with pytest.raises(SyntheseError, match=f"(?s){words}"):
        list(describe(question, sample))


def test_a_joint_interval_is_no_interval_of_a_cross():
    with pytest.raises(SyntheseError, match="not those of a cross"):
        list(cross(ANSWERS, ANSWERS, Sample(interval="sison_glaz")))


def test_a_weighted_share_of_0_or_1_is_bounded_on_its_effective_base():
    sample = weights(1, 1, 1, 3, 3)
    sure, never, _ = rows(single(a=5), sample)
    effective = 9**2 / 21
    expected = clopper_pearson(0, effective)
    assert (never["value"], never["method"]) == (0, "clopper_pearson_kish")
    assert ends(never) == pytest.approx((0, expected.high))
    assert (sure["value"], ends(sure)) == (1, pytest.approx((1 - expected.high, 1)))


def test_a_share_that_does_not_vary_has_no_interval_and_says_so():
    margin = np.array([0] * 20 + [1] * 12)
    fixed = Sample(design=Design(np.ones(32), calibration=(margin,)))
    row = rows(single(a=20, b=12), fixed)[0]
    assert (row["value"], row.get("ci_low"), row["reason"]) == (0.625, None, "no-variance")
    one = Sample(design=Design(np.ones(4), clusters=np.array([0, 0, 1, 1])))
    inside = single(a=1, b=3).among(np.array([True, True, False, False]))
    row = rows(inside, one)[0]
    assert (row["value"], row.get("ci_low"), row["reason"]) == (0.5, None, "no-degrees-of-freedom")


# Numbers


@pytest.mark.parametrize("sample", [Sample(), Sample(population=20), weights(1, 2, 3)], ids=["", "framed", "weighted"])
@pytest.mark.parametrize(("value", "size", "why"), [(4, 1, "single-answer"), (4, 3, "no-variation")])
def test_numbers_without_spread_have_a_value_and_no_interval(sample, value, size, why):
    found = number([value] * size + [None] * (3 - size), "P")
    for statistic in ("mean", "quantile_25", "median", "quantile_75", "nps"):
        (row,) = rows(found, sample, statistic)
        assert (row["value"], row.get("ci_low"), row["reason"]) == (-100 if statistic == "nps" else 4, None, why)


@pytest.mark.parametrize("sample", [Sample(), Sample(population=20), weights(1, 2)], ids=["", "framed", "weighted"])
def test_nobody_has_no_number(sample):
    for statistic in ("mean", "quantile_25", "median", "quantile_75", "nps"):
        (row,) = rows(number([None, None], "P"), sample, statistic)
        assert (row.get("value"), row["base"], row["reason"]) == (None, 0, "empty-base")


def test_few_numbers_have_no_interval_that_could_cover():
    """The range of 5 answers misses the median once in 16; of 10, a quartile once in 18."""
    for size, statistic in product((5, 6, 9, 10, 11), ("mean", "median", "quantile_25")):
        (row,) = rows(number(range(size)), Sample(), statistic)
        enough = size >= {"mean": 10, "median": 6, "quantile_25": 11}[statistic]
        assert (row.get("ci_low") is not None) is enough
        assert (row.get("reason") == "too-few-answers") is not enough


def test_numbers_are_bounded_by_a_bootstrap_of_the_studys_seed():
    values = np.round(np.random.default_rng(5).exponential(9, 60))
    first, again, other = (rows(number(values), Sample(seed=s), "mean")[0] for s in (1, 1, 2))
    assert first["method"] == "bca"
    assert ends(first) == ends(again) != ends(other)
    (median,) = rows(number(values), Sample(), "median")
    assert median["method"] == "type-7+bca"
    assert median["ci_low"] <= median["value"] <= median["ci_high"]


def test_a_known_frame_narrows_means_quartiles_and_scores():
    values = np.resize([0, 3, 7, 8, 8, 9, 10], 70)
    for statistic, method in (
        ("mean", "t_fpc"),
        ("median", "type-7+inverted_wilson_fpc"),
        ("nps", "normal_fpc"),
    ):
        widths = []
        for population in (70, 80, 7_000):
            (row,) = rows(number(values, "P"), Sample(population=population), statistic)
            assert row["method"] == method
            widths.append(row["ci_high"] - row["ci_low"])
        assert widths[0] == pytest.approx(0, abs=1e-9)
        assert widths[0] <= widths[1] <= widths[2] > 0


def test_a_quantile_between_two_answers_lies_in_its_interval():
    (row,) = rows(number([0, 1, 2, 3]), Sample(population=4), "median")
    assert (row["value"], ends(row)) == (1.5, (1, 1.5))
    (row,) = rows(number(range(7)), Sample(population=7), "quantile_75")
    assert (row["value"], ends(row)) == (4.5, (4.5, 5))


# Items


def test_mentions_are_drawn_with_their_respondents():
    """Everybody ticks p and one other: the share of p among mentions is a half, whoever is drawn."""
    (p, q, *_) = rows(marks(*["pq", "pr"] * 10), Sample(), "share_mentions")
    assert (p["value"], p.get("ci_low"), p["reason"]) == (0.5, None, "no-variance")
    naive = wilson(10, 40)
    assert q["method"] == "mentions_logit"
    assert q["ci_high"] - q["ci_low"] < naive.high - naive.low
    # Who ticks all or nothing but p: the mentions of one respondent are alike, and the interval is wider.
    (_, q, *_) = rows(marks(*["p"] * 10, *["pqr"] * 10), Sample(), "share_mentions")
    assert (q["count"], q["base"], q["unit"]) == (10, 40, "share")
    people = [*["p"] * 6, *["pqr"] * 5, "q", "-", "pr"]
    plain, ones = (rows(marks(*people), s, "share_mentions") for s in (Sample(), weights(*[1] * 14)))
    assert [(r["value"], ends(r)) for r in plain] == [(r["value"], pytest.approx(ends(r))) for r in ones]


def test_options_of_a_multiple_response_are_tested_against_each_other():
    """Cochran's Q of statsmodels; « aucun » is no item."""
    from statsmodels.stats.contingency_tables import cochrans_q

    people = ["pq", "p", "p", "pr", "-", "q", "pqr", "p"]
    (row,) = item_tests(marks(*people), Sample())
    theirs = cochrans_q(np.array([[c in x for c in "pqr"] for x in people], dtype=int))
    assert (row["statistic"], row["p_value"]) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert (row["method"], row["df"], row["base"], row["family"]) == ("cochran_q", 2, 8, "exploratory")
    assert list(item_tests(ANSWERS, Sample())) == []


def test_a_ranking_has_its_first_its_top_its_mean_ranks_and_friedmans_test():
    from scipy.stats import friedmanchisquare

    orders = ["ijkl", "ijlk", "jikl", "lijk", "ikjl", "ijkl", "kijl", "ijkl", "jilk", "iljk", "ijkl"]
    found = ranked(*orders)
    first = rows(found, Sample())[0]
    assert (first["count"], first["base"]) == (6 + 1, 11)
    top = rows(found, Sample(), "share_top_3")[3]
    assert (top["option"], top["count"]) == ("l", sum(o.index("l") < 3 for o in orders))
    mean = rows(found, Sample(), "mean")[0]
    assert mean["value"] == pytest.approx(np.mean([o.index("i") + 1 for o in orders]))
    assert mean["ci_low"] < mean["value"] < mean["ci_high"]
    (row,) = item_tests(found, Sample())
    theirs = friedmanchisquare(*([o.index(c) for o in orders] for c in "ijkl"))
    assert (row["statistic"], row["p_value"]) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert (row["method"], row["effect"], row["base"]) == ("friedman", "kendalls_w", 11)
    (weighted,) = item_tests(found, weights(*range(1, 12)))
    assert weighted["method"] == "adjusted_wald_items"
    (partial,) = item_tests(ranked("ij", "ji", "k"), Sample())
    assert (partial["p_value"], partial["reason"]) == (None, "partial_rankings")


# Words


def test_every_method_that_a_description_gives_is_documented_and_named_in_french():
    values = np.resize([0, 3, 7, 8, 8, 9, 10], 32)
    questions = [ANSWERS, single(a=32), number(values, "P"), marks(*["pq", "p", "r", "pr"] * 8), ranked("ijkl", "jikl")]
    designs = [None, HEAVY.design, Design(np.ones(32), population=np.full(32, 90.0))]
    samples = [Sample(design=d, interval=i) for d in designs for i in (None, *INTERVALS)] + [Sample(population=90)]
    one_unit = weights(*[1] * 4), Sample(design=Design(np.ones(4), clusters=np.array([0, 0, 0, 1])))
    small = (
        marks("pqr", "-", "p", "q"),
        marks("p", "q", "r", "-"),
        ranked("ij", "ji", "k", "i"),
        marks("-", "-", "-", "-"),
    )
    methods, reasons, tested, untested = set(), set(), set(), set()
    for sample, found in [*product(samples, questions), *product((Sample(), *one_unit), small)]:
        if sample.design is not None and len(found.kept) != sample.design.weights.size:
            continue
        try:
            out, items = list(describe(found, sample)), list(item_tests(found, sample))
        except SyntheseError:
            continue  # an interval that does not suit
        methods |= {row["method"] for row in (*out, *items) if row.get("method")}
        reasons |= {row["reason"] for row in out if row.get("reason")}
        tested |= {row["method"] for row in items if row["method"]}
        untested |= {row["reason"] for row in items if row["reason"]}
    codes = {part for method in methods for part, _ in method_parts(method)}
    assert codes >= {"wilson", "korn_graubard", "bca", "taylor-t", "cochran_q", "mentions_logit", "goodman"}
    assert codes <= set(METHODS)
    assert set(METHODS) == set(METHOD_NAMES)
    assert tested <= set(tests_shown.METHODS)
    assert {"cochran_q", "friedman", "adjusted_wald_items"} <= tested
    assert {"partial_rankings", "no_degrees_of_freedom", "no_variation"} <= untested <= set(tests_shown.REASONS)
    assert reasons <= set(NO_INTERVAL)
    assert method_name("type-7+inverted_wilson_fpc") == "parts de Wilson inversées, population finie"
