"""A desk at work against a simulated ServiceNow over real HTTP, for tests that tell what the whole service does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commands import workspace
from connectors.sandbox import MovableClock, serve
from connectors.sandbox.servicenow import World
from sync import Desk, Report
from tests.canaries import PASSWORD

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TABLE = "incident"
EXTRA = {"u_itsm_sync": "string(255)", "u_labels": "string(255)", "u_risk": "string(40)"}

DESK_YAML = """\
connections:
  sn:
    platform: servicenow
    url: {url}
    auth: {{user: itsm.sync, password: "${{SERVICENOW_PASSWORD}}"}}
    kinds: {{incident: incident}}
    since: 2026-11-01T00:00Z
    robots: [system]
    {more}
words:
  sn:
    fields: {{mark: u_itsm_sync, labels: u_labels, risk: u_risk}}
    {words}
teams:
  desk: {{groups: {{sn: Service Desk}}, language: nb}}
  web: {{groups: {{sn: Web}}}}
  payments: {{groups: {{sn: Payments}}}}
"""


class DeskAtWork:
    """A simulated ServiceNow, a workspace, and a desk that is opened anew whenever its store or rules change."""

    def __init__(self, folder: Path, world: World, clock: MovableClock, url: str) -> None:
        self.folder, self.world, self.clock, self.url = folder, world, clock, url
        self._seen = 0
        self._stack = ExitStack()
        self._desk: Desk | None = None

    def rules(self, text: str = "", more: str = "", words: str = "") -> None:
        """Write the workspace: `text` are top-level keys, `more` lines of the connection, `words` of its words."""
        self.close()
        base = DESK_YAML.format(url=self.url, more=more, words=words)
        base += "" if "brakes:" in text else "brakes: {}\n"
        (self.folder / "desk.yaml").write_text(base + text, encoding="utf-8")

    def report(self, requester: str = "kari", by: str = "", **values: Any) -> str:
        """Create an incident and return its sys_id."""
        values.setdefault("short_description", "It does not work")
        return self.world.insert(TABLE, {"caller_id": self.user(requester), **values}, by=by or requester)

    def change(self, ticket: str, by: str = "ida", **values: Any) -> None:
        """Change an incident as somebody, a minute later."""
        self.clock.advance(seconds=60)
        self.world.update(TABLE, ticket, values, by=by)

    def cycle(self, times: int = 1) -> Report:
        """Run cycles a minute apart and return the last one's report."""
        for _ in range(times):
            self.clock.advance(seconds=60)
            report = self.desk().cycle()
            assert not report.problems, report.problems
        return report

    def desk(self) -> Desk:
        """Return the desk, opened."""
        if self._desk is None:
            self._desk = self._stack.enter_context(workspace.opened(Desk, self.folder, self.clock))
            for connector in self._desk.connectors.values():
                connector.session.sleep = self._wait
        return self._desk

    def _wait(self, seconds: float) -> None:
        """Let the time pass that the retry layer waits."""
        self.clock.advance(seconds=seconds)

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

    def writes(self) -> list[dict[str, Any]]:
        """Return the bodies of the writes since this was last asked, marks left out."""
        patches = [request for request in self.world.requests if request.method == "PATCH"]
        fresh, self._seen = patches[self._seen :], len(patches)
        bodies = [json.loads(r.body) if isinstance(r.body, str | bytes) else dict(r.body) for r in fresh]  # type: ignore[call-overload]
        return [{name: value for name, value in body.items() if name != "u_itsm_sync"} for body in bodies]

    def ticket(self, ticket: str) -> dict[str, str]:
        """Return an incident as it stands."""
        return self.world.record(TABLE, ticket)

    def said(self, ticket: str, element: str = "comments") -> list[str]:
        """Return what our account wrote on an incident: comments, or with "work_notes" the notes."""
        entries = self.world.journal(ticket)
        return [entry.value for entry in entries if entry.element == element and entry.user == "itsm.sync"]

    def journal(self, ticket: str) -> list[str]:
        """Return the journal's lines on an incident: "done prioritise matrix: P1 …"."""
        key = f"sn/{self.ticket(ticket)['number']}"
        lines = [entry.line for entry in self.desk().store.journal(key)]
        return [f"{line.outcome} {line.stage} {line.rule}: {line.text}" for line in lines]

    def user(self, name: str) -> str:
        return self.world.find("sys_user", user_name=name)

    def group(self, name: str) -> str:
        return self.world.find("sys_user_group", name=name)


@pytest.fixture
def make_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., DeskAtWork]]:
    """Return a function that makes a desk at work; its arguments are those of the simulated ServiceNow."""
    monkeypatch.setenv("SERVICENOW_PASSWORD", PASSWORD)
    with ExitStack() as stack:

        def make(**options: Any) -> DeskAtWork:
            clock = MovableClock(START)
            world = World(clock=clock, extra_fields={TABLE: EXTRA}, **options)
            world.accounts["itsm.sync"].password = PASSWORD
            world.add_user("kari", "Kari Nordmann", email="kari@harbour.example", language="nb", zone="Europe/Oslo")
            world.add_user("an", "Nguyễn Văn An", email="an@harbour.example", language="vi", zone="Asia/Ho_Chi_Minh")
            world.add_user("vera", "Vera Clarke", email="vera@harbour.example", language="en", vip=True)
            world.add_user("ida", "Ida Berg", email="ida@harbour.example")
            for group in ("Service Desk", "Web", "Payments"):
                world.add_group(group)
            url = stack.enter_context(serve(world))
            desk = DeskAtWork(tmp_path, world, clock, url)
            stack.callback(desk.close)
            desk.rules()
            return desk

        yield make


@pytest.fixture
def desk(make_desk: Callable[..., DeskAtWork]) -> DeskAtWork:
    """Return a desk whose ServiceNow computes the priority, as it does by default."""
    return make_desk()
