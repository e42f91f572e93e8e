"""The outbox: actions that are planned, held, on their way, of unknown outcome, failed, parked, done. Never a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import (
    Connection,
    RowMapping,
    Update,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from connectors.base import ConnectorError, Sought
from connectors.state.codec import action_text, read_action
from connectors.state.records import MAYBE, SETTLE, Decided, Parked, Planned, State, Unsettled, Waiting
from connectors.state.schema import outbox
from rules.holders import WOKEN
from rules.model import Comment, Deed, Notify, Ticket
from rules.readers import AFFECTED
from rules.reverting import is_reverting

ATTEMPTS: Final = 5
"""A failed action is decided and sent again until it has failed this often; then it is parked."""

REPLACEABLE: Final = ("planned", "again", "held")
"""States that the next decision replaces: nothing of these is on its way."""

NOTE: Final = "note"
"""The reader of an internal note; other readers are people, by their account."""

IN_DOUBT: Final = ("sending", "unknown", "again")
"""States in which a ticket gets no further write: it is looked up, or decided again, first. Doors wait for none."""

WAITING: Final = ("planned", "held", *IN_DOUBT)
"""States of what is neither done nor parked."""

NEW: Final = {"state": "planned", "attempts": 0, "until": None, "error": "", "released": 0, "doubt": ""}
"""What stands beside an action that was never tried."""

c = outbox.c


class Withdrawn(ConnectorError):
    """What was to be sent is not planned any more: a person whom it named was forgotten meanwhile."""


def plan(db: Connection, now: datetime, cycle: int, decided: Iterable[Decided]) -> int:
    """Replace what waited for these tickets by what was decided now, and return the number of actions planned.

    An action whose key is on its way, of unknown outcome, parked, done or dropped stays as it is. One that failed keeps
    its attempts, and is not planned before the wait that was set for it is over. One that was held stays held, and one
    that was released stays so.
    """
    known = _known(db, [item.ticket.key for item in decided])
    rows = [row for item in decided for row in _rows(item, known, now, cycle)]
    replaced = [row["id"] for row in known.values() if row["state"] in REPLACEABLE]
    if replaced:
        db.execute(delete(outbox).where(c.id == bindparam("row")), [{"row": number} for number in replaced])
    if rows:
        db.execute(insert(outbox), rows)
    return sum(row["state"] == "planned" for row in rows)


def planned(
    db: Connection, connection: str, after: tuple[int, int], upto: int, only: Sequence[str], limit: int, by_doors: bool
) -> list[RowMapping]:
    """Return up to `limit` planned rows, important ones first, then in the order of their plan.

    They come after (rank, id), and have no greater id than `upto`; empty `only` means all tickets. `by_doors`: what
    goes out by other doors than the ticket, which waits for nothing that is done to the ticket, nor that for it, nor
    for another door: a pager not for a mail server that is out of order.
    """
    place = (c.state == "planned", c.connection == connection, tuple_(c.rank, c.id) > after, c.id <= upto)
    query = select(outbox).where(*place, c.door != "" if by_doors else c.door == "")
    if not by_doors:
        other = outbox.alias()
        doubt = (other.c.ticket == c.ticket, other.c.state.in_(IN_DOUBT), other.c.door == "")
        query = query.where(~select(1).where(*doubt).exists())
    if only:
        query = query.where(c.ticket.in_(only))
    return list(db.execute(query.order_by(c.rank, c.id).limit(limit)).mappings())


def newest(db: Connection) -> int:
    """Return the id of the row that was planned last."""
    return db.scalar(select(func.max(c.id))) or 0


def grouped(rows: Sequence[RowMapping]) -> Iterator[Planned]:
    """Return the rows, in which those of one ticket stand together, per ticket."""
    for ticket, group in groupby(rows, key=lambda row: str(row["ticket"])):
        row, *more = group
        deeds = [read_action(item["key"], item["action"]) for item in (row, *more)]
        actions = tuple(one for one in deeds if not isinstance(one, Notify))
        notices = tuple(one for one in deeds if isinstance(one, Notify))
        attempts = max(item["attempts"] for item in (row, *more))
        failed = {item["key"]: item["attempts"] for item in (row, *more) if item["door"]}
        doubts = {item["key"]: item["doubt"] for item in (row, *more) if item["doubt"]}
        place = row["connection"], row["kind"], row["ticket_id"], row["version"]
        yield Planned(ticket, *place, row["planned_at"], actions, attempts, row["rank"], notices, failed, doubts)


def moved(db: Connection, before: str, now: str) -> None:
    """Drop what is planned for a ticket that has another key now, and keep what is on its way under that key."""
    db.execute(delete(outbox).where(c.ticket == before, c.state.in_(REPLACEABLE)))
    db.execute(update(outbox).where(c.ticket == before).values(ticket=now))


def sending(
    db: Connection, keys: Sequence[str], digests: Mapping[str, str], door: str = "", once: bool = False
) -> None:
    """Record that a request goes out. Raises `Withdrawn` unless all these actions are planned: none is sent twice.

    A word goes out by a `door`, and perhaps at most `once` by that one.
    """
    if db.scalar(select(func.count()).where(c.key.in_(keys), c.state == "planned")) != len(set(keys)):
        raise Withdrawn(f"not all of these actions are planned, the next cycle decides anew: {', '.join(keys)}")
    change = update(outbox).where(c.key == bindparam("which")).values(state="sending", digest=bindparam("text"))
    change = change.values(door=door, once=int(once)) if door else change
    db.execute(change, [{"which": key, "text": digests.get(key, "")} for key in keys])


def broken_off(db: Connection, now: datetime) -> None:
    """Take what is still "sending" when a cycle begins for unknown: the process ended before it heard the answer.

    What went out by a door leaves no mark to look up: it is said again at once, or never.
    """
    error = "the process ended before there was an answer"
    left = update(outbox).where(c.state == "sending").values(error=error)
    db.execute(left.where(c.door == "").values(state="unknown", until=now + SETTLE))
    db.execute(left.where(c.door != "", c.once == 0).values(state="unknown", until=now, doubt=c.door))
    db.execute(left.where(c.door != "").values(state="parked", until=None, error=f"{error}: {MAYBE}"))


def done(db: Connection, keys: Sequence[str], now: datetime) -> None:
    """Keep the keys, so that nothing of this is ever done again, what the brakes count, and digests of what was said.

    By these an equal word that was said later, and whose answer was lost, is told from this one.
    """
    db.execute(_change(keys).values(state="done", until=None, error="", action="", done_at=now))


def unsent(db: Connection, keys: Sequence[str]) -> None:
    """Keep that a request was not even looked at: the platform is busy, and these actions are no reason for it."""
    db.execute(_change(keys).values(state="planned", digest=""))


def unknown(db: Connection, keys: Sequence[str], until: datetime, error: str) -> None:
    """Wait until the write has settled; then its mark is looked up."""
    db.execute(_change(keys).values(state="unknown", until=until, error=error))


def again(db: Connection, keys: Sequence[str], at: datetime, error: str, doubt: str = "") -> State:
    """Count a failure, and return "again", or "parked" when that was the last attempt of one of these actions.

    The ticket is read and decided again at that time. `doubt` is the door by which a word may have arrived.
    """
    last = c.attempts + 1 >= ATTEMPTS
    change = _change(keys).values(attempts=c.attempts + 1, until=at, digest="", error=error)
    change = change.values(doubt=doubt) if doubt else change
    db.execute(change.values(state=case((last, "parked"), else_="again")))
    given_up = db.scalar(select(func.count()).where(c.key.in_(keys), c.state == "parked"))
    return "parked" if given_up else "again"


def park(db: Connection, keys: Sequence[str], error: str) -> None:
    """Leave the actions to a person."""
    db.execute(_change(keys).values(state="parked", until=None, error=error))


def not_visible(db: Connection, connection: str, kind: str, ids: Sequence[str], error: str) -> list[str]:
    """Park what waits for tickets that can no longer be read, and return their keys."""
    place = (c.connection == connection, c.kind == kind, c.ticket_id.in_(ids), c.state.in_(WAITING))
    keys = list(db.scalars(select(c.ticket).where(*place).distinct()))
    db.execute(update(outbox).where(*place).values(state="parked", until=None, error=error))
    return keys


def not_done(db: Connection, keys: Sequence[str], now: datetime, error: str) -> State | None:
    """Take actions whose mark is missing after they settled for failed now; return as `again` does, None if none is.

    They count as attempts, so that a write whose answer never comes is not repeated for ever. Before it settled, a
    missing mark says nothing.
    """
    found = list(db.scalars(select(c.key).where(c.key.in_(keys), c.state == "unknown", c.until <= now)))
    return again(db, found, now, error) if found else None


def unsettled(db: Connection, tickets: Sequence[str]) -> dict[str, list[Unsettled]]:
    """Return the actions of unknown outcome, by ticket key; tickets without one are left out."""
    columns = select(c.ticket, c.key, c.digest, c.until, c.door)
    rows = db.execute(columns.where(c.ticket.in_(tickets), c.state == "unknown").order_by(c.id)).all()
    said = _said(db, {row.ticket for row in rows}) if rows else Counter()
    found: dict[str, list[Unsettled]] = {}
    for ticket, key, digest, until, door in rows:
        found.setdefault(ticket, []).append(Unsettled(key, Sought(digest, said[ticket, digest]), until, door))
    return found


def _said(db: Connection, tickets: Iterable[str]) -> Counter[tuple[str, str]]:
    """Count the texts that were confirmed, by ticket and digest; the messages of one write to one reader are one."""
    where = (c.ticket.in_(tickets), c.state == "done", c.digest != "")
    texts = db.execute(select(c.ticket, c.digest, c.reader, c.done_at).where(*where).distinct())
    return Counter((row.ticket, row.digest) for row in texts)


def found(db: Connection, keys: Sequence[str]) -> Sequence[RowMapping]:
    """Return the rows of these actions."""
    return db.execute(select(outbox).where(c.key.in_(keys))).mappings().all() if keys else ()


def waiting(db: Connection, ticket: str) -> tuple[Waiting, ...]:
    """Return what is not done of what is to be done to a ticket, in its order."""
    rows = db.execute(select(outbox).where(c.ticket == ticket, c.state.in_((*WAITING, "parked"))).order_by(c.id))
    return tuple(Waiting(read_action(row.key, row.action), row.state, row.cycle, row.until, row.error) for row in rows)


def count_waiting(db: Connection) -> dict[State, int]:
    """Return how many actions wait, by state."""
    rows = db.execute(select(c.state, func.count()).where(c.state.in_(WAITING)).group_by(c.state))
    return {row[0]: row[1] for row in rows}


def parked(db: Connection) -> tuple[Parked, ...]:
    """Return the actions that need a person, oldest first."""
    rows = db.execute(select(c.ticket, c.key, c.error).where(c.state == "parked").order_by(c.id))
    return tuple(Parked(*row) for row in rows)


def _change(keys: Sequence[str]) -> Update:
    """Return an update of these actions, except those that are done: what the platform confirmed stays so."""
    return update(outbox).where(c.key.in_(keys), c.state != "done")


def _known(db: Connection, tickets: Sequence[str]) -> dict[str, RowMapping]:
    """Return what the outbox knows of these tickets, by action key."""
    columns = select(c.id, c.key, c.state, c.attempts, c.until, c.error, c.cycle, c.released, c.doubt)
    return {row["key"]: row for row in db.execute(columns.where(c.ticket.in_(tickets))).mappings()}


def _rows(item: Decided, known: Mapping[str, RowMapping], now: datetime, cycle: int) -> Iterator[dict[str, Any]]:
    """Return the rows of a ticket's actions, as far as they are new or replaceable."""
    ticket = item.ticket
    of_major = item.decision.facts.get("major") is True
    for action in {action.key: action for action in item.decision.deeds}.values():
        before = known.get(action.key)
        if before is not None and before["state"] not in REPLACEABLE:
            continue
        yield {
            "key": action.key,
            "ticket": ticket.key,
            "connection": ticket.connection,
            "kind": ticket.kind,
            "ticket_id": ticket.id,
            "version": ticket.version,
            "planned_at": now,
            "action": action_text(action),
            "digest": "",
            "rank": item.rank,
            "reader": _reader(ticket, action),
            "counted": int(not (is_reverting(action) or _is_page(action) or _is_of_major(action, of_major))),
            "door": action.doors[0] if isinstance(action, Notify) else "",
            "once": int(isinstance(action, Notify) and action.once),
            **_past(before, now, cycle),
        }


