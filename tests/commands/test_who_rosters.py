"""What `itsm-sync who` and `check --online` say of rosters: read live, in 80 columns, with what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import PASSWORD, Run, Served

from commands import workspace
from commands.columns import columns
from connectors.rosters import Rosters
from connectors.sandbox.servicenow import World
from connectors.state.store import Store
from tests.connectors.calendars import calendar, event
from tests.connectors.scripted import Reply, Scripted, scripted

GOLDEN = (Path(__file__).parent / "golden" / "who-rosters.txt").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 26, 11, tzinfo=UTC)
TOKEN = f"{PASSWORD}-private"
DESK = """\
desk: Harbour
languages: [en]
connections:
  sn:
    platform: servicenow
    url: %s
    auth: {user: itsm.sync, password: "${SERVICENOW_PASSWORD}"}
calendar: oslo
calendars: {oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}}}
people:
  ida: {email: ida@desk.example}
  jonas: {email: jonas@desk.example}
  noah: {email: noah@desk.example}
teams:
  web:
    on_call:
      ical: %s/${ROTA_TOKEN}/web.ics
      swaps: [{person: noah, from: 2026-11-28T16:00, to: 2026-11-29T20:00}]
    absences: [{person: jonas, from: 2026-12-02, to: 2026-12-02}]
  nights: {on_call: {source: sn, schedule: Nights}}
"""
WEEKS = [
    event(name, f"202611{day}T080000", f"202611{day + 7}T080000", "RRULE:FREQ=WEEKLY;INTERVAL=2", zone="Europe/Oslo")
    for name, day in (("ida", 16), ("jonas", 23))
]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setenv("ROTA_TOKEN", TOKEN)
    monkeypatch.setattr("commands.workspace.now", lambda: NOW)
    with scripted() as script:
        script.replies = [ics(*WEEKS)]
        yield script


def ics(*events: str) -> Reply:
    return Reply(200, calendar(*events).encode(), {"Content-Type": "text/calendar"})


@pytest.fixture
def world() -> World:
    world = World(clock=lambda: NOW)
    for name in ("ida", "noah"):
        world.add_user(name, name.title(), email=f"{name}@desk.example")
    (roster,) = world.add_shift("Operations", "Nights")
    for night in range(-1, 9):
        start = NOW.replace(hour=15) + timedelta(days=night)
        world.add_span(roster, ("ida", "noah")[night % 2], start, start + timedelta(hours=16))
    return world


@pytest.fixture
def desk(folder: Path, server: Scripted, world: World, serve_world: Served) -> Path:
    folder.mkdir()
    (folder / "desk.yaml").write_text(DESK % (serve_world(world), server.url), encoding="utf-8")
    return folder


def kept(desk: Path, at: datetime) -> None:
    """Have the service read the rosters, and keep them."""
    book, _, _ = workspace.rulebook(desk)
    with Store.open(f"sqlite:///{workspace.store_path(desk, book)}", lambda: at) as store:
        Rosters(book, {"ROTA_TOKEN": TOKEN}, store, {}).refresh(at)


def part(number: int) -> str:
    return GOLDEN.split("=====\n")[number]


def test_rosters_are_shown_as_rotations_are(run: Run, desk: Path):
    assert run("who", "-w", desk).output == part(0)
    assert [path.name for path in desk.iterdir()] == ["desk.yaml"]


def test_a_silent_source_is_told_and_what_was_read_last_counts(run: Run, desk: Path, server: Scripted):
    kept(desk, NOW - timedelta(hours=5))
    server.replies = [Reply(503)]
    said = run("who", "web", "-w", desk).output
    assert said == part(1)
    assert max(map(columns, said.splitlines())) <= 80


def test_what_was_read_too_long_ago_is_not_believed(run: Run, desk: Path, server: Scripted):
    kept(desk, NOW - timedelta(hours=25))
    server.replies = [Reply(503)]
    assert "  on call  not known (the roster was last read 2026-11-25 11:00)" in run("who", "web", "-w", desk).output


def test_only_the_rosters_of_the_teams_that_are_shown_are_read(run: Run, desk: Path, server: Scripted, world: World):
    run("who", "nights", "-w", desk)
    assert server.heard == []
    before = len(world.requests)
    run("who", "web", "-w", desk)
    assert len(world.requests) == before


def test_json_says_when_the_roster_was_read_and_what_is_wrong_with_it(run: Run, desk: Path, server: Scripted):
    said = json.loads(run("who", "web", "--json", "-w", desk).output)["teams"]["web"]
    assert said["roster"] == {
        "source": f"the calendar at {server.url[7:]}",
        "read_at": "2026-11-26T12:00:00+01:00",
        "covers_until": "2026-12-31T12:00:00+01:00",
        "problem": None,
    }
    assert [turn["person"] for turn in said["on_call"]] == ["jonas", "noah"]
    server.replies = [Reply(404)]
    said = json.loads(run("who", "web", "--json", "-w", desk).output)["teams"]["web"]
    assert said["on_call"][0]["why"] == "not read yet"
    assert "answered 404" in said["roster"]["problem"]


def test_a_connection_that_cannot_be_opened_is_said_with_its_team(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SERVICENOW_PASSWORD")
    said = run("who", "nights", "-w", desk)
    assert said.exit_code == 0
    assert "the environment variable SERVICENOW_PASSWORD is not set" in " ".join(said.output.split())


def findings(run: Run, desk: Path) -> list[tuple[str, str, str]]:
    found = json.loads(run("check", "--online", "--json", "-w", desk).output)["online"]["on call"]
    return [(one["weight"], one["text"], one["mend"]) for one in found]


def test_rosters_that_can_be_read_are_nothing_to_speak_of(run: Run, desk: Path):
    assert findings(run, desk) == []


@pytest.mark.parametrize(
    ("reply", "weight", "text", "mend"),
    [
        (Reply(200, b"<html>Sign in</html>"), "problem", "with a web page instead of a calendar", "in a browser"),
        (Reply(404), "problem", "answered 404: is the address still right", "in a browser"),
        (ics(), "problem", "has no event", "in a browser"),
        (ics(event("ida", "20261220", "20261221")), "warning", "nobody whom we know in the coming", "plan the coming"),
        (ics(*WEEKS, event("Lunch", "20261127", "20261128")), "warning", "one entry names nobody", "such as 'Lunch'"),
    ],
)
def test_a_roster_that_cannot_be_used_is_one_finding_with_its_mend(
    run: Run, desk: Path, server: Scripted, reply: Reply, weight: str, text: str, mend: str
):
    server.replies = [reply]
    ((found_weight, found_text, found_mend),) = findings(run, desk)
    assert found_weight == weight
    assert text in found_text
    assert mend in found_mend


def test_missing_rights_on_the_platform_are_a_finding(run: Run, desk: Path, world: World):
    world.accounts["itsm.sync"].roles.discard("itil")
    ((weight, text, _),) = findings(run, desk)
    assert (weight, "give our account the role itil" in text) == ("problem", True)


def test_the_findings_have_a_heading_of_their_own(run: Run, desk: Path, server: Scripted):
    server.replies = [Reply(404)]
    said = run("check", "--online", "-w", desk)
    assert said.exit_code == 3
    assert "\non call:\n  ✗ the roster of web could not be read: 127.0.0.1 answered 404" in said.output
