"""Bugs to put into the service, so that the walks prove that they would find them.

Each is put in at a place that other rooms call: where that place is gone, or is not used any more, the test of the bug
fails, and the bug has to be planted anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, update

import sync
from connectors import outcome
from connectors.base import Connector
from connectors.jira_service_management.connector import JiraServiceManagement
from connectors.state import outbox
from rules import events, routing
from rules.case import Case
from rules.confirm import confirmed
from rules.model import Memory
from tests.walks.places import JiraCloud, JiraDataCenter, Place, ServiceNow, WritableServiceNow

Plant = Callable[[pytest.MonkeyPatch], None]


class Bug(NamedTuple):
    """A bug, the platform on which it is looked for, and what the walks say when they find it."""

    plant: Plant
    place: type[Place]
    sign: str

    def __repr__(self) -> str:
        return self.plant.__name__


# An unknown outcome is repeated


def an_unknown_outcome_passes_for_a_failure(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outbox, "unknown", outbox.again)


def nothing_waits_until_a_write_has_settled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outcome, "SETTLE", timedelta(0))


def what_was_on_its_way_when_the_process_died_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    def broken_off(db: Connection, _now: datetime) -> None:
        db.execute(update(outbox.outbox).where(outbox.c.state == "sending").values(state="planned"))

    patch.setattr(outbox, "broken_off", broken_off)


# A newer value is overridden


def a_search_passes_for_the_present(patch: pytest.MonkeyPatch) -> None:
    assert "behind" in Connector.__annotations__
    patch.setattr(JiraServiceManagement, "behind", property(lambda _: False, lambda *_: None), raising=False)


def a_team_is_nobodys_choice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(routing, "is_persons", lambda *_: False)


def a_choice_stands_until_the_next_look(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Case, "stands", lambda *_: False)


# An occasion is lost


def what_could_not_be_said_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(events, "_owed", lambda _case: {})


def a_failure_passes_for_done(patch: pytest.MonkeyPatch) -> None:
    def again(db: Connection, keys: Sequence[str], at: datetime, _error: str) -> str:
        outbox.done(db, keys, at)
        return "again"

    patch.setattr(outbox, "again", again)


def half_an_answer_pays_all_that_is_owed(patch: pytest.MonkeyPatch) -> None:
    def paid(*arguments: Any) -> Memory:
        return confirmed(*arguments)._replace(owed={})

    patch.setattr(sync, "confirmed", paid)


REPEATED, OVERRIDDEN, LOST = "said twice", "people win", "lost: "
BUGS = (
    Bug(an_unknown_outcome_passes_for_a_failure, JiraCloud, REPEATED),
    Bug(nothing_waits_until_a_write_has_settled, ServiceNow, REPEATED),
    Bug(what_was_on_its_way_when_the_process_died_is_sent_again, JiraDataCenter, REPEATED),
    Bug(a_search_passes_for_the_present, JiraCloud, OVERRIDDEN),
    Bug(a_team_is_nobodys_choice, ServiceNow, OVERRIDDEN),
    Bug(a_choice_stands_until_the_next_look, WritableServiceNow, OVERRIDDEN),
    Bug(what_could_not_be_said_is_forgotten, ServiceNow, LOST),
    Bug(a_failure_passes_for_done, JiraDataCenter, f"{LOST}|the rules ask for"),
    Bug(half_an_answer_pays_all_that_is_owed, JiraCloud, LOST),
)
