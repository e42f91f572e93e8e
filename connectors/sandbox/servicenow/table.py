"""The records of one table, with the indexes that keep large tables quick to ask."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator

Record = dict[str, str]
"""Raw values by field; an empty value is left out."""

Watcher = Callable[[Record | None, Record | None], None]
"""Is told of every change: the record before, None if it is new, and after, None if it is gone."""

Key = tuple[str, str]
"""(sys_updated_on, sys_id): the order in which records changed. Journal and audit rows have only sys_created_on."""


def key(record: Record) -> Key:
    return record.get("sys_updated_on") or record["sys_created_on"], record["sys_id"]


class Table:
    """Records by sys_id, in the order of their change, and by each field of `lookups`."""

    def __init__(self, name: str, lookups: Iterable[str] = ()) -> None:
        self.name = name
        self.version = 0
        self.watchers: list[Watcher] = []
        self.records: dict[str, Record] = {}
        self.order: list[Key] = []
        """All keys, oldest change first."""
        self._by: dict[str, dict[str, dict[str, None]]] = {field: {} for field in lookups}

    def put(self, record: Record) -> None:
        """Store a record in place of the one with its sys_id."""
        old = self._take(record["sys_id"])
        self.records[record["sys_id"]] = record
        insort(self.order, key(record))
        for field, ids in self._by.items():
            ids.setdefault(record.get(field, "").casefold(), {})[record["sys_id"]] = None
        self._tell(old, record)

    def remove(self, sys_id: str) -> None:
        """Take a record out."""
        self._tell(self._take(sys_id), None)

    def _take(self, sys_id: str) -> Record | None:
        old = self.records.pop(sys_id, None)
        if old is None:
            return None
        del self.order[bisect_left(self.order, key(old))]
        for field, ids in self._by.items():
            ids[old.get(field, "").casefold()].pop(sys_id)
        return old

    def _tell(self, old: Record | None, new: Record | None) -> None:
        self.version += 1
        for watcher in self.watchers:
            watcher(old, new)

    def has_lookup(self, field: str) -> bool:
        return field == "sys_id" or field in self._by

    def lookup(self, field: str, values: Iterable[str]) -> Iterator[Record]:
        """Yield the records whose field has one of these values, by dictionary."""
        for value in dict.fromkeys(value.casefold() for value in values):
            ids = (value,) if field == "sys_id" else self._by[field].get(value, ())
            yield from (self.records[sys_id] for sys_id in ids if sys_id in self.records)
