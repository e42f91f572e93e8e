"""Desks on simulated platforms, for the tests of connectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

CONTRACTS = ("contract", "contract_of_the_past", "contract_of_people")
pytest.register_assert_rewrite(*(f"tests.connectors.{name}" for name in CONTRACTS))

from connectors.sandbox import serve  # noqa: E402
from connectors.servicenow.connector import ServiceNow  # noqa: E402
from rules.rulebook import Service, Staff, Team  # noqa: E402
from tests.connectors.servicenow_desk import ServiceNowDesk  # noqa: E402


@pytest.fixture
def desk() -> Iterator[ServiceNowDesk]:
    desk = ServiceNowDesk()
    with serve(desk.world) as desk.url:
        yield desk


@pytest.fixture
def connector(desk: ServiceNowDesk) -> Iterator[ServiceNow]:
    connector = desk.connect()
    connector.start()
    yield connector
    connector.close()


@pytest.fixture
def started(desk: ServiceNowDesk) -> Callable[..., ServiceNow]:
    """Return a function that starts another connector on the desk's instance, with changes to its connection."""

    def start(**changes: object) -> ServiceNow:
        connector = desk.connect(**changes)  # type: ignore[arg-type]
        connector.start()
        return connector

    return start


@pytest.fixture
def rulebook() -> SimpleNamespace:
    """Return what `check` looks at of a rulebook: teams, services, people and who hears what."""
    return SimpleNamespace(
        teams={
            "web": Team("web", {"servicenow-emea": "Web", "jira-apac": "web"}),
            "payments": Team("payments", {"servicenow-emea": "Payments", "jira-apac": "payments"}),
        },
        services={"booking": Service("booking", "Online Booking", {})},
        people={"ida": Staff("ida", "ida@harbour.example")},
        communications=SimpleNamespace(rules=()),
        timed=SimpleNamespace(rules=()),
    )


@pytest.fixture
def as_if_proven(monkeypatch):
    """Let a connector start though a group is not there, as when it goes after the start."""
    monkeypatch.setattr("connectors.servicenow.connector.ServiceNow._prove_what_is_written", lambda *_: None)
