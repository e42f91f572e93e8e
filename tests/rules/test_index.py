"""What a stage keeps between tickets never changes what is decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loading import CONNECTION, rulebook

from bench.pack import CATEGORIES, ORGANISATIONS, SERVICES, pack
from rules.engine import decide
from rules.model import Memory, Surroundings, Ticket
from rules.rulebook import EVENT
from rules.words import HITS

BOOK = pack().book
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SERVED = """
services:
  booking: {name: Booking, team: web}
  laptops: {name: Laptops, team: desk}
teams:
  web: {groups: {snow: Web}}
  desk: {groups: {snow: Desk}}
routes:
  - {name: by-service, assign: {team: service.team}}
"""

values = {
    "kind": st.sampled_from(["incident", "request"]),
    "category": st.sampled_from([*CATEGORIES, "CATEGORY 1", "unknown"]),
    "service": st.sampled_from(SERVICES),
    "impact": st.sampled_from(["extensive", "significant", "minor"]),
    "priority": st.sampled_from(BOOK.priorities),
    "requester.vip": st.booleans(),
    "requester.organisation": st.sampled_from([*ORGANISATIONS, "acme"]),
    "service.business_value": st.sampled_from(["critical", "low"]),
    "risk": st.just("security"),
}
hits = st.sets(st.sampled_from(sorted(BOOK.matcher.ids.values())), max_size=3).map(lambda found: tuple(sorted(found)))


@given(st.fixed_dictionaries({HITS: hits, EVENT: st.just(("created",))}, optional=values))
def test_the_rules_found_by_index_are_those_whose_condition_holds(facts):
    for stage in (BOOK.classify, BOOK.adjust, BOOK.routes, BOOK.communications):
        assert list(stage.matching(facts)) == [rule for rule in stage.rules if rule.when.test(facts)]


def test_a_rule_found_late_sees_what_was_filled_in_before():
    facts = {"kind": "incident", "risk": "security", HITS: ()}
    seen = []
    for rule in BOOK.adjust.matching(facts):
        seen.append(rule.name)
        facts["requester.vip"] = True
    assert seen == ["adjust-1", "adjust-3", "adjust-5"]


@pytest.mark.parametrize("classify", ["[]", "[{name: calm, when: {category: calm}, set: {urgency: low}}]"])
def test_a_ticket_never_gets_the_team_of_another_tickets_service(classify):
    book = rulebook(f"{SERVED}classify: {classify}\n", connection=CONNECTION)
    around = Surroundings(NOW - timedelta(days=1), "sync")
    teams = []
    for service in ("booking", "laptops"):
        facts = {"kind": "incident", "status": "new", "impact": "minor", "urgency": "low", "service": service}
        ticket = Ticket("snow", service, f"INC-{service}", "incident", 0, NOW, "kari", NOW, "kari", facts, history=())
        teams.append(decide(ticket, Memory(), around, book, NOW).facts["team"])
    assert teams == ["web", "desk"]
