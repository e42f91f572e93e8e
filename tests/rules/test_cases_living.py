"""How a ticket lives in a test of rules: who does what when, what the platform makes of it, what must be true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Never

import pytest
from living import result_of, told
from loading import CONNECTION, JIRA

from rules.cases import run as running
from rules.model import Decision, Reason, SetFields
from templates.render import Renderer, TemplateFailed

TEAMS = "teams: {web: {groups: {snow: Web}}, mail: {groups: {snow: Mail}}}"
ROUTES = "routes: [{name: all, assign: {team: web}}]"


def lived(test: str, *rules: str, connection: str = CONNECTION) -> str:
    """Return what is said of a test that failed, in one line; "" where it passed."""
    return " ".join(told(result_of(test, *rules, connection=connection)).split())


def incident(ticket: str = "", more: str = "") -> str:
    """Return a test of an incident that was created at noon."""
    return f"  ticket: {{connection: snow, kind: incident{ticket}}}\n  at: 2026-11-24T12:00Z\n{more}"


def test_without_a_requester_one_in_the_desks_first_language_created_the_ticket():
    test = incident(
        more="  expect: {created_by: requester, messages: [{to: requester, message: received, language: vi}]}"
    )
    assert lived(test, "languages: [vi, en]") == ""


def test_what_an_agent_entered_when_creating_the_ticket_is_the_agents_choice():
    test = "  ticket: {connection: jira, kind: incident, impact: minor, urgency: low, priority: P1%s}\n"
    test += "  at: 2026-11-24T12:00Z\n  expect: {priority: %s}"
    assert lived(test % (", created_by: agent", "P1"), connection=JIRA) == ""
    assert lived(test % ("", "P5"), connection=JIRA) == ""


def test_a_team_that_a_robot_chose_is_nobodys_choice():
    step = "  then: [{after: 5m, by: %s, set: {team: mail}, expect: {assigned: {team: %s}}}]"
    with_robots = f"{CONNECTION}    robots: [system]\n"
    for by, team in (("agent", "mail"), ("ida", "mail"), ("robot", "web")):
        rules = (
            TEAMS,
            ROUTES.replace("name: all", "name: all, when: {team: mail}"),
            "people: {ida: {email: i@d.example}}",
        )
        assert lived(incident(more=step % (by, team)), *rules, connection=with_robots) == ""


@pytest.mark.parametrize(
    ("given", "stands"),
    [
        ("impact: extensive, urgency: high", "P1"),
        ("impact: minor, urgency: low", "P5"),
        ("impact: significant, urgency: high, requester: {vip: true}", "P2"),
    ],
)
def test_a_platform_that_computes_the_priority_does_so_in_a_test(given: str, stands: str):
    assert lived(incident(f", {given}", f"  expect: {{priority: {stands}, changes: []}}")) == ""


def test_a_floor_is_reached_by_the_pair_from_which_the_platform_computes_the_priority():
    floor = "adjust: [{name: vip, when: {requester.vip: true}, at_least: P3}]"
    test = incident(", impact: minor, urgency: low, requester: {vip: true}", "  expect: {priority: P3, changes: %s}")
    assert lived(test % "[{urgency: high}]", floor) == ""
    assert lived(test % "[urgency]", floor) == ""
    assert "− urgency: medium + urgency: high, by vip (c.yaml:1)" in lived(
        test % "[{urgency: medium}]", TEAMS, "", floor
    )


def test_what_the_form_fills_in_by_itself_is_nobodys_choice():
    words = 'words: {snow: {not_chosen: {impact: "3", urgency: "3"}}}'
    rules = "classify: [{name: broad, set: {impact: extensive, urgency: high}}]"
    assert lived(incident(more="  expect: {impact: extensive, priority: P1}"), words, rules) == ""


def test_changes_and_messages_are_those_since_the_moment_before():
    test = incident(
        more="""\
  expect: {changes: [{team: web}], messages: [{to: requester, message: received}]}
  then:
    - {after: 1h, expect: {changes: [], messages: []}}
    - {after: 2h, by: agent, set: {status: resolved}, expect: {messages: [{to: requester, message: solved}]}}
    - {after: 1d, by: requester, set: {status: in_progress}, comment: Not yet., expect: {reopened: 1, messages: []}}
    - {after: 26h, by: agent, set: {status: resolved}, expect: {messages: [{to: requester, message: solved}]}}
