"""JQL: what finds what, and what is refused with which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_jira import NINE, Jira, millis

from connectors.sandbox import MovableClock
from connectors.sandbox.jira import Site, jql

WIDE = "Extensive / Widespread"


@pytest.fixture
def issues(site: Site, clock: MovableClock) -> dict[str, str]:
    """Return three issues by a short name, half a minute apart."""
    site.add_project("HR", "People")
    values = {
        "one": {"summary": "Booking is down", "labels": ["red", "hot tub"], "Impact": WIDE, "priority": "High"},
        "two": {"summary": "Printing is down", "assignee": "ida", "components": ["booking"], "priority": "Lowest"},
        "three": {"summary": "Booking a room", "labels": ["red"]},
    }  # fmt: skip
    made = {}
    for name, fields in values.items():
        kind = "[System] Service request" if name == "three" else "[System] Incident"
        organizations = ["Board"] if name == "one" else []
        made[name] = site.create(
            "HR" if name == "three" else "IT", kind, fields, by="kari", organizations=organizations
        )
        clock.advance(seconds=30)
    return made


FOUND = {
    'project = IT AND issuetype = "[System] Incident"': "one two",
    'project in ("IT", hr)': "one two three",
    'project = "IT Support"': "one two",
    "project != IT": "three",
    "project = IT AND NOT summary ~ booking": "two",
    "summary ~ 'DOWN booking'": "one",
    'summary ~ "book"': "",
    "key = IT-1 OR key = HR-1": "one three",
    "key in (it-1, IT-2) and assignee is EMPTY": "one",
    "(project = IT OR project = HR) AND labels = red": "one three",
    'labels in ("hot tub")': "one",
    "labels != red": "",
    "labels is not empty": "one three",
    "assignee = ida": "two",
    "assignee != ida": "",
    "reporter in (kari)": "one two three",
    "component = booking": "two",
    "priority = High": "one",
    "priority not in (High, 5)": "three",
    "statusCategory = 'To Do' AND status != Open": "three",
    'Impact = "Extensive / Widespread"': "one",
    "organizations = Board": "one",
    "project = IT AND (summary ~ booking OR summary ~ printing) AND priority = Lowest": "two",
    "project = IT && !(priority = High)": "two",
}


@pytest.mark.parametrize("query", FOUND)
def test_a_query_finds_what_it_says(jira: Jira, issues: dict[str, str], query: str) -> None:
    assert jira.found(f"{query} ORDER BY created") == [issues[name] for name in FOUND[query].split()]


def test_a_custom_field_can_be_named_by_its_number(site: Site, jira: Jira, issues: dict[str, str]) -> None:
    number = site.field("Impact").number
    assert jira.found(f'cf[{number}] = "Extensive / Widespread"') == [issues["one"]]


def test_a_name_that_two_fields_share_asks_both(site: Site, jira: Jira) -> None:
    first, second = (site.add_field("Region", type="select", options=["North"]) for _ in range(2))
    made = [site.create("IT", "[System] Incident", {"summary": "x", id: "North"}, by="kari") for id in (first, second)]
    assert jira.found("Region = North ORDER BY key") == made


def test_bare_milliseconds_are_exact(jira: Jira, issues: dict[str, str]) -> None:
    at = millis(NINE) + 30_000
    assert jira.found(f"updated > {at} ORDER BY key DESC") == [issues["three"]]
    assert jira.found(f"updated >= {at} ORDER BY updated") == [issues["two"], issues["three"]]
    assert jira.found(f"updated = {at}") == [issues["two"]]
    assert jira.found(f"updated < {at}") == [issues["one"]]


def test_dates_in_quotes_know_no_seconds(jira: Jira, issues: dict[str, str]) -> None:
    assert jira.found('updated > "2026-11-24 09:00" ORDER BY updated') == [issues["two"], issues["three"]]
    assert "is invalid" in jira.refusal('updated > "2026-11-24 09:00:30"')
    assert "is invalid" in jira.refusal(f'updated > "{millis(NINE)}"')


def test_dates_in_quotes_are_in_the_zone_of_the_account(site: Site, jira: Jira, issues: dict[str, str]) -> None:
    site.users[site.account].zone = "Asia/Tokyo"
    assert jira.found('updated >= "2026-11-24 18:00" AND project = HR') == [issues["three"]]
    assert jira.found('updated >= "2026-11-24 18:02"') == []
    assert jira.fields(issues["one"])["updated"] == "2026-11-24T18:00:00.000+0900"


def test_periods_count_back_from_now(clock: MovableClock, jira: Jira, issues: dict[str, str]) -> None:
    clock.advance(hours=1)
    assert jira.found("updated >= -1h AND updated < now()") == []
    assert jira.found('created >= "-2h" ORDER BY key', maxResults=1) == [issues["three"]]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("updated ASC, key ASC", "one two three"),
        ("updated DESC", "three two one"),
        ("key", "three one two"),
        ("priority DESC", "one three two"),
        ("project DESC, key DESC", "two one three"),
    ],
)
def test_issues_come_in_the_order_that_was_asked_for(
    jira: Jira, issues: dict[str, str], order: str, names: str
) -> None:
    assert jira.found(f"created is not empty ORDER BY {order}") == [issues[name] for name in names.split()]


def test_keys_are_sorted_by_number_and_not_as_text(site: Site, jira: Jira) -> None:
    made = [site.create("IT", "[System] Incident", {"summary": "x"}, by="kari") for _ in range(11)]
    assert jira.found("project = IT ORDER BY key") == made


SYNTAX = "Error in the JQL Query: "
REFUSED = {
    "key = IT-99": "An issue with key 'IT-99' does not exist for field 'key'.",
    "key in (IT-1, IT-99)": "An issue with key 'IT-99' does not exist for field 'key'.",
    "id in (99)": "A value with ID '99' does not exist for the field 'id'.",
    "project = NONE": "The value 'NONE' does not exist for the field 'project'.",
    'issuetype = "Incident"': "The value 'Incident' does not exist for the field 'issuetype'.",
    "Severity = High": "Field 'Severity' does not exist or you do not have permission to view it.",
    "project = IT ORDER BY Severity": "Field 'Severity' does not exist or you do not have permission to view it.",
    "summary = Booking": "The operator '=' is not supported by the 'summary' field.",
    "project": SYNTAX + "Expecting operator but the query ended.",
    "project = IT key": SYNTAX + "Expecting either 'OR' or 'AND' but got 'key'. (line 1, character 14)",
    "project = (": SYNTAX + "Expecting either a value, list or function but got '('. (line 1, character 11)",
    "(project = IT": SYNTAX + "Expecting ')' but the query ended.",
    'summary ~ "half': SYNTAX + "The quoted string 'half' has not been completed. (line 1, character 11)",
}  # fmt: skip


@pytest.mark.parametrize("query", REFUSED)
def test_what_does_not_exist_is_refused_and_never_read_over(jira: Jira, issues: dict[str, str], query: str) -> None:
    assert jira.refusal(query) == REFUSED[query]


@pytest.mark.parametrize("deployment", ["Cloud", "Server"])
def test_a_single_hidden_issue_refuses_the_whole_query(site: Site, jira: Jira, issues: dict[str, str]) -> None:
    site.hide(issues["one"])
    assert jira.refusal("key in (IT-1, IT-2)") == "An issue with key 'IT-1' does not exist for field 'key'."


@given(st.text(min_size=1))
def test_whatever_stands_in_quotes_is_one_value(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    query = jql.parse(f'summary ~ "{quoted}" AND project = IT')
    assert isinstance(query.where, jql.Junction)
    first = query.where.parts[0]
    assert isinstance(first, jql.Term)
    assert first.operands == (jql.Operand(text, quoted=True),)
