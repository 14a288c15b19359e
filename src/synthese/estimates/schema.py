"""Columns of the results frames, in the order of the contract, with their types and meaning."""

from __future__ import annotations

from typing import Final, Literal

Kind = Literal["text", "count", "number"]

ESTIMATE_COLUMNS: Final[dict[str, tuple[Kind, str]]] = {
    "wave": ("text", "wave id"),
    "question": ("text", "variable id: question, grid row or regrouping"),
    "option": ("text", "option code, or a missing reason for counts; null for means"),
    "universe": ("text", "name of a filter; null = every kept respondent"),
    "by": ("text", "variable id of the breakdown; null for a total"),
    "group": ("text", "option code of the breakdown; null for a total"),
    "statistic": ("text", "what `value` is; see STATISTICS"),
    "value": ("number", "unrounded; a share lies in [0, 1]"),
    "unit": ("text", "unit of `value`: share, respondents, or the question's own"),
    "ci_low": ("number", "lower end of the interval, in the unit of `value`"),
    "ci_high": ("number", "upper end of the interval"),
    "confidence": ("number", "level of the interval, such as 0.95"),
    "count": ("count", "respondents in the numerator, unweighted"),
    "base": ("count", "respondents in the denominator, unweighted"),
    "asked": ("count", "respondents whom the routing reached"),
    "answered": ("count", "of them, those who gave an answer, « ne sait pas » included"),
    "base_weighted": ("number", "sum of weights over the base; the base itself without weights"),
    "effective_n": ("number", "Kish effective size of the base; the base itself without weights"),
    "reference_wave": ("text", "for a difference: the wave compared with"),
    "reference_group": ("text", "for a difference: the group compared with"),
    "method": ("text", "how value and interval were computed"),
    "status": ("text", "what the gate decided; see STATUSES"),
    "reason": ("text", "why it is not released, or what to beware of"),
}

TEST_COLUMNS: Final[dict[str, tuple[Kind, str]]] = {
    "wave": ("text", "wave id"),
    "question": ("text", "variable id"),
    "option": ("text", "option code where one option is tested; null = the whole question"),
    "universe": ("text", "name of a filter; null = every kept respondent"),
    "by": ("text", "variable id of the breakdown"),
    "group": ("text", "group tested against the reference; null = all groups"),
    "reference_group": ("text", "group compared with"),
    "reference_wave": ("text", "wave compared with"),
    "method": ("text", "test that was run, chosen by the rule that the docs state"),
    "statistic": ("number", "test statistic; null for exact tests"),
    "df": ("number", "degrees of freedom"),
    "p_value": ("number", "unadjusted"),
    "p_se": ("number", "Monte Carlo standard error of the p-value"),
    "family": ("text", "planned | exploratory"),
    "adjustment": ("text", "holm | benjamini_hochberg"),
    "p_adjusted": ("number", "adjusted over the whole report, within the family"),
    "effect": ("text", "name of the effect size: cramers_v, difference…"),
    "effect_size": ("number", "its value"),
    "effect_low": ("number", "lower end of its interval"),
    "effect_high": ("number", "upper end of its interval"),
    "base": ("count", "respondents in the test, unweighted"),
    "status": ("text", "what the gate decided"),
    "reason": ("text", "why there is no number, or what to beware of"),
}

STATISTICS: Final = (
    "share",
    "share_of_by",
    "share_total",
    "share_mentions",
    "count",
    "mean",
    "median",
    "quantile_25",
    "quantile_75",
    "nps",
    "difference",
    "adjusted_residual",
)

STATUSES: Final = ("released", "count_only", "withheld_primary", "withheld_secondary", "too_small")

ESTIMATE_NUMBERS: Final = tuple(name for name, (kind, _) in ESTIMATE_COLUMNS.items() if kind != "text")
TEST_NUMBERS: Final = tuple(name for name, (kind, _) in TEST_COLUMNS.items() if kind != "text")
