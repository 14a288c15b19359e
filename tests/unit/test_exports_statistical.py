"""SPSS and Stata files: values as text, labels, reasons of missing values, sets; and what is no such file."""

from __future__ import annotations

import datetime as dt
import struct

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from synthese import exports
from synthese.cleaning import clean
from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked
from synthese.exports.statistical import number_text, reason_of
from synthese.exports.statistical_writing import _with_sets
from synthese.study import FieldWork, WaveSettings


def sav(tmp_path, frame, **told):
    path = tmp_path / "export.sav"
    pyreadstat.write_sav(pd.DataFrame(frame), path, **told)
    return path


def dta(tmp_path, frame, **told):
    path = tmp_path / "export.dta"
    pyreadstat.write_dta(pd.DataFrame(frame), path, **told)
    return path


def column(export, name):
    (found,) = [c for c in export.columns if c.code == name or c.part == name]
    return found


def cells(export, name):
    return export.cells[column(export, name).index].tolist()


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (9007199254740991.0, "9007199254740991"), (-2.5, "-2.5")],
)
def test_numbers_are_plain_text_without_noise(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Ne sait pas", "_dont_know"), ("NSP", "_dont_know"), ("Don’t know", "_dont_know"),
        ("Sans objet", "_not_applicable"), ("Non concerné·e", "_not_applicable"), ("Inapplicable", "_not_applicable"),
        ("Non posée", "_not_asked"), ("Not asked (filter)", "_not_asked"), ("Filtré", "_not_asked"),
        ("Refus", "_no_answer"), ("Refuse ou ne sait pas", "_no_answer"), ("Autre chose", "_no_answer"),
        (None, "_no_answer"),
    ],
)  # fmt: skip
def test_a_label_says_why_a_value_is_missing_and_any_other_is_no_answer(label, reason):
    assert reason_of(label) == reason


def test_a_sav_gives_its_values_labels_and_missing_values(tmp_path):
    path = sav(
        tmp_path,
        {
            "F1": [1.0, 2.0, 98.0, 99.0, None],
            "B6": [0.5, -99.0, 12.0, -95.0, 3.0],
            "T": ["é" * 400, "", "x", "#NP", "y"],
        },
        column_labels={"F1": "Besoins ?", "B6": "ETP"},
        variable_value_labels={
            "F1": {1.0: "Oui", 2.0: "Non", 98.0: "NSP", 99.0: "Non posée"},
            "B6": {-99.0: "Sans objet"},
            "T": {"#NP": "Non posée"},
        },
        missing_ranges={"F1": [98, 99], "B6": [{"lo": -99, "hi": -90}], "T": ["#NP"]},
        variable_measure={"F1": "ordinal"},
    )
    export = exports.read(path)
    assert (export.tool, export.confidence, export.encoding) == ("spss", 1.0, "utf-8")
    assert export.rows.tolist() == [2, 3, 4, 5, 6]
    assert cells(export, "F1") == ["1", "2", "98", "99", ""]
    assert cells(export, "B6") == ["0.5", "-99", "12", "-95", "3"]
    assert cells(export, "T") == ["é" * 400, "", "x", "#NP", "y"]
    one, number, text = (column(export, name) for name in ("F1", "B6", "T"))
    assert (one.header, one.labels["1"], text.header) == ("Besoins ?", "Oui", "T")
    assert one.missing == {"98": "_dont_know", "99": "_not_asked"}
    assert number.missing == {"-99": "_not_applicable", "-95": "_no_answer"}
    assert text.missing == {"#NP": "_not_asked"}
    form = export.structure.by_code
    assert [form[name].kind for name in ("F1", "B6", "T")] == ["ordinal", "numeric", "open"]
    assert [(o.code, o.label) for o in form["F1"].options] == [("1", "Oui"), ("2", "Non")]
    assert form["F1"].missing == {"98": "_dont_know", "99": "_not_asked"}
    assert exports.read_structure(path) == export.structure


def test_a_scale_whose_ends_alone_are_labelled_stays_a_number(tmp_path):
    ends = {"N": {0.0: "Pas du tout", 10.0: "Tout à fait"}}
    export = exports.read(sav(tmp_path, {"N": [0.0, 7.0, 10.0]}, variable_value_labels=ends))
    assert export.structure.by_code["N"].kind == "numeric"
    closed = exports.read(sav(tmp_path, {"N": [0.0, 10.0]}, variable_value_labels=ends))
    assert closed.structure.by_code["N"].kind == "single"


