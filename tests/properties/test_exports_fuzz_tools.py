"""Any bytes, and every tool's own files after any damage: a clear error, or a reading that lost no row.

Bounded here, long under ``make test-slow``; both say how many inputs they tried. Every input has a seed, so that
a failure can be had again.
"""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from synthese import exports
from synthese.errors import SyntheseError
from synthese.exports import Answers, Field, Submission, Ticked, registry

WAYS = [(name, variant) for name, tool in exports.known().items() for variant in tool.variants]
LIMIT = 20.0  # seconds an input may take on a busy machine; most take hundredths
MOST_ABOVE = 14  # header rows and lines above them

FORM = (
    Field("Nom de la structure", code="Q1"),
    Field("Région ?", code="Q2", answer="single", options=("Bretagne", "Pays de la Loire"), other="Autre"),
    Field("Besoins", "many", ("outils, méthodes", "l’été ; l’hiver"), other="Autre", code="Q3", answer="multiple"),
    Field("Difficultés", "grid", ("temps", "posture"), code="Q4", answer="grid", options=("oui", "non")),
    Field("ETP", code="Q5", answer="numeric"),
    Field('Un mot "libre"', code="Q6"),
)
TEXTS = ("", "=1+1", 'dit "oui"', "ligne 1\nligne 2", "«\u00a0été\u202f»", "a;b, c|d\te", "🌱", "Total", "01", "\u2028")


@cache
def answers() -> Answers:
    sent = []
    for number in range(7):
        ticked = Ticked(("outils, méthodes",) if number % 2 else (), "tiers-lieu" if number % 3 == 1 else "")
        values = (
            TEXTS[number % len(TEXTS)] or "structure",
            ("Bretagne", "Pays de la Loire", "")[number % 3],
            ticked,
            (("oui", "non", "")[number % 3], "oui"),
            str(number * 1.5),
            TEXTS[(number * 3 + 2) % len(TEXTS)],
        )
        stamp = f"2024-03-12T10:0{number}:00"
        meta = {"submitted": stamp, "completed": stamp, "modified": stamp, "started": stamp, "draft": str(number % 2)}
        sent.append(Submission(values, meta))
    return Answers("Enquête", FORM, tuple(sent))


@cache
def written(folder: Path, tool: str, variant: str) -> tuple[bytes, bytes | None, str]:
    """Give a tool's own file, the file of its form if it has one, and the form's suffix."""
    dialect = exports.named(tool).variants[variant]
    path = folder / f"{tool}-{variant}{dialect.suffix}"
    exports.write(tool, answers(), path, variant)
    beside = [other for other in folder.glob(f"{tool}-{variant}.*") if other != path]
    form = beside[0] if beside else None
    return path.read_bytes(), form.read_bytes() if form else None, form.suffix if form else ""


# ------------------------------------------------------------------------------------------------ damage to text


def _cut(pick: random.Random, data: bytes) -> bytes:
    return data[: pick.randrange(len(data) + 1)]


