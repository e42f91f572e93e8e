"""What a test of rules says would happen is what happens: a desk at work and a test live through the same walks."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from commands import workspace
from rules.cases.read import read_tests
from rules.cases.run import applying, run
from templates.reading import reading
from templates.render import Renderer

RULES = """
people: {ida: {email: ida@harbour.example}}
services: {pages: {name: Pages, business_value: critical, team: web}}
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
SENT = re.compile(r"(\S+) sent to (\S+) in (\S+)")
THEIRS: dict[str, tuple[str, dict[str, str]]] = {
    "impact": ("impact", {"extensive": "1", "significant": "2", "minor": "3"}),
    "urgency": ("urgency", {"high": "1", "medium": "2", "low": "3"}),
    "category": ("category", {"web": "web", "mail": "mail", "other": "other"}),
    "status": ("state", {"in_progress": "2", "resolved": "6"}),
    "major": ("major_incident_state", {"true": "accepted"}),
}
TEAMS = {"desk": "Service Desk", "web": "Web", "payments": "Payments"}
PEOPLE = {"kari": ("Kari Nordmann", "nb", "false"), "vera": ("Vera Clarke", "en", "true")}
RESOLVED = {"close_code": "Solved", "close_notes": "Restarted"}


class Walk:
    """The same ticket on a desk at work, and as the text of a test that expects what the desk did."""

    def __init__(self, desk: Any, seed: int) -> None:
        self.desk, self.random = desk, Random(seed)
        self.minutes, self.seen = 0, 0
        who = self.random.choice(sorted(PEOPLE))
        facts = self.facts("impact") | self.facts("urgency") | self.facts("category")
        self.created = desk.clock()
        self.ticket = desk.report(who, **self.theirs(facts))
        name, language, vip = PEOPLE[who]
        about = {"connection": "sn", "kind": "incident", "title": "It does not work", **facts}
        requester = f"{{name: {name}, language: {language}, vip: {vip}}}"
        self.text = f"- name: walk {seed}\n  ticket: {{{inline(about)}, requester: {requester}}}\n"
        self.text += f"  at: {self.created.isoformat()}\n  expect: {self.happened()}\n  then:\n"

    def facts(self, *names: str, most: int = 1) -> dict[str, str]:
        chosen = self.random.sample(names, self.random.randint(1, most))
        return {fact: self.random.choice(sorted(THEIRS[fact][1])) for fact in chosen}

    def theirs(self, facts: dict[str, str]) -> dict[str, str]:
        values = {THEIRS[fact][0]: THEIRS[fact][1][value] for fact, value in facts.items()}
        return values | (RESOLVED if values.get("state") == "6" else {})

    def step(self) -> None:
        """Let somebody do something, a few minutes later, on both."""
        by, account = self.random.choice((("ida", "ida"), ("ida", "ida"), ("robot", "system")))
        apart = self.random.randint(2, 30)
        self.minutes += apart
        start = self.created + timedelta(minutes=self.minutes)
        self.desk.clock.advance(seconds=(start - self.desk.clock()).total_seconds())
        if self.random.random() < 0.3:
            team = self.random.choice((*TEAMS, ""))
            given, values = {"team": team}, {"assignment_group": self.desk.group(TEAMS[team]) if team else ""}
        else:
            given = self.facts(*sorted(THEIRS))
            values = self.theirs(given)
        self.desk.world.update("incident", self.ticket, values, by=account)
        self.text += (
            f"    - {{after: {self.minutes}m, by: {by}, set: {{{inline(given)}}}, expect: {self.happened()}}}\n"
        )

    def happened(self) -> str:
        """Run the desk, and return what it did since this was last asked, as a test expects it."""
        self.desk.cycle()
        record = self.desk.ticket(self.ticket)
        lines = [entry.line for entry in self.desk.desk().store.journal(f"sn/{record['number']}")]
        done, self.seen = [line.text for line in lines[self.seen :] if line.outcome == "done"], len(lines)
        sent = [match for text in done if (match := SENT.fullmatch(text))]
        messages = ", ".join(f"{{to: {m[2]}, message: {m[1]}, language: {m[3]}}}" for m in sent)
        written = [text for text in done if not SENT.fullmatch(text)]
        changes = ", ".join(f"{{{inline(dict([text.split(' is ', 1)]))}}}" for text in written)
        teams = {self.desk.group(name): key for key, name in TEAMS.items()}
        team = teams.get(record.get("assignment_group", ""), "")
        stands = f"priority: P{record['priority']}, team: {team}"
        return f"{{{stands}, changes: [{changes}], messages: [{messages}]}}"


def inline(facts: dict[str, str]) -> str:
    """Return facts within a mapping in one line; words of YAML stay words."""
    return ", ".join(
        f"{fact}: {value if value in ('true', '') else json.dumps(value)}" for fact, value in facts.items()
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_walk_is_in_a_test_as_it_was_at_work(desk: Any, seed: int):
    desk.rules(RULES)
    desk.world.insert("cmdb_ci_service", {"name": "Pages"})
    walk = Walk(desk, seed)
    for _ in range(6):
        walk.step()
    book, _warnings, sources = workspace.rulebook(desk.folder)
    read = read_tests({"tests/walk.yaml": walk.text}, book)
    assert read.problems == ()
    (result,) = (run(test, applying(book), reading(book, Renderer(sources))) for test in read.tests)
    assert [failure._replace(because=()) for failure in result.failures] == [], walk.text
