from __future__ import annotations

import ast
import itertools
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from synthese import cleaning, exports
from synthese.analysis.cleaned import cleaned
from synthese.audit import verify
from synthese.errors import SyntheseError
from synthese.notebooks import declared_parameters, read_notebook
from synthese.rendering import render
from synthese.scaffold import init
from synthese.study import open_study

ROOT = Path(__file__).parents[2]
STEMS = ["01-nettoyage", "02-description", "03-croisements", "04-evolution", "05-publication"]
ANSWERS = """Horodateur,Adresse e-mail,Nom de la structure,Région,Besoins,Note de 0 à 100,Un mot pour finir
"""


def export(folder: Path, rows: int = 24) -> Path:
    needs = ("Temps, Argent", "Argent", "Stratégie (raison d'être, plan d'action), Temps", "Temps")
    regions = ("Bretagne", "Corse", "Occitanie")
    lines = [
        f"{n + 1:02d}/03/2024 10:00:00,p{n}@example.org,Les {n} rivières,{regions[n % 3]},"
        f'"{needs[n % 4]}",{n * 4},Mot {n}'
        for n in range(rows)
    ]
    path = folder / "réponses.csv"
    path.write_text(ANSWERS + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("étude") / "neuve"
    init(folder)
    return folder


@pytest.fixture
def drafted(tmp_path) -> Path:
    init(tmp_path / "étude", export=export(tmp_path), title="Une étude : la nôtre")
    return tmp_path / "étude"


@pytest.fixture(params=["example", "drafted"])
def study(request) -> Path:
    return request.getfixturevalue(request.param)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_study_has_every_file_and_says_which(tmp_path):
    written = init(tmp_path / "neuve")
    found = names(tmp_path / "neuve")
    assert {path.relative_to(tmp_path / "neuve").as_posix() for path in written} == found
    assert found >= {
        "study.yml", ".gitignore", "_quarto.yml", "_brand.yml", "report/synthese.qmd", "report/phrases.yml",
        "report/filters/artefacts.lua", "report/templates/synthese.html", "data/raw/codebook.yml",
        "data/raw/codebook.schema.json", "data/raw/exemple/wave.yml", "data/raw/exemple/reponses-synthetiques.csv",
        *(f"notebooks/{stem}.ipynb" for stem in STEMS),
    }  # fmt: skip


def test_two_studies_made_alike_have_the_same_bytes(example, tmp_path):
    init(tmp_path / "encore")
    assert {n: (tmp_path / "encore" / n).read_bytes() for n in names(tmp_path / "encore")} == {
        n: (example / n).read_bytes() for n in names(example)
    }


def test_filters_templates_and_looks_are_those_of_the_repository(study):
    for name in ("_quarto.yml", "_brand.yml", "report/filters/blocs.lua", "report/templates/synthese.css"):
        assert (study / name).read_bytes() == (ROOT / name).read_bytes()


# Nothing is overwritten


def test_files_that_would_be_overwritten_are_all_named_and_nothing_is_written(tmp_path):
    for name in ("study.yml", "report/synthese.qmd"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("à moi")
    with pytest.raises(SyntheseError) as caught:
        init(tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["would-overwrite"] * 2
    assert {Path(fault.file).name for fault in caught.value.faults} == {"study.yml", "synthese.qmd"}
    assert "name an empty folder, or move these files away" in str(caught.value)
    assert names(tmp_path) == {"study.yml", "report/synthese.qmd"}
    assert (tmp_path / "study.yml").read_text() == "à moi"


def test_a_folder_with_other_files_is_taken_and_a_second_time_changes_nothing(tmp_path):
    (tmp_path / "notes.txt").write_text("à moi")
    assert init(tmp_path)
    assert init(tmp_path) == []
    assert (tmp_path / "notes.txt").read_text() == "à moi"


def test_an_interrupted_start_can_be_taken_up_again(example, tmp_path):
    shutil.copytree(example, tmp_path / "moitié")
    for name in ("study.yml", "notebooks/03-croisements.ipynb"):
        (tmp_path / "moitié" / name).unlink()
    assert [path.name for path in init(tmp_path / "moitié")] == ["03-croisements.ipynb", "study.yml"]


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "neuve").write_text("")
    with pytest.raises(SyntheseError, match="this is a file"):
        init(tmp_path / "neuve")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty-file", "this file is empty"),
        (b"Q1,Q2\nx,\xd5\xcc\n", "unclear-encoding", "name it with --encoding"),
        (b"Submission ID\n1\n2\n", "no-question", "no column of this export looks like a question"),
    ],
)
def test_an_export_that_cannot_be_read_leaves_no_study(tmp_path, content, code, words):
    (tmp_path / "export.csv").write_bytes(content)
    with pytest.raises(SyntheseError, match=words) as caught:
        init(tmp_path / "neuve", export=tmp_path / "export.csv")
    assert caught.value.code == code
    assert "wave.yml" not in str(caught.value)
    assert not (tmp_path / "neuve").exists()


