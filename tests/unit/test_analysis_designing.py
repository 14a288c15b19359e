"""Weights, strata, clusters and margins read off the answers: what is refused, with its way out, and what is told."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from synthese.analysis.cleaned import cleaned
from synthese.analysis.designing import Answers, Designer
from synthese.cleaning.declarations import check_declarations
from synthese.codebook import parse
from synthese.errors import SyntheseError
from synthese.files import read_yaml, write_text
from synthese.study import WaveSettings, open_study

CODEBOOK = """\
schema: 1
title: "E"
scales:
  - code: accord
    label: "Accord"
    options: [{code: non, label: Non}, {code: oui, label: Oui}]
questions:
  - {id: P, section: A, text: "Poids", type: numeric, role: weight}
  - id: S
    section: A
    text: "Secteur"
    type: single
    options: [{code: n, label: Nord}, {code: s, label: Sud}, {code: e, label: Est}]
  - {id: T, section: A, text: "Taille", type: single,
     options: [{code: a, label: Petite}, {code: b, label: Grande}, {code: nsp, label: Ne sait pas, in_base: false}]}
  - {id: U, section: A, text: "Usage", type: single, options: [{code: a, label: A}, {code: b, label: B}]}
  - {id: A, section: A, text: "Lieu", type: single,
     options: [{code: l, label: L}, {code: autre, label: Autre, other: true}]}
  - {id: G, section: A, text: "Commune", type: open, role: contact}
  - {id: N, section: A, text: "Îlot", type: numeric, role: key}
  - {id: M, section: A, text: "Multiple", type: multiple, options: [{code: a, label: A}, {code: b, label: B}]}
regroupings:
  - {id: S@deux, label: "Deux",
     groups: [{code: ns, label: Nord et Sud, of: [n, s]}, {code: e, label: Est, of: [e]}]}
