"""Results as rows: the frames of estimates and of tests, their columns and what each may hold.

Belongs here: the contract that others measure by. Does not: computing a number (`statistics`), deciding
what may be published (`disclosure`), or turning a number into text (`formatting`).
"""

from synthese.estimates.frames import (
    empty_estimates,
    empty_tests,
    estimates_frame,
    read_parquet,
    select,
    tests_frame,
    validate_estimates,
    validate_tests,
    write_parquet,
)
from synthese.estimates.robustness import (
    PRIVATE,
    ROBUSTNESS_COLUMNS,
    ROBUSTNESS_NUMBERS,
    read_robustness,
    robustness_frame,
    write_robustness,
)
from synthese.estimates.schema import (
    ESTIMATE_COLUMNS,
    ESTIMATE_NUMBERS,
    STATISTICS,
    STATUSES,
    TEST_COLUMNS,
    TEST_NUMBERS,
)

__all__ = [
    "ESTIMATE_COLUMNS",
    "ESTIMATE_NUMBERS",
    "PRIVATE",
    "ROBUSTNESS_COLUMNS",
    "ROBUSTNESS_NUMBERS",
    "STATISTICS",
    "STATUSES",
    "TEST_COLUMNS",
    "TEST_NUMBERS",
    "empty_estimates",
    "empty_tests",
    "estimates_frame",
    "read_parquet",
    "read_robustness",
    "robustness_frame",
    "select",
    "tests_frame",
    "validate_estimates",
    "validate_tests",
    "write_parquet",
    "write_robustness",
]
