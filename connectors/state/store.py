"""The store: what the service remembers between cycles, in one database that one process writes.

It keeps keys, times, states and values, never texts. Every method is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, func, select, union, update

from connectors.state import brakes, database, happenings, journal, nearby, outbox, remembered, standing, sweep
from connectors.state.around import Around
from connectors.state.background import Background
from connectors.state.codec import read_memory
from connectors.state.office import Office
from connectors.state.records import (
    Cycle,
    Decided,
    Entry,
    Happened,
    HeldPlan,
    Line,
    Parked,
    Planned,
    State,
    StoreStatus,
    Unsettled,
    Waiting,
)
from connectors.state.schema import cursors, meta, tickets, upsert
from connectors.state.shelf import Shelf
from rules.brakes import Brakes
from rules.model import Fact, Memory, Outcome, Ticket

__all__ = ["Cycle", "Decided", "Entry", "Line", "Parked", "Planned", "Store", "StoreStatus", "Unsettled", "Waiting"]

PAGE: Final = 500
"""Rows of the outbox that are read at a time; no ticket has that many."""

NO_MARK: Final = "the platform never answered, and the write left no mark"
NOT_VISIBLE: Final = "the ticket is gone, or this account may not see it any more"
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

t = tickets.c


class Store:
    """Use it in a `with` block. Times come from the clock that it was opened with."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writing = database.writing(engine)
        self._clock = clock

    @classmethod
    def open(cls, url: str, clock: Callable[[], datetime]) -> Store:
        """Open the store at a URL with an absolute path, or make it. Raises `Unusable` with a line for the admin."""
        return cls(database.opened(url), clock)

    def copy(self) -> Store:
        """Return a copy for a dry run: the same content, and nothing of what it is told reaches the file."""
        return Store(database.copied(self._engine), self._clock)

    def office(self) -> Office:
        """Return what an admin may do to what waits here."""
        return Office(self._engine, self._clock)

    def shelf(self) -> Shelf:
        """Return where rosters are kept that were read elsewhere."""
        return Shelf(self._engine)

    def close(self) -> None:
        """Give back the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def first_start(self, connection: str) -> datetime:
        """Return when this connection was first asked for; the first call decides."""
        name = f"first start of {connection}"
        with self._engine.connect() as db:
            known = db.scalar(select(meta.c.value).where(meta.c.name == name))
        if known is not None:
            return datetime.fromisoformat(known)
        now = self._clock()
        with self._writing.begin() as db:
            upsert(db, meta, [{"name": name, "value": now.isoformat()}])
        return now

    def cursor(self, connection: str, kind: str) -> str | None:
        """Return from where reading goes on, or None when nothing was read yet."""
        with self._engine.connect() as db:
            return db.scalar(select(cursors.c.cursor).where(cursors.c.connection == connection, cursors.c.kind == kind))

    def memories(self, keys: Sequence[str]) -> dict[str, Memory]:
        """Return the memories of tickets, by key; those that are not known yet are left out."""
        with self._engine.connect() as db:
            rows = db.execute(select(t.key, t.memory).where(t.key.in_(keys)))
            return {key: read_memory(text) for key, text in rows}

    def moved(self, cycle: int, unknown: Sequence[Ticket]) -> dict[str, Memory]:
        """Return the memories of those of one connection's tickets that we know under another key, by their key now.

        A ticket that moves to another project has another number from then on, and is the same ticket: it is kept
        under the new key, and what was planned for it is decided anew.
        """
        by_id = {ticket.id: ticket for ticket in unknown}
        if not by_id:
            return {}
        where = (t.connection == unknown[0].connection, t.id.in_(by_id))
        found: dict[str, Memory] = {}
        with self._writing.begin() as db:
            for key, id, text in db.execute(select(t.key, t.id, t.memory).where(*where)).all():
                now = by_id[id]
                db.execute(update(tickets).where(t.key == key).values(key=now.key, number=now.number, kind=now.kind))
                outbox.moved(db, key, now.key)
                nearby.moved(db, key, now)
                happenings.moved(db, key, now.key)
                journal.moved(db, key, now.key)
                line = Line("ticket", "left", "", "", f"it was {key} before")
                journal.write(db, self._clock(), cycle, [(now.key, [line])])
                found[now.key] = read_memory(text)
        return found

    def plan(self, cycle: int, connection: str, kind: str, cursor: str | None, decided: Sequence[Decided]) -> int:
        """Keep a page's decisions and move the cursor, unless it is None; return the number of actions planned.

        The journal gets the reasons of decisions that have actions or something new to remember: a settled ticket
        adds no lines. Of a ticket that stands in the page twice the later one counts.
        """
        page = list({item.ticket.key: item for item in decided}.values())
        now = self._clock()
        with self._writing.begin() as db:
            changed = remembered.remember(db, page, now)
            nearby.announce(db, now, page)
            nearby.reply(db, now, page)
            told = [item for item in page if item.ticket.key in changed or item.decision.deeds]
            journal.write(db, now, cycle, [(item.ticket.key, item.decision.reasons) for item in told])
            happenings.keep(db, now, page)
            journal.count_overruled(db, [reason for item in told for reason in item.decision.reasons])
            if cursor is not None:
                upsert(db, cursors, [{"connection": connection, "kind": kind, "cursor": cursor}])
            return outbox.plan(db, now, cycle, page)

    def brake(self, cycle: int, limits: Brakes, connections: Sequence[str]) -> tuple[HeldPlan, ...]:
        """Hold what is over these limits of all that is planned on these connections, and return what was held."""
        with self._writing.begin() as db:
            return brakes.brake(db, self._clock(), cycle, limits, connections)

    def due(self, connection: str, now: datetime) -> dict[str, list[str]]:
        """Return the ids of the tickets that are to be read now without a change, by kind."""
        o = outbox.c
        waits = (o.connection == connection, o.state.in_(("unknown", "again")), o.until <= now)
        query = union(
            select(t.kind, t.id).where(t.connection == connection, t.look_again_at <= now),
            select(o.kind, o.ticket_id).where(*waits),
        )
        found: dict[str, list[str]] = {}
        with self._engine.connect() as db:
            for kind, number in db.execute(query):
                found.setdefault(kind, []).append(number)
        return found

    def planned(self, connection: str, only: Sequence[str] = (), by_doors: bool = False) -> Iterator[Planned]:
        """Return what waits to be sent, the important first, without what is planned after it was asked for.

        Tickets with an action on its way, of unknown outcome or failed are left out. `only` names tickets that were
        just decided again, whose new plans would otherwise wait for the next call. `by_doors`: what goes out by others
        than the ticket.
        """
        with self._engine.connect() as db:
            upto = outbox.newest(db)
        last, more = (-1, 0), True
        while more:
            with self._engine.connect() as db:
                rows = outbox.planned(db, connection, last, upto, only, PAGE, by_doors)
            more = len(rows) == PAGE
            if more:  # the last ticket may be cut in two
                rows = [row for row in rows if row["ticket"] != rows[-1]["ticket"]]
            last = (rows[-1]["rank"], rows[-1]["id"]) if rows else last
            yield from outbox.grouped(rows)

    def sending(self, keys: Sequence[str], digests: Mapping[str, str], door: str = "", once: bool = False) -> None:
        """Record, before the request, that these actions go out, with digests of their texts where there is no mark.

        A word goes out by a `door`, and perhaps at most `once`. Raises `outbox.Withdrawn` unless all are planned.
        """
        with self._writing.begin() as db:
            outbox.sending(db, keys, digests, door, once)

    def confirm(
        self,
        cycle: int,
        ticket: Ticket,
        keys: Sequence[str],
        memory: Memory,
        lines: Sequence[Line],
        before: Mapping[str, Fact | None] = NOTHING,
        again: datetime | None = None,
    ) -> None:
        """Keep what the platform confirmed: these actions are done, and this is what we know of the ticket now.

        `before` is what stood in the fields that they wrote, `again` when to look at what time calls for after them.
        """
        now = self._clock()
        with self._writing.begin() as db:
            outbox.done(db, keys, now)
            remembered.written(db, ticket, memory, now, {"look_again_at": again} if again is not None else {})
            journal.write(db, now, cycle, [(ticket.key, lines)])
            standing.changed(db, now, cycle, ticket, before)

    def delivered(self, cycle: int, ticket_key: str, key: str, line: Line, again: datetime | None) -> None:
        """Keep that a word went out by a door, and when to look at what time calls for after it."""
        now = self._clock()
        with self._writing.begin() as db:
            remembered.count_as_done(db, outbox.found(db, [key]))
            outbox.done(db, [key], now)
            remembered.wake(db, ticket_key, again)
            journal.write(db, now, cycle, [(ticket_key, [line])])

    def unknown(self, cycle: int, ticket_key: str, keys: Sequence[str], until: datetime, error: str) -> None:
        """Keep that nobody knows whether these actions were done; the ticket is due at `until`."""
        with self._writing.begin() as db:
            outbox.unknown(db, keys, until, journal.one_line(error))
            self._failed(db, cycle, ticket_key, "unknown", error)

    def unsent(self, keys: Sequence[str]) -> None:
        """Keep that the platform was too busy to take these actions: they are planned, as if nothing had been asked."""
        with self._writing.begin() as db:
            outbox.unsent(db, keys)

    def again(self, cycle: int, ticket: str, keys: Sequence[str], at: datetime, error: str, doubt: str = "") -> None:
        """Keep that these actions failed: the ticket is due at `at`. The fifth time they are parked."""
        with self._writing.begin() as db:
            state = outbox.again(db, keys, at, journal.one_line(error), doubt)
            self._failed(db, cycle, ticket, state, error)

    def park(self, cycle: int, ticket_key: str, keys: Sequence[str], error: str) -> None:
        """Keep that these actions need a person; `status` shows them."""
        with self._writing.begin() as db:
            outbox.park(db, keys, journal.one_line(error))
            self._failed(db, cycle, ticket_key, "parked", error)

    def unsettled(self, ticket_keys: Sequence[str]) -> dict[str, list[Unsettled]]:
        """Return the actions of unknown outcome, by ticket key."""
        with self._engine.connect() as db:
            return outbox.unsettled(db, ticket_keys)

    def settled(self, cycle: int, ticket_key: str, done_keys: Sequence[str], not_done_keys: Sequence[str]) -> None:
        """Keep which actions of unknown outcome left their mark. Those that did not are to be decided again.

        A missing mark counts only after the `until` of its action.
        """
        with self._writing.begin() as db:
            remembered.count_as_done(db, outbox.found(db, done_keys))
            outbox.done(db, done_keys, self._clock())
            state = outbox.not_done(db, not_done_keys, self._clock(), NO_MARK)
            if state is not None:
                self._failed(db, cycle, ticket_key, state, NO_MARK)

    def looked(
        self, cycle: int, connection: str, kind: str, found: Sequence[str], missing: Sequence[str], digest: str
    ) -> None:
        """Keep which of the tickets that were read by id, under these rules, are there, and which could not be read.

        What waits for those needs a person. They are never taken for deleted: rights change, and so do scopes.
        """
        now = self._clock()
        with self._writing.begin() as db:
            sweep.seen(db, now, connection, kind, found, digest)
            hidden = sweep.hidden(db, now, connection, kind, missing) if missing else []
            parked = outbox.not_visible(db, connection, kind, missing, NOT_VISIBLE) if missing else []
            for key in dict.fromkeys((*parked, *hidden)):
                self._failed(db, cycle, key, "parked" if key in parked else "left", NOT_VISIBLE)

    def around(self) -> Around:
        """Return what lies around a ticket."""
        return Around(self._engine)

    def background(self) -> Background:
        """Return what is to be read in the background."""
        return Background(self._engine, self._clock)

    def is_stopped(self) -> bool:
        """Tell whether a person stopped all writing."""
        with self._engine.connect() as db:
            return standing.stopped(db) is not None

    def begin_cycle(self, connection_names: Sequence[str]) -> int:
        """Return the number of a new cycle. What an earlier process left "sending" is of unknown outcome from now."""
        now = self._clock()
        with self._writing.begin() as db:
            outbox.broken_off(db, now)
            standing.forget_changes(db, now)
            happenings.forget(db, now)
            nearby.forget(db, now)
            return journal.begin(db, now, connection_names)

    def end_cycle(self, cycle: int, counts: dict[str, int], waits: Mapping[str, float] = NOTHING) -> None:
        """Keep what a cycle did, and for how many seconds which platform wants to be left alone."""
        now = self._clock()
        with self._writing.begin() as db:
            journal.end(db, now, cycle, counts)
            standing.limited(db, now, waits)

    def journal(self, ticket_key: str) -> list[Entry]:
        """Return a ticket's journal, oldest line first."""
        with self._engine.connect() as db:
            return journal.read(db, ticket_key)

    def happened(self, start: int, end: int) -> Iterator[Happened]:
        """Yield what happened from one moment up to another, both in seconds since 1970, in its order."""
        with self._engine.connect() as db:
            yield from happenings.between(db, start, end)

    def waiting(self, ticket_key: str) -> tuple[Waiting, ...]:
        """Return what is not done of what is to be done to a ticket."""
        with self._engine.connect() as db:
            return outbox.waiting(db, ticket_key)

    def status(self) -> StoreStatus:
        """Return the store at a glance."""
        with self._engine.connect() as db:
            places = {(row.connection, row.kind): row.cursor for row in db.execute(select(cursors))}
            count = db.scalar(select(func.count()).select_from(tickets)) or 0
            return StoreStatus(
                journal.last(db),
                outbox.count_waiting(db),
                outbox.parked(db),
                places,
                count,
                brakes.held(db),
                standing.stopped(db),
                {name: until for name, until in standing.limits(db).items() if until > self._clock()},
                journal.overruled(db),
                sweep.count_hidden(db),
            )

    def _failed(self, db: Connection, cycle: int, ticket: str, state: State | Outcome, error: str) -> None:
        line = Line("ticket", state, "", "", journal.one_line(error))
        journal.write(db, self._clock(), cycle, [(ticket, [line])])
