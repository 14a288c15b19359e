"""Statistics of survey answers: pure functions on integer codes, count tables and numeric arrays.

Belongs here: point estimates, intervals, tests and weights, each with its source and an independent oracle
under ``tests/golden``. Does not: texts a reader sees (``formatting``, ``editorial``), result frames
(``estimates``), what may be released (``disclosure``), files, pandas.

Conventions of the room: a code of -1 is missing; a table of counts is rows × columns; shares lie in [0, 1]; a
result is a frozen dataclass in which what cannot be computed is None, with a reason code where a test was
asked for; whatever draws random numbers takes a seed and sorts first, so that the order of the respondents
never matters.
"""
