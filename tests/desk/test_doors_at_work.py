"""Who does not look at the ticket hears by another door: once, by the backup if need be, or a person learns of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from endpoint import Endpoint, endpoint

RULES = """
channels:
  pager: {{kind: webhook, url: {pager}, private: true}}
  sms: {{kind: webhook, url: {sms}, private: true}}
  noc: {{kind: slack, url: {chat}, private: true}}
people:
  ida: {{email: ida@harbour.example, language: nb}}
  max: {{email: max@harbour.example, doors: [sms]}}
doors: {{people: [pager, sms]}}
classify: [{{name: web, set: {{service: web}}}}]
services: {{web: {{name: Web, team: web, owner: ida}}}}
routes: [{{name: all, assign: {{team: web}}}}]
communications:
  - {{name: got-it, on: created, to: [{to}], message: received}}
"""


@pytest.fixture
def doors() -> Iterator[tuple[Endpoint, Endpoint, Endpoint]]:
    with endpoint() as pager, endpoint() as sms, endpoint() as chat:
        yield pager, sms, chat


@pytest.fixture
def told(desk, doors):
    """Return a function that reports an incident of which these readers hear."""

    def told(to: str) -> str:
        pager, sms, chat = doors
        desk.rules(RULES.format(to=to, pager=pager.url, sms=sms.url, chat=chat.url))
        return desk.report("kari")

    return told


def parked(desk) -> list[str]:
    return [one.error for one in desk.desk().store.status().parked if " received to " in one.key]


def test_a_word_goes_out_once_in_the_readers_language_and_the_journal_says_by_which_door(desk, doors, told):
    ticket = told("service.owner, noc")
    desk.cycle(times=4)
    pager, _, chat = doors
    (word,) = pager.told()
    assert (word["to"], word["language"], word["facts"]["number"]) == ("ida@harbour.example", "nb", "INC0010001")
    assert "Ny sak" in word["text"]
    assert len(chat.heard) == 1
    assert any("received to service.owner in nb" in line and "sent by pager" in line for line in desk.journal(ticket))


def test_a_persons_own_door_goes_before_that_of_their_kind(desk, doors, told):
    told("max")
    desk.cycle(times=2)
    pager, sms, _ = doors
    assert [word["to"] for word in sms.told()] == ["max@harbour.example"]
    assert pager.told() == []


def test_a_door_that_refuses_makes_way_for_the_backup_at_once(desk, doors, told):
    ticket = told("service.owner")
    pager, sms, _ = doors
    pager.answers = [404]
    desk.cycle(times=3)
    assert (len(pager.told()), len(sms.told())) == (0, 1)
    assert any("sent by sms (pager: " in line for line in desk.journal(ticket))


def test_a_door_that_is_out_of_order_is_tried_again_before_the_backup_is(desk, doors, told):
    told("service.owner")
    pager, sms, _ = doors
    pager.answers = [429]
    desk.cycle(times=4)
    assert (len(pager.told()), len(sms.told())) == (1, 0)


def test_what_no_door_takes_is_parked_where_status_shows_it(desk, doors, told):
    told("service.owner")
    pager, sms, _ = doors
    pager.answers = sms.answers = [410] * 9
    desk.cycle(times=3)
    (error,) = parked(desk)
    assert "pager: " in error
    assert "sms: " in error


def test_a_word_of_which_nobody_knows_whether_it_arrived_is_repeated_where_the_other_end_knows_it(desk, doors, told):
    told("service.owner")
    pager, _, _ = doors
    pager.answers = [500]
    desk.cycle(times=4)
    assert len(pager.told()) == 1 < len(pager.heard)


def test_it_is_not_repeated_where_the_other_end_would_say_it_twice(desk, doors, told):
    told("noc")
    _, _, chat = doors
    chat.answers = [500]
    desk.cycle(times=6)
    assert len(chat.heard) == 1
    (error,) = parked(desk)
    assert "it may have arrived, and is not said twice" in error


def test_a_door_without_anybody_behind_it_holds_up_no_ticket(desk, doors, told):
    ticket = told("service.owner, requester")
    pager, sms, _ = doors
    pager.answers = sms.answers = [429] * 99
    desk.cycle(times=2)
    assert len(desk.said(ticket)) == 1
    assert desk.ticket(ticket)["assignment_group"] == desk.group("Web")


def test_a_word_that_has_to_wait_keeps_no_other_word_about_the_ticket_from_going_out(desk, doors):
    ticket = with_two_readers(desk, doors)
    _, sms, chat = doors
    sms.answers = [429] * 99
    desk.cycle(times=10)
    desk.change(ticket, major_incident_state="accepted")
    desk.cycle(times=2)
    assert len(chat.heard) == 1


def test_how_often_a_word_failed_says_nothing_of_another_one(desk, doors):
    ticket = with_two_readers(desk, doors)
    _, sms, chat = doors
    sms.answers = [429] * 99
    desk.cycle(times=10)
    desk.change(ticket, major_incident_state="accepted")
    chat.answers = [429]
    desk.clock.advance(seconds=2000)  # both are due
    desk.cycle()
    (again,) = [one for one in desk.desk().store.waiting("sn/INC0010001") if "noc" in one.action.key]
    assert (again.until - desk.clock()).total_seconds() <= 60


def with_two_readers(desk, doors: tuple[Endpoint, Endpoint, Endpoint]) -> str:
    """Report an incident of which max hears, and a chat that it became a major one."""
    pager, sms, chat = doors
    rules = RULES.format(to="max", pager=pager.url, sms=sms.url, chat=chat.url)
    desk.rules(rules + "  - {name: big, on: major, to: [noc], message: major-incident-started}\n")
    return desk.report("kari")


def test_where_nothing_opens_the_preferred_door_the_next_one_is_taken(desk, doors):
    pager, sms, chat = doors
    rules = RULES.format(to="service.owner", pager=pager.url, sms=sms.url, chat=chat.url)
    desk.rules(rules.replace("people: [pager, sms]", "people: [mail, sms]"))
    ticket = desk.report("kari")
    desk.cycle(times=2)
    assert len(sms.told()) == 1
    assert any("sent by sms (mail: there is no such channel)" in line for line in desk.journal(ticket))


def test_who_is_on_call_hears_by_the_backup_where_the_pager_goes_on_breaking(desk, doors):
    pager, sms, chat = doors
    rules = RULES.format(to="on_call", pager=pager.url, sms=sms.url, chat=chat.url)
    rules = rules.replace("assign: {team: web}", "assign: {team: payments}")
    desk.rules(rules.replace("doors: {people:", "doors: {on_call:"))
    file = desk.folder / "desk.yaml"
    turns = "on_call: {rotation: [ida], each: 1w, from: 2026-11-02T08:00}"
    file.write_text(file.read_text().replace("{sn: Payments}", f"{{sn: Payments}}, {turns}"))
    desk.report("kari")
    pager.answers = [500] * 99
    desk.cycle(times=4)
    assert len(sms.told()) == 1


def test_nobody_else_hears_by_the_backup_what_may_have_arrived_by_the_preferred_door(desk, doors, told):
    told("service.owner")
    pager, sms, _ = doors
    pager.answers = [500, 410]
    desk.cycle(times=4)
    assert (len(pager.told()), len(sms.told())) == (1, 0)
    (error,) = parked(desk)
    assert "it may have arrived, and is not said twice" in error


def test_what_may_have_arrived_by_a_door_that_knows_repeats_is_said_again_there_whatever_the_backup_is(desk, doors):
    pager, sms, chat = doors
    rules = RULES.format(to="service.owner", pager=pager.url, sms=sms.url, chat=chat.url)
    desk.rules(rules.replace("people: [pager, sms]", "people: [pager, noc]"))
    desk.report("kari")
    pager.answers = [500]
    desk.cycle(times=4)
    assert (len(pager.heard), len(pager.told()), len(chat.heard), parked(desk)) == (2, 1, 0, [])


def test_a_word_that_no_door_takes_keeps_nobody_else_from_hearing_what_is_new(desk, doors):
    pager, sms, chat = doors
    rules = RULES.format(to="requester, noc", pager=pager.url, sms=sms.url, chat=chat.url)
    desk.rules(rules + "  - {name: important, on: prioritised, to: [requester], message: prioritised}\n")
    ticket = desk.report("kari")
    chat.answers = [410]
    desk.cycle(times=2)
    assert len(parked(desk)) == 1
    desk.change(ticket, by="kari", impact="1", urgency="1")
    desk.cycle(times=2)
    assert len(desk.said(ticket)) == 2


def test_a_word_for_which_two_rules_ask_is_tried_again_as_any_other(desk, doors):
    pager, sms, chat = doors
    rules = RULES.format(to="max", pager=pager.url, sms=sms.url, chat=chat.url)
    desk.rules(rules + "  - {name: also, on: created, to: [max], message: received}\n")
    desk.report("kari")
    sms.answers = [429]
    desk.cycle(times=4)
    assert len(sms.told()) == 1
