"""A wave as a notebook sees it: verbs, what they refuse, where results are kept, how they show themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthese.analysis import findings, open_wave
from synthese.analysis.keeping import Keeper
from synthese.analysis.panel import overlap
from synthese.errors import SyntheseError
from synthese.files import write_text
from synthese.study import open_study

CODEBOOK = """\
schema: 1
title: "E"
scales:
  - code: accord
    label: "Accord"
    options: [{code: non, label: Non}, {code: oui, label: Oui}, {code: nsp, label: Ne sait pas, in_base: false}]
questions:
  - {id: MEL, section: A, text: "Courriel", type: open, role: contact}
  - {id: Q1, section: A, text: "Un <b>?</b>", type: single, options: [{code: a, label: A}, {code: b, label: B}]}
  - {id: Q2, section: A, text: "Deux ?", type: ordinal, scale: accord}
  - {id: Q3, section: A, text: "Trois ?", type: numeric, unit: ETP}
  - {id: Q4, section: A, text: "Quatre ?", type: single, asked_in: ["2024"],
     options: [{code: a, label: A}, {code: b, label: B}]}
  - {id: POIDS, section: A, text: "Poids", type: numeric, role: weight}
  - id: Q5
    section: A
    text: "Cinq ?"
    type: single
    options: [{code: a, label: A}, {code: b, label: B}]
    rewordings: [{wave: "2024", text: "Cinq, autrement ?", comparable: false, reason: "libellé changé en 2024"}]
regroupings:
  - {id: Q2@dit, label: "Dit", groups: [{code: dit, label: Dit, of: [non, oui]}, {code: nsp, label: NSP, of: [nsp]}]}
planned_crosses:
  - {id: c, title: "C", question: Q2, by: Q1}
  - {id: d, title: "D", question: Q4, by: Q1}
"""
WAVE = """\
schema: 1
id: "{id}"
title: "Vague {id}"
export: export.csv
tool: plain
field: {{start: {id}-01-01, end: {id}-02-01}}
channel: "Courriel"
design: self-selected
synthetic: true
kept: {{duplicates: {{by: [MEL], keep: last}}}}
columns:
  MEL: {{question: MEL}}
  Q1: {{question: Q1}}
  Q2: {{question: Q2}}
  Q3: {{question: Q3}}
  Q5: {{question: Q5}}
  POIDS: {{question: POIDS}}
