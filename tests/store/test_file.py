"""The file: who may read it, what it survives, and what is said when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from desk_store import DESK, START, Clock, comment, decided, fields, opened, planned, ticket, waiting

from connectors.base import Unusable
from connectors.state.schema import MIGRATIONS
from connectors.state.store import Cycle, Store

NEWEST = len(MIGRATIONS)


def test_only_its_owner_may_read_the_file_and_its_companions(store: Store, tmp_path: Path) -> None:
    planned(store, decided(1, [fields()]))
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
    assert modes == dict.fromkeys(["itsm-sync.db", "itsm-sync.db-wal", "itsm-sync.db-shm"], "0o600")


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path, clock: Clock) -> None:
    with opened(tmp_path, clock):
        pass
    os.chmod(tmp_path / "itsm-sync.db", 0o644)
    with opened(tmp_path, clock):
        assert (tmp_path / "itsm-sync.db").stat().st_mode & 0o777 == 0o600


def test_everything_is_there_when_the_file_is_opened_again(tmp_path: Path, clock: Clock) -> None:
    with opened(tmp_path, clock) as store:
        planned(store, decided(1, [fields()]))
        before = store.status(), store.memories([ticket().key]), list(store.planned(DESK)), store.journal(ticket().key)
    with opened(tmp_path, clock) as store:
        after = store.status(), store.memories([ticket().key]), list(store.planned(DESK)), store.journal(ticket().key)
    assert after == before
    assert [path.name for path in tmp_path.iterdir()] == ["itsm-sync.db"]


def test_the_first_start_of_a_connection_is_remembered(tmp_path: Path, clock: Clock) -> None:
    with opened(tmp_path, clock) as store:
        assert store.first_start(DESK) == START
    clock.go_on(days=3)
    with opened(tmp_path, clock) as store:
        assert store.first_start(DESK) == START
        assert store.first_start("jira-emea") == START + timedelta(days=3)


def test_nothing_of_a_dry_run_reaches_the_file(store: Store, tmp_path: Path) -> None:
    planned(store, decided(1, [fields()]))
    before = store.status()
    with store.copy() as dry:
        assert waiting(dry) == waiting(store)
        planned(dry, decided(2, [comment(2)]), cursor="c2")
        dry.sending([fields().key], {})
        assert dry.status().tickets == 2
        assert list(waiting(dry)) == [ticket(2).key]
    assert store.status() == before
    assert waiting(store) == {ticket().key: [fields().key]}


def test_a_dry_run_takes_from_the_store_also_what_was_written_last(store: Store) -> None:
    with store.copy() as empty:
        planned(store, decided(1))
        with store.copy() as full:
            assert (empty.status().tickets, full.status().tickets) == (0, 1)


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path, clock: Clock) -> None:
    with opened(tmp_path, clock):
        pass
    with sqlite3.connect(tmp_path / "itsm-sync.db") as db:
        db.execute("UPDATE meta SET value = '99' WHERE name = 'schema version'")
    db.close()
    with pytest.raises(
        Unusable, match=f"the store has version 99 and this itsm-sync knows versions up to {NEWEST}: upgrade"
    ):
        opened(tmp_path, clock)


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("sqlite:///{tmp}/missing/itsm-sync.db", "cannot be opened: No such file or directory"),
        ("sqlite:///{tmp}", "cannot be opened: Is a directory"),
        ("sqlite:///{tmp}/notes.txt", "cannot be opened: file is not a database"),
        ("sqlite://", "is no SQLite file"),
        ("postgresql://anna:secret@db/itsm", "is no SQLite file"),
        ("itsm-sync.db", "cannot be read"),
    ],
)
def test_a_store_that_cannot_be_opened_is_one_line_that_says_why(
    url: str, line: str, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "notes.txt").write_text("This is not a database, however much one may wish it were. " * 20)
    with pytest.raises(Unusable, match=line) as caught:
        Store.open(url.format(tmp=tmp_path), clock)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_status_shows_the_last_cycle_and_what_it_counted(store: Store, clock: Clock) -> None:
    assert store.status().cycle is None
    first = store.begin_cycle([DESK])
    clock.go_on(seconds=9)
    store.end_cycle(first, {"read": 3, "written": 1})
    assert store.status().cycle == Cycle(first, START, clock.now, (DESK,), {"read": 3, "written": 1})
    second = store.begin_cycle([DESK, "jira-emea"])
    assert second == first + 1
    assert store.status().cycle == Cycle(second, clock.now, None, (DESK, "jira-emea"), {})


def test_status_counts_tickets_and_lists_cursors(store: Store) -> None:
    planned(store, decided(1), decided(2), cursor="c9")
    status = store.status()
    assert (status.tickets, status.cursors) == (2, {(DESK, "incident"): "c9"})


def test_cycles_that_are_long_past_are_forgotten_and_their_numbers_are_not_given_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.state.journal.KEPT_CYCLES", 3)
    numbers = [store.begin_cycle([DESK]) for _ in range(6)]
    assert numbers == [1, 2, 3, 4, 5, 6]
    with sqlite3.connect(tmp_path / "itsm-sync.db") as db:
        assert db.execute("SELECT number FROM cycles ORDER BY number").fetchall() == [(4,), (5,), (6,)]
    db.close()
