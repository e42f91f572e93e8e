"""Rosters as they are read: from a calendar over HTTP, with the last good one kept while the source is silent."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.rosters import EVERY, RENEWED, Rosters
from connectors.rota.feed import Feed, address
from connectors.state.store import Store
from rules.oncall import on_call
from rules.rosters import OLDEST
from rules.rulebook import Rulebook
from tests.canaries import PASSWORD
from tests.connectors.calendars import calendar, event
from tests.connectors.scripted import Reply, Scripted, scripted
from tests.rules.loading import rulebook

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
ICS = {"Content-Type": "text/calendar; charset=utf-8"}
GOOD = calendar(
    event("ida", "20261125T080000Z", "20261127T080000Z"), event("jonas", "20261127T080000Z", "20261231T080000Z")
)
TOKEN = f"{PASSWORD}-private"
DESK = """
people: {ida: {email: ida@desk.example}, jonas: {email: jonas@desk.example}}
teams: {web: {on_call: {ical: "%s"}}, desk: {}}
"""


def reply(text: str = GOOD, **headers: str) -> Reply:
    return Reply(200, text.encode(), ICS | {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setattr("connectors.web.waits.backoff", lambda *_: 0.0)
    with scripted() as script:
        script.replies = [reply()]
        yield script


@pytest.fixture
def book(server: Scripted) -> Rulebook:
    return rulebook(DESK % f"{server.url}/${{TOKEN}}/web.ics")


@pytest.fixture
def rosters(book: Rulebook) -> Rosters:
    return Rosters(book, {"TOKEN": TOKEN}, None, {})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'itsm-sync.db'}", lambda: NOW) as store:
        yield store


def who(book: Rulebook, rosters: Rosters, now: datetime = NOW) -> str | None:
    return on_call(book, "web", int(now.timestamp()), rosters.refresh(now))


def test_whoever_is_on_call_by_the_calendar_is_known(book: Rulebook, rosters: Rosters, server: Scripted):
    assert who(book, rosters) == "ida"
    assert (rosters.problems, server.heard[0][1]) == ({}, f"/{TOKEN}/web.ics")
    assert who(book, rosters, NOW + timedelta(days=1)) == "jonas"


def test_a_source_is_asked_every_quarter_of_an_hour_and_no_earlier(rosters: Rosters, server: Scripted):
    for minutes in (0, 1, 14):
        rosters.refresh(NOW + timedelta(minutes=minutes))
    assert len(server.heard) == 1
    rosters.now(lambda: NOW + EVERY)
    assert len(server.heard) == 2


def test_a_source_that_fails_is_asked_no_more_often(rosters: Rosters, server: Scripted):
    server.replies = [Reply(404)]
    for minutes in (0, 1, 14):
        rosters.refresh(NOW + timedelta(minutes=minutes))
    assert len(server.heard) == 1


def test_a_clock_that_was_set_back_keeps_nothing_from_being_read(rosters: Rosters, server: Scripted):
    rosters.refresh(NOW)
    rosters.refresh(NOW - timedelta(days=3))
    assert len(server.heard) == 2


def test_a_calendar_that_has_not_changed_is_not_sent_again(book: Rulebook, rosters: Rosters, server: Scripted):
    server.replies = [reply(ETag='"v1"'), Reply(304, b"", {})]
    rosters.refresh(NOW)
    later = NOW + EVERY
    assert rosters.refresh(later)["web"].read_at == int(later.timestamp())
    assert server.heard[1][2]["If-None-Match"] == '"v1"'
    assert (who(book, rosters, later), rosters.problems) == ("ida", {})


def test_where_there_is_no_etag_the_time_of_the_last_change_is_sent(rosters: Rosters, server: Scripted):
    server.replies = [reply(Last_Modified="Thu, 26 Nov 2026 07:00:00 GMT"), Reply(304, b"", {})]
    rosters.refresh(NOW)
    rosters.refresh(NOW + EVERY)
    assert server.heard[1][2]["If-Modified-Since"] == "Thu, 26 Nov 2026 07:00:00 GMT"


def test_once_a_week_a_calendar_is_read_whole_so_that_the_weeks_to_come_are_known(rosters: Rosters, server: Scripted):
    server.replies = [reply(ETag='"v1"')]
    rosters.refresh(NOW)
    rosters.refresh(NOW + timedelta(days=35) - timedelta(seconds=RENEWED) + EVERY)
    assert "If-None-Match" not in server.heard[1][2]


def nonsense() -> dict[str, list[Reply]]:
    page = Reply(200, b"<!DOCTYPE html><html><title>Sign in</title></html>", {"Content-Type": "text/html"})
    huge = Reply(200, b"BEGIN:VCALENDAR\r\n" + b"X" * (50 * 1024 * 1024), ICS)
    return {
        "answered with a web page instead of a calendar": [page],
        "answered with nothing instead of a calendar": [reply("")],
        "answered with something else instead of a calendar": [reply("404 page not found")],
        "the calendar is cut short": [reply(GOOD[:200])],
        "broke off": [Reply(200, GOOD.encode(), ICS, cut=100)],
        "has no event": [reply("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")],
        "with more than 4 MB": [huge],
        "answered 500": [Reply(500)],
        "answered 404: is the address still right": [Reply(404)],
        "answered 401: is the address still right": [Reply(401)],
        "answered 429": [Reply(429, b"", {"Retry-After": "3600"})],
        "in a circle": [Reply(302, b"", {"Location": "/again"})],
        "sends us to an address without https": [Reply(301, b"", {"Location": "http://calendar.example/web.ics"})],
        "the connection broke during": [Reply(0)],
    }


@pytest.mark.parametrize("why", nonsense())
def test_while_a_source_is_silent_or_answers_nonsense_the_last_roster_counts(
    why: str, book: Rulebook, rosters: Rosters, server: Scripted
):
    assert who(book, rosters) == "ida"
    server.replies = nonsense()[why]
    later = NOW + EVERY
    assert who(book, rosters, later) == "ida"
    (problem,) = rosters.problems.values()
    assert problem.startswith("the roster of web could not be read: ")
    assert why in problem
    assert problem.endswith("; last read 2026-11-26 08:00")
    assert TOKEN not in problem
    server.replies = [reply()]
    assert who(book, rosters, later + timedelta(hours=2)) == "ida"
    assert rosters.problems == {}


def test_a_roster_that_is_too_old_is_not_believed_and_that_is_said(book: Rulebook, rosters: Rosters, server: Scripted):
    rosters.refresh(NOW)
    server.replies = [Reply(500)]
    assert who(book, rosters, NOW + timedelta(seconds=OLDEST)) == "jonas"
    assert who(book, rosters, NOW + timedelta(seconds=OLDEST) + EVERY) is None
    assert rosters.problems["web"].endswith("last read 2026-11-26 08:00, too long ago to be believed")


def test_a_source_that_never_answered_is_told_and_nobody_is_known(book: Rulebook, rosters: Rosters, server: Scripted):
    server.replies = [Reply(500)]
    assert who(book, rosters) is None
    assert rosters.problems["web"].endswith("answered 500; it was never read")


def test_a_server_that_does_not_answer_costs_a_few_seconds(
    monkeypatch, book: Rulebook, rosters: Rosters, server: Scripted
):
    monkeypatch.setattr(Feed, "timeout", (0.2, 0.2))
    waiting = threading.Event()
    server.next = lambda: (waiting.wait(5) and Reply(500)) or Reply(500)  # type: ignore[method-assign]
    assert who(book, rosters) is None
    waiting.set()
    assert "the connection broke" in rosters.problems["web"]


def test_where_the_calendar_moved_to_is_followed(book: Rulebook, rosters: Rosters, server: Scripted):
    server.replies = [Reply(301, b"", {"Location": "/elsewhere.ics"}), Reply(307, b"", {"Location": "x.ics"}), reply()]
    assert who(book, rosters) == "ida"
    assert [path for _, path, _ in server.heard][1:] == ["/elsewhere.ics", "/x.ics"]


def test_what_is_kept_outlives_the_process_and_is_not_read_again_at_once(
    book: Rulebook, store: Store, server: Scripted
):
    Rosters(book, {"TOKEN": TOKEN}, store, {}).refresh(NOW)
    again = Rosters(book, {"TOKEN": TOKEN}, store, {})
    assert (who(book, again, NOW + timedelta(minutes=5)), len(server.heard)) == ("ida", 1)
    server.replies = [Reply(500)]
    assert who(book, again, NOW + EVERY) == "ida"


def test_what_was_read_of_another_address_or_of_a_team_that_is_gone_is_forgotten(
    book: Rulebook, store: Store, server: Scripted
):
    Rosters(book, {"TOKEN": TOKEN}, store, {}).refresh(NOW)
    other = rulebook(DESK % f"{server.url}/other.ics")
    server.replies = [Reply(500)]
    assert who(other, Rosters(other, {}, store, {})) is None
    assert store.shelf().all() == {}


def test_a_store_that_is_borrowed_is_read_and_not_written_to(book: Rulebook, store: Store, server: Scripted):
    Rosters(book, {"TOKEN": TOKEN}, store, {}, borrowed=True).refresh(NOW)
    assert store.shelf().all() == {}
    Rosters(book, {"TOKEN": TOKEN}, store, {}).refresh(NOW)
    server.replies = [Reply(500)]
    live = Rosters(book, {"TOKEN": TOKEN}, store, {}, borrowed=True)
    assert (who(book, live), len(server.heard) > 2) == ("ida", True)
    assert "last read 2026-11-26 08:00" in live.problems["web"]


def test_what_is_not_set_in_the_environment_is_named(book: Rulebook):
    lost = Rosters(book, {}, None, {})
    lost.refresh(NOW)
    assert "read: ical: the environment variable TOKEN is not set" in lost.problems["web"]


@pytest.mark.parametrize("url", ["http://calendar.example/web.ics", "file:///etc/passwd", "calendar.example"])
def test_an_address_from_the_environment_must_begin_with_https(url: str):
    book = rulebook(DESK % "${ROTA}")
    lost = Rosters(book, {"ROTA": url}, None, {})
    lost.refresh(NOW)
    assert "ical must be an address that begins with https" in lost.problems["web"]


def test_webcal_is_https():
    assert address("webcal://calendar.example/web.ics", {}, "web") == "https://calendar.example/web.ics"


def test_entries_that_name_nobody_are_counted_and_not_named(book: Rulebook, rosters: Rosters, server: Scripted):
    lunch = event("Kari Nordmann's lunch", "20261126T110000Z", "20261126T120000Z")
    server.replies = [reply(GOOD.replace("END:VCALENDAR\r\n", calendar(lunch).partition("EN\r\n")[2]))]
    assert who(book, rosters) == "ida"
    expected = "the roster of web: one entry names nobody under people:, the first one 2026-11-26 11:00"
    assert rosters.problems["web"] == expected
    assert rosters.odd["web"][0].name == "Kari Nordmann's lunch"


def test_a_roster_with_nobody_in_the_coming_week_is_told(book: Rulebook, rosters: Rosters, server: Scripted):
    server.replies = [reply(calendar(event("ida", "20261215T080000Z", "20261216T080000Z")))]
    rosters.refresh(NOW)
    assert rosters.problems["web"] == "the roster of web has nobody whom we know in the coming seven days"


def test_a_server_that_sends_a_byte_now_and_then_is_not_waited_for(monkeypatch, rosters: Rosters, server: Scripted):
    monkeypatch.setattr("connectors.rota.feed.PATIENCE", 0.3)
    with dripping() as server.url:
        book = rulebook(DESK % f"{server.url}/web.ics")
        slow = Rosters(book, {}, None, {})
        began = time.monotonic()
        slow.refresh(NOW)
        assert time.monotonic() - began < 5
    assert "the connection broke during GET of the calendar" in slow.problems["web"]


def test_a_calendar_that_comes_compressed_is_read(book: Rulebook, rosters: Rosters, server: Scripted):
    body = gzip.compress(GOOD.encode())
    server.replies = [Reply(200, body, ICS | {"Content-Encoding": "gzip"})]
    assert who(book, rosters) == "ida"


@contextmanager
def dripping() -> Iterator[str]:
    """Serve a calendar that never ends, a byte every 20 ms."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listener.accept()[0],), daemon=True).start()

    def drip(client: socket.socket) -> None:
        with client, suppress(OSError):
            client.recv(4096)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while True:
                client.sendall(b"B")
                time.sleep(0.02)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
