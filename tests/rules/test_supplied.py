"""The supplier's own clock: how long tickets waited for them, and whether their answers came in time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from clocked import OSLO, WAYS, Story

from rules.happening import Happening
from rules.periods import periods
from rules.tally import tally

RULES = """
people: {gate: {email: gate@example.com, name: CardGate, accounts: {snow: gate-1}}}
services: {web: {name: Web, team: web, supplier: gate}}
communications:
  - {name: ask, on: waiting, when: {waiting_for: supplier}, to: [service.supplier], message: supplier-request}
"""
UNASKED = RULES[: RULES.index("communications")]


def waiting(way: str, rules: str = RULES, **facts: object) -> Story:
    """Tell of a ticket of P1 (word each hour) about which the customer heard at 10:00, and that waits from 10:10 on."""
    story = Story(way, rules, **{"service": "web", "priority": "P1", **facts}).at("24 10:00", comment=True)
    return story.at("24 10:10", status="waiting", waiting_for="supplier")


def counted(story: Story) -> list[str]:
    return [one for one in story.what_happened() if "supplie" in one]


@pytest.mark.parametrize("way", ["full", "denied"])
def test_an_answer_before_the_word_to_customers_is_due_is_in_time(way):
    story = waiting(way).at("24 10:50", by="gate-1", comment=True).until("24 12:00")
    assert counted(story) == ["24 10:50 supplied gate 40 desk", "24 10:50 supplier in time gate desk"]


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_that_comes_too_late_counts_as_of_when_it_was_due(way):
    story = waiting(way).at("24 11:30", by="ida", status="in_progress").until("24 13:00")
    assert [one.rpartition(" gate")[0] for one in counted(story)] == ["24 11:00 supplier late", "24 11:30 supplied"]


def test_a_wait_that_goes_on_is_late_and_not_yet_timed():
    story = waiting("full").until("24 15:00").at("24 15:00", note=True)
    assert counted(story) == ["24 11:00 supplier late gate desk"]


def test_a_supplier_who_is_not_asked_has_promised_nothing():
    story = waiting("full", UNASKED + "communications: []\n").at("24 12:00", by="gate-1", comment=True)
    assert counted(story.until("24 12:30")) == ["24 12:00 supplied gate 110 desk"]


def test_each_wait_counts_once():
    story = waiting("full").at("24 10:20", by="gate-1", comment=True).at("24 10:30", comment=True)
    story.at("24 10:40", by="gate-1", comment=True).at("24 10:50", by="gate-1", comment=True).until("24 12:00")
    assert [one for one in counted(story) if "supplied" in one] == [
        "24 10:20 supplied gate 10 desk",
        "24 10:40 supplied gate 10 desk",
    ]


def test_a_wait_for_anybody_else_is_not_the_suppliers():
    story = Story("full", RULES, service="web").at("24 10:00", status="waiting", waiting_for="requester")
    assert counted(story.at("24 11:00", by="ida", status="in_progress").until("24 12:00")) == []


def test_each_supplier_has_a_clock_of_their_own():
    at = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp())
    some = [
        ("a/1", Happening("supplied", at, "web", "pay", "gate", amount=600)),
        ("a/2", Happening("supplied", at, "web", "pay", "gate", amount=1800)),
        ("a/3", Happening("supplied", at, "web", "mail", "aalto", amount=60)),
        ("a/3", Happening("supplier late", at, "web", "mail", "aalto")),
    ]
    found = tally(some, periods("week", date(2026, 11, 24), date(2026, 11, 24), OSLO))
    timed = [(one.title, one.total.tickets, one.total.median) for one in found.times if one.counted == "waits"]
    assert timed == [("Working time waited for aalto", 1, 60), ("Working time waited for gate", 2, 1200)]
    assert [(row.name, row.part, row.total) for row in found.tables["answers_of_suppliers"]] == [("aalto", "late", 1)]
