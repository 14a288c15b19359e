from __future__ import annotations

import os
from pathlib import Path

import pytest

from synthese import exports
from synthese.errors import SyntheseError

HEADER = "Horodateur,Région,Citez,Citez\r\n"


def put(folder: Path, content: str | bytes, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def refused(path: Path, **options: str) -> SyntheseError:
    with pytest.raises(SyntheseError) as caught:
        exports.read(path, **options)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_are_found(tmp_path, encoding, delimiter, line_end):
    rows = [["Q1", "Où ?"], ["é", 'il a dit "oui"\nhier'], ["œuvre", ""]]
    lines = (delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    export = exports.read(put(tmp_path, line_end.join(lines) + line_end, encoding=encoding))
    assert export.cells.to_numpy().tolist() == rows[1:]
    assert [column.header for column in export.columns] == rows[0]
    assert export.rows.tolist() == [2, 3]
    assert export.delimiter == delimiter


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_a_legacy_encoding_is_read_and_told(tmp_path, encoding):
    path = put(tmp_path, "Q1;Région\nété;à Besançon, la coopérative\n", encoding=encoding)
    export = exports.read(path)
    assert export.cells.loc[0, 1] == "à Besançon, la coopérative"
    assert export.encoding == encoding
    assert [note.code for note in export.notes] == ["legacy-encoding", "tool-assumed"]
    assert f"encoding: {encoding}" in str(export.notes[0])


def test_an_encoding_that_cannot_be_told_is_asked_for(tmp_path):
    # 0xD5: ’ in Mac Roman, Õ in cp1252
    path = put(tmp_path, b"Q1,Q2\nx,\xd5\xcc\n")
    error = refused(path)
    assert error.code == "unclear-encoding"
    assert "cp1252 reads" in str(error)
    assert "mac_roman reads" in str(error)
    assert "wave.yml" in str(error)
    assert exports.read(path, encoding="mac_roman").cells.loc[0, 1] == "’Ã"


def test_a_wrong_encoding_named_by_the_user(tmp_path):
    path = put(tmp_path, "Q1,Q2\nune,été\n", encoding="cp1252")
    error = refused(path, encoding="utf-8")
    assert error.code == "wrong-encoding"
    assert "byte 11" in str(error)
    assert "row 2" in str(error)
    assert refused(path, encoding="latin-klingon").code == "unknown-encoding"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty-file", "is empty"),
        (b"\n\n  \n", "empty-file", "is empty"),
        (b"Q1,Q2\n", "no-answers", "row 1: this file has a header and no answer"),
        (b"Q1,Q2\na,b\nc,d\ne\n", "truncated", "row 4: the last row has 1 cells where the header has 2"),
        (b"Q1,Q2\na,b\nc\ne,f\n", "ragged-row", "row 3: this row has 1 cells"),
        (b"Q1,Q2\na,b,c\ne,f\n", "ragged-row", "row 2: this row has 3 cells"),
        (b'Q1,Q2\na,b\nc,"open\ne,f\n', "unclosed-quote", "row 3: a quote opened in this row is never closed"),
        (b'Q1,Q2\n"a" b,c\n', "stray-quote", "row 2: text follows a closing quote"),
        (b"Q1,Q2\na,\0b\n", "nul-bytes", "row 2: the file holds NUL characters"),
        (b"Q1,Q2\na,\xc3", "truncated", "ends in the middle of a character"),
        (b"Q1,Q1\na,b\n", "duplicate-header", "column 'Q1': 2 columns have this header: 1, 2"),
        (b"PK\x03\x04nonsense", "not-a-workbook", "damaged"),
        (b"a;b,c\n1;2,3\n", "unclear-delimiter", "comma (2 columns), semicolon (2 columns)"),
    ],
)
def test_bad_files_get_one_clear_message(tmp_path, content, code, words):
    error = refused(put(tmp_path, content))
    assert error.code == code
    assert words in str(error)
    assert "export.csv" in str(error)
    assert "→" in str(error), "an error says what would be right"


def test_all_ragged_rows_are_told_at_once(tmp_path):
    error = refused(put(tmp_path, "Q1,Q2\na\nb\nc,d\n"))
    assert [fault.row for fault in error.faults] == [2, 3]


def test_a_missing_file(tmp_path):
    error = refused(tmp_path / "nowhere.csv")
    assert error.code == "missing-file"
    assert "nowhere.csv" in str(error)


def test_an_unreadable_file(tmp_path):
    path = tmp_path / "export.csv"
    path.mkdir()
    assert refused(path).code == "cannot-read"


