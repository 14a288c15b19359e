"""Clean answers made again from the raw export and the journal.

Belongs here: the proof that the journal holds every change. Does not: finding what to change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthese.cleaning.columns import Coded
from synthese.cleaning.ledger import FILE, Ledger
from synthese.cleaning.recoding import CODED, widened
from synthese.cleaning.routing import apply_routing
from synthese.cleaning.rules import ROW_RULES
from synthese.cleaning.street import coded_answers, opened, respondent_keys, responses_frame
from synthese.codebook import Codebook, variables
from synthese.codebook.codeframe import as_asked
from synthese.codebook.missing import ANSWERED, NO_ANSWER
from synthese.exports import RawExport
from synthese.study import WaveSettings


def replay(journal: pd.DataFrame, raw: RawExport, codebook: Codebook, wave: WaveSettings) -> pd.DataFrame:
    """Apply a journal to the export it was written about.

    Only what needs no rule is read from the cells: an option's own text, a plain number, a tick. Rows go and
    values change as the journal says, and no otherwise; then routing gives its reasons, and coders' codes count.

    Parameters
    ----------
    journal : DataFrame
        `Cleaned.journal`, or ``journal.csv`` read again.
    raw, codebook, wave
        As given to `clean`.

    Returns
    -------
    DataFrame
        Equal to `Cleaned.responses`.
    """
    counted_by, codebook = codebook, as_asked(codebook)
    ledger = Ledger(raw.file, raw.rows)
    desk, sources, asked = opened(raw, codebook, wave, ledger)
    desk.exact = True
    coded = coded_answers(desk, asked, sources)
    files = [None] * len(raw.rows) if raw.files is None else raw.files.tolist()
    place = {(file, int(row)): position for position, (file, row) in enumerate(zip(files, raw.rows, strict=True))}
    lines = journal.loc[journal["row"].notna()]
    named = lines[FILE] if FILE in lines else [None] * len(lines)
    where = pd.Series(
        [place[file, int(row)] for file, row in zip(named, lines["row"], strict=True)], index=lines.index, dtype="int64"
    )
    drops = lines["rule"].isin(ROW_RULES)
    kept = np.ones(len(raw.rows), dtype=bool)
    kept[where[drops].to_numpy()] = False
    values = lines.loc[~drops & (lines["rule"] != "branch-conflict")]
    after = values["after"].fillna("")
    by_sheet = (values["rule"] == CODED).to_numpy(dtype=bool)
    told = list(zip(where[values.index], values["question"], after, by_sheet, strict=True))
    for position, target, answer, _ in (line for line in told if not line[3]):
        _apply(coded, int(position), str(target), str(answer))
    apply_routing(coded, ledger)
    coded = widened(coded, variables(counted_by, wave.id))
    for position, target, answer, _ in (line for line in told if line[3]):
        _apply(coded, int(position), str(target), str(answer))
    return responses_frame(coded, kept, respondent_keys(kept))


def _apply(coded: dict[str, Coded], position: int, target: str, told: str) -> None:
    if target in coded:
        _whole(coded[target], position, told)
        return
    name, _, part = target.rpartition(".")
    answers = coded[name]
    if answers.ticks:
        answers.ticks[part][position] = told == "1"
        answers.status[position] = ANSWERED if any(flags[position] for flags in answers.ticks.values()) else NO_ANSWER
    elif answers.variable.kind == "ranking":
        answers.values[part][position] = float(told) if told else np.nan
        ranked = any(ranks[position] == ranks[position] for ranks in answers.values.values())
        answers.status[position] = ANSWERED if ranked else NO_ANSWER
    elif told == "1":
        answers.status[position] = part


def _whole(answers: Coded, position: int, told: str) -> None:
    missing = not told or told.startswith("_")
    status = (told or NO_ANSWER) if missing else ANSWERED
    if answers.ticks:
        named = set() if missing else set(told.split(";"))
        for code, flags in answers.ticks.items():
            flags[position] = code in named
    elif answers.variable.kind == "ranking":
        ranks = {} if missing else dict(item.split("=") for item in told.split(";"))
        for code, values in answers.values.items():
            values[position] = float(ranks.get(code, "nan"))
    elif answers.variable.kind == "numeric":
        answers.values[""][position] = np.nan if missing else float(told)
    elif answers.variable.kind != "open" and not missing:
        status = told
    elif answers.variable.kind == "open" and not missing:
        return
    answers.status[position] = status
