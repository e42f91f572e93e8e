"""On Jira, too, nothing is left of a person who is forgotten: no account id, no key, no name, no address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from endpoint import Endpoint, endpoint

from connectors.sandbox import Fault
from sync import main
from tests.canaries import PASSWORD
from tests.desk.jira_at_work import JiraAtWork, at_work

RULES = """
calendar: always
calendars: {{always: {{zone: UTC, hours: {{mon-sun: "00:00-24:00"}}}}}}
channels: {{pager: {{kind: webhook, url: {pager}, private: true}}}}
people: {{q: {{email: quirin@harbour.example, name: Quirin Zölle}}}}
doors: {{people: [pager]}}
services: {{booking: {{name: Online Booking, team: desk, owner: q}}}}
priorities: [{{name: P1}}, {{name: P2, respond: 8h}}, {{name: P3}}, {{name: P4}}, {{name: P5}}]
classify: [{{name: nobody-chose, set: {{impact: significant, urgency: high, service: booking}}}}]
routes: [{{name: all, assign: {{team: desk, person: q}}}}]
communications:
  - {{name: got-it, on: created, to: [requester, service.owner], message: received}}
  - {{name: again, on: reopened, to: [requester], message: received}}
  - {{name: slow, after: [{{used: 100%, of: respond}}], to: [team], message: breach-warning}}
"""
BYTES = (b"qz-1", b"quirin", b"Quirin", b'lle"', "Zölle".encode(), b"people/q", b'"q"', b"zebedee", b"Zebedee")


@pytest.fixture(params=["Cloud", "Server"])
def jira(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[JiraAtWork]:
    """Return a desk at work, with Quirin of the staff and the customer Zebedee."""
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    with at_work(tmp_path, request.param) as desk:
        desk.site.add_user("Quirin Zölle", account="qz-1", email="quirin@harbour.example")
        desk.site.add_user(
            "Zebedee Quill", account="zebedee-7", email="zebedee@harbour.example", customer=True, language="en"
        )
        yield desk


@pytest.fixture
def pager() -> Iterator[Endpoint]:
    with endpoint() as found:
        yield found


@pytest.fixture
def ticket(jira: JiraAtWork, pager: Endpoint) -> str:
    """Return a ticket of Zebedee's that Quirin was told of, got, spoke on and gave to Ida, and that is resolved."""
    jira.rules(RULES.format(pager=pager.url))
    id = jira.report(by="zebedee-7")
    jira.cycle(times=3)
    assert jira.site.issue(id)["assignee"] == "qz-1"
    jira.site.comment(id, "I look into it", by="qz-1")
    jira.change(id, by="qz-1", Assignee="ida")
    jira.cycle(times=2)
    jira.site.transition(id, "Resolved", by="ida")
    jira.cycle(times=2)
    assert traces(jira) != []
    return id


def run(jira: JiraAtWork, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "-w", str(jira.folder)])


def traces(jira: JiraAtWork) -> list[bytes]:
    """Return what of the two is in any byte of the files that we keep, Data Center's keys of them included."""
    files = b"".join(path.read_bytes() for path in jira.folder.iterdir() if path.name != "desk.yaml")
    keys = [jira.site.users[account].key.encode() for account in ("qz-1", "zebedee-7")]
    return [name for name in (*BYTES, *keys) if name in files]


def test_forget_leaves_no_byte_of_a_person_whose_account_is_known(jira, pager, ticket):
    assert run(jira, "forget", "q", "jira/qz-1", "--yes").exit_code == 0
    assert traces(jira) == [b"zebedee"]
    assert run(jira, "forget", "jira/zebedee-7", "--yes").exit_code == 0
    assert traces(jira) == []
    assert json.loads(run(jira, "export", "q", "jira/qz-1").stdout)["kept"] == []


def test_export_prints_where_a_person_stands(jira, pager, ticket):
    found = json.loads(run(jira, "export", "q", "jira/qz-1").stdout)
    assert {"Quirin Zölle", "jira/qz-1", "q", "quirin@harbour.example"} <= set(found["person"])
    assert {place["table"] for place in found["kept"]} >= {"tickets", "outbox", "journal", "changes"}
    (key,) = {place["of"] for place in found["kept"]}
    assert key == f"jira/{jira.site.issue(ticket)['key']}"


def test_what_is_seen_of_them_later_is_new_and_nothing_is_said_twice(jira, pager, ticket):
    run(jira, "forget", "q", "jira/qz-1", "--yes")
    run(jira, "forget", "jira/zebedee-7", "--yes")
    said, told = len(jira.said(ticket, public=True)), len(pager.told())
    jira.cycle(times=2)
    assert traces(jira) == []
    jira.site.transition(ticket, "Work in progress", by="qz-1")
    jira.change(ticket, by="ida", Assignee="qz-1")
    jira.cycle(times=3)
    assert len(jira.said(ticket, public=True)) == said + 1  # that it was opened again
    assert len(pager.told()) == told
    assert b'"q"' in traces(jira)
    run(jira, "forget", "q", "jira/qz-1", "--yes")
    assert b'"q"' not in traces(jira)


@pytest.mark.parametrize("faults", [0, 9])
def test_who_was_only_ever_named_by_the_history_is_forgotten_by_the_same_account(jira, pager, faults):
    jira.rules(RULES.format(pager=pager.url).replace(", person: q", "").replace(", service.owner", ""))
    jira.cycle()
    id = jira.report(by="zebedee-7")
    jira.site.add_user("Wim Wap", account="wim", email="wim@harbour.example")
    jira.change(id, by="ida", Assignee="wim")
    jira.change(id, by="ida", Assignee="ida")
    jira.site.faults.add(Fault("503", path="/api/2/user", times=faults))
    jira.desk().cycle()
    jira.site.faults.clear()
    jira.clock.advance(minutes=10)
    jira.cycle(times=2)
    key = jira.site.users["wim"].key.encode()
    run(jira, "forget", "jira/wim", "--yes")
    files = b"".join(path.read_bytes() for path in jira.folder.iterdir() if path.name != "desk.yaml")
    assert [one for one in (b"wim", key) if one in files] == []


def test_a_history_of_people_who_are_hidden_from_us_is_read_all_the_same(jira, pager):
    jira.rules(RULES.format(pager=pager.url).replace(", person: q", ""))
    jira.cycle()  # our own start needs to find Quirin
    id = jira.report(by="zebedee-7")
    jira.site.add_user("Wim Wap", account="wim", email="wim@harbour.example")
    jira.change(id, by="ida", Assignee="wim")
    jira.change(id, by="ida", Assignee="ida")
    jira.site.are_people_hidden = True
    jira.cycle(times=2)
    key = f"jira/{jira.site.issue(id)['key']}"
    given = [one for one in jira.desk().store.memories([key])[key].past if one.fact == "assignee"]
    assert [(one.value, one.exact) for one in given] == [(given[0].value, True), ("ida", True)]
