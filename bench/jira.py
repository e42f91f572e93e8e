"""Requests to Jira, Cloud and Data Center: of new tickets, of an idle cycle, and of tickets that people changed."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from unittest.mock import patch

from bench.desks import NOW, TITLES
from bench.machine import judged, table
from commands import workspace
from connectors.sandbox import MovableClock, serve
from connectors.sandbox.jira import Site
from sync import Desk

INCIDENT: Final = "[System] Incident"
TOKEN: Final = {"BENCH_TOKEN": "sandbox"}
NUMBER: Final = re.compile(r"/(?:IT-)?\d+(?=/|$)")
ACCOUNTS: Final = {
    "Cloud": '{user: sync@harbour.example, token: "${BENCH_TOKEN}"}',
    "Server": '{token: "${BENCH_TOKEN}"}',
}
WORKSPACE: Final = """\
desk: A desk to measure
languages: [en]
connections:
  bench:
    platform: jira_service_management
    url: %(url)s
    auth: %(auth)s
    projects: [IT]
    kinds: {incident: "[System] Incident"}
    since: 2026-11-01T00:00Z
brakes: {}
words:
  bench: {fields: {team: Assignment group}}
teams:
  desk: {groups: {bench: desk}}
classify:
  - {name: nobody-chose, set: {impact: minor, urgency: low}}
routes:
  - {name: everything, assign: {team: desk}}
communications: [%(messages)s]
"""
MESSAGES: Final = (
    "{name: received, on: created, to: [requester], message: received},"
    "{name: assigned, on: assigned, to: [team], message: assigned}"
)


class Running(NamedTuple):
    """A desk, and the simulated Jira that it looks after."""

    desk: Desk
    site: Site
    clock: MovableClock

    def asked(self) -> Counter[str]:
        """Return the requests of a cycle a minute later, by method and path."""
        self.clock.advance(seconds=60)
        before = len(self.site.requests)
        report = self.desk.cycle()
        if report.problems:
            raise RuntimeError(str(report.problems))
        return Counter(f"{one.method} {NUMBER.sub('/…', one.path)}" for one in self.site.requests[before:])


def main(changed: int = 200, idle: Sequence[int] = (10, 10_000)) -> bool:
    """Print the tables and return whether the limits were kept."""
    found = [_platform(platform, changed, idle) for platform in ACCOUNTS]
    return all(found)


def _platform(platform: str, changed: int, idle: Sequence[int]) -> bool:
    name = "Jira Cloud" if platform == "Cloud" else "Jira Data Center"
    print(f"\n{name}: requests with {changed:,} new tickets, then nothing changed, then all changed by people")
    with _running(platform, changed, MESSAGES) as running:
        phases = {"new tickets": running.asked()}
        for _ in range(6):
            phases["nothing changed"] = running.asked()
        for id in running.site.store.issues:
            running.site.change(id, {"Urgency": "Critical"}, by="ida")
        phases["changed by people"] = running.asked()
    for phase, counts in phases.items():
        table((phase, "requests", "per ticket"), [(p, str(n), f"{n / changed:.3f}") for p, n in counts.most_common()])
    with _running(platform, changed, "") as running:
        alone = _writes(running.asked())
    new, people = _writes(phases["new tickets"]), _writes(phases["changed by people"])
    kept = [
        judged("writes per new ticket with a comment and a note", new / changed, 3, "requests", at_most=True),
        judged("writes per ticket that gets fields alone", alone / changed, 1, "requests", at_most=True),
        judged("writes per ticket that people changed", people / changed, 1, "requests", at_most=True),
    ]
    for count in idle:
        with _running(platform, count, "", new=False) as running:
            for _ in range(6):
                total = running.asked().total()
        kept.append(judged(f"an idle cycle with {count:,} open", total, 1, "requests", at_most=True))
    return all(kept)


def _writes(counts: Counter[str]) -> int:
    """Count what changes something: some questions are put as a POST."""
    written = (path.startswith("PUT") or (path.startswith("POST") and path.endswith("/comment")) for path in counts)
    return sum(n for n, one in zip(counts.values(), written, strict=True) if one)


@contextmanager
def _running(platform: str, count: int, messages: str, new: bool = True) -> Iterator[Running]:
    """Give a desk and a Jira with that many tickets: new ones, or such as are older than `since`."""
    clock = MovableClock(NOW if new else NOW.replace(month=9))
    site = Site(clock=clock, deployment=platform)  # type: ignore[arg-type]
    site.add_project("IT", "IT Support")
    site.add_field("Assignment group", type="group")
    site.add_group("desk")
    site.add_user("Ida Moe", account="ida")
    site.add_user("Kari Nord", account="kari", customer=True)
    for number in range(count):
        site.create("IT", INCIDENT, {"summary": f"{TITLES[number % len(TITLES)]} {number}"}, by="kari")
    with tempfile.TemporaryDirectory() as folder, serve(site) as url, patch.dict(os.environ, TOKEN):
        text = WORKSPACE % {"url": url, "auth": ACCOUNTS[platform], "messages": messages}
        (Path(folder) / "desk.yaml").write_text(text, encoding="utf-8")
        with workspace.opened(Desk, Path(folder), clock) as desk:
            clock.set(NOW)
            yield Running(desk, site, clock)
