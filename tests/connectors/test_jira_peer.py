"""The connector against a Jira Data Center that nobody here wrote: the simulator `jira820`."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from types import MappingProxyType

import pytest
import uvicorn

from connectors.base import Write
from connectors.jira_service_management.connector import JiraServiceManagement
from rules.confirm import Marks
from rules.rulebook import Connection, Source, Words
from tests.connectors.contract import read

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore")]

PRIORITIES = {"P1": ("Highest",), "P2": ("High",), "P3": ("Medium",), "P4": ("Low",), "P5": ("Lowest",)}
WORDS = Words(
    kind="incident",
    table="Bug",
    fields={fact: Source(fact) for fact in ("priority", "labels", "status")}
    | {"requester": Source("reporter"), "team": Source("components")},
    values={"priority": PRIORITIES, "team": {"web": ("Web",), "payments": ("Payments",)}},
    set_priority_by=("priority",),
    not_chosen=MappingProxyType({}),
    reach=MappingProxyType({}),
    watched=("priority", "team"),
)


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    """Serve the simulator, and stop it at the end."""
    jira820 = pytest.importorskip("jira820.server")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(jira820.make_app(), log_level="error", loop="asyncio"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def connector(peer: str) -> Iterator[JiraServiceManagement]:
    connection = Connection(
        name="peer",
        platform="jira_service_management",
        url=peer,
        auth={"token": "${JIRA_TOKEN}"},
        kinds={"incident": WORDS},
        mode="apply",
        since=None,
        poll=timedelta(minutes=1),
        projects=("JIRA820",),
    )
    connector = JiraServiceManagement(connection, {"JIRA_TOKEN": "any"})
    connector.start()
    yield connector
    connector.close()


class TestAgainstAPeer:
    def test_every_issue_is_found_once_with_what_the_peer_says_of_it(self, connector):
        tickets, _ = read(connector, "incident")
        assert len({ticket.id for ticket in tickets}) == len(tickets) > 30
        assert all(ticket.requester and ticket.requester.name for ticket in tickets)
        assert {ticket.facts["priority"] for ticket in tickets} <= PRIORITIES.keys()

    def test_a_priority_is_written_and_read_back(self, connector):
        ticket = next(one for one in read(connector, "incident")[0] if one.facts["priority"] != "P1")
        written = connector.write(Write(ticket, {"priority": "P1"}))
        assert not written.refused
        assert written.ticket.facts["priority"] == "P1"
        assert written.ticket.version > ticket.version
        assert connector.find("incident", ticket.number).facts["priority"] == "P1"

    def test_what_the_peer_ignores_is_not_taken_for_written(self, connector):
        ticket = next(one for one in read(connector, "incident")[0] if one.facts.get("team") != "payments")
        written = connector.write(Write(ticket, {"team": "payments"}))  # it knows no operations on lists
        assert written.refused.keys() == {"team"}

    def test_a_comment_arrives_as_it_was_written(self, connector):
        ticket = read(connector, "incident")[0][0]
        connector.write(Write(ticket, {}, "Hei, *du*", "", Marks(comment=("0a1b2c3d",))))
        comments = connector.client.get(f"issue/{ticket.number}/comment")["comments"]
        assert [comment["body"] for comment in comments].count("Hei, *du*") == 1

    def test_a_note_is_not_written_where_it_could_not_be_internal(self, connector):
        ticket = read(connector, "incident")[0][0]
        before = connector.client.get(f"issue/{ticket.number}/comment")["total"]
        written = connector.write(Write(ticket, {}, "Hei", "why", Marks()))
        assert "cannot be internal" in str(written.failed["note"])
        assert connector.client.get(f"issue/{ticket.number}/comment")["total"] == before + 1
        assert any("no service management project" in line for line in connector.lost)