def test_a_file_that_the_system_refuses(tmp_path, monkeypatch):
    path = put(tmp_path, "Q1,Q2\na,b\n")

    def denied(*_args, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert refused(path).code == "cannot-read"


def test_blank_rows_and_surplus_empty_cells_are_told_and_rows_keep_their_numbers(tmp_path):
    export = exports.read(put(tmp_path, "Q1,Q2\n\na,b\n\n\nc,d,,\n,\n"))
    assert export.rows.tolist() == [3, 6, 7]
    assert export.cells.to_numpy().tolist() == [["a", "b"], ["c", "d"], ["", ""]]
    told = {note.code: str(note) for note in export.notes}
    assert "3 blank row(s) left out: 2, 4, 5" in told["blank-rows"]
    assert "row 6" in told["surplus-cells"]


def test_unknown_tool(tmp_path):
    error = refused(put(tmp_path, "Q1,Q2\na,b\n"), tool="framaform")
    assert error.code == "unknown-tool"
    assert ", ".join(exports.known()) in str(error)


def test_google_forms_columns_of_one_name_are_told_apart_by_position(tmp_path):
    export = exports.read(put(tmp_path, HEADER + "12/03/2024 10:00:00,11,a,\r\n12/03/2024 11:00:00,75,,b\r\n"))
    assert export.tool == "google-forms"
    assert export.confidence == 0.9
    assert [(c.header, c.position) for c in export.columns if c.kind == "answer"] == [
        ("Région", 2),
        ("Citez", 3),
        ("Citez", 4),
    ]
    submitted = export.meta("submitted")
    assert submitted is not None
    assert export.cells.loc[1, submitted.index] == "12/03/2024 11:00:00"


def test_google_forms_grids(tmp_path):
    content = 'Horodateur,"Notez [a, [b]]","Notez\nbien [c]"\r\n,4,5\r\n'
    export = exports.read(put(tmp_path, content))
    assert [(c.header, c.sub) for c in export.columns[1:]] == [("Notez", "a, [b]"), ("Notez\nbien", "c")]


FRAMAFORMS = (
    '"Enquête","","","","",""\n'
    '"Submission Details","","","Que citez-vous ?","",""\n'
    '"Serial","Draft","Nom","un","deux","Âge"\n'
    '"1","0","A","X","","40"\n'
)


def test_framaforms_three_header_rows(tmp_path):
    export = exports.read(put(tmp_path, FRAMAFORMS))
    assert (export.tool, export.confidence) == ("framaforms", 0.98)
    assert [(c.label, c.meta, c.loose) for c in export.columns] == [
        ("Serial", "serial", False),
        ("Draft", "draft", False),
        ("Nom", None, False),
        ("Que citez-vous ? [un]", None, False),
        ("Que citez-vous ? [deux]", None, True),
        ("Que citez-vous ? [Âge]", None, True),  # the tool writes a question of its own alike: cleaning settles it
    ]
    assert export.rows.tolist() == [4]


def test_framaforms_without_its_header_rows(tmp_path):
    assert refused(put(tmp_path, "Q1,Q2\na,b\n"), tool="framaforms").code == "short-header"
    wrong = refused(put(tmp_path, "Q1,Q2\na,b\nc,d\ne,f\n"), tool="framaforms")
    assert wrong.code == "wrong-header"
    header_only = refused(put(tmp_path, "".join(FRAMAFORMS.splitlines(True)[:3])))
    assert header_only.code == "no-answers"


def test_large_cells_and_an_early_unclosed_quote_do_not_hang(tmp_path):
    long = "é" * 300_000
    assert exports.read(put(tmp_path, f'Q1,Q2\na,"{long}"\n')).cells.loc[0, 1] == long
    rows = "a,b\n" * 100_000
    error = refused(put(tmp_path, f'Q1,Q2\n"a,b\n{rows}'))
    assert error.code == "unclosed-quote"
    assert "row 2" in str(error)


SHARED = Path(os.environ.get("SYNTHESE_SHARED", Path(__file__).parents[3] / "shared")) / "real-surveys"


@pytest.mark.skipif(
    not SHARED.exists() and os.environ.get("CI") != "true", reason="the real surveys are not beside the repository"
)
@pytest.mark.parametrize(
    ("name", "tool", "shape", "encoding"),
    [
        ("publicodes-2024-fr/data.csv", "tally", (18, 48), "utf-8-sig"),
        ("spack/spack-user-survey-2020-responses.csv", "google-forms", (170, 48), "utf-8-sig"),
        ("spack/spack-user-survey-2021-responses.csv", "google-forms", (179, 54), "utf-8-sig"),
        ("spack/spack-user-survey-2020-responses.xlsx", "google-forms", (170, 48), "xlsx"),
        ("spack/spack-user-survey-2021-responses.xlsx", "google-forms", (179, 54), "xlsx"),
    ],
)
def test_real_surveys(name, tool, shape, encoding):
    export = exports.read(SHARED / name)
    assert (export.tool, export.cells.shape, export.encoding) == (tool, shape, encoding)


@pytest.mark.skipif(
    not SHARED.exists() and os.environ.get("CI") != "true", reason="the real surveys are not beside the repository"
)
def test_a_real_survey_whose_encoding_two_odd_bytes_cannot_tell():
    path = SHARED / "538-star-wars/StarWars.csv"
    assert refused(path).code == "unclear-encoding"
    export = exports.read(path, encoding="mac_roman")
    assert (export.tool, export.cells.shape) == ("surveymonkey", (1186, 38))
    assert export.rows.tolist() == list(range(3, 1189))
