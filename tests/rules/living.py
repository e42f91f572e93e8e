"""Runs tests of rules on desks that tests write: the demo's, and small ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from loading import BASELINE, CONNECTION, rulebook

from commands.tested import lines
from connectors.almanac import WorldAlmanac
from connectors.files import read_tests as read_files
from connectors.files import read_workspace
from rules.cases.model import Result
from rules.cases.read import read_tests
from rules.cases.run import applying, run
from rules.rulebook import Rulebook
from rules.workspace import load
from templates.reading import reading
from templates.render import Renderer
from templates.sources import available, builtin, promising, workspace_texts

DEMO = Path(__file__).parents[2] / "commands" / "demo_desk"


def book_of(folder: Path, changed: Mapping[str, tuple[str, str]] | None = None) -> Rulebook:
    """Return the rulebook of a workspace, after these changes: file name → what stands there, and what instead."""
    texts = read_workspace(folder)
    for name, (before, after) in (changed or {}).items():
        assert texts[name].count(before) == 1, f"{before!r} is not once in {name}"
        texts[name] = texts[name].replace(before, after)
    sources = {**builtin(), **workspace_texts(folder)}
    loaded = load(texts, BASELINE, available(sources), WorldAlmanac(), promising(sources))
    assert loaded.rulebook is not None, loaded.problems
    return loaded.rulebook


def results_of(texts: Mapping[str, str], book: Rulebook, folder: Path = DEMO) -> list[Result]:
    """Run tests, which must be well written, by the rules of a book; messages are those of a workspace."""
    read = read_tests(texts, book)
    assert read.problems == ()
    say = reading(book, Renderer({**builtin(), **workspace_texts(folder)}))
    return [run(test, applying(book), say) for test in read.tests]


def demo_results(changed: Mapping[str, tuple[str, str]] | None = None) -> list[Result]:
    """Run the demo's own tests on its rules, after these changes."""
    return results_of(read_files(DEMO), book_of(DEMO, changed))


def result_of(test: str, *rules: str, connection: str = CONNECTION) -> Result:
    """Run one test, without its name, on a small desk with these rules."""
    (result,) = results_of({"tests/a.yaml": f"- name: it\n{test}"}, rulebook(*rules, connection=connection))
    return result


def told(result: Result) -> str:
    """Return what is said of a test that failed, "" where it passed."""
    return "\n".join(line for failure in result.failures for line in lines(failure))
