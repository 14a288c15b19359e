"""The sheets of a study: written, brought up to date, what two coders agree on; no name leaves the export."""

from __future__ import annotations

import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthese import cleaning
from synthese.analysis import findings, open_wave
from synthese.analysis.cleaned import cleaned
from synthese.cli.commands import cli
from synthese.files import write_text
from synthese.study import open_study

HERE = Path(__file__).with_name("coding_study.py")
_SPEC = spec_from_file_location("coding_study", HERE)
if _SPEC is None or _SPEC.loader is None:
    raise ImportError(str(HERE))
_CODING = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_CODING)
HEADER, WAVE = _CODING.HEADER, _CODING.WAVE
answers, code, put, sheet = _CODING.answers, _CODING.code, _CODING.put, _CODING.sheet


@pytest.fixture
def study(tmp_path) -> Path:
    return _CODING.made(tmp_path)


# The command


def test_a_sheet_for_every_other_with_texts_and_none_for_open_questions(study):
    told = code(study, "--all")
    names = [str(path.relative_to(study / "data" / "raw").as_posix()) for path in study.glob("data/raw/*/coding/*")]
    assert sorted(names) == ["2022/coding/M.csv", "2022/coding/S.csv", "2024/coding/M.csv", "2024/coding/S.csv"]
    assert [row[0] + row[2] for row in sheet(study, "2024", "S")] == ["Friche2", "Une usine1"]
    assert [row[0] + row[2] for row in sheet(study, "2024", "M")] == ["Jardin1", "Vélo et jardin2", "Chez […]1"]
    assert "data/raw/2024/coding/M.csv" in told
    assert not any(text in told for text in ("Friche", "Jardin", "usine", "Vélo"))


def test_two_runs_give_the_same_bytes_and_write_once(study):
    code(study, "--all")
    files = sorted(study.glob("data/raw/*/coding/*.csv"))
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    assert "up to date" in code(study, "--all")
    assert "written" not in code(study)
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in files] == before


def test_an_open_question_is_named_and_a_wave_without_texts_has_an_empty_sheet(study):
    assert "F.csv" in code(study, "--wave", "2024", "F")
    assert [row[0] + row[2] for row in sheet(study, "2024", "F")] == ["Du temps2", "Voir […] au […]1", "Rien1", "[…]1"]
    write_text(study / "data" / "raw" / "2022" / "export.csv", HEADER + "\nA,B,c@d.fr,Aa,Aa,,\n")
    code(study, "--all")
    assert sheet(study, "2022", "F") == []


def test_a_question_that_cannot_be_coded_is_refused(study):
    for name, said in (("MEL", "'MEL' cannot be coded"), ("G", "'G' cannot be coded"), ("R", "'R' cannot be coded")):
        result = CliRunner().invoke(cli, ["code", "--study", str(study), name])
        assert (result.exit_code, said in result.output) == (1, True)
    assert not list(study.glob("data/raw/*/coding"))


def test_a_text_coded_in_one_way_in_another_wave_begins_with_that_code_and_says_so(study):
    code(study, "--wave", "2022")
    put(study, "2022", "M", "Jardin;jardin;Jardins;")
    put(study, "2022", "S", "Friche;a;;")
    code(study, "--wave", "2024")
    assert [row[3:7] for row in sheet(study, "2024", "S")] == [
        ["a", "", "", "code repris de la vague 2022"], ["", "", "", ""],
    ]  # fmt: skip
    # Whoever takes the code away is not overruled.
    path = study / "data" / "raw" / "2024" / "coding" / "S.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace(";a;;;", ";;;;"), encoding="utf-8")
    code(study, "--wave", "2024")
    assert sheet(study, "2024", "S")[0][3] == ""


