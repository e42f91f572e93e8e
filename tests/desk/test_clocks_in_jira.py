"""The same clocks in Jira: its statuses, its customers, and a service that dies while it says what time calls for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canaries import PASSWORD
from tests.desk.at_work import Died
from tests.desk.jira_at_work import JiraAtWork, at_work

TIMED = """
calendar: always
calendars:
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
pauses: {resolve: [requester]}
priorities:
  - {name: P1, resolve: 4h}
  - {name: P2, resolve: 8h}
  - {name: P3}
  - {name: P4}
  - {name: P5}
classify: [{name: nobody-chose, set: {impact: significant, urgency: high}}]
routes: [{name: all, assign: {team: desk}}]
communications:
  - {name: half, after: [{used: 50%, of: resolve}], to: [team, requester], message: prioritised}
"""


@pytest.fixture(params=["Cloud", "Server"])
def jira(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[JiraAtWork]:
    """Return a desk at work on Cloud and on Data Center, whose tickets are all P2."""
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    with at_work(tmp_path, request.param) as desk:
        desk.rules(TIMED)
        yield desk


def pass_hours(jira: JiraAtWork, hours: float) -> None:
    """Let hours pass, with two cycles: the first after all but half an hour."""
    for apart in (hours * 3600 - 1800, 1800):
        report = jira.cycle(apart=apart)
        assert not report.problems, report.problems


def said(jira: JiraAtWork, id: str) -> tuple[int, int]:
    """Return how often the customer and the team were told."""
    return len(jira.said(id, public=True)), len(jira.said(id, public=False))


def test_half_of_the_time_is_told_once_to_each_reader(jira):
    id = jira.report()
    jira.cycle()
    pass_hours(jira, 3.5)
    assert said(jira, id) == (0, 0)
    pass_hours(jira, 1)
    assert said(jira, id) == (1, 1)
    pass_hours(jira, 24)
    assert said(jira, id) == (1, 1)


def test_waiting_for_the_customer_pauses_until_they_answer(jira):
    id = jira.report()
    jira.cycle()
    jira.site.transition(id, "Pending", by="ida")
    jira.change(id, Pending_reason="More info required")
    pass_hours(jira, 3)
    jira.clock.advance(seconds=60)
    jira.site.comment(id, "The left one", by="kari")
    pass_hours(jira, 3.5)
    assert said(jira, id) == (0, 0)
    pass_hours(jira, 1)
    assert said(jira, id) == (1, 1)


@pytest.mark.long
def test_a_service_that_dies_at_any_step_says_it_once(jira):
    steps = 0
    while True:
        steps += 1
        id = jira.report(f"Ticket {steps}")
        jira.cycle(times=2)
        jira.clock.advance(seconds=4 * 3600)
        jira.dies_after(steps)
        try:
            jira.desk().cycle()
            finished = True
        except Died:
            finished = False
        jira.close()
        jira.cycle(times=8)
        assert said(jira, id) == (1, 1), steps
        jira.site.transition(id, "Resolved", by="ida")
        jira.clock.advance(seconds=20 * 3600)
        if finished:
            break
    assert steps > 10


PEOPLE = """
people:
  ida: {email: ida@harbour.example}
  boss: {email: boss@harbour.example}
ladders:
  - name: up
    steps:
      - {level: L2, after: [{used: 25%, of: resolve}], assign: {team: web, person: ida}}
      - {level: management, after: [{used: 50%, of: resolve}], watch: [boss]}
"""


def test_somebody_gets_the_ticket_and_somebody_watches(jira):
    jira.site.add_user("Berit Boss", account="boss", email="boss@harbour.example")
    jira.rules(TIMED.replace("  - {name: half", "  - {name: half, mode: observe") + PEOPLE)
    id = jira.report()
    for _ in range(4):
        pass_hours(jira, 1.5)
    assert jira.site.issue(id)["assignee"] == "ida"
    assert jira.site.issue(id)["watchers"] == ["boss"]


def test_a_silent_customer_is_reminded_then_resolved_by_a_transition_and_opened_by_their_answer(jira):
    reminded = "after: [{waiting: 1h}], times: 2, to: [requester], message: closing-soon, then: {status: resolved}"
    jira.rules(
        TIMED[: TIMED.index("communications:")]
        + f"communications:\n  - {{name: silent, when: {{waiting_for: requester}}, {reminded}}}\n"
    )
    id = jira.report()
    jira.cycle(times=2)
    jira.site.transition(id, "Waiting for customer", by="ida")
    for _ in range(4):
        pass_hours(jira, 1.2)
    assert said(jira, id)[0] == 2
    assert jira.site.issue(id)["status"] == "Resolved"
    jira.site.comment(id, "Firefox", by="kari")
    jira.cycle(times=3)
    assert jira.site.issue(id)["status"] == "Work in progress"


PROMISED = (
    TIMED.replace("resolve: 8h", "resolve: 8h, updates: 2h").partition("communications:")[0]
    + """\
communications:
  - {name: half, after: [{used: 50%, of: resolve}], to: [requester], message: update-due}
  - {name: late, on: promise_missed, to: [requester], message: apology}
"""
)


def test_a_promise_is_not_kept_by_the_comment_that_gave_it(jira):
    jira.rules(PROMISED)
    id = jira.report()
    jira.cycle()
    pass_hours(jira, 4.5)
    assert len(jira.said(id, public=True)) == 1
    pass_hours(jira, 2.5)
    assert len(jira.said(id, public=True)) == 2
    assert "Det er vi lei oss for" in jira.said(id, public=True)[-1]
