"""Files written whole or not at all, hashed, and YAML read with line numbers.

Belongs here: what any room needs to read or write a file safely. Does not: what a file means.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from synthese.errors import Fault, SyntheseError

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
            # What is private stays with its owner, whatever the umask.
            Path(name).chmod(0o600 if "private" in path.parts else 0o644)
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
    """Give an empty folder to fill; it takes the place of ``path`` only if the block ends well.

    Two renames cannot be one: a program killed between them leaves the old folder as ``.<name>.old``, which
    `restore_folder` puts back; this function does so before it begins.
    """
    old = path.with_name(f".{path.name}.old")
    with told_where(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        restore_folder(path)
        staging = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        with told_where(path):
            yield staging
            staging.chmod(0o755)
            if path.exists():
                path.rename(old)
            try:
                staging.rename(path)
            except BaseException:
                restore_folder(path)
                raise
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def restore_folder(path: Path) -> None:
    """Put back the folder that an interrupted `replaced_folder` had set aside, or clear it away if not needed."""
    old = path.with_name(f".{path.name}.old")
    if old.is_dir() and not path.exists():
        old.rename(path)
    shutil.rmtree(old, ignore_errors=True)


def remembered(name: str, depends_on: Iterable[str], make: Callable[[], bytes]) -> bytes:
    """Give bytes that take long to make and depend on little, from the user's cache if they were made before.

    Parameters
    ----------
    name : str
        A word for the file in the cache.
    depends_on : iterable of str
        All that the bytes depend on, versions of packages included; nothing of a study.
    make : callable
        Makes them.

    Notes
    -----
    The cache is ``SYNTHESE_CACHE``, or ``synthese`` in the system's folder of caches. It may be removed at any time; a
    damaged file in it is made again, and where it cannot be written, nothing is kept.
    """
    key = hashlib.sha256(json.dumps([*depends_on]).encode()).hexdigest()
    with suppress(OSError, RuntimeError):  # RuntimeError: this user has no home
        path = _cache() / f"{name}-{key[:32]}"
        if path.is_file():
            stored = path.read_bytes()
            if stored[:32] == hashlib.sha256(stored[32:]).digest():
                return stored[32:]
    content = make()
    with suppress(SyntheseError, OSError, RuntimeError):
        write_bytes(_cache() / f"{name}-{key[:32]}", hashlib.sha256(content).digest() + content)
    return content


def _cache() -> Path:
    if given := os.environ.get("SYNTHESE_CACHE"):
        return Path(given)
    usual = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    return (Path(usual) if usual else Path.home() / ".cache") / "synthese"


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
        Plain ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None``; keys and dates are text.
    lines : mapping of tuple to int
        Line (1 = first) of each place, by its path: ``("questions", 3, "options")``.
    faults : tuple of Fault
        What `read_yaml` could go on after, a key given twice for instance, if it was asked to collect.
    """

    file: Path
    data: dict[str, Any]
    lines: Mapping[tuple[str | int, ...], int]
    faults: tuple[Fault, ...] = ()

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """Line of a place, or of the nearest place around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


_TEXT, _INT, _FLOAT = "str", "int", "float"
_CODE = re.compile(r"[-+]?0[0-9]+")  # a number does not begin with 0, a département does
_STANDARD = "tag:yaml.org,2002:"


class _Plain:
    """Nodes as plain data: keys as they are written, the line of each place, and every fault on the way."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.faults: list[Fault] = []
        self._around: list[int] = []

    def of(self, node: Node, path: tuple[str | int, ...]) -> Any:
        """Plain content of a node and of all that it holds."""
        if id(node) in self._around:
            return self._fault("endless", "this alias is part of what it names", node, "write it out")
        self._around.append(id(node))
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node, path)
            if isinstance(node, SequenceNode):
                return [self._item(item, (*path, index)) for index, item in enumerate(node.value)]
            return self._scalar(node)
        finally:
            self._around.pop()

    def _fault(self, code: str, what: str, node: Node, fix: str) -> None:
        self.faults.append(Fault(code, what, file=self.file, row=_line(node), fix=fix))

    def _item(self, node: Node, path: tuple[str | int, ...]) -> Any:
        self.lines[path] = _line(node)
        return self.of(node, path)

    def _mapping(self, node: MappingNode, path: tuple[str | int, ...]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._fault("not-a-key", "a list or a mapping is no key", key, "put the key in quotes")
            elif key.tag == f"{_STANDARD}merge":
                self._fault("merge-key", "merging by `<<` is not understood", key, "write the lines out")
            elif key.value in out:
                first = self.lines[(*path, key.value)]
                what = f"key {key.value!r} is given twice, first in line {first}"
                self._fault("duplicate-key", what, key, "keep one of the two")
            else:
                here = (*path, str(key.value))
                self.lines[here] = _line(key)
                out[str(key.value)] = self.of(value, here)
        return out

    def _scalar(self, node: Node) -> Any:
        text, kind = str(node.value), str(node.tag or "").removeprefix(_STANDARD)
        if kind in (_TEXT, "timestamp", "value") or (kind == _INT and _CODE.fullmatch(text)):
            return text
        if kind == _INT:
            return int(text.replace("_", ""), 0)
        if kind == _FLOAT:
            return float(re.sub(r"\.(inf|nan)", r"\1", text.replace("_", "").lower()))
        if kind == "bool":
            return text.lower() == "true"
        if kind == "null":
            return None
        return self._fault("unknown-tag", f"{node.tag} is not understood", node, "remove it")


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def read_yaml(path: Path, *, collect: bool = False) -> YamlDocument:
    """Read a YAML 1.2 mapping: ``non``, ``01`` and ``2A`` stay text, a key given twice is refused.

    Keys are text, as written: the ``01`` of ``{01: ain}`` keeps its zero.

    Parameters
    ----------
    path : Path
        The file.
    collect : bool
        Hand the faults that reading can go on after to the caller, who has more to say about the same file.

    Raises
    ------
    SyntheseError
        The file is missing, is not UTF-8, is not YAML, or is not a mapping; with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SyntheseError.of("missing-file", "this file is missing", file=path, fix="create it") from error
    except UnicodeDecodeError as error:
        raise SyntheseError.of(
            "not-utf-8", "this file is not UTF-8 text", file=path, fix="save it again as UTF-8"
        ) from error
    except OSError as error:
        what = f"this file cannot be read ({error.strerror})"
        raise SyntheseError.of("cannot-read", what, file=path, fix="give yourself the right to read it") from error
    node = _composed(text, path)
    if not isinstance(node, MappingNode):
        fix = "begin with a line such as `schema: 1`"
        raise SyntheseError.of("not-a-mapping", "this file should hold `key: value` lines", file=path, row=1, fix=fix)
    plain = _Plain(path)
    data = plain.of(node, ())
    if plain.faults and not collect:
        raise SyntheseError(plain.faults)
    return YamlDocument(path, data, plain.lines, tuple(plain.faults))


def _composed(text: str, path: Path) -> Node | None:
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise SyntheseError.of(
            "not-yaml",
            f"this is not YAML: {said}",
            file=path,
            row=mark.line + 1 if mark else None,
            fix="mend the line; text with ': ' or '#' wants quotes",
        ) from error
    except YAMLError as error:
        place = getattr(error, "position", None)
        raise SyntheseError.of(
            "not-yaml",
            f"this is not YAML: {str(error).splitlines()[0]}",
            file=path,
            row=None if place is None else text.count("\n", 0, place) + 1,
            fix="remove what is no text from the line",
        ) from error
    return node
