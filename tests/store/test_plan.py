"""Planning: what is kept of a page of decisions, and what waits to be sent afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_store import DESK, REASON, START, Clock, comment, decided, fields, key, memory, planned, team, ticket, waiting

from connectors.state.store import Line, Store
from rules.model import Comment, Held, Memory, Reason, SetFields


def test_a_plan_comes_back_as_it_was_decided(store: Store) -> None:
    at = START + timedelta(microseconds=7)
    sets = SetFields(key(1, "a"), {"due": at, "labels": ("vip", "fraud"), "major": True, "weight": 1.5}, REASON)
    advice = Comment(key(1, "b"), "advice", "team", False, "zh-TW", REASON, (REASON, REASON._replace(rule="等级")))
    advice = advice._replace(why="the language of 海港")
    assert planned(store, decided(1, [sets, advice, team()], version=42)) == 3
    [plan] = store.planned(DESK)
    assert plan == (ticket().key, DESK, "incident", ticket().id, 42, START, (sets, advice, team()), 0, 0, (), {}, {})
    assert plan.actions[0].values["labels"].__class__ is tuple


def test_memories_come_back_for_the_tickets_that_are_known(store: Store) -> None:
    planned(store, decided(1), decided(2, version=9))
    assert store.memories([ticket(1).key, ticket(2).key, ticket(3).key]) == {
        ticket(1).key: memory(1),
        ticket(2).key: memory(9),
    }


def test_a_cursor_moves_with_its_page_and_not_with_due_tickets(store: Store) -> None:
    assert store.cursor(DESK, "incident") is None
    planned(store, cursor="2026-03-02 09:00:00,7")
    planned(store, decided(), cursor=None)
    assert store.cursor(DESK, "incident") == "2026-03-02 09:00:00,7"
    assert store.cursor(DESK, "request") is None


def test_a_plan_that_fails_leaves_nothing_behind(store: Store) -> None:
    bad = decided(2, [SetFields(key(2, "x"), {"priority": object()}, REASON)])  # type: ignore[dict-item]
    with pytest.raises(TypeError):
        planned(store, decided(1, [fields(1)]), bad)
    assert store.cursor(DESK, "incident") is None
    assert store.memories([ticket(1).key]) == {}
    assert waiting(store) == {}
    assert store.journal(ticket(1).key) == []


def test_the_next_decision_replaces_what_was_not_sent(store: Store) -> None:
    planned(store, decided(1, [fields(), comment()]), decided(2, [comment(2)]))
    assert planned(store, decided(1, [comment(), team()], version=2)) == 2
    assert waiting(store) == {ticket(2).key: [comment(2).key], ticket(1).key: [comment().key, team().key]}


def test_a_decision_without_actions_drops_the_plan_of_its_ticket_only(store: Store) -> None:
    planned(store, decided(1, [fields()]), decided(2, [comment(2)]))
    assert planned(store, decided(1)) == 0
    assert waiting(store) == {ticket(2).key: [comment(2).key]}


def test_a_new_plan_of_the_same_action_is_as_fresh_as_its_decision(store: Store, clock: Clock) -> None:
    planned(store, decided(1, [fields()]))
    clock.go_on(seconds=40)
    planned(store, decided(1, [fields()._replace(values={"priority": "P1"})], version=2))
    [plan] = store.planned(DESK)
    assert (plan.version, plan.planned_at, plan.actions[0].values) == (2, clock.now, {"priority": "P1"})


def test_what_is_planned_while_plans_are_sent_waits_for_the_next_call(store: Store) -> None:
    planned(store, decided(1, [fields()]), decided(2, [comment(2)]))
    plans = store.planned(DESK)
    assert next(plans).ticket == ticket(1).key
    planned(store, decided(1, [team()], version=2), decided(3, [comment(3)]))
    assert [plan.ticket for plan in plans] == [ticket(2).key]
    assert [plan.ticket for plan in store.planned(DESK)] == [ticket(2).key, ticket(1).key, ticket(3).key]


def test_plans_of_tickets_that_were_just_decided_again_can_be_asked_for(store: Store) -> None:
    planned(store, decided(1, [fields()]), decided(2, [comment(2)]), decided(3, [comment(3)]))
    assert [plan.ticket for plan in store.planned(DESK, [ticket(3).key, ticket(9).key])] == [ticket(3).key]


def test_a_plan_of_many_pages_comes_back_whole_and_each_ticket_in_one_piece(store: Store) -> None:
    page = [decided(number, [fields(number), team(number), comment(number)]) for number in range(400)]
    assert planned(store, *page) == 1200
    plans = list(store.planned(DESK))
    assert [(plan.ticket, plan.actions) for plan in plans] == [(d.ticket.key, d.decision.actions) for d in page]


def test_plans_belong_to_their_connection(store: Store) -> None:
    planned(store, decided(1, [fields()]))
    assert list(store.planned("servicenow-apac")) == []


def test_a_ticket_that_stands_in_a_page_twice_counts_as_it_stands_last(store: Store) -> None:
    assert planned(store, decided(1, [fields()]), decided(1, [team()], version=2)) == 1
    assert waiting(store) == {ticket().key: [team().key]}
    assert store.memories([ticket().key]) == {ticket().key: memory(2)}


def test_a_settled_ticket_adds_no_lines_to_the_journal(store: Store, clock: Clock) -> None:
    planned(store, decided(1))
    clock.go_on(minutes=1)
    planned(store, decided(1))
    planned(store, decided(1, version=2))
    assert [entry.at for entry in store.journal(ticket().key)] == [START, clock.now]


def test_the_journal_says_when_in_which_cycle_and_why(store: Store) -> None:
    undecided = Reason("prioritise", "undecided", "", "", "impact is empty")
    decision = decided(1).decision._replace(reasons=(REASON, undecided))
    store.plan(7, DESK, "incident", "c", [decided(1)._replace(decision=decision)])
    sent = Line("communicate", "done", "tell the requester", "communications.yaml:3", "sent in nb")
    store.confirm(8, ticket(), [], memory(), [sent])
    expected = [(START, 7, Line(*REASON)), (START, 7, Line(*undecided)), (START, 8, sent)]
    assert [tuple(entry) for entry in store.journal(ticket().key)] == expected


def test_half_a_character_in_a_text_from_a_platform_does_no_harm(store: Store) -> None:
    cut = Held("printer \ud83d", "person", START, None)
    decision = decided(1).decision._replace(memory=Memory(1, held={"category": cut}))
    planned(store, decided(1)._replace(decision=decision))
    assert store.memories([ticket().key])[ticket().key].held["category"] == cut


def test_a_ticket_is_due_when_its_time_has_come_and_not_before(store: Store) -> None:
    planned(store, decided(1, look_again_at=START + timedelta(hours=1)), decided(2))
    assert store.due(DESK, START + timedelta(minutes=59)) == {}
    assert store.due(DESK, START + timedelta(hours=1)) == {"incident": [ticket(1).id]}
    assert store.due("servicenow-apac", START + timedelta(hours=1)) == {}
    planned(store, decided(1))
    assert store.due(DESK, START + timedelta(hours=2)) == {}
