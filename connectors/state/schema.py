"""The store's tables, how a store of an older version becomes one of this version, and one helper for dialects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from connectors.base import Unusable
from connectors.state import upgrades
from connectors.state.codec import microseconds, moment


class Moment(TypeDecorator[datetime]):
    """A UTC time as microseconds since 1970: exact, short, ordered, and the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the number that is stored."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the time that was stored."""
        return None if value is None else moment(value)


METADATA: Final = MetaData()

meta: Final = Table(
    "meta",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

cursors: Final = Table(
    "cursors",
    METADATA,
    Column("connection", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
)

tickets: Final = Table(
    "tickets",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("connection", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("memory", Text, nullable=False),
    Column("look_again_at", Moment),
    Column("digest", Text, nullable=False),  # of the rulebook by which it was looked at last
    Column("rank", Integer, nullable=False, server_default="0"),  # importance, the least first
    Column("open", Integer, nullable=False, server_default="1"),  # 0: closed or cancelled
    Column("seen_at", Moment),  # when it was read last by its id or with news
    Column("hidden_at", Moment),  # since when it is not visible any more
    Column("team", Text, nullable=False, server_default=""),  # this and what follows only while it is open
    Column("assignee", Text, nullable=False, server_default=""),
    Column("parent", Text, nullable=False, server_default=""),
    Column("service", Text, nullable=False, server_default=""),
    Column("major", Integer, nullable=False, server_default="0"),
    Column("closed_at", Moment),  # from when on it counts as closed; while it is open: none
)
Index(
    "tickets_due",
    tickets.c.connection,
    tickets.c.look_again_at,
    sqlite_where=tickets.c.look_again_at.is_not(None),
    postgresql_where=tickets.c.look_again_at.is_not(None),
)

for _name, _filled in (
    ("team", tickets.c.team != ""),
    ("assignee", tickets.c.assignee != ""),
    ("parent", tickets.c.parent != ""),
    ("major", tickets.c.major == 1),
):
    Index(f"tickets_{_name}", tickets.c.connection, tickets.c[_name], sqlite_where=_filled, postgresql_where=_filled)
for _name in ("closed_at", "hidden_at"):
    _filled = tickets.c[_name].is_not(None)
    Index(f"tickets_{_name}", tickets.c[_name], sqlite_where=_filled, postgresql_where=_filled)
Index("tickets_id", tickets.c.connection, tickets.c.id)
Index("tickets_sweep", tickets.c.connection, tickets.c.open, tickets.c.seen_at)
Index("tickets_ruled", tickets.c.connection, tickets.c.open, tickets.c.digest)

outbox: Final = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True),  # grows with every plan: the order of sending
    Column("key", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("ticket_id", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("until", Moment),  # unknown: look the mark up then; again: read and decide then
    Column("digest", Text, nullable=False),  # of the text that was sent: it is looked for where there is no mark
    Column("error", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("rank", Integer, nullable=False, server_default="0"),  # of its ticket when it was planned
    Column("cycle", Integer, nullable=False, server_default="0"),  # held: in which it was; else when it was planned
    Column("reader", Text, nullable=False, server_default=""),  # of a message: NOTE, or the person's account
    Column("counted", Integer, nullable=False, server_default="1"),  # 0: the brakes do not count it
    Column("released", Integer, nullable=False, server_default="0"),  # 1: a person let it go
    Column("done_at", Moment),
    Column("door", Text, nullable=False, server_default=""),  # by which it goes out; "": it is done to the ticket
    Column("once", Integer, nullable=False, server_default="0"),  # 1: never again where nobody knows if it was done
    Column("doubt", Text, nullable=False, server_default=""),  # the door by which it may have arrived before
    sqlite_autoincrement=True,
)
Index("outbox_order", outbox.c.state, outbox.c.connection, outbox.c.rank, outbox.c.id)
Index("outbox_ticket", outbox.c.ticket)
Index("outbox_done", outbox.c.done_at)

journal: Final = Table(
    "journal",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("ticket", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("lines", Text, nullable=False),
)
Index("journal_ticket", journal.c.ticket, journal.c.id)

cycles: Final = Table(
    "cycles",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("connections", Text, nullable=False),
    Column("counts", Text, nullable=False),
)

changes: Final = Table(
    "changes",  # what we wrote into fields, so that it can be put back
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("cycle", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("ticket_id", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("before", Text, nullable=False),  # JSON
    Column("after", Text, nullable=False),  # JSON: the platform's answer
)
Index("changes_cycle", changes.c.cycle)
Index("changes_at", changes.c.at)

overrules: Final = Table(
    "overrules",  # how often people replaced what a rule had written
    METADATA,
    Column("rule", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

sweeps: Final = Table(
    "sweeps",  # from where the last hour is read once more, and when that was done last
    METADATA,
    Column("connection", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

rosters: Final = Table(
    "rosters",  # who is on call, as it was read elsewhere last
    METADATA,
    Column("team", Text, primary_key=True),
    Column("source", Text, nullable=False),  # digest of where and for whom it was read; of another one it is void
    Column("read_at", Moment, nullable=False),
    Column("covers_from", Moment, nullable=False),
    Column("covers_until", Moment, nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("turns", Text, nullable=False),  # JSON: [start, end, person, why] each, and when odd entries begin
)

announcements: Final = Table(
    "announcements",  # what was said last of a major incident to those affected
    METADATA,
    Column("connection", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("said", Text, nullable=False),  # JSON
)

replies: Final = Table(
    "replies",  # that customers spoke on tickets below a major incident, for its team
    METADATA,
    Column("connection", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("last", BigInteger, primary_key=True, autoincrement=False),  # this and the next: seconds since 1970
    Column("first", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("above", Text, nullable=False),  # number of the major incident
    Column("seen_at", Moment, nullable=False),
)

happenings: Final = Table(
    "happenings",  # what reports count, each fact once
    METADATA,
    Column("ticket", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("occasion", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),  # seconds since 1970
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("amount", BigInteger),
)
Index("happenings_at", happenings.c.at)

forgotten: Final = Table(
    "forgotten",  # tickets of which nothing else is known, so that nothing is said twice when one is seen again
    METADATA,
    Column("digest", Text, primary_key=True),  # of connection and id
    Column("ended", Integer, nullable=False),  # 1: it was closed; 0: it could not be seen any more
)

VERSION_NAME: Final = "schema version"


def _create(db: Connection) -> None:
    METADATA.create_all(db)


def _by(*statements: str) -> Callable[[Connection], None]:
    """Return the step that runs these statements."""

    def step(db: Connection) -> None:
        for statement in statements:
            db.exec_driver_sql(statement)

    return step


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (
    _create,
    _by(*upgrades.TO_VERSION_2),
    _by(*upgrades.TO_VERSION_3),
    _by(*upgrades.TO_VERSION_4),
    _by(*upgrades.TO_VERSION_5),
    _by(*upgrades.TO_VERSION_6),
    _by(*upgrades.TO_VERSION_7),
    _by(*upgrades.TO_VERSION_8),
    _by(*upgrades.TO_VERSION_9),
)
"""Step n makes a store of version n from one of version n - 1; the first makes a new one, of the newest version.

Steps that stand are never changed.
"""


def version(db: Connection) -> int:
    """Return the version of the tables that this database has; 0 is an empty one."""
    if not inspect(db).has_table(meta.name):
        return 0
    return int(db.scalar(select(meta.c.value).where(meta.c.name == VERSION_NAME)) or 0)


def migrate(db: Connection) -> None:
    """Bring the tables to this version. Raises `Unusable` for a store that a newer itsm-sync has written."""
    found = version(db)
    if found > len(MIGRATIONS):
        raise Unusable(
            f"the store has version {found} and this itsm-sync knows versions up to {len(MIGRATIONS)}: "
            "upgrade itsm-sync, or use another store"
        )
    for step in MIGRATIONS[found:] if found else MIGRATIONS[:1]:
        step(db)
    if found < len(MIGRATIONS):
        upsert(db, meta, [{"name": VERSION_NAME, "value": str(len(MIGRATIONS))}])


def upsert(db: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; where the primary key is there, update the columns that are given. All rows give the same ones."""
    if not rows:
        return
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.dialect.name](table)
    keys = [column.name for column in table.primary_key]
    given = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    db.execute(insert.on_conflict_do_update(index_elements=keys, set_=given), list(rows))
