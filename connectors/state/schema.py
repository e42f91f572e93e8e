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
    Column("digest", Text, nullable=False),  # of the rulebook that decided last
)
Index(
    "tickets_due",
    tickets.c.connection,
    tickets.c.look_again_at,
    sqlite_where=tickets.c.look_again_at.is_not(None),
    postgresql_where=tickets.c.look_again_at.is_not(None),
)

Index("tickets_id", tickets.c.connection, tickets.c.id)

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
    Column("digest", Text, nullable=False),  # of the text that was sent, where the platform has no mark
    Column("error", Text, nullable=False),
    Column("action", Text, nullable=False),
    sqlite_autoincrement=True,
)
Index("outbox_state", outbox.c.state, outbox.c.connection, outbox.c.id)
Index("outbox_ticket", outbox.c.ticket)

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

VERSION_NAME: Final = "schema version"


def _create(db: Connection) -> None:
    METADATA.create_all(db)


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (_create,)
"""Step n makes a store of version n from one of version n - 1. Steps that stand are never changed."""


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
    for step in MIGRATIONS[found:]:
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
