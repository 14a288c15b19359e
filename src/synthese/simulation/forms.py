"""From codes to what people send in: labels, texts, identities, times, and the rows that cleaning must drop.

Belongs here: a population as `synthese.exports.Answers`. Does not: drawing answers (`population`), file
formats (`exports`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from synthese.codebook import Codebook, Question
from synthese.exports import Answers, Field, Submission, Ticked
from synthese.exports.forms import Value
from synthese.simulation import draw, people
from synthese.simulation.plan import Plan
from synthese.simulation.population import Population

_DRAFT_PART, _FIRST_TRY_PART = 0.4, 0.7  # how far a draft, and a first try that broke off, got
_TRIAL = "TEST"
_DAY = 9 * 3600  # seconds between nine and six


@dataclass(frozen=True)
class _Form:
    """A wave's form: its questions in its order, as it words them."""

    codebook: Codebook
    wave: str
    plan: Plan

    @property
    def questions(self) -> list[Question]:
        asked = [question for question in self.codebook.questions if question.asked(self.wave)]
        places = {name: place for place, name in enumerate(self.plan.order)}
        return sorted(asked, key=lambda question: places.get(question.id, len(places)))

    def label(self, question: Question) -> str:
        return self.plan.labels.get(question.id, question.wording(self.wave))

    def options(self, question: Question) -> dict[str, str]:
        """Option code to the text the form shows, « Autre » included."""
        return {
            option.code: self.plan.labels.get(f"{question.id}.{option.code}", option.label)
            for option in question.options
            if option.offered(self.wave)
        }

    def rows(self, question: Question) -> dict[str, str]:
        return {
            row.code: self.plan.labels.get(f"{question.id}.{row.code}", row.label)
            for row in question.rows
            if row.waves is None or self.wave in row.waves
        }

    def field(self, question: Question) -> Field:
        label, required = self.label(question), question.required
        texts = self.options(question)
        other = next((option.code for option in question.options if option.other and option.code in texts), None)
        listed = tuple(text for code, text in texts.items() if code != other)
        free = texts.get(other) if other else None
        if question.type in ("grid", "ranking"):
            rows = tuple(self.rows(question).values())
            return Field(label, "grid", rows, None, question.id, question.type, listed, required)
        if question.type == "multiple":
            return Field(label, "many", listed, free, question.id, question.type, required=required)
        return Field(label, "one", (), free, question.id, question.type, listed, required)

    def hidden(self, who: Population) -> list[frozenset[int]]:
        """Places of the questions that each respondent was not shown."""
        out: list[set[int]] = [set() for _ in range(who.size)]
        for place, question in enumerate(self.questions):
            if question.routing is not None:
                unit = question.id if question.id in who.asked else f"{question.id}.{next(iter(self.rows(question)))}"
                for i in np.flatnonzero(~who.asked[unit]):
                    out[i].add(place)
        return [frozenset(places) for places in out]


def _number(value: float) -> str:
    """Write a number as French forms get it: decimal comma."""
    if np.isnan(value):
        return ""
    return f"{value:.10g}".replace(".", ",")


def _values(form: _Form, question: Question, who: Population, rng: np.random.Generator) -> list[Value]:
    """Answers of all respondents to one question, as the form takes them."""
    name, texts = question.id, form.plan.of(question.id).texts
    shown = form.options(question)
    other = next((option.code for option in question.options if option.other), None)
    if question.type in ("single", "ordinal"):
        free = people.others(rng, who.size, texts)
        return [free[i] if code and code == other else shown.get(code, "") for i, code in enumerate(who.codes[name])]
    if question.type == "multiple":
        free = people.others(rng, who.size, texts)
        ticks = who.ticks[name]
        return [
            Ticked(
                tuple(text for code, text in shown.items() if code != other and ticks[code][i]),
                free[i] if other in ticks and ticks[other][i] else "",
            )
            for i in range(who.size)
        ]
    if question.type == "grid":
        rows = form.rows(question)
        return [tuple(shown.get(who.codes[f"{name}.{row}"][i], "") for row in rows) for i in range(who.size)]
    if question.type == "ranking":
        return [tuple(str(rank) if rank else "" for rank in line) for line in who.ranks[name]]
    if question.type == "numeric":
        return [_number(value) for value in who.values[name]]
    answered = who.answered[name]
    if question.personal:
        return [people.identity(question, int(n)) if a else "" for n, a in zip(who.numbers_of, answered, strict=True)]
    written = people.comments(rng, who.size, texts)
    return [text if a else "" for text, a in zip(written, answered, strict=True)]


