"""What `itsm-sync incident` writes about one ticket: lines, Markdown, and a page that needs nothing beside itself.

After a wanted change: `ITSM_SYNC_RENEW_GOLDEN=1 pytest tests/commands/test_incident.py`, then read the difference.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import Run, Served
from small_desk import instance, lay_out, report
from test_report import Page

from commands.columns import columns
from connectors.sandbox import MovableClock
from connectors.sandbox.servicenow import World

GOLDEN = Path(__file__).parent / "golden" / "incident.txt"
TICKET = "sn/INC0010001"
HOSTILE = "<script>alert(1)</script> https://evil.example/"
RULES = """\
calendars: {bergen: {zone: Europe/Oslo, hours: {mon-sun: "00:00-24:00"}}}
calendar: bergen
people: {ida: {email: ida@harbour.example, name: Ida Berg, accounts: {sn: ida}}}
priorities: [{name: P1, respond: 30m, resolve: 4h}, {name: P2}, {name: P3}, {name: P4}, {name: P5}]
routes: [{name: all, assign: {team: web}}]
communications:
  - {name: report, after: [{resolved: 48h}], when: {major: true}, to: [team], message: post-incident-report}
"""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a ServiceNow at nine in the morning; the commands have the same clock."""
    world = instance()
    world.clock = clock = MovableClock(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    monkeypatch.setattr("commands.workspace.now", clock)
    return world


@pytest.fixture
def desk(folder: Path, world: World, serve_world: Served) -> Path:
    return lay_out(folder, serve_world(world), RULES)


@pytest.fixture
def solved(run: Run, desk: Path, world: World) -> Path:
    """Return a desk on which Ida solved a major incident in three hours, and one cycle has passed."""
    an_outage(world)
    run("once", "-w", desk)
    return desk


def an_outage(world: World, **values: str) -> None:
    ticket = report(world, **{"impact": "1", "urgency": "1", **values})
    steps = (
        {"state": "2", "comments": "I am on it"},
        {"major_incident_state": "accepted"},
        {"state": "6", "close_code": "Solved", "close_notes": "Restarted"},
    )
    for hours, changes in enumerate(steps):
        world.clock.advance(minutes=10 + 60 * hours)
        world.update("incident", ticket, changes, by="ida")


def page(run: Run, desk: Path, *more: str) -> tuple[str, Page]:
    file = desk / "incident.html"
    result = run("incident", TICKET, "--html", file, "-w", desk, *more)
    assert result.exit_code == 0, result.output
    text = file.read_text(encoding="utf-8")
    file.unlink()  # it has names and a title, for whoever asked for it: nothing else that is left behind may
    return text, Page(text)


def test_the_lines_are_those_that_were_looked_at(run: Run, solved: Path):
    now = run("incident", TICKET, "-w", solved).output
    if os.environ.get("ITSM_SYNC_RENEW_GOLDEN"):
        GOLDEN.write_text(now, encoding="utf-8")
    assert now == GOLDEN.read_text(encoding="utf-8")
    assert now.count("To be filled in") == 3


def test_nothing_is_changed_and_no_cycle_is_needed_before(run: Run, desk: Path, world: World):
    an_outage(world)
    assert "declared a major incident (Ida Berg)" in run("incident", TICKET, "-w", desk).output
    assert {request.method for request in world.requests} == {"GET"}
    assert not list(desk.glob("itsm-sync.db*"))


def test_one_that_is_not_solved_is_told_as_far_as_it_is_known(run: Run, desk: Path, world: World):
    report(world, impact="1", urgency="1")
    said = run("incident", TICKET, "-w", desk).output
    assert "- Reported: Tue, 24 Nov 2026, 09:00" in said
    assert "Solved" not in said


def test_another_language_is_asked_for_by_name(run: Run, solved: Path):
    said = run("incident", TICKET, "--language", "nb", "-w", solved).output
    assert "erklært som alvorlig hendelse (Ida Berg)" in said


def test_markdown_has_its_headings(run: Run, solved: Path):
    said = run("incident", TICKET, "--markdown", "-w", solved).output
    assert said.startswith("# INC0010001: report on the major incident\n")
    assert "\n### Who did what\n" in said


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("sn/INC0019999",), 1, "sn/INC0019999 is not visible to this account"),
        (("INC0010001",), 2, "name the ticket as CONNECTION/KEY: sn/…"),
        ((TICKET, "--language", "nbb"), 2, "there is no report in 'nbb': did you mean 'nb'?"),
        ((TICKET, "--language", "xx"), 2, "there is no report in 'xx': known: ar, de, en, es, fr, ja, nb, pt-BR"),
        ((TICKET, "--html", "/no/such/folder/i.html"), 2, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_mend(run: Run, solved: Path, asked, code, said):
    result = run("incident", *asked, "-w", solved)
    assert result.exit_code == code
    assert said in " ".join(result.output.split())


def test_the_page_tells_the_report_and_numbers_each_step_as_its_pins_do(run: Run, solved: Path):
    text, found = page(run, solved)
    told = re.findall(r'<ul class="steps">(.*?)</ul>', text, re.DOTALL)
    steps = re.sub(r"<[^>]+>", "", told[0].replace("</li>", "\n")).strip().splitlines()
    assert steps[-1] == "Tue, 24 Nov 2026, 12:30: solved (Ida Berg)"
    for chart in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        assert re.findall(r"<title>(.*?)</title>", chart) == steps
        assert re.findall(r'class="pin"[^>]*>(\d+)<', chart) == [str(number + 1) for number in range(len(steps))]
    assert ("html", {"lang": "en", "dir": "ltr"}) in found.tags


def test_the_page_loads_nothing_and_runs_nothing(run: Run, solved: Path):
    text, found = page(run, solved)
    assert not {"script", "link", "img", "iframe", "object", "image", "use", "a"} & {tag for tag, _ in found.tags}
    assert not re.search(r"https?:|//|url\(|@import|\bon[a-z]+=|javascript", text)
    assert not {"src", "href", "style", "xlink:href"} & {name for _, attrs in found.tags for name in attrs}
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text


def test_in_a_language_from_right_to_left_time_runs_so_too(run: Run, solved: Path):
    text, found = page(run, solved, "--language", "ar")
    assert ("html", {"lang": "ar", "dir": "rtl"}) in found.tags
    for chart in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        places = [float(x) for x in re.findall(r'<circle [^>]*cx="([\d.]+)"', chart)]
        assert places == sorted(places, reverse=True)
        assert places[0] > places[-1]


def test_what_a_ticket_says_is_text_on_the_page_and_steers_no_terminal(run: Run, desk: Path, world: World):
    an_outage(world, short_description=f"\x1b[2J\u202e{HOSTILE} **bold** {'x' * 90}")
    _, found = page(run, desk)
    assert not {"script", "a"} & {tag for tag, _ in found.tags}
    assert HOSTILE.split()[0] in found.text
    said = run("incident", TICKET, "-w", desk).output
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert max(map(columns, said.splitlines())) <= 80
