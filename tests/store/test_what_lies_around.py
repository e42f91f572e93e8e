"""What the store knows of major incidents as of the last that was heard."""

from __future__ import annotations

from datetime import timedelta

from desk_store import DESK, START, decided, memory, planned, ticket

from connectors.state.store import Store
from rules.announcement import Announcement
from rules.model import Fact

OPEN: dict[str, Fact] = {"status": "in_progress", "team": "web", "assignee": "ida"}
LATER = START + timedelta(days=2)


def with_facts(number: int, version: int = 1, **facts: Fact):
    item = decided(number, version=version, look_again_at=LATER)
    return item._replace(ticket=item.ticket._replace(facts={**OPEN, **facts}))


def due(store: Store) -> list[str]:
    return store.due(DESK, START + timedelta(hours=1)).get("incident", [])


def test_what_is_below_a_major_incident_is_looked_at_when_an_answer_to_a_write_says_that_it_is_over(
    store: Store,
) -> None:
    major, child = with_facts(1, major=True), with_facts(2, parent=ticket(1).number)
    planned(store, major, child)
    store.confirm(2, major.ticket._replace(version=2), [], memory(2), [])
    planned(store, child)
    assert due(store) == []
    store.confirm(3, major.ticket._replace(version=4, facts={"status": "resolved", "major": True}), [], memory(2), [])
    assert (due(store), store.around().majors(DESK)) == ([ticket(2).id], {})


def test_what_was_said_of_a_major_incident_that_moves_reaches_those_below_it_by_its_new_number(store: Store) -> None:
    major, child = with_facts(1, major=True), with_facts(2, parent=ticket(1).number)
    said = Announcement("major-incident-started", "one", 1, 0, "vera", False, "", "", "")
    planned(store, major._replace(decision=major.decision._replace(announced=said)), child)
    planned(store, child)
    moved = major.ticket._replace(number="OPS0000001", version=2)
    store.moved(2, [moved])
    assert store.around().announced(DESK) == {"OPS0000001": said}
    planned(store, major._replace(ticket=moved, decision=major.decision._replace(announced=said._replace(key="two"))))
    assert due(store) == [ticket(2).id]
