"""Bytes to UTF-8: which encoding a file is in, and when only the user can say.

Belongs here: finding and applying an encoding. Does not: cells, headers, tools.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

import numpy as np
import pyarrow as pa

from synthese.errors import Fault, SyntheseError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "cp1252", "mac_roman": "Mac Roman"}
_LEGACY = ("cp1252", "mac_roman")

# What French (and neighbouring) text holds beyond ASCII; anything else makes a reading odd.
_FRENCH = set("àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ")
_MARKS = set("«»“”‘’–—…·•€°²³©®™§№\u00a0\u202f")
_WORDS = set("àÀôÔ")  # letters that are words by themselves
_NEIGHBOURS = set("áíóúñãõåøßìòÁÍÓÚÑÃÕÅØÌÒ¿¡")
# A reading wins only when it is nearly clean and the other clearly is not.
_CLEAN, _CLEARLY_WORSE = 0.1, 0.35
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_EVIDENCE = 200_000
# œ and Œ of ISO 8859-15 are fractions in cp1252: no French word holds one.
_FRACTION_IN_WORD = re.compile(r"[a-z][½¼]|[½¼][a-z]", re.IGNORECASE)


def _oddness(text: str) -> float:
    """Share of the first 200,000 non-ASCII characters that look out of place, in [0, 1]."""
    total = odd = 0.0
    for found in islice(_BEYOND_ASCII.finditer(text), _EVIDENCE):
        char, place = found[0], found.start()
        before = text[place - 1] if place else " "
        after = text[place + 1 : place + 2] or " "
        total += 1
        if char in _MARKS:
            # ’ joins letters; other marks do not stand inside a word (the median dot of inclusive forms does).
            odd += 0.0 if char in "’·" or not (before.isalpha() and after.isalpha()) else 0.7
        elif (char not in _FRENCH and char not in _NEIGHBOURS) or (char.isupper() and before.islower()):
            odd += 1.0
        else:
            alone = not (before.isascii() and before.isalpha()) and not (after.isascii() and after.isalpha())
            odd += 0.3 * (char in _NEIGHBOURS) + 0.5 * (alone and not (char in _WORDS and before.isspace()))
    return odd / total if total else 0.0


def _excerpt(text: str) -> str:
    """Cut the word around the first non-ASCII character, to show how a reading looks."""
    place = next((i for i, char in enumerate(text) if char >= "\x80"), 0)
    start, end = place, place + 1
    while start > 0 and text[start - 1].isalpha() and place - start < 12:
        start -= 1
    while end < len(text) and text[end].isalpha() and end - place < 12:
        end += 1
    return text[start:end]


def _is_utf8(content: bytes) -> bool:
    """Tell as decoding would, in a tenth of the time and without making the text."""
    bounds = pa.py_buffer(np.array([0, len(content)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, bounds, pa.py_buffer(content)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _wrong(content: bytes, encoding: str, place: int, file: str) -> SyntheseError:
    return SyntheseError.of(
        "wrong-encoding",
        f"this file is not {encoding}: byte {place + 1} does not fit",
        file=file,
        row=content[:place].count(b"\n") + 1,
        fix="correct `encoding` in wave.yml, or leave it out to have it found",
    )


def _cut_short(content: bytes, file: str) -> SyntheseError:
    return SyntheseError.of(
        "truncated",
        "the file ends in the middle of a character",
        file=file,
        row=content.count(b"\n") + 1,
        fix="export it again: this copy is not whole",
    )


def _forced(content: bytes, encoding: str, file: str) -> bytes:
    """Apply an encoding that was named or told by the file's first bytes."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise SyntheseError.of(
            "unknown-encoding",
            f"no encoding is called {encoding!r}",
            file=file,
            fix="one of utf-8, utf-16, cp1252, mac_roman",
        ) from error
    if name in ("utf-8", "utf-8-sig") and _is_utf8(content):
        return content
    try:
        made = content.decode(name).encode("utf-8")
    except UnicodeError as error:
        if name.startswith("utf") and getattr(error, "reason", "") in ("truncated data", "unexpected end of data"):
            raise _cut_short(content, file) from error
        raise _wrong(content, encoding, getattr(error, "start", 0), file) from error
    except LookupError as error:
        raise SyntheseError.of(
            "unknown-encoding", f"{encoding!r} is no encoding of text", file=file, fix="one of utf-8, cp1252, mac_roman"
        ) from error
    if not name.startswith("utf") and len(made) != len(content) and _is_utf8(content):
        raise SyntheseError.of(
            "wrong-encoding",
            f"this file is not {encoding}: all of it is UTF-8, accents included",
            file=file,
            fix="correct `encoding` in wave.yml, or leave it out to have it found",
        )
    return made