# What the study says


def test_the_example_is_marked_synthetic_and_is_cleaned_without_error(example):
    study = open_study(example)
    wave = study.wave("exemple")
    assert wave.synthetic
    assert [question.type for question in study.codebook.questions] == [
        "open", "single", "multiple", "ordinal", "numeric",
    ]  # fmt: skip
    raw = exports.read(study.raw("exemple") / wave.export, tool=wave.tool)
    assert cleaning.clean(raw, study.codebook, wave).counts.kept == 120


def test_a_draft_takes_title_dates_and_answers_from_the_export(drafted, tmp_path):
    study = open_study(drafted)
    assert study.settings.title == "Une étude : la nôtre"
    wave = study.wave("2024")
    assert not wave.synthetic
    assert (wave.tool, wave.separator) == ("google-forms", ", ")
    assert (wave.field_work.start.isoformat(), wave.field_work.end.isoformat()) == ("2024-03-01", "2024-03-24")
    assert (study.raw("2024") / wave.export).read_bytes() == (tmp_path / "réponses.csv").read_bytes()
    raw = exports.read(study.raw("2024") / wave.export, tool=wave.tool)
    assert cleaning.clean(raw, study.codebook, wave).counts.kept == 24


def test_the_drafted_codebook_says_what_it_is_and_holds_no_personal_answer(drafted):
    text = (drafted / "data" / "raw" / "codebook.yml").read_text(encoding="utf-8")
    assert "# Brouillon tiré de réponses.csv" in text
    assert "synthese check" in text
    for personal in ("example.org", "rivières", "Mot 1"):
        assert personal not in text
    assert "À confirmer" in text


def test_raw_answers_stay_out_of_git_and_what_describes_them_does_not(study, tmp_path):
    copy = tmp_path / "suivie"
    shutil.copytree(study, copy)
    wave = open_study(copy).newest
    for name in ("export.xlsx", f"{wave}/relance.csv", f"{wave}/export.sav", f"{wave}/pièces/scan.txt"):
        (copy / "data" / "raw" / name).parent.mkdir(exist_ok=True)
        (copy / "data" / "raw" / name).write_text("personnel")
    for name in (f"{wave}/coding/Q3.csv", f"{wave}/survey.lss"):
        (copy / "data" / "raw" / name).parent.mkdir(exist_ok=True)
        (copy / "data" / "raw" / name).write_text("expurgé")
    subprocess.run(["git", "init", "-q"], cwd=copy, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "-z"], cwd=copy, check=True, capture_output=True
    )
    kept = set(listed.stdout.decode("utf-8").rstrip("\0").split("\0"))
    shutil.rmtree(copy / ".git")
    described = {f"data/raw/{wave}/coding/Q3.csv", f"data/raw/{wave}/survey.lss", f"data/raw/{wave}/wave.yml"}
    raw = {name for name in names(copy) if name.startswith("data/raw/")} - described
    raw -= {"data/raw/codebook.yml", "data/raw/codebook.schema.json"}
    assert len(raw) == 5
    assert names(copy) - kept == raw


# Notebooks and report


@pytest.mark.parametrize("stem", STEMS)
def test_notebooks_keep_the_habits(study, stem):
    path = study / "notebooks" / f"{stem}.ipynb"
    cells = read_notebook(path).cells
    assert cells[0].source.startswith("# ")
    forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.comprehension)
    for before, cell in itertools.pairwise(cells):
        if cell.cell_type != "code":
            assert cell.source.strip()
            continue
        assert before.cell_type == "markdown"
        assert cell.outputs == []
        assert len(cell.source.splitlines()) <= 8
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not [node for node in nodes if isinstance(node, forbidden)]
        assert all((n.module or "").startswith("synthese") for n in nodes if isinstance(n, ast.ImportFrom))
    parameters = declared_parameters(read_notebook(path), path)
    assert [(p.name, p.default) for p in parameters] == [("wave", open_study(study).newest), ("publish", False)]


def sources(study: Path, stem: str) -> str:
    return "\n".join(c.source for c in nbformat.read(study / "notebooks" / f"{stem}.ipynb", 4).cells)


