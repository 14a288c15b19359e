"""A number as people and spreadsheets write it.

Belongs here: one text to one number. Does not: bounds of a question (`coding`), numbers made text
(`synthese.formatting`).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from synthese.cleaning.choices import excel_date
from synthese.cleaning.normal import normalise

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_BOTH = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+|(?:\.\d{3}){2,}|(?:,\d{3}){2,})")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d{1,3}")
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True)
class Number:
    """What a text was read as.

    Parameters
    ----------
    value : float or None
        None where it is no number.
    rule : str or None
        Rule by which it was read (see `rules.RULES`); None where it is written as a computer would.
    """

    value: float | None
    rule: str | None = None


def read_number(text: str, unit: str | None = None) -> Number:
    """Read a number: French or English decimals, groups of three, a unit after it.

    Parameters
    ----------
    text : str
        A cell that is not blank: ``0,5``, ``1 200``, ``1.200,5``, ``0,5 ETP``.
    unit : str, optional
        Unit of the question, allowed after the number (a plural s too).

    Returns
    -------
    Number
        ``1,200`` and ``1.200`` are read as decimals under the rule ``ambiguous-number``.
    """
    if _PLAIN.fullmatch(text) and not _UNCLEAR.fullmatch(text):
        return Number(float(text))
    if excel_date(text):
        return Number(None, "excel-date")
    form = normalise(text).replace("'", " ")
    if unit is not None:
        ending = normalise(unit)
        form = next((form.removesuffix(e) for e in (ending, f"{ending}s") if form.endswith(e)), form).strip()
    if _SCIENTIFIC.fullmatch(form):
        value = float(form.replace(",", "."))
        return Number(value, "scientific-notation") if math.isfinite(value) else Number(None, "not-a-number")
    rule = "ambiguous-number" if _UNCLEAR.fullmatch(form) else "number-parsed"
    if _BOTH.fullmatch(form):
        last = max(form.rfind("."), form.rfind(","))
        decimal = form[last] if form.count(form[last]) == 1 else None
        digits = "".join("." if char == decimal else char for char in form if char not in ".," or char == decimal)
        return Number(float(digits), rule)
    if _GROUPED.fullmatch(form):
        form = form.replace(" ", "")
    if _DECIMAL.fullmatch(form):
        value = float(form.replace(",", "."))
        return Number(value, rule) if math.isfinite(value) else Number(None, "not-a-number")
    return Number(None, "not-a-number")


def written(value: float) -> str:
    """Write a number for the journal: as short as reads back the same."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
