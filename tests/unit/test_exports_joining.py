"""Files of one wave that do not fit each other are told by file and header; rows that do are named with their file."""

from __future__ import annotations

import datetime as dt

import pytest

from synthese import exports
from synthese.cleaning import clean
from synthese.codebook import Codebook
from synthese.errors import SyntheseError
from synthese.study import FieldWork, WaveSettings

OPTIONS = [{"code": "oui", "label": "Oui"}, {"code": "non", "label": "Non"}]
BOOK = Codebook.model_validate(
    {
        "schema": 1,
        "title": "t",
        "sections": {"a": "A"},
        "questions": [
            {"id": "A", "section": "a", "type": "open", "role": "identifier", "text": "Nom"},
            {"id": "S", "section": "a", "type": "single", "text": "Seul ?", "options": OPTIONS},
        ],
    }
)
SETTINGS = {
    "schema": 1, "id": "2024", "title": "t", "tool": "google-forms", "channel": "c", "design": "self-selected",
    "field": FieldWork(start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 1)), "kept": {"duplicates": {"by": ["A"]}},
}  # fmt: skip


@pytest.fixture
def files(tmp_path):
    def write(*texts):
        paths = [tmp_path / f"part-{number}.csv" for number, _ in enumerate(texts, start=1)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        return paths

    return write


def read(paths):
    return exports.read(paths, tool="google-forms", delimiter=",")


def test_a_header_that_one_file_lacks_is_told_with_the_file_and_what_to_do(files):
    with pytest.raises(SyntheseError) as told:
        read(files("Horodateur,Nom,Seul ?\n1,a,Oui\n", "Horodateur,Nom,Seule ?\n2,b,Non\n"))
    assert [(f.code, f.file, f.column) for f in told.value.faults] == [
        ("column-lacking", "part-2.csv", "Seul ?"),
        ("column-added", "part-2.csv", "Seule ?"),
    ]
    assert "export every file with the same settings" in str(told.value)


def test_a_file_that_opens_with_an_answer_is_told_without_repeating_it(files):
    with pytest.raises(SyntheseError, match=r"no column of this file is named as in part-1\.csv") as told:
        read(files("Horodateur,Nom,Seul ?\n1,a,Oui\n", "2,jeanne@exemple.fr,Non\n3,c,Oui\n"))
    assert [(f.code, f.file, f.row) for f in told.value.faults] == [("header-lacking", "part-2.csv", 1)]
    assert "jeanne" not in str(told.value)


def test_a_later_file_without_answers_is_told(files):
    with pytest.raises(SyntheseError, match=r"part-2\.csv, row 1: this file has a header and no answer"):
        read(files("Horodateur,Nom,Seul ?\n1,a,Oui\n", "Horodateur,Nom,Seul ?\n"))


def test_findings_and_the_journal_name_the_file_and_its_row(files):
    raw = read(files("Horodateur,Nom,Seul ?\n1,a,Oui\n2,b,Si\n", "Horodateur,Seul ?,Nom\n3,Non,a\n4,Si,c\n"))
    done = clean(
        raw, BOOK, WaveSettings.model_validate({**SETTINGS, "export": ["part-1.csv", "part-2.csv"]}), strict=False
    )
    (unknown,) = done.errors
    assert (unknown.file, unknown.row, unknown.column) == ("part-1.csv", 3, "Seul ?")
    assert "(2 rows; also 3 of part-2.csv)" in unknown.what
    (dropped,) = done.journal.loc[done.journal["rule"] == "duplicate"].to_dict("records")
    assert (dropped["file"], dropped["row"]) == ("part-1.csv", 2)
    assert "même A que la ligne 2 de part-2.csv, conservée" in dropped["reason"]
    assert done.private[["row", "file"]].to_numpy().tolist() == [
        [3, "part-1.csv"],
        [2, "part-2.csv"],
        [3, "part-2.csv"],
    ]


def test_a_file_listed_twice_or_no_file_is_refused():
    for names in (["a.csv", "a.csv"], ["x/a.csv", "a.csv"], []):
        with pytest.raises(ValueError, match=r"named twice|at least 1"):
            WaveSettings.model_validate({**SETTINGS, "export": names})
    assert WaveSettings.model_validate({**SETTINGS, "export": "a.csv"}).exports == ("a.csv",)
