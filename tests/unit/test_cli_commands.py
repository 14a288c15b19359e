"""The command line: exit codes, options before and after the command, errors in words and without traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

import synthese
from synthese import batch
from synthese.cli import main
from synthese.cli.commands import cli
from synthese.cli.options import command
from synthese.cli.progress import Printer
from synthese.errors import SyntheseError
from synthese.events import Event
from synthese.files import write_text

WAVE = """\
schema: 1
id: "{id}"
title: "Vague"
export: export.csv
tool: plain
field: {{start: {id}-01-01, end: {id}-02-01}}
channel: "Courriel"
design: self-selected
columns: {{A: {{question: Q1}}, B: {{question: Q2}}}}
"""
CODEBOOK = """\
schema: 1
title: "E"
questions:
  - {id: Q1, section: A, text: "Un ?", type: single, options: [{code: a, label: Oui}, {code: b, label: Non}]}
  - {id: Q2, section: A, text: "Deux ?", type: numeric}
"""


@pytest.fixture
def study(tmp_path) -> Path:
    root = tmp_path / "étude"
    write_text(root / "study.yml", 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n')
    write_text(root / "data" / "raw" / "codebook.yml", CODEBOOK)
    for wave in ("2022", "2024"):
        write_text(root / "data" / "raw" / wave / "wave.yml", WAVE.format(id=wave))
        write_text(root / "data" / "raw" / wave / "export.csv", "A,B\nOui,1\nNon,2\nOui,3\n")
    return root


@pytest.fixture
def calls(monkeypatch) -> list[dict]:
    """Record what `run` would do instead of doing it."""
    seen: list[dict] = []

    def pretend(study, waves, **options):
        seen.append({"root": study.root, "waves": tuple(waves)} | options)
        return batch.RunReport(done=[("2024", "x")], outputs={"2024": [study.root / "a.html", study.root / "log.txt"]})

    monkeypatch.setattr(batch, "run", pretend)
    monkeypatch.setattr(batch, "check_ready", lambda *_: None)
    return seen


def invoke(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_study_is_named_before_or_after_the_command_or_is_the_current_folder(study, calls, monkeypatch):
    assert invoke("--study", study, "run").exit_code == 0
    assert invoke("run", "--study", study).exit_code == 0
    monkeypatch.chdir(study)
    result = invoke("run")
    assert result.exit_code == 0
    assert [call["root"] for call in calls] == [study] * 3
    assert "1 tasks done" in result.stdout
    assert "2024: a.html" in result.stdout
    assert "log.txt" not in result.stdout


def test_the_later_study_wins(study, calls, tmp_path):
    assert invoke("--study", tmp_path / "nothing", "run", "--study", study).exit_code == 0


@pytest.mark.parametrize(
    ("options", "waves"),
    [
        ([], ("2024",)),
        (["--all"], ("2022", "2024")),
        (["--wave", "2022"], ("2022",)),
        (["--wave", "2024", "--wave", "2022", "--wave", "2024"], ("2024", "2022")),
    ],
)
def test_waves(study, calls, options, waves):
    assert invoke("--study", study, "run", *options).exit_code == 0
    assert calls[0]["waves"] == waves


def test_options_of_run_reach_the_batch(study, calls):
    result = invoke("run", "--study", study, "--jobs", 3, "--force", "--engine", "pandoc", "--to", "PDF, html,pdf")
    assert result.exit_code == 0
    call = calls[0]
    assert (call["jobs"], call["force"], call["engine"], call["formats"]) == (3, True, "pandoc", ("pdf", "html"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--all", "--wave", "2024"], "--all and --wave exclude each other"),
        (["run", "--to", "odt"], "odt: take some of html, pdf, docx"),
        (["run", "--to", ","], "nothing: take some of html, pdf, docx"),
        (["run", "--engine", "word"], "'word' is not one of"),
        (["run", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["rum"], "No such command 'rum'"),
        (["run", "--wat"], "No such option"),
        (["simulate"], "Missing option '--wave'"),
    ],
)
def test_wrong_usage_is_exit_code_2(study, calls, arguments, words):
    result = invoke("--study", study, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert calls == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--wave", "20244"], "no wave '20244' in this study → did you mean '2024'?"),
        (["--wave", "zzz"], "no wave 'zzz' in this study → known: 2022, 2024"),
    ],
)
def test_something_wrong_with_the_study_is_exit_code_1(study, calls, arguments, words):
    result = invoke("run", "--study", study, *arguments)
    assert result.exit_code == 1
    assert f"{words} [unknown-wave]" in result.stderr
    assert result.stderr.startswith("synthese: ")
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_every_fault_has_its_line(study):
    write_text(study / "study.yml", "schema: 2\ntitel: x\n")
    result = invoke("check", "--study", study)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("synthese: ") for line in lines)


def _failing(error: BaseException):
    group = click.Group()

    @group.command()
    @command
    def fail(_context):
        raise error

    return group


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SyntheseError.of("x", "it is so", fix="mend it"), "synthese: it is so → mend it [x]"),
        (KeyboardInterrupt(), "synthese: interrupted: nothing is half-written; run the same command to go on"),
        (OSError(28, "No space left on device", "/f"), "synthese: /f: No space left on device"),
    ],
)
def test_errors_leave_in_words_and_with_debug_in_full(error, words):
    result = CliRunner().invoke(_failing(error), ["fail"])
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    shown = CliRunner().invoke(_failing(error), ["fail", "--debug"])
    assert shown.exit_code == 1
    assert "Traceback" in shown.stderr
    assert words in shown.stderr


def test_a_mistake_of_the_programmer_is_not_hidden():
    result = CliRunner().invoke(_failing(ZeroDivisionError("x")), ["fail"])
    assert isinstance(result.exception, ZeroDivisionError)


def test_nothing_to_do_is_said(study, monkeypatch):
    monkeypatch.setattr(batch, "run", lambda *_a, **_o: batch.RunReport(current=[("2024", "x")]))
    monkeypatch.setattr(batch, "check_ready", lambda *_: None)
    assert "Nothing to do: everything is up to date." in invoke("run", "--study", study).stdout


def test_check_tells_what_a_run_would_refuse(study):
    result = invoke("check", "--study", study)
    assert result.exit_code == 1
    assert "no-notebook" in result.stdout


def test_check_lists_what_it_finds_and_writes_it_as_csv(study, tmp_path, monkeypatch):
    monkeypatch.setattr(batch.checking, "check_ready", lambda *_: None)
    clean = invoke("check", "--study", study)
    assert clean.exit_code == 0, clean.output
    assert "0 errors" in clean.stdout
    write_text(study / "data" / "raw" / "2024" / "export.csv", "A,B\nOui,1\nPeut-être,2\n")
    result = invoke("check", "--study", study, "--csv", tmp_path / "faults.csv")
    assert result.exit_code == 1
    assert "1 errors" in result.stdout
    assert "Peut-être" in result.stdout
    lines = (tmp_path / "faults.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "code,file,row,column,path,what,fix"
    assert len(lines) >= 2
    assert invoke("check", "--study", study, "--wave", "2022").exit_code == 0
    assert not (study / "data" / "processed").exists(), "check changes nothing"


def test_simulate_writes_over_nothing_and_says_when_no_wave_yml_names_the_tool(study):
    answers = study / "data" / "raw" / "2024" / "export.csv"
    before = answers.read_bytes()
    refused = invoke("simulate", "--study", study, "--wave", "2024", "-o", answers)
    assert refused.exit_code == 1
    assert "export.csv: this file is there already" in refused.stderr
    assert answers.read_bytes() == before
    new = invoke("simulate", "--study", study, "--wave", "2026", "-o", study / "new.csv")
    assert new.exit_code == 0, new.output
    assert "'2026' has no wave.yml yet: written as `tool: plain`" in new.stderr
    assert (study / "new.csv").is_file()


def test_a_format_that_was_not_asked_for_is_told_as_left_by_an_earlier_run(study, monkeypatch):
    folder = study / "report" / "_output" / "2024"
    outputs = {"2024": [folder / "annexe-05-publication.html", folder / "synthese.html", folder / "synthese.pdf"]}
    monkeypatch.setattr(batch, "check_ready", lambda *_: None)
    monkeypatch.setattr(batch, "run", lambda *_, **__: batch.RunReport(done=[("2024", "x")], outputs=outputs))
    lines = invoke("run", "--study", study, "--to", "html").stdout.splitlines()[-3:]
    assert [line.endswith("(left by an earlier run)") for line in lines] == [False, False, True]


def test_a_line_of_progress_tells_wave_notebook_and_step():
    printer = Printer(Console(width=200, force_terminal=False))
    line = printer.line(Event("step", "2024", "02-description", "Titre", 2, 7))
    assert line.split() == ["2024", "02-description", "2/7", "Titre"]
    assert printer.line(Event("done", "2024", "render", seconds=1.26)).endswith("render           1.3 s")


def program(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from synthese.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_real_program_ends_with_0_1_and_2(study, tmp_path):
    assert callable(main)
    version = program("--version", cwd=tmp_path)
    assert (version.returncode, synthese.__version__ in version.stdout) == (0, True)
    nowhere = program("run", cwd=tmp_path)
    assert nowhere.returncode == 1
    assert "there is no study here" in nowhere.stderr
    assert "Traceback" not in nowhere.stderr
    assert program("run", "--wat", cwd=study).returncode == 2
