"""The gate: from the private estimates and tests of a wave to `Released`.

Belongs here: the order in which the rules are applied, and writing their decisions into the frames. Does not:
the rules themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from synthese.codebook import Codebook
from synthese.disclosure import inference
from synthese.disclosure.ends import without_telling_ends
from synthese.disclosure.families import adjusted_apart
from synthese.disclosure.ladder import decide_crosses
from synthese.disclosure.one_way import decide_one_way
from synthese.disclosure.panels import decide_panels
from synthese.disclosure.released import SEAL, Released
from synthese.disclosure.robustness import decide_robustness
from synthese.disclosure.rules import Decision, row_decision
from synthese.disclosure.standardised import decide_standardised
from synthese.disclosure.tables import WITHHELD, read_tables
from synthese.disclosure.universes import decide_universes
from synthese.disclosure.weighing import decide_strata, in_shown_digits, tests_in_shown_digits
from synthese.estimates import ESTIMATE_NUMBERS, TEST_NUMBERS, robustness_frame, validate_estimates, validate_tests
from synthese.study import StudySettings, WaveSettings

_REASON = r"[a-z][a-z0-9_-]*(:[0-9.x]+)?"
_BY_ANSWERS = ("chi_square", "freeman_halton", "monte_carlo", "mcnemar", "mcnemar_exact")
_OVERLAP = r"^partial-overlap:\d+$"


def release(
    estimates: pd.DataFrame,
    tests: pd.DataFrame,
    codebook: Codebook,
    wave: WaveSettings,
    settings: StudySettings,
    *,
    earlier: Iterable[Released] = (),
    robustness: pd.DataFrame | None = None,
) -> Released:
    """Release a wave: once, over all of its estimates and tests.

    Parameters
    ----------
    estimates : DataFrame, shape (estimates, 23)
        Private estimates of the wave, in the contract of `synthese.estimates`. Counts and bases are unweighted.
    tests : DataFrame, shape (tests, 24)
        Its private tests.
    codebook, wave, settings
        What was asked, how the wave was collected (its design decides on intervals and tests), and the rules.
    earlier : iterable of Released, optional
        Releases of the waves compared with: a ``difference`` with a wave that is not among them is withheld.
    robustness : DataFrame, optional
        Headlines under variants, in the contract of `synthese.estimates.robustness`.

    Returns
    -------
    Released
        The same rows in the same order, each with its status and reason; a withheld row has null in every number.

    Raises
    ------
    SyntheseError
        Rows of another wave, of an unknown or a personal question, or two counts for one cell.
    ValueError
        A frame that breaks its contract.
    """
    validate_estimates(estimates)
    validate_tests(tests)
    before = {release.wave: release for release in earlier}
    rules = settings.disclosure
    tables = read_tables(estimates, codebook, wave)
    decide_one_way(tables, rules)
    ladder = decide_crosses(tables, codebook, rules)
    decide_universes(tables, rules)

    decisions: dict[int, Decision] = {}
    for table in tables.values():
        for line in table.lines:
            if not line.withheld:
                decisions[line.position] = row_decision(table, line, rules)
    out = _decided(estimates, decisions, ESTIMATE_NUMBERS)
    known = set(decisions)
    out = _decided(out, decide_strata(out, tables, wave, rules), ESTIMATE_NUMBERS)
    rest: tuple[Callable[[pd.DataFrame], dict[int, Decision]], ...] = (
        lambda rows: inference.decide_residuals(rows, wave),
        lambda rows: inference.decide_differences(rows, tables, before, rules),
        lambda rows: decide_panels(rows, tables, before, wave, rules),
        lambda rows: decide_standardised(rows, tables, before, codebook, rules),
    )
    for decide in rest:
        found = decide(out)
        known |= set(found)
        out = _decided(out, found, ESTIMATE_NUMBERS)
    undecided: Decision = ("withheld_primary", "unknown-kind")
    left = {p: undecided for p, status in enumerate(out["status"]) if p not in known and status not in WITHHELD}
    out = _decided(out, left, ESTIMATE_NUMBERS)
    out = inference.without_intervals(without_telling_ends(out, rules), wave)
    out = in_shown_digits(out, wave, before)
    released_tests = _decided(tests, inference.decide_tests(tests, out, tables, before, wave, rules), TEST_NUMBERS)
    released_tests = tests_in_shown_digits(adjusted_apart(released_tests), wave, before)
    return Released(
        SEAL,
        estimates=validate_estimates(_told(out)),
        tests=validate_tests(_told(released_tests)),
        robustness=decide_robustness(
            robustness_frame() if robustness is None else robustness, out, codebook, rules, before
        ),
        codebook=codebook,
        wave=wave,
        settings=settings,
        ladder=ladder,
        earlier=before,
    )


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep of each reason its code, and no method of what is withheld.

    A number beside a reason could be a small count, and prose anything at all. A method may be chosen by the answers:
    that of a share of none or all, of a test whose expected counts are small.
    """
    out = frame.copy()
    telling = out["method"].isin(_BY_ANSWERS) if "p_value" in out.columns else True
    out["method"] = out["method"].mask(out["status"].isin(WITHHELD) & telling)
    codes = out["reason"].str.replace(_OVERLAP, "partial-overlap", regex=True)
    out["reason"] = codes.where(codes.str.fullmatch(_REASON).fillna(False).astype(bool))
    return out


def _decided(frame: pd.DataFrame, decisions: Mapping[int, Decision], numbers: Sequence[str]) -> pd.DataFrame:
    """Write status and reason by position; null the numbers that the status forbids."""
    out = frame.reset_index(drop=True)
    status = out["status"].tolist()
    reason = out["reason"].tolist()
    for position, (decided, why) in decisions.items():
        status[position] = decided
        if why is not None:
            reason[position] = why
    out["status"] = pd.Series(status, dtype="str")
    out["reason"] = pd.Series([None if pd.isna(text) else text for text in reason], dtype="str")
    withheld = out["status"].isin(WITHHELD)
    for name in numbers:
        out[name] = out[name].mask(withheld)
    if "value" in out.columns:
        for name in ("value", "ci_low", "ci_high", "confidence"):
            out[name] = out[name].mask(out["status"].eq("count_only"))
    return out
