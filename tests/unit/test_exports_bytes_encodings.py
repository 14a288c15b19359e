"""Which encoding a file is in: found and told, or asked for; never a misreading."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from synthese import exports
from synthese.errors import SyntheseError

TEXT = "Q1;Où ?\nété;à Besançon, « la coopérative » d’ici\nœuvre;forêt\n"


def put(folder: Path, content: bytes) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content)
    return path


def refused(path: Path, **options: str) -> SyntheseError:
    with pytest.raises(SyntheseError) as caught:
        exports.read(path, **options)
    return caught.value


@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32"),
        ("utf-32-be", codecs.BOM_UTF32_BE, "utf-32"),
    ],
)
def test_wide_encodings_are_found_and_told(tmp_path, encoding, mark, found):
    path = put(tmp_path, mark + TEXT.encode(encoding))
    export = exports.read(path)
    assert export.cells.loc[0, 1] == "à Besançon, « la coopérative » d’ici"
    assert export.encoding == found
    note = next(note for note in export.notes if note.code == "encoding-found")
    assert f"not UTF-8: read as {found.upper()}" in str(note)
    assert f"`encoding: {found}`" in str(note)
    settled = exports.read(path, encoding=found)
    assert not any(note.code == "encoding-found" for note in settled.notes)
    assert settled.cells.equals(export.cells)


@pytest.mark.parametrize("marks", [0, 1, 2])
def test_utf8_with_any_number_of_marks(tmp_path, marks):
    export = exports.read(put(tmp_path, codecs.BOM_UTF8 * marks + TEXT.encode()))
    assert export.columns[0].header == "Q1"
    assert export.encoding == ("utf-8-sig" if marks else "utf-8")
    assert [note.code for note in export.notes] == ["tool-assumed"]


@pytest.mark.parametrize("named", ["cp1252", "mac_roman", "latin-1"])
def test_a_one_byte_encoding_named_for_a_file_in_utf8_is_no_misreading(tmp_path, named):
    error = refused(put(tmp_path, TEXT.encode()), encoding=named)
    assert error.code == "wrong-encoding"
    assert "all of it is UTF-8, accents included" in str(error)


def test_plain_ascii_may_be_called_anything(tmp_path):
    assert exports.read(put(tmp_path, b"Q1,Q2\na,b\n"), encoding="cp1252").cells.loc[0].tolist() == ["a", "b"]


@pytest.mark.parametrize("named", ["rot13", "base64", "hex", "klingon", "a\0b", "", "é"])
def test_names_that_are_no_encoding_of_text(tmp_path, named):
    assert refused(put(tmp_path, b"Q1,Q2\na,b\n"), encoding=named).code in ("unknown-encoding", "wrong-encoding")


def test_an_encoding_is_chosen_only_where_it_reads_well(tmp_path):
    # A few words of French among bytes that are odd in either encoding.
    odd = bytes(range(0xA1, 0xF0)).replace(b"\xc9", b"")
    error = refused(put(tmp_path, b"Q1;Q2\n\xe9t\xe9;" + b" ".join(bytes([byte]) for byte in odd) + b"\n"))
    assert error.code == "unclear-encoding"
    assert "`encoding: cp1252` or `encoding: mac_roman`" in str(error)


def test_an_encoding_that_reads_well_is_asked_for_where_the_other_reads_nearly_as_well(tmp_path):
    error = refused(put(tmp_path, b"Q1;Q2\nL\xd5AMI;x\n"))
    assert error.code == "unclear-encoding"
    assert "cp1252 reads “LÕAMI”; mac_roman reads “L’AMI”" in str(error)


def test_a_word_with_a_fraction_in_it_is_another_encoding(tmp_path):
    path = put(tmp_path, "Q1;Où ?\nété;mettre du cœur à l'ouvrage\n".encode("iso8859-15"))
    error = refused(path)
    assert error.code == "unclear-encoding"
    assert "cp1252 reads “c½ur”; iso8859-15 reads “cœur”" in str(error)
    assert exports.read(path, encoding="iso8859-15").cells.loc[0, 1] == "mettre du cœur à l'ouvrage"


def test_long_texts_in_an_old_encoding_take_no_longer_than_they_must(tmp_path):
    rows = "".join(f"{number};une réponse d’une coopérative éloignée\n" for number in range(60_000))
    export = exports.read(put(tmp_path, f"N;Réponse\n{rows}".encode("cp1252")))
    assert (export.encoding, len(export.cells)) == ("cp1252", 60_000)
    assert export.cells.loc[59_999, 1] == "une réponse d’une coopérative éloignée"


def test_utf16_cut_in_the_middle_of_a_character(tmp_path):
    error = refused(put(tmp_path, codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")[:-1]))
    assert error.code == "truncated"
    assert "ends in the middle of a character" in str(error)


@pytest.mark.parametrize("delimiter", ['"', "\n", "\r", "", ";;", "\0"])
def test_delimiters_that_cannot_be(tmp_path, delimiter):
    assert refused(put(tmp_path, b"Q1,Q2\na,b\n"), delimiter=delimiter).code == "bad-delimiter"
