"""A whole desk whose platform answers oddly for a while: the service goes on, and nothing is said twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from commands import workspace
from connectors.sandbox import MovableClock
from connectors.sandbox.http import Answer, Call
from connectors.sandbox.servicenow import World
from connectors.state.store import Store
from sync import Desk
from templates.render import Renderer
from tests.canaries import PASSWORD
from tests.desk.conftest import DESK_YAML as SERVICENOW_YAML
from tests.desk.conftest import EXTRA, START, TABLE
from tests.desk.jira_at_work import AUTH, INCIDENT, RULES, new_site
from tests.desk.jira_at_work import DESK_YAML as JIRA_YAML
from tests.hostile.in_process import URL, InProcess, through
from tests.hostile.spoiling import spoiled

FEW, MANY = 2, 150
ONE_COMMENT = RULES[: RULES.index("  - {name: team-hears")]
PLATFORMS = ("ServiceNow", "Jira Cloud", "Jira Data Center")


class ServiceNowPeople:
    """People who report incidents on ServiceNow, and what they heard."""

    def __init__(self, clock: MovableClock) -> None:
        self.platform = World(clock=clock, extra_fields={TABLE: EXTRA})
        self.platform.accounts["itsm.sync"].password = PASSWORD
        self.kari = self.platform.add_user("kari", "Kari Nordmann", email="kari@harbour.example", language="nb")
        for group in ("Service Desk", "Web", "Payments"):
            self.platform.add_group(group)

    def report(self) -> str:
        values = {"caller_id": self.kari, "short_description": "It does not work", "impact": "2", "urgency": "2"}
        return self.platform.insert(TABLE, values, by="kari")

    def heard(self, ticket: str) -> int:
        return sum(e.element == "comments" and e.user == "itsm.sync" for e in self.platform.journal(ticket))


class JiraPeople:
    """People who report incidents on Jira, and what they heard."""

    def __init__(self, clock: MovableClock, deployment: str) -> None:
        self.platform = new_site(clock, deployment)

    def report(self) -> str:
        return str(self.platform.create("IT", INCIDENT, {"summary": "It does not work"}, by="kari", language="nb"))

    def heard(self, ticket: str) -> int:
        return sum(c.public and c.author == self.platform.account for c in self.platform.comments(ticket))


def people(platform: str, clock: MovableClock) -> ServiceNowPeople | JiraPeople:
    if platform == "ServiceNow":
        return ServiceNowPeople(clock)
    return JiraPeople(clock, "Cloud" if platform == "Jira Cloud" else "Server")


def text_of(platform: str) -> str:
    if platform == "ServiceNow":
        return SERVICENOW_YAML.format(url=URL, more="", words="") + ONE_COMMENT
    auth = AUTH["Cloud" if platform == "Jira Cloud" else "Server"]
    return JIRA_YAML.format(url=URL, auth=auth, projects="IT") + ONE_COMMENT


@pytest.fixture(params=PLATFORMS)
def walk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """Return a function that lets a desk on the platform live through odd answers, and tells what went wrong."""
    monkeypatch.setenv("SERVICENOW_PASSWORD", PASSWORD)
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    (tmp_path / "desk.yaml").write_text(text_of(request.param), encoding="utf-8")
    book, _, sources = workspace.rulebook(tmp_path)

    def live(seed: int) -> str:
        random, clock = Random(f"{request.param} {seed}"), MovableClock(START)
        folk = people(request.param, clock)
        adapter = InProcess(folk.platform)
        with Store.open(f"sqlite:///{tmp_path / str(seed)}.db", clock) as store:
            connectors = {name: workspace.connector(one, clock) for name, one in book.connections.items()}
            for connector in connectors.values():
                through(connector, adapter)
                connector.session.sleep = lambda seconds: clock.advance(seconds=seconds)  # type: ignore[attr-defined]
            desk = Desk(book, connectors, store, Renderer(sources), clock)
            wrong = through_odd_times(desk, folk, adapter, random, clock)
        return f"{request.param}, seed {seed}: {wrong}" if wrong else ""

    return live


def through_odd_times(
    desk: Desk, folk: ServiceNowPeople | JiraPeople, adapter: InProcess, random: Random, clock: MovableClock
) -> str:
    """Report tickets before and after answers are odd; return what went wrong.

    The start is a good one: what a connector learns of fields and names then it keeps until it is started anew.
    """
    cycles(desk, clock, adapter, 1)
    early = [folk.report() for _ in range(3)]

    def odd(_call: Call, answer: Answer) -> Answer:
        if answer.status >= 300 or random.random() < 0.7:
            return answer
        body, headers, _ = spoiled(random, answer.body, answer.headers)
        return Answer(answer.status, body, headers)

    adapter.spoil = odd
    cycles(desk, clock, adapter, 5)
    adapter.spoil = lambda _call, answer: answer
    late = folk.report()
    cycles(desk, clock, adapter, 6)
    heard = [folk.heard(ticket) for ticket in early]
    return "" if max(heard) <= 1 == folk.heard(late) else f"heard {heard}, and later {folk.heard(late)}"


def cycles(desk: Desk, clock: MovableClock, adapter: InProcess, times: int) -> None:
    for _ in range(times):
        clock.advance(seconds=90)
        adapter.asked = 0
        desk.cycle()


def test_a_desk_goes_on_after_odd_answers(walk):
    assert [wrong for seed in range(FEW) if (wrong := walk(seed))] == []


@pytest.mark.long
def test_a_desk_goes_on_after_very_many_odd_answers(walk):
    assert [wrong for seed in range(MANY) if (wrong := walk(seed))] == []
