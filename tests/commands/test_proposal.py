"""Whatever an instance has, the workspace proposed for it is good; and matrices are what ITIL practice makes them."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from commands import levels
from commands.naming import keyed, quoted
from commands.proposal import Account, propose
from connectors.base import Discovered
from connectors.files import read_baseline
from rules.problems import Report
from rules.rulebook import Rulebook
from rules.tree import parse
from rules.words import folded
from rules.workspace import load
from templates.sources import available, builtin

ACCOUNT = Account("https://desk.service-now.com", {"user": "a", "password": "${P}"}, "P", "2026-11-22T08:00Z")
JIRA = ACCOUNT._replace(platform="jira_service_management")
CONNECTION = (
    '{connections: {servicenow: {platform: servicenow, url: "https://a.b", auth: {user: a, password: "${P}"}}, '
    'jira: {platform: jira_service_management, projects: [IT], url: "https://a.b", auth: {token: "${P}"}}}}'
)
MESSAGES = available(builtin())

writable = st.characters(exclude_categories=["Cs"])
names = st.lists(st.text(writable, max_size=12) | st.sampled_from(["Web", "web", "a.b", "a:b", "true", "Team", "团队"]))
offered = st.dictionaries(
    st.integers(-9, 99).map(str) | st.text(writable, max_size=6), st.text(writable, max_size=12), max_size=7
)
instances = st.builds(
    Discovered,
    groups=names.map(tuple),
    services=names.map(tuple),
    languages=st.lists(st.sampled_from(["nb", "vi", "fr", "zt", "x!", ""])).map(tuple),
    choices=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("impact", "urgency", "priority", "status", "waiting_for"), offered)
    ),
    fields=st.frozensets(st.sampled_from(["u_itsm_sync", "correlation_id", "state"])),
    can_write_priority=st.booleans(),
)


named = st.dictionaries(st.text(writable, min_size=1, max_size=12), st.text(writable, min_size=1, max_size=12))
labels = st.text(writable, max_size=12).map(lambda label: {label: label})
sites = st.builds(
    Discovered,
    groups=names.map(tuple),
    services=names.map(tuple),
    languages=st.lists(st.sampled_from(["nb", "vi", "x!", ""])).map(tuple),
    choices=st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("impact", "urgency", "priority", "status", "waiting_for"),
            st.lists(labels, max_size=7).map(lambda found: {name: name for one in found for name in one}),
        ),
    ),
    fields=st.just(frozenset()),
    can_write_priority=st.booleans(),
    projects=st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9]{1,9}", fullmatch=True), st.text(writable), min_size=1),
    kinds=st.fixed_dictionaries({}, optional=dict.fromkeys(("incident", "request"), st.just("[System] Incident: a"))),
    types=names.map(tuple),
    places=st.fixed_dictionaries({}, optional={"team": st.just("Team: ours"), "service": st.just("customfield_10010")}),
    candidates=st.fixed_dictionaries({}, optional={"team": names.map(tuple)}),
    categories=st.just({}),
    ids=named,
)


@cache
def stock() -> Rulebook:
    book = load({"desk.yaml": CONNECTION}, read_baseline(), MESSAGES).rulebook
    assert book is not None
    return book


@given(instances)
@settings(max_examples=60, deadline=None)
def test_whatever_an_instance_has_the_proposal_has_neither_errors_nor_warnings(found: Discovered):
    loaded = load(propose(found, ACCOUNT, stock()), read_baseline(), MESSAGES)
    assert loaded.problems == ()
    assert loaded.rulebook is not None
    known = {*found.groups, *found.ids.values()}  # the id stands where the name is said more than once
    assert {team.groups["servicenow"] for team in loaded.rulebook.teams.values()} <= known


@given(sites)
@settings(max_examples=60, deadline=None)
def test_whatever_a_jira_has_the_proposal_has_neither_errors_nor_warnings(found: Discovered):
    loaded = load(propose(found, JIRA, stock()), read_baseline(), MESSAGES)
    assert [(problem.text, problem.line) for problem in loaded.problems] == []
    assert loaded.rulebook is not None
    assert set(loaded.rulebook.connections["jira"].projects) == set(found.projects)


@given(st.text(writable))
def test_a_quoted_text_is_read_back_as_it_was(text: str):
    tree = parse("a.yaml", f"key: {quoted(text)}\n", Report({}))
    assert tree is not None
    assert tree.entries["key"].value == text


@given(st.lists(st.text(max_size=8)))
def test_no_name_is_lost_and_no_two_keys_differ_by_case_only(texts: list[str]):
    found = keyed(texts, "team")
    assert list(found.values()) == texts
    assert len(set(map(folded, found))) == len(texts)


@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 9))
def test_in_a_matrix_more_impact_or_urgency_is_never_less_important(impacts: int, urgencies: int, count: int):
    priorities = list(range(count))
    rows = levels.matrix([f"i{n}" for n in range(impacts)], [f"u{n}" for n in range(urgencies)], priorities)
    table = list(rows.values())
    assert all(row == sorted(row) for row in table)
    assert all(list(column) == sorted(column) for column in zip(*table, strict=True))
    assert table[0][0] == 0
    if impacts + urgencies > 2:
        assert table[-1][-1] == count - 1


def test_three_by_three_with_five_priorities_is_the_table_that_servicenow_ships():
    rows = levels.matrix(["1", "2", "3"], ["1", "2", "3"], ["P1", "P2", "P3", "P4", "P5"])
    assert rows == {"1": ["P1", "P2", "P3"], "2": ["P2", "P3", "P4"], "3": ["P3", "P4", "P5"]}