def _is_of_major(action: Deed, of_major: bool) -> bool:
    """Tell whether this says something about a major incident, on its ticket or to all whom it affects."""
    return isinstance(action, Comment | Notify) and (of_major or action.reader == AFFECTED)


def _is_page(action: Deed) -> bool:
    """Tell whether this calls who is on call: at night nobody is there to let go what brakes hold."""
    return isinstance(action, Notify) and action.reader in WOKEN


def _reader(ticket: Ticket, action: Deed) -> str:
    """Return who hears an action, as the brakes count it: "" where nobody does."""
    if isinstance(action, Notify):
        return f"people/{action.person}" if action.person else f"channels/{action.doors[0]}"
    if not isinstance(action, Comment):
        return ""
    person = ticket.requester.account if ticket.requester is not None else ""
    return f"{ticket.connection}/{person or ticket.number}" if action.public else NOTE


def _past(before: RowMapping | None, now: datetime, cycle: int) -> dict[str, Any]:
    """Return the state in which an action is planned, and what it keeps of what happened to it before."""
    if before is None:
        return NEW | {"cycle": cycle}
    held = before["state"] == "held"
    waits = before["state"] == "again" and before["until"] > now
    return {
        "state": before["state"] if held or waits else "planned",
        "attempts": before["attempts"],
        "until": before["until"] if waits else None,
        "error": before["error"],
        "cycle": before["cycle"] if held else cycle,
        "released": before["released"],
        "doubt": before["doubt"],
    }