def _empty(value: Value) -> Value:
    if isinstance(value, Ticked):
        return Ticked()
    return "" if isinstance(value, str) else tuple("" for _ in value)


def _broken_off(submission: Submission, part: float) -> Submission:
    """Keep the first part of the form's answers only."""
    kept = round(part * len(submission.values))
    values = tuple(v if i < kept else _empty(v) for i, v in enumerate(submission.values))
    return replace(submission, values=values)


def _times(rng: np.random.Generator, size: int, field_work: tuple[dt.date, dt.date]) -> list[dt.datetime]:
    """Office hours between two dates, most of them early on; no two alike where that is possible."""
    start, end = field_work
    days = (end - start).days + 1
    chosen = np.minimum((days * rng.beta(0.9, 2.2, size)).astype(int), days - 1)
    seconds = rng.choice(_DAY, size, replace=size > _DAY)
    morning = dt.datetime.combine(start, dt.time(9))
    return [
        morning + dt.timedelta(days=int(day), seconds=int(second)) for day, second in zip(chosen, seconds, strict=True)
    ]


def _sent(submission: Submission, at: dt.datetime, number: int, *, draft: bool = False) -> Submission:
    stamp = at.isoformat(timespec="seconds")
    meta = {
        "submitted": stamp,
        "completed": "" if draft else stamp,
        "modified": stamp,
        "draft": "1" if draft else "0",
        "ip": people.address(number),
    }
    return replace(submission, meta=meta)


def _with_identity(form: _Form, submission: Submission, number: int, *, text: str | None = None) -> Submission:
    """Give a submission another identity; a trial has the same word in every identifying text."""
    values = list(submission.values)
    for place, question in enumerate(form.questions):
        if question.personal:
            identity = people.identity(question, number)
            values[place] = text if text is not None and "@" not in identity else identity
    return replace(submission, values=tuple(values))


def fill(
    codebook: Codebook,
    wave: str,
    who: Population,
    seed: int,
    plan: Plan,
    field_work: tuple[dt.date, dt.date],
) -> Answers:
    """Fill in a wave's form for a population, and add the rows that cleaning must drop.

    Parameters
    ----------
    codebook : Codebook
        Wordings and options.
    wave : str
        Wave id.
    who : Population
        Respondents kept.
    seed : int
        Decides texts, times, and who began twice.
    plan : Plan
        Order, labels, rows to be dropped.
    field_work : tuple of date
        First and last day.

    Returns
    -------
    Answers
        Submissions in the order of their times: ``who.size`` to keep, plus ``plan.removed``.
    """
    form = _Form(codebook.put_in(wave), wave, plan)
    columns = [
        _values(form, question, who, draw.generator(seed, wave, question.id, "texts")) for question in form.questions
    ]
    rng = draw.generator(seed, wave, "rows")
    hidden = form.hidden(who)
    kept = [Submission(tuple(column[i] for column in columns), hidden=hidden[i]) for i in range(who.size)]
    removed = plan.removed
    strangers = removed.drafts + removed.trials + removed.empty
    times = _times(rng, who.size + strangers, field_work)
    rows = [(times[i], _sent(kept[i], times[i], int(who.numbers_of[i]))) for i in range(who.size)]
    for i in rng.choice(who.size, removed.duplicates, replace=False):
        at = times[i] - dt.timedelta(seconds=int(rng.integers(300, 1800)))
        rows.append((at, _sent(_broken_off(kept[i], _FIRST_TRY_PART), at, int(who.numbers_of[i]))))
    next_number = int(who.numbers_of.max()) + 1
    for place, at in enumerate(times[who.size :]):
        number = next_number + place
        model = kept[int(rng.integers(who.size))]
        if place < removed.drafts:
            draft = _broken_off(_with_identity(form, model, number), _DRAFT_PART)
            rows.append((at, _sent(draft, at, number, draft=True)))
        elif place < removed.drafts + removed.trials:
            rows.append((at, _sent(_with_identity(form, model, number, text=_TRIAL), at, number)))
        else:
            blank = Submission(tuple(_empty(value) for value in model.values))
            rows.append((at, _sent(blank, at, number)))
    rows.sort(key=lambda row: row[0])
    fields = tuple(form.field(question) for question in form.questions)
    return Answers(plan.title, fields, tuple(submission for _, submission in rows))
