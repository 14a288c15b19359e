"""What spreadsheets do to texts that look like numbers, in answers that no list of options can mend.

Belongs here: telling damage in free and identifying texts. Does not: options (`choices`), numbers (`numbers`),
characters that were wrongly decoded (`columns`). Nothing is changed: what was lost cannot be known.
"""

from __future__ import annotations

import re

import numpy as np

from synthese.cleaning.columns import Objects
from synthese.cleaning.ledger import Ledger

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d{2}", re.IGNORECASE)
# A French telephone number without its first zero, and a SIREN or postal code that cannot be told from one are alike:
# only columns of telephone numbers are looked at.
_PHONE = re.compile(r"(?:\+?33|0)[1-9](?:[ .\-]?\d\d){4}")
_SHORT_PHONE = re.compile(r"[1-9]\d{8}")
_SHARE = 0.5


def look_for_damage(texts: Objects, question: str, label: str, ledger: Ledger) -> None:
    """Tell of identifying or free texts that a spreadsheet has changed.

    Numbers in scientific notation (``1,23457E+13``: digits are lost), and telephone numbers without their first
    zero, in columns where most answers are telephone numbers. Texts themselves are not quoted.

    Parameters
    ----------
    texts : ndarray of str, shape (n,)
        One a record.
    question, label : str
        Id of the question, header of its column.
    ledger : Ledger
        Told of the rows.
    """
    stripped = [str(text).strip() for text in texts]
    found = [place for place, text in enumerate(stripped) if _SCIENTIFIC.fullmatch(text)]
    ledger.finding(
        "scientific-notation",
        f"the answer to {question} is a number in scientific notation: a spreadsheet has cut its digits",
        column=label,
        positions=np.array(found, dtype=np.int64),
        fix="take the text from the tool's own export, opened in no spreadsheet",
    )
    short = [place for place, text in enumerate(stripped) if _SHORT_PHONE.fullmatch(text)]
    if not short:
        return
    filled = sum(bool(text) for text in stripped)
    whole = sum(bool(_PHONE.fullmatch(text)) for text in stripped)
    if (len(short) + whole) >= _SHARE * filled:
        ledger.finding(
            "leading-zero",
            f"the answer to {question} is a telephone number without its first zero",
            column=label,
            positions=np.array(short, dtype=np.int64),
            fix="take it from the tool's own export, opened in no spreadsheet; read the column as text there",
        )
