"""Where the report's filters and templates are found.

Belongs here: the choice between the study's own copy, the package's and the source checkout's. Does not:
what the files say.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from synthese.errors import SyntheseError


def asset(root: Path, name: str) -> Path:
    """Find a file such as ``report/filters/artefacts.lua``.

    A study's own file comes first, so that it may have looks of its own; then what the package carries
    (``synthese/assets``, in a wheel); then the repository's, in a source checkout.

    Parameters
    ----------
    root : Path
        The study's folder.
    name : str
        Path from the study's folder, with forward slashes.

    Raises
    ------
    SyntheseError
        ``missing-asset``: it is in none of the three.
    """
    package = Path(str(files("synthese")))
    for folder in (root, package / "assets", package.parent.parent):
        if (folder / name).is_file():
            return folder / name
    raise SyntheseError.of(
        "missing-asset",
        "this file of the report is neither in the study nor in the installed package",
        file=name,
        fix="install synthese again, or copy the file from its repository into the study",
    )
