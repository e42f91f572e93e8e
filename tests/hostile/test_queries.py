"""Hostile values in queries: what the platforms understand is the value and nothing else, or nothing is sent."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from values_for_queries import ENCODED, JQL

from connectors.base import Refused
from connectors.jira_service_management import jql
from connectors.jira_service_management.connector import JiraServiceManagement
from connectors.sandbox import serve
from connectors.sandbox.jira import jql as understood
from connectors.sandbox.servicenow import World
from connectors.sandbox.servicenow.query import Parser
from connectors.servicenow.connector import ServiceNow
from connectors.servicenow.query import both, equals, is_plain, keyset, within
from rules.rulebook import Staff
from tests.connectors.jira_desk import JiraDesk
from tests.connectors.servicenow_desk import ServiceNowDesk

AT = "2026-11-24 09:00:00"
CONNECTORS = Path(__file__).parents[2] / "connectors"


def short(value: str) -> str:
    return ascii(value)[:40]


@pytest.fixture(scope="module")
def servicenow() -> Iterator[tuple[ServiceNow, set[str]]]:
    """Return an instance in which each of the values is a group's name, and the names that it could hold whole."""
    desk = ServiceNowDesk()
    ids = [desk.world.add_group(value) for value in ENCODED]
    names = {desk.world.record("sys_user_group", id)["name"].casefold() for id in ids}
    with serve(desk.world) as desk.url:
        connector = desk.connect()
        yield connector, names
        connector.close()


@pytest.fixture(scope="module")
def jira() -> Iterator[tuple[JiraDesk, JiraServiceManagement]]:
    """Return a site in which each of the values is what a field of one issue says."""
    desk = JiraDesk()
    desk.site.add_field("Shelf", type="select", options=[plain_of(value) for value in JQL])
    for value in JQL:
        desk.site.create("IT", "[System] Incident", {"summary": "on a shelf", "Shelf": plain_of(value)}, by="kari")
    with serve(desk.site) as desk.url:
        connector = desk.connect()
        connector.start()
        yield desk, connector
        connector.close()


def plain_of(value: str) -> str:
    """Return the value as Jira can hold it in one line."""
    return "".join(letter for letter in value if unicodedata.category(letter) not in ("Cc", "Cs"))


@pytest.mark.parametrize("value", ENCODED, ids=short)
def test_servicenow_finds_the_groups_of_this_very_name_or_is_not_asked(servicenow, value):
    connector, names = servicenow
    if is_plain(value):
        rows = connector.tables.read("sys_user_group", both("active=true", equals("name", [value])), ("name",)).records
        assert {row["name"]["value"].casefold() for row in rows} == {value.casefold()} & names
    else:
        with pytest.raises(Refused) as caught:
            equals("name", [value])
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("value", ENCODED, ids=short)
def test_a_value_is_one_condition_of_an_encoded_query_wherever_it_stands(value):
    makers = (lambda: equals("name", [value]), lambda: within("name", [value]), lambda: keyset("", AT, value))
    refused = (not is_plain(value), not is_plain(value) or "," in value, not is_plain(value) or value[:1] == "=")
    for make, is_refused in zip(makers, refused, strict=True):
        if is_refused:
            with pytest.raises(Refused):
                make()
            continue
        query = make()
        parsed = Parser(World().schema, "sys_user_group", "UTC").parse(query)
        assert parsed.broken == []
        assert [term.value for term in parsed.terms()][-1].strip() == value.casefold().strip()
        assert len([*parsed.terms()]) == (3 if "sys_updated_on" in query else 1)


@pytest.mark.parametrize("value", JQL, ids=short)
def test_jira_finds_the_issues_that_say_this_very_value(jira, value):
    desk, connector = jira
    query = jql.ordered(jql.both(jql.equal("project", "IT"), jql.one_of("Shelf", [value])), "key")
    shelf = desk.site.field("Shelf").id
    issues = connector.client.search(query, (shelf,), 100).issues
    assert {issue["fields"][shelf]["value"].casefold() for issue in issues} == {plain_of(value).casefold()} - {""}


