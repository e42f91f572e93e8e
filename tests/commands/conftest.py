"""What tests of commands need: a password in the environment, a simulated ServiceNow, a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from command_line import PASSWORD, Run, Served, invoked

from connectors.sandbox import serve
from connectors.sandbox.servicenow import Account, World


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the function that runs a command; the password is in the environment, and retries do not wait."""
    monkeypatch.setenv("SERVICENOW_PASSWORD", PASSWORD)
    monkeypatch.setattr("connectors.web.waits.backoff", lambda *_: 0.0)
    return invoked


@pytest.fixture
def serve_world() -> Iterator[Served]:
    """Return a function that serves a simulated ServiceNow until the test ends, and returns its address."""
    with ExitStack() as stack:

        def served(world: World) -> str:
            world.accounts["itsm.sync"] = Account(password=PASSWORD)
            return stack.enter_context(serve(world))

        yield served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that is not there yet."""
    return tmp_path / "desk"
