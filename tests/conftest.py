"""What holds for every test: nothing that it stores, prints, logs or raises holds a secret or a personal text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from connectors.base import ConnectorError
from tests.canaries import CANARIES, SECRETS, leaks_in_files, leaks_in_text

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("untimed")

said: list[str] = []
"""The texts of all errors that connectors raised in this test, whoever caught them."""

_as_before = ConnectorError.__init__


def _remembered(self: ConnectorError, *args: object) -> None:
    said.extend(map(str, args))
    _as_before(self, *args)


ConnectorError.__init__ = _remembered  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nothing_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Search what the test left in its folder, and what connectors said; runs after everything is closed."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    said.clear()
    yield
    assert not (leaks := leaks_in_text("\n".join(said), SECRETS)), f"an error holds {leaks}"
    if folder is not None:
        assert not (leaks := leaks_in_files(folder)), leaks


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Search what the test printed and logged, as pytest caught it."""
    outcome = yield
    report = outcome.get_result()
    if report.passed and (leaks := leaks_in_text("\n".join(text for _, text in report.sections), CANARIES)):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} printed or logged {leaks}"
