"""Every connector keeps the contract: ServiceNow, Jira Cloud and Jira Data Center."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from connectors.base import Connector
from connectors.sandbox import serve
from tests.connectors.contract import ConnectorContract, Desk
from tests.connectors.contract_of_people import PeopleContract
from tests.connectors.contract_of_the_past import PastContract
from tests.connectors.jira_desk import JiraDesk
from tests.connectors.servicenow_desk import ServiceNowDesk

DESKS: dict[str, Callable[[], ServiceNowDesk | JiraDesk]] = {
    "ServiceNow": ServiceNowDesk,
    "Jira Cloud": JiraDesk,
    "Jira Data Center": lambda: JiraDesk("Server"),
}


@pytest.fixture(params=DESKS)
def desk(request: pytest.FixtureRequest) -> Iterator[ServiceNowDesk | JiraDesk]:
    desk = DESKS[request.param]()
    with serve(desk.world if isinstance(desk, ServiceNowDesk) else desk.site) as desk.url:
        yield desk


@pytest.fixture
def connector(desk: Desk) -> Iterator[Connector]:
    connector = desk.connect()
    connector.start()
    yield connector
    connector.close()


class TestEveryConnector(ConnectorContract, PastContract, PeopleContract):
    """Against the simulated platforms."""
