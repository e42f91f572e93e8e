"""The report on a major incident, two days after it was solved: the right times and people, in the team's language."""

from __future__ import annotations

import pytest
from endpoint import endpoint
from test_clocks_at_work import pass_hours

RULES = """
calendar: oslo
calendars:
  always: {{zone: UTC, hours: {{mon-sun: "00:00-24:00"}}}}
  oslo: {{zone: Europe/Oslo, hours: {{mon-fri: "08:00-16:00"}}}}
priorities:
  - {{name: P1, respond: 30m, resolve: 4h, updates: 1h, calendar: always}}
  - {{name: P2}}
  - {{name: P3}}
  - {{name: P4}}
  - {{name: P5}}
channels: {{pager: {{kind: webhook, url: {pager}, private: true}}}}
doors: {{people: pager}}
people:
  max: {{email: max@harbour.example, name: Max Holm, language: vi, zone: Asia/Ho_Chi_Minh}}
services: {{web: {{name: Web, sponsor: max}}}}
classify: [{{name: web, set: {{service: web}}}}]
routes: [{{name: all, assign: {{team: desk}}}}]
communications:
  - {{name: declared, on: major, to: [requester], message: major-incident-started}}
  - {{name: news, every: updates, when: {{major: true}}, to: [requester], message: major-incident-update}}
  - name: report
    after: [{{resolved: 48h}}]
    when: {{major: true}}
    to: [service.sponsor, team]
    message: post-incident-report
"""


@pytest.fixture
def pager():
    with endpoint() as found:
        yield found


@pytest.fixture
def solved(desk, pager):
    """Return a desk, and a major incident that has just been solved there."""
    desk.rules(RULES.format(pager=pager.url), words="incident: {fields: {cause: close_notes}}")
    return desk, an_outage(desk)


def an_outage(desk) -> str:
    """Let Ida take it after ten minutes, declare it major ten later, and solve it after three hours and a bit."""
    ticket = desk.report("vera", impact="1", urgency="1")
    desk.cycle(times=9)
    desk.change(ticket, state="2", assigned_to=desk.user("ida"), comments="I am on it")
    desk.cycle(times=9)
    desk.change(ticket, major_incident_state="accepted")
    desk.cycle()
    pass_hours(desk, 3)
    desk.change(ticket, state="6", close_code="Solved", close_notes="A certificate had expired")
    desk.cycle()
    return ticket


def reports(desk, ticket) -> list[str]:
    return [note for note in desk.said(ticket, "work_notes") if "Hva som skjedde" in note]


def test_the_team_reads_it_two_days_later_with_the_right_times_and_people_in_its_language(solved):
    desk, ticket = solved
    pass_hours(desk, 47.5)
    assert reports(desk, ticket) == []
    pass_hours(desk, 1.5)
    (note,) = reports(desk, ticket)
    course = [line.removeprefix("- ") for line in note.splitlines() if line.startswith("- Tir. 24. nov. 2026, ")]
    assert [line.removeprefix("Tir. 24. nov. 2026, ") for line in course] == [
        "10:00: meldt",
        "10:00: prioritet P1",
        "10:01: overført til Service Desk",
        "10:10: tatt i arbeid (Ida Berg)",
        "10:20: erklært som alvorlig hendelse (Ida Berg)",
        *(f"{hour}:21: melding til dem som er rammet" for hour in (10, 11, 12, 13)),
        "13:22: løst (Ida Berg)",
    ]
    assert "- Varighet: 3 timer og 22 minutter" in note
    assert "- Løsning: i tide (frist tir. 24. nov. 2026, 14:00)" in note
    assert "Årsak\n\nA certificate had expired" in note
    assert note.count("Skal fylles ut") == 2  # what prevents it, and what to read


def test_the_sponsor_reads_the_same_by_their_door_in_their_language_and_zone(solved, pager):
    desk, ticket = solved
    pass_hours(desk, 49)
    (word,) = pager.told()
    assert (word["to"], word["language"]) == ("max@harbour.example", "vi")
    assert "16:20 Thứ 3, 24/11/2026: xác định là sự cố nghiêm trọng (Ida Berg)" in word["text"]
    assert word["text"].count("24/11/2026: ") == 10
    assert len(reports(desk, ticket)) == 1


@pytest.mark.long
def test_who_did_what_is_known_again_after_the_store_was_lost(solved):
    desk, ticket = solved
    desk.lose_the_store()
    pass_hours(desk, 49)
    (note,) = reports(desk, ticket)
    assert "10:20: erklært som alvorlig hendelse (Ida Berg)" in note
    assert "13:22: løst (Ida Berg)" in note


@pytest.mark.long
def test_without_a_right_to_read_history_the_times_are_told_and_no_names(make_desk, pager):
    desk = make_desk()
    for table in ("sys_audit", "sys_journal_field"):
        desk.world.deny(table, account="itsm.sync")
    desk.rules(RULES.format(pager=pager.url))
    ticket = an_outage(desk)
    pass_hours(desk, 49)
    (note,) = reports(desk, ticket)
    assert "10:20: erklært som alvorlig hendelse\n" in note
    assert "13:22: løst\n" in note
    assert "Oppdateringer" not in note  # nobody can tell who spoke
    assert "Årsak\n\nSkal fylles ut" in note
