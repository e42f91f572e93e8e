"""A ticket in time, as `itsm-sync explain` draws it.

After a wanted change: `ITSM_SYNC_RENEW_GOLDEN=1 pytest tests/rules/test_timeline.py`, then read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import clocked
import pytest
from clocked import Story, moment

from commands.columns import columns
from commands.timeline import as_json, drawn
from rules.engine import decide
from rules.model import Sla, Surroundings
from rules.strip import scale
from rules.timeline import Hours, Source, Timeline, timeline

GOLDEN = Path(__file__).parent / "golden" / "timelines"
RULES = """communications:
  - {name: warn, after: [{used: 80%, of: resolve}], to: [team], message: breach-warning}
  - {name: news, every: updates, to: [requester], message: major-incident-update}
"""
NIGHTS = """quiet: {hours: "15:00-07:00"}
silence: [{when: {team: desk}, from: 2026-11-26T12:00+01:00, to: 2026-11-26T18:00+01:00, because: move of the desk}]
communications:
  - {name: warn, after: [{used: 80%, of: resolve}], to: [team], message: breach-warning}
  - {name: idle, after: [{unacknowledged: 14h}], to: [requester], message: waiting-for-you}
  - {name: look, mode: observe, after: [{unacknowledged: 15h}], to: [team], message: breach-warning}
