"""Lines above and below a table, ragged rows outside it, line ends: found and told, or asked for."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import registry

HEADER = "Commune,Structure,Besoin"
BODY = "Nantes,a,oui\nRennes,b,non\nBrest,c,oui\n"


def put(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheet(folder: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return put(folder, stream.getvalue(), "export.xlsx")


def refused(path: Path, **options: object) -> SyntheseError:
    with pytest.raises(SyntheseError) as caught:
        exports.read(path, **options)
    return caught.value


def told(export: exports.RawExport) -> dict[str, str]:
    return {note.code: str(note) for note in export.notes}


@pytest.fixture(params=["strict", "fast"])
def way(request, monkeypatch):
    """Read small files through either reader."""
    monkeypatch.setattr(registry, "_LARGE", 1 << 40 if request.param == "strict" else 0)
    return request.param


def test_narrower_lines_above_a_plain_header_are_left_out_and_told(tmp_path):
    export = exports.read(put(tmp_path, f"Enquête 2024\n\nle 12 mars\n{HEADER}\n{BODY}"))
    assert [column.header for column in export.columns] == HEADER.split(",")
    assert export.rows.tolist() == [5, 6, 7]
    assert "row 1: 2 row(s) above the header were left out: it was found in row 4" in told(export)["rows-above-header"]
    assert "`header_row: 4`" in told(export)["rows-above-header"]


def test_a_tool_whose_habits_show_below_a_title_is_found(tmp_path):
    export = exports.read(put(tmp_path, "Réponses,,\nHorodateur,Q1,Q2\n12/03/2024 10:00:00,a,b\n"))
    assert export.tool == "google-forms"
    assert export.rows.tolist() == [3]
    assert "found in row 2" in told(export)["rows-above-header"]
    named = exports.read(put(tmp_path, "Réponses\nHorodateur,Q1,Q2\n12/03/2024 10:00:00,a,b\n"), tool="google-forms")
    assert named.rows.tolist() == [3]


@pytest.mark.parametrize(
    "above",
    [
        "Enquête,,\n",  # as wide as the table: a title, or a header of one name
        "Enquête\n1,2,3\n",  # what follows does not read as a header
    ],
)
def test_a_title_that_may_be_the_header_is_asked_for(tmp_path, above):
    path = put(tmp_path, f"{above}{HEADER}\n{BODY}")
    error = refused(path)
    assert error.code == "unclear-header"
    assert "`header_row: 2`, or `header_row: 1`" in str(error)
    first = above.count("\n") + 1
    assert exports.read(path, header_row=first).rows.tolist() == [first + 1, first + 2, first + 3]


def test_the_header_row_named_is_taken_at_its_word(tmp_path):
    path = put(tmp_path, "Enquête,,\nNantes,a,oui\nBrest,b,non\n")
    export = exports.read(path, header_row=1)
    assert [column.header for column in export.columns] == ["Enquête", "", ""]
    assert len(export.cells) == 2


def test_a_short_first_row_of_a_narrow_table_is_asked_for(tmp_path):
    error = refused(put(tmp_path, "Nom\nNantes,a\nRennes,b\nBrest,c\n"))
    assert error.code == "unclear-header"
    assert "or correct `delimiter`" in str(error)


def test_rows_outside_those_named_may_be_ragged(tmp_path, way):
    path = put(tmp_path, f"Enquête,2024\nx\n\n{HEADER}\nNantes,a,oui\n\nRennes,b,non\nTotal,2\nSource : nous,1,2,3,4\n")
    export = exports.read(path, header_row=4, last_row=7)
    assert export.cells.to_numpy().tolist() == [["Nantes", "a", "oui"], ["Rennes", "b", "non"]]
    assert export.rows.tolist() == [5, 7]
    assert "1 blank row(s) left out: 6" in told(export)["blank-rows"]
    missed = refused(path, header_row=40)
    assert missed.code == "no-answers"
    assert "no row of this file stands between 40 and its end" in str(missed)


def test_the_delimiter_is_found_in_the_rows_named(tmp_path):
    lines = "a;b\nc;d\n" * 3
    path = put(tmp_path, f"{lines}Q1,Q2,Q3\nx,y,z\nt,u,v\n")
    assert exports.read(path, header_row=7).delimiter == ","
    titled = put(tmp_path, "Enquête, printemps\nQ1;Q2;Q3\na;b, c;d\ne;f;g\nh;i, j;k\n")
    assert exports.read(titled, header_row=2).delimiter == ";"


def test_the_delimiter_is_found_below_a_title(tmp_path):
    export = exports.read(put(tmp_path, "Enquête, printemps\nQ1;Q2;Q3\na;b, c;d\ne;f;g\nh;i, j;k\n"))
    assert export.delimiter == ";"
    assert export.rows.tolist() == [3, 4, 5]
    both = refused(put(tmp_path, "Enquête\nQ1;Q2,Q3\na;b,c\ne;f,g\nh;i,j\n"))
    assert both.code == "unclear-delimiter"
    assert "comma (2 columns), semicolon (2 columns)" in str(both)


def test_several_short_lines_at_the_end_are_one_fault(tmp_path):
    error = refused(put(tmp_path, f"{HEADER}\n{BODY}Fin\nle 12 mars\n"))
    assert [(fault.code, fault.row) for fault in error.faults] == [("lines-below", 5)]
    assert "2 line(s) from here on hold fewer cells than the header's 3" in str(error)


def test_ragged_rows_in_the_middle_stay_faults_whatever_stands_around(tmp_path):
    error = refused(put(tmp_path, f"Enquête\n{HEADER}\nNantes,a,oui\nRennes,b\nBrest,c,oui\n"))
    assert [(fault.code, fault.row) for fault in error.faults] == [("ragged-row", 4)]


@pytest.mark.parametrize(
    ("below", "row", "last"),
    [
        ("Total : 3\n", 5, 4),
        ("Total,,3\n", 5, 4),
        ("\nSource : enquête 2024\n", 6, 4),
        ("\nFait à Nantes,,\n", 6, 4),
        ("Total,3,3\n", 5, 4),
        ("n = 3\nsource : x\n", 5, 4),
        ("\nFait à Nantes,,\nle 12 mars,,\n", 6, 4),
        ("Total,3,3\n,,\n", 5, 4),
    ],
)
def test_lines_below_are_never_answers(tmp_path, way, below, row, last):
    path = put(tmp_path, f"{HEADER}\n{BODY}{below}")
    error = refused(path)
    assert error.code == "lines-below"
    assert [fault.row for fault in error.faults] == [row]
    assert f"`last_row: {last}`" in str(error)
    assert exports.read(path, last_row=last).rows.tolist() == [2, 3, 4]


def test_a_text_below_numbers_is_no_answer(tmp_path, way):
    body = "".join(f"{number},a,oui\n" for number in range(1, 5))
    error = refused(put(tmp_path, f"Numéro,Structure,Besoin\n{body}fin,,\n"))
    assert (error.code, error.faults[0].row) == ("lines-below", 6)
    kept = exports.read(put(tmp_path, f"Numéro,Structure,Besoin\n{body}5,,\n"))
    assert len(kept.cells) == 5


def test_a_sparse_answer_after_a_blank_row_is_kept_where_it_looks_like_one(tmp_path, way):
    export = exports.read(put(tmp_path, f"{HEADER}\n{BODY}\nNantes,,\n"))
    assert export.rows.tolist() == [2, 3, 4, 6]


def test_a_line_that_looks_like_a_total_is_kept_at_the_users_word(tmp_path, way):
    path = put(tmp_path, f"{HEADER}\n{BODY}Total,,\n")
    assert "`last_row: 5` if these are some" in str(refused(path))
    assert len(exports.read(path, last_row=5).cells) == 4


def test_rows_of_delimiters_alone_at_the_end_are_told(tmp_path, way):
    export = exports.read(put(tmp_path, f"{HEADER}\n{BODY},,\n,,\n"))
    assert len(export.cells) == 5
    assert "row 5: the last 2 row(s) hold no answer at all; they were kept" in told(export)["empty-end"]
    assert "`last_row: 4`" in told(export)["empty-end"]


def test_a_file_cut_short_is_told_from_a_line_below(tmp_path, way):
    error = refused(put(tmp_path, f"{HEADER}\n{BODY}Lyon,d"))
    assert error.code == "truncated"
    assert "row 5: the last row has 2 cells where the header has 3" in str(error)
    assert "`last_row: 4`" in str(error)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (("\r", "\r", "\r"), "lines end in CR alone, as on old Macs: CR (3)"),
        (("\n", "\r\n", "\n"), "lines end in several ways: LF (2), CRLF (1)"),
        (("\r\n", "\r", "\n"), "lines end in several ways: LF (1), CRLF (1), CR (1)"),
    ],
)
def test_line_ends_that_are_odd_are_told(tmp_path, way, ends, words):
    lines = ["Q1,Q2", 'a,"b\r\nc\rd\n"', "e,f"]
    export = exports.read(put(tmp_path, "".join(map(str.__add__, lines, ends))))
    assert export.cells.to_numpy().tolist() == [["a", "b\r\nc\rd\n"], ["e", "f"]]
    assert words in told(export)["line-ends"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_usual_line_ends_need_no_word(tmp_path, way, end):
    export = exports.read(put(tmp_path, end.join(["Q1,Q2", 'a,"b\rc"', "e,f", ""])))
    assert "line-ends" not in told(export)


def test_a_large_file_is_read_as_a_small_one(tmp_path):
    rows = "".join(f'{number},"dit ""oui""\n\nà {number}",é\n\n' for number in range(40_000))
    path = put(tmp_path, f"N,Texte,É\n{rows}")
    assert path.stat().st_size > registry._LARGE
    export = exports.read(path)
    assert export.cells.shape == (40_000, 3)
    assert export.cells.iloc[39_999].tolist() == ["39999", 'dit "oui"\n\nà 39999', "é"]
    assert export.rows[-1] == 2 + 2 * 39_999
    assert "39999 blank row(s) left out: 3, 5, 7" in told(export)["blank-rows"]


def test_a_title_apart_from_the_table_of_a_sheet_is_left_out_and_told(tmp_path):
    path = sheet(tmp_path, [["Enquête 2024"], [], ["Commune", "Structure", "Besoin"], ["Nantes", "a", "oui"]])
    export = exports.read(path)
    assert export.rows.tolist() == [4]
    assert "found in row 3" in told(export)["rows-above-header"]


def test_a_title_upon_the_table_of_a_sheet_is_asked_for(tmp_path):
    rows = [["Enquête 2024"], ["Commune", "Structure", "Besoin"], ["Nantes", "a", "oui"], ["Brest", "b", "non"]]
    error = refused(sheet(tmp_path, rows))
    assert error.code == "unclear-header"
    assert exports.read(sheet(tmp_path, rows), header_row=2).rows.tolist() == [3, 4]


def test_a_total_in_a_sheet_is_no_answer(tmp_path):
    rows = [["Commune", "Structure", "n"], ["Nantes", "a", 1], ["Brest", "b", 2], ["Total", None, "=SUM(C2:C3)"]]
    rows[-1][-1] = 3
    error = refused(sheet(tmp_path, rows))
    assert (error.code, error.faults[0].row) == ("lines-below", 4)
    assert len(exports.read(sheet(tmp_path, rows), last_row=3).cells) == 2
