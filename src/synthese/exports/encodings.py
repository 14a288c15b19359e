"""Bytes to text: which encoding a file is in, and when only the user can say.

Belongs here: finding and applying an encoding. Does not: cells, headers, tools.
"""

from __future__ import annotations

import codecs

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


def _oddness(text: str) -> float:
    """Share of the non-ASCII characters that look out of place, in [0, 1]."""
    total = odd = 0.0
    for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if char < "\x80":
            continue
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


def _forced(content: bytes, encoding: str, file: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise SyntheseError.of(
            "unknown-encoding",
            f"no encoding is called {encoding!r}",
            file=file,
            fix="one of utf-8, utf-16, cp1252, mac_roman",
        ) from error
    name = codecs.lookup(encoding).name
    if name == "utf-8":
        name = "utf-8-sig"
    try:
        return content.decode(name)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        raise SyntheseError.of(
            "wrong-encoding",
            f"this file is not {encoding}: byte {start + 1} does not fit",
            file=file,
            row=content[:start].count(b"\n") + 1,
            fix="correct `encoding` in wave.yml, or leave it out to have it found",
        ) from error


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


def _legacy(content: bytes, file: str) -> tuple[str, str, tuple[Fault, ...]]:
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
    if odd[best] <= _CLEAN and all(odd[name] - odd[best] >= _CLEARLY_WORSE for name in others):
        note = Fault(
            "legacy-encoding",
            f"not UTF-8: read as {_NAMES[best]} (“{_excerpt(readings[best])}”)",
            file=file,
            fix=f"write `encoding: {best}` in wave.yml to settle it",
        )
        return readings[best], best, (note,)
    looks = "; ".join(f"{name} reads “{_excerpt(text)}”" for name, text in readings.items())
    raise SyntheseError.of(
        "unclear-encoding",
        f"this file is not UTF-8 and its encoding cannot be told: {looks}",
        file=file,
        fix="say which in wave.yml: `encoding: cp1252` or `encoding: mac_roman`",
    )


def decode(content: bytes, file: str, encoding: str | None = None) -> tuple[str, str, tuple[Fault, ...]]:
    """Decode a text export.

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
    tuple of str, str, tuple of Fault
        Text without byte-order mark, encoding found, and what to tell the user.

    Raises
    ------
    SyntheseError
        The bytes do not fit the encoding named; or none was named and two are plausible, or none is; or the
        text holds NUL characters.
    """
    notes: tuple[Fault, ...] = ()
    if encoding is not None:
        text, found = _forced(content, encoding, file), encoding
    else:
        mark = next((name for bom, name in _BOMS if content.startswith(bom)), None)
        guess = mark or _utf16_without_mark(content)
        if guess is not None:
            text, found = _forced(content, guess, file), guess
        else:
            try:
                text, found = content.decode("utf-8"), "utf-8"
            except UnicodeDecodeError as error:
                if error.reason == "unexpected end of data" and error.end == len(content):
                    raise SyntheseError.of(
                        "truncated",
                        "the file ends in the middle of a character",
                        file=file,
                        row=content.count(b"\n") + 1,
                        fix="export it again: this copy is not whole",
                    ) from error
                text, found, notes = _legacy(content, file)
    if "\0" in text:
        raise SyntheseError.of(
            "nul-bytes",
            "the file holds NUL characters: it is damaged, or not a text file",
            file=file,
            row=text[: text.index("\0")].count("\n") + 1,
            fix="export it again; if it is a workbook, keep its .xlsx ending",
        )
    return text.removeprefix("\ufeff"), found, notes
