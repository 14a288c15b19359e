"""Checks of the headlines that a codebook fixes beforehand.

Belongs here: references of headlines to questions, options and groups. Does not: their shape (`headline`), or whether
they hold (`synthese.analysis`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from synthese.codebook.checks import nearest, options_of
from synthese.codebook.headline import Headline
from synthese.codebook.model import Question, Regrouping, Scale

Place = tuple[str | int, ...]
Report = Callable[[str, str, Place, str], None]
_KINDS = ("single", "ordinal", "multiple", "grid")


class _Known:
    """Questions, rows of grids and regroupings by id, with the codes of their answers."""

    def __init__(
        self, questions: Mapping[str, Question], regroupings: Mapping[str, Regrouping], scales: Mapping[str, Scale]
    ) -> None:
        self.questions, self.regroupings, self.scales = questions, regroupings, scales
        whole = [name for question in questions.values() for name in _names(question)]
        self.names = whole + [name for name in regroupings if name.split("@")[0] in whole]

    def question(self, name: str) -> Question:
        return self.questions[_root(name).split(".")[0]]

    def codes(self, name: str) -> list[str]:
        if name in self.regroupings:
            return [group.code for group in self.regroupings[name].groups]
        return [option.code for option in options_of(self.question(name), self.scales)]

    def outside(self, name: str) -> list[str]:
        """Codes that the base leaves out: for a regrouping, groups of such options alone."""
        options = options_of(self.question(name), self.scales)
        out = [option.code for option in options if not option.in_base]
        if name in self.regroupings:
            return [group.code for group in self.regroupings[name].groups if set(group.of) <= set(out)]
        return out


def check_headlines(
    headlines: Mapping[int, Headline],
    questions: Mapping[str, Question],
    regroupings: Mapping[str, Regrouping],
    scales: Mapping[str, Scale],
    report: Report,
    unread: Collection[str] = (),
) -> None:
    """Report every fault of the headlines.

    Parameters
    ----------
    headlines : mapping of int to Headline
        By place in the file.
    questions, regroupings, scales : mapping
        What could be read, by id.
    report : callable
        Called as ``report(code, what, path, fix)`` for each fault.
    unread : collection of str
        Ids of questions that could not be read: what names them is not judged until they can.
    """
    known = _Known(questions, regroupings, scales)
    ids: set[str] = set()
    numbers: dict[tuple[str | None, ...], str] = {}
    for index, headline in headlines.items():
        place: Place = ("headlines", index)
        if headline.id in ids:
            report("duplicate", f"headline {headline.id!r} is given twice", (*place, "id"), "rename one")
        ids.add(headline.id)
        number = (headline.question, headline.option, headline.by, headline.group)
        if number in numbers:
            what = f"{headline.id} is the number of {numbers[number]} again"
            report("duplicate", what, place, "keep one, with the variants of both")
        numbers.setdefault(number, headline.id)
        if not _answer(known, headline.question, headline.option, place, "option", report, unread):
            continue
        if headline.by is not None and headline.group is not None:
            _answer(known, headline.by, headline.group, place, "group", report, unread)
        _check_variants(known, headline, place, report, unread)


def _check_variants(known: _Known, headline: Headline, place: Place, report: Report, unread: Collection[str]) -> None:
    variants, at = headline.variants, (*place, "variants")
    if variants.dont_know_in_base and not known.outside(_root(headline.question)):
        what = f"every option of {_root(headline.question)} is in its base already"
        report("nothing-left-out", what, (*at, "dont_know_in_base"), "remove it: it would change nothing")
    levels = variants.answered_at_least
    if len(set(levels)) < len(levels):
        report("duplicate", "a part is given twice", (*at, "answered_at_least"), "give each once")
    seen = [(headline.question, frozenset([headline.option]))]
    for number, counted in enumerate(variants.counted):
        where = (*at, "counted", number)
        name = counted.question or headline.question
        if _root(name) != _root(headline.question):
            what = f"{name} is another question than {headline.question}"
            report("other-question", what, (*where, "question"), "name the same question, or a regrouping of it")
            continue
        if not _exists(known, name, (*where, "question"), report, unread):
            continue
        for rank, code in enumerate(counted.options):
            _option(known, name, code, (*where, "options", rank), report)
        if (name, frozenset(counted.options)) in seen:
            report("duplicate", "these answers are counted already", where, "remove it, or name others")
        seen.append((name, frozenset(counted.options)))


def _answer(
    known: _Known, name: str, code: str, place: Place, key: str, report: Report, unread: Collection[str]
) -> bool:
    """Check a question and one of its answers; whether the rest can be judged."""
    where = (*place, "by" if key == "group" else "question")
    return _exists(known, name, where, report, unread) and _option(known, name, code, (*place, key), report)


def _exists(known: _Known, name: str, place: Place, report: Report, unread: Collection[str]) -> bool:
    if _root(name).split(".")[0] in unread:
        return False
    if name not in known.names:
        report("unknown-variable", f"{name!r} has no shares to put forward", place, nearest(name, known.names))
        return False
    return True


def _option(known: _Known, name: str, code: str, place: Place, report: Report) -> bool:
    codes = known.codes(name)
    if code not in codes:
        report("unknown-option", f"{name} has no option {code!r}", place, nearest(code, codes))
        return False
    if code in known.outside(name):
        inside = [one for one in codes if one not in known.outside(name)]
        report("out-of-base", f"{code!r} is left out of the base of {name}", place, f"one of {', '.join(inside)}")
        return False
    return True


def _root(name: str) -> str:
    return name.partition("@")[0]


def _names(question: Question) -> list[str]:
    if question.personal or question.type not in _KINDS:
        return []
    if question.type == "grid":
        return [f"{question.id}.{row.code}" for row in question.rows]
    return [question.id]
