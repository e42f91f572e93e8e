"""Encoded queries: what `active=true^priorityIN1,2^NQ…^ORDERBYnumber` asks for, and which records answer to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import reduce

from .schema import Field, Schema
from .table import Record
from .times import read_query_date

_OPERATORS = "ISNOTEMPTY|ISEMPTY|ANYTHING|STARTSWITH|ENDSWITH|BETWEEN|NOT IN|NOT LIKE|LIKE|IN|!=|>=|<=|=|>|<"
_TERM = re.compile(rf"([a-z0-9_.]+)({_OPERATORS})(.*)", re.DOTALL)
_NUMBERS = ("integer", "decimal")
RANGES = (">", ">=", "<", "<=", "BETWEEN")
PATTERNS = ("LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH")

Walk = Callable[[Record, str], str]
"""Returns the value at the end of a dot-walk that starts at a record."""

Test = Callable[[Record], bool]


@dataclass(frozen=True)
class Term:
    """One condition on one field; values are ready to compare: folded, or as stored dates."""

    path: str
    operator: str
    values: tuple[str, ...]
    numeric: bool = False

    @property
    def value(self) -> str:
        return self.values[0]


@dataclass(frozen=True)
class Order:
    path: str
    descending: bool
    numeric: bool


@dataclass
class Query:
    """Groups are alternatives (`^NQ`); a group holds clauses that must all hold; a clause is any of its terms (`^OR`).

    `broken` are the parts that the platform could not read: it drops them and says nothing.
    """

    groups: list[list[list[Term]]] = field(default_factory=lambda: [[]])
    orders: list[Order] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def terms(self) -> Iterator[Term]:
        return (term for group in self.groups for clause in group for term in clause)


class Parser:
    """Reads encoded queries on one table, for an account whose zone decides what `gs.dateGenerate` means."""

    def __init__(self, schema: Schema, table: str, zone: str) -> None:
        self.schema, self.table, self.zone = schema, table, zone

    def parse(self, text: str) -> Query:
        """Return what could be read. `^^` stands for a caret inside a value."""
        query = Query()
        for raw in text.replace("^^", "\0").split("^"):
            self._part(query, raw.replace("\0", "^"))
        return query

    def _part(self, query: Query, part: str) -> None:
        if part in ("", "EQ"):
            return
        if part.startswith("ORDERBY"):
            self._order(query, part)
        elif part.startswith("NQ"):
            query.groups.append([])
            self._clause(query, part[2:])
        elif part.startswith("OR"):
            self._alternative(query, part[2:])
        else:
            self._clause(query, part)

    def _order(self, query: Query, part: str) -> None:
        descending = part.startswith("ORDERBYDESC")
        path = part.removeprefix("ORDERBYDESC" if descending else "ORDERBY")
        found = self.schema.find(self.table, path)
        if found is None:
            query.broken.append(part)
        else:
            query.orders.append(Order(path, descending, found.type in _NUMBERS))

    def _clause(self, query: Query, part: str) -> None:
        if term := self._term(query, part):
            query.groups[-1].append([term])

    def _alternative(self, query: Query, part: str) -> None:
        term = self._term(query, part)
        if term and query.groups[-1]:
            query.groups[-1][-1].append(term)
        elif term:
            query.groups[-1].append([term])

    def _term(self, query: Query, part: str) -> Term | None:
        match = _TERM.fullmatch(part)
        found = self.schema.find(self.table, match[1]) if match else None
        values = self._values(found, match[2], match[3]) if match and found else None
        if match is None or found is None or values is None:
            if part:
                query.broken.append(part)
            return None
        return Term(match[1], match[2], values, found.type in _NUMBERS)

    def _values(self, found: Field, operator: str, text: str) -> tuple[str, ...] | None:
        if operator in ("IN", "NOT IN"):
            texts = [value.strip() for value in text.split(",")]
        else:
            texts = text.split("@", 1) if operator == "BETWEEN" else [text]
        if found.is_date and text and operator in ("=", "!=", *RANGES):
            dates = [read_query_date(value, self.zone) for value in texts]
            return None if None in dates else tuple(date for date in dates if date is not None)
        if text.startswith("javascript:") or (operator == "BETWEEN" and len(texts) < 2):
            return None
        return tuple(value.casefold() for value in texts)


def matcher(clauses: list[list[Term]], walk: Walk) -> Test:
    """Return the test for a group of clauses."""
    tests = [reduce(_either, [_test(term, walk) for term in clause]) for clause in clauses]
    return reduce(_both, tests) if tests else lambda record: True


def _both(one: Test, other: Test) -> Test:
    return lambda record: one(record) and other(record)


def _either(one: Test, other: Test) -> Test:
    return lambda record: one(record) or other(record)


class _Known(dict[str, bool]):
    """What a term says of each value met so far: a hundred thousand tickets share few companies, states and times."""

    def __init__(self, judge: Callable[[str], bool]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, value: str) -> bool:
        self[value] = self._judge(value)
        return self[value]


def _test(term: Term, walk: Walk) -> Test:
    compare, first = _comparison(term), term.path.split(".")[0]
    known = _Known(lambda value: compare(walk({first: value}, term.path).casefold()))
    return lambda record: known[record.get(first, "")]


def _comparison(term: Term) -> Callable[[str], bool]:
    if term.operator in RANGES:
        return _range(term)
    value, values = term.value, frozenset(term.values)
    return {
        "=": lambda found: found == value,
        "!=": lambda found: found != value,
        "IN": lambda found: found in values,
        "NOT IN": lambda found: found not in values,
        "LIKE": lambda found: value in found,
        "NOT LIKE": lambda found: value not in found,
        "STARTSWITH": lambda found: found.startswith(value),
        "ENDSWITH": lambda found: found.endswith(value),
        "ISEMPTY": lambda found: not found,
        "ISNOTEMPTY": bool,
        "ANYTHING": lambda found: True,
    }[term.operator]


def _range(term: Term) -> Callable[[str], bool]:
    """Compare numbers as numbers and dates as text; an empty value is in no range, as NULL in a database."""
    low, high = _rank(term.values[0], term.numeric), _rank(term.values[-1], term.numeric)
    holds: Callable[[tuple[float, str]], bool] = {
        ">": lambda found: found > low,
        ">=": lambda found: found >= low,
        "<": lambda found: found < low,
        "<=": lambda found: found <= low,
        "BETWEEN": lambda found: low <= found <= high,
    }[term.operator]
    return lambda found: found != "" and holds(_rank(found, term.numeric))


def _rank(text: str, numeric: bool) -> tuple[float, str]:
    """Return what a value is compared by."""
    return (number(text), "") if numeric else (0.0, text)


def number(text: str) -> float:
    """Read a number; what is none counts as 0, as on the platform."""
    try:
        return float(text)
    except ValueError:
        return 0.0
