"""In whatever order things happen: the desk ends where the rules ask for, each word is said once, and people win."""

from __future__ import annotations

import pytest
from hypothesis.stateful import run_state_machine_as_test

from connectors.state import database
from tests.canaries import PASSWORD
from tests.shares import one_of
from tests.walks import promises
from tests.walks.machine import at, walks
from tests.walks.places import PLACES, Place
from tests.walks.planted import BUGS, LOST, OVERRIDDEN, REPEATED, Bug

KEPT = {REPEATED: "nothing_is_said_twice", OVERRIDDEN: "nobody_is_fought", LOST: "nothing_is_lost"}
"""What walks say, and the promise that says it."""

FOUND_WITHIN = 40
"""Walks after which each planted bug must have been found."""


@pytest.fixture(autouse=True)
def _ready_to_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand out the secrets; and no power cut is part of a walk, so that no file has to reach the disk."""
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    monkeypatch.setenv("SERVICENOW_PASSWORD", PASSWORD)
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "PRAGMA synchronous = OFF"))


def find(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold that walks over a service with this bug fail, and say why: by the promise that it breaks, and no other.

    One bug breaks several, and which one first is chance: a stale reading overrides people, and says things twice.
    """
    bug.plant(monkeypatch)
    for sign, promise in KEPT.items():
        if sign not in bug.sign:
            monkeypatch.setattr(promises, promise, lambda *_: None)
    with pytest.raises(AssertionError, match=bug.sign):
        run_state_machine_as_test(at(bug.place), settings=walks(FOUND_WITHIN, 15, shrink=False))


@pytest.mark.parametrize("place", one_of(2, PLACES))
def test_in_any_order_the_desk_ends_where_the_rules_ask_for(place: type[Place]) -> None:
    run_state_machine_as_test(at(place), settings=walks(3, 15))


@pytest.mark.long
@pytest.mark.parametrize("bug", BUGS, ids=repr)
def test_a_bug_would_be_found(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
def test_in_many_more_orders_the_desk_ends_where_the_rules_ask_for(place: type[Place]) -> None:
    run_state_machine_as_test(at(place), settings=walks(50, 25))