def test_a_text_coded_differently_or_only_close_gets_a_note_and_no_code(study):
    put(study, "2022", "S", "Friche;a;;", "Une usines;b;;")
    write_text(study / "data" / "raw" / "2023" / "wave.yml", WAVE.format(id="2023"))
    write_text(study / "data" / "raw" / "2023" / "export.csv", f"{HEADER}\nA,B,c@d.fr,Friche,Aa,,\n")
    put(study, "2023", "S", "Friche;b;;")
    code(study, "--wave", "2024", "S")
    assert [row[3:7] for row in sheet(study, "2024", "S")] == [
        ["", "", "", "codé de plusieurs façons : a (2022), b (2023)"],
        ["", "", "", "proche d’un texte codé b (2022)"],
    ]


def test_a_sheet_that_cannot_be_read_is_never_overwritten(study):
    path = put(study, "2024", "S", 'Friche;"a')
    before = path.read_bytes()
    result = CliRunner().invoke(cli, ["code", "--study", str(study)])
    assert result.exit_code == 1
    assert "2024/coding/S.csv, row 2: from here on this is no CSV" in result.output
    assert path.read_bytes() == before
    assert [p.name for p in study.glob("data/raw/*/coding/*")] == ["S.csv"]


def test_a_sheet_in_cp1252_is_read_when_asked_and_becomes_utf8(study):
    path = put(study, "2024", "S", "Friche;ete;Été;")
    path.write_bytes(path.read_bytes().decode().encode("cp1252"))
    assert "is not UTF-8" in CliRunner().invoke(cli, ["code", "--study", str(study)]).output
    assert "data/raw/2024/coding/S.csv: read as cp1252, written as UTF-8" in code(study, "--encoding", "cp1252")
    assert [row[3:5] for row in sheet(study, "2024", "S")] == [["ete", "Été"], ["", ""]]


def test_no_sheet_is_half_written_when_the_program_is_killed(study, monkeypatch):
    code(study, "--all")
    path = study / "data" / "raw" / "2024" / "coding" / "M.csv"
    write_text(study / "data" / "raw" / "2024" / "export.csv", HEADER + "\nA,B,c@d.fr,Aa,Neuf,,\n")
    before = {file: file.read_bytes() for file in study.glob("data/raw/*/coding/*")}
    written: list[Path] = []
    real = Path.replace

    def killed(self, target):
        if written:
            raise KeyboardInterrupt
        written.append(target)
        return real(self, target)

    put(study, "2024", "S", "Friche;a;;")
    before[path.with_name("S.csv")] = path.with_name("S.csv").read_bytes()
    monkeypatch.setattr(Path, "replace", killed)
    result = CliRunner().invoke(cli, ["code", "--study", str(study), "--all"])
    monkeypatch.undo()
    assert (result.exit_code, len(written)) == (1, 1)
    assert set(study.glob("data/raw/*/coding/*")) == set(before)
    assert [file for file in before if file.read_bytes() != before[file]] == written
    code(study, "--all")
    assert [row[0] for row in sheet(study, "2024", "M")] == ["Neuf"]
    assert [row[:4:3] for row in sheet(study, "2024", "S")] == [["Friche", "a"]]


# Two coders


def test_kappa_over_answers_is_shown_by_the_command_the_check_and_the_notebook(study):
    put(study, "2024", "S", "Friche;friche;Friches;friche", "Une usine;a;;b")
    told = code(study, "--wave", "2024", "S")
    assert "2024 S: 2 of 3 answers coded alike, κ = 0.400 (standard error 0.098)" in told
    _, remarks = findings(open_study(study), "2024")
    assert "S: 2 of 3 answers coded alike" in next(f.what for f in remarks if f.code == "coders-agree")
    table = open_wave("2024", study=study).clean().coding
    assert table.to_dict("records") == [
        {
            "question": "S", "code": "", "textes": "2", "réponses": "3", "textes à coder": "0",
            "codées de même": "2 sur 3 (67\u00a0%)", "κ": "0,40", "erreur type": "0,10", "remarque": "",
        }
    ]  # fmt: skip


