"""A desk at work against a simulated Jira over real HTTP."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commands import workspace
from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.jira import Site
from sync import Desk, Report

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
INCIDENT = "[System] Incident"
DESK_YAML = """\
connections:
  jira:
    platform: jira_service_management
    url: {url}
    auth: {auth}
    projects: [IT]
    kinds: {{incident: "[System] Incident"}}
    since: 2026-11-01T00:00Z
    robots: [Automation for Jira]
words:
  jira:
    fields: {{team: Assignment group, service: Service, major: labels=major-incident}}
teams:
  desk: {{groups: {{jira: desk}}, language: nb}}
  web: {{groups: {{jira: web}}}}
"""
RULES = """\
classify:
  - {name: nobody-chose, set: {impact: significant, urgency: high}}
routes:
  - {name: all, assign: {team: desk}}
communications:
  - {name: received, on: created, to: [requester], message: received}
  - {name: team-hears, on: assigned, to: [team], message: assigned}
"""
"""A new ticket gets fields, a comment and a note."""

AUTH = {
    "Cloud": '{user: sync@harbour.example, token: "${JIRA_TOKEN}"}',
    "Server": '{token: "${JIRA_TOKEN}"}',
}
WRITES = ("PUT", "POST", "DELETE")


class JiraAtWork:
    """A simulated Jira, a workspace, and a desk that is opened anew whenever its store or rules change."""

    def __init__(self, folder: Path, site: Site, clock: MovableClock, url: str) -> None:
        self.folder, self.site, self.clock, self.url = folder, site, clock, url
        self._seen = 0
        self._stack = ExitStack()
        self._desk: Desk | None = None
        self.rules()

    def rules(self, text: str = RULES) -> None:
        """Write the workspace: `text` are top-level keys."""
        self.close()
        base = DESK_YAML.format(url=self.url, auth=AUTH["Cloud" if self.site.cloud else "Server"])
        (self.folder / "desk.yaml").write_text(base + text, encoding="utf-8")

    def report(self, title: str = "It does not work", by: str = "kari", **values: Any) -> str:
        """Create an incident and return its id; fields by name, blanks written as underscores."""
        named = {name.replace("_", " "): value for name, value in values.items()}
        return str(self.site.create("IT", INCIDENT, {"summary": title, **named}, by=by, language="nb"))

    def change(self, id: str, by: str = "ida", **values: Any) -> None:
        """Change an incident as somebody, a minute later."""
        self.clock.advance(seconds=60)
        self.site.change(id, {name.replace("_", " "): value for name, value in values.items()}, by=by)

    def cycle(self, times: int = 1, apart: float = 60) -> Report:
        """Run cycles some seconds apart and return the last one's report."""
        for _ in range(times):
            self.clock.advance(seconds=apart)
            report = self.desk().cycle()
        return report

    def desk(self) -> Desk:
        """Return the desk, opened."""
        if self._desk is None:
            self._desk = self._stack.enter_context(workspace.opened(Desk, self.folder, self.clock))
            for connector in self._desk.connectors.values():
                connector.session.sleep = lambda seconds: self.clock.advance(seconds=seconds)  # type: ignore[attr-defined]
        return self._desk

    def close(self) -> None:
        """End the process, as it were."""
        self._stack.close()
        self._stack = ExitStack()
        self._desk = None

    def lose_the_store(self) -> None:
        """Delete all that the service remembers."""
        self.close()
        for file in self.folder.glob("itsm-sync.db*"):
            file.unlink()

    def fail(self, kind: str, method: str, path: str = "", **more: Any) -> None:
        self.site.faults.add(Fault(kind, method=method, path=path, **more))

    def writes(self) -> list[str]:
        """Return method and end of the address of each write since this was last asked: "PUT IT-1"."""
        asked = [f"{r.method} {r.path.rsplit('/', 1)[-1]}" for r in self.site.requests if is_write(r.method, r.path)]
        fresh, self._seen = asked[self._seen :], len(asked)
        return fresh

    def requests(self) -> int:
        """Return how many requests there were so far."""
        return len(self.site.requests)

    def said(self, id: str, public: bool) -> list[str]:
        """Return what our account said on an incident."""
        return [c.text for c in self.site.comments(id) if c.public == public and c.author == self.site.account]

    def journal(self, id: str) -> list[str]:
        """Return the journal's lines on an incident: "done prioritise matrix: P1 …"."""
        entries = self.desk().store.journal(f"jira/{self.site.issue(id)['key']}")
        return [f"{e.line.outcome} {e.line.stage} {e.line.rule}: {e.line.text}" for e in entries]


def is_write(method: str, path: str) -> bool:
    """Tell whether a request changes something: many questions are put as a POST."""
    return method in ("PUT", "DELETE") or (method == "POST" and path.endswith("/comment"))