def test_a_dta_gives_its_letters_as_missing_values(tmp_path):
    path = dta(
        tmp_path,
        {"q": pd.Series([1, 2, "a", "b", None], dtype=object), "x": pd.Series([0.5, "z", 1.5, 2.0, 3.0], dtype=object)},
        column_labels={"q": "Une question"},
        variable_value_labels={"q": {1: "Oui", 2: "Non", "a": "Ne sait pas"}},
        missing_user_values={"q": ["a", "b"], "x": ["z"]},
    )
    export = exports.read(path)
    assert export.tool == "stata"
    assert cells(export, "q") == ["1", "2", ".a", ".b", ""]
    assert column(export, "q").missing == {".a": "_dont_know", ".b": "_no_answer"}
    assert column(export, "q").labels[".a"] == "Ne sait pas"
    assert cells(export, "x") == ["0.5", ".z", "1.5", "2", "3"]


def test_a_number_stored_in_single_precision_has_no_noise(tmp_path):
    path = tmp_path / "export.dta"
    pd.DataFrame({"x": np.array([0.1, 2.3, 1e6], dtype=np.float32)}).to_stata(path, write_index=False)
    export = exports.read(path)
    assert cells(export, "x") == ["0.1", "2.3", "1000000"]


def test_dates_are_iso(tmp_path):
    days = [dt.date(2024, 2, 29), dt.date(1999, 12, 31)]
    times = [dt.datetime(2024, 2, 29, 18, 30, 1), dt.datetime(1999, 12, 31)]
    for path in (sav(tmp_path, {"d": days, "t": times}), dta(tmp_path, {"d": days, "t": times})):
        export = exports.read(path)
        assert cells(export, "d") == ["2024-02-29", "1999-12-31"]
        assert cells(export, "t") == ["2024-02-29T18:30:01", "1999-12-31T00:00:00"]
        assert export.structure.by_code["d"].kind == "date"


def patched(path, *changes):
    content = path.read_bytes()
    for old, new in changes:
        assert content.count(old) == 1
        content = content.replace(old, new)
    path.write_bytes(content)
    return path


def test_a_cp1252_sav_is_read_by_the_encoding_it_names(tmp_path):
    record, text = struct.pack("<4i", 7, 20, 1, 5) + b"UTF-8", b"windows-1252"
    changes = [(record, struct.pack("<4i", 7, 20, 1, len(text)) + text), (b"R#gion", "Région".encode("cp1252"))]
    export = exports.read(patched(sav(tmp_path, {"T": ["R#gion"]}), *changes))
    assert cells(export, "T") == ["Région"]
    assert export.notes == ()


def test_a_sav_whose_characters_are_not_those_it_names_is_read_as_cp1252_and_told(tmp_path):
    export = exports.read(patched(sav(tmp_path, {"T": ["R#gion"]}), (b"R#gion", "Région".encode("cp1252"))))
    assert cells(export, "T") == ["Région"]
    assert [note.code for note in export.notes] == ["legacy-encoding"]


def with_sets(path, lines):
    content = path.read_bytes()
    end = content.index(struct.pack("<2i", 999, 0))
    record = struct.pack("<4i", 7, 7, 1, len(lines)) + lines
    path.write_bytes(content[:end] + record + content[end:])
    return path


def test_sets_of_dichotomies_and_of_categories_are_one_question_each(tmp_path):
    label = "Types d’aide".encode()
    frame = {"C1_a": [2.0, 1.0, None], "C1_b": [1.0, 1.0, 2.0], "k1": [1.0, 2.0, 2.0], "k2": [2.0, None, 1.0]}
    names = {"C1_a": "Conseil", "C1_b": "Formation"}
    values = {"k1": {1.0: "Rouge", 2.0: "Vert"}, "k2": {1.0: "Rouge", 2.0: "Vert"}}
    path = sav(tmp_path, frame, column_labels=names, variable_value_labels=values)
    with_sets(path, b"$C1=D1 2 %d %s C1_a C1_b\n$K=C 8 Couleurs k1 k2\n" % (len(label), label))
    export = exports.read(path)
    told = [(c.header, c.sub, c.code, c.part) for c in export.columns]
    assert told == [
        ("Types d’aide", "Conseil", "C1", "C1_a"), ("Types d’aide", "Formation", "C1", "C1_b"),
        ("Couleurs", "k1", "K", "mention:1"), ("Couleurs", "k2", "K", "mention:2"),
    ]  # fmt: skip
    assert dict(export.columns[0].labels) == {"2": "Oui", "1": "Non"}
    form = export.structure.by_code
    assert [(q.code, q.kind) for q in export.structure.questions] == [("C1", "multiple"), ("K", "multiple")]
    assert [o.label for o in form["K"].options] == ["Rouge", "Vert"]
    book = {"schema": 1, "title": "t", "questions": [
        {"id": "C1", "section": "a", "text": "Types d’aide", "type": "multiple", "options": [
            {"code": "c", "label": "Conseil"}, {"code": "f", "label": "Formation"}]},
        {"id": "Q2", "section": "a", "text": "Couleurs", "type": "multiple", "options": [
            {"code": "r", "label": "Rouge"}, {"code": "v", "label": "Vert"}]},
    ]}  # fmt: skip
    done = clean(export, Codebook.model_validate(book), wave("spss"))
    assert done.responses["C1.c"].tolist() == [True, pd.NA, False]
    assert done.responses["C1.f"].tolist() == [False, pd.NA, True]
    assert done.responses["Q2.r"].tolist() == [True, False, True]
    assert done.responses["Q2.v"].tolist() == [True, True, True]