def test_several_codes_an_answer_have_a_kappa_each(study):
    put(study, "2024", "M", "Jardin;jardin;Jardins;jardin", "Vélo et jardin;velo jardin;Vélo;velo", "Chez […];a;;a")
    table = open_wave("2024", study=study).clean().coding
    assert list(table["code"]) == ["", "a", "jardin", "velo"]
    assert list(table["codées de même"]) == ["2 sur 4 (50\u00a0%)", *["4 sur 4 (100\u00a0%)"], "2 sur 4 (50\u00a0%)",
                                             "4 sur 4 (100\u00a0%)"]  # fmt: skip
    assert list(table["κ"]) == ["", "1,00", "0,20", "1,00"]
    assert "plusieurs codes par réponse" in table["remarque"][0]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Friche;a;;", "Une usine;;;b"), "κ cannot be computed: no answer was coded twice"),
        (
            ("Friche;a;;a", "Une usine;a;;a"),
            "3 of 3 answers coded alike; κ cannot be computed: one category only was used",
        ),
    ],
)
def test_where_there_is_no_kappa_it_says_why(study, lines, said):
    put(study, "2024", "S", *lines)
    assert said in code(study, "--wave", "2024", "S")


def test_a_second_coders_slip_is_a_remark_and_stops_nothing(study):
    put(study, "2024", "S", "Friche;a;;aa")
    errors, remarks = findings(open_study(study), "2024")
    assert not errors
    assert "'aa' is no option of S" in next(f.what for f in remarks if f.code == "unknown-second-code")


# Nothing personal


def test_no_name_number_or_address_leaves_the_export(study):
    secrets = ("Zoé", "Roy", "Max Ney", "zoe@lilas.fr", "06 12 34", "Lilas")
    rows = [
        "Les Lilas,Zoé Roy,zoe@lilas.fr,Chez Zoé Roy (zoe@lilas.fr),Aux lilas;les LILAS,,Zoé Roy au 06 12 34 56 78",
        "Le Pré,Max Ney,max@pre.fr,Mme Roy,Max Ney,,zoe@lilas.fr",
    ]
    write_text(study / "data" / "raw" / "2024" / "export.csv", "\n".join([HEADER, *rows]) + "\n")
    told = code(study, "--wave", "2024", "S", "M", "F")
    put_codes = {"S": "=frich", "M": "jardin", "F": "-temps"}
    for name, bad in put_codes.items():
        path = study / "data" / "raw" / "2024" / "coding" / f"{name}.csv"
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        lines[1:] = [line.replace(";1;;", f";1;{bad};") for line in lines[1:]]
        write_text(path, "\n".join(lines) + "\n")
    told += CliRunner(env={"COLUMNS": "200"}).invoke(cli, ["--study", str(study), "check"]).output
    result = CliRunner().invoke(cli, ["--study", str(study), "code", "S", "M", "F"])
    told += result.output
    done = cleaning_of(study)
    told += done.journal.to_csv() + done.responses.to_csv() + repr(done.free) + str(done.errors)
    for path in study.glob("data/raw/2024/coding/*.csv"):
        told += path.read_text(encoding="utf-8-sig")
    assert "[…]" in told
    for secret in secrets:
        assert secret.casefold() not in told.casefold(), secret


def cleaning_of(study: Path) -> cleaning.Cleaned:
    opened = open_study(study)
    return cleaned(opened, opened.wave("2024"), strict=False)


def test_names_of_rows_left_out_are_blanked_too(study):
    write_text(
        study / "data" / "raw" / "2024" / "export.csv",
        f"{HEADER}\nOubli,Ana Vey,x@y.fr,Aa,Aa,,\nOubli,Bob Ray,x@y.fr,Chez Ana Vey,Aa,,\n",
    )
    code(study, "--wave", "2024")
    assert [row[0] for row in sheet(study, "2024", "S")] == ["Chez […]"]


def test_sheets_are_readable_by_others_unlike_what_is_private(study):
    code(study)
    if os.name == "posix":
        path = study / "data" / "raw" / "2024" / "coding" / "S.csv"
        assert path.stat().st_mode & 0o777 == 0o644
