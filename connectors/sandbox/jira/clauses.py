"""What each field means in JQL: which values its operands stand for, and which issues have them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from . import documents, moments
from .failure import Failure
from .jql import Junction, Node, Not, Operand, Term
from .kinds import Choice
from .lists import KINDS, Many
from .model import Field, Issue, Values

if TYPE_CHECKING:
    from .site import Site

Test = Callable[[Issue, Values], bool]

ALIASES = {
    "type": "issuetype", "component": "components", "resolved": "resolutiondate", "updateddate": "updated",
    "createddate": "created", "request type": "Request Type", "request-type": "Request Type",
    "organization": "Organizations", "organizations": "Organizations",
}  # fmt: skip
KEYS = ("key", "id", "issue", "issuekey")
TEXTS = ("text", "textarea")
_DATES = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_PERIOD = re.compile(r"([+-]?)(\d+)([wdhm])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True)
class Asker:
    """Who asks, where and when: it decides what `currentUser()`, `-1d` and a bare date mean."""

    site: Site
    account: str
    zone: str
    now: datetime


def test(asker: Asker, node: Node | None) -> Test:
    """Return the test that a condition makes of an issue and its values. Fails with 400 for what does not exist."""
    if node is None:
        return lambda issue, values: True
    if isinstance(node, Not):
        inner = test(asker, node.inner)
        return lambda issue, values: not inner(issue, values)
    if isinstance(node, Junction):
        parts = [test(asker, part) for part in node.parts]
        if node.word == "AND":
            return lambda issue, values: all(part(issue, values) for part in parts)
        return lambda issue, values: any(part(issue, values) for part in parts)
    return _term(asker, node)


def _term(asker: Asker, term: Term) -> Test:
    if term.field.casefold() in KEYS:
        return _keys(asker, term)
    if term.field.casefold() == "statuscategory":
        return _category(asker, term)
    tests = [_field(asker, term, field) for field in fields(asker.site, term.field)]
    return tests[0] if len(tests) == 1 else lambda issue, values: any(each(issue, values) for each in tests)


def fields(site: Site, name: str) -> list[Field]:
    """Return the fields that a name in JQL means: all of that name, one for cf[10010]."""
    plain = name.casefold()
    plain = ALIASES.get(plain, plain).casefold()
    if match := re.fullmatch(r"cf\[(\d+)\]", plain):
        plain = f"customfield_{match[1]}"
    found = [field for field in site.fields.values() if plain in (field.id, field.name.casefold())]
    if not found:
        raise Failure(400, f"Field '{name}' does not exist or you do not have permission to view it.")
    return found


def _keys(asker: Asker, term: Term) -> Test:
    wanted = set()
    for operand in term.operands:
        issue = asker.site.visible(operand.text)
        if issue is None and operand.text.isdecimal():
            raise Failure(400, f"A value with ID '{operand.text}' does not exist for the field '{term.field}'.")
        if issue is None:
            raise Failure(400, f"An issue with key '{operand.text}' does not exist for field '{term.field}'.")
        wanted.add(issue.id)
    return lambda issue, values: (issue.id in wanted) != term.negated


def _category(asker: Asker, term: Term) -> Test:
    names = {"to do": "new", "new": "new", "in progress": "indeterminate", "done": "done"}
    wanted = {names.get(operand.text.casefold(), operand.text.casefold()) for operand in term.operands}
    statuses = asker.site.statuses
    return lambda issue, values: (statuses[values["status"]].category in wanted) != term.negated


def _field(asker: Asker, term: Term, field: Field) -> Test:
    if term.operator == "is" or term.operands[0].empty:
        return lambda issue, values: bool(values.get(field.id)) == term.negated
    if term.operator == "~":
        return _words(term, field)
    if field.kind in ("moment", "datetime"):
        return _range(term, field, [date(asker, field, operand) for operand in term.operands])
    if field.kind in TEXTS:
        raise Failure(400, f"The operator '{term.operator}' is not supported by the '{term.field}' field.")
    if field.kind == "number":
        return _range(term, field, [float(operand.text) for operand in term.operands])
    return _among(term, field, {_value(asker, term, field, operand) for operand in term.operands})


def _among(term: Term, field: Field, wanted: set[Any]) -> Test:
    """Test a value, or any of a list. An empty one answers to no comparison, not even to !=."""
    id, negated = field.id, term.negated
    if KINDS[field.kind].type == "array":
        return lambda issue, values: id in values and wanted.isdisjoint(values[id]) == negated
    return lambda issue, values: id in values and (values[id] in wanted) != negated


def _value(asker: Asker, term: Term, field: Field, operand: Operand) -> Any:
    if operand.function and operand.text == "currentuser":
        return asker.account
    kind = KINDS[field.kind]
    one = kind.one if isinstance(kind, Many) else kind
    if not isinstance(one, Choice):
        return operand.text
    if field.id == "project" and (project := asker.site.project(operand.text)):
        return project.key
    try:
        return one.pick(asker.site, field, operand.text, "")
    except LookupError as error:
        raise Failure(400, f"The value '{operand.text}' does not exist for the field '{term.field}'.") from error


def _words(term: Term, field: Field) -> Test:
    """Test for words, as a search index does: all of them, whole, in any order."""
    wanted = re.findall(r"\w+", term.operands[0].text.casefold())

    def has(issue: Issue, values: Values) -> bool:
        text = set(re.findall(r"\w+", documents.as_markup(values.get(field.id, "")).casefold()))
        return all(word in text for word in wanted) != term.negated

    return has


def _range(term: Term, field: Field, bounds: list[Any]) -> Test:
    id, bound, negated = field.id, bounds[0], term.negated
    holds: dict[str, Test] = {
        ">": lambda issue, values: id in values and values[id] > bound,
        ">=": lambda issue, values: id in values and values[id] >= bound,
        "<": lambda issue, values: id in values and values[id] < bound,
        "<=": lambda issue, values: id in values and values[id] <= bound,
        "=": lambda issue, values: id in values and (values[id] == bound) != negated,
        "in": lambda issue, values: id in values and (values[id] in bounds) != negated,
    }
    return holds[term.operator]


def date(asker: Asker, field: Field, operand: Operand) -> datetime:
    """Read a date: bare it is milliseconds since 1970, in quotes a minute in the zone of the account that asks."""
    if operand.function and operand.text == "now":
        return asker.now
    if not operand.quoted and operand.text.isdecimal():
        return moments.from_millis(int(operand.text))
    if match := _PERIOD.fullmatch(operand.text):
        span = timedelta(**{_UNITS[match[3]]: int(match[2])})
        return asker.now + span if match[1] == "+" else asker.now - span
    for form in _DATES:
        try:
            local = datetime.strptime(operand.text, form)  # noqa: DTZ007 - the zone comes next
        except ValueError:
            continue
        return local.replace(tzinfo=ZoneInfo(asker.zone))
    raise Failure(400, f"Date value '{operand.text}' for field '{field.id}' is invalid. Valid formats include: "
                  "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', "
                  "'4w 2d'.")  # fmt: skip
