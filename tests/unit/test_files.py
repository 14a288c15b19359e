"""Files are whole or not there; YAML keeps what was written, and says where it is wrong."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path

import pytest

from synthese import files
from synthese.errors import SyntheseError
from synthese.files import (
    read_yaml,
    remembered,
    replaced_folder,
    restore_folder,
    sha256,
    write_bytes,
    write_json,
    write_text,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refuses(number: int):
    def refuse(*_args, **_options):
        raise OSError(number, os.strerror(number))

    return refuse


# Writing


def test_a_file_is_written_with_its_folders_and_its_bytes(tmp_path):
    write_text(tmp_path / "a" / "b.txt", "é\n")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"\xc3\xa9\n"
    assert names(tmp_path / "a") == ["b.txt"]
    write_json(tmp_path / "c.json", {"b": 1, "a": "é"})
    assert (tmp_path / "c.json").read_text(encoding="utf-8") == '{\n  "a": "é",\n  "b": 1\n}\n'
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8")) == {"a": "é", "b": 1}


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOSPC, "disk-full", "the disk is full → free some space, then run the same command again"),
        (errno.EDQUOT, "disk-full", "the disk quota is used up"),
        (errno.EROFS, "read-only", "the disk is read-only → make it writable"),
        (errno.EACCES, "not-allowed", "writing here is not allowed → give yourself the right to write"),
        (errno.EIO, "cannot-write", "cannot be written (Input/output error)"),
    ],
)
def test_a_disk_that_refuses_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path, monkeypatch, number, code, words
):
    file = tmp_path / "a.txt"
    write_text(file, "old")
    monkeypatch.setattr(files.os, "fsync", refuses(number))
    with pytest.raises(SyntheseError) as caught:
        write_text(file, "new")
    monkeypatch.undo()
    assert caught.value.code == code
    assert words in str(caught.value)
    assert str(file) in str(caught.value)
    assert file.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_that_cannot_be_written_in(tmp_path, monkeypatch):
    # Simulated: the rights of a folder do not stop root, under whom containers run.
    monkeypatch.setattr(files.tempfile, "mkstemp", refuses(errno.EACCES))
    with pytest.raises(SyntheseError, match="writing here is not allowed"):
        write_text(tmp_path / "a.txt", "x")
    assert names(tmp_path) == []


def test_an_interruption_between_write_and_rename_changes_nothing(tmp_path, monkeypatch):
    file = tmp_path / "a.txt"
    write_text(file, "old")

    def stop(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(file, b"new")
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_is_replaced_as_one(tmp_path):
    folder = tmp_path / "out"
    for number in (1, 2):
        with replaced_folder(folder) as staging:
            (staging / f"{number}.txt").write_text("x", encoding="utf-8")
    assert names(folder) == ["2.txt"]
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("failure", [ValueError("x"), KeyboardInterrupt()])
def test_a_block_that_fails_leaves_the_old_folder(tmp_path, failure):
    folder = tmp_path / "out"
    with replaced_folder(folder) as staging:
        (staging / "old.txt").write_text("x", encoding="utf-8")
    with pytest.raises(type(failure)), replaced_folder(folder) as staging:  # noqa: PT012
        (staging / "new.txt").write_text("x", encoding="utf-8")
        raise failure
    assert names(folder) == ["old.txt"]
    assert names(tmp_path) == ["out"]


def test_a_folder_whose_last_rename_fails_comes_back(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    with replaced_folder(folder) as staging:
        (staging / "old.txt").write_text("x", encoding="utf-8")
    rename = Path.rename

    def refuse(path: Path, target: Path):
        if Path(target) == folder and not path.name.endswith(".old"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SyntheseError, match="the disk is full"), replaced_folder(folder):
        pass
    monkeypatch.undo()
    assert names(folder) == ["old.txt"]
    assert names(tmp_path) == ["out"]


def test_a_folder_set_aside_by_a_killed_program_is_put_back(tmp_path):
    aside = tmp_path / ".out.old"
    aside.mkdir()
    (aside / "old.txt").write_text("x", encoding="utf-8")
    restore_folder(tmp_path / "out")
    assert names(tmp_path / "out") == ["old.txt"]
    aside.mkdir()
    restore_folder(tmp_path / "out")
    assert names(tmp_path) == ["out"]


def test_a_hash_is_that_of_the_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest() == files.sha256_bytes(b"abc")


# YAML


def yaml(tmp_path: Path, text: str | bytes) -> Path:
    file = tmp_path / "a.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("non", "non"),
        ("oui", "oui"),
        ("no", "no"),
        ("off", "off"),
        ("01", "01"),
        ("007", "007"),
        ("2A", "2A"),
        ("971", 971),
        ("0", 0),
        ("-3", -3),
        ("0.5", 0.5),
        (".inf", float("inf")),
        ("1:30", "1:30"),
        ("2024-01-22", "2024-01-22"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("'01'", "01"),
        ("&x true", True),
        ("[1, [a]]", [1, ["a"]]),
        ("{01: ain, true: vrai, 1.50: x}", {"01": "ain", "true": "vrai", "1.50": "x"}),
    ],
)
def test_scalars_and_keys_are_what_was_written(tmp_path, written, read):
    value = read_yaml(yaml(tmp_path, f"a: {written}\n")).data["a"]
    assert value == read
    assert type(value) is type(read)


def test_every_place_has_its_line(tmp_path):
    document = read_yaml(yaml(tmp_path, "\ufeffa:\n  - x\n  - b: 1\n    c: {d: 2}\n"))
    assert document.line(("a",)) == 1
    assert document.line(("a", 0)) == 2
    assert document.line(("a", 1, "c", "d")) == 4
    assert document.line(("a", 1, "missing", "deep")) == 3
    assert document.line(()) is None


@pytest.mark.parametrize(
    ("text", "code", "row", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, "key 'a' is given twice, first in line 1 → keep one of the two"),
        ("x:\n  - {a: 1, a: 2}\n", "duplicate-key", 2, "key 'a' is given twice"),
        ("a: [1\n", "not-yaml", 2, "expected ',' or ']'"),
        ("a: b: c\n", "not-yaml", 1, "text with ': ' or '#' wants quotes"),
        ("- a\n", "not-a-mapping", 1, "this file should hold `key: value` lines"),
        ("", "not-a-mapping", 1, "this file should hold `key: value` lines"),
        ("a: 1\n---\nb: 2\n", "not-yaml", 2, "expected a single document"),
        ("b: &b {x: 1}\nc:\n  <<: *b\n", "merge-key", 3, "merging by `<<` is not understood → write the lines out"),
        ("a: &x [*x]\n", "endless", 1, "this alias is part of what it names"),
        ("a: !!python/name:os.system x\n", "unknown-tag", 1, "python/name:os.system is not understood"),
        ("a: 1\nb: \x01\n", "not-yaml", 2, "unacceptable character #x0001"),
        (b"a: \xe9\n", "not-utf-8", None, "this file is not UTF-8 text → save it again as UTF-8"),
    ],
)
def test_what_is_wrong_with_a_yaml_file(tmp_path, text, code, row, words):
    file = yaml(tmp_path, text)
    with pytest.raises(SyntheseError) as caught:
        read_yaml(file)
    fault = caught.value.faults[0]
    assert (fault.code, fault.row, fault.file) == (code, row, file)
    assert words in str(fault)
    assert "\n" not in str(fault)


def test_duplicates_are_all_told_or_handed_on(tmp_path):
    file = yaml(tmp_path, "a: 1\na: 2\nb: {c: 1, c: 2}\n")
    with pytest.raises(SyntheseError) as caught:
        read_yaml(file)
    assert [fault.row for fault in caught.value.faults] == [2, 3]
    document = read_yaml(file, collect=True)
    assert document.data == {"a": 1, "b": {"c": 1}}
    assert document.faults == caught.value.faults


def test_a_missing_file(tmp_path):
    with pytest.raises(SyntheseError, match=r"study.yml: this file is missing → create it"):
        read_yaml(tmp_path / "study.yml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(SyntheseError, match="this file cannot be read"):
        read_yaml(tmp_path)


def test_private_files_are_their_owner_s(tmp_path):
    write_text(tmp_path / "private" / "names.csv", "x")
    write_text(tmp_path / "public.csv", "x")
    assert (tmp_path / "private" / "names.csv").stat().st_mode & 0o077 == 0
    assert (tmp_path / "public.csv").stat().st_mode & 0o044 == 0o044


def test_what_took_long_is_made_once_and_again_where_it_was_damaged(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNTHESE_CACHE", str(tmp_path / "cache"))
    made = []

    def make():
        made.append(1)
        return b"cut"

    assert [remembered("font", ("1", "fonttools 4"), make) for _ in range(3)] == [b"cut"] * 3
    assert len(made) == 1
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert remembered("font", ("1", "fonttools 4"), make) == b"cut"
    assert len(made) == 2
    remembered("font", ("1", "fonttools 5"), make)
    remembered("page", ("1", "fonttools 4"), make)
    assert len(made) == 4


def test_without_a_cache_it_is_made_each_time(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("SYNTHESE_CACHE", str(tmp_path / "file" / "cache"))
    assert remembered("font", (), lambda: b"cut") == b"cut"
