"""Participants of a ticket read the one public comment on it that the requester reads."""

from __future__ import annotations

import pytest
from test_affected_at_work import RULES

ROUTES = """
routes: [{name: all, assign: {team: desk}}]
communications: [{name: hear, on: created, to: %s, message: received}]
"""
ONLY_AFFECTED = RULES.replace("to: [requester, affected]", "to: [affected]")


def with_participant(desk, **values):
    return desk.report("kari", impact="2", urgency="2", watch_list=desk.user("vera"), **values)


@pytest.mark.parametrize("to", ["[participants]", "[requester, participants]", "[participants, requester]"])
def test_one_comment_in_the_requesters_language_is_for_both(desk, to):
    desk.rules(ROUTES % to)
    ticket = with_participant(desk)
    desk.cycle(times=3)
    (said,) = desk.said(ticket)
    assert said.startswith("Hei, Kari!")


def test_where_there_are_none_nothing_is_said_to_them(desk):
    desk.rules(ROUTES % "[participants]")
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=3)
    assert desk.said(ticket) == []
    assert any("participants: participants is empty" in line for line in desk.journal(ticket))


@pytest.mark.parametrize("to", ["participants", "affected"])
def test_where_there_are_none_the_requester_hears_their_own_word_by_a_later_rule(desk, to):
    own = "\n  - {name: own, on: major, to: [requester], message: major-incident-started}"
    first = "{name: first, on: major, to: [%s], message: major-incident-started}"
    desk.rules(RULES.replace(first % "requester, affected", first % to + own))
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    before = len(desk.said(ticket))
    desk.change(ticket, major_incident_state="accepted")
    desk.cycle(times=3)
    assert len(desk.said(ticket)) == before + 1


def test_during_a_major_incident_they_hear_only_of_that(desk):
    desk.rules(ROUTES % "[participants]")
    ticket = with_participant(desk, major_incident_state="accepted")
    desk.cycle(times=3)
    assert desk.said(ticket) == []


def test_participants_of_a_major_incident_are_affected_by_it(desk):
    desk.rules(ONLY_AFFECTED)
    ticket = with_participant(desk)
    alone = desk.report("an", impact="2", urgency="2")
    desk.cycle(times=2)
    before = {one: len(desk.said(one)) for one in (ticket, alone)}
    for one in (ticket, alone):
        desk.change(one, major_incident_state="accepted")
    desk.cycle(times=4)
    assert [len(desk.said(one)) - before[one] for one in (ticket, alone)] == [1, 0]
