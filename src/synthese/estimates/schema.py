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
    "value": ("number", "unrounded, but for what is released of a wave weighted to margins; a share lies in [0, 1]"),
    "unit": ("text", "unit of `value`: share, respondents, or the question's own"),
    "ci_low": ("number", "lower end of the interval, in the unit of `value`"),
    "ci_high": ("number", "upper end of the interval"),
    "confidence": ("number", "level of the interval, such as 0.95"),
    "count": ("count", "respondents in the numerator, unweighted"),
    "base": ("count", "respondents in the denominator, unweighted"),
    "asked": ("count", "respondents whom the routing reached"),
    "answered": ("count", "of them, those who gave an answer, « ne sait pas » included"),
    "base_weighted": (
        "number",
        "sum of weights over the base; the base itself without weights. Never released of a wave weighted to margins",
    ),
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


CROSS_METHODS: Final[dict[str, str]] = {
    # Tests of a cross.
    "chi_square": "independence of two questions (Pearson, 1900), where expected counts allow (Cochran, 1954)",
    "g_test": "the same by the likelihood ratio G² (Wilks, 1938), on request",
    "freeman_halton": "exact test of a table by enumeration, margins fixed (Freeman and Halton, 1951)",
    "monte_carlo": "the same by seeded tables; p_se is the standard error of p (Patefield, 1981)",
    "rao_scott_f": "second-order F under a design, missing answers a domain (Rao and Scott, 1984)",
    "two_shares_pooled_z": "two columns compared on one option, the share pooled; Newcombe's interval (1998)",
    "bilder_loughin_rao_scott": "a multiple response as a block, second order (Bilder and Loughin, 2004)",
    "rao_scott_second_order": "each option of a multiple response against all of another, corrected the same way",
    "bootstrap": "the block, respondents drawn again under independence, seeded, on request",
    "bonferroni": "smallest p-value of the options of a multiple response, times their number (Dunn, 1961)",
    "mann_whitney": "ranks of two groups, normal, ties and continuity corrected (Mann and Whitney, 1947)",
    "mann_whitney_exact": "the same by its exact distribution, without ties below 50 a group",
    "kruskal_wallis": "ranks of several groups (Kruskal and Wallis, 1952)",
    "linear_by_linear": "association of two scales with scores 1, 2, 3… (Mantel, 1963)",
    "cochran_armitage": "trend of a share over ordered groups, as R's prop.trend.test (Armitage, 1955)",
    "concordance": "effects gamma (Goodman and Kruskal, 1954) and tau_b (Kendall, 1945); no test",
    "fisher_exact": "effect odds ratio of a 2 × 2 table, conditional, exact interval (Cornfield, 1956); no test",
    "design_t": "difference of the means of two groups under a design (Lumley, 2010, 2.4)",
    "design_rank_t": "ranks of two groups under a design (Lumley and Scott, 2013)",
    "design_rank_f": "ranks of several groups under a design (Lumley and Scott, 2013)",
    # Estimates of a cross that are no shares, means or quantiles.
    "haberman-1973": "adjusted standardised residual of a cell (Haberman, 1973)",
}
"""What each code of ``method`` of a cross stands for, intervals excepted: those are of METHODS."""

EFFECTS: Final[dict[str, str]] = {
    "cramers_v_corrected": "Cramér's V without its bias (Bergsma, 2013), noncentral interval (Steiger, 2004)",
    "cramers_v": "Cramér's V (Cramér, 1946), where it is not corrected: under a design, G²",
    "odds_ratio": "of a 2 × 2 table, conditional maximum likelihood (Cornfield, 1956)",
    "gamma": "concordant less discordant pairs over both (Goodman and Kruskal, 1954)",
    "tau_b": "the same, ties counted (Kendall, 1945)",
    "pearson_r": "correlation of the scores of two scales",
    "slope": "change of the share for one step of the groups or one year, as said beside it",
    "epsilon_squared": "share of the variance of ranks between groups (Kelley, 1935)",
    "probability_of_superiority": "that one of the first group exceeds one of the other (Vargha and Delaney, 2000)",
    "difference": "share or mean of the group (or wave) less that of the reference",
    "difference_of_scores": "mean rank of the group less that of the reference, as shares of the ranks",
    "kendalls_w": "agreement of respondents on the order of items (Kendall and Babington Smith, 1939)",
}