def _flip(pick: random.Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(pick.choice((1, 1, 2, 8))):
        if made:
            made[pick.randrange(len(made))] = pick.randrange(256)
    return bytes(made)


def _drop(pick: random.Random, data: bytes) -> bytes:
    start = pick.randrange(len(data) + 1)
    return data[:start] + data[start + pick.choice((1, 2, 7, 300)) :]


def _repeat(pick: random.Random, data: bytes) -> bytes:
    start = pick.randrange(len(data) + 1)
    return data + data[start:]


def _insert(pick: random.Random, data: bytes) -> bytes:
    piece = pick.choice(
        [b'"', b'""', b"\n", b"\r", b"\r\n", b"\n\n", b",", b";", b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"=", b" ",
         b"\xc3", b"x" * 5000, b"\n;;;\n", b'"\n"', b"\x1a"]
    )  # fmt: skip
    for _ in range(pick.choice((1, 1, 3))):
        start = pick.randrange(len(data) + 1)
        data = data[:start] + piece + data[start:]
    return data


def _lines(pick: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    place = pick.randrange(len(lines))
    line = lines[place]
    made = {
        "twice": [line, line],
        "gone": [],
        "blank": [b"\n", line],
        "title": [b"Titre\n", line],
        "half": [line[: len(line) // 2] + b"\n"],
    }[pick.choice(("twice", "gone", "blank", "title", "half"))]
    return b"".join([*lines[:place], *made, *lines[place + 1 :], *([b"Total;45\n"] if pick.random() < 0.2 else [])])


def _swap(pick: random.Random, data: bytes) -> bytes:
    old, new = pick.sample([b",", b";", b"\t", b"|", b'"', b"\n", b"\r\n", b"\r", b" ", b"\xc3\xa9", b"\xe9"], 2)
    return data.replace(old, new) if pick.random() < 0.5 else data.replace(old, new, pick.randrange(1, 9))


def _encode(pick: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    encoding = pick.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "cp1252", "mac_roman"])
    return text.encode(encoding, "replace")


Damage = Callable[[random.Random, bytes], bytes]
DAMAGE: tuple[Damage, ...] = (_cut, _flip, _drop, _repeat, _insert, _lines, _swap, _encode)


def damaged(pick: random.Random, data: bytes) -> bytes:
    for _ in range(pick.choice((0, 1, 1, 1, 2, 3))):
        data = pick.choice(DAMAGE)(pick, data)
    return data


def damaged_sheet(pick: random.Random, data: bytes) -> bytes:
    """Damage a workbook: as bytes, or one part of it with the archive left whole."""
    if pick.random() < 0.3:
        return pick.choice(DAMAGE[:5])(pick, data)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        items = old.infolist()
        struck = pick.choice([item.filename for item in items if pick.random() < 0.5 or "sheet1" in item.filename])
        for item in items:
            part = old.read(item)
            if item.filename == struck:
                change = pick.choice(("damage", "damage", "gone", "row", "reference"))
                if change == "gone":
                    continue
                if change == "damage":
                    part = pick.choice(DAMAGE[:7])(pick, part)
                elif change == "row":
                    part = re.sub(rb"(?s)<row .*?</row>", b"", part, count=pick.choice((1, 2)))
                else:
                    far = pick.choice((b'r="XFD9"', b'r="A1048576"', b'r="ZZ99999"', b'r="A0"', b'r="1"', b'r=""'))
                    part = re.sub(rb'\br="[A-Z]+\d+"', far, part, count=pick.choice((1, 5)))
            new.writestr(item.filename, part)
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------- truth


def records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Cut text into records, a second time and plainly: one character after another."""
    row: list[str] = []
    cell, quoted, place = "", False, 0
    begun = False
    while place < len(text):
        char = text[place]
        if quoted:
            if char == '"' and text[place + 1 : place + 2] == '"':
                cell, place = cell + '"', place + 1
            elif char == '"':
                quoted = False
            else:
                cell += char
        elif char == '"' and not begun:
            quoted = begun = True
        elif char == delimiter:
            row, cell, begun = [*row, cell], "", False
        elif char in "\r\n":
            place += text[place : place + 2] == "\r\n"
            yield [*row, cell] if row or cell or begun else []
            row, cell, begun = [], "", False
        else:
            cell, begun = cell + char, True
        place += 1
    if row or cell or begun:
        yield [*row, cell]


def held(export: exports.RawExport, data: bytes) -> None:
    """Hold a reading of text against the file: every row from the first answer on, and each cell of it."""
    assert len(export.rows) == len(export.cells) > 0
    assert len(export.columns) == export.cells.shape[1]
    if not export.delimiter:
        return
    text = data.decode("utf-8-sig" if export.encoding == "utf-8" else export.encoding).lstrip("\ufeff")
    there = [(number, record) for number, record in enumerate(records(text, export.delimiter), start=1) if record]
    assert len(there) - len(export.rows) <= MOST_ABOVE
    width = export.cells.shape[1]
    answers_ = there[len(there) - len(export.rows) :]
    assert export.rows.tolist() == [number for number, _ in answers_]
    assert all(not any(record[width:]) for _, record in answers_)
    assert export.cells.to_numpy().tolist() == [record[:width] for _, record in answers_]


def tried(path: Path, tool: str | None, data: bytes, **options: object) -> bool:
    """Read once; tell whether there was a reading. Anything but a clear error or a true reading fails the test."""
    started = time.monotonic()
    try:
        export = exports.read(path, tool=tool, **options)
    except SyntheseError as error:
        faults, taken = error.faults, False
    else:
        held(export, data)
        faults, taken = export.notes, True
    assert all(fault.code and fault.what for fault in faults)
    assert time.monotonic() - started < LIMIT
    return taken


def attack(folder: Path, tool: str, variant: str, numbers: range, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Damage one way of writing, once a seed; count inputs and readings."""
    whole, form, form_suffix = written(folder, tool, variant)
    suffix = exports.named(tool).variants[variant].suffix
    path, beside = folder / f"damaged-{tool}-{variant}{suffix}", folder / f"form-{tool}-{variant}{form_suffix}"
    inputs = readings = 0
    for seed in numbers:
        pick = random.Random(f"{tool} {variant} {seed}")
        data = damaged_sheet(pick, whole) if whole.startswith(b"PK") else damaged(pick, whole)
        path.write_bytes(data)
        monkeypatch.setattr(registry, "_LARGE", pick.choice((0, 1 << 40)))
        options: dict[str, object] = {}
        if form is not None and pick.random() < 0.7:
            beside.write_bytes(form if pick.random() < 0.7 else pick.choice(DAMAGE)(pick, form))
            options["structure"] = beside
        for name in (None, tool, pick.choice(sorted(exports.known()))):
            try:
                readings += tried(path, name, data, **options)
            except Exception as error:
                error.add_note(f"input: {tool} {variant}, seed {seed}, read as {name}")
                raise
            inputs += 1
    return inputs, readings


def seeds(tool: str, count: int) -> range:
    """Give as many seeds, or a fifth for formats that are read in a process of their own, which takes its time."""
    return range(count // 5 if exports.named(tool).magic else count)


def say(capsys: pytest.CaptureFixture[str], what: str, inputs: int, readings: int) -> None:
    with capsys.disabled():
        print(f"\n  {what}: {inputs} inputs tried, {readings} read, the others told clearly")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("damaged")


@pytest.mark.parametrize(("tool", "variant"), WAYS)
def test_every_tools_file_unharmed(folder, tool, variant):
    whole, _, _ = written(folder, tool, variant)
    path = folder / f"{tool}-{variant}{exports.named(tool).variants[variant].suffix}"
    assert tried(path, tool, whole)
    if whole.startswith(b"PK"):
        rows = openpyxl.load_workbook(io.BytesIO(whole), read_only=True).worksheets[0].iter_rows(values_only=True)
        there = [number for number, row in enumerate(rows, start=1) if any(cell not in (None, "") for cell in row)]
        export = exports.read(path, tool=tool)
        assert export.rows.tolist() == there[len(there) - len(export.rows) :]
    assert len(exports.read(path, tool=tool).rows) == len(answers().submissions)


def test_damaged_files_of_every_tool(folder, monkeypatch, capsys):
    total = [attack(folder, tool, variant, seeds(tool, 10), monkeypatch) for tool, variant in WAYS]
    inputs, readings = (sum(counts) for counts in zip(*total, strict=True))
    say(capsys, f"damaged files of {len(WAYS)} ways to write", inputs, readings)
    assert readings > inputs / 10, "damage that leaves nothing to read tries the first check only"


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("tool", "variant"), WAYS)
def test_damaged_files_of_every_tool_for_long(folder, monkeypatch, capsys, tool, variant):
    inputs, readings = attack(folder, tool, variant, seeds(tool, 600), monkeypatch)
    say(capsys, f"damaged files of {tool}, {variant}", inputs, readings)


STARTS = (*[b""] * 7, b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0",
          b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml ")  # fmt: skip
MARKS = tuple(mark for tool in exports.known().values() for mark in tool.magic)


def hostile(pick: random.Random) -> bytes:
    start = pick.choice(MARKS if MARKS and pick.random() < 0.02 else STARTS)
    size = pick.choice((0, 3, 20, 80, 400))
    if pick.random() < 0.4:
        return start + pick.randbytes(size)
    alphabet = pick.choice(('a,;"\n\r\t|é\0 ', 'ab1,"\n', "a;\n\r", "Total,\n12 ", "é\u00a0½œ;\n", '","\n'))
    text = "".join(pick.choices(alphabet, k=size))
    if pick.random() < 0.6:  # of one width, so that more than the first check is tried
        width, end = pick.choice((2, 3, 9)), pick.choice(("\n", "\r\n", "\r"))
        words = re.split(r"[,;\t|\r\n\"]", text) + [""] * width
        rows = [words[place : place + width] for place in range(0, len(words) - width, width)]
        rows.insert(0, [f"Q{place}" for place in range(width)])
        text = end.join(";".join(f'"{cell}"' if pick.random() < 0.2 else cell for cell in row) for row in rows)
    return start + text.encode(pick.choice(("utf-8", "utf-8", "utf-16-le", "cp1252")), "replace")


def throw(folder: Path, numbers: range, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    path, inputs, readings = folder / "hostile.bin", 0, 0
    for seed in numbers:
        pick = random.Random(f"hostile {seed}")
        data = hostile(pick)
        path.write_bytes(data)
        monkeypatch.setattr(registry, "_LARGE", pick.choice((0, 1 << 40)))
        # Formats of their own are read by one tool, whatever tool is named, and in a process of their own.
        for name in (None,) if data.startswith(MARKS) else (None, *exports.known()):
            try:
                readings += tried(path, name, data)
            except Exception as error:
                error.add_note(f"input: hostile, seed {seed}, read as {name}: {data[:200]!r}")
                raise
            inputs += 1
    return inputs, readings


def test_hostile_bytes(folder, monkeypatch, capsys):
    inputs, readings = throw(folder, range(120), monkeypatch)
    say(capsys, "hostile bytes", inputs, readings)
    assert readings > inputs / 100, "most tools refuse what none of them wrote; plain must not"


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_hostile_bytes_for_long(folder, monkeypatch, capsys):
    say(capsys, "hostile bytes", *throw(folder, range(120, 12_000), monkeypatch))
