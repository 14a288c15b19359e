"""Columns of an export matched with the questions of a wave, or told one by one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from synthese.cleaning import clean
from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.exports import RawColumn, RawExport
from synthese.study import FieldWork, WaveSettings

YES_NO = [{"code": "oui", "label": "Oui"}, {"code": "non", "label": "Non"}]


def wave(tool="google-forms", **more) -> WaveSettings:
    field = FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1))
    given = {
        "schema": 1, "id": "2024", "title": "t", "export": "x.csv", "tool": tool, "field": field, "channel": "c",
        "design": "self-selected", **more,
    }  # fmt: skip
    return WaveSettings.model_validate(given)


def codebook(*questions) -> Codebook:
    given = [{"section": "a", **q} for q in questions]
    return Codebook.model_validate({"schema": 1, "title": "t", "questions": given})


def export(columns, *records, tool="google-forms") -> RawExport:
    made = tuple(
        c if isinstance(c, RawColumn) else RawColumn(i, *((c, None) if isinstance(c, str) else c), i + 1)
        for i, c in enumerate(columns)
    )
    cells = pd.DataFrame({i: pd.array([r[i] for r in records], dtype="str") for i in range(len(columns))})
    return RawExport(tool, "x.csv", cells, made, np.arange(2, 2 + len(records)), "utf-8", ",", 1.0)


B = {"id": "B1", "text": "Êtes-vous membre d’un réseau\u00a0?", "type": "single", "options": YES_NO}
C = {
    "id": "C1",
    "text": "Types",
    "type": "multiple",
    "options": [{"code": "pat", "label": "PAT"}, {"code": "autre", "label": "Autre type", "other": True}],
}
G = {
    "id": "F2", "text": "Difficultés", "type": "grid", "options": YES_NO,
    "rows": [{"code": "temps", "label": "Le temps long"}, {"code": "elus", "label": "Les élu·es"}],
}  # fmt: skip


def codes_of(error: pytest.ExceptionInfo[SyntheseError]) -> list[str]:
    return [fault.code for fault in error.value.faults]


def test_a_header_matches_as_it_stands_or_normalised_and_says_so():
    done = clean(export(["Êtes-vous membre d'un réseau ? *"], ["Oui"]), codebook(B), wave())
    assert list(done.responses["B1"]) == ["oui"]
    assert list(done.journal["rule"]) == ["header-normalised"]
    exact = clean(export([B["text"]], ["Oui"]), codebook(B), wave())
    assert exact.journal.empty


def test_a_header_matches_the_wording_of_its_wave_an_alias_or_the_id():
    reworded = B | {"rewordings": [{"wave": "2024", "text": "Membre ?", "comparable": True, "reason": "r"}]}
    for header in ("Membre ?", "Réseau", "B1"):
        done = clean(export([header], ["Oui"]), codebook(reworded), wave(aliases={"B1": "Réseau"}))
        assert list(done.responses["B1"]) == ["oui"]
    with pytest.raises(SyntheseError) as error:
        clean(export([B["text"]], ["Oui"]), codebook(reworded), wave())
    assert codes_of(error) == ["unknown-column", "missing-column"]


def test_every_unknown_header_is_told_with_the_nearest_wording():
    with pytest.raises(SyntheseError) as error:
        clean(export(["Êtes-vous membre d’un réso ?", "Couleur"], ["Oui", "bleu"]), codebook(B), wave())
    first, second, third = error.value.faults
    assert (first.code, second.code, third.code) == ("unknown-column", "unknown-column", "missing-column")
    assert "did you mean 'Êtes-vous membre d’un réseau" in first.fix
    assert second.column == "Couleur"
    assert "B1" in third.what
    assert "Êtes-vous membre d’un réso" in third.fix


def test_a_question_the_wave_did_not_ask_is_no_column_of_it():
    other = {"id": "B2", "text": "Nouveau ?", "type": "single", "options": YES_NO, "asked_in": ["2026"]}
    with pytest.raises(SyntheseError) as error:
        clean(export([B["text"], "Nouveau ?"], ["Oui", "Oui"]), codebook(B, other), wave())
    assert codes_of(error) == ["not-in-wave"]
    assert "asked_in" in str(error.value)


def test_columns_of_branches_are_merged_and_a_conflict_is_told():
    raw = export([B["text"], B["text"]], ["Oui", ""], ["", "Non"], ["", ""], ["Oui", "Non"])
    declared = wave(kept={"minimum_answers": 0, "empty": "keep"})
    with pytest.raises(SyntheseError) as error:
        clean(raw, codebook(B), declared)
    assert codes_of(error) == ["branch-conflict"]
    done = clean(raw, codebook(B), declared, strict=False)
    assert list(done.responses["B1"]) == ["oui", "non", "_no_answer", "oui"]
    assert [f.code for f in done.findings if f.row] == ["branch-conflict"]
    assert done.findings[0].row == 5
    line = done.journal.loc[done.journal["rule"] == "branch-conflict"].iloc[0]
    assert (line["row"], line["before"], line["after"]) == (5, "Non", "Oui")


def test_one_header_twice_is_an_error_where_the_tool_writes_none():
    raw = export([B["text"], B["text"]], ["Oui", ""], tool="framaforms")
    with pytest.raises(SyntheseError, match="columns 1, 2 all hold B1"):
        clean(raw, codebook(B), wave("framaforms"))


def test_two_questions_of_one_wording_cannot_be_told_apart():
    with pytest.raises(SyntheseError) as error:
        clean(export(["Types", "Types"], ["Oui", "PAT"]), codebook(B | {"text": "Types"}, C), wave())
    assert "ambiguous-header" in codes_of(error)


def test_options_and_rows_are_named_by_sub_headers_or_within_the_header():
    raw = export(
        [("Types", "PAT"), ("Types", "Autre…"), ("Difficultés", "le temps long"), "Difficultés [Les élu·es]"],
        ["X", "friche", "Oui", "Non"],
    )
    done = clean(raw, codebook(C, G), wave())
    row = done.responses.iloc[0]
    assert (row["C1"], row["C1.pat"], row["C1.autre"]) == ("answered", True, True)
    assert (row["F2.temps"], row["F2.elus"]) == ("oui", "non")


def test_a_missing_row_or_option_column_is_told():
    with pytest.raises(SyntheseError) as error:
        clean(export([("Difficultés", "Le temps long"), "Types"], ["Oui", "PAT"]), codebook(C, G), wave())
    assert [f.what for f in error.value.faults] == ["no column holds F2.elus, 'Les élu·es'"]


def test_a_loose_column_is_an_option_first_then_a_question():
    columns = [
        RawColumn(0, "Types", "PAT", 1),
        RawColumn(1, "Types", "Autre type", 2, loose=True),
        RawColumn(2, "Types", B["text"], 3, loose=True),
    ]
    done = clean(export(columns, ["X", "", "Oui"], tool="framaforms"), codebook(C, B), wave("framaforms"))
    assert list(done.responses["B1"]) == ["oui"]
    columns[2] = RawColumn(2, "Types", "Inconnu", 3, loose=True)
    with pytest.raises(SyntheseError, match="'Inconnu' is no option or row of C1, nor a question"):
        clean(export(columns, ["X", "", "Oui"], tool="framaforms"), codebook(C, B), wave("framaforms"))


def test_the_tools_own_columns_are_told_and_may_be_an_answer():
    mail = {"id": "A3", "text": "Adresse e-mail", "type": "open", "role": "contact"}
    columns = [
        RawColumn(0, "Horodateur", None, 1, kind="meta", meta="submitted"),
        RawColumn(1, "Adresse e-mail", None, 2, kind="meta", meta="user"),
        RawColumn(2, B["text"], None, 3),
    ]
    done = clean(export(columns, ["x", "a@b.fr", "Oui"]), codebook(mail, B), wave())
    assert list(done.private["A3"]) == ["a@b.fr"]
    assert "A3" not in done.responses
    assert list(done.journal["rule"]) == ["column-meta"]


PLAIN = {"Réseau": {"question": "B1", "values": {"1": "oui", "2": "non"}}, "Remarque": "ignore"}


def test_a_plain_file_is_mapped_by_its_declaration():
    raw = export(["Réseau", "Remarque", ""], ["1", "z", ""], ["2", "z", ""], tool="plain")
    done = clean(raw, codebook(B), wave("plain", columns=PLAIN))
    assert list(done.responses["B1"]) == ["oui", "non"]
    assert list(done.journal["rule"]) == ["column-ignored", "column-empty", "option-alias", "option-alias"]


def test_every_fault_of_a_plain_mapping_is_told():
    columns = PLAIN | {"Absent": "ignore", "Types": {"question": "C1", "option": "pta"}, "Z": {"question": "Z9"}}
    raw = export(["Réseau", "Remarque", "Types", "Z", "Perdu", ""], ["1", "", "", "", "", "plein"], tool="plain")
    with pytest.raises(SyntheseError) as error:
        clean(raw, codebook(B, C), wave("plain", columns=columns))
    faults = {(f.code, f.column or f.path) for f in error.value.faults}
    assert faults == {
        ("unknown-option", "columns['Types']"),
        ("unknown-question", "columns['Z']"),
        ("unknown-column", "Perdu"),
        ("unknown-column", "#6"),
        ("unknown-column", "columns"),
        ("missing-column", None),
    }


def test_wave_yml_may_only_name_what_the_codebook_has():
    more = {
        "aliases": {"B9": "x"},
        "option_aliases": {"B1": {"Ouais": "ouii"}, "B7": {"a": "b"}},
        "kept": {"trials": {"question": "A1", "matches": ["test"]}, "duplicates": {"by": ["A3"]}},
    }
    with pytest.raises(SyntheseError) as error:
        clean(export([B["text"]], ["Oui"]), codebook(B), wave(**more))
    assert [f.path for f in error.value.faults] == [
        "aliases.B9", "option_aliases.B7", "kept.trials.question", "kept.duplicates.by[0]",
        "option_aliases.B1['Ouais']",
    ]  # fmt: skip


def test_numbered_columns_of_a_multiple_response_name_an_option_each():
    columns = ["Types_1", "Types_2", "Le nombre de_projets"]
    number = {"id": "N", "text": "Le nombre de\nprojets", "type": "numeric"}
    done = clean(
        export(columns, ["PAT", "", "1"], ["", "un jardin", "2"], ["", "", "3"]), codebook(C, number), wave("sphinx")
    )
    assert list(done.responses["C1"]) == ["answered", "answered", "_no_answer"]
    assert list(done.responses["C1.pat"].fillna(False)) == [True, False, False]
    assert list(done.private["C1.autre"]) == ["", "un jardin", ""]
    assert list(done.responses["N"]) == [1, 2, 3]


def test_numbered_columns_of_ticks_are_not_taken_for_mentions():
    with pytest.raises(SyntheseError) as error:
        clean(export(["Types_1", "Types_2"], ["1", "0"]), codebook(C), wave("sphinx"))
    assert codes_of(error) == ["unknown-column", "unknown-column", "missing-column"]


def test_grids_headed_by_their_lines_alone_are_told_by_their_order():
    twin = G | {"id": "F3", "text": "Facilités"}
    lines = [row["label"] for row in G["rows"]]
    # As Microsoft Forms writes them; the reader has taken off the number of a header met twice.
    done = clean(export([*lines, *lines], ["Oui", "Non", "Non", ""]), codebook(G, twin), wave("microsoft-forms"))
    answers = done.responses[["F2.temps", "F2.elus", "F3.temps", "F3.elus"]].to_numpy().tolist()
    assert answers == [["oui", "non", "non", "_no_answer"]]
    with pytest.raises(SyntheseError) as error:
        clean(export(lines, ["Oui", "Non"]), codebook(G, twin), wave("microsoft-forms"))
    assert "unknown-column" in codes_of(error)


def test_a_column_of_an_option_that_the_codebook_withholds_from_the_wave_says_where_to_add_it():
    options = [*C["options"], {"code": "ateliers", "label": "Ateliers collectifs", "waves": ["2023"]}]
    columns = [("Types", "PAT"), ("Types", "Ateliers  collectifs")]
    with pytest.raises(SyntheseError) as error:
        clean(export(columns, ["X", "X"], tool="framaforms"), codebook(C | {"options": options}), wave("framaforms"))
    (fault,) = error.value.faults
    assert (fault.code, fault.column) == ("not-in-wave", "Types [Ateliers  collectifs]")
    assert fault.fix == "add '2024' to `waves` of 'ateliers' of C1 in codebook.yml"


def test_what_is_proposed_is_only_what_has_no_place_yet():
    region = {"id": "B2", "text": "Région d’implantation", "type": "open"}
    department = {"id": "B3", "text": "Département d’implantation", "type": "open"}
    with pytest.raises(SyntheseError) as error:
        clean(export(["Région du siège", department["text"]], ["a", "b"]), codebook(region, department), wave())
    unknown, missing = error.value.faults
    assert "Région d’implantation" in unknown.fix
    assert "Département" not in unknown.fix
    assert "Région du siège" in missing.fix
    assert "Département" not in missing.fix


def test_a_weight_is_a_number():
    number = {"id": "N", "text": "Nombre", "type": "numeric"}
    with pytest.raises(SyntheseError) as error:
        clean(export([B["text"], "Nombre"], ["Oui", "1"]), codebook(B, number), wave(weight="B1"))
    (fault,) = error.value.faults
    assert (fault.code, fault.path) == ("bad-weight", "weight")
    assert "known: N" in fault.fix
