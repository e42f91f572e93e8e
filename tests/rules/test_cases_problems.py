"""What an admin reads when a test of rules is wrong: the place, the line itself, the fault, the mend. All at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from living import DEMO, book_of
from loading import CONNECTION, JIRA, rulebook

from connectors.files import read_tests as read_files
from rules.cases.read import read_tests
from rules.problems import pretty

DESK = """\
teams: {web: {groups: {snow: Web}}, mail: {groups: {snow: Mail}}}
people: {ida: {email: ida@desk.example}}
services: {booking: {name: Booking, team: web}}
"""
BOOK = rulebook(DESK, connection=CONNECTION + JIRA.replace("\nconnections:\n", ""))
GOLDEN = (Path(__file__).parent / "golden" / "cases.txt").read_text(encoding="utf-8").split("=====\n")
JUNK = st.text(alphabet="{}[]:,-&*!#'\"\n\t \0a1é付", max_size=6)


@pytest.mark.parametrize("case", GOLDEN, ids=[case.split("-----\n")[1].splitlines()[0] for case in GOLDEN])
def test_every_fault_is_told_with_its_place_and_what_would_be_right(case: str):
    text, expected = case.split("-----\n")
    found = read_tests({"tests/a.yaml": text}, BOOK)
    assert "\n".join(map(pretty, found.problems)) == expected.rstrip()
    assert found.tests == ()


def test_a_zone_that_does_not_exist_is_told_where_the_zones_are_known():
    text = "- name: a\n  ticket: {connection: snow, kind: incident, requester: {zone: Europe/Olso}}\n"
    text += "  at: 2026-11-24T12:00Z\n  expect: {status: new}\n"
    (problem,) = read_tests({"tests/a.yaml": text}, BOOK, ("Europe/Oslo", "UTC")).problems
    assert (problem.text, problem.mend) == ("there is no zone 'Europe/Olso'", "did you mean 'Europe/Oslo'?")


def test_a_file_by_another_ending_is_not_passed_over():
    (problem,) = read_tests({"tests/a.yml": ""}, BOOK).problems
    assert pretty(problem) == "tests/a.yml:1:1: error: the file is not read\n    name it tests/a.yaml"


def test_all_problems_of_all_files_come_at_once():
    problems = read_tests({"tests/a.yaml": "- name: a\n", "tests/b.yaml": "- name: b: c\n"}, BOOK).problems
    assert [(problem.file, problem.line) for problem in problems] == [
        ("tests/a.yaml", 1),
        ("tests/a.yaml", 1),
        ("tests/b.yaml", 1),
    ]


def test_an_empty_file_has_no_tests_and_no_problems():
    assert read_tests({"tests/a.yaml": "# later\n"}, BOOK) == ((), ())


def test_the_demos_own_tests_are_well_written():
    assert read_tests(read_files(DEMO), book_of(DEMO)).problems == ()


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_spoiled_test_is_told_and_never_fails_in_another_way(data):
    texts = read_files(DEMO)
    name = data.draw(st.sampled_from(sorted(texts)))
    start = data.draw(st.integers(0, len(texts[name]) - 1))
    end = start + data.draw(st.integers(0, 12))
    spoiled = texts[name][:start] + data.draw(JUNK) + texts[name][end:]
    found = read_tests({**texts, name: spoiled}, DEMO_BOOK)
    assert bool(found.tests) != bool(found.problems)
    for problem in found.problems:
        assert problem.file in texts
        assert pretty(problem).startswith(f"{problem.file}:{problem.line}:{problem.column}: ")


DEMO_BOOK = book_of(DEMO)
