"""SPSS ``.sav`` and ``.zsav``: variables with labels, multiple response sets, values declared missing.

Belongs here: the format's marks and limits. Does not: reading and writing (`exports.statistical`,
`exports.statistical_writing`), which it shares with Stata.
"""

from __future__ import annotations

from functools import partial

import pyreadstat

from synthese.exports import statistical, statistical_writing
from synthese.exports.model import Dialect, Tool

_NAME, _TITLE = "spss", "SPSS"

TOOL = Tool(
    name=_NAME,
    title=_TITLE,
    recognise=partial(statistical.recognise, tool=_NAME),
    layout=partial(statistical.layout, tool=_NAME, title=_TITLE),
    records=statistical_writing.sav_records,
    variants={"sav": Dialect(suffix=".sav")},
    tells_not_shown=True,
    magic=(b"$FL2", b"$FL3"),
    load=partial(statistical.load, tool=_NAME, read=pyreadstat.read_sav),
    dump=statistical_writing.dump_sav,
)
