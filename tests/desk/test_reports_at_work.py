"""What a desk at work keeps for reports: each fact once, over cycles, restarts and a lost store."""

from __future__ import annotations

from collections import Counter

from test_clocks_at_work import pass_hours
from test_ladders_at_work import LADDER, raised  # noqa: F401

FAR = 1 << 40


def counted(desk):
    """Return how often reports count what happened, by what it was and its level, clock or fact."""
    return Counter(f"{one.happening.what} {one.happening.value}".strip() for one in desk.desk().store.happened(0, FAR))


def test_escalations_are_counted_once_with_their_team_rule_and_reason(raised):  # noqa: F811
    desk, _ticket = raised
    pass_hours(desk, 9)
    desk.close()
    desk.cycle(times=3)
    steps = [one.happening for one in desk.desk().store.happened(0, FAR) if one.happening.what == "escalated"]
    assert [(one.value, one.team, one.why) for one in steps] == [
        ("L2", "web", "25% of resolve is used"),
        ("L3", "payments", "50% of resolve is used"),
    ]
    assert [one.rule for one in steps] == ["up L2", "up L3"]
    assert steps[1].at - steps[0].at == 2 * 3600


def test_a_whole_life_is_counted_once_however_often_it_is_read(raised):  # noqa: F811
    desk, ticket = raised
    desk.change(ticket, comments="I am on it", state="2")
    desk.cycle()
    desk.change(ticket, priority="3", impact="3", urgency="3")
    pass_hours(desk, 1)
    desk.change(ticket, state="6", close_code="Solved", close_notes="Done")
    desk.cycle(times=2)
    expected = {"acknowledged": 1, "answered": 1, "resolved": 1}
    assert {what: counted(desk)[what] for what in expected} == expected
    before = counted(desk)
    desk.change(ticket, work_notes="Filed")
    desk.cycle(times=3)
    assert counted(desk) == before


def test_after_a_lost_store_facts_are_found_again_and_no_step_is_taken_twice(raised):  # noqa: F811
    desk, ticket = raised
    pass_hours(desk, 2.5)
    desk.change(ticket, comments="I am on it", state="2")
    desk.cycle(times=2)
    before = counted(desk)
    assert before["escalated L2"] == before["answered"] == 1
    desk.lose_the_store()
    desk.cycle(times=2)
    pass_hours(desk, 0.5)
    after = counted(desk)
    assert after["answered"] == 1
    assert after["escalated L2"] == 0  # done, as its mark says: when and why is known to nobody any more
    assert max(after.values()) == 1


def test_an_escalation_that_is_not_sent_yet_is_not_counted_again_when_it_is_decided_again(raised):  # noqa: F811
    desk, _ticket = raised
    desk.desk().store.office().stop()
    pass_hours(desk, 3)
    assert counted(desk)["escalated L2"] == 1
    desk.desk().store.office().resume()
    pass_hours(desk, 1)
    assert counted(desk)["escalated L2"] == 1


def test_what_is_only_observed_or_advised_is_not_counted(desk):
    for mode in ("observe", "advise"):
        desk.rules(f"mode: {mode}\n" + LADDER)
        desk.report("vera", impact="2", urgency="2")
        pass_hours(desk, 5)
        assert counted(desk)["escalated L2"] == counted(desk)["escalated L3"] == 0
