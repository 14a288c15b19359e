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
    "method": ("text", "how value and interval were computed; see METHODS"),
    "status": ("text", "what the gate decided; see STATUSES"),
    "reason": ("text", "why it is not released, or what to beware of"),
}

TEST_COLUMNS: Final[dict[str, tuple[Kind, str]]] = {
    "wave": ("text", "wave id"),
    "question": ("text", "variable id"),
    "option": ("text", "option code where one option is tested; null = the whole question"),
    "universe": ("text", "name of a filter; null = every kept respondent"),
    "by": ("text", "variable id of the breakdown"),
    "group": ("text", "group tested against the reference, or the rest; null = all groups"),
    "reference_group": ("text", "group compared with"),
    "reference_wave": ("text", "wave compared with"),
    "method": ("text", "test that was run, chosen by the rule that the docs state"),
    "statistic": ("number", "test statistic; null for exact tests and for effects alone"),
    "df": ("number", "degrees of freedom; the numerator's where the reference is an F"),
    "df_denominator": ("number", "of an F the denominator's, of a design-based t its own; null otherwise"),
    "p_value": ("number", "unadjusted"),
    "p_se": ("number", "Monte Carlo standard error of the p-value"),
    "family": ("text", "planned | exploratory"),
    "adjustment": ("text", "holm | benjamini_hochberg over the report; holm_pairs | bonferroni within one cross"),
    "p_adjusted": ("number", "adjusted as `adjustment` says"),
    "effect": ("text", "name of the effect size: cramers_v, difference…"),
    "effect_size": ("number", "its value"),
    "effect_low": ("number", "lower end of its interval"),
    "effect_high": ("number", "upper end of its interval"),
    "base": ("count", "respondents in the test, unweighted"),
    "status": ("text", "what the gate decided"),
    "reason": ("text", "why there is no number, or what to beware of"),
}

STATISTIC_MEANINGS: Final[dict[str, str]] = {
    "share": "of the respondents (of a group in a cross), those who chose the option; of a ranking, who put it first",
    "share_of_by": "of those who chose the option, those of the group",
    "share_total": "of all respondents of a cross, those of the cell",
    "share_mentions": "of all ticks of a multiple response, those on the option; its base counts ticks",
    "share_top_3": "of the respondents, those who ranked the item among the three first; in notebooks only",
    "count": "respondents, unweighted",
    "mean": "of a number, or of the ranks given to an item",
    "median": "of a number",
    "quantile_25": "first quartile of a number",
    "quantile_75": "third quartile of a number",
    "nps": "net promoter score, in points from -100 to 100",
    "difference": "a share or mean less that of the reference wave or group",
    "difference_nps": "a net promoter score less that of the reference wave",
    "share_standardised": "a share brought to one mix of strata, which `method` names",
    "difference_standardised": "a standardised share less that of the reference wave",
    "panel_count": "respondents of both waves by their two answers",
    "adjusted_residual": "of a cell, in standard errors (Haberman, 1973)",
}
STATISTICS: Final = tuple(STATISTIC_MEANINGS)

STATUSES: Final = ("released", "count_only", "withheld_primary", "withheld_secondary", "too_small")

ESTIMATE_NUMBERS: Final = tuple(name for name, (kind, _) in ESTIMATE_COLUMNS.items() if kind != "text")
TEST_NUMBERS: Final = tuple(name for name, (kind, _) in TEST_COLUMNS.items() if kind != "text")

METHODS: Final[dict[str, str]] = {
    # Intervals of a share.
    "wilson": "score interval of a share, every answer counting alike (Wilson, 1927)",
    "clopper_pearson": "exact binomial interval of a share (Clopper and Pearson, 1934)",
    "logit": "interval of a share on the logit scale (Korn and Graubard, 1999, 3.2)",
    "arcsine": "interval of a share on the arcsine scale",
    "goodman": "joint score intervals of all options of a question, Bonferroni (Goodman, 1965)",
    "sison_glaz": "joint intervals of all options of a question, of equal width (Sison and Glaz, 1995)",
    "korn_graubard": "design-based interval of a share: exact at its effective size (Korn and Graubard, 1998)",
    "clopper_pearson_kish": "exact interval of a weighted share of 0 or 1, at its effective base (Kish, 1965)",
    "mentions_logit": "share of mentions as a ratio of totals over respondents, linearised, on the logit scale",
    # Values and intervals of numbers; a quantile has its rule, then + and its interval.
    "bca": "bias-corrected and accelerated bootstrap, seeded by the study (Efron, 1987)",
    "t": "Student's interval of a mean",
    "taylor-t": "t interval from the linearised error under the design (Binder, 1983)",
    "normal": "normal interval of a net promoter score (Rocks, 2016)",
    "type-7": "quantile by linear interpolation (Hyndman and Fan, 1996, type 7)",
    "math": "weighted quantile: smallest answer at which the weighted distribution reaches the order",
    "inverted_wilson": "interval of a quantile: shares up to each answer, by Wilson, inverted (Woodruff, 1952)",
    "inverted_korn_graubard": "the same by design-based shares (Francisco and Fuller, 1991)",
    # Tests between the items of a question.
    "cochran_q": "options of a multiple response are ticked equally often (Cochran, 1950)",
    "friedman": "items of a ranking are placed alike (Friedman, 1937); effect Kendall's W",
    "adjusted_wald_items": "the same two under a design: adjusted Wald F (Korn and Graubard, 1990)",
}
"""What each code of ``method`` of a question alone stands for; the ending ``_fpc`` adds the correction for a finite
population (Cochran, 1977), and ``+`` joins the rule of a value to its interval."""

WAVE_METHODS: Final[dict[str, str]] = {
    "difference": "share, mean or score now minus that of the reference wave, without interval",
    "newcombe": "hybrid score interval of a difference of independent shares (Newcombe, 1998, method 10)",
    "newcombe_paired": "that of the same respondents in two waves, universe _panel (Newcombe, 1998b, method 10)",
    "variance_recovery_korn_graubard": "shares of two designs, from the interval of each (Zou and Donner, 2008)",
    "welch": "difference of means of independent samples (Welch, 1947); an NPS is the mean of 100, 0 and -100",
    "design_t": "the same from the linearised variances of both designs",
    "paired_t": "mean difference of the same respondents, universe _panel (Student, 1908)",
    "mcnemar": "change of a share among the same respondents (McNemar, 1947)",
    "mcnemar_exact": "the same by the binomial distribution, where fewer than 25 changed",
    "cochran_armitage": "trend of a share over waves placed at mid field work, or in their order; see `effect`",
    "design_trend_t": "the same from linearised shares",
    "standardised": "then : and the name of the mix of strata that the codebook declares (direct standardisation)",
}
"""What each code of ``method`` of a change between waves stands for, tests of shares excepted."""


def method_parts(method: str) -> tuple[tuple[str, bool], ...]:
    """Split a code of ``method`` into keys of METHODS, each with whether it is corrected for a finite population."""
    return tuple((part.removesuffix("_fpc"), part.endswith("_fpc")) for part in method.split("+"))