""",
    )
    assert lived(test, TEAMS, ROUTES) == ""


def test_what_came_unasked_is_told_with_the_rule_that_did_it():
    said = lived(incident(more="  expect: {changes: [], messages: []}"), TEAMS, ROUTES)
    assert "changes expected and missing −, came unasked + + team: web, by all (b.yaml:1)" in said
    assert "+ received to requester in en as comment, by received (baseline/communications.yaml:" in said


def test_rules_count_whatever_their_mode_and_their_share():
    rules = "routes: [{name: some, mode: advise, share: 1%, assign: {team: web}}]"
    assert lived(incident(more="  expect: {assigned: {team: web}}"), TEAMS, rules + "\nmode: observe") == ""


def test_a_hold_keeps_rules_off_and_is_named_as_the_reason():
    hold = 'hold: {snow: "u_hold=true"}'
    said = lived(incident(", hold: true", "  expect: {assigned: {team: web}}"), TEAMS, ROUTES, hold)
    assert "came nothing · hold left: hands off: somebody put this ticket on hold" in said


def test_a_fact_without_a_field_is_as_the_rules_decided_it():
    rules = "classify: [{name: words, when: {text: {words: [phishing]}}, set: {risk: security}}]"
    test = incident(", text: It is phishing", "  expect: {risk: %s}")
    assert lived(test % "security", rules) == ""
    assert "expected legal came security · words (a.yaml:1) decided: risk: security" in lived(test % "legal", rules)
    assert "expected nothing came security" in lived(test % "", rules)


def test_a_ticket_that_has_ended_is_named_as_the_reason():
    said = lived(incident(", status: closed", "  expect: {priority: P1, major: true}"))
    assert "priority expected P1 came nothing · the ticket is closed, and rules change nothing on it any more" in said
    assert "major expected true came nothing" in said


def test_a_level_that_is_not_reached_says_which_step_leads_there_and_why_it_was_not_taken():
    test = incident(more="  expect: {level: %s}")
    assert lived(test % "L1", TEAMS, ROUTES) == ""
    assert "expected L2 came L1 · no ladder has a step to L2 that is taken" in lived(test % "L2", TEAMS, ROUTES)
    ladder = "ladders: [{name: up, steps: [{level: L2, after: [{unacknowledged: 15m}]}]}]\n"
    said = lived(test % "L2", TEAMS, ROUTES, ladder)
    assert "up L2 (c.yaml:1) would give L2, but 'nobody has acted for 15m' did not come" in said


def test_a_person_who_took_a_ticket_is_told_in_the_failure():
    test = incident(more="  then: [{after: 1h, by: agent, set: {team: mail}, expect: {assigned: {team: web}}}]")
    said = lived(test, TEAMS, ROUTES)
    assert "after 1h: assigned team expected web came mail · agent changed team to mail" in said
    assert "all (b.yaml:1) left: agent chose the team" in said


def test_a_message_that_cannot_be_written_fails_the_test(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("templates.render.Renderer.compiled", fail)
    said = lived(incident(more="  expect: {status: new}"))
    assert "message received expected a text came none · templates/en/received.md.j2:3: no such word" in said


def fail(renderer: Renderer, message: str, language: str) -> Never:
    raise TemplateFailed(message, language, 3, "no such word")


def test_rules_that_never_come_to_rest_are_named(monkeypatch: pytest.MonkeyPatch):
    reason = Reason("classify", "decided", "restless", "a.yaml:1", "category: x")

    def decide(ticket, memory, around, book, now):
        return Decision((SetFields("k", {"category": f"x{ticket.version}"}, reason),), (), memory, ticket.facts)

    monkeypatch.setattr(running, "decide", decide)
    said = lived(incident(more="  expect: {status: new}"))
    assert "rest expected the rules come to rest came 20 decisions in a row" in said
    assert "restless (a.yaml:1)" in said


def test_what_becomes_due_between_two_moments_is_done_at_its_time(monkeypatch: pytest.MonkeyPatch):
    looked: list[datetime] = []
    start = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def decide(ticket, memory, around, book, now):
        looked.append(now)
        return Decision((), (), memory, ticket.facts, now + timedelta(minutes=25))

    monkeypatch.setattr(running, "decide", decide)
    assert lived(incident(more="  then: [{after: 1h, expect: {status: new}}]")) == ""
    assert [(now - start).total_seconds() / 60 for now in looked] == [0, 25, 50, 60]


def test_rules_that_ask_for_another_look_for_ever_fail_the_test(monkeypatch: pytest.MonkeyPatch):
    def decide(ticket, memory, around, book, now):
        return Decision((), (), memory, ticket.facts, now + timedelta(seconds=1))

    monkeypatch.setattr(running, "decide", decide)
    said = lived(incident(more="  then: [{after: 30d, expect: {status: new}}]"))
    assert "the rules ask to be looked at again and again" in said


def test_a_persons_choice_gives_way_when_its_time_is_over():
    test = "  ticket: {connection: jira, kind: incident, impact: minor, urgency: low}\n  at: 2026-11-24T12:00Z\n"
    test += """\
  then:
    - {after: 1h, by: agent, set: {priority: P1}, expect: {priority: P1}}
    - {after: 4h, expect: {priority: P1, changes: []}}
    - {after: 6h, expect: {priority: P5, changes: [priority]}}
"""
    assert lived(test, "people_win: 4h", connection=JIRA) == ""


CLOCKED = """\
priorities:
  - {name: P1, respond: 30m, resolve: 4h, updates: 1h}
  - {name: P2}
  - {name: P3, respond: 2h, resolve: 8h}
  - {name: P4}
  - {name: P5}
communications:
  - {name: warning, after: [{used: 50%, of: respond}], to: [team], message: assigned}
  - {name: news, every: updates, to: [requester], message: prioritised}
"""
URGENT = ", impact: extensive, urgency: high"


def test_timed_messages_come_at_their_time_and_stop_for_people():
    test = incident(
        URGENT,
        """\
  expect: {priority: P1, messages: []}
  then:
    - {after: 14m, expect: {messages: []}}
    - {after: 15m, expect: {messages: [{to: team, message: assigned}]}}
    - {after: 20m, by: agent, comment: Looking at it., expect: {messages: []}}
    - {after: 79m, expect: {messages: []}}
    - {after: 80m, expect: {messages: [{to: requester, message: prioritised}]}}
    - {after: 90m, by: requester, comment: Still slow., expect: {messages: []}}
    - {after: 3h, expect: {messages: [{to: requester, message: prioritised}]}}
""",
    )
    assert lived(test, CLOCKED) == ""


def test_a_timed_message_that_does_not_come_says_when_clocks_call_next():
    test = incident(URGENT, "  then: [{after: 10m, expect: {messages: [{to: team, message: assigned}]}}]")
    said = lived(test, CLOCKED)
    assert "warning (a.yaml:8) sends it, but '50% of respond is used' did not come, or it was told before" in said
    assert "the clocks call next after 15m" in said
