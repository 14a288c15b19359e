"""What the statistics compute is reached and told: no code without its line, no function without its reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from synthese.analysis import tests_shown
from synthese.disclosure.kinds import KNOWN
from synthese.estimates import schema

ROOM = "synthese.statistics"
ELSEWHERE = ("agreement.py", "opencoding.py")
"""Agreement of coders: its reasons stand in no results frame."""
TOLD = {**schema.METHODS, **schema.CROSS_METHODS, **schema.WAVE_METHODS}
ON_REQUEST = {
    "rao_scott_chi_square",
    "wald",
    "wald_adjusted",
    "wilson_continuity",
    "likelihood",
    "asymptotic",
    "exact",
    "linear",
}
"""Methods of functions for notebooks, and names of ways (of an order, of a null) that are no method of a row."""

Place = tuple[str, str]


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "statistics.md").read_text(encoding="utf-8")


def trees(repository: Path, *rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        for path in sorted((repository / "src" / "synthese" / room).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def texts(node: ast.expr | None) -> list[str]:
    """Every text that an expression may give; of a formatted one its beginning."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return texts(node.values[0])
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in texts(value)]
    return []


def given(tree: ast.Module, name: str) -> set[str]:
    """Every text given as this argument, or under this key."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == name:
            found += texts(node.value)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                found += texts(value) if texts(key) == [name] else []
    return set(found)


def decided(tree: ast.Module) -> set[str]:
    """Reasons that the gate gives beside a status."""
    pairs = [node.elts for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 2]
    return {why for status, reason in pairs if set(texts(status)) & set(schema.STATUSES) for why in texts(reason)}


def test_every_reason_has_its_line(repository: Path) -> None:
    used = set()
    for path, tree in trees(repository, "statistics", "analysis", "disclosure"):
        if path.name not in ELSEWHERE:
            used |= given(tree, "reason") | decided(tree)
    codes = {re.split(r":|-$", code)[0] for code in used}
    assert {"no_variation", "empty-base", "small-base", "partial-overlap", "design"} <= codes
    assert codes - set(schema.STATUSES) <= set(schema.REASONS)


def test_every_method_effect_and_adjustment_has_its_line(repository: Path) -> None:
    methods, effects = set(), set()
    for path, tree in trees(repository, "statistics", "analysis"):
        if path.name not in ELSEWHERE:
            methods |= {re.split(r":|\+", code)[0] for code in given(tree, "method")}
            effects |= given(tree, "effect")
    assert {"mann_whitney", "rao_scott_f", "bonferroni", "standardised"} <= methods
    assert methods - {""} <= set(TOLD) | ON_REQUEST
    assert effects | {"cramers_v", "tau_b", "gamma"} <= set(schema.EFFECTS)


def test_the_gate_knows_the_tests_that_are_told_and_no_other() -> None:
    known = frozenset().union(*KNOWN.values())
    assert known <= set(TOLD)
    # A difference without a test, and what only bounds or describes a number, is in no row of tests.
    tests = {code for code in schema.CROSS_METHODS if code != "haberman-1973"}
    assert tests <= known
    assert tests - {"two_shares_pooled_z"} <= set(tests_shown.METHODS), "pairs of columns are letters"
    assert set(schema.EFFECTS) <= set(tests_shown.EFFECTS)


@pytest.mark.parametrize("name", ["METHODS", "CROSS_METHODS", "WAVE_METHODS", "EFFECTS", "ADJUSTMENTS"])
def test_the_page_has_every_code_with_its_meaning(page: str, name: str) -> None:
    rows = [f"| `{code}` | {meaning} |" for code, meaning in getattr(schema, name).items()]
    assert "\n".join(rows) in page


def test_the_page_is_short_and_both_readmes_lead_to_it(repository: Path, page: str) -> None:
    assert len(page.splitlines()) <= 160
    for readme in ("README.md", "README.fr.md"):
        assert "(docs/statistics.md)" in (repository / readme).read_text(encoding="utf-8")


def imported(tree: ast.Module) -> dict[str, Place]:
    """Names of the room that a module imports, and where they come from."""
    found: dict[str, Place] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ROOM):
            found |= {alias.asname or alias.name: (str(node.module), alias.name) for alias in node.names}
    return found


def uses(node: ast.AST, names: dict[str, Place]) -> set[Place]:
    """Places that a piece of code names."""
    found: set[Place] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.id in names:
            found.add(names[one.id])
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in names:
            found.add((".".join(names[one.value.id]), one.attr))
    return found


def test_every_function_is_reached_by_a_notebook_or_named_on_the_page(repository: Path, page: str) -> None:
    graph: dict[Place, set[Place]] = {}
    for path, tree in trees(repository, "statistics"):
        module = f"{ROOM}.{path.stem}"
        own = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        names = imported(tree) | {name: (module, name) for name in own}
        graph |= {(module, name): uses(node, names) for name, node in own.items()}
    todo = {place for _, tree in trees(repository, "analysis") for place in uses(tree, imported(tree))}
    reached: set[Place] = set()
    while todo := (todo & set(graph)) - reached:
        reached |= todo
        todo = {place for one in todo for place in graph[one]}
    public = {place for place in graph if not place[1].startswith("_")}
    assert ("synthese.statistics.proportions", "wilson") in reached
    assert {name for _, name in public - reached if f"`{name}`" not in page} == set()
