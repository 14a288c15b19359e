"""Statistics of survey answers: pure functions on integer codes, count tables and numeric arrays.

Belongs here: point estimates, intervals, tests and weights, each with its source and an independent oracle
under ``tests/golden``. Does not: texts a reader sees (``formatting``, ``editorial``), result frames
(``estimates``), what may be released (``disclosure``), files, pandas.

Conventions of the room: a code of -1 is missing; a table of counts is rows × columns; shares lie in [0, 1]; a
result is a frozen dataclass in which what cannot be computed is None, with a reason code where a test was
asked for; whatever draws random numbers takes a seed and sorts first, so that the order of the respondents
never matters.

Why own code: statsmodels takes two seconds to import and is an oracle of the tests only. scipy gives the special
functions, rank tests without weights, the conditional odds ratio and tables drawn with fixed margins. Its Wilson and
exact intervals come after a binomial test, of one whole count at a time; its Freeman–Halton test is simulated without
a seed by default; it has no simultaneous or design-based intervals, tests under a sample design, multiple responses
or raking.
"""
