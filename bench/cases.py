"""Tests of rules a second, on the demo's desk: each a ticket that is created, commented on and resolved."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from itertools import cycle, islice, product
from statistics import median
from typing import Final

from bench.machine import cpu_time, judged, table
from connectors.almanac import WorldAlmanac
from connectors.files import read_baseline, read_workspace
from rules.cases.model import Result, RuleTest
from rules.cases.platform import OURS, created
from rules.cases.read import read_tests
from rules.cases.run import Say, applying, run
from rules.engine import decide
from rules.model import Memory, Surroundings, Ticket
from rules.rulebook import Rulebook
from rules.workspace import load
from templates.reading import reading
from templates.render import Renderer
from templates.sources import available, builtin, promising

CASES_A_SECOND: Final = 300
RUNS: Final = 5
CONNECTIONS: Final = ("servicenow-emea", "jira-apac")
CATEGORIES: Final = ("booking", "payments", "hardware", "network")
IMPACTS: Final = ("extensive", "significant", "minor")
URGENCIES: Final = ("high", "medium", "low")
LANGUAGES: Final = (("en", "en"), ("nb", "nb"), ("vi", "vi"), ("zh-CN", "zh-Hans"), ("es", "es"), ("fr", "fr"))

CASE: Final = """\
- name: case {number}
  ticket:
    connection: {connection}
    kind: incident
    category: {category}
    impact: {impact}
    urgency: {urgency}
    title: The page is slow and shows error {number}
    requester: {{name: Kari Nordmann, language: {language}}}
  at: 2026-11-24T10:00+01:00
  expect:
    assigned: {{team: desk-oslo}}
    messages:
      - {{to: requester, message: received, language: {served}, contains: TEST-1}}
      - {{to: team, message: assigned, language: nb}}
  then:
    - {{after: 5m, by: agent, note: Looking at it., expect: {{changes: [], messages: []}}}}
    - {{after: 20m, by: requester, comment: Any news?, expect: {{messages: []}}}}
    - {{after: 50m, by: agent, set: {{status: resolved}}, expect: {{messages: [{{to: requester, message: solved}}]}}}}
"""


def main(count: int = 432, limits: bool = True) -> bool:
    """Print the table and return whether the limit was kept."""
    book = _book()
    text = _texts(count)
    tests = read_tests({"tests/cases.yaml": text}, book).tests
    acting, say = applying(book), reading(book, Renderer(builtin()))
    failed = [result.test.name for result in _all(tests, acting, say) if result.failures]
    if failed or len(tests) != count:
        raise AssertionError(f"{failed} of {len(tests)} tests fail")
    ran = median(count / cpu_time(lambda: _all(tests, acting, say)) for _ in range(RUNS))
    read = count / cpu_time(lambda: read_tests({"tests/cases.yaml": text}, book))
    tickets = [created(test, acting) for test in tests]
    bare = median(count / cpu_time(lambda: _decided(tickets, acting)) for _ in range(RUNS))
    print(f"\nTests of rules: {count} of four moments each, on the demo's desk, one core, median of {RUNS} runs")
    rows = [("tests run, messages rendered", ran), ("tests read from YAML", read), ("bare decisions", bare)]
    table(("", "a second", "of bare decisions"), [(name, f"{rate:,.0f}", f"{rate / bare:.3f}") for name, rate in rows])
    return judged("tests of rules", ran, CASES_A_SECOND, "tests/s") if limits else True


def _book() -> Rulebook:
    with as_file(files("commands") / "demo_desk") as folder:
        texts, sources = read_workspace(folder), builtin()
        loaded = load(texts, read_baseline(), available(sources), WorldAlmanac(), promising(sources))
    if loaded.rulebook is None:
        raise ValueError(f"the demo's desk has errors: {loaded.problems}")
    return loaded.rulebook


def _texts(count: int) -> str:
    combinations = cycle(product(LANGUAGES, CONNECTIONS, CATEGORIES, IMPACTS, URGENCIES))
    return "".join(
        CASE.format(
            number=number,
            connection=connection,
            category=category,
            impact=impact,
            urgency=urgency,
            language=language,
            served=served,
        )
        for number, ((language, served), connection, category, impact, urgency) in enumerate(
            islice(combinations, count)
        )
    )


def _all(tests: Sequence[RuleTest], book: Rulebook, say: Say) -> list[Result]:
    return [run(test, book, say) for test in tests]


def _decided(tickets: Sequence[Ticket], book: Rulebook) -> None:
    """Decide once about each ticket at first sight, and nothing else."""
    for ticket in tickets:
        decide(ticket, Memory(), Surroundings(since=ticket.created, account=OURS), book, ticket.created)