@pytest.mark.parametrize("value", JQL, ids=short)
def test_a_value_is_one_quoted_operand_of_jql_wherever_it_stands(value):
    query = jql.both(
        jql.one_of("project", [value, "IT"]), jql.equal("issuetype", value), scope="labels = a OR labels = b"
    )
    where = understood.parse(jql.ordered(query, "key ASC")).where
    first, second, scope = where.parts
    quoted = understood.Operand(plain_of(value), quoted=True)
    assert first == understood.Term("project", "in", False, (quoted, understood.Operand("IT", quoted=True)))
    assert second == understood.Term("issuetype", "=", False, (quoted,))
    assert scope.word == "OR"


@pytest.mark.parametrize("value", [value for value in JQL if not re.fullmatch("[0-9]+", value)], ids=short)
def test_only_ids_are_looked_for_by_id(value):
    with pytest.raises(Refused):
        jql.ids(["10001", value])


@pytest.mark.parametrize("by", ["address", "account"])
@pytest.mark.parametrize("make", [ServiceNowDesk, JiraDesk, lambda: JiraDesk("Server")])
def test_nobody_is_found_by_a_value_that_would_like_to_be_more(make, by):
    desk = make()
    desk.hire("mia.berg", "mia@harbour.example")
    with serve(desk.world if isinstance(desk, ServiceNowDesk) else desk.site) as desk.url:
        name = desk.connection().name
        values = [value for value in (*ENCODED, *JQL) if 0 < len(value) < 200]
        people = {
            f"p{n}": Staff(f"p{n}", value) if by == "address" else Staff(f"p{n}", "", {name: value})
            for n, value in enumerate(values)
        }
        connector = desk.connect(people=people | {"mia": Staff("mia", "mia@harbour.example")})
        connector.start()
        assert dict(connector.people) == {"mia": "mia.berg"}
        assert len(connector.lost) == len(people)
        assert all(line.isprintable() for line in connector.lost)
        connector.close()


# What must stand in one place each.


def texts_with_values(tree: ast.Module) -> Iterator[tuple[str, list[ast.FormattedValue], int]]:
    """Yield every f-string: its fixed parts, with a sign in the place of each value, the values, and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            fixed = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
            yield fixed, [part for part in node.values if isinstance(part, ast.FormattedValue)], node.lineno


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((CONNECTORS / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


ENCODED_PART = re.compile(
    r"^[a-z_.]*(?:=|!=|>=?|<=?|IN|NOT IN|LIKE|STARTSWITH)\0|\^(?:OR|NQ|EQ|[a-z_.]+)?[^ ]*\0|\0\^|ORDERBY(?:DESC)?\0"
)
JQL_PART = re.compile(r" (?:=|!=|~|>=?|<=?) \0| in \(\0|\0 (?:AND|OR|ORDER BY|is not EMPTY)\b|^\0 = ")
PATH_PART = re.compile(r"^/?[a-z]+/\0")


def test_encoded_queries_are_put_together_in_one_module():
    for path, tree in modules("servicenow"):
        found = [(path.name, line) for fixed, _, line in texts_with_values(tree) if ENCODED_PART.search(fixed)]
        assert bool(found) == (path.name == "query.py"), found


def test_jql_is_put_together_in_one_module():
    for path, tree in modules("jira_service_management"):
        found = [(path.name, line) for fixed, _, line in texts_with_values(tree) if JQL_PART.search(fixed)]
        assert bool(found) == (path.name == "jql.py"), found


def test_no_query_is_put_together_by_adding_or_by_joining():
    signs = {"^", "^OR", "^NQ", " AND ", " OR "}
    for path, tree in modules("servicenow", "jira_service_management"):
        joins = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "join"]
        adds = [side for node in ast.walk(tree) if isinstance(node, ast.BinOp) for side in (node.left, node.right)]
        used = {part.value for part in (*joins, *adds) if isinstance(part, ast.Constant) and part.value in signs}
        assert not used or path.name in ("query.py", "jql.py"), (path, used)


def test_every_value_in_a_path_is_made_a_step_of_it():
    count = 0
    for path, tree in modules("servicenow", "jira_service_management"):
        for fixed, values, line in texts_with_values(tree):
            if PATH_PART.match(fixed):
                count += 1
                assert all(map(is_step_or_constant, values)), (path.name, line)
    assert count >= 10


def is_step_or_constant(part: ast.FormattedValue) -> bool:
    value = part.value
    if isinstance(value, ast.Name):
        return value.id.isupper()
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "step"
