"""Sending: what happens to an action between its plan and its end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desk_store import DESK, START, Clock, comment, decided, fields, memory, opened, planned, team, ticket, waiting

from connectors.base import Sought
from connectors.state.outbox import Withdrawn
from connectors.state.store import Line, Parked, Store, Unsettled

SETTLED = START + timedelta(seconds=150)


@pytest.fixture
def sent(store: Store) -> Store:
    """A store in which a field and a comment of ticket 1 are on their way."""
    planned(store, decided(1, [fields(), comment()]))
    store.sending([fields().key, comment().key], {comment().key: "0a1b2c3d4e5f6071"})
    return store


BOTH = [fields().key, comment().key]


def test_what_is_on_its_way_is_not_sent_again(sent: Store) -> None:
    assert waiting(sent) == {}
    assert planned(sent, decided(1, [fields(), comment()])) == 0
    with pytest.raises(Withdrawn, match="not all of these actions are planned"):
        sent.sending(BOTH, {})


def test_a_confirmed_action_is_done_for_good(sent: Store) -> None:
    line = Line("communicate", "done", "tell", "communications.yaml:3", "in nb")
    sent.confirm(1, ticket(1, version=2), BOTH, memory(2), [line])
    assert planned(sent, decided(1, [fields(), comment()], version=3)) == 0
    assert waiting(sent) == {}
    assert sent.status().waiting == {}
    assert sent.journal(ticket().key)[1].line == line


def test_confirming_saves_the_memory_and_leaves_the_time_to_look_again(store: Store) -> None:
    planned(store, decided(1, [fields()], look_again_at=SETTLED))
    store.sending([fields().key], {})
    store.confirm(1, ticket(1, version=5), [fields().key], memory(5), [])
    assert store.memories([ticket().key]) == {ticket().key: memory(5)}
    assert store.due(DESK, SETTLED) == {"incident": [ticket().id]}


def test_a_ticket_with_a_write_of_unknown_outcome_gets_nothing_more_and_is_due_when_it_settled(sent: Store) -> None:
    sent.unknown(1, ticket().key, BOTH, SETTLED, "the connection broke")
    assert planned(sent, decided(1, [fields(), comment(), team()])) == 1
    assert waiting(sent) == {}
    assert sent.due(DESK, SETTLED - timedelta(seconds=1)) == {}
    assert sent.due(DESK, SETTLED) == {"incident": [ticket().id]}
    assert sent.status().waiting == {"unknown": 2, "planned": 1}


def test_a_write_of_unknown_outcome_is_looked_up_by_mark_or_digest(sent: Store) -> None:
    sent.unknown(1, ticket().key, BOTH, SETTLED, "the connection broke")
    texts = {fields().key: Sought(""), comment().key: Sought("0a1b2c3d4e5f6071")}
    known = [Unsettled(key, text, SETTLED) for key, text in texts.items()]
    assert sent.unsettled([ticket().key, ticket(2).key]) == {ticket().key: known}


def test_an_equal_text_that_was_confirmed_before_is_counted(sent: Store, clock: Clock) -> None:
    sent.confirm(1, ticket(), BOTH, memory(), [])
    for number, (end, before) in enumerate([("found", 1), ("never done", 2), ("", 2)]):
        clock.go_on(hours=1)
        texts = [comment(what=f"{message} to requester @{2 + number}") for message in ("received", "important")]
        planned(sent, decided(1, texts))
        keys = [one.key for one in texts]
        sent.sending(keys, dict.fromkeys(keys, "0a1b2c3d4e5f6071"))
        sent.unknown(1, ticket().key, keys, START, "the connection broke")
        assert [one.text.before for one in sent.unsettled([ticket().key])[ticket().key]] == [before, before]
        sent.settled(1, ticket().key, keys if end == "found" else [], keys if end == "never done" else [])


def test_a_missing_mark_says_nothing_before_the_write_has_settled(sent: Store, clock: Clock) -> None:
    sent.unknown(1, ticket().key, BOTH, SETTLED, "the connection broke")
    clock.now = SETTLED - timedelta(microseconds=1)
    sent.settled(2, ticket().key, [], BOTH)
    assert [item.key for item in sent.unsettled([ticket().key])[ticket().key]] == BOTH


def test_what_left_its_mark_is_done_and_what_did_not_is_decided_again(sent: Store, clock: Clock) -> None:
    sent.unknown(1, ticket().key, BOTH, SETTLED, "the connection broke")
    clock.now = SETTLED
    sent.settled(2, ticket().key, [fields().key], [comment().key])
    assert sent.unsettled([ticket().key]) == {}
    assert planned(sent, decided(1, [fields(), comment()])) == 1
    assert waiting(sent) == {ticket().key: [comment().key]}


def test_a_crash_while_sending_is_an_unknown_outcome(tmp_path: Path, clock: Clock) -> None:
    with opened(tmp_path, clock) as store:
        planned(store, decided(1, [fields()]))
        store.sending([fields().key], {fields().key: "feed"})
    clock.go_on(days=1)
    with opened(tmp_path, clock) as store:
        store.begin_cycle([DESK])
        until = clock.now + timedelta(seconds=150)
        assert store.unsettled([ticket().key]) == {ticket().key: [Unsettled(fields().key, Sought("feed"), until)]}
        assert waiting(store) == {}


def test_another_process_that_only_looks_changes_nothing_about_what_is_on_its_way(sent: Store, tmp_path: Path) -> None:
    with opened(tmp_path, Clock()) as looking:
        assert looking.status().waiting == {"sending": 2}
    assert sent.status().waiting == {"sending": 2}


def test_a_failed_action_is_decided_again_after_its_wait(sent: Store, clock: Clock) -> None:
    at = START + timedelta(minutes=5)
    sent.again(1, ticket().key, BOTH, at, "503 Service Unavailable")
    assert waiting(sent) == {}
    assert planned(sent, decided(1, [fields(), comment()], version=2)) == 0
    assert sent.due(DESK, at - timedelta(seconds=1)) == {}
    clock.now = at
    assert sent.due(DESK, at) == {"incident": [ticket().id]}
    assert planned(sent, decided(1, [fields(), comment()], version=2)) == 2
    assert waiting(sent) == {ticket().key: BOTH}


def test_a_failed_action_whose_cause_is_gone_is_forgotten(sent: Store) -> None:
    sent.again(1, ticket().key, BOTH, START, "503")
    planned(sent, decided(1, [team()]))
    assert waiting(sent) == {ticket().key: [team().key]}
    assert sent.status().waiting == {"planned": 1}


def test_an_action_that_fails_for_the_fifth_time_is_parked_in_plain_sight(store: Store) -> None:
    for attempt in range(1, 6):
        assert planned(store, decided(1, [fields()], version=attempt)) == 1, attempt
        store.sending([fields().key], {})
        store.again(attempt, ticket().key, [fields().key], START, f"503, attempt {attempt}")
    assert planned(store, decided(1, [fields()], version=9)) == 0
    assert store.status().parked == (Parked(ticket().key, fields().key, "503, attempt 5"),)
    outcomes = [e.line.outcome for e in store.journal(ticket().key) if e.line.stage == "ticket"]
    assert outcomes == ["again"] * 4 + ["parked"]


def test_a_write_whose_answer_never_comes_and_that_is_never_done_is_parked_in_the_end(store: Store) -> None:
    for attempt in range(5):
        assert planned(store, decided(1, [fields()])) == 1, attempt
        store.sending([fields().key], {})
        store.unknown(1, ticket().key, [fields().key], START, "timed out")
        store.settled(1, ticket().key, [], [fields().key])
    assert planned(store, decided(1, [fields()])) == 0
    assert [item.key for item in store.status().parked] == [fields().key]


def test_a_plan_says_how_often_one_of_its_actions_failed(store: Store) -> None:
    planned(store, decided(1, [fields()]))
    store.again(1, ticket().key, [fields().key], START, "503")
    planned(store, decided(1, [team(), fields()]))
    assert [plan.attempts for plan in store.planned(DESK)] == [1]


def test_what_waits_for_a_ticket_that_is_not_visible_any_more_is_parked_and_never_due(sent: Store) -> None:
    planned(sent, decided(1, [fields(), comment()], look_again_at=START), decided(2, [comment(2)]))
    sent.unknown(1, ticket().key, [fields().key], START, "timed out")
    sent.looked(2, DESK, "incident", [], [ticket().id], "")
    assert {item.key for item in sent.status().parked} == set(BOTH)
    assert sent.due(DESK, SETTLED) == {}
    assert waiting(sent) == {ticket(2).key: [comment(2).key]}
    assert sent.journal(ticket().key)[-1].line.outcome == "parked"


def test_a_refused_action_is_parked_and_the_rest_of_its_ticket_goes_on(sent: Store) -> None:
    sent.park(1, ticket().key, [fields().key], "403: priority is read-only")
    sent.confirm(1, ticket(), [comment().key], memory(), [])
    assert sent.status().parked == (Parked(ticket().key, fields().key, "403: priority is read-only"),)
    assert planned(sent, decided(1, [fields(), comment(), team()])) == 1
    assert waiting(sent) == {ticket().key: [team().key]}


def test_an_error_is_kept_as_one_short_line_without_addresses(sent: Store) -> None:
    error = "no user <anna.berg@example.no>:\r\n" + "long " * 100
    sent.park(1, ticket().key, BOTH, error)
    for text in (sent.status().parked[0].error, sent.journal(ticket().key)[-1].line.text):
        assert text.startswith("no user <…@…>: long long")
        assert len(text) == 300


def test_an_error_cannot_speak_to_a_terminal(sent: Store) -> None:
    sent.park(1, ticket().key, BOTH, "\x1b[31mred\x9b2J gone\x07")
    assert sent.status().parked[0].error == "[31mred 2J gone"


def test_the_file_holds_neither_address_nor_text_of_what_was_done(sent: Store, tmp_path: Path) -> None:
    sent.unknown(1, ticket().key, BOTH, START, "no user anna.berg@example.no")
    sent.settled(1, ticket().key, BOTH, [])
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert ticket().key.encode() in content
    assert b"anna.berg@" not in content