def wave(tool):
    given = {
        "schema": 1, "id": "2024", "title": "t", "export": "x", "tool": tool, "channel": "c", "design": "self-selected",
        "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)),
        "kept": {"empty": "keep", "minimum_answers": 0},
    }  # fmt: skip
    return WaveSettings.model_validate(given)


def test_the_record_of_sets_stands_before_the_end_of_the_dictionary(tmp_path):
    path = sav(tmp_path, {"a": [999.0], "b": [0.0]}, column_labels={"a": "x" * 250}, note="une note")
    with pytest.raises(ValueError, match="unknown record 6"):
        _with_sets(path.read_bytes(), {"S": ("Titre", ["a", "b"])})
    path = sav(tmp_path, {"a": [999.0], "b": [0.0]}, variable_value_labels={"a": {999.0: "y" * 120}})
    path.write_bytes(_with_sets(path.read_bytes(), {"S": ("Été", ["a", "b"])}))
    assert exports.read(path).columns[1].header == "Été"


FORM = (
    Field("Région ?", code="B2", answer="single", options=("Bretagne", "Corse"), other="Autre"),
    Field("Types", "many", ("PAT", "Tiers-lieu"), "Autre", "C1", "multiple"),
    Field("Difficultés", "grid", ("Le temps", "L’argent"), None, "F2", "grid", ("Peu", "Très")),
    Field("Ordre", "grid", ("Pairs", "Impact"), None, "R", "ranking"),
    Field("ETP", code="B6", answer="numeric"),
    Field("Lesquels ?", code="B8"),
)
ROWS = (
    Submission(("Corse", Ticked(("PAT",), "friche"), ("Peu", ""), ("2", "1"), "0,5", "texte « libre »")),
    Submission(("à Lille", Ticked(("Tiers-lieu",)), ("Très", "Peu"), ("", ""), "", "")),
    Submission(("", Ticked(), ("", ""), ("", ""), "", ""), hidden=frozenset(range(6))),
)


def test_what_a_form_takes_is_written_as_variables(tmp_path):
    for tool, not_asked in (("spss", "99"), ("stata", ".a")):
        path = tmp_path / tool
        exports.write(tool, Answers("Enquête", FORM, ROWS), path)
        export = exports.read(path)
        assert export.tool == tool
        codes = [f"{c.part or c.code}" for c in export.columns]
        assert codes == [
            "B2", "B2_autre", "C1_1", "C1_2", "C1_autre", "F2_1", "F2_2", "R_1", "R_2", "B6", "B8",
        ]  # fmt: skip
        assert cells(export, "B2") == ["2", "3", not_asked]
        assert column(export, "B2").labels["3"] == "Autre"
        assert cells(export, "B2_autre")[:2] == ["", "à Lille"]
        assert cells(export, "C1_1") == ["1", "0", not_asked]
        assert cells(export, "F2_2") == ["", "1", not_asked]
        assert cells(export, "R_1")[:2] == ["2", ""]
        assert cells(export, "B6")[:2] == ["0.5", ""]
        for name in ("B2", "C1_1", "F2_1", "R_1", "B6"):
            assert column(export, name).missing[cells(export, name)[2]] == "_not_asked", name
        assert export.structure.title == "Enquête"
    assert column(export, "B8").missing == {}, "texts of Stata have no missing value"


def test_the_same_answers_give_the_same_bytes_and_no_clock(tmp_path):
    for tool in ("spss", "stata"):
        first, second = tmp_path / f"1.{tool}", tmp_path / f"2.{tool}"
        exports.write(tool, Answers("Enquête", FORM, ROWS), first)
        exports.write(tool, Answers("Enquête", FORM, ROWS), second)
        content = first.read_bytes()
        assert content == second.read_bytes()
        assert str(dt.date.today().year).encode() not in content[:300] or dt.date.today().year == 2024
        assert b"01 Jan 24" in content[:120] or b"01 Jan 2024 00:00" in content[:300]
        assert b"ReadStat" not in content


