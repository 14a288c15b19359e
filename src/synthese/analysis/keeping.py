"""Where an analysis keeps its results: for the study, or apart when a researcher tries something by hand.

Belongs here: paths and frames of the private parts. Does not: what is in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from synthese.errors import SyntheseError
from synthese.estimates import read_parquet, read_robustness, robustness_frame, write_parquet, write_robustness
from synthese.study import Study

PARTS = ("description", "croisements", "evolution")


@dataclass(frozen=True)
class Keeper:
    """Folders of one wave's results.

    Parameters
    ----------
    study : Study
        The study.
    wave : str
        Wave id.
    publish : bool
        Whether results are the study's; otherwise they lie under ``private/essais/``.
    """

    study: Study
    wave: str
    publish: bool

    @property
    def folder(self) -> Path:
        """Where results go: the wave's folder, or the folder of trials."""
        return self.study.processed(self.wave) if self.publish else self.study.private(self.wave) / "essais"

    def part(self, name: str, what: str) -> Path:
        """File of one part, ``estimates`` or ``tests``, in the study's own results."""
        return self.study.private(self.wave) / "parts" / f"{name}.{what}.parquet"

    def keep(self, name: str, estimates: pd.DataFrame, tests: pd.DataFrame) -> Path:
        """Store one part.

        Returns
        -------
        Path
            The file of its estimates.
        """
        if name not in PARTS:
            raise ValueError(f"part {name!r} is none of {', '.join(PARTS)}")
        file = self.part(name, "estimates") if self.publish else self.folder / f"{name}.estimates.parquet"
        write_parquet(estimates, file)
        write_parquet(tests, file.with_name(f"{name}.tests.parquet"))
        return file

    @property
    def robustness_file(self) -> Path:
        """Headlines under variants, in the study's own results."""
        return self.study.private(self.wave) / "parts" / "robustesse.parquet"

    def keep_robustness(self, frame: pd.DataFrame) -> Path:
        """Store headlines under variants and return their file."""
        file = self.robustness_file if self.publish else self.folder / "robustesse.parquet"
        write_robustness(frame, file)
        return file

    def robustness(self) -> pd.DataFrame:
        """Read headlines under variants; empty where no notebook kept any."""
        file = self.robustness_file
        return read_robustness(file) if file.is_file() else robustness_frame()

    def parts(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Read every part of the study's own results.

        Raises
        ------
        SyntheseError
            A part is missing: its notebook has not run.
        """
        missing = [name for name in PARTS if not self.part(name, "estimates").is_file()]
        if missing:
            raise SyntheseError.of(
                "missing-part",
                f"wave {self.wave!r} has no {', '.join(missing)} yet",
                file=self.part(missing[0], "estimates"),
                fix=f"run the notebooks before 05, or `synthese run --wave {self.wave}`",
            )
        estimates = pd.concat([read_parquet(self.part(name, "estimates")) for name in PARTS], ignore_index=True)
        tests = pd.concat([read_parquet(self.part(name, "tests")) for name in PARTS], ignore_index=True)
        return estimates, tests
