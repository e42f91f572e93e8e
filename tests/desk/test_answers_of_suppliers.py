"""A supplier's answer, from their account or by mail, ends the wait for them; nothing is written for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync import main
from tests.canaries import PASSWORD
from tests.desk.jira_at_work import JiraAtWork, at_work

RULES = """
calendar: always
calendars: {always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}}
pauses: {resolve: [requester, supplier]}
people: {cardgate: {email: support@cardgate.example, name: CardGate}}
services: {booking: {name: Online Booking, team: desk, supplier: cardgate}}
priorities: [{name: P1, resolve: 4h}, {name: P2, resolve: 8h}, {name: P3, resolve: 8h}, {name: P4}, {name: P5}]
classify: [{name: nobody-chose, set: {impact: significant, urgency: high, service: booking}}]
routes: [{name: all, assign: {team: desk}}]
communications:
  - {name: late, after: [{used: 50%, of: resolve}], to: [team], message: breach-warning}
  - {name: ask-again, when: {waiting_for: supplier}, after: [{waiting: 3h}], to: [team], message: supplier-request}
"""
MAIL = "reply from: support@cardgate.example\n\nWe have replaced the card. Regards, CardGate"
AWAY = "reply from: support@cardgate.example\n\nAutomatic reply: we are closed today\n\nPlease call us tomorrow."


@pytest.fixture(params=["Cloud", "Server"])
def jira(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[JiraAtWork]:
    """Return a desk at work whose supplier is a customer of the portal, as whoever answers by mail becomes one."""
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    with at_work(tmp_path, request.param) as desk:
        desk.site.add_user("CardGate", account="gate-1", email="support@cardgate.example", customer=True)
        desk.rules(RULES)
        yield desk


@pytest.fixture
def snow(desk):
    """Return a desk at work whose supplier has an account on ServiceNow."""
    desk.world.add_user("gate", "CardGate Support", email="support@cardgate.example")
    desk.world.add_service("Online Booking")
    desk.rules(RULES)
    return desk


def pass_hours(desk, hours: float) -> None:
    for _ in range(round(hours * 2)):
        desk.clock.advance(seconds=1740)
        desk.cycle()


def on_servicenow(snow) -> str:
    """Return a ticket that waits for the supplier, an hour after it came."""
    ticket = snow.report("vera")
    pass_hours(snow, 1)
    snow.change(ticket, state="3", hold_reason="4")
    snow.cycle()
    return ticket


def on_jira(jira: JiraAtWork) -> str:
    id = jira.report()
    pass_hours(jira, 1)
    jira.site.transition(id, "Pending", by="ida")
    jira.change(id, Pending_reason="Waiting on vendor")
    jira.cycle()
    return id


def notes(desk, ticket: str) -> int:
    return len(desk.said(ticket, "work_notes"))


def test_a_suppliers_mail_lets_the_clock_run_again_and_nobody_asks_them_again(snow):
    ticket = on_servicenow(snow)
    pass_hours(snow, 1)
    snow.change(ticket, by="gate", comments=MAIL)
    pass_hours(snow, 2.5)
    assert notes(snow, ticket) == 0
    pass_hours(snow, 1)
    assert notes(snow, ticket) == 1  # half of the time is used
    assert snow.ticket(ticket)["state"] == "3"


def test_the_wait_is_counted_for_the_supplier_who_can_be_forgotten(snow):
    ticket = on_servicenow(snow)
    snow.change(ticket, by="gate", comments=MAIL)
    pass_hours(snow, 1)
    report = CliRunner().invoke(main, ["report", "--from", "2026-11-01", "-w", str(snow.folder)]).output
    assert "Working time waited for cardgate" in report
    CliRunner().invoke(main, ["forget", "cardgate", "sn/gate", "--yes", "-w", str(snow.folder)])
    files = b"".join(path.read_bytes() for path in snow.folder.iterdir() if path.name != "desk.yaml")
    assert [name for name in (b"cardgate", b"gate") if name in files] == []


def test_without_an_answer_they_are_asked_again_and_the_clock_stands_still(snow):
    ticket = on_servicenow(snow)
    pass_hours(snow, 9)
    assert notes(snow, ticket) == 1
    assert "leverandør" in snow.said(ticket, "work_notes")[0]


def test_the_robot_that_answers_for_a_supplier_ends_nothing(snow):
    ticket = on_servicenow(snow)
    snow.change(ticket, by="gate", comments=AWAY)
    pass_hours(snow, 5)
    assert notes(snow, ticket) == 1
    assert "leverandør" in snow.said(ticket, "work_notes")[0]


def test_a_supplier_without_an_account_is_no_problem(desk):
    desk.world.add_service("Online Booking")
    desk.rules(RULES)
    on_servicenow(desk)  # no cycle reports any


def test_on_jira_their_mail_lets_the_clock_run_again(jira):
    id = on_jira(jira)
    pass_hours(jira, 1)
    jira.site.comment(id, MAIL, by="gate-1")
    pass_hours(jira, 2.5)
    assert len(jira.said(id, public=False)) == 0
    pass_hours(jira, 1)
    assert len(jira.said(id, public=False)) == 1
    assert jira.site.issue(id)["status"] == "Pending"


def test_on_jira_a_robots_mail_and_a_customers_word_end_nothing(jira):
    id = on_jira(jira)
    jira.clock.advance(seconds=60)
    jira.site.comment(id, AWAY, by="gate-1")
    jira.site.comment(id, "Still broken", by="kari")
    pass_hours(jira, 5)
    (note,) = jira.said(id, public=False)
    assert "leverandør" in note