def test_the_report_names_what_its_notebook_makes_and_nothing_else(study):
    made = set(re.findall(r'"((?:fig|tbl|txt|val)-[a-z0-9-]+)"', sources(study, "05-publication")))
    made |= set(re.findall(r"id: (txt-[a-z-]+)", (study / "report" / "phrases.yml").read_text(encoding="utf-8")))
    report = (study / "report" / "synthese.qmd").read_text(encoding="utf-8")
    assert set(re.findall(r'artefact="([^"]+)"', report)) == made


def test_no_number_is_typed_in_the_example_report(example):
    report = (example / "report" / "synthese.qmd").read_text(encoding="utf-8")
    assert re.findall(r"\d", re.sub(r'artefact="[^"]+"', "", report)) == []


def test_notebooks_and_report_leave_out_what_is_personal_or_free_text(drafted):
    text = "".join(sources(drafted, stem) for stem in STEMS) + (drafted / "report" / "synthese.qmd").read_text("utf-8")
    assert '"Q3"' in text
    for question in ("Q1", "Q2", "Q6"):
        assert f'"{question}"' not in text
    assert '"Q4"' in text
    assert "Adresse e-mail" not in text


def test_headings_that_look_like_markup_stay_text(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("# [*Note*] {{< meta x >}},Région\n" + "a,x\nb,y\n" * 10, encoding="utf-8")
    init(tmp_path / "étude", export=path)
    report = (tmp_path / "étude" / "report" / "synthese.qmd").read_text(encoding="utf-8")
    assert r"\[\*Note\*\] \{\{\< meta x \>\}\}" in report
    assert "{{<" not in report.replace("{{< meta contact.role >}}", "").replace("{{< meta citer >}}", "")


def run_cells(study: Path, stem: str) -> None:
    """Run a notebook's cells in this process: the same code as in a kernel, without starting one."""
    names: dict[str, object] = {}
    for cell in nbformat.read(study / "notebooks" / f"{stem}.ipynb", 4).cells:
        if cell.cell_type == "code":
            source = cell.source.replace("publish = False", "publish = True")
            exec(compile(source, stem, "exec"), names)


def test_a_new_study_runs_at_once_and_its_report_can_be_verified(study, tmp_path, monkeypatch):
    copy = tmp_path / "copie"
    shutil.copytree(study, copy)
    monkeypatch.chdir(copy)
    for stem in STEMS:
        run_cells(copy, stem)
    opened = open_study(copy)
    render(opened, opened.newest, engine="pandoc")
    assert verify(opened, opened.newest) == []


def test_lines_around_answers_are_named_to_init_and_kept_in_the_wave(tmp_path):
    source = export(tmp_path)
    header, *rows = source.read_text(encoding="utf-8").splitlines()
    commas = "," * header.count(",")
    lines = [f"Enquête 2024,{commas}", f"Brouillon,interne{commas}", f"n°,{header}"]
    lines += [f"{n},{row}" for n, row in enumerate(rows, start=1)] + [f"Total,24{commas}"]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(SyntheseError, match="--header-row 3") as caught:
        init(tmp_path / "study", export=source)
    assert "wave.yml" not in str(caught.value)
    with pytest.raises(SyntheseError, match="--last-row 27") as caught:
        init(tmp_path / "study", export=source, header_row=3)
    assert "wave.yml" not in str(caught.value)
    init(tmp_path / "study", export=source, header_row=3, last_row=27)
    (wave,) = open_study(tmp_path / "study").waves
    assert (wave.header_row, wave.last_row) == (3, 27)
    assert len(cleaned(open_study(tmp_path / "study"), wave).responses) == 24


def test_repeated_prose_does_not_settle_the_separator(tmp_path):
    offered = ["Ateliers ; initiation", "Formation (présentiel, à distance)", "Médiation"]
    picked = [";".join(label for place, label in enumerate(offered) if n >> place & 1) for n in range(1, 8)]
    prose = ["Bien, merci", "Merci", "Cher, merci", "Cher, bien", "Lent", "Lent, cher", "Vite, bien", "vite"]
    rows = [f'01/03/2024 10:00:00,"{picked[n % 7]}","{prose[n % 8]}"' for n in range(70)]
    source = tmp_path / "export.csv"
    source.write_text("\n".join(["Horodateur,Actions ?,Un mot ?", *rows]) + "\n", encoding="utf-8")
    init(tmp_path / "study", export=source)
    study = open_study(tmp_path / "study")
    (wave,) = study.waves
    assert wave.separator == ";"
    answers = cleaned(study, wave).responses
    assert [int(answers[column].sum()) for column in answers if str(column).startswith("Q1.")] == [40, 40, 40]
