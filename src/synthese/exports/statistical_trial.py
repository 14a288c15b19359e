"""A statistical file tried in a process of its own before it is read here.

Belongs here: finding out whether ReadStat survives a file. Does not: reading it (`statistical`).

ReadStat is written in C, and a damaged dictionary makes it read beyond its memory (seen: the index of a variable
in a record of value labels): the whole process dies, with every wave it had in hand. A child dies in its place.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

_PATIENCE = 900  # seconds; 1e5 × 200 takes some ten
_FAILED = 3
_TRIAL = """
import io, sys, pyreadstat
name, path, most = sys.argv[1:]
content = open(path, "rb").read()
def read(encoding):
    told = {"user_missing": True, "disable_datetime_conversion": True, "output_format": "dict", "encoding": encoding}
    function = getattr(pyreadstat, name)
    _, meta = function(io.BytesIO(content), metadataonly=True, **told)
    if (meta.number_rows or 0) <= int(most):
        function(io.BytesIO(content), **told)
try:
    try:
        read(None)
    except pyreadstat.ReadstatError:
        read("WINDOWS-1252")
except BaseException:
    sys.exit(3)
"""


def survived(content: bytes, function: str, most_cases: int) -> bool:
    """Whether pyreadstat can be given a file: it reads it, or raises an exception.

    Parameters
    ----------
    content : bytes
        The file.
    function : str
        Name of pyreadstat's reader.
    most_cases : int
        Cases beyond which it is not read: it claims more than it can hold.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        command = [sys.executable, "-c", _TRIAL, function, str(path), str(most_cases)]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            return False
    return done.returncode in (0, _FAILED)
