"""ServiceNow keeps the contract of all connectors."""

from tests.connectors.contract import ConnectorContract


class TestServiceNow(ConnectorContract):
    """Against the simulated instance."""
