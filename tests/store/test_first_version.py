"""A store that the first version wrote opens in this one, with everything that waited in it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect

from connectors.state import database
from connectors.state.store import Store
from rules.brakes import Brakes

FIRST = Path(__file__).parent / "stores" / "version-1.db"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(FIRST, tmp_path / "itsm-sync.db"))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{path}", lambda: NOW) as store:
        yield store


def test_what_waited_waits(store: Store):
    status = store.status()
    assert status.waiting == {"planned": 2, "unknown": 2, "again": 2}
    assert {parked.ticket for parked in status.parked} == {"sn/INC0010003"}
    assert (status.tickets, status.held, status.stopped, status.hidden) == (6, (), None, 0)
    assert [plan.ticket for plan in store.planned("sn")] == ["sn/INC0010006"]
    assert [len(ids) for ids in store.due("sn", NOW).values()] == [2]


def test_what_was_remembered_is_remembered(store: Store):
    memory = store.memories(["sn/INC0010002"])["sn/INC0010002"]
    assert (memory.held["team"].whose, memory.held["team"].by) == ("person", "ida")
    assert memory.intended["team"].rule == ""
    assert len(memory.done) == 2
    assert any("ida chose the team" in entry.line.text for entry in store.journal("sn/INC0010002"))


def test_what_is_new_works_on_it(store: Store):
    assert store.brake(9, Brakes(tickets_per_hour=0), ["sn"]) != ()
    assert store.office().release() == 2
    assert len(store.background().chosen("sn", ("incident",), "another digest")["incident"]) == 6
    assert store.background().hours("sn", ("incident",)) != []
    store.office().stop()
    assert store.is_stopped()


def test_it_has_the_same_tables_as_a_new_one(path: Path, store: Store, tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path / 'new.db'}", lambda: NOW):
        pass
    assert shape(path) == shape(tmp_path / "new.db")


def shape(path: Path) -> dict[str, object]:
    """Return tables, columns with their types, and indexes of a store."""
    engine = database.opened(f"sqlite:///{path}")
    seen = inspect(engine)
    found = {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)),
            sorted(str((index["name"], index["column_names"])) for index in seen.get_indexes(table)),
        )
        for table in seen.get_table_names()
    }
    engine.dispose()
    return found


def test_the_file_of_the_first_version_is_what_it_says():
    with sqlite3.connect(f"file:{FIRST}?mode=ro", uri=True) as db:
        version = db.execute("SELECT value FROM meta WHERE name = 'schema version'").fetchone()
    db.close()
    assert version == ("1",)