"""
SAIGON = """calendars:
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: "08:00-12:00", sat: "08:00-10:00"}}
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
calendar: saigon
organisations: {海港航运公司: {targets: {P3: {respond: 2h}}}}
"""
FEW = "priorities: [{name: P1, resolve: 4h, updates: 1h}, {name: P2}, {name: P3}, {name: P4}, {name: P5}]\n"
NONE = "priorities: [{name: P1}, {name: P2}, {name: P3}, {name: P4}, {name: P5}]\n"
PLATFORMS = "clocks: {resolve: {snow: Resolution P3}, respond: {snow: Response P3}}\n"
LONG = "网络服务和应用程序支持团队的解决时间目标，包括所有的等待时间和例外情况"


def seen(story: Story, **more: object) -> Timeline | None:
    ticket, around = story.read()._replace(**more), clocked.AROUND
    decision = decide(ticket, story.memory, around, story.book, story.now)
    return timeline(ticket, story.memory, around, story.book, story.now, decision)


def text(story: Story, **more: object) -> str:
    line = seen(story, **more)
    assert line is not None
    json.dumps(as_json(line))
    said = "\n".join(drawn(line)).lstrip("\n") + "\n"
    assert max(map(columns, said.splitlines())) <= 80
    return said


def reopened_after_a_pause() -> str:
    story = Story("full", RULES, priority="P2").at("24 10:00", status="waiting", waiting_for="requester", comment=True)
    story.at("24 11:00", by="kari", comment=True).at("24 13:00", status="resolved", waiting_for=None)
    return text(story.at("25 10:00", by="kari", status="in_progress").until("25 12:00"))


def paused() -> str:
    story = Story("full", RULES, priority="P2").at("24 09:20", status="in_progress", assignee="ida", comment=True)
    return text(story.at("24 13:10", comment=True, status="waiting", waiting_for="requester").until("24 15:20"))


def observed() -> str:
    story = Story("observed", RULES, priority="P2", deaf=True).at("24 10:02", status="in_progress")
    story.at("24 11:03", status="waiting", waiting_for="requester").at("24 11:03", by="bo", assignee="bo")
    return text(story.until("24 12:00"))


def breached() -> str:
    return text(Story("full", RULES, priority="P2").at("24 10:02", note=True).until("25 14:00"))


def over_a_weekend() -> str:
    story = Story("full", RULES, start="27 13:00", priority="P2").at("27 14:10", comment=True)
    return text(story.at("30 11:00", status="resolved").until("30 12:00"))


def before_a_weekend() -> str:
    return text(Story("full", RULES, start="27 13:00", priority="P2").until("27 13:20"))


def in_another_zone() -> str:
    story = Story("full", SAIGON, RULES, start="24 02:00", **{"requester.organisation": "海港航运公司"})
    return text(story.at("24 03:00", assignee="陈小明" * 20).until("24 04:30"))


def a_minute_old() -> str:
    return text(Story("full", RULES, priority="P1").until("24 09:01"))


def over_in_a_minute() -> str:
    return text(Story("full", RULES, priority="P1").at("24 09:01", comment=True, status="closed").until("24 12:00"))


def a_year_old() -> str:
    story = Story("full", RULES, start="01-15 09:00", priority="P5")
    story.at("03-01 10:00", status="waiting", waiting_for="requester", comment=True)
    return text(story.at("07-01 10:00", by="kari", comment=True).until("12-20 10:00"))


def beside_the_platforms_clocks() -> str:
    slas = (
        Sla("Resolution P3", LONG, 8 * 3600, 2 * 3600, moment("24 17:30"), "running", False),
        Sla("Vendor", "Vendor", 4 * 3600, None, None, "paused", True),
    )
    return text(Story("full", RULES, PLATFORMS).until("24 12:00"), slas=slas)


def held_off() -> str:
    return text(Story("full", NIGHTS).until("24 12:00"))


DRAWN: tuple[Callable[[], str], ...] = (
    reopened_after_a_pause, paused, observed, breached, over_a_weekend, before_a_weekend, in_another_zone,
    a_minute_old, over_in_a_minute, a_year_old, beside_the_platforms_clocks, held_off,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _long_since(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocked, "AROUND", Surroundings(moment("01-01 00:00"), "sync"))


@pytest.mark.parametrize("drawing", DRAWN, ids=lambda one: one.__name__)
def test_a_timeline_is_drawn_as_it_was_approved(drawing):
    file, now = GOLDEN / f"{drawing.__name__}.txt", drawing()
    if os.environ.get("ITSM_SYNC_RENEW_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == now


def test_marks_and_words_of_ours_are_letters_that_no_terminal_draws_wider_than_a_column():
    values = {in_another_zone, beside_the_platforms_clocks}
    assert all(drawing().isascii() for drawing in DRAWN if drawing not in values)


def test_no_approved_drawing_is_left_over():
    assert {file.stem for file in GOLDEN.glob("*")} == {one.__name__ for one in DRAWN}


def test_where_a_ticket_is_promised_nothing_there_are_no_clocks_to_see():
    said = text(Story("full", RULES, FEW))
    assert "Clocks" not in said
    assert "opened, team desk, status new" in said


def test_where_nothing_knows_of_time_there_is_no_timeline():
    assert seen(Story("full", NONE)) is None


def test_of_a_ticket_on_hold_nothing_is_said_to_come():
    story = Story("full", RULES).until("24 12:00")
    story.facts["hold"] = True
    line = seen(story)
    assert line is not None
    assert (line.to_come, line.looks_again) == ((), None)


def test_what_the_history_tells_is_not_seen_a_second_time():
    story = Story("full", RULES).at("24 10:00", status="in_progress").at("24 11:00", status="waiting")
    line = seen(story.at("24 12:00", note=True))
    assert line is not None
    assert [one.did[0].fact for one in line.came] == ["opened", "status", "status", "note"]
    assert all(one.exact for one in line.came)


@pytest.mark.parametrize("rules", [RULES, NIGHTS])
@pytest.mark.parametrize("start", ["24 09:00", "26 11:00", "27 15:30"])
def test_what_is_said_to_come_comes_then_if_nobody_changes_anything(rules, start):
    story = Story("full", rules, start=start, priority="P2")
    line = seen(story)
    assert line is not None
    one = next(one.message for one in line.to_come if not one.but)
    told = f"{datetime.fromtimestamp(one.at, clocked.OSLO):%d %H:%M}"
    while not story.told:
        assert story.look_again is not None
        story.until(f"{story.look_again.astimezone(clocked.OSLO):%m-%d %H:%M}")
    assert story.told[0] == (told, one.rule.message, one.reader)


@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo", "Asia/Kathmandu", "Europe/Oslo"])
def test_the_scale_of_any_time_has_a_few_round_times_in_order(zone):
    start = moment("03-28 21:07")
    for seconds in (60, 600, 3600, 7 * 3600, 86_400, 3 * 86_400, 9 * 86_400, 40 * 86_400, 400 * 86_400, 4000 * 86_400):
        ticks = scale(spanning(start, seconds, zone), 60)
        assert 2 <= len(ticks) <= 12
        cells = [tick.cell for tick in ticks]
        assert cells == sorted(set(cells))
        assert all(tick.at.astimezone(UTC) >= start for tick in ticks)


def spanning(start: datetime, seconds: int, zone: str) -> Timeline:
    at = int(start.timestamp())
    source = Source(True, True, False, timedelta(minutes=1))
    hours = Hours("always", "the desk", None)
    return Timeline(at, at, at + seconds, True, ZoneInfo(zone), hours, (), (), (), source, (), None)