"""
WAVE = """\
schema: 1
id: "2024"
title: "Vague 2024"
export: export.csv
tool: plain
field: {start: 2024-01-01, end: 2024-02-01}
channel: "Courriel"
"""
#        P    S    T      U    G       N
ROWS = [
    (2.0, "n", "a", "a", "Xy", 1.0),
    (1.0, "n", "b", "b", "Xy", 1.0),
    (1.0, "s", "a", "a", "Zz", 2.0),
    (3.0, "s", "b", "b", "Ww", 3.0),
    (1.0, "s", "a", "b", "Ww", 3.0),
    (4.0, "s", "b", "a", "Vv", 4.0),
]


def answers(**changed):
    """Six respondents on rows 2 to 7 of an export; ``changed`` replaces columns."""
    columns = dict(zip("PSTUGN", zip(*ROWS, strict=True), strict=True)) | changed
    responses = pd.DataFrame({name: pd.Series(columns[name], dtype="str") for name in "STU"})
    responses["A"] = pd.Series(["l", "autre", "autre", "l", "l", "l"], dtype="str")
    for name in "PN":
        responses[name] = pd.array(columns[name], dtype="Float64")
        responses[f"{name}._reason"] = "answered"
    private = pd.DataFrame({"row": pd.array(range(2, 8), dtype="Int64"), "G": pd.Series(columns["G"], dtype="str")})
    return Answers(responses, lambda: private)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    root = tmp_path_factory.mktemp("design") / "étude"
    write_text(root / "study.yml", 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n')
    write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK)
    write_text(root / "data" / "raw" / "2024" / "wave.yml", WAVE + "design: census\n")
    return open_study(root)


@pytest.fixture
def settings(tmp_path):
    def made(more: str) -> WaveSettings:
        file = tmp_path / "wave.yml"
        design = "" if "design:" in more else "design: probability\n"
        write_text(file, WAVE + design + more)
        return parse(read_yaml(file), WaveSettings)

    return made


def weighting(study, settings, more, **changed):
    return Designer(study, settings(more), answers(**changed)).weighting()


T = 'calibration: [{question: T, totals: {a: 80, b: 120}, source: "registre, 2023"}]\n'
TWO = (
    'calibration: [{question: T, totals: {a: 80, b: 120}, source: "r"}, '
    '{question: U, totals: {a: 0.5, b: 0.5}, source: "s"}]\n'
)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("calibration: [{question: T, totals: {a: 1, b: 2}}]", "a margin without a source.*who counted, what, when"),
        ('calibration: [{question: T, totals: {a: 0, b: 0}, source: "r"}]', "these totals are all 0"),
        ("design: self-selected\nstrata: S", "`strata` on a design that drew nobody at random"),
        ("design: census\nclusters: G", "`clusters` on a design that drew nobody"),
        ("primary_units: 12", "`primary_units` without strata or clusters → write `population`"),
        ("clusters: G\nprimary_units: {n: 4}", "`primary_units` by stratum without strata"),
        ("trim: {at_most: 3}", "`trim` without weights"),
        ("weight: P\ntrim: {at_most: 1}", "1 is not allowed here → write more than 1"),
        (T.replace("]\n", ', {question: T, totals: {a: 1, b: 1}, source: "r"}]'), "two margins on T"),
        ("design: self-selected\npopulation: 40", "`population` on a self-selected design"),
    ],
)
def test_what_cannot_go_together_is_refused_where_it_is_written(settings, more, words):
    with pytest.raises(SyntheseError, match=words):
        settings(more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('calibration: [{question: X, totals: {a: 1, b: 2}, source: "r"}]', "calibration[0].question: no question 'X'"),
        ('calibration: [{question: M, totals: {a: 1, b: 2}, source: "r"}]', "M is multiple → name a question with one"),
        (
            'calibration: [{question: T, totals: {a: 1, c: 2}, source: "r"}]',
            "calibration[0].totals.c: T has no option 'c'",
        ),
        ("strata: G", "strata: G identifies people"),
        ("strata: M", "M is multiple → name a question with one answer, or a number"),
        ("clusters: M", "M is multiple → name a question with one answer, a number or a text"),
        ("strata: S@deux\nprimary_units: {ns: 3, z: 4}", "primary_units.z: S@deux has no option 'z'"),
    ],
)
def test_check_tells_names_that_the_codebook_does_not_have(study, settings, more, words):
    with pytest.raises(SyntheseError, match=re.escape(words)):
        check_declarations(settings(more), study.codebook)


def test_a_cluster_may_be_named_by_what_identifies_people(study, settings):
    check_declarations(settings("clusters: G\nstrata: S@deux\nprimary_units: {ns: 3, e: 4}"), study.codebook)


@pytest.mark.parametrize(
    ("more", "changed", "words"),
    [
        ("weight: P", {"P": [1, None, -1, 1, 1, 1]}, "no weight, or a negative one: 2 respondents (rows 3, 4 of the"),
        ("weight: P", {"P": [0] * 6}, "every weight is 0"),
        ("weight: S", {}, "S is not numeric"),
        ("population: 5", {}, "6 respondents are kept of a population of 5"),
        ("weight: P\npopulation: 5", {}, "6 respondents are kept of a population of 5"),
        ("design: census\ninvited: 5", {}, "invited: 6 respondents are kept of a population of 5"),
        ("strata: S", {"S": ["n", "n", "s", "s", "s", "_no_answer"]}, "S is unknown of 1 respondent (row 7"),
        ("clusters: G", {"G": ["x", "", "y", " ", "y", "z"]}, "G is unknown of 2 respondents (rows 3, 5 of"),
        ("clusters: A", {}, "« Autre » of A may be several clusters: 2 respondents (rows 3, 4 of the"),
        ("strata: S\nclusters: G", {}, "1 of 2 strata have a single primary sampling unit: n → merge each with a"),
        ("strata: S\nclusters: G\nlonely: certainty", {"G": list("aabbbb")}, "no stratum has two units"),
        ("clusters: G", {"G": ["a"] * 6}, "every respondent is of one cluster"),
        ("strata: S\nprimary_units: {n: 9}", {}, "no number of units for s"),
        ("strata: S\nprimary_units: {n: 9, s: 3}", {}, "more units were drawn than there are: s (4 of 3)"),
        ("clusters: G\nprimary_units: 3", {}, "more units were drawn than there are: 4 of 3"),
        (T, {"T": ["a", "b", "_no_answer", "nsp", "a", "b"]}, "no total weights 2 respondents (rows 4, 5 of the"),
        (T, {"T": ["a", "b", "a", "nsp", "a", "b"]}, "'Ne sait pas' has no total → write `unknown: keep_base_weight`"),
        (T, {"T": ["a"] * 6}, "no respondent weighs for b of T"),
        (T.replace("b: 120", "b: 0"), {}, "respondents chose b of T, whose total is 0"),
        (TWO.replace("0.5, b: 0.5", "60, b: 90"), {}, "margins do not add up to one population: T 200, U 150"),
        (TWO, {"U": list("ababab"), "T": list("ababab")}, "no weights meet all the margins at once"),
        ("weight: P\ntrim: {at_most: 1.1}\n" + T, {"T": list("aaaaab")}, "no weights of at most 1.1 times their mean"),
    ],
)
def test_what_the_answers_do_not_allow_is_told_with_its_way_out(study, settings, more, changed, words):
    with pytest.raises(SyntheseError) as caught:
        weighting(study, settings, more, **changed)
    assert words in str(caught.value)
    assert "Xy" not in str(caught.value)


def test_margins_that_are_neither_shares_nor_sizes_are_refused(study, settings):
    with pytest.raises(SyntheseError) as caught:
        weighting(study, settings, TWO.replace("0.5, b: 0.5", "0.5, b: 0.4"))
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [("margin-small", "calibration[1].totals")]
    assert "add up to 0.9: these are no shares, and as sizes fewer than the 6" in str(caught.value)


def test_margins_that_do_not_add_up_are_told_once(study, settings):
    with pytest.raises(SyntheseError) as caught:
        weighting(study, settings, TWO.replace("0.5, b: 0.5", "60, b: 90"))
    assert len(caught.value.faults) == 1


def test_a_single_weighted_respondent_is_no_cluster(study, settings):
    one = answers()
    alone = Answers(one.responses.head(1), lambda: one.private().head(1))
    with pytest.raises(SyntheseError, match="weight: a single respondent is kept"):
        Designer(study, settings("weight: P"), alone).weighting()


@pytest.mark.parametrize("lonely", ["certainty", "adjust", "average"])
def test_the_three_ways_out_of_a_lonely_unit(study, settings, lonely):
    made = weighting(study, settings, f"strata: S\nclusters: G\nlonely: {lonely}")
    assert made.sample.design.lonely == lonely
    assert made.facts.lonely == 1
    assert np.isfinite(made.sample.design.covariance(np.arange(6.0))).all()


def test_a_sample_without_weights_has_its_frame(study, settings):
    assert weighting(study, settings, "population: 40").sample.population == 40
    assert weighting(study, settings, "design: census\ninvited: 40").sample.population == 40
    assert weighting(study, settings, "invited: 40").sample.population is None
    plain = weighting(study, settings, "design: self-selected")
    assert (plain.sample.design, plain.sample.population, plain.facts) == (None, None, None)
    assert "chaque réponse compte pour une" in plain._repr_html_()


def test_a_weighted_sample_has_its_frame_in_the_design(study, settings):
    sample = weighting(study, settings, "weight: P\npopulation: 40").sample
    assert sample.population is None
    assert sample.design.population.tolist() == [40.0] * 6
    by_stratum = weighting(study, settings, "strata: S\nprimary_units: {n: 9, s: 8}").sample.design
    assert by_stratum.population.tolist() == [9, 9, 8, 8, 8, 8]
    # `population` counts respondents of all strata: it corrects nothing within one.
    assert weighting(study, settings, "strata: S\npopulation: 40").sample.design.population is None


def test_strata_and_clusters_may_be_numbers(study, settings):
    design = weighting(study, settings, "strata: S\nclusters: N\nlonely: average").sample.design
    assert (design.units_of_stratum.tolist(), design.df()) == ([1, 3], 2)
    numbered = weighting(study, settings, 'strata: N\nprimary_units: {"1": 8, 2: 9, "3": 7, "4": 6}\nlonely: average')
    assert numbered.sample.design.population.tolist() == [8, 8, 9, 7, 7, 6]


def test_margins_are_met_and_those_without_a_total_keep_their_part(study, settings):
    more = "weight: P\n" + T.replace("source", "unknown: keep_base_weight, source")
    made = weighting(study, settings, more, T=["a", "b", "_no_answer", "nsp", "a", "b"])
    final = made.final
    assert final.sum() == pytest.approx(200)
    unknown = np.array([False, False, True, True, False, False])
    assert final[unknown].sum() / 200 == pytest.approx(4 / 12)
    small = np.array([True, False, False, False, True, False])
    assert final[small].sum() / final[~unknown].sum() == pytest.approx(0.4)
    assert made.facts.unknown == (2,)
    assert made.calibration["source"].tolist() == ["registre, 2023", "registre, 2023", "poids de départ"]


def test_sources_of_two_years_are_brought_to_the_first(study, settings):
    made = weighting(study, settings, TWO.replace("0.5, b: 0.5", "98, b: 104"))
    assert made.final.sum() == pytest.approx(200)
    assert made.final[[0, 2, 5]].sum() == pytest.approx(200 * 98 / 202)


def test_weights_are_cut_and_still_meet_the_margins(study, settings):
    free = weighting(study, settings, "weight: P\n" + T)
    cut = weighting(study, settings, "weight: P\ntrim: {at_most: 1.5}\n" + T)
    assert free.final.max() > 1.5 * free.final.mean()
    assert cut.final.max() <= 1.5 * cut.final.mean() * (1 + 1e-9)
    assert cut.final[[1, 3, 5]].sum() == pytest.approx(120)
    assert (cut.trimmed, cut.moved > 0, free.trimmed, free.moved) == (2, True, 0, 0.0)
    alone = weighting(study, settings, "weight: P\ntrim: {at_most: 1.5}")
    assert alone.final.sum() == pytest.approx(12)
    assert alone.final.max() == pytest.approx(3)


def test_the_researcher_sees_what_weights_cost(study, settings):
    made = weighting(study, settings, "weight: P\nstrata: S\n" + T)
    shown = dict(zip(made.diagnostics["pondération"], made.diagnostics["valeur"], strict=True))
    assert shown["réponses de poids positif"] == "6"
    assert float(shown["taille effective (Kish)"].replace(",", ".")) == pytest.approx(made.kish.effective_n, abs=0.05)
    assert (shown["strates"], shown["unités primaires"], shown["degrés de liberté"]) == ("2", "6", "4")
    page = made._repr_html_()
    assert "non publié" in page
    assert "registre, 2023" in page


@pytest.mark.parametrize("readme", ["README.md", "README.fr.md"])
def test_the_readme_shows_what_can_be_read(repository, settings, readme):
    text = (repository / readme).read_text(encoding="utf-8")
    shown = next(block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "calibration:" in block)
    made = settings(shown)
    assert [margin.shares for margin in made.calibration] == [False, True]
    assert (made.strata, made.clusters, made.lonely, made.trim.at_most) == ("B2", "COMMUNE", "adjust", 5)


def test_a_fault_of_a_declaration_names_its_wave_s_file(study, settings):
    (study.raw("2024") / "export.csv").write_text("T,U\na,a\n", encoding="utf-8")
    with pytest.raises(SyntheseError) as error:
        cleaned(study, settings("strata: ABSENTE\ncolumns: {T: {question: T}, U: {question: U}}\n"))
    assert {str(fault.file) for fault in error.value.faults if fault.path == "strata"} == {"data/raw/2024/wave.yml"}