"""
ROWS = {
    "2022": ["a@x.fr,A,Non,1,A,1", "b@x.fr,B,Oui,2,B,1", "c@x.fr,B,Ne sait pas,,A,2"],
    "2024": ["A@x.fr ,A,Oui,1,A,1", "d@x.fr,A,Oui,4,B,3", "e@x.fr,B,Ne sait pas,2,A,1", "f@x.fr,B,,,A,1"],
}


@pytest.fixture
def study(tmp_path) -> Path:
    root = tmp_path / "étude"
    write_text(root / "study.yml", 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n')
    write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK)
    for wave, rows in ROWS.items():
        more, header = "", "MEL,Q1,Q2,Q3,Q5,POIDS"
        if wave == "2024":
            more, header = "  Q4: {question: Q4}\n", header + ",Q4"
            rows = [f"{row},A" for row in rows]
        write_text(root / "data" / "raw" / wave / "wave.yml", WAVE.format(id=wave) + more)
        write_text(root / "data" / "raw" / wave / "export.csv", "\n".join([header, *rows]) + "\n")
        wave_ = open_wave(wave, study=root, publish=True)
        wave_.save(wave_.clean())
    return root


def test_the_newest_wave_unless_one_is_named(study):
    assert open_wave(study=study).id == "2024"
    assert open_wave("2022", study=study).id == "2022"
    with pytest.raises(SyntheseError, match=r"no wave '20222' in this study → did you mean '2022'"):
        open_wave("20222", study=study)


def test_describe_every_question_or_one(study):
    wave = open_wave(study=study)
    assert list(wave.describe()) == ["Q1", "Q2", "Q3", "Q4", "Q5", "Q2@dit"]
    one = wave.describe("Q2")
    assert len(one) == 1
    rows = one.frame.set_index(["option", "statistic"])
    assert rows.loc[("oui", "share"), ["count", "base", "asked", "answered"]].tolist() == [2, 2, 4, 3]
    assert rows.loc[("nsp", "count"), ["count", "base"]].tolist() == [1, 3]
    assert rows.loc[("_no_answer", "count"), ["count", "base"]].tolist() == [1, 4]
    assert "Q4" not in list(open_wave("2022", study=study).describe())


def test_crosses_are_planned_or_exploratory(study):
    wave = open_wave(study=study)
    planned = wave.cross()
    assert list(planned) == ["Q2", "Q4"]
    assert set(planned.tests["family"]) == {"planned"}
    assert set(wave.cross("Q1", "Q2").tests["family"]) == {"exploratory"}
    assert list(open_wave("2022", study=study).cross()) == ["Q2"], "a cross waits for the wave that asks for it"


@pytest.mark.parametrize(
    ("verb", "arguments", "words"),
    [
        ("describe", ["MEL"], "MEL identifies people: it is never tabulated"),
        ("describe", ["q1"], "no question 'q1' in the codebook → did you mean 'Q1'?"),
        ("cross", ["Q1"], "a cross needs a question and a breakdown → give both, or none"),
        ("cross", ["Q1", "Q3"], "Q3 is numeric: it has no options to cross by"),
        ("compare", ["Z9"], "no question 'Z9' in the codebook"),
        ("compare", ["MEL"], "MEL identifies people"),
        ("compare", ["Q1", "2024"], "wave '2024' is not before '2024' → one of 2022"),
    ],
)
def test_what_is_refused_in_words(study, verb, arguments, words):
    with pytest.raises(SyntheseError) as caught:
        getattr(open_wave(study=study), verb)(*arguments)
    assert words in str(caught.value)


def test_the_first_wave_has_nothing_to_compare_and_no_later_one(study):
    first = open_wave("2022", study=study)
    assert first.compare().notes == ("Première vague : rien à comparer.",)
    assert len(first.compare()) == 0
    with pytest.raises(SyntheseError, match="wave '2024' is not before '2022' → this is the first wave"):
        first.compare(to="2024")


def test_a_comparison_says_why_not_and_who_is_in_both_waves(study):
    result = open_wave(study=study).compare()
    assert list(result) == ["Q1", "Q2", "Q3", "Q2@dit"]
    assert list(dict.fromkeys(result.tests["question"])) == ["Q1", "Q2", "Q3"], "a regrouping repeats what is tested"
    assert result.notes[0] == "1 répondant·es figurent dans les deux vagues : ni intervalle ni test."
    assert "Q4 : non comparable – question absente de la vague 2022" in result.notes
    assert "Q5 : non comparable – libellé changé en 2024" in result.notes
    row = result.frame.set_index(["question", "option"]).loc[("Q2", "oui")]
    assert (row["value"], row["base"], row["reason"]) == (1 - 1 / 2, 2, "partial-overlap:1")
    assert result.tests["p_value"].isna().all()
    assert result.notes[1].startswith("Panel : 1 reconnu·es dans les deux vagues, moins de 30")
    mean = open_wave(study=study).compare("Q3").frame.iloc[0]
    assert (mean["statistic"], mean["reason"]) == ("difference", "partial-overlap:1")
    assert result.frame["ci_low"].isna().all()


def test_overlap_counts_respondents_and_says_nothing_of_waves_without_identities(study):
    opened = open_study(study)
    assert overlap(opened, "2024", "2022") == 1
    (opened.private("2022") / "identities.parquet").unlink()
    assert overlap(opened, "2024", "2022") == 0


def test_a_respondent_recognised_twice_is_one(study):
    for wave in ("2022", "2024"):
        file = study / "data" / "raw" / wave / "wave.yml"
        text = file.read_text(encoding="utf-8")
        text = text.replace("by: [MEL]", "by: [MEL, NOM]").replace("  Q1:", "  NOM: {question: NOM}\n  Q1:")
        write_text(file, text)
        export = study / "data" / "raw" / wave / "export.csv"
        head, *rows = export.read_text(encoding="utf-8").splitlines()
        rows = [f"{row},{row[0].upper()} Dupont" for row in rows]
        write_text(export, "\n".join([f"{head},NOM", *rows]) + "\n")
    codebook = study / "data" / "raw" / "codebook.yml"
    nom = '  - {id: NOM, section: A, text: "Nom", type: open, role: contact}\n  - {id: Q1'
    write_text(codebook, codebook.read_text(encoding="utf-8").replace("  - {id: Q1", nom))
    for wave in ("2022", "2024"):
        opened = open_wave(wave, study=study, publish=True)
        opened.save(opened.clean())
    assert overlap(open_study(study), "2024", "2022") == 1


def weighted(study: Path, name: str = "POIDS", wave: str = "2024") -> Path:
    file = study / "data" / "raw" / wave / "wave.yml"
    write_text(file, file.read_text(encoding="utf-8") + f"weight: {name}\n")
    return study


def test_weights_count(study):
    wave = open_wave(study=weighted(study))
    row = wave.describe("Q1").frame.set_index(["option", "statistic"]).loc[("a", "share")]
    assert (row["value"], row["count"], row["base"], row["base_weighted"]) == (4 / 6, 2, 4, 6)
    assert row["effective_n"] == 36 / (1 + 9 + 1 + 1)
    both = open_wave(study=weighted(study, wave="2022")).compare("Q1").frame.set_index("option").loc["a"]
    assert both["value"] == pytest.approx(4 / 6 - 1 / 4)


def test_a_respondent_without_a_weight_is_told_and_not_counted_as_everybody(study):
    export = study / "data" / "raw" / "2024" / "export.csv"
    write_text(export, export.read_text(encoding="utf-8").replace("Oui,4,B,3", "Oui,4,B,"))
    wave = open_wave(study=weighted(study), publish=True)
    wave.save(wave.clean())
    with pytest.raises(SyntheseError, match=r"1 respondent \(row 3 of the export\) → mend POIDS"):
        open_wave(study=study).describe("Q1")


def test_check_tells_what_keeps_weights_from_being_made(study):
    export = study / "data" / "raw" / "2024" / "export.csv"
    write_text(export, export.read_text(encoding="utf-8").replace("Oui,4,B,3", "Oui,4,B,"))
    errors, _ = findings(open_study(weighted(study)), "2024")
    assert [(error.code, str(error.file), error.path) for error in errors] == [
        ("bad-weight", "data/raw/2024/wave.yml", "weight")
    ]
    assert findings(open_study(study), "2022")[0] == ()


def test_a_weight_is_a_numeric_question(study):
    with pytest.raises(SyntheseError, match="Q1 is not numeric → name a numeric question"):
        open_wave(study=weighted(study, "Q1")).describe("Q2")


def test_results_are_the_study_s_only_when_published(study):
    by_hand = open_wave(study=study)
    kept = by_hand.save(by_hand.describe("Q1"))
    assert open_study(study).relative(kept) == "data/processed/2024/private/essais/description.estimates.parquet"
    with pytest.raises(
        SyntheseError, match="has no description, croisements, evolution yet → run the notebooks before"
    ):
        by_hand.keeper.parts()
    wave = open_wave(study=study, publish=True)
    for result in (wave.describe(), wave.cross(), wave.compare()):
        wave.save(result)
    estimates, tests = by_hand.keeper.parts()
    assert set(estimates["statistic"]) >= {"share", "count", "difference", "adjusted_residual"}
    assert set(tests["wave"]) == {"2024"}
    with pytest.raises(ValueError, match="part 'essai' is none of description"):
        Keeper(wave.study, "2024", True).keep("essai", estimates, tests)


def test_the_parts_of_a_first_wave_join_although_one_is_empty(study):
    wave = open_wave("2022", study=study, publish=True)
    for result in (wave.describe(), wave.cross(), wave.compare()):
        wave.save(result)
    estimates, tests = wave.keeper.parts()
    assert estimates["count"].dtype == "Int64"
    assert tests["question"].unique().tolist() == ["Q2"]


def test_cleaning_by_hand_leaves_the_study_s_answers_alone(study):
    wave = open_wave(study=study)
    before = (study / "data/processed/2024/responses.parquet").read_bytes()
    assert wave.clean().save() == wave.study.private("2024") / "essais" / "responses.parquet"
    assert (study / "data/processed/2024/responses.parquet").read_bytes() == before
    shown = wave.clean()._repr_html_()
    assert "non publié" in shown
    assert "4 réponses reçues, 4 conservées" in shown


def test_results_show_themselves_as_unpublished_and_escape_what_they_show(study):
    wave = open_wave(study=study)
    for result in (wave.describe(), wave.cross(), wave.compare(), wave.describe()["Q1"]):
        shown = result._repr_html_()
        assert "<strong>non publié</strong> · vague 2024 · données synthétiques" in shown
        assert "<b>" not in shown
        assert "@x.fr" not in shown
    table = wave.describe("Q2").table()
    assert table.loc[table["Réponse"].eq("Oui"), "Valeur"].tolist() == ["100,0\u00a0%"]
    assert table.loc[table["Réponse"].eq("Sans réponse"), ["Effectif", "Base"]].to_numpy().tolist() == [[1, 4]]


def test_falling_shares_show_as_falling(study):
    export = study / "data" / "raw" / "2024" / "export.csv"
    write_text(export, export.read_text(encoding="utf-8").replace("A,Oui", "A,Non"))
    wave = open_wave(study=study, publish=True)
    wave.save(wave.clean())
    table = open_wave(study=study).compare("Q2").table()
    assert table.loc[table["Réponse"].eq("Oui"), "Valeur"].tolist() == ["−\u00a050\u00a0points"]


def test_a_result_gives_one_question_and_a_frame_of_its_own(study):
    result = open_wave(study=study).describe()
    mine = result.frame
    mine["value"] = 0.0
    assert result.estimates["value"].max() > 0
    with pytest.raises(SyntheseError, match="nothing on 'Q9' in this result → one of Q1, Q2"):
        result["Q9"]


def test_a_cross_shows_itself_as_a_table_of_groups_and_says_that_it_is_not_published(repository):
    from synthese.analysis import Result
    from synthese.codebook import load_codebook
    from synthese.estimates import empty_tests, estimates_frame

    common = {"wave": "2026", "question": "D1", "by": "B7", "status": "released"}
    rows = [
        common | {"option": "generaliste", "group": group, "statistic": "share", "value": count / base,
                  "unit": "share", "count": count, "base": base}
        for group, count, base in [(None, 66, 118), ("oui", 60, 98), ("non", 6, 20)]
    ]  # fmt: skip
    codebook = load_codebook(repository / "data" / "raw" / "codebook.yml")
    page = Result("croisements", "Essai", "2026", True, codebook, estimates_frame(rows), empty_tests())._repr_html_()
    assert "non publié" in page
    assert "données synthétiques" in page
    text = page.replace("\u00a0", " ")
    assert "<td>60 (61,2 %)" in text
    assert "<th scope='row'>Base</th><td>118</td><td>98</td><td>20</td>" in text
