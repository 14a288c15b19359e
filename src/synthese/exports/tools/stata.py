"""Stata ``.dta``: variables with labels, missing values ``.a`` to ``.z``.

Belongs here: the format's marks and limits. Does not: reading and writing (`exports.statistical`,
`exports.statistical_writing`), which it shares with SPSS.
"""

from __future__ import annotations

from functools import partial

import pyreadstat

from synthese.exports import statistical, statistical_writing
from synthese.exports.model import Dialect, Tool

_NAME, _TITLE = "stata", "Stata"
# From version 117 on the file opens in words; before, by its version, its byte order, 1 and 0.
_OLD = tuple(bytes([version, order, 1, 0]) for version in (104, 105, 108, *range(110, 116)) for order in (1, 2))

TOOL = Tool(
    name=_NAME,
    title=_TITLE,
    recognise=partial(statistical.recognise, tool=_NAME),
    layout=partial(statistical.layout, tool=_NAME, title=_TITLE),
    records=statistical_writing.dta_records,
    variants={"dta": Dialect(suffix=".dta")},
    tells_not_shown=True,
    magic=(b"<stata_dta>", *_OLD),
    load=partial(statistical.load, tool=_NAME, read=pyreadstat.read_dta),
    dump=statistical_writing.dump_dta,
)
