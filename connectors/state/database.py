"""Opens the database: a file that only its owner may read, or a copy of one that vanishes."""

from __future__ import annotations

import os
import sqlite3
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from connectors.base import Unusable
from connectors.state.schema import migrate

OWNER_ONLY: Final = 0o600
PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",  # `status` reads while the service writes
    "PRAGMA synchronous = FULL",  # what was recorded before a request must survive a power cut, too
    "PRAGMA busy_timeout = 30000",  # milliseconds
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten
)


def opened(url: str) -> Engine:
    """Return the engine of a store whose tables are of this version. Raises `Unusable` with one line for the admin."""
    path = _path(url)
    try:
        _owner_only(path)
        engine = create_engine(url, hide_parameters=True)  # values have no place in a traceback
        _begin_ourselves(engine)
        _set_pragmas(engine)
        _migrated(engine)
    except (OSError, DBAPIError) as error:
        why = error.orig if isinstance(error, DBAPIError) else error.strerror
        raise Unusable(f"the store {path} cannot be opened: {why}") from None
    return engine


def copied(engine: Engine) -> Engine:
    """Return the engine of a copy that nobody else sees and that is gone when it is closed.

    SQLite keeps a database without a name in memory and spills to an unnamed temporary file what is too much, so
    that a dry run over a large store does not fill the memory.
    """
    target = sqlite3.connect("", check_same_thread=False, isolation_level=None)
    source = engine.raw_connection()
    try:
        source.driver_connection.backup(target)  # type: ignore[union-attr]
    finally:
        source.close()
    copy = create_engine("sqlite://", creator=lambda: target, poolclass=StaticPool)
    _begin_ourselves(copy)
    return copy


def writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that write."""
    return engine.execution_options(writes=True)


def _path(url: str) -> str:
    """Return the file that the URL names."""
    try:
        parts = make_url(url)
    except ArgumentError:
        raise Unusable("the store's URL cannot be read: write store: sqlite:///itsm-sync.db") from None
    if parts.get_backend_name() != "sqlite" or not parts.database:
        raise Unusable(f"the store {parts.render_as_string()} is no SQLite file: write store: sqlite:///itsm-sync.db")
    return parts.database


def _owner_only(path: str) -> None:
    """Create the file before SQLite would, which asks the umask. Its companions (-wal, -shm) get the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
    os.chmod(path, OWNER_ONLY)


def _begin_ourselves(engine: Engine) -> None:
    """Begin every transaction in so many words: Python's driver begins none for reads and for changes of tables.

    One that writes takes the lock at once, because SQLite cannot wait for it after a read.
    """

    @event.listens_for(engine, "connect")
    def _no_begin_of_the_driver(connection: Any, record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(db: Connection) -> None:
        db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes") else "BEGIN")


def _set_pragmas(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _set(connection: Any, record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)


def _migrated(engine: Engine) -> None:
    try:
        with writing(engine).begin() as db:
            migrate(db)
    except BaseException:
        engine.dispose()
        raise
