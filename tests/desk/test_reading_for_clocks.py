"""What a desk at work reads for clocks: as little as can be, and nothing where nothing is promised."""

from __future__ import annotations

from collections import Counter

PROMISE = "priorities: [{name: P1, resolve: 4h}, {name: P2}, {name: P3}, {name: P4}, {name: P5, respond: 4h}]\n"
WORDS, CHANGES = "sys_journal_field", "sys_audit"


def asked(desk, since: int) -> Counter[str]:
    return Counter(one.path.rpartition("/")[2] for one in desk.world.requests[since:] if one.method == "GET")


def changed(desk) -> Counter[str]:
    """Return which tables a cycle reads after people spoke on three tickets."""
    for ticket in [desk.report() for _ in range(3)]:
        desk.change(ticket, state="2", comments="on it")
    before = len(desk.world.requests)
    desk.cycle()
    return asked(desk, before)


def test_changes_and_words_of_a_page_take_one_request_each(desk):
    desk.rules(PROMISE + "communications: []\n")
    desk.cycle()
    found = changed(desk)
    assert (found["incident"], found[CHANGES], found[WORDS]) == (1, 1, 1)


def test_where_nothing_is_promised_nobody_asks_who_spoke(desk):
    desk.rules("communications: []\n")
    desk.cycle()
    assert changed(desk)[WORDS] == 0


def test_a_cycle_in_which_nothing_changed_is_one_request_with_clocks_too(desk):
    desk.rules(PROMISE + "clocks: {resolve: {sn: Resolve P1}}\ncommunications: []\n")
    changed(desk)
    desk.cycle(times=3)
    before = len(desk.world.requests)
    desk.cycle()
    assert asked(desk, before).total() == 1


def test_a_ticket_that_was_decided_before_something_was_promised_is_looked_at_from_its_beginning(desk):
    desk.rules("communications: []\n")
    ticket = desk.report()
    desk.cycle()
    desk.change(ticket, state="2", comments="on it")
    desk.cycle(times=2)
    desk.rules(PROMISE + "communications: []\n")
    before = len(desk.world.requests)
    desk.cycle(times=2)
    assert asked(desk, before)[WORDS] == 1
    (memory,) = desk.desk().store.memories([f"sn/{desk.ticket(ticket)['number']}"]).values()
    assert {("comment", "agent"), ("status", "agent")} <= {(one.fact, one.by) for one in memory.past}


def test_nobody_asks_who_spoke_or_changed_what_on_tickets_of_before_the_first_start(desk):
    desk.rules(PROMISE + "communications: []\n")
    file = desk.folder / "desk.yaml"
    file.write_text(file.read_text().replace("    since: 2026-11-01T00:00Z\n", ""))
    found = changed(desk)
    assert (found[CHANGES], found[WORDS]) == (0, 0)
