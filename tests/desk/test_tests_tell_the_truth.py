"""What a test of rules says would happen is what happens: a desk at work and a test live through the same walks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest

from commands import workspace
from connectors.sandbox import MovableClock, serve
from rules.cases.read import read_tests
from rules.cases.run import applying, run
from templates.reading import reading
from templates.render import Renderer
from tests.canaries import PASSWORD
from tests.desk.jira_at_work import START, JiraAtWork, new_site
from tests.shares import one_of

RULES = """
people: {ida: {email: ida@harbour.example}}
services: {pages: {name: Online Booking, business_value: critical, team: web}}
classify:
  - {name: web, when: {category: web}, set: {service: pages}}
  - {name: mail, when: {category: mail, impact: minor}, set: {labels: mails}}
adjust:
  - {name: vip, when: {requester.vip: true}, at_least: P3}
  - {name: critical, when: {service.business_value: critical, impact: [extensive, significant]}, at_least: P2}
  - {name: mail, when: {category: mail}, at_most: P3}
communications:
  - {name: over, on: resolved, when: {major: true}, to: [requester], message: major-incident-solved}
  - {name: declared, on: major, to: [requester, team], message: major-incident-started}
  - {name: solved, on: resolved, to: [requester], message: solved}
  - {name: received, on: created, to: [requester], message: received}
  - {name: important, on: prioritised, when: {priority: {at_least: P2}}, to: [requester], message: prioritised}
  - {name: team-hears, on: assigned, to: [team], message: assigned}
routes:
  - {name: urgent, when: {priority: P1}, assign: {team: payments}}
  - {name: owner, when: {not: {service.team: {empty: true}}}, assign: {team: service.team}}
  - {name: rest, assign: {team: desk}}
