"""Files that hold a form: one module a format, found by its first bytes or its parts.

Belongs here: telling which format a file is. Does not: any format's habits. A format is added by one module
with ``FORMAT``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from synthese.errors import SyntheseError
from synthese.exports.structure import Structure


@dataclass(frozen=True)
class Format:
    """One format of form files.

    Parameters
    ----------
    title : str
        Name for people.
    recognise : callable
        Content → whether it is of this format.
    read : callable
        Content and file name → the form.
    """

    title: str
    recognise: Callable[[bytes], bool]
    read: Callable[[bytes, str], Structure]


@cache
def formats() -> tuple[Format, ...]:
    """Every format known."""
    return tuple(import_module(f"{__name__}.{info.name}").FORMAT for info in pkgutil.iter_modules(__path__))


def read(content: bytes, file: str) -> Structure:
    """Read a form's own file.

    Raises
    ------
    SyntheseError
        It is of no format known.
    """
    for kind in formats():
        if kind.recognise(content):
            return kind.read(content, file)
    titles = ", ".join(sorted(kind.title for kind in formats()))
    raise SyntheseError.of("no-form", "this file holds no form", file=file, fix=f"one of {titles}, SPSS or Stata")
