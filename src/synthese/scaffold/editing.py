"""Additions to a YAML file that a person keeps: every line that stands there stays as it is.

Belongs here: putting items and keys into YAML text, block or flow. Does not: what is added (`adding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


class Additions:
    """Additions to one YAML text, gathered by place and made at once.

    Parameters
    ----------
    text : str
        A YAML mapping that could be read before.
    """

    def __init__(self, text: str) -> None:
        self.text = text if text.endswith("\n") else text + "\n"
        self._root: Node = YAML().compose(self.text)
        self._added: list[tuple[int, int, int, str]] = []  # place, depth (deepest first), order, text
        self._starts = [0]
        for line in self.text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def item(self, path: Sequence[str | int], written: str) -> None:
        """Add an item at the end of the list at ``path``, in one line."""
        node = self._node(path)
        if not isinstance(node, SequenceNode):
            raise TypeError(f"no list at {path}")
        if node.flow_style:
            self._inside(node, written)
        else:
            self._after(node, [f"{' ' * node.start_mark.column}- {written}"])

    def key(self, path: Sequence[str | int], name: str, written: str, above: Sequence[str] = ()) -> None:
        """Add a key at the end of the mapping at ``path``, in one line; comment lines may stand above it."""
        node = self._node(path)
        if not isinstance(node, MappingNode):
            raise TypeError(f"no mapping at {path}")
        if node.flow_style:
            self._inside(node, f"{name}: {written}")
        else:
            indent = " " * node.start_mark.column
            self._after(node, [*(f"{indent}# {line}" for line in above), f"{indent}{name}: {written}"])

    def block(self, path: Sequence[str | int], lines: Sequence[str]) -> None:
        """Add whole lines after the block item at ``path``, moved to its indentation.

        The lines are written as for a list at two spaces (``  - id: Q1``).
        """
        parent = self._node(path[:-1])
        shift = parent.start_mark.column - 2
        moved = [line if not line else " " * shift + line if shift >= 0 else line[-shift:] for line in lines]
        node = self._node(path)
        self._put(self._starts[_last_line(node) + 1], "".join(f"{line}\n" for line in ["", *moved]))

    def made(self) -> str:
        """Return the text with everything added."""
        out = self.text
        for place, _, _, added in sorted(self._added, reverse=True):
            out = out[:place] + added + out[place:]
        return out

    def _node(self, path: Sequence[str | int]) -> Any:
        node = self._root
        for step in path:
            if isinstance(node, SequenceNode) and isinstance(step, int):
                node = node.value[step]
            elif isinstance(node, MappingNode):
                node = next(value for key, value in node.value if key.value == step)
            else:
                raise KeyError(step)
        return node

    def _inside(self, node: Node, written: str) -> None:
        place = node.end_mark.index - 1
        self._put(place, f", {written}" if node.value else written)

    def _after(self, node: Node, lines: Sequence[str]) -> None:
        depth = node.start_mark.column if not isinstance(node, ScalarNode) else 0
        self._put(self._starts[_last_line(node) + 1], "".join(f"{line}\n" for line in lines), depth)

    def _put(self, place: int, added: str, depth: int = 0) -> None:
        self._added.append((place, -depth, len(self._added), added))


def _last_line(node: Any) -> int:
    """Last line (0 = first) that a node fills; a block's own mark stands after the comments that follow it."""
    if isinstance(node, ScalarNode):
        return int(node.end_mark.line) if node.style not in ("|", ">") else int(node.end_mark.line) - 1
    if node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)