"""
SENT = re.compile(r"(\S+) sent to (\S+) in ([\w-]+)(?:: .+)?")
VALUES = {
    "impact": ("extensive", "significant", "minor"),
    "urgency": ("high", "medium", "low"),
    "category": ("mail", "other", "web"),
    "status": ("in_progress", "resolved"),
    "major": ("true",),
}
TEAMS = {"desk": "Service Desk", "web": "Web", "payments": "Payments"}


class InServiceNow:
    """The ticket of a walk in a simulated ServiceNow, which computes its priority."""

    connection, robot = "sn", "system"
    people: ClassVar[Mapping[str, str]] = {
        "kari": "{name: Kari Nordmann, language: nb}",
        "vera": "{name: Vera Clarke, language: en, vip: true}",
    }
    theirs: ClassVar[Mapping[str, tuple[str, Sequence[str]]]] = {
        "impact": ("impact", "123"),
        "urgency": ("urgency", "123"),
        "category": ("category", VALUES["category"]),
        "status": ("state", "26"),
        "major": ("major_incident_state", ("accepted",)),
    }

    def __init__(self, desk: Any) -> None:
        self.desk, self.ticket = desk, ""

    def report(self, who: str, facts: Mapping[str, str]) -> None:
        self.ticket = self.desk.report(who, **self._values(facts))

    def change(self, by: str, facts: Mapping[str, str]) -> None:
        self.desk.world.update("incident", self.ticket, self._values(facts), by=by)

    def _values(self, facts: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for fact, value in facts.items():
            if fact == "team":
                found["assignment_group"] = self.desk.group(TEAMS[value]) if value else ""
            else:
                field, known = self.theirs[fact]
                found[field] = known[VALUES[fact].index(value)]
        solved = {"close_code": "Solved", "close_notes": "Restarted"}
        return found | (solved if found.get("state") == "6" else {})

    def standing(self) -> tuple[str, str]:
        record = self.desk.ticket(self.ticket)
        teams = {self.desk.group(name): key for key, name in TEAMS.items()}
        return f"P{record['priority']}", teams.get(record.get("assignment_group", ""), "")

    def number(self) -> str:
        return str(self.desk.ticket(self.ticket)["number"])


class InJira:
    """The ticket of a walk in a simulated Jira, whose priority is written."""

    connection, robot = "jira", "robot-1"
    people: ClassVar[Mapping[str, str]] = {"kari": "{name: Kari Nordmann, language: nb}"}
    theirs: ClassVar[Mapping[str, tuple[str, Sequence[str]]]] = {
        "impact": ("Impact", ("Extensive / Widespread", "Significant / Large", "Minor / Localized")),
        "urgency": ("Urgency", ("High", "Medium", "Low")),
        "category": ("Components", VALUES["category"]),
        "status": ("", ("Work in progress", "Resolved")),
        "major": ("Labels", ("major-incident",)),
    }
    priorities = ("Highest", "High", "Medium", "Low", "Lowest")

    def __init__(self, desk: Any) -> None:
        self.desk, self.ticket = desk, ""

    def report(self, who: str, facts: Mapping[str, str]) -> None:
        named = {field: value for fact, given in facts.items() for field, value in self._value(fact, given).items()}
        values = {"summary": "It does not work", **named}
        self.ticket = self.desk.site.create("IT", "[System] Incident", values, by=who, language="nb")

    def change(self, by: str, facts: Mapping[str, str]) -> None:
        for fact, value in facts.items():
            if fact == "status":
                self.desk.site.transition(self.ticket, self.theirs["status"][1][VALUES["status"].index(value)], by=by)
            else:
                self.desk.site.change(self.ticket, self._value(fact, value), by=by)

    def _value(self, fact: str, value: str) -> dict[str, Any]:
        if fact == "team":
            return {"Assignment group": value or None}
        field, known = self.theirs[fact]
        theirs = known[VALUES[fact].index(value)]
        return {field: [theirs] if fact in ("category", "major") else theirs}

    def standing(self) -> tuple[str, str]:
        issue = self.desk.site.issue(self.ticket)
        return f"P{self.priorities.index(issue['Priority']) + 1}", issue.get("Assignment group") or ""

    def number(self) -> str:
        return str(self.desk.site.issue(self.ticket)["key"])


class Walk:
    """The same ticket on a desk at work, and as the text of a test that expects what the desk did."""

    def __init__(self, place: Any, seed: int) -> None:
        self.place, self.desk, self.random = place, place.desk, Random(seed)
        self.minutes, self.seen = 0, 0
        who = self.random.choice(sorted(place.people))
        facts = self.facts("impact") | self.facts("urgency") | self.facts("category")
        self.created = self.desk.clock()
        place.report(who, facts)
        about = {"connection": place.connection, "kind": "incident", "title": "It does not work", **facts}
        about |= {"priority": place.standing()[0]} if isinstance(place, InJira) else {}
        self.text = f"- name: walk {seed}\n  ticket: {{{inline(about)}, requester: {place.people[who]}}}\n"
        self.text += f"  at: {self.created.isoformat()}\n  expect: {self.happened()}\n  then:\n"

    def facts(self, *names: str) -> dict[str, str]:
        fact = self.random.choice(names)
        return {fact: self.random.choice(VALUES[fact])}

    def step(self) -> None:
        """Let somebody do something, a few minutes later, on both."""
        by, account = self.random.choice((("ida", "ida"), ("ida", "ida"), ("robot", self.place.robot)))
        self.minutes += self.random.randint(2, 30)
        start = self.created + timedelta(minutes=self.minutes)
        self.desk.clock.advance(seconds=(start - self.desk.clock()).total_seconds())
        team = {"team": self.random.choice((*TEAMS, ""))}
        given = team if self.random.random() < 0.3 else self.facts(*sorted(VALUES))
        self.place.change(account, given)
        done = f"by: {by}, set: {{{inline(given)}}}, expect: {self.happened()}"
        self.text += f"    - {{after: {self.minutes}m, {done}}}\n"

    def happened(self) -> str:
        """Run the desk, and return what it did since this was last asked, as a test expects it."""
        assert not self.desk.cycle().problems
        entries = self.desk.desk().store.journal(f"{self.place.connection}/{self.place.number()}")
        done = [entry.line.text for entry in entries[self.seen :] if entry.line.outcome == "done"]
        self.seen = len(entries)
        sent = [match for text in done if (match := SENT.fullmatch(text))]
        messages = ", ".join(f"{{to: {m[2]}, message: {m[1]}, language: {m[3]}}}" for m in sent)
        written = (text.split(" is ", 1) for text in done if not SENT.fullmatch(text))
        changes = ", ".join(f"{{{inline({fact: value})}}}" for fact, value in written)
        priority, team = self.place.standing()
        return f"{{priority: {priority}, team: {team}, changes: [{changes}], messages: [{messages}]}}"


def inline(facts: dict[str, str]) -> str:
    """Return facts within a mapping in one line; words of YAML stay words."""
    return ", ".join(
        f"{fact}: {value if value in ('true', '') else json.dumps(value)}" for fact, value in facts.items()
    )


def lived_alike(place: Any, seed: int) -> None:
    """Walk, and hold that a test of the same walk passes."""
    walk = Walk(place, seed)
    for _ in range(6):
        walk.step()
    book, _warnings, sources = workspace.rulebook(place.desk.folder)
    read = read_tests({"tests/walk.yaml": walk.text}, book)
    assert read.problems == ()
    (result,) = (run(test, applying(book), reading(book, Renderer(sources))) for test in read.tests)
    assert [failure._replace(because=()) for failure in result.failures] == [], walk.text


@pytest.mark.parametrize("seed", one_of(3, range(8)))
def test_a_walk_in_servicenow_is_in_a_test_as_it_was_at_work(desk: Any, seed: int):
    desk.rules(RULES)
    desk.world.insert("cmdb_ci_service", {"name": "Online Booking"})
    lived_alike(InServiceNow(desk), seed)


@pytest.mark.parametrize("seed", one_of(3, range(6)))
def test_a_walk_in_jira_is_in_a_test_as_it_was_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int):
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    clock = MovableClock(START)
    site = new_site(clock, "Cloud")
    site.add_group("payments")
    for component in VALUES["category"]:
        site.add_component("IT", component)
    with serve(site) as url:
        jira = JiraAtWork(tmp_path, site, clock, url)
        teams = "  web: {groups: {jira: web}}\n"
        jira.rules(RULES)
        file = tmp_path / "desk.yaml"
        file.write_text(file.read_text().replace(teams, f"{teams}  payments: {{groups: {{jira: payments}}}}\n"))
        try:
            lived_alike(InJira(jira), seed)
        finally:
            jira.close()
