"""Selecting: the records that answer a query, in its order, without reading more of a table than the query needs."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from .query import Order, Query, Term, Test, Walk, matcher, number
from .table import Key, Record, Table, key

LAST = "\uffff"
"""Sorts after every sys_id."""

SCANS = 8
"""Scans kept at a time: a client pages through few queries at once."""

_CHANGE_ORDERS = (["sys_updated_on"], ["sys_updated_on", "sys_id"])

Group = list[list[Term]]


@dataclass(frozen=True)
class Scan:
    """The keys between two bounds that passed a test: the pages that follow are slices of it."""

    test: Test
    version: int
    low: Key
    high: Key
    keys: list[Key]

    def covers(self, low: Key, high: Key) -> bool:
        return self.low <= low and high <= self.high

    def follow(self, old: Record | None, new: Record | None) -> None:
        """Stay right when a record changes, at less cost than reading all of them again."""
        place = bisect_left(self.keys, key(old)) if old else len(self.keys)
        if old and self.keys[place : place + 1] == [key(old)]:
            del self.keys[place]
        if new and self.low <= key(new) < self.high and self.test(new):
            insort(self.keys, key(new))


class Selector:
    """Answers queries on the tables that make up one.

    `walk` gives the value at the end of a dot-walk, `passed` the tables that a dot-walk reads on its way: a scan is
    kept as long as nothing changes in those.
    """

    def __init__(self, tables: Sequence[Table], walk: Walk, passed: Callable[[str], Iterable[Table]]) -> None:
        self.tables, self.walk, self.passed = tables, walk, passed
        self._scans: dict[tuple[str, str], Scan] = {}
        for table in tables:
            table.watchers.append(partial(self._changed, table.name))

    def _changed(self, table: str, old: Record | None, new: Record | None) -> None:
        for (name, _), scan in self._scans.items():
            if name == table:
                scan.follow(old, new)

    def keys(self, query: Query) -> Sequence[Key]:
        """Return the keys of all matching records in the order that the query asks for.

        Without ORDERBY the last change comes first: the platform promises no order, and nobody may count on one.
        """
        found = self._union([self._group(table, group) for table in self.tables for group in query.groups])
        paths = [order.path for order in query.orders]
        if not paths:
            return found[::-1]
        if paths in _CHANGE_ORDERS and len({order.descending for order in query.orders}) == 1:
            return found[::-1] if query.orders[0].descending else found
        return self._sorted(found, query.orders)

    def _union(self, parts: list[Sequence[Key]]) -> Sequence[Key]:
        """Join the alternatives; key paging makes them lie one after the other, which needs no sorting."""
        parts = sorted((part for part in parts if part), key=lambda part: part[0])
        joined: list[Key] = []
        for part in parts:
            if joined and joined[-1] >= part[0]:
                return sorted({found for part in parts for found in part})
            joined = [*joined, *part]
        return joined

    def _group(self, table: Table, group: Group) -> Sequence[Key]:
        if looked_up := _lookup(group, table):
            records = table.lookup(looked_up.path, looked_up.values)
            test = matcher(group, self.walk)
            return sorted(key(record) for record in records if test(record))
        low, high, rest = bounds(group)
        if not rest:
            return _between(table.order, low, high)
        return self._scanned(table, rest, low, high)

    def _scanned(self, table: Table, rest: Group, low: Key, high: Key) -> Sequence[Key]:
        name, version = (table.name, str(rest)), self._version(rest)
        scan = self._scans.get(name)
        if scan is None or scan.version != version or not scan.covers(low, high):
            test, records = matcher(rest, self.walk), table.records
            keys = [found for found in _between(table.order, low, high) if test(records[found[1]])]
            scan = Scan(test, version, low, high, keys)
            self._keep(name, scan)
        return _between(scan.keys, low, high)

    def _version(self, rest: Group) -> int:
        paths = {term.path for clause in rest for term in clause if "." in term.path}
        return sum(table.version for path in paths for table in self.passed(path))

    def _keep(self, name: tuple[str, str], scan: Scan) -> None:
        """Keep a scan, unless that would push out one of the same query that is good for more."""
        known = self._scans.get(name)
        if known and known.version == scan.version and len(known.keys) > len(scan.keys):
            return
        if len(self._scans) >= SCANS:
            self._scans.clear()
        self._scans[name] = scan

    def _sorted(self, found: Sequence[Key], orders: list[Order]) -> list[Key]:
        result = list(found)
        for order in reversed(orders):
            result.sort(key=lambda found: self._sort_value(found, order), reverse=order.descending)
        return result

    def _sort_value(self, found: Key, order: Order) -> float | str:
        record = next(table.records[found[1]] for table in self.tables if found[1] in table.records)
        value = self.walk(record, order.path).casefold()
        return number(value) if order.numeric else value


def _lookup(group: Group, table: Table) -> Term | None:
    """Return the term that a dictionary of the table answers, if the group has one."""
    for clause in group:
        term = clause[0]
        if len(clause) == 1 and term.operator in ("=", "IN") and table.has_lookup(term.path):
            return term
    return None


def bounds(group: Group) -> tuple[Key, Key, Group]:
    """Return the stretch of the order of change that a group asks for, low inclusive and high exclusive, and the rest.

    `sys_id` bounds it only beside one exact moment: that is how key paging goes on within a second.
    """
    low: Key = ("", "")
    high: Key = (LAST, LAST)
    exact = next((c[0].value for c in group if len(c) == 1 and _is(c[0], "sys_updated_on", "=")), None)
    rest: Group = []
    for clause in group:
        span = _span(clause[0], exact) if len(clause) == 1 else None
        if span is None:
            rest.append(clause)
        else:
            low, high = max(low, span[0]), min(high, span[1])
    return low, high, rest


def _is(term: Term, path: str, *operators: str) -> bool:
    return term.path == path and term.operator in operators


def _span(term: Term, exact: str | None) -> tuple[Key, Key] | None:
    value, start, end = term.value, ("", ""), (LAST, LAST)
    if _is(term, "sys_updated_on", "=", ">", ">=", "<", "<=") and len(value) == len("2026-11-02 08:00:00"):
        before, after = (value, ""), (value, LAST)
        spans = {
            "=": (before, after),
            ">": (after, end),
            ">=": (before, end),
            "<": (start, before),
            "<=": (start, after),
        }
        return spans[term.operator]
    if exact is not None and _is(term, "sys_id", ">", ">=", "<", "<="):
        before, after = (exact, value), (exact, value + "\0")
        return {">": (after, end), ">=": (before, end), "<": (start, before), "<=": (start, after)}[term.operator]
    return None


def _between(keys: list[Key], low: Key, high: Key) -> list[Key]:
    return keys[bisect_left(keys, low) : bisect_left(keys, high)]
