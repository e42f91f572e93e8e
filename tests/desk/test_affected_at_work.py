"""A major incident is told to whoever reported the same: each on their own ticket, in their language, once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from sync import main

RULES = """
calendar: always
calendars: {always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}}
languages: [en, nb, vi]
priorities:
  - {name: P1, updates: 1h}
  - {name: P2, updates: 1h}
  - {name: P3, updates: 1h}
  - {name: P4, updates: 1h}
  - {name: P5, updates: 1h}
routes: [{name: all, assign: {team: desk}}]
communications:
  - {name: solved, on: resolved, when: {major: true}, to: [requester, affected], message: major-incident-solved}
  - {name: first, on: major, to: [requester, affected], message: major-incident-started}
  - {name: next, every: updates, when: {major: true}, to: [requester, affected], message: major-incident-update}
  - {name: taken, on: assigned, to: [requester], message: assigned}
"""
SOLVED = {"state": "6", "close_code": "Solved", "close_notes": "Restarted"}


@pytest.fixture
def incident(desk):
    """Return the major incident to be, and two tickets below it."""
    desk.rules(RULES)
    above = desk.report("vera", impact="1", urgency="1")
    below = [desk.report(who, parent_incident=above, impact="2", urgency="2") for who in ("kari", "an")]
    desk.cycle(times=3)
    return above, below


def test_each_hears_on_their_own_ticket_in_their_language_and_once(desk, incident):
    above, (kari, an) = incident
    before = {ticket: len(desk.said(ticket)) for ticket in (above, kari, an)}
    desk.change(above, major_incident_state="accepted")
    desk.cycle(times=5)
    new = {ticket: desk.said(ticket)[before[ticket] :] for ticket in before}
    assert [len(words) for words in new.values()] == [1, 1, 1], new
    number = desk.ticket(kari)["number"]
    assert new[kari][0].startswith("Hei, Kari!")
    assert number in new[kari][0]
    assert new[an][0].startswith("Kính gửi anh/chị An,")
    assert any("major-incident-started sent to affected in nb" in line for line in desk.journal(kari))


def test_they_hear_of_each_update_and_of_the_end_and_of_nothing_else(desk, incident):
    above, (kari, _) = incident
    desk.change(above, major_incident_state="accepted")
    desk.cycle(times=2)
    before = len(desk.said(kari))
    desk.change(kari, assignment_group=desk.group("Web"))
    desk.clock.advance(seconds=3600)
    desk.cycle(times=3)
    (update,) = desk.said(kari)[before:]
    assert "fortsatt" in update
    desk.change(above, **SOLVED)
    desk.cycle(times=3)
    assert len(desk.said(kari)) == before + 2
    desk.cycle(times=5)
    assert len(desk.said(kari)) == before + 2


def test_who_is_linked_later_hears_what_was_said_last(desk, incident):
    above, _ = incident
    desk.change(above, major_incident_state="accepted")
    desk.cycle(times=2)
    late = desk.report("kari", parent_incident=above, impact="2", urgency="2")
    desk.cycle(times=3)
    assert len(desk.said(late)) == 1


def test_who_reported_both_hears_it_once_on_the_incident_itself(desk, incident):
    above, _ = incident
    own = desk.report("vera", parent_incident=above, impact="2", urgency="2")
    desk.cycle(times=2)
    before = len(desk.said(own))
    desk.change(above, major_incident_state="accepted")
    desk.cycle(times=3)
    assert len(desk.said(own)) == before


@pytest.mark.parametrize("first", ["above", "below"])
def test_who_is_solved_together_with_the_incident_hears_that(desk, incident, first):
    above, (kari, _) = incident
    desk.rules(RULES + "  - {name: own, on: resolved, to: [requester], message: solved}\n")
    desk.change(above, major_incident_state="accepted")
    desk.cycle(times=2)
    before = len(desk.said(kari))
    for ticket in (above, kari) if first == "above" else (kari, above):
        desk.change(ticket, **SOLVED)
    desk.cycle(times=5)
    assert len(desk.said(kari)) == before + 1


def test_who_is_solved_while_the_incident_goes_on_hears_that(desk, incident):
    above, (kari, _) = incident
    desk.rules(RULES + "  - {name: own, on: resolved, to: [requester], message: solved}\n")
    desk.change(above, major_incident_state="accepted")
    desk.cycle(times=2)
    before = len(desk.said(kari))
    desk.change(kari, **SOLVED)
    desk.cycle(times=3)
    assert len(desk.said(kari)) == before + 1


def test_a_text_that_is_no_more_is_told_to_nobody(desk, incident):
    above, (kari, _) = incident
    text = desk.folder / "templates" / "en" / "harbour-is-down.md.j2"
    text.parent.mkdir(parents=True)
    text.write_text("{% block subject %}Down{% endblock %}{% block body %}All is down.{% endblock %}")
    other = RULES.replace("message: major-incident-started", "message: harbour-is-down")
    desk.rules(other)
    desk.change(above, major_incident_state="accepted")
    desk.cycle(times=2)
    before = len(desk.said(kari))
    text.unlink()
    desk.rules(RULES)
    late = desk.report("an", parent_incident=above, impact="2", urgency="2")
    report = desk.cycle(times=3)
    assert report.problems == {}
    assert (len(desk.said(kari)), len(desk.said(late))) == (before, 0)


def test_what_the_clock_calls_for_a_moment_after_another_word_is_said_when_that_is_over(desk, incident):
    above, (kari, _) = incident
    soon = "  - {name: soon, after: [{used: 50%, of: resolve}], to: [affected], message: major-incident-update}\n"
    desk.rules(RULES.replace("{name: P1, updates: 1h}", "{name: P1, updates: 1h, resolve: 20m}") + soon)
    desk.cycle(times=4)
    desk.change(above, major_incident_state="accepted")
    desk.cycle()
    before = len(desk.said(kari))
    desk.cycle(times=10)
    assert len(desk.said(kari)) == before + 1


def test_who_reported_an_incident_is_forgotten_with_what_others_were_told_of_it(desk, incident):
    above, (kari, _) = incident
    desk.change(above, major_incident_state="accepted")
    desk.cycle(times=3)
    before = len(desk.said(kari))
    (trace,) = [one for one in forgotten(desk, "sn/vera")["kept"] if one["table"] == "announcements"]
    assert (trace["of"], trace["what"]["requester"]) == ("sn/INC0010001", "vera")
    files = b"".join(path.read_bytes() for path in desk.folder.glob("itsm-sync.db*"))
    assert b"vera" not in files
    desk.cycle(times=2)
    assert len(desk.said(kari)) == before


def forgotten(desk, who: str) -> dict[str, Any]:
    """Forget a person, and return what was kept of them before."""
    kept = CliRunner().invoke(main, ["export", who, "-w", str(desk.folder)])
    assert CliRunner().invoke(main, ["forget", who, "--yes", "-w", str(desk.folder)]).exit_code == 0
    return json.loads(kept.stdout)
