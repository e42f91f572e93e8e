"""Selecting: the issues that answer a query, in its order, as search knows them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from functools import total_ordering
from typing import Any, NamedTuple

from . import clauses, documents
from .clauses import Asker
from .failure import Failure
from .jql import Junction, Node, Query, Term
from .model import Field, Issue, Stand

EVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class Found(NamedTuple):
    """An issue that answers a query, with what it is sorted by."""

    order: tuple[Any, ...]
    issue: Issue


@total_ordering
class Descending:
    """Sorts the other way round."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Descending) and self.value == other.value

    def __lt__(self, other: Descending) -> bool:
        return bool(other.value < self.value)


def select(asker: Asker, query: Query, known: datetime | None, current: Collection[str]) -> list[Found]:
    """Return what search finds: issues as they stood at the moment `known`, those in `current` as they are."""
    holds, order = clauses.test(asker, query.where), sorter(asker, query)
    found = [Found(order(issue, stand), issue) for issue, stand in _candidates(asker, query, known, current)
             if holds(issue, stand.values) and asker.site.sees(issue)]  # fmt: skip
    found.sort(key=lambda each: each.order)
    return found


def _candidates(
    asker: Asker, query: Query, known: datetime | None, current: Collection[str]
) -> Iterator[tuple[Issue, Stand]]:
    """Yield the issues whose time of change may fit, at the time that counts for each."""
    store = asker.site.store
    late = {issue.id for issue in store.changed_since(known)} - set(current) if known else set()
    low, high = bounds(asker, query.where)
    first, last = (
        bisect_left(store.order, low, key=lambda place: place[0]),
        bisect_right(store.order, high, key=lambda place: place[0]),
    )
    for _, project, number in store.order[first:last]:
        issue = store.by_number(project, number)
        if issue.id not in late:
            yield issue, issue.stands[-1]
    for id in late:
        if stand := store.issues[id].at(known):
            yield store.issues[id], stand


def bounds(asker: Asker, node: Node | None) -> tuple[datetime, datetime]:
    """Return the earliest and the latest time of change that a query allows, as far as it says so at its top."""
    low, high = EVER
    for part in node.parts if isinstance(node, Junction) and node.word == "AND" else [node]:
        if isinstance(part, Term) and part.field.casefold() == "updated" and part.operator in (">", ">=", "<", "<="):
            moment = clauses.date(asker, asker.site.fields["updated"], part.operands[0])
            low, high = (max(low, moment), high) if part.operator[0] == ">" else (low, min(high, moment))
    return low, high


def sorter(asker: Asker, query: Query) -> Callable[[Issue, Stand], tuple[Any, ...]]:
    """Return what gives an issue its place; issues that are alike in everything asked for are sorted by number."""
    if not query.orders:
        return lambda issue, stand: (-int(issue.id),)
    keys = [_key(asker, name, descending) for name, descending in query.orders]
    return lambda issue, stand: (*(key(issue, stand) for key in keys), int(issue.id))


def _key(asker: Asker, name: str, descending: bool) -> Callable[[Issue, Stand], Any]:
    if name.casefold() in clauses.KEYS:
        rank: Callable[[Issue, Stand], Any] = lambda issue, stand: (issue.project, issue.number)  # noqa: E731
    else:
        rank = _rank(asker, _sortable(asker, name))
    return (lambda issue, stand: Descending(rank(issue, stand))) if descending else rank


def _sortable(asker: Asker, name: str) -> Field:
    fields: Iterable[Field] = clauses.fields(asker.site, name)
    found = next((field for field in fields if field.kind not in ("links", "comments", "watches", "requesttype")), None)
    if found is None:
        raise Failure(400, f"Not able to sort using field '{name}'.")
    return found


def _rank(asker: Asker, field: Field) -> Callable[[Issue, Stand], Any]:
    if field.kind in ("moment", "datetime"):
        return lambda issue, stand: stand.values.get(field.id, EVER[1])
    if field.kind == "priority":
        places = {id: place for place, id in enumerate(asker.site.priorities)}
        return lambda issue, stand: -places.get(stand.values.get(field.id, ""), len(places))
    return lambda issue, stand: documents.as_markup(str(stand.values.get(field.id, "")))
