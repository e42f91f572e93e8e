"""Reading what changed on ServiceNow: page by page, by key, missing nothing that becomes visible late."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from connectors.base import TryLater
from connectors.servicenow.query import both, keyset
from connectors.servicenow.tables import Record, Rows, raw
from connectors.web.session import Incomplete

LATE: Final = timedelta(seconds=30)
"""How long a change may take to become visible: transactions commit after they set sys_updated_on."""
PAGE_BYTES: Final = 1_500_000
LIMIT: Final = 200
"""Rows of a page at most: as many ids as one request for their history can name."""
STAMP: Final = "%Y-%m-%d %H:%M:%S"
STAMPED: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")

Read = Callable[[str, int, int], Rows]
"""(encoded query, limit, offset) → rows."""


class Place(NamedTuple):
    """Where reading stands: the last row's sys_updated_on and sys_id, and the server's time of the read.

    Texts as ServiceNow writes them ("2026-11-02 08:00:00", UTC), which sort as they should. "" is the beginning.
    """

    at: str = ""
    id: str = ""
    read: str = ""

    def begin(self) -> tuple[str, str]:
        """Return the key after which to read on.

        All that changed more than `LATE` before the read was visible to it; what is younger is read once more.
        """
        if not self.read:
            return self.at, self.id
        safe = (datetime.strptime(self.read, STAMP) - LATE).strftime(STAMP)  # noqa: DTZ007  # both ends are UTC texts
        return min((self.at, self.id), (safe, ""))

    def text(self) -> str:
        """Return it as the cursor that is stored."""
        return json.dumps(self._asdict())


def place(cursor: str | None) -> Place:
    """Return the place that a stored cursor names; the beginning for None or ""."""
    return Place(**json.loads(cursor)) if cursor else Place()


class Pages:
    """Reads one table. The page size is learned from the answers, so that a page has about 1.5 MB."""

    def __init__(self, read: Read, scope: str) -> None:
        self._read = read
        self._scope = scope
        self._limit = LIMIT

    def since(self, start: Place) -> Iterator[tuple[list[Record], Place]]:
        """Yield the rows after a place, oldest change first, each page with the place after it.

        A page without rows ends a reading that moved the place on all the same: the next one begins later.
        """
        key, now, hot, offset = start.begin(), start, False, 0
        while True:
            rows, limit = self._page(keyset(self._scope, *key), offset)
            offset += limit - limit // 10  # rows may move up while we read past those that we may not see
            if dated := [record for record in rows.records if _dated(record)]:
                key, offset = _further(key, dated), 0
            read = now.read if hot else _stamp(rows.asked_at)
            now = Place(*key, read)
            hot = now.begin() != key  # what is as young as this may still get company: later pages do not forgive it
            if rows.records or (not rows.more and now.begin() != start.begin()):
                yield rows.records, now
            if not rows.more:
                return

    def by_offset(self, start: Place) -> Iterator[tuple[list[Record], Place]]:
        """Yield the same where access rules forbid ranges: newest first, back to the place.

        Going backwards, a row that changes while we read pushes others into the next page and never out of it. The
        place moves with the last page only, since a reading that breaks off has seen nothing of the older rows. Who
        forbids ranges may forbid sorting, too: a page that is not in order says nothing about the pages after it.
        """
        begin, newest, read, offset = start.begin(), (start.at, start.id), "", 0
        query = both(self._scope, "ORDERBYDESCsys_updated_on", "ORDERBYDESCsys_id")
        while True:
            rows, limit = self._page(query, offset)
            fresh = [record for record in rows.records if key_of(record) > begin or not _dated(record)]
            newest = max([newest, *(key_of(record) for record in fresh if _dated(record))])
            read = read or _stamp(rows.asked_at)
            done = not rows.more or (len(fresh) < len(rows.records) and _backwards(rows.records))
            after = Place(*newest, read) if done else start
            if fresh or (done and after.begin() != begin):
                yield fresh, after
            if done:
                return
            offset += limit

    def _page(self, query: str, offset: int) -> tuple[Rows, int]:
        """Read one page, and tell for how many rows we asked; where the platform gives up half-way, ask for fewer."""
        while True:
            limit = self._limit
            try:
                rows = self._read(query, limit, offset)
            except Incomplete:
                if limit == 1:
                    raise
                self._limit = limit // 2
            else:
                self._limit = fitting(limit, len(rows.records), rows.size)
                return rows, limit


def fitting(limit: int, rows: int, size: int) -> int:
    """Return how many rows make a page of about 1.5 MB, judged by one of `size` bytes; at most twice as many as now."""
    if not rows:
        return limit
    return max(1, min(PAGE_BYTES * rows // max(size, 1), 2 * limit, LIMIT))


def key_of(record: Record) -> tuple[str, str]:
    """Return what pages are ordered by."""
    return raw(record, "sys_updated_on"), raw(record, "sys_id")


def _dated(record: Record) -> bool:
    """Tell whether a record has a key: one without a readable time is handed on, and pages go on by the others."""
    return bool(STAMPED.fullmatch(raw(record, "sys_updated_on")))


def _further(key: tuple[str, str], records: Sequence[Record]) -> tuple[str, str]:
    """Return the last row's key. A broken part of a query is ignored by the platform: then reading would not move."""
    last = key_of(records[-1])
    if last <= key:
        raise TryLater("ServiceNow did not keep to the order by sys_updated_on and sys_id that pages are read by")
    return last


def _stamp(moment: datetime | None) -> str:
    return moment.strftime(STAMP) if moment else ""


def _backwards(records: list[Record]) -> bool:
    """Tell whether the rows show that they are in the order that was asked for: from newer to older times."""
    times = [key_of(record)[0] for record in records if _dated(record)]
    return all(one >= other for one, other in pairwise(times)) and times[:1] > times[-1:]
