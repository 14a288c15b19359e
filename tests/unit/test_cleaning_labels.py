"""What a tool tells of its cells and columns is used: labels of texts, its own names, labels that a file cut short."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import clean, replay
from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings


def settings(**more):
    given = {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": "spss", "channel": "c",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "design": "self-selected",
        "kept": {"empty": "keep", "minimum_answers": 0}, **more,
    }  # fmt: skip
    return WaveSettings.model_validate(given)


def cleaned(heads, records, *questions, strict=True, **more):
    """Clean, and hold that the journal replayed gives the same."""
    given = [{"section": "a", "text": q["id"], **q} for q in questions]
    book = Codebook.model_validate({"schema": 1, "title": "t", "questions": given})
    cells = pd.DataFrame({i: pd.array([r[i] for r in records], dtype="str") for i in range(len(heads))})
    made = tuple(RawColumn(i, c.pop("header"), c.pop("sub", None), i + 1, **c) for i, c in enumerate(map(dict, heads)))
    raw = RawExport("spss", "x.sav", cells, made, np.arange(2, 2 + len(records)), "utf-8", "", 1.0)
    wave = settings(**more)
    done = clean(raw, book, wave, strict=strict)
    pd.testing.assert_frame_equal(replay(done.journal, raw, book, wave), done.responses)
    return done


def found(done):
    return [(f.code, f.row) for f in done.findings if f.code not in ("option-unused", "absences-alike")]


def lines(done):
    wanted = done.journal.loc[done.journal["row"].notna(), ["row", "question", "before", "after", "rule"]]
    return [tuple(line) for line in wanted.itertuples(index=False)]


OPTIONS = [{"code": "un", "label": "Premier"}, {"code": "deux", "label": "Second"}]
OTHER = {"code": "autre", "label": "Autre : préciser", "other": True}
S = {"id": "Q", "type": "single", "options": OPTIONS}
M = {"id": "Q", "type": "multiple", "options": OPTIONS}
LABELS = {"1": "Premier", "2": "Second"}


def test_texts_are_read_by_their_labels_without_a_line():
    for question in (S, {**S, "type": "ordinal"}):
        done = cleaned([{"header": "Q", "labels": LABELS}], [["1"], ["2"], [""]], question)
        assert list(done.responses["Q"]) == ["un", "deux", "_no_answer"]
        assert done.journal.empty
    rows = [{"code": "a", "label": "A"}]
    grid = {**S, "type": "grid", "rows": rows}
    done = cleaned([{"header": "Q", "sub": "A", "labels": LABELS}], [["2"]], grid)
    assert list(done.responses["Q.a"]) == ["deux"]


def test_a_label_is_brought_to_one_form_with_a_line():
    done = cleaned([{"header": "Q", "labels": {"1": "premier *"}}], [["1"]], S)
    assert lines(done) == [(2, "Q", "1", "un", "option-normalised")]
    spaced = cleaned([{"header": "Q", "labels": LABELS}], [[" 2 "]], S)
    assert lines(spaced) == [(2, "Q", "2", "deux", "option-normalised")]


def test_what_the_respondent_saw_counts_where_a_code_is_used_again():
    options = [{"code": "1", "label": "Homme"}, {"code": "2", "label": "Femme"}, {"code": "3", "label": "Autre genre"}]
    question = {"id": "Q", "type": "single", "options": options}
    labels = {"1": "Femme", "2": "Homme", "3": "Non binaire"}
    done = cleaned([{"header": "Q", "labels": labels}], [["1"], ["2"], ["3"], ["1"]], question)
    assert list(done.responses["Q"]) == ["2", "1", "3", "2"]
    assert found(done) == [("label-and-code-differ", 2), ("label-and-code-differ", 3), ("label-and-code-differ", 4)]
    assert "'1' is labelled 'Femme' in the export, while the option '1' of Q is 'Homme': read as 'Femme'" in str(
        next(f for f in done.findings if f.row == 2)
    )
    assert "read as 'Autre genre'" in str(next(f for f in done.findings if f.row == 4))


def test_what_the_wave_declares_comes_before_labels():
    done = cleaned([{"header": "Q", "labels": LABELS}], [["1"]], S, option_aliases={"Q": {"1": "deux"}})
    assert list(done.responses["Q"]) == ["deux"]
    assert lines(done) == [(2, "Q", "1", "deux", "option-alias")]


def test_a_label_that_is_no_option_is_an_error_and_never_other():
    question = {**S, "options": [*OPTIONS, OTHER]}
    labels = {**LABELS, "3": "Troisième"}
    done = cleaned([{"header": "Q", "labels": labels}], [["3"], ["à Lille"]], question, strict=False)
    assert list(done.responses["Q"]) == ["_no_answer", "autre"]
    assert found(done) == [("unknown-option", 2)]
    assert "'3' stands for 'Troisième', which is no option of Q" in str(done.errors[0])
    settled = cleaned([{"header": "Q", "labels": labels}], [["3"]], question, option_aliases={"Q": {"3": "deux"}})
    assert list(settled.responses["Q"]) == ["deux"]


def test_the_tools_own_word_for_other_is_other_without_a_text():
    question = {**S, "options": [*OPTIONS, {**OTHER, "code": "divers"}]}
    columns = [{"header": "Q", "labels": {**LABELS, "-oth-": "Autre"}}, {"header": "Q", "sub": "Autre"}]
    done = cleaned(columns, [["-oth-", "friche"], ["1", ""], ["-oth-", ""]], question)
    assert list(done.responses["Q"]) == ["divers", "un", "divers"]
    assert list(done.private["Q.divers"]) == ["friche", "", ""]


def test_labels_of_joined_options():
    done = cleaned([{"header": "Q", "labels": LABELS}], [["1;2"], ["2"]], M, separator=";")
    assert done.responses["Q.un"].tolist() == [True, False]
    assert done.responses["Q.deux"].tolist() == [True, True]


@pytest.mark.parametrize(
    ("labels", "texts"),
    [
        ({"1": "Oui", "2": "Non"}, ["1", "2", ""]),
        ({"1": "Non", "2": "Oui"}, ["2", "1", ""]),
        ({"0": "Non sélectionné", "1": "Premier"}, ["1", "0", ""]),
        ({"1": "Cité", "2": "Non cité"}, ["1", "2", "2"]),
        ({}, ["Y", "N", ""]),
    ],
)
def test_ticks_are_read_by_their_labels(labels, texts):
    columns = [{"header": "Q", "sub": o["label"], "labels": labels if o["code"] == "un" else {}} for o in OPTIONS]
    done = cleaned(columns, [[text, "1"] for text in texts], M)
    assert done.responses["Q.un"].tolist() == [True, False, False]
    assert done.journal.empty


def test_a_number_that_stands_behind_a_code():
    number = {"id": "Q", "type": "numeric"}
    done = cleaned([{"header": "Q", "labels": {"A5": "5", "7": "très"}}], [["A5"], ["7"]], number)
    assert done.responses["Q"].tolist() == [5, 7]
    assert lines(done) == [(2, "Q", "A5", "5", "number-parsed")]


def heads(done):
    return done.journal.loc[done.journal["row"].isna(), ["question", "column", "rule"]].to_numpy().tolist()


def test_columns_are_found_by_the_tools_own_names():
    question = {**S, "text": "Quel rang ?"}
    for column in ({"header": "Un autre libellé", "code": "Q"}, {"header": "", "code": "Q"}):
        assert list(cleaned([{**column, "labels": LABELS}], [["1"]], question).responses["Q"]) == ["un"]
    done = cleaned([{"header": "x", "code": "grp/V_12"}], [["Premier"]], question, aliases={"Q": "grp/V_12"})
    assert heads(done) == [["Q", "x", "header-alias"]]
    with pytest.raises(SyntheseError, match="no question has this header, or the name 'V_13'"):
        cleaned([{"header": "x", "code": "V_13"}], [["1"]], question)


def test_parts_are_found_by_the_tools_own_names():
    columns = [
        {"header": "Lesquels ?", "sub": "le premier", "code": "Q", "part": "un"},
        {"header": "Lesquels ?", "sub": "SQ002", "code": "Q", "part": "SQ002"},
    ]
    done = cleaned(columns, [["1", "0"]], M, option_aliases={"Q": {"SQ002": "deux"}})
    assert done.responses["Q.un"].tolist() == [True]
    # The number in a name says nothing where the label is the option's.
    by_label = [{"header": "Second", "code": "Q_1"}, {"header": "Premier", "code": "Q_2"}]
    assert cleaned(by_label, [["1", "0"]], M).responses["Q.deux"].tolist() == [True]


def test_names_settle_questions_of_one_wording():
    first, second = ({**S, "id": name, "text": "Précisez"} for name in ("Q1", "Q2"))
    columns = [{"header": "Précisez", "code": "Q2"}, {"header": "Précisez", "code": "Q1"}]
    done = cleaned(columns, [["Premier", "Second"]], first, second)
    assert done.responses.loc[0, ["Q1", "Q2"]].tolist() == ["deux", "un"]


def test_a_name_that_is_another_questions_id_is_told_and_the_label_taken():
    first, second = ({**S, "id": name, "text": f"Question {name}"} for name in ("Q1", "Q2"))
    columns = [{"header": "Question Q1", "code": "Q2"}, {"header": "Question Q2", "code": "Q3"}]
    done = cleaned(columns, [["Premier", "Second"]], first, second)
    assert done.responses.loc[0, ["Q1", "Q2"]].tolist() == ["un", "deux"]
    assert found(done) == [("header-and-code-differ", None)]
    assert "wording of Q1, while the tool's name 'Q2' is that of Q2" in done.findings[0].what


LONG = "Quels renforcements seraient utiles à votre structure pour accompagner les coopérations territoriales ?"


def test_a_header_cut_short_is_its_question_where_one_begins_so():
    question = {**S, "text": LONG}
    done = cleaned([{"header": LONG[:80]}], [["Premier"]], question)
    assert list(done.responses["Q"]) == ["un"]
    assert heads(done) == [["Q", LONG[:80], "header-cut-short"]]
    with pytest.raises(SyntheseError, match="no question has this header"):
        cleaned([{"header": LONG[:30]}], [["Premier"]], question)
    with pytest.raises(SyntheseError, match="no question has this header"):
        cleaned([{"header": LONG[:80]}], [["1"]], question, {**question, "id": "P", "text": LONG + " (suite)"})


def test_an_option_cut_short_is_found_where_one_begins_so():
    options = [{"code": "a", "label": LONG}, {"code": "b", "label": "Autre chose"}]
    done = cleaned([{"header": "Q", "labels": {"1": LONG[:80]}}], [["1"]], {**S, "options": options})
    assert list(done.responses["Q"]) == ["a"]
    assert lines(done) == [(2, "Q", "1", "a", "option-cut-short")]
    two = [*options, {"code": "c", "label": LONG + " (suite)"}]
    with pytest.raises(SyntheseError, match="which is no option of Q"):
        cleaned([{"header": "Q", "labels": {"1": LONG[:80]}}], [["1"]], {**S, "options": two})
    ticks = [{"header": "Q", "sub": LONG[:80]}, {"header": "Q", "sub": "Autre chose"}]
    assert cleaned(ticks, [["1", "0"]], {**M, "options": options}).responses["Q.a"].tolist() == [True]


def test_a_column_headed_by_a_line_alone_is_that_line_of_the_one_grid_that_has_it():
    rows = [{"code": "a", "label": "Le temps"}, {"code": "b", "label": "L’argent"}]
    grid = {**S, "type": "grid", "rows": rows}
    done = cleaned([{"header": "Le temps"}, {"header": "l'argent"}], [["Premier", "Second"]], grid)
    assert done.responses.loc[0, ["Q.a", "Q.b"]].tolist() == ["un", "deux"]
    with pytest.raises(SyntheseError, match="no question has this header"):
        cleaned([{"header": "Le temps"}, {"header": "L’argent"}], [["1", "2"]], grid, {**grid, "id": "P"})


def test_a_declared_column_may_be_named_by_the_tools_own_name():
    columns = {"V1": {"question": "Q", "values": {"1": "un"}}, "M[SQ1]": {"question": "P", "option": "un"}}
    multiple = {**M, "id": "P", "options": [OPTIONS[0], OTHER]}
    head = [{"header": "libellé", "code": "V1"}, {"header": "x", "sub": "y", "code": "M", "part": "SQ1"}]
    done = cleaned(head, [["1", "1"]], S, multiple, columns=columns)
    assert list(done.responses["Q"]) == ["un"]
    assert done.responses["P.un"].tolist() == [True]
