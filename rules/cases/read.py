"""From the texts under `tests/` to tests of rules, or to everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, cast

from rules.cases.forms import CaseForm, CasesForm
from rules.cases.model import RuleTest
from rules.cases.reader import CaseReader, Desk
from rules.cases.words import vocabulary_of
from rules.complaints import judged
from rules.problems import Place, Problem, Report, did_you_mean
from rules.rulebook import Connection, Rulebook
from rules.tree import Node, parse_any


class Tests(NamedTuple):
    """The tests of a workspace. There are none as long as one problem is an error."""

    tests: tuple[RuleTest, ...]
    problems: tuple[Problem, ...]


def read_tests(texts: Mapping[str, str], book: Rulebook, zones: Collection[str] = ()) -> Tests:
    """Judge the tests of a workspace, and return them and all problems at once.

    `texts` is file name → text, and `zones` are the names of all zones; without them any name is taken for one.
    """
    report, words = Report(texts), vocabulary_of(book)
    tests: dict[str, RuleTest] = {}
    for name in sorted(texts):
        if name.endswith(".yml"):
            report(Place(name, 1, 1), "the file is not read", f"name it {name.removesuffix('.yml')}.yaml")
            continue
        for node, form in _entries(name, texts[name], report):
            test = _test(node, form, Desk(book, words, zones), report)
            if form.name in tests:
                _twice(node, tests[form.name], report)
            elif test is not None:
                tests[form.name] = test
    return Tests(() if report.failed else tuple(tests.values()), report.problems)


def _entries(name: str, text: str, report: Report) -> list[tuple[Node, CaseForm]]:
    """Return the tests of a file, each with its node."""
    root = parse_any(name, text, report)
    if root is None or root.value is None:
        return []
    if not isinstance(root.value, list):
        report(root.place, "a file of tests is a list", "write a '- name: …' for each test")
        return []
    whole = Node({"tests": root}, root.place, root.key)
    form = cast("CasesForm | None", judged(whole, CasesForm, frozenset(), report))
    return list(zip(root.items, form.tests, strict=True)) if form is not None else []


def _test(node: Node, form: CaseForm, desk: Desk, report: Report) -> RuleTest | None:
    ticket = node.entries["ticket"]
    connection = _connection(ticket.entries["connection"], desk.book, report)
    if connection is None:
        return None
    if form.ticket.kind not in connection.kinds:
        kind = ticket.entries["kind"]
        report(kind.place, f"{connection.name} reads no {kind.raw}", f"it reads: {', '.join(connection.kinds)}")
        return None
    return CaseReader(desk, connection, form.ticket.kind, report).test(node, form)


def _connection(node: Node, book: Rulebook, report: Report) -> Connection | None:
    found = book.connections.get(node.text)
    if found is None:
        report(node.place, f"there is no connection '{node.raw}'", did_you_mean(node.raw, book.connections))
    return found


def _twice(node: Node, other: RuleTest, report: Report) -> None:
    place = node.entries["name"].place
    text = f"another test has this name: {other.place.file}:{other.place.line}"
    report(place, text, "say in its name what is special about this one")
