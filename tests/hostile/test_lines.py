"""Hostile texts in logs, the journal, errors and on terminals: one line stays one line, and nothing steers."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator

import pytest
from values_for_headers import LINES

from connectors.base import Finding, Refused
from connectors.sandbox import serve
from connectors.sandbox.servicenow import Account, World
from connectors.state.journal import one_line
from connectors.web.secrets import Secret
from connectors.web.session import Session
from rules.problems import Place, Report, pretty, shown, visible
from tests.canaries import PASSWORD
from tests.commands.command_line import invoked
from tests.commands.small_desk import lay_out
from tests.connectors.scripted import Reply, Scripted, scripted

STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
JOINERS = "\u200d"
"""What joins the parts of an emoji is no harm."""


def short(value: str) -> str:
    return ascii(value)[:40]


def steers(text: str) -> bool:
    """Tell whether a text ends a line, turns the reading, or is understood by a terminal."""
    return any(unicodedata.category(letter) in STEERING for letter in text if letter not in ("\t", *JOINERS))


@pytest.fixture(scope="module")
def server() -> Iterator[Scripted]:
    with scripted() as script:
        yield script


def test_the_values_are_worth_trying():
    assert sum(map(steers, LINES)) > 60


@pytest.mark.parametrize("value", LINES, ids=short)
def test_an_error_that_is_kept_is_one_line(value):
    kept = one_line(value)
    assert not steers(kept)
    assert len(kept) <= 300
    kept.encode()


@pytest.mark.parametrize("value", LINES, ids=short)
def test_what_a_platform_says_in_an_error_is_one_line(server, value):
    Secret(PASSWORD)
    server.replies = [Reply(400, json.dumps({"error": {"message": value, "detail": f"sent {PASSWORD}"}}).encode())]
    with Session("emea") as opened, pytest.raises(Refused) as caught:
        opened.request("GET", server.url)
    assert not steers(str(caught.value))


@pytest.mark.parametrize("value", LINES, ids=short)
def test_a_line_of_a_workspace_is_shown_as_one_line(value):
    report = Report({"desk.yaml": f"desk: {value}"})
    report(Place("desk.yaml", 1, 7), f"this is {value}", f"not {value}")
    (problem,) = report.problems
    assert not steers(pretty(problem).replace("\n", ""))
    assert pretty(problem).count("\n") <= 3
    assert not steers(visible(value) + shown(value))


def test_what_a_platform_calls_things_steers_no_terminal(tmp_path, monkeypatch):
    """Every value is a finding of `check --online`, as the labels of a platform's choices are."""
    monkeypatch.setenv("SERVICENOW_PASSWORD", PASSWORD)
    found = [Finding("warning", f"the choice {value} has no word", f"add {value}") for value in LINES]
    monkeypatch.setattr("connectors.servicenow.connector.ServiceNow.check", lambda *_: found)
    world = World()
    world.accounts["itsm.sync"] = Account(password=PASSWORD)
    with serve(world) as url:
        lay_out(tmp_path, url)
        for more in ((), ("--json",)):
            result = invoked("check", "-w", tmp_path, "--online", *more)
            assert not steers(result.output.replace("\n", ""))
