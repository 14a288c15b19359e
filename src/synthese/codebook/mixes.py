"""Checks of the mix that a codebook standardises to.

Belongs here: references of ``standardisation`` to questions and strata. Does not: its shape (`standardisation`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from synthese.codebook.checks import nearest, options_of
from synthese.codebook.model import Question, Regrouping, Scale
from synthese.codebook.standardisation import MOST_STRATA, Standardisation

Report = Callable[[str, str, tuple[str | int, ...], str], None]


def check_standardisation(
    declared: Standardisation | None,
    questions: Mapping[str, Question],
    regroupings: Mapping[str, Regrouping],
    scales: Mapping[str, Scale],
    report: Report,
    unread: Collection[str] = (),
) -> None:
    """Report every fault of the standardisation, if there is one; arguments as `universes.check_universes`."""
    if declared is None:
        return
    place: tuple[str | int, ...] = ("standardisation",)
    whole = declared.by.partition("@")[0]
    question = questions.get(whole.partition(".")[0])
    rows = (
        [whole] if question is None or question.type != "grid" else [f"{question.id}.{r.code}" for r in question.rows]
    )
    if whole.partition(".")[0] in unread:
        return
    if question is None or whole not in rows or ("@" in declared.by and declared.by not in regroupings):
        known = [*questions, *regroupings]
        report("unknown-question", f"no {declared.by!r} to stratify by", (*place, "by"), nearest(declared.by, known))
        return
    several = question.type == "multiple" or any(put.type == "multiple" for put in question.type_in)
    if question.personal or several or question.type not in ("single", "ordinal", "grid"):
        kind = "personal" if question.personal else "multiple" if several else question.type
        fix = "take a question with one answer each, that identifies nobody"
        report("not-strata", f"{declared.by} cannot stratify: it is {kind}", (*place, "by"), fix)
        return
    inside = {option.code for option in options_of(question, scales) if option.in_base}
    strata = [option.code for option in options_of(question, scales) if option.in_base]
    if declared.by in regroupings:
        strata = [group.code for group in regroupings[declared.by].groups if inside & set(group.of)]
    if not 2 <= len(strata) <= MOST_STRATA:
        what = f"{declared.by} has {len(strata)} strata: {', '.join(strata)}"
        report("strata-number", what, (*place, "by"), f"take a breakdown of 2 to {MOST_STRATA}, such as a regrouping")
    elif isinstance(declared.mix, dict):
        for code in declared.mix:
            if code not in strata:
                what = f"{declared.by} has no stratum {code!r}"
                report("unknown-option", what, (*place, "mix", code), nearest(code, strata))
        for code in strata:
            if code not in declared.mix:
                report("missing-stratum", f"the mix has no share for {code!r}", (*place, "mix"), "add it, 0 included")
