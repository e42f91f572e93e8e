"""The house: which room may know which, what the deciding room never does, and how long functions and files are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("rules", "templates", "connectors", "commands")
MAY_KNOW = {"rules": set(), "templates": {"rules"}, "connectors": {"rules"}, "commands": set(ROOMS)}
RULES_MAY_USE = {"yaml", "pydantic", "pydantic_core", "re2"}
RULES_STANDARD_LIBRARY = {
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "difflib",
    "functools",
    "hashlib",
    "ipaddress",
    "itertools",
    "json",
    "operator",
    "re",
    "types",
    "typing",
    "unicodedata",
    "zlib",
}
NEVER_CALLED_IN_RULES = {"now", "today", "utcnow", "open", "sleep", "getenv", "input", "print", "eval", "exec"}


def modules(room: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / room).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def runtime_imported(tree: ast.Module) -> Iterator[str]:
    """Return what is imported when the program runs, that is, not only for types."""
    for node in tree.body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    yield from imported(tree)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_that_it_may_know(room):
    for path, tree in modules(room):
        for name in imported(tree):
            other = name.split(".")[0]
            if other in ROOMS and other != room:
                assert other in MAY_KNOW[room], f"{path} imports {name}"


def test_nobody_imports_sync_when_the_program_runs():
    for room in ROOMS:
        for path, tree in modules(room):
            assert "sync" not in {name.split(".")[0] for name in runtime_imported(tree)}, path


def test_the_sandbox_imports_nothing_from_the_connectors():
    for path, tree in modules("connectors/sandbox"):
        for name in imported(tree):
            assert name.split(".")[0] not in (*ROOMS, "sync") or name.startswith("connectors.sandbox"), (
                f"{path}: {name}"
            )


def test_rules_use_nothing_but_texts_values_and_their_judges():
    allowed = RULES_MAY_USE | RULES_STANDARD_LIBRARY | {"rules"}
    for path, tree in modules("rules"):
        for name in imported(tree):
            assert name.split(".")[0] in allowed, f"{path} imports {name}"


def test_rules_read_no_clock_no_file_and_no_environment():
    for path, tree in modules("rules"):
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = {getattr(called, "id", getattr(called, "attr", "")) for called in calls}
        assert not names & NEVER_CALLED_IN_RULES, path
        assert "environ" not in {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}, path


def source_files() -> list[Path]:
    found = [ROOT / "sync.py", *(path for room in (*ROOMS, "bench", "tests") for path in (ROOT / room).rglob("*.py"))]
    return sorted(found)


def test_no_file_is_longer_than_350_lines():
    for path in source_files():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path


def test_functions_are_around_ten_lines_and_nine_of_ten_are_under_thirty():
    lengths = [
        node.end_lineno - node.lineno + 1
        for path in source_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]
    assert sum(lengths) / len(lengths) < 12
    assert sum(length < 30 for length in lengths) / len(lengths) > 0.9


def test_the_top_level_holds_what_was_agreed_and_nothing_else():
    agreed = {"connectors", "rules", "templates", "commands", "tests", "bench", "docs", "sync.py"}
    agreed |= {"pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md"}
    made = {"__pycache__", "dist", "build"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - made
    assert found <= agreed, found - agreed
