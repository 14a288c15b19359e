"""LimeSurvey's headings: question codes, full texts, or both; its own columns in French and English.

Belongs here: reading one row of headings. Does not: which question of a form they belong to, cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from synthese.exports.model import Meta, Record

# Code, French and English heading, and what it tells; strong = no other tool has such a heading.
_OWN: tuple[tuple[str, tuple[str, ...], Meta | None, bool], ...] = (
    ("id", ("id de la réponse", "response id"), "id", False),
    ("submitdate", ("date de soumission", "date submitted"), "submitted", True),
    ("lastpage", ("dernière page", "last page"), None, True),
    ("startlanguage", ("langue de départ", "langue de démarrage", "start language"), None, True),
    ("seed", ("tête de série", "graine", "seed"), None, False),
    ("token", ("code d'accès", "code d'invitation", "invitation", "access code", "token"), "user", False),
    ("startdate", ("date de lancement", "date de début", "date started"), "started", False),
    ("datestamp", ("date de la dernière action", "date last action"), "modified", True),
    ("ipaddr", ("adresse ip", "ip address"), "ip", False),
    ("refurl", ("url de provenance", "url référente", "referrer url"), None, False),
    ("interviewtime", ("temps total", "durée totale", "total time"), None, False),
)
# Columns of the table of participants, which may stand beside the answers.
PEOPLE: dict[str, Meta | None] = {"firstname": "user", "lastname": "user", "email": "email"}
CODES = {code: (meta, strong) for code, _, meta, strong in _OWN}
_TEXTS = {text: code for code, texts, _, _ in _OWN for text in texts}
_CODE = re.compile(r"(?P<question>[A-Za-z]\w*)(?:\[(?P<part>[^\[\]]+)\](?:\[(?P<scale>\d+)\])?)?", re.ASCII)
_TIMES = re.compile(
    r"(?:group time|question time|temps (?:pour le |du |de )?groupe|temps (?:pour |de )?la question)\s?: .*"
)
_TRIES = 50


def word(text: str) -> str:
    """Heading for comparison."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    return re.sub(r"\s+", " ", text).strip().casefold()


def unescaped(heading: str) -> str:
    """Undo the only escapes that headings of full texts hold."""
    return heading.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@dataclass(frozen=True)
class Heading:
    """One heading, whatever its style: names where it has them, texts where it has them."""

    written: str
    text: str
    question: str | None = None
    part: str | None = None
    scale: str | None = None
    label: str | None = None
    sub: str | None = None
    own: str | None = None


@dataclass(frozen=True)
class Style:
    """How the headings of a file are written: ``code``, ``text``, or both joined by ``joint``."""

    kind: str
    joint: str = ""
    underscored: bool = False


def _own_code(heading: str) -> str | None:
    """Tell which of LimeSurvey's own columns a heading of full text names; abbreviated ones count."""
    form = word(heading)
    if form.endswith(".."):
        cut = form[:-2].rstrip()
        return next((code for text, code in _TEXTS.items() if len(cut) > 9 and text.startswith(cut)), None)
    return _TEXTS.get(form) or _TEXTS.get(form.replace("_", " "))


def _score(codes: Sequence[str | None]) -> float:
    """Confidence by the tool's own columns, which open the file."""
    run = set(_run(codes))
    strong = sum(CODES[code][1] for code in run)
    if strong < 2:
        return (0.2 if strong else 0.0) + (0.4 if len(run) > 1 else 0.2 if run else 0.0)
    return 0.9 if strong == 2 else 0.97


def _run(codes: Sequence[str | None]) -> list[str]:
    """Own columns at the left, up to the first that is none: a question may be worded like one."""
    out = []
    for code in codes:
        if code is None:
            break
        out.append(code)
    return out


def _joint(headings: Record) -> str | None:
    """Find what stands between code and text, by the tool's own columns (``id. ID de la réponse``)."""
    for code, texts, _, _ in _OWN:
        for text in texts:
            first = headings[0]
            if first.casefold().startswith(code) and word(first).endswith(text):
                joint = first[len(code) : len(first.rstrip()) - len(text)]
                if joint:
                    return joint
    return None