def test_labels_beyond_the_room_there_is_stay_apart(tmp_path):
    long = "Une question dont le libellé est bien trop long pour tenir dans une variable, " * 4
    fields = (
        Field(long + "un", code="Q1", answer="single", options=("o" * 130 + "a", "o" * 130 + "b")),
        Field(long + "deux", code="Q2"),
        Field(long, "grid", ("une première ligne", "une seconde"), None, "Q" * 70, "grid"),
        Field("autre", code="Q" * 70),
    )
    rows = (Submission(("o" * 130 + "b", "x", ("1", "2"), "y")),)
    for tool, names, label in (("spss", 64, 256), ("stata", 32, 80)):
        path = tmp_path / tool
        exports.write(tool, Answers("t", fields, rows), path)
        export = exports.read(path)
        headers = [c.header for c in export.columns]
        assert len(set(headers)) == len(headers)
        assert headers[1].endswith(" (2)")
        assert headers[2:4] == ["une première ligne", "une seconde"]
        codes = [str(c.code) for c in export.columns]
        assert len({code.casefold() for code in codes}) == len(codes)
        assert max(map(len, codes)) <= names
        assert max(len(h.encode()) if tool == "spss" else len(h) for h in headers) <= label
        values = [v for k, v in export.columns[0].labels.items()]
        assert len(set(values)) == 2
        assert cells(export, "Q1") == ["2"]


def test_a_label_cut_short_is_still_its_option_and_its_question(tmp_path):
    long = "Mise en réseau, échange entre pairs, visites apprenantes et voyages d’étude dans d’autres territoires"
    options = [{"code": "reseau", "label": f"{long} ou à l’étranger"}, {"code": "non", "label": "Non"}]
    wording = (
        "Parmi ces formes d’accompagnement, laquelle vous semble la plus utile pour les coopérations territoriales ?"
    )
    book = {"schema": 1, "title": "t", "questions": [
        {"id": "D4", "section": "a", "text": wording, "type": "single", "options": options}]}  # fmt: skip
    field = Field(wording, code="D4", answer="single", options=tuple(o["label"] for o in options))
    for tool in ("spss", "stata"):
        path = tmp_path / tool
        exports.write(tool, Answers("t", (field,), (Submission((options[0]["label"],)),)), path)
        done = clean(exports.read(path), Codebook.model_validate(book), wave(tool))
        assert list(done.responses["D4"]) == ["reseau"]
    assert "option-cut-short" not in set(done.journal["rule"]), "Stata has room"


def test_other_files_are_no_statistical_ones(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    for tool, title in (("spss", "SPSS"), ("stata", "Stata")):
        with pytest.raises(SyntheseError, match=f"this is no {title} file"):
            exports.read(path, tool=tool)
    with pytest.raises(SyntheseError, match="this is no Stata file"):
        exports.read(sav(tmp_path, {"a": [1.0]}), tool="stata")


def test_a_damaged_file_says_so(tmp_path):
    whole = sav(tmp_path, {"a": [1.0, 2.0], "t": ["un", "deux"]}).read_bytes()
    path = tmp_path / "abîmé.sav"
    for content in (whole[:4], whole[:200], whole[:-9], b"$FL2" + b"x" * 400):
        path.write_bytes(content)
        with pytest.raises(SyntheseError, match="damaged or not whole") as error:
            exports.read(path)
        assert error.value.faults[0].code == "damaged-file"
        assert "export it again" in error.value.faults[0].fix


def test_a_file_that_claims_more_cases_than_it_can_hold_is_refused_at_once(tmp_path):
    content = bytearray(sav(tmp_path, {"a": [1.0, 2.0]}).read_bytes())
    content[80:84] = struct.pack("<i", 10**7)
    cases = content.index(struct.pack("<6i", 7, 16, 8, 2, 1, 0))
    content[cases + 24 : cases + 32] = struct.pack("<q", 10**7)
    path = tmp_path / "faux.sav"
    path.write_bytes(bytes(content))
    with pytest.raises(SyntheseError, match="more cases than it can hold"):
        exports.read(path)


def test_a_dictionary_that_kills_its_parser_is_an_error_like_any_other(tmp_path):
    labels = {"a": {1.0: "Un"}, "b": {2.0: "Deux"}}
    path = sav(tmp_path, {"a": [1.0], "b": [2.0]}, variable_value_labels=labels)
    patched(path, (struct.pack("<3i", 4, 1, 1), struct.pack("<3i", 4, 1, 1035)))
    with pytest.raises(SyntheseError, match="damaged or not whole"):
        exports.read(path)


def test_a_file_without_cases_has_no_answer(tmp_path):
    with pytest.raises(SyntheseError, match="has a header and no answer"):
        exports.read(sav(tmp_path, {"a": np.array([], dtype=float)}))


def test_zsav_is_read_too(tmp_path):
    export = exports.read(sav(tmp_path, {"a": [1.0, 2.5]}, compress=True))
    assert (export.tool, cells(export, "a")) == ("spss", ["1", "2.5"])
