"""LimeSurvey written: bytes of its CSV, codes that it allows, types that hold every answer; files told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthese import exports
from synthese.exports import Answers, Field, Submission, Ticked
from synthese.exports.limesurvey.writing import plan

ANSWERS = Answers(
    "Enquête",
    (
        Field("Type ?", "one", (), "Autre, précisez", "B1", "single", ("Ville", "R&D <x>"), required=True),
        Field("Quoi ?", "many", ("a; b", "c\nd"), "Autre", "C.1", "multiple"),
        Field("Rang", "grid", ("Eau", "Air"), None, "D1", "ranking"),
        Field("Combien ?", code="E1", answer="numeric"),
        Field("Mots", code="F1"),
    ),
    (
        Submission(("R&D <x>", Ticked(("a; b",), "=x"), ("2", "1"), "12,50", 'dit "oui"\r\net non'), {
            "submitted": "2024-03-12T10:00:00", "modified": "2024-03-12T10:01:00", "draft": "0", "ip": "192.0.2.1",
        }),
        Submission(("ni l’un", Ticked(), ("", ""), "", ""), {"submitted": "2024-03-13T10:00:00"}, frozenset({1, 3, 4})),
        Submission(("Ville", Ticked(), ("", ""), "", ""), {"submitted": "2024-03-14T10:00:00", "draft": "1"}),
    ),
)  # fmt: skip


def written(folder: Path, variant: str) -> list[str]:
    path = folder / f"{variant}.csv"
    exports.write("limesurvey", ANSWERS, path, variant)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig").split("\r\n")


def test_full_answers_are_written_as_limesurvey_does(tmp_path):
    head, first, second, third, *end = written(tmp_path, "full")
    assert head.endswith(
        '"Type ?";"Type ? [Autre]";"Quoi ? [a; b]";"Quoi ? [c d]";"Quoi ? [Autre]";"Rang [Rang 1]";"Rang [Rang 2]";'
        '"Combien ?";"Mots"'
    )
    assert first.startswith('"1";"2024-03-12 10:00:00";"1";"fr";')
    assert first.endswith('"192.0.2.1";"R&D <x>";"";"Oui";"Non";"\'=x";"Air";"Eau";"12.5";"dit ""oui""\net non"')
    # NULL stands bare; multiple responses alone say that they were not shown.
    assert second.endswith('"Autre";"ni l’un";"N/A";"N/A";;;;;""')
    assert third.startswith('"3";;"0";"fr";')
    assert third.endswith('"Ville";"";"N/A";"N/A";;;;;""')
    assert end == ["", ""]


def test_answer_codes_are_written_as_limesurvey_does(tmp_path):
    head, first, second, _, *_ = written(tmp_path, "codes")
    assert head == (
        '"id";"submitdate";"lastpage";"startlanguage";"seed";"startdate";"datestamp";"ipaddr";"B1";"B1[other]";'
        '"C1[SQ001]";"C1[SQ002]";"C1[other]";"D1[1]";"D1[2]";"E1";"F1"'
    )
    assert first.endswith('"A2";"";"Y";"";"\'=x";"A0002";"A0001";"12.5";"dit ""oui""\net non"')
    assert second.endswith('"-oth-";"ni l’un";;;;"";"";;')


def test_the_comma_variant_and_the_form_beside(tmp_path):
    assert written(tmp_path, "comma")[0].startswith('"ID de la réponse","Date de soumission",')
    again = tmp_path / "again"
    again.mkdir()
    for variant in ("full", "comma", "codes"):
        written(again, variant)
        written(tmp_path, variant)
        for suffix in (".csv", ".lss"):
            name = f"{variant}{suffix}"
            assert (again / name).read_bytes() == (tmp_path / name).read_bytes()
    text = (tmp_path / "codes.lss").read_text(encoding="utf-8")
    assert "<DBVersion>498</DBVersion>" in text
    assert "<![CDATA[R&amp;D &lt;x&gt;]]>" in text
    assert [q.code for q in exports.read_structure(tmp_path / "codes.lss").questions] == ["B1", "C1", "D1", "E1", "F1"]


def test_the_workbook_holds_what_the_csv_holds(tmp_path):
    for variant, name in (("full", "x.csv"), ("xlsx", "x.xlsx")):
        exports.write("limesurvey", ANSWERS, tmp_path / name, variant)
    csv, xlsx = exports.read(tmp_path / "x.csv"), exports.read(tmp_path / "x.xlsx")
    assert (xlsx.tool, xlsx.confidence, xlsx.encoding) == ("limesurvey", 0.97, "xlsx")
    assert xlsx.cells.equals(csv.cells)
    assert xlsx.columns == csv.columns


def test_codes_are_what_limesurvey_allows():
    labels = [f"q{n}" for n in range(4)]
    long = "a_very_long_code_of_a_question"
    planned = plan(
        Answers(
            "",
            (
                Field(labels[0], code=long, options=tuple(f"o{n}" for n in range(1200)), answer="single"),
                Field(labels[1], "many", tuple(f"i{n}" for n in range(1200)), code=long.upper()),
                Field(labels[2], code="2024"),
                Field(labels[3]),
            ),
            (),
        )
    )
    codes = [one.code for one in planned]
    assert len({code.casefold() for code in codes}) == 4
    assert all(code.isascii() and code.isalnum() and code[0].isalpha() and len(code) <= 20 for code in codes)
    names = [[item.code for item in (*one.items, *one.options)] for one in planned]
    assert all(len(set(row)) == len(row) for row in names)
    assert all(item.isalnum() and len(item) <= 5 for row in names[:1] for item in row)


def test_autre_without_a_text_is_the_option_alone(tmp_path):
    field = Field("Type ?", "one", (), "Autre, précisez", "B1", "single", ("Ville",))
    exports.write("limesurvey", Answers("", (field,), (Submission(("Autre, précisez",)),)), tmp_path / "x.csv", "codes")
    assert (tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines()[1].endswith('"-oth-";""')


def test_a_label_that_ends_a_section_of_text_stays_whole(tmp_path):
    exports.write("limesurvey", Answers("", (Field("a ]]> b", code="B1"),), (Submission(("",)),)), tmp_path / "x.csv")
    assert exports.read_structure(tmp_path / "x.lss").questions[0].label == "a ]]> b"


def test_drafts_have_no_date_of_submission(tmp_path):
    tool = exports.named("limesurvey")
    assert (tool.drafts, tool.unfinished_when_empty) == (True, "submitted")
    exports.write("limesurvey", ANSWERS, tmp_path / "x.csv")
    export = exports.read(tmp_path / "x.csv")
    sent = export.cells[export.meta(tool.unfinished_when_empty).index]
    assert sent.tolist() == ["2024-03-12 10:00:00", "2024-03-13 10:00:00", ""]


def test_answers_that_a_type_cannot_hold_change_the_type():
    def kinds(field: Field, *values) -> str:
        return plan(Answers("", (field,), tuple(Submission((value,)) for value in values)))[0].type

    ranking = Field("q", "grid", ("a", "b"), answer="ranking")
    assert kinds(ranking, ("2", "1"), ("", "1")) == "R"
    assert kinds(ranking, ("1", "1")) == "Q"
    assert kinds(ranking, ("2", "")) == "Q"
    array = Field("q", "grid", ("a", "b"), answer="grid", options=("x", "y"))
    assert kinds(array, ("x", "")) == "F"
    assert kinds(array, ("x", "z")) == "Q"
    assert kinds(Field("q", answer="numeric"), "12,5") == "N"
    assert kinds(Field("q", answer="numeric"), "douze") == "T"
    assert kinds(Field("q", answer="single", options=("x",)), "x") == "L"
    assert kinds(Field("q", answer="single", options=("x",)), "z") == "T"


def test_no_other_tools_file_is_taken_for_limesurvey(tmp_path):
    limesurvey = exports.named("limesurvey")
    for name, tool in exports.known().items():
        for variant, dialect in tool.variants.items():
            path = tmp_path / f"{name}-{variant}{dialect.suffix}"
            exports.write(name, ANSWERS, path, variant)
            confidence = limesurvey.recognise(exports.read_table(path))
            assert (confidence > 0.9) == (name == "limesurvey"), (name, variant)
            assert confidence < 0.3 or name == "limesurvey", (name, variant, confidence)


def test_no_other_tool_takes_limesurveys_files(tmp_path):
    for variant in exports.named("limesurvey").variants:
        path = tmp_path / f"{variant}.csv"
        exports.write("limesurvey", ANSWERS, path, variant)
        table = exports.read_table(path)
        for name, tool in exports.known().items():
            assert tool.recognise(table) < 0.7 or name == "limesurvey", (name, variant)


@pytest.mark.parametrize(
    ("heads", "confidence"),
    [
        (["id", "submitdate", "Q1"], 0.6),
        (["id", "token", "Q1"], 0.4),
        (["ID", "Heure de début", "Heure de fin"], 0.0),
        (["Q1", "submitdate", "startlanguage", "lastpage"], 0.0),
        (["Adresse IP", "Votre nom"], 0.2),
    ],
)
def test_few_own_columns_make_it_less_sure(tmp_path, heads, confidence):
    path = tmp_path / "export.csv"
    path.write_text("\n".join(";".join(row) for row in (heads, ["x"] * len(heads))), encoding="utf-8")
    table = exports.read_table(path, delimiter=";")
    assert exports.named("limesurvey").recognise(table) == pytest.approx(confidence)
