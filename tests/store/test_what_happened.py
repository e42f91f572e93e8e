"""What happened to tickets is kept once, as long as reports go back, and under the ticket's key of today."""

from __future__ import annotations

from datetime import timedelta

from desk_store import START, Clock, decided, planned, ticket

from connectors.state.happenings import KEPT
from connectors.state.store import Store
from rules.happening import Happening

AT = int(START.timestamp())
DAY = 86_400
FAR = AT + 1_000 * DAY


def with_happened(number: int, *happened: Happening, version: int = 1):
    item = decided(number, version=version)
    return item._replace(decision=item.decision._replace(happened=happened))


def kept(store: Store, start: int = 0, end: int = FAR) -> list[Happening]:
    return [one.happening for one in store.happened(start, end)]


def test_the_same_fact_is_kept_once_and_as_it_was_seen_first(store: Store) -> None:
    first = Happening("resolved", AT, "web", "booking", amount=60)
    planned(store, with_happened(1, first))
    planned(store, with_happened(1, first._replace(team="payments", amount=90), version=2))
    assert kept(store) == [first._replace(occasion=AT)]


def test_what_differs_in_ticket_value_or_occasion_is_another_fact(store: Store) -> None:
    breach = Happening("breached", AT, value="resolve", occasion=0)
    others = breach._replace(value="respond"), breach._replace(occasion=1), breach._replace(what="resolved")
    planned(store, with_happened(1, breach, *others), with_happened(2, breach))
    assert len(kept(store)) == 5


def test_an_occasion_holds_a_fact_together_whose_moment_moves(store: Store) -> None:
    planned(store, with_happened(1, Happening("escalated", AT, value="L2", occasion=0)))
    planned(store, with_happened(1, Happening("escalated", AT + 60, value="L2", occasion=0), version=2))
    assert [one.at for one in kept(store)] == [AT]


def test_it_is_told_in_the_order_of_time_from_one_moment_up_to_another(store: Store) -> None:
    planned(store, with_happened(1, *(Happening("reopened", AT + at) for at in (5, 1, 3))), with_happened(2))
    assert [one.at - AT for one in kept(store, AT + 1, AT + 5)] == [1, 3]
    assert [one.ticket for one in store.happened(0, FAR)] == [ticket(1).key] * 3


def test_it_is_forgotten_after_more_than_a_year_and_never_kept_anew(store: Store, clock: Clock) -> None:
    old, new = Happening("resolved", AT), Happening("resolved", AT + 2 * DAY)
    planned(store, with_happened(1, old, new))
    clock.now = START + KEPT + timedelta(days=1)
    store.begin_cycle(())
    planned(store, with_happened(1, old, version=2))
    assert [one.at for one in kept(store)] == [AT + 2 * DAY]


def test_a_ticket_that_moves_takes_it_along(store: Store) -> None:
    planned(store, with_happened(1, Happening("resolved", AT)))
    store.moved(2, [ticket(1)._replace(number="INC0000099")])
    assert [one.ticket for one in store.happened(0, FAR)] == ["servicenow-emea/INC0000099"]
