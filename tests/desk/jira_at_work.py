"""A desk at work against a simulated Jira over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from commands import workspace
from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.http import Answer, Call
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


class Died(BaseException):
    """The process ends here, in the middle of whatever it does."""


class Death:
    """Ends the process after so many steps: a step is before or after a request or a transaction of the store."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def step(self) -> None:
        self.steps -= 1
        if self.steps == 0:
            raise Died

    def around(self, do: Callable[..., Any], *args: Any, **options: Any) -> Any:
        self.step()
        done = do(*args, **options)
        self.step()
        return done


class MortalAdapter(HTTPAdapter):
    """Sends requests until it dies."""

    def __init__(self, death: Death) -> None:
        super().__init__()
        self.death = death

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        return self.death.around(super().send, request, *args, **options)  # type: ignore[no-any-return]


class MortalStore:
    """A store that dies before or after one of its transactions."""

    def __init__(self, store: Any, death: Death) -> None:
        self._store, self._death = store, death

    def __getattr__(self, name: str) -> Callable[..., Any]:
        do = getattr(self._store, name)
        return lambda *args, **options: self._death.around(do, *args, **options)


class Door:
    """The address of one site after another: starting a server takes longer than a walk."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def now(self) -> datetime:
        return self.site.now()

    def handle(self, call: Call) -> Answer:
        return self.site.handle(call)


class JiraAtWork:
    """A simulated Jira, a workspace, and a desk that is opened anew whenever its store or rules change."""

    def __init__(self, folder: Path, site: Site, clock: MovableClock, url: str) -> None:
        self.folder, self.site, self.clock, self.url = folder, site, clock, url
        self._seen = 0
        self._stack = ExitStack()
        self._desk: Desk | None = None
        self.rules()

    def rules(self, text: str = RULES, projects: str = "IT") -> None:
        """Write the workspace: `text` are top-level keys, `projects` those of the connection."""
        self.close()
        base = DESK_YAML.format(url=self.url, auth=AUTH["Cloud" if self.site.cloud else "Server"], projects=projects)
        base += "" if "brakes:" in text else "brakes: {}\n"
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

    def dies_after(self, steps: int) -> None:
        """Let the process die after so many steps of the next cycle."""
        desk, death = self.desk(), Death(steps)
        desk.store = MortalStore(desk.store, death)  # type: ignore[assignment]
        for connector in desk.connectors.values():
            connector.session.mount("http://", MortalAdapter(death))  # type: ignore[attr-defined]

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
    site.add_user("Kari Nordmann", account="kari", email="kari@harbour.example", language="nb", customer=True)
    site.add_user("Ida Berg", account="ida", email="ida@harbour.example")
    site.add_user("Automation for Jira", account="robot-1")
    site.add_project("IT", "IT Support")
    site.add_field("Assignment group", type="group")
    site.add_field("Service", type="select", options=["Online Booking"])
    for group in ("desk", "web"):
        site.add_group(group)
    return site


def is_write(method: str, path: str) -> bool:
    """Tell whether a request changes something: many questions are put as a POST."""
    return method in ("PUT", "DELETE") or (method == "POST" and path.endswith("/comment"))
