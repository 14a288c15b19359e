from __future__ import annotations

import importlib
import importlib.metadata
import os
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from synthese import doctor
from synthese.doctor import Check, diagnose

ROOT = Path(__file__).parents[2]


def one(checks: list[Check], name: str) -> Check:
    found = [check for check in checks if check.name == name]
    assert len(found) == 1, f"{name}: {found}"
    return found[0]


@pytest.fixture(scope="module")
def machine() -> list[Check]:
    return diagnose()


def test_every_declared_dependency_is_looked_at_and_works(machine):
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {doctor.canonical(line.split(">")[0].split("[")[0]) for line in declared}
    assert names == set(doctor.declared())
    for name in names:
        check = one(machine, name)
        assert check.status == "ok", check
        assert check.detail == importlib.metadata.version(name)


def test_the_machine_that_runs_the_tests_can_make_reports(machine):
    assert [check for check in machine if check.status == "fail"] == []
    assert one(machine, "pandoc").detail[0].isdigit()
    assert "makes a PDF" in one(machine, "Typst").detail
    assert one(machine, "fonts").detail == "SourceSans3, SourceSerif4"
    assert one(machine, "Jupyter kernel").status == "ok"


def test_without_a_folder_no_study_is_looked_for(machine):
    assert "study" not in {check.name for check in machine}


def test_a_missing_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(doctor, "declared", lambda: ["no-such-package"])
    check = one(list(doctor._packages()), "no-such-package")
    assert (check.status, check.detail) == ("fail", "not installed")
    assert "requirements/run.txt" in check.fix


def test_a_package_that_cannot_be_imported_says_why(monkeypatch):
    def broken(name):
        raise OSError("libfoo.so.1: cannot open shared object file\nand more")

    monkeypatch.setattr(importlib, "import_module", broken)
    check = doctor._package("numpy", None)
    assert check.status == "fail"
    assert check.detail.endswith("but cannot be imported: libfoo.so.1: cannot open shared object file")


def test_a_version_other_than_the_lock_is_told():
    check = doctor._package("click", "1.0")
    assert check.status == "warn"
    assert "where the lock has 1.0" in check.detail


def test_a_lock_is_read_without_what_depends_on_the_python(tmp_path):
    lock = tmp_path / "run.txt"
    lock.write_text("a.b==1.2 \\\n    --hash=sha256:0\nc==1 ; python_full_version < '3.11.5'\nc==2 ; x\n")
    assert doctor.locked(lock) == {"a-b": "1.2"}


def test_a_synthese_that_is_not_installed_is_told(monkeypatch):
    def absent():
        raise importlib.metadata.PackageNotFoundError("synthese")

    monkeypatch.setattr(doctor, "declared", absent)
    assert one(list(doctor._packages()), "synthese").detail == "on the path, but not installed"


def script(path: Path, words: str) -> Path:
    path.write_text(f"#!/bin/sh\necho {words}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("version", "status", "words"),
    [("1.11.3", "ok", "used unless --engine pandoc"), ("1.3.450", "warn", "too old, not used")],
)
def test_a_quarto_is_told_with_its_version(monkeypatch, tmp_path, version, status, words):
    monkeypatch.setenv("QUARTO_PATH", str(script(tmp_path / "quarto", version)))
    check = doctor._quarto()
    assert check.status == status
    assert version in check.detail
    assert words in check.detail


def test_a_quarto_path_that_leads_nowhere_fails(monkeypatch, tmp_path):
    monkeypatch.setenv("QUARTO_PATH", str(tmp_path / "nothing"))
    check = doctor._quarto()
    assert check.status == "fail"
    assert "QUARTO_PATH does not lead to a Quarto that runs" in check.detail


def kernel(folder: Path, program: str) -> None:
    place = folder / "kernels" / "python3"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(
        f'{{"argv": ["{program}", "-m", "x"], "display_name": "x", "language": "python"}}'
    )


def test_a_kernel_of_another_python_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    kernel(tmp_path, shutil.which("sh"))
    assert doctor._kernel().status == "warn"
    assert "another Python" in doctor._kernel().detail


def test_a_kernel_whose_program_is_gone_fails(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    kernel(tmp_path, "/nowhere/python")
    assert doctor._kernel().status == "fail"
    assert "is not there" in doctor._kernel().detail


@pytest.mark.parametrize(("free", "status"), [(5e9, "ok"), (5e8, "warn"), (1e8, "fail")])
def test_little_disk_is_told(monkeypatch, tmp_path, free, status):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**10, 0, int(free)))
    check = doctor._disk(tmp_path / "not" / "yet" / "there")
    assert check.status == status
    assert f"{free / 1e9:.1f} GB free" in check.detail


def test_a_temporary_folder_that_is_shut_fails(monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert doctor._temporary().fix == "set TMPDIR to one that can"


def test_an_old_python_fails(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    assert doctor._python().status == "fail"
    assert "3.11" in doctor._python().fix


# The study


def study(folder: Path) -> Path:
    (folder / "data" / "raw" / "2024").mkdir(parents=True)
    (folder / "study.yml").write_text('schema: 1\ntitle: "Essai"\nsource: "Essai"\ncontact: {role: "x"}\n')
    (folder / "data" / "raw" / "codebook.yml").write_text(
        'schema: 1\ntitle: "x"\nquestions:\n  - {id: Q1, section: A, text: "Quoi ?", type: open}\n'
    )
    (folder / "data" / "raw" / "2024" / "wave.yml").write_text(
        'schema: 1\nid: "2024"\ntitle: "x"\nexport: a.csv\ntool: plain\n'
        "field: {start: 2024-01-01, end: 2024-02-01}\nchannel: lien\ndesign: census\n"
    )
    return folder


def test_a_folder_without_study_is_a_warning(tmp_path):
    check = one(doctor._study(tmp_path), "study")
    assert check.status == "warn"
    assert "synthese init" in check.fix


def test_what_a_study_misses_is_told_thing_by_thing(tmp_path):
    checks = doctor._study(study(tmp_path))
    assert one(checks, "study").status == "ok"
    assert one(checks, "codebook").detail == "1 questions"
    assert one(checks, "wave 2024").detail == "no export: data/raw/2024/a.csv is missing"
    assert one(checks, "notebooks").status == "fail"
    assert one(checks, "report").detail == "report/synthese.qmd is missing"


def test_every_fault_of_the_declarations_is_told(tmp_path):
    root = study(tmp_path)
    (root / "study.yml").write_text("schema: 1\ntitel: x\n")
    checks = [check for check in doctor._study(root) if check.name == "study"]
    assert {check.status for check in checks} == {"fail"}
    assert any("unknown key 'titel'" in check.detail for check in checks)
    assert any("study.yml" in check.detail and "missing" in check.detail for check in checks)


def test_a_wrong_codebook_is_told(tmp_path):
    root = study(tmp_path)
    (root / "data" / "raw" / "codebook.yml").write_text("schema: 1\ntitle: x\nquestions: [{id: Q1}]\n")
    assert {check.status for check in doctor._study(root) if check.name == "codebook"} == {"fail"}


def test_shut_folders_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda path, mode: "data" not in str(path))
    check = one(doctor._folders(study(tmp_path)), "folders")
    assert check.status == "fail"
    assert check.detail.endswith("/data")
