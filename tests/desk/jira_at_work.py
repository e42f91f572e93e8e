"""A desk at work against a simulated Jira over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.sandbox import Fault, MovableClock, serve
from connectors.sandbox.http import Answer, Call
from connectors.sandbox.jira import Site
from tests.canaries import PASSWORD
from tests.desk.at_work import AtWork

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
INCIDENT = "[System] Incident"
DESK_YAML = """\
connections:
  jira:
    platform: jira_service_management
    url: {url}
    auth: {auth}
    projects: [{projects}]
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


class Door:
    """The address of one site after another: starting a server takes longer than a walk."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def now(self) -> datetime:
        return self.site.now()

    def handle(self, call: Call) -> Answer:
        return self.site.handle(call)


class JiraAtWork(AtWork):
    """A simulated Jira, a workspace, and a desk that is opened anew whenever its store or rules change."""

    def __init__(self, folder: Path, site: Site, clock: MovableClock, url: str) -> None:
        super().__init__(folder, clock)
        self.site, self.url = site, url
        self._seen = 0
        self.rules()

    def rules(self, text: str = RULES, projects: str = "IT") -> None:
        """Write the workspace: `text` are top-level keys, `projects` those of the connection."""
        auth = AUTH["Cloud" if self.site.cloud else "Server"]
        base = DESK_YAML.format(url=self.url, auth=auth, projects=projects)
        self.write_rules(base + ("" if "brakes:" in text else "brakes: {}\n") + text)

    def report(self, title: str = "It does not work", by: str = "kari", **values: Any) -> str:
        """Create an incident and return its id; fields by name, blanks written as underscores."""
        named = {name.replace("_", " "): value for name, value in values.items()}
        return str(self.site.create("IT", INCIDENT, {"summary": title, **named}, by=by, language="nb"))

    def change(self, id: str, by: str = "ida", **values: Any) -> None:
        """Change an incident as somebody, a minute later."""
        self.clock.advance(seconds=60)
        self.site.change(id, {name.replace("_", " "): value for name, value in values.items()}, by=by)

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

    def ours(self, id: str) -> list[Any]:
        """Return our account's comments on an incident."""
        return [comment for comment in self.site.comments(id) if comment.author == self.site.account]

    def puts(self, id: str) -> int:
        """Return how often fields of an incident were written."""
        end = f"/issue/{self.site.issue(id)['key']}"
        return sum(request.method == "PUT" and request.path.endswith(end) for request in self.site.requests)

    def gave(self, id: str, field: str) -> bool:
        """Tell whether our account gave a field the value that stands."""
        changes = self.site.store.issues[id].changes
        return [one.author for one in changes for item in one.items if item.field == field][-1:] == [self.site.account]

    def journal(self, id: str) -> list[str]:
        """Return the journal's lines on an incident: "done prioritise matrix: P1 …"."""
        entries = self.desk().store.journal(f"jira/{self.site.issue(id)['key']}")
        return [f"{e.line.outcome} {e.line.stage} {e.line.rule}: {e.line.text}" for e in entries]


def new_site(clock: MovableClock, deployment: str) -> Site:
    """Return a site with a customer, an agent, a robot, a project, and the fields and groups that the rules name."""
    site = Site(clock=clock, deployment=deployment)  # type: ignore[arg-type]
    site.secrets[site.account] = PASSWORD
    site.add_user("Kari Nordmann", account="kari", email="kari@harbour.example", language="nb", customer=True)
    site.add_user("Ida Berg", account="ida", email="ida@harbour.example")
    site.add_user("Automation for Jira", account="robot-1")
    site.add_project("IT", "IT Support")
    site.add_field("Assignment group", type="group")
    site.add_field("Service", type="select", options=["Online Booking"])
    for group in ("desk", "web"):
        site.add_group(group)
    return site


@contextmanager
def at_work(folder: Path, deployment: str) -> Iterator[JiraAtWork]:
    """Yield a desk at work on a new site, without rules."""
    clock = MovableClock(START)
    site = new_site(clock, deployment)
    with serve(site) as url, closing(JiraAtWork(folder, site, clock, url)) as desk:
        yield desk


def is_write(method: str, path: str) -> bool:
    """Tell whether a request changes something: many questions are put as a POST."""
    return method in ("PUT", "DELETE") or (method == "POST" and path.endswith("/comment"))
