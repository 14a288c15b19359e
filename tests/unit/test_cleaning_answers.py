"""Texts of answers to codes and missing reasons, each change with a line and each doubt with a finding."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import ERRORS, RULES, clean
from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings


def options(*labels, **flags):
    made = [{"code": f"o{i}", "label": label} for i, label in enumerate(labels)]
    return (
        made
        + [{"code": flag, "label": label, flag: True} for flag, label in flags.items() if flag != "autre"]
        + ([{"code": "autre", "label": flags["autre"], "other": True}] if "autre" in flags else [])
    )


def cleaned(columns, records, *questions, tool="google-forms", strict=False, **more):
    field = FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1))
    given = {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": tool, "field": field, "channel": "c",
        "design": "self-selected", "kept": {"empty": "keep", "minimum_answers": 0}, **more,
    }  # fmt: skip
    book = {"schema": 1, "title": "t", "questions": [{"section": "a", "text": q["id"], **q} for q in questions]}
    made = tuple(RawColumn(i, *((c, None) if isinstance(c, str) else c), i + 1) for i, c in enumerate(columns))
    cells = pd.DataFrame({i: pd.array([r[i] for r in records], dtype="str") for i in range(len(columns))})
    rows = np.arange(2, 2 + len(records))
    raw = RawExport(tool, "x.csv", cells, made, rows, "utf-8", ",", 1.0)
    return clean(raw, Codebook.model_validate(book), WaveSettings.model_validate(given), strict=strict)


def found(done, *leave_out):
    return [(f.code, f.row) for f in done.findings if f.code not in ("option-unused", "absences-alike", *leave_out)]


def lines(done):
    wanted = done.journal.loc[done.journal["row"].notna(), ["row", "question", "before", "after", "rule"]]
    return [tuple(line) for line in wanted.itertuples(index=False)]


S = {"id": "S", "type": "single", "options": options("Un", "Deux")}
S_OTHER = {"id": "S", "type": "single", "options": options("Un", "Deux", autre="Autre : préciser")}
M = {"id": "M", "type": "multiple", "maximum": 2, "options": options("PAT", "Tiers-lieu", "Réseau", exclusive="Aucun")}
M_OTHER = {"id": "M", "type": "multiple", "options": options("PAT", "Tiers-lieu", autre="Autre")}


def test_a_single_choice():
    done = cleaned(["S"], [["Un"], [" deux"], ["\u00a0"], [""]], S)
    assert list(done.responses["S"]) == ["o0", "o1", "_no_answer", "_no_answer"]
    assert lines(done) == [(3, "S", "deux", "o1", "option-normalised")]
    assert found(done) == []


def test_unknown_options_stop_the_wave_all_at_once():
    records = [["Une"], ["Un"], ["Trois"], ["Une"]]
    with pytest.raises(SyntheseError) as error:
        cleaned(["S"], records, S, strict=True)
    une, trois = error.value.faults
    assert (une.code, une.row, une.column) == ("unknown-option", 2, "S")
    assert "2 rows; also 5" in une.what
    assert "did you mean 'Un'?" in une.fix
    assert "option_aliases" in une.fix
    assert (trois.row, "'Trois'" in trois.what) == (4, True)
    done = cleaned(["S"], records, S)
    assert list(done.responses["S"]) == ["_no_answer", "o0", "_no_answer", "_no_answer"]
    assert [f.code for f in done.errors] == ["unknown-option", "unknown-option"]
    assert (2, "S", "Une", "_no_answer", "unknown-option") in lines(done)


def test_an_alias_of_the_wave_settles_an_unknown_option():
    done = cleaned(["S"], [["Une"]], S, option_aliases={"S": {"Une": "o0"}}, strict=True)
    assert lines(done) == [(2, "S", "Une", "o0", "option-alias")]


def test_an_option_of_another_wave_is_an_error_that_names_waves():
    later = {"code": "neuf", "label": "Neuf", "waves": ["2026"]}
    done = cleaned(["S"], [["Neuf"]], S | {"options": [*S["options"], later]})
    assert "correct `waves` of option 'neuf' of S" in done.errors[0].fix


def test_free_text_is_other_and_its_text_stays_private():
    done = cleaned(["S"], [["à Lille"], ["Autre : préciser"], ["Autre : un jardin"]], S_OTHER, strict=True)
    assert list(done.responses["S"]) == ["autre", "autre", "autre"]
    assert list(done.private["S.autre"]) == ["à Lille", "", "un jardin"]
    assert lines(done) == [(2, "S", "•••", "autre", "other-text"), (4, "S", "•••", "autre", "other-text")]
    assert "Lille" not in done.journal.to_csv() + done.responses.to_csv()


def test_free_text_close_to_an_option_is_a_finding_without_the_text():
    done = cleaned(["M"], [["Tiers lieux"]], M_OTHER)
    assert found(done) == [("other-near-option", 2)]
    assert "'Tiers-lieu'" in done.findings[0].what
    assert "lieux" not in str(done.findings[0])


def test_an_option_of_another_wave_is_not_published_as_other():
    later = {"code": "neuf", "label": "Ateliers, collectifs", "waves": ["2026"]}
    for question in (S_OTHER, M_OTHER):
        asked = question | {"options": [*question["options"], later]}
        texts = [["Ateliers, collectifs"], ["PAT, Ateliers, collectifs"], ["nos ateliers, collectifs ou non"]]
        done = cleaned([question["id"]], texts, asked, separator=", ")
        assert found(done, "other-near-option") == [("unknown-option", 2)]
        assert "2 rows; also 3" in done.errors[0].what
        assert "add '2024' to `waves` of 'neuf'" in done.errors[0].fix
        other = {question["id"]: {"Ateliers, collectifs": "autre"}}
        assert cleaned([question["id"]], texts[:1], asked, separator=", ", option_aliases=other).errors == ()


def test_a_column_for_the_text_of_other_beside_cells_that_join_options():
    columns = ["M", ("M", "Autre")]
    done = cleaned(
        columns, [["PAT, Tiers-lieu", ""], ["PAT, Autre", "un jardin"], ["", "une friche"], ["", ""]], M_OTHER
    )
    ticks = done.responses[["M.o0", "M.o1", "M.autre"]].astype("object").fillna(False).to_numpy().tolist()
    assert ticks == [[True, True, False], [True, False, True], [False, False, True], [False] * 3]
    assert list(done.responses["M"]) == ["answered"] * 3 + ["_no_answer"]
    assert list(done.private["M.autre"]) == ["", "un jardin", "une friche", ""]
    assert found(done) == []


def test_a_date_made_of_an_option_is_never_other():
    for question in (S, S_OTHER):
        done = cleaned(["S"], [["3-juin"]], question)
        assert found(done) == [("excel-date", 2)]
        assert list(done.responses["S"]) == ["_no_answer"]


def test_damage_is_mended_where_sure_and_always_told():
    question = {"id": "S", "type": "single", "options": [{"code": c, "label": c} for c in ("01", "2A")]}
    region = {"id": "R", "type": "single", "options": options("Région", "Hérault")}
    note = {"id": "N", "type": "open"}
    done = cleaned(
        ["S", "R", "N"], [["1", "RÃ©gion", "d\ufffdj\ufffd"], ["2A", "Hérault", "trÃ¨s"]], question, region, note
    )
    assert list(done.responses["S"]) == ["01", "2A"]
    assert list(done.responses["R"]) == ["o0", "o1"]
    assert found(done) == [
        ("leading-zero", 2), ("mojibake", 2), ("mojibake", 2), ("replacement-character", 2), ("mojibake", 3),
    ]  # fmt: skip


def test_options_joined_in_one_cell():
    records = [["PAT, Réseau"], [""], ["Aucun"], ["Réseau, Inconnu"]]
    done = cleaned(["M"], records, M)
    r = done.responses
    assert list(r["M"]) == ["answered", "_no_answer", "answered", "answered"]
    assert list(r["M.o0"]) == [True, pd.NA, False, False]
    assert list(r["M.o2"]) == [True, pd.NA, False, True]
    assert list(r["M.exclusive"]) == [False, pd.NA, True, False]
    assert found(done) == [("unknown-option", 5)]
    assert lines(done) == [(5, "M", "Réseau, Inconnu", "o2", "unknown-option")]


def test_too_many_and_exclusive_are_kept_and_told():
    done = cleaned(["M"], [["PAT, Réseau, Tiers-lieu"], ["PAT, Aucun"]], M)
    assert found(done) == [("too-many", 2), ("exclusive-with-others", 3)]
    assert lines(done) == [
        (2, "M", "o0;o1;o2", "o0;o1;o2", "too-many"),
        (3, "M", "o0;exclusive", "o0;exclusive", "exclusive-with-others"),
    ]
    assert done.responses["M.o1"].tolist() == [True, False]


def test_the_separator_is_the_tools_the_waves_or_the_one_that_fits():
    assert cleaned(["M"], [["PAT,Réseau,"]], M, tool="framaforms", strict=True).responses["M.o2"].all()
    assert cleaned(["M"], [["PAT;Réseau"]], M, tool="google-forms", strict=True).responses["M.o2"].all()
    assert cleaned(["M"], [["PAT / Réseau"]], M, separator=" / ", strict=True).responses["M.o2"].all()
    done = cleaned(["M"], [["PAT|Réseau"]], M, tool="plain", strict=True)
    assert done.responses["M.o2"].all()
    assert found(done) == [("separator-assumed", None)]


@pytest.mark.parametrize(("yes", "no"), [("X", ""), ("TRUE", "FALSE"), ("Oui", "Non"), ("1", "0"), ("PAT", "")])
def test_one_column_an_option(yes, no):
    done = cleaned([("M", "PAT"), ("M", "Tiers-lieu")], [[yes, no], [no, no], ["", ""]], M_OTHER, strict=True)
    assert list(done.responses["M"]) == ["answered", "_no_answer", "_no_answer"]
    assert list(done.responses["M.o0"]) == [True, pd.NA, pd.NA]
    assert list(done.responses["M.o1"]) == [False, pd.NA, pd.NA]
    assert list(done.responses["M.autre"]) == [False, pd.NA, pd.NA]


def test_the_column_of_other_holds_its_text():
    done = cleaned(
        [("M", "PAT"), ("M", "Tiers-lieu"), ("M", "Autre")], [["X", "", "friche"], ["", "peut-être", ""]], M_OTHER
    )
    assert list(done.responses["M.autre"]) == [True, pd.NA]
    assert list(done.private["M.autre"]) == ["friche", ""]
    assert lines(done) == [
        (2, "M.autre", "•••", "1", "other-text"),
        (3, "M.o1", "peut-être", "", "unknown-option"),
    ]


def test_two_encodings_of_one_question_are_compared():
    columns = ["M", ("M", "PAT"), ("M", "Tiers-lieu")]
    records = [["PAT", "TRUE", "FALSE"], ["PAT", "FALSE", "TRUE"], ["PAT", "", ""]]
    done = cleaned(columns, records, M_OTHER)
    assert done.responses["M.o0"].tolist() == [True, False, True]
    assert done.responses["M.o1"].tolist() == [False, True, False]
    assert found(done) == [("encodings-differ", 3)]
    assert "2 rows; also 4" in str(next(f for f in done.findings if f.code == "encodings-differ"))


def test_a_grid_has_an_answer_a_row_and_its_own_aliases():
    grid = {"id": "F", "type": "grid", "options": options("Peu", "Très"), "rows": [
        {"code": "a", "label": "Le temps"}, {"code": "b", "label": "Les élu·es"}]}  # fmt: skip
    columns = [("F", "Le temps"), ("F", "Les élu•es")]
    done = cleaned(columns, [["Peu", "Fort"], ["", "Très"]], grid, option_aliases={"F.b": {"Fort": "o1"}}, strict=True)
    assert list(done.responses.columns) == ["respondent", "F.a", "F.b"]
    assert list(done.responses["F.a"]) == ["o0", "_no_answer"]
    assert list(done.responses["F.b"]) == ["o1", "o1"]


ITEMS = [("x", "Pairs, échange"), ("y", "Impact"), ("z", "Argent")]
RANKING = {
    "id": "R",
    "type": "ranking",
    "maximum": 2,
    "rows": [{"code": code, "label": label} for code, label in ITEMS],
}


def test_a_ranking_by_columns_and_by_order():
    columns = [("R", "Pairs, échange"), ("R", "Impact"), ("R", "Argent")]
    done = cleaned(columns, [["1", "2", ""], ["", "", ""], ["1", "1", ""], ["4", "1", "x"]], RANKING)
    assert list(done.responses["R"]) == ["answered", "_no_answer", "answered", "answered"]
    assert list(done.responses["R.x"]) == [1, pd.NA, 1, pd.NA]
    assert list(done.responses["R.y"]) == [2, pd.NA, 1, 1]
    assert found(done) == [("not-a-rank", 5), ("not-a-rank", 5), ("rank-conflict", 4)]
    ordered = cleaned(["R"], [["Impact, Pairs, échange"]], RANKING, strict=True)
    assert ordered.responses.iloc[0].tolist() == ["r0001", "answered", 2, 1, pd.NA]


def test_numbers_and_their_bounds():
    number = {"id": "B", "type": "numeric", "minimum_value": 0, "maximum_value": 50, "unit": "ETP", "integer": True}
    done = cleaned(["B"], [["3"], ["0,5 ETP"], ["500"], ["beaucoup"], [""], ["3-juin"]], number)
    assert done.responses["B"].tolist() == [3, 0.5, pd.NA, pd.NA, pd.NA, pd.NA]
    assert str(done.responses["B"].dtype) == "Float64"
    assert list(done.responses["B._reason"]) == ["answered"] * 2 + ["_no_answer"] * 4
    assert lines(done) == [
        (3, "B", "0,5 ETP", "0.5", "number-parsed"),
        (3, "B", "0,5 ETP", "0.5", "not-whole"),
        (4, "B", "500", "_no_answer", "out-of-range"),
        (5, "B", "beaucoup", "_no_answer", "not-a-number"),
        (7, "B", "3-juin", "_no_answer", "not-a-number"),
    ]
    assert found(done) == [("not-whole", 3), ("out-of-range", 4), ("not-a-number", 5), ("not-a-number", 7)]


D1 = {"id": "D1", "type": "single", "options": options("Généraliste", "Thématique", "Les deux")}
D2 = {
    "id": "D2", "type": "multiple", "options": options("Énergie", "Habitat"),
    "routing": {"question": "D1", "any_of": ["o1", "o2"], "champ": "…"},
}  # fmt: skip
D3 = {
    "id": "D3", "type": "numeric",
    "routing": {"question": "D2", "any_of": ["o0"], "champ": "…"},
}  # fmt: skip


def test_routing_gives_its_reasons_along_the_chain():
    records = [
        ["Généraliste", "", ""],
        ["Thématique", "Énergie", "3"],
        ["Les deux", "", ""],
        ["", "", ""],
        ["Thématique", "Habitat", ""],
    ]
    done = cleaned(["D1", "D2", "D3"], records, D1, D2, D3)
    assert list(done.responses["D2"]) == ["_not_asked", "answered", "_no_answer", "_routing_unknown", "answered"]
    assert list(done.responses["D3._reason"]) == [
        "_not_asked", "answered", "_routing_unknown", "_routing_unknown", "_not_asked",
    ]  # fmt: skip
    assert found(done) == []


def test_an_answer_to_a_question_not_asked_is_set_aside_and_told():
    done = cleaned(["D1", "D2", "D3"], [["Généraliste", "Énergie", "4"], ["", "Habitat", ""]], D1, D2, D3)
    assert list(done.responses["D2"]) == ["_not_asked", "_routing_unknown"]
    assert done.responses["D2.o0"].isna().all()
    assert done.responses["D3"].isna().all()
    assert lines(done) == [
        (2, "D2", "o0", "_not_asked", "routing-contradiction"),
        (2, "D3", "4", "_not_asked", "routing-contradiction"),
        (3, "D2", "o1", "_routing_unknown", "routing-unknown-answer"),
    ]
    assert found(done) == [("routing-contradiction", 2), ("routing-unknown-answer", 3), ("routing-contradiction", 2)]


def test_personal_and_open_answers_stay_private():
    name = {"id": "A1", "type": "open", "role": "identifier"}
    note = {"id": "F4", "type": "open"}
    done = cleaned(
        ["A1", "A1", "F4"],
        [["Zoé Zidane", "Zoé Z.", "un secret"], ["", "", ""]],
        name,
        note,
        S | {"asked_in": ["2026"]},
    )
    assert list(done.responses.columns) == ["respondent", "F4"]
    assert list(done.responses["F4"]) == ["answered", "_no_answer"]
    assert list(done.private.columns) == ["respondent", "row", "A1", "F4"]
    public = done.journal.to_csv() + done.responses.to_csv() + "".join(map(str, done.findings))
    assert "Zid" not in public
    assert "secret" not in public


def test_a_conflict_between_two_columns_of_an_open_question_is_masked():
    note = {"id": "F4", "type": "open"}
    done = cleaned(["F4", "F4"], [["un secret", "un autre"]], note)
    assert lines(done) == [(2, "F4", "•••", "•••", "branch-conflict")]
    assert "secret" not in "".join(map(str, done.findings))


def test_options_no_one_chose_and_required_questions_left_empty():
    done = cleaned(["S"], [["Un"], [""]], S | {"required": True})
    assert found(done) == [("required-missing", 3)]
    assert done.findings[0].code == "option-unused"
    assert "'Deux'" in done.findings[0].what


def test_every_rule_of_a_journal_is_explained():
    records = [["Une", "PAT, Inconnu, Réseau, Aucun", "0,5"], ["1", "PAT", "z"]]
    done = cleaned(["S", "M", "B"], records, S, M, {"id": "B", "type": "numeric"})
    assert set(done.journal["rule"]) <= set(RULES)
    assert set(RULES) >= ERRORS
    assert done.journal["reason"].notna().all()
