"""What `describe` says of a question alone against R's survey, by design, whole and in a domain: `r/oneway.R`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synthese.analysis.coding import code
from synthese.analysis.describing import describe
from synthese.analysis.items import item_tests
from synthese.analysis.sampling import Sample
from synthese.codebook import Codebook, variable
from synthese.statistics.designs import Design
from synthese.statistics.proportions import logit

HERE = Path(__file__).parent / "r"
DATA = json.loads((HERE / "survey_data.json").read_text())
R = json.loads((HERE / "oneway.json").read_text())
ITEMS = {"wide": "sch.wide", "awards": "awards", "imp": "comp.imp"}


def question(id: str, kind: str, **more) -> dict:
    return {"id": id, "section": "A", "text": f"{id} ?", "type": kind, **more}


CODEBOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "api",
        "questions": [
            question("W", "single", options=[{"code": c, "label": c} for c in ("no", "yes")]),
            question("T", "single", options=[{"code": c, "label": c} for c in ("e", "h", "m")]),
            question("M", "multiple", options=[{"code": c, "label": c} for c in ITEMS]),
            question("N", "numeric"),
            question("P", "numeric", nps=True),
        ],
    }
)


def answers(data: dict) -> pd.DataFrame:
    api = np.array(data["api00"], dtype=float)
    scores = np.where(api >= 750, 10, np.where(api <= 600, 0, 8))
    marks = {f"M.{item}": np.array(data[name]) == "Yes" for item, name in ITEMS.items()}
    return pd.DataFrame(
        {"W": pd.Series([x.lower() for x in data["sch.wide"]], dtype="str"), "M": "answered"}
        | {"T": pd.Series([x.lower() for x in data["stype"]], dtype="str")}
        | {name: pd.Series(ticked, dtype="boolean") for name, ticked in marks.items()}
        | {"N": pd.Series(api, dtype="Float64"), "N._reason": "answered"}
        | {"P": pd.Series(scores, dtype="Float64"), "P._reason": "answered"}
    )


def codes(column: list) -> np.ndarray:
    return np.unique(column, return_inverse=True)[1]


def design(name: str) -> tuple[dict, Design]:
    data = DATA["apiclus1" if name.startswith("clusters") else "apistrat"]
    weights, frame = np.array(data["pw"]), np.array(data["fpc"], dtype=float)
    return data, {
        "weights": Design(weights),
        "strata": Design(weights, strata=codes(data["stype"]), population=frame),
        "clusters": Design(weights, clusters=codes(data["dnum"])),
        "clusters_fpc": Design(weights, clusters=codes(data["dnum"]), population=frame),
    }[name]


CASES = [(where, name) for where in ("whole", "domain") for name in R["whole"]]


@pytest.fixture(scope="module", params=CASES, ids=[f"{w}-{n}" for w, n in CASES])
def case(request):
    where, name = request.param
    data, drawn = design(name)
    inside = np.array(data["stype"]) == "E" if where == "domain" else np.ones(len(data["stype"]), bool)
    responses = answers(data)

    def coded(question: str):
        return code(responses, variable(CODEBOOK, question, "2026")).among(inside)

    return R[where][name], coded, Sample(design=drawn)


def rows(coded, sample: Sample, **where) -> list[dict]:
    found = [row for row in describe(coded, sample) if all(row.get(k) == v for k, v in where.items())]
    assert found
    return found


def ends(row: dict) -> list[float]:
    return [row["ci_low"], row["ci_high"]]


def near(expected: object):
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("interval", [None, "korn_graubard", "logit", "arcsine"])
def test_a_share_and_its_interval(case, interval):
    theirs, coded, sample = case
    asked = Sample(design=sample.design, interval=interval)
    (row,) = rows(coded("W"), asked, statistic="share", option="yes")
    assert row["value"] == near(theirs["value"][0])
    assert ends(row) == near(theirs["share"][interval or "korn_graubard"])
    assert row["method"] == (interval or "korn_graubard") + ("_fpc" if sample.design.population is not None else "")


def test_a_mean_has_its_linearised_interval(case):
    theirs, coded, sample = case
    (row,) = rows(coded("N"), sample, statistic="mean")
    assert [row["value"], *ends(row)] == near([theirs["mean"][0], *theirs["mean"][2:]])
    assert row["method"].startswith("taylor-t")


def test_a_net_promoter_score_is_a_mean_of_three_values(case):
    theirs, coded, sample = case
    (row,) = rows(coded("P"), sample, statistic="nps")
    assert [row["value"], *ends(row)] == near([100 * x for x in (theirs["nps"][0], *theirs["nps"][2:])])


def test_quartiles_invert_the_shares_up_to_each_answer(case):
    theirs, coded, sample = case
    for statistic, expected in zip(("quantile_25", "median", "quantile_75"), theirs["quartiles"], strict=True):
        (row,) = rows(coded("N"), sample, statistic=statistic)
        assert [row["value"], *ends(row)] == expected


def test_a_share_of_mentions_is_a_ratio(case):
    theirs, coded, sample = case
    found = rows(coded("M"), sample, statistic="share_mentions")
    for row, (value, error) in zip(found, theirs["mentions"], strict=True):
        assert row["value"] == near(value)
        expected = logit(value, error**2, sample.design.df(coded("M").in_base))
        assert ends(row) == near([expected.low, expected.high])


def test_items_are_compared_by_an_adjusted_wald_test(case):
    theirs, coded, sample = case
    (row,) = item_tests(coded("M"), sample)
    assert [row["statistic"], row["p_value"]] == pytest.approx(theirs["items"], rel=1e-7)
    assert (row["method"], row["family"], row["df"]) == ("adjusted_wald_items", "exploratory", 2)