ADJUSTMENTS: Final[dict[str, str]] = {
    "holm": "family `planned`, over the whole report (Holm, 1979)",
    "benjamini_hochberg": "family `exploratory`, over the whole report (Benjamini and Hochberg, 1995)",
    "holm_pairs": "over the pairs of columns of one row of one cross, as SPSS Custom Tables",
    "bonferroni": "over the options of one multiple response (Dunn, 1961)",
}

REASONS: Final[dict[str, str]] = {
    # No number, or beware.
    "empty-base": "nobody is in the base",
    "empty-margin": "the row or column of a residual is empty, or is the whole table",
    "empty-stratum": "a stratum of the mix has no respondent in the wave",
    "no-variation": "everybody gave the same answer: no joint interval",
    "single-answer": "one answer alone has no interval",
    "too-few-answers": "an interval could not reach its level",
    "no-variance": "calibrated to it, or the population whole: nothing varies",
    "no-degrees-of-freedom": "one unit of the design: no error",
    "no_variation": "nothing to test: everybody, or nobody",
    "no_change": "nobody of the panel changed",
    "no_variance": "the covariance cannot be inverted",
    "no_degrees_of_freedom": "as many items as units of the design, or more",
    "too_few_answers": "fewer than two answers in a wave",
    "too_few_units": "fewer units of the design than the test has degrees of freedom",
    "too_many_empty_cells": "contrasts that no cell carries",
    "empty_sample": "a wave where nobody answered",
    "fewer_than_two_groups": "one group answered",
    "fewer_than_two_rows_or_columns": "one row or column is filled",
    "not_two_groups": "a test of two groups, and there are not two",
    "partial_rankings": "nobody ranked every item",
    "panel_too_small": "fewer than 30 answered in both waves",
    "small_expected_counts": "χ² or G² on request, where Cochran's rule forbids it: beware",
    "block-not-by-design": "no valid test of a block under a design: see each option",
    "overlapping-groups": "groups of a multiple response overlap: a number is not tested by them",
    "infinite": "a cell is empty: the odds ratio has no upper end",
    "partial-overlap": "respondents in both waves, as many as said: samples are not independent",
    "overlap-unknown": "nothing recognises who answered both waves: independence is assumed",
    # Decided by the gate.
    "design": "then - and the design: it allows no inference",
    "small-base": "the base is under the least of the study",
    "few-beyond": "fewer outside the cell than the study allows",
    "weights": "a weighted share that would tell a count",
    "non-response": "too few of those asked answered",
    "not-published": "the codebook keeps the question private",
    "primary": "the count is under the least",
    "secondary": "it would give a withheld cell away by subtraction",
    "withheld_secondary": "the whole table would give a cell away",
    "ladder": "another step of the same cross is published",
    "remainder": "what is left of a released step would be told",
    "illegible": "too many cells withheld to be read",
    "linked": "grouped otherwise than a table published before",
    "universe": "a filter whose complement would be told",
    "joint-answers": "it would tell how many gave several answers together",
    "not-tabulated": "its table is not in the release",
    "table-withheld": "its table is withheld",
    "share-not-released": "a share it rests on is not released",
    "reference-not-released": "the earlier wave's number is not released",
    "panel-cell": "a cell of the panel is under the least",
    "mix-not-released": "the mix is not of released shares",
    "strata-withheld": "the table of the strata is withheld",
    "close-variants": "two variants of a headline differ by so few that one would be told",
    "no-variant": "a headline without another variant",
    "unknown-kind": "the gate does not know such a row",
}
"""What each code of ``reason`` says; what follows a colon, or ``-`` and a design, is left out."""


def method_parts(method: str) -> tuple[tuple[str, bool], ...]:
    """Split a code of ``method`` into keys of METHODS, each with whether it is corrected for a finite population."""
    return tuple((part.removesuffix("_fpc"), part.endswith("_fpc")) for part in method.split("+"))
