"""Bad input, and what it gets: one message that says what, where and what to do; exit 1; earlier outputs whole.

Each test breaks a copy of a built study and runs the command line on it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from synthese.cli.commands import cli

pytestmark = [pytest.mark.xdist_group("run"), pytest.mark.timeout(600)]

EXPORT = "data/raw/2024/framaforms.csv"
NEWEST = "data/raw/2026/google-forms.csv"


@pytest.fixture
def here() -> Callable[..., tuple[int, str]]:
    """Run the command line in this process: enough for what is told before any kernel starts, and quick."""

    def invoke(study: Path, *options: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["run", "--study", str(study), "--engine", "pandoc", *options])
        return result.exit_code, result.output

    return invoke


@pytest.fixture
def refused(study, run, here, state) -> Callable[..., list[str]]:
    """Run the broken study; give the lines of its message, after checking that nothing else happened."""

    def refuse(*options: str, code: int = 1, early: bool = False, **environment: str) -> list[str]:
        before = state(study)
        options = options or ("--wave", "2024")
        got, said = here(study, *options) if early else run(study, *options, **environment)
        assert got == code, said
        assert "Traceback" not in said
        after = state(study)
        assert {name: after.get(name) for name in before} == before, "an earlier output was touched"
        left = [path for path in study.rglob(".*") if path.name not in (".lock", ".staging")]
        assert left == []
        return [printed for printed in said.splitlines() if not re.match(r"\S{0,2} +20\d\d ", printed)]

    return refuse


def edit(study: Path, name: str, old: str, new: str) -> None:
    file = study / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def table(study: Path, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((study / name).read_text(encoding="utf-8-sig"), newline="")))


def store(study: Path, name: str, rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    (study / name).write_text(stream.getvalue(), encoding="utf-8")


# What is told before any kernel starts


def test_a_missing_export(study, refused):
    (study / EXPORT).unlink()
    assert refused(early=True) == [
        f"synthese: {EXPORT}: this export is missing → put it there, or correct `export` in wave.yml [missing-file]"
    ]


def test_a_wave_that_is_not_there(refused):
    (said,) = refused("--wave", "2023", early=True)
    assert "no wave '2023' in this study → did you mean '2024'? [unknown-wave]" in said


def test_words_that_the_command_line_does_not_know(refused):
    assert "No such option" in refused("--wav", "2024", code=2, early=True)[-1]
    assert "--all and --wave exclude each other" in refused("--all", "--wave", "2024", code=2, early=True)[-1]


def test_a_wave_without_declaration_is_not_passed_over(study, refused):
    (study / "data/raw/2026/wave.yml").unlink()
    (said,) = refused("--all", early=True)
    assert "data/raw/2026: this folder holds an export but no wave.yml → write one" in said


def test_sentences_with_a_typed_number_and_an_unknown_word_are_told_with_their_lines(study, refused):
    edit(study, "report/phrases.yml", "un besoin de renforcement", "à 42 % un besoin de renforcement")
    edit(study, "report/phrases.yml", "{general.adverb_singular}", "{general.adverbe}")
    said = refused(early=True)
    assert all(printed.startswith("synthese: report/phrases.yml, row ") for printed in said)
    assert "42" in said[0]
    assert "general.adverbe" in said[1]


def test_a_tool_that_nobody_knows(study, refused):
    edit(study, "data/raw/2024/wave.yml", "tool: framaforms", "tool: framafroms")
    (said,) = refused(early=True)
    assert "data/raw/2024/wave.yml, tool: no tool is called 'framafroms' → one of framaforms, google-forms" in said


def test_a_codebook_that_is_no_yaml_is_told_once(study, refused):
    edit(study, "data/raw/codebook.yml", "questions:", "questions: [")
    (said,) = refused("--all", early=True)
    assert re.match(r"synthese: data/raw/codebook.yml, row \d+: this is not YAML: .* → mend the line", said)


def test_a_codebook_with_a_loop_and_more_gets_every_fault_at_once(study, refused):
    (study / "data/raw/codebook.yml").write_text(
        "schema: 1\ntitle: E\nquestions:\n"
        "  - {id: A, section: S, text: A ?, type: single, options: [{code: x, label: X}],\n"
        "     routing: {question: B, any_of: [x], champ: ceux}}\n"
        "  - {id: B, section: S, text: B ?, type: single, options: [{code: x, label: X}],\n"
        "     routing: {question: A, any_of: [y], champ: ceux}}\n"
        "  - {id: A, section: S, text: Encore A ?, type: single, options: [{code: x, label: X}]}\n",
        encoding="utf-8",
    )
    said = refused(early=True)
    assert all(printed.startswith("synthese: data/raw/codebook.yml, row ") for printed in said)
    for code in ("routing-loop", "unknown-option", "duplicate", "no-options"):
        assert f"[{code}]" in "\n".join(said)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "this is not a notebook: "),
        ("", "this is not a notebook: "),
        (None, "no notebook has the number 03 → restore it"),
    ],
    ids=["damaged", "empty", "missing"],
)
def test_a_notebook_that_is_none(study, refused, content, words):
    book = study / "notebooks" / "03-croisements.ipynb"
    book.unlink() if content is None else book.write_text(content, encoding="utf-8")
    (said,) = refused("--all", early=True)
    assert said.startswith("synthese: notebooks")
    assert words in said


def test_a_notebook_without_parameters_cell(study, refused):
    edit(study, "notebooks/03-croisements.ipynb", '"parameters"', '"paramètres"')
    (said,) = refused("--all", early=True)
    assert "notebooks/03-croisements.ipynb: no code cell is tagged `parameters` → tag exactly one" in said


# What cleaning tells


def test_an_empty_export_and_a_wrong_encoding_of_two_waves_are_told_together(study, refused):
    (study / EXPORT).write_bytes(b"")
    edit(study, "data/raw/2026/wave.yml", "tool: google-forms", "tool: google-forms\nencoding: utf-8")
    text = (study / NEWEST).read_text(encoding="utf-8-sig")
    (study / NEWEST).write_bytes(text.encode("cp1252", "replace"))
    said = sorted(refused("--all", "--jobs", "2"))
    assert said[0].startswith(f"synthese: {EXPORT}: this file is empty → export it again [empty-file]")
    assert said[1].startswith(f"synthese: {NEWEST}, row 1: this file is not utf-8: byte ")
    assert "correct `encoding` in wave.yml" in said[1]
    assert said[2:] == ["synthese: notebooks/01-nettoyage.ipynb: cell 7 stopped for this reason [failing-cell]"]


def test_what_an_export_holds_too_much_or_cut_off_is_told_without_personal_data(study, refused):
    whole = (study / EXPORT).read_bytes()
    (study / EXPORT).write_bytes(whole[: len(whole) // 2])
    rows = table(study, NEWEST)
    place = next(
        number for number, header in enumerate(rows[0]) if header.startswith("Votre structure est-elle membre")
    )
    rows[5][place] = "oui : jeanne.martin@asso.example 06 12 34 56 78"
    store(study, NEWEST, rows)
    said = refused("--all", "--jobs", "2")
    told = "\n".join(said)
    assert re.search(rf"{EXPORT}, row \d+: .*(truncated|not whole).* → export it again", told)
    assert re.search(rf"{NEWEST}, row 6, column 'Votre.*': 'oui : ••• •••' is no option of B7 → ", told)
    assert "jeanne" not in told
    assert "34 56" not in told


@pytest.mark.slow
def test_a_column_that_no_question_has(study, refused):
    rows = table(study, NEWEST)
    store(study, NEWEST, [[*row, "Couleur préférée ?" if number == 0 else "bleu"] for number, row in enumerate(rows)])
    said = refused("--all")
    assert f"{NEWEST}, column 'Couleur préférée ?': no question has this header → " in said[0]


# What later steps tell


def test_a_cell_that_raises_is_told_with_its_source(study, refused):
    edit(study, "notebooks/02-description.ipynb", "description = vague.describe()", "description = 1 / 0")
    said = refused()
    assert said[0] == "synthese: notebooks/02-description.ipynb: cell 9 stopped: ZeroDivisionError: division by zero"
    assert said[1].strip() == "description = 1 / 0"


def test_a_report_that_names_an_unknown_artefact(study, refused):
    edit(study, "report/synthese.qmd", 'artefact="fig-modalites"', 'artefact="fig-modalité"')
    (said,) = refused()
    assert "fig-modalité" in said
    assert "report/synthese.qmd" in said


@pytest.mark.slow
def test_a_sentence_about_an_estimate_that_there_is_not(study, refused):
    edit(study, "report/phrases.yml", "option: echange_pairs", "option: echange_paires")
    said = refused()
    assert said[0].startswith("synthese: report/phrases.yml, txt-retenir-pairs: ")
    assert "echange_paires" in said[0]


# Disks


FULL = "the disk is full → free some space, then run the same command again [disk-full]"
READ_ONLY = "the disk is read-only → make it writable, or copy the study elsewhere [read-only]"


@pytest.mark.parametrize(
    ("place", "number", "words"),
    [
        pytest.param("responses.parquet", 28, FULL, marks=pytest.mark.slow),
        ("manifest.json", 28, FULL),
        ("ledger.json", 30, READ_ONLY),
    ],
)
def test_a_disk_that_takes_no_more(study, source, refused, tmp_path, number, words, place):
    # Every process of the run, kernels included, finds the disk like this when it is about to write one file.
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import os, tempfile\n"
        "real = tempfile.mkstemp\n"
        "def mkstemp(*args, prefix='', **more):\n"
        f"    if {place!r} in str(prefix): raise OSError({number}, os.strerror({number}))\n"
        "    return real(*args, prefix=prefix, **more)\n"
        "tempfile.mkstemp = mkstemp\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(site), str(source)])
    said = refused("--wave", "2024", "--force", PYTHONPATH=path)
    assert words in said[0]
    assert place in said[0]


# Hostile answers

HOSTILE = (
    "=cmd|'/C calc'!A0",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "](http://evil.example) *b* `c` $x$ #let x = 1 \\ @ref [@cite] {{< meta x >}} ::: {.a}",
    "---\ntitle: pwn\n---\n- !!python/object",
    "-- lua ]] os.exit()",
    "\u200b\u202eRTL\u2066 zero\ufeffwidth\u200d",
    "_not_asked",
    "_no_answer",
    "+33 6 12 34 56 78",
    "x" * 10_000,
    "\t=1+1",
    "a\r\nb",
    "\x07\x1b[31m rouge",
)


def test_hostile_answers_harm_nothing_and_stay_private(study, run):
    rows = table(study, NEWEST)
    free = rows[0].index("Commentaire libre")
    several = [n for n, h in enumerate(rows[0]) if h.startswith(("Quels types de coop", "De quels renforcements"))]
    assert len(several) == 2
    for number, row in enumerate(rows[1:]):
        evil = HOSTILE[number % len(HOSTILE)]
        row[free] = f"MARQUE {evil} secret{number}@hostile.example"
        row[2] = f"{evil[:200]} MARQUE"
        chosen = several[number % 2]
        if row[chosen]:
            row[chosen] += ", " + f"MARQUE {evil}".replace(",", " ").replace(";", " ")
    store(study, NEWEST, rows)
    code, said = run(study, "--wave", "2026")
    assert code == 0, said
    marks = re.compile(r"MARQUE|hostile\.example|x{50}|onerror=alert")
    assert not marks.search(said)
    looked_at = set()
    for file in study.rglob("*"):
        if not file.is_file() or {"raw", "private"} & set(file.relative_to(study).parts):
            continue
        if file.suffix == ".parquet":
            text = pd.read_parquet(file).to_csv()
        else:
            text = file.read_bytes().decode("utf-8", "replace")
        assert not marks.search(text), file.relative_to(study)
        looked_at.add(file.name)
    expected = {"responses.parquet", "journal.csv", "manifest.json", "05-publication.ipynb", "synthese.html"}
    assert expected <= looked_at
    private = study / "data" / "processed" / "2026" / "private"
    assert pd.read_parquet(private / "identities.parquet").to_csv().count("hostile.example") > 100
    assert json.loads((study / "data/processed/2026/counts.json").read_text(encoding="utf-8"))["kept"] > 100
    shutil.rmtree(study)
