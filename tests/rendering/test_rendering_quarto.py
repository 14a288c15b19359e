"""Decisions around Quarto, tried with a small program that says it is one."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from synthese import rendering
from synthese.errors import SyntheseError
from synthese.rendering import quarto
from synthese.study import Study

MakeStudy = Callable[..., Study]

# Writes what it was given into the outputs, as a renderer that ends well would.
WORKS = """
mkdir -p report/_output/report
printf '<!DOCTYPE html><html lang="fr"><body>%s %s %s</body></html>' "$(ls report/filters | tr '\\n' ' ')" \
  "$(grep -c . report/_current.yml)" "$*" > report/_output/report/synthese.html
printf '%%PDF-1.7 fake' > report/_output/report/synthese.pdf
"""


def fake(folder: Path, version: str, body: str = WORKS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "quarto"
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = --version ]; then echo "{version}"; exit 0; fi\n{body}\n', encoding="utf-8"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_auto_takes_a_new_quarto_on_path(tmp_path: Path) -> None:
    program = fake(tmp_path, "1.11.3")
    chosen = quarto.choose("auto", {"PATH": str(tmp_path)})
    assert chosen == quarto.Quarto(program, "1.11.3")


@pytest.mark.parametrize("version", ["1.8.27", "0.9", "1.4.550"])
def test_auto_passes_over_an_old_quarto_and_quarto_refuses_it(tmp_path: Path, version: str) -> None:
    fake(tmp_path, version)
    assert quarto.choose("auto", {"PATH": str(tmp_path)}) is None
    with pytest.raises(SyntheseError, match=rf"Quarto {version}, and the report needs 1.9 or later.*old-quarto"):
        quarto.choose("quarto", {"PATH": str(tmp_path)})


def test_path_variable_of_quarto_comes_first_and_may_be_a_folder(tmp_path: Path) -> None:
    fake(tmp_path / "a", "1.10.0")
    program = fake(tmp_path / "b", "1.12.1")
    environment = {"PATH": str(tmp_path / "a"), "QUARTO_PATH": str(tmp_path / "b")}
    assert quarto.find(environment) == quarto.Quarto(program, "1.12.1")
    assert quarto.find({**environment, "QUARTO_PATH": str(program)}) == quarto.Quarto(program, "1.12.1")


def test_quarto_path_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SyntheseError, match=r"QUARTO_PATH does not lead to a Quarto"):
        quarto.choose("auto", {"PATH": "", "QUARTO_PATH": str(tmp_path / "none")})


def test_no_quarto(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarto.importlib.util, "find_spec", lambda name: None)
    assert quarto.choose("auto", {"PATH": ""}) is None
    assert quarto.choose("pandoc", {"PATH": ""}) is None
    with pytest.raises(SyntheseError, match=r"Quarto was not found.*--engine pandoc"):
        quarto.choose("quarto", {"PATH": ""})
    with pytest.raises(SyntheseError, match=r"no engine 'latex'.*auto, quarto or pandoc"):
        quarto.choose("latex", {"PATH": ""})


def test_quarto_renders_in_a_project_of_its_own(
    make_study: MakeStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUARTO_PATH", str(fake(tmp_path / "bin", "1.11.0")))
    study = make_study()
    rendered = rendering.render(study, "2026")
    assert rendered.engine == "quarto"
    assert rendered.versions == {"quarto": "1.11.0"}
    page = rendered.files["html"].read_text(encoding="utf-8")
    assert "artefacts.lua blocs.lua docx.lua typographie.lua" in page
    assert "render report/synthese.qmd --to html --no-execute --no-clean" in page
    assert rendered.files["pdf"].read_bytes().startswith(b"%PDF-")
    assert not (study.root / "report" / "_output" / "report").exists()
    assert list((study.root / ".staging").glob("render-*")) == []


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (
            "echo 'ERROR: Typst compilation failed' >&2; exit 1",
            "quarto",
            "Quarto 1.11.0 could not make the report: ERROR",
        ),
        ("echo 'SYNTHESE[unknown-artefact] the report names \"x\"' >&2; exit 1", "unknown-artefact", 'names "x"'),
        (WORKS + "\necho 'WARNING: Unable to resolve crossref @fig-x' >&2", "quarto", "Unable to resolve crossref"),
        ("exit 0", "quarto", "ended well but gave no html"),
        (WORKS.replace("%s %s %s", "?@fig-x %.0s%.0s%.0s"), "unresolved", "'?@fig-x'"),
    ],
)
def test_what_quarto_fails_at_is_told(
    make_study: MakeStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, code: str, said: str
) -> None:
    monkeypatch.setenv("QUARTO_PATH", str(fake(tmp_path / "bin", "1.11.0", body)))
    with pytest.raises(SyntheseError) as caught:
        rendering.render(make_study(), "2026", engine="quarto", formats=("html",))
    assert caught.value.code == code
    assert said in str(caught.value)


def test_project_file_names_files_that_exist() -> None:
    from ruamel.yaml import YAML

    root = Path(__file__).parents[2]
    project = YAML(typ="safe").load((root / "_quarto.yml").read_text(encoding="utf-8"))
    assert project["project"]["render"] == ["report/synthese.qmd", "report/annexe.qmd"]
    assert project["project"]["output-dir"] == "report/_output"
    assert project["metadata-files"] == ["report/_current.yml"]
    assert {item["at"] for item in project["filters"]} == {"pre-ast"}
    named = [item["path"] for item in project["filters"]]
    named += [project["format"]["html"]["template"], *project["format"]["typst"]["template-partials"]]
    assert [name for name in named if not (root / name).is_file()] == []