def _utf16_without_mark(content: bytes) -> str | None:
    """Text in Latin letters has a NUL in every second byte of UTF-16."""
    sample = content[:4096]
    half = len(sample) // 2
    if half < 4:
        return None
    if sample[1::2].count(0) > 0.7 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _legacy(content: bytes, file: str) -> tuple[bytes, str, tuple[Fault, ...]]:
    """Choose between the two one-byte encodings that French tools write, or ask."""
    readings: dict[str, str] = {}
    for name in _LEGACY:
        try:
            readings[name] = content.decode(name)
        except UnicodeDecodeError:
            continue  # five bytes have no meaning in cp1252: then it is not cp1252
    odd = {name: _oddness(text) for name, text in readings.items()}
    best = min(odd, key=lambda name: odd[name])
    others = [name for name in odd if name != best]
    fraction = _FRACTION_IN_WORD.search(readings[best]) if best == "cp1252" else None
    if fraction is not None:
        start, end = max(0, fraction.start() - 3), fraction.end() + 3
        readings = {"cp1252": readings["cp1252"][start:end], "iso8859-15": content[start:end].decode("iso8859-15")}
    elif odd[best] <= _CLEAN and all(odd[name] - odd[best] >= _CLEARLY_WORSE for name in others):
        note = Fault(
            "legacy-encoding",
            f"not UTF-8: read as {_NAMES[best]} (“{_excerpt(readings[best])}”)",
            file=file,
            fix=f"write `encoding: {best}` in wave.yml to settle it",
        )
        return readings[best].encode("utf-8"), best, (note,)
    looks = "; ".join(f"{name} reads “{_excerpt(text)}”" for name, text in readings.items())
    raise SyntheseError.of(
        "unclear-encoding",
        f"this file is not UTF-8 and its encoding cannot be told: {looks}",
        file=file,
        fix="say which in wave.yml: " + " or ".join(f"`encoding: {name}`" for name in readings),
    )


def _found(content: bytes, file: str) -> tuple[bytes, str, tuple[Fault, ...]]:
    """Find the encoding: by a byte-order mark, by the habits of UTF-16, by what UTF-8 allows, by how words look."""
    mark = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    guess = mark or _utf16_without_mark(content)
    if guess == "utf-8-sig":
        return _forced(content, guess, file), guess, ()
    if guess is not None:
        how = "its byte-order mark says so" if mark else "without byte-order mark"
        fix = f"write `encoding: {guess}` in wave.yml to settle it"
        note = Fault("encoding-found", f"not UTF-8: read as {guess.upper()}, {how}", file=file, fix=fix)
        return _forced(content, guess, file), guess, (note,)
    if _is_utf8(content):
        return content, "utf-8", ()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(content):
            raise _cut_short(content, file) from error
    return _legacy(content, file)


def to_utf8(content: bytes, file: str, encoding: str | None = None) -> tuple[bytes, str, tuple[Fault, ...]]:
    """Bring a text export to UTF-8.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.
    encoding : str, optional
        The user's word for it; None finds it.

    Returns
    -------
    tuple of bytes, str, tuple of Fault
        Its text in UTF-8 without byte-order mark, the encoding found, and what to tell the user.

    Raises
    ------
    SyntheseError
        The bytes do not fit the encoding named; or none was named and two are plausible, or none is; or the
        text holds NUL characters.
    """
    notes: tuple[Fault, ...] = ()
    if encoding is not None:
        made, found = _forced(content, encoding, file), encoding
    else:
        made, found, notes = _found(content, file)
    if (nul := made.find(b"\0")) >= 0:
        raise SyntheseError.of(
            "nul-bytes",
            "the file holds NUL characters: it is damaged, or not a text file",
            file=file,
            row=made[:nul].count(b"\n") + 1,
            fix="export it again; if it is a workbook, keep its .xlsx ending",
        )
    while made.startswith(codecs.BOM_UTF8):
        made = made.removeprefix(codecs.BOM_UTF8)
    return made, found, notes
