"""Files written whole or not at all, hashed, and YAML read with line numbers.

Belongs here: what any room needs to read or write a file safely. Does not: what a file means.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from synthese.errors import SyntheseError

_FIXES = {
    errno.ENOSPC: ("disk-full", "the disk is full", "free some space, then run the same command again"),
    errno.EDQUOT: (
        "disk-full",
        "the disk quota is used up",
        "free some space, then run the same command again",
    ),
    errno.EROFS: ("read-only", "the disk is read-only", "make it writable, or copy the study elsewhere"),
    errno.EACCES: (
        "not-allowed",
        "writing here is not allowed",
        "give yourself the right to write in this folder",
    ),
    errno.EPERM: (
        "not-allowed",
        "writing here is not allowed",
        "give yourself the right to write in this folder",
    ),
}


@contextmanager
def told_where(path: Path) -> Iterator[None]:
    """Turn an operating system's refusal to write into a `SyntheseError` that names the file."""
    try:
        yield
    except OSError as error:
        code, what, fix = _FIXES.get(
            error.errno or 0,
            ("cannot-write", f"cannot be written ({error.strerror})", "see the reason and try again"),
        )
        raise SyntheseError.of(code, what, file=path, fix=fix) from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file beside its place, then rename it there: readers see the old bytes or the new ones."""
    with told_where(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def write_text(path: Path, content: str) -> None:
    """Write UTF-8 text with LF line ends, whole or not at all."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write JSON with sorted keys and a final line end, whole or not at all."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


@contextmanager
def replaced_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of ``path`` only if the block ends well."""
    with told_where(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        with told_where(path):
            yield staging
            staging.chmod(0o755)
            old = path.with_name(f".{path.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            if path.exists():
                path.rename(old)
            staging.rename(path)
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def sha256(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_bytes(content: bytes) -> str:
    """Hash bytes."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class YamlDocument:
    """A YAML file's plain content and the line of each of its places.

    Parameters
    ----------
    file : Path
        Where it was read.
    data : dict
        Plain ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None``.
    lines : mapping of tuple to int
        Line (1 = first) of each place, by its path: ``("questions", 3, "options")``.
    """

    file: Path
    data: dict[str, Any]
    lines: Mapping[tuple[str | int, ...], int]

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """Line of a place, or of the nearest place around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def _plain(node: Any, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    if isinstance(node, CommentedMap):
        out = {}
        for key, value in node.items():
            here = (*path, str(key))
            lines[here] = node.lc.key(key)[0] + 1
            out[str(key)] = _plain(value, here, lines)
        return out
    if isinstance(node, CommentedSeq):
        items = []
        for index, value in enumerate(node):
            here = (*path, index)
            lines[here] = node.lc.item(index)[0] + 1
            items.append(_plain(value, here, lines))
        return items
    if isinstance(node, bool) or node is None:
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    return node.isoformat() if hasattr(node, "isoformat") else str(node)


def read_yaml(path: Path) -> YamlDocument:
    """Read a YAML 1.2 mapping: ``non``, ``oui`` and ``2A`` stay text, a key given twice is refused.

    Raises
    ------
    SyntheseError
        The file is missing, is not UTF-8, is not YAML, or is not a mapping; with its line.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = False
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SyntheseError.of("missing-file", "this file is missing", file=path, fix="create it") from error
    except UnicodeDecodeError as error:
        raise SyntheseError.of(
            "not-utf-8", "this file is not UTF-8 text", file=path, fix="save it again as UTF-8"
        ) from error
    try:
        node = yaml.load(text)
    except DuplicateKeyError as error:
        mark = error.problem_mark
        raise SyntheseError.of(
            "duplicate-key",
            (error.problem or "a key is given twice").splitlines()[0],
            file=path,
            row=mark.line + 1 if mark else None,
            fix="keep one of the two",
        ) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise SyntheseError.of(
            "not-yaml",
            f"this is not YAML: {error.problem or error.context}",
            file=path,
            row=mark.line + 1 if mark else None,
            fix="mend the line; text with ': ' or '#' wants quotes",
        ) from error
    except YAMLError as error:
        raise SyntheseError.of("not-yaml", f"this is not YAML: {error}", file=path) from error
    if not isinstance(node, CommentedMap):
        raise SyntheseError.of("not-a-mapping", "this file should hold `key: value` lines", file=path, row=1)
    lines: dict[tuple[str | int, ...], int] = {}
    return YamlDocument(path, _plain(node, (), lines), lines)
