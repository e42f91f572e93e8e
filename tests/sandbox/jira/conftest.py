"""A Cloud site and a Data Center site with one incident, and a client for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from plain_jira import NINE, Jira, furnished

from connectors.sandbox import MovableClock, serve
from connectors.sandbox.jira import Site


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NINE)


@pytest.fixture
def deployment() -> str:
    """Cloud, unless a test is about Data Center or about both."""
    return "Cloud"


@pytest.fixture
def site(clock: MovableClock, deployment: str) -> Site:
    return furnished(clock, deployment)


@pytest.fixture
def incident(site: Site) -> str:
    values = {"summary": "Booking is down", "Impact": "Significant / Large", "labels": ["a"]}
    return site.create("IT", "[System] Incident", values, by="kari", language="nb", organizations=["Board"])


@pytest.fixture
def jira(site: Site, deployment: str) -> Iterator[Jira]:
    with serve(site) as url:
        client = Jira(url, deployment)
        yield client
        client.session.close()