def _own_columns(headings: Record, style: Style) -> list[str | None]:
    """Tell which heading names which of the tool's own columns; None for the others."""
    if style.kind == "text":
        return [_own_code(heading) for heading in headings]
    names = [heading.split(style.joint)[0] if style.joint else heading for heading in headings]
    return [name if name in CODES else None for name in names]


def style_of(headings: Record) -> tuple[Style, float]:
    """Tell the style of the headings and how sure it is that LimeSurvey wrote them."""
    spaced = any(" " in heading for heading in headings)
    joint = _joint(headings)
    styles = [Style("code"), Style("text", underscored=not spaced and any("_" in heading for heading in headings))]
    styles += [Style("both", joint)] if joint is not None else []
    scores = [_score(_own_columns(headings, style)) for style in styles]
    best = max(range(len(styles)), key=lambda place: scores[place])
    if scores[best] == 0.0:
        return Style("code" if all(_CODE.fullmatch(heading) for heading in headings) else "text"), 0.0
    return styles[best], scores[best]


def _timings(headings: Record, style: Style) -> int:
    """How many columns at the right are times, or of the table of participants."""
    count = total = parts = 0
    for heading in reversed(headings):
        name = heading.split(style.joint)[0] if style.joint else heading
        form = word(heading.partition(style.joint)[2] if style.joint else heading)
        whole = name == "interviewtime" if style.kind != "text" else _own_code(heading) == "interviewtime"
        part = re.fullmatch(r"groupTime\d+|\w+Time", name) if style.kind != "text" else _TIMES.fullmatch(form)
        if not (whole or part or (style.kind != "text" and name in PEOPLE)):
            break
        count, total, parts = count + 1, total + whole, parts + bool(part)
    people = style.kind != "text" and "token" in {heading.split(style.joint or " ")[0] for heading in headings}
    return count if (total and (parts or style.kind != "text")) or people else 0


def abbreviated(headings: Record) -> bool:
    """Tell whether texts of headings were cut, at 15 characters or another number of them."""
    pieces = [piece for heading in headings for piece in re.split(r" \[|\]\[|\]\s*$", heading.rstrip())]
    cut = [len(piece.rstrip()) - 2 for piece in pieces if piece.rstrip().endswith("..")]
    whole = [len(piece) for piece in pieces if not piece.rstrip().endswith("..")]
    return len(cut) > 1 and len(set(cut)) == 1 and max(whole, default=0) <= cut[0]


def _groups(rest: str) -> list[str] | None:
    """Cut ``[a][b]`` into what the brackets hold; None where anything stands outside them."""
    out: list[str] = []
    depth = start = 0
    for place, char in enumerate(rest):
        if depth == 0 and char != "[":
            return None
        if char == "[":
            start = place + 1 if depth == 0 else start
            depth += 1
        elif char == "]":
            depth -= 1
            if depth == 0:
                out.append(rest[start:place])
    return out if depth == 0 and out else None


def _cut(text: str) -> tuple[str, str | None]:
    """Cut ``Question [option]``; several brackets stay one part, as they are written."""
    for match in islice(re.finditer(r" \[", text), _TRIES):
        if _groups(text[match.end() - 1 :].rstrip()) is not None:
            return text[: match.start()], text[match.end() :].rstrip()[:-1]
    head, found, tail = text.partition(" [")
    return (head, tail.rstrip()[:-1]) if found and text.rstrip().endswith("]") else (text, None)


def headings_of(headings: Record, style: Style) -> Iterator[Heading]:
    """Read every heading by its style."""
    own = _run(_own_columns(headings, style))
    times = len(headings) - _timings(headings, style)
    for place, written in enumerate(headings):
        name, text = written, written
        if style.kind == "both":
            name, _, text = written.partition(style.joint)
        if place < len(own) or place >= times:
            yield Heading(written, text, own=own[place] if place < len(own) else name if name in PEOPLE else "time")
            continue
        text = unescaped(text.replace("_", " ") if style.underscored else text)
        label, sub = _cut(text) if style.kind != "code" else (None, None)
        match = _CODE.fullmatch(name) if style.kind != "text" else None
        question, part, scale = match.groups() if match else (None, None, None)
        if question and part is None and "_" in question:
            # Codes of expressions; a question's own code holds no underscore since version 2.
            question, _, part = question.partition("_")
        yield Heading(written, text, question, part, scale, label, sub)
