"""Corners of what the rules promise: whose choice stands, which texts are found, what is told and proposed."""

from __future__ import annotations

import pytest
from loading import CONNECTION, rulebook
from test_settled import AROUND, COMPUTED, RULES, WRITABLE, Platform

from rules.engine import decide
from rules.model import Comment, Memory, mark
from rules.words import Matcher, Sought

PLAIN = {"impact": "significant", "urgency": "medium", "priority": "P3", "status": "new"}  # as the matrix says
LIFTED = {
    "impact": "significant",
    "urgency": "low",
    "status": "new",
    "text": "A phishing mail",
}  # P4, the floor says P2
TEAMS = "teams: {web: {groups: {snow: Web}}, desk: {groups: {snow: Desk}}}\n"
SERVICES = "services: {booking: {name: Booking, team: web, business_value: critical}}\n"


def ticket(rules: str, facts: dict = PLAIN, creator: str = "kari", history: bool = True, mode: str = "") -> Platform:
    """Return a ticket under these rules on a platform that lets the priority be written."""
    found = Platform(WRITABLE, facts, False, creator, history)
    under(found, rules, mode)
    return found


def under(found: Platform, rules: str, mode: str = "") -> None:
    """Put a ticket under other rules."""
    words = "" if "words:" in rules else "words: {snow: {set_priority_by: [priority]}}\n"
    found.book = rulebook(
        rules + words + ("" if "communications:" in rules else "communications: []\n"), connection=CONNECTION + mode
    )


def decided(found: Platform):
    """Return the decision about a ticket as it stands."""
    return decide(found.read(), found.memory, AROUND, found.book, found.now())


def test_a_person_who_changes_urgency_twice_over_ours_is_not_fought_the_second_time():
    found = Platform(COMPUTED, LIFTED, False, "kari", True)
    found.cycle()
    assert found.facts["urgency"] == "high"
    for urgency in ("low", "medium", "low"):
        found.change("ida", urgency=urgency)
        found.cycle()
        assert found.facts["urgency"] == urgency


@pytest.mark.parametrize("history", [True, False])
def test_a_person_who_comes_back_to_the_value_that_we_wrote_has_chosen_it(history):
    found = Platform(COMPUTED, LIFTED, False, "kari", history)
    found.marks = frozenset(mark(action.key) for action in found.cycle())
    for urgency in ("low", "high"):
        found.change("ida", urgency=urgency)
        found.cycle()
    assert found.memory.held["urgency"].whose == "person"
    assert decided(found).facts["urgency"] == "high"


def test_a_persons_priority_that_agrees_with_the_rules_stands_only_until_the_facts_change():
    found = ticket("", creator="ida")
    found.cycle()
    found.change("kari", urgency="low")
    found.cycle()
    assert found.facts["priority"] == "P4"


BOOKING = (
    SERVICES
    + TEAMS
    + """
classify:
  - {name: booking, when: {category: booking}, set: {service: booking}}
  - {name: broad, when: {service: booking}, set: {source: web}}
  - {name: wish, when: {title: wish}, set: {labels: demand}}
words: {snow: {fields: {labels: u_labels}, set_priority_by: [priority]}}
"""
)


def test_a_service_that_a_person_took_away_feeds_no_later_rule():
    found = ticket(BOOKING, PLAIN | {"category": "booking"})
    found.cycle()
    assert found.facts["source"] == "web"
    found.change("ida", service=None)
    assert not {"source", "service.team"} & set(decided(found).facts)


def test_a_service_that_a_person_took_away_stays_away_when_only_labels_change():
    found = ticket(BOOKING, PLAIN | {"category": "booking"})
    found.cycle()
    found.change("ida", service=None)
    found.cycle()
    found.change("ida", labels=("blue",))
    found.cycle()
    assert "service" not in found.facts


def test_a_label_that_a_person_took_away_is_not_added_again_when_they_add_another():
    found = ticket(BOOKING, PLAIN | {"title": "wish"})
    found.cycle()
    assert found.facts["labels"] == ("demand",)
    found.change("ida", labels=None)
    found.cycle()
    found.change("ida", labels=("blue",))
    found.cycle()
    assert found.facts["labels"] == ("blue",)


def test_a_service_that_a_person_took_away_comes_back_when_the_facts_change_later():
    found = ticket(BOOKING, PLAIN | {"category": "booking"})
    found.cycle()
    found.change("ida", service=None, category="other")
    found.cycle()
    found.change("kari", category="booking", title="Booking fails again")
    found.cycle()
    assert found.facts["service"] == "booking"


def test_a_label_that_is_there_in_other_case_is_not_added_once_more():
    found = ticket(BOOKING, PLAIN | {"title": "wish", "labels": ("Demand",)})
    found.cycle()
    assert found.facts["labels"] == ("Demand",)


def test_a_level_of_the_desks_own_scale_is_recognised_in_any_case():
    found = ticket(
        "words: {snow: {fields: {risk: u_risk}, set_priority_by: [priority]}}\n", PLAIN | {"risk": "Security"}
    )
    found.cycle()
    assert found.facts["priority"] == "P2"


def test_words_of_one_language_in_the_text_of_another_do_not_change_whose_facts_were_used():
    """A text that only a message's rule looks for is no fact of the classification."""
    rules = BOOKING.replace("{category: booking}", "{text: {words: [booking]}}") + (
        "communications:\n"
        "  - {name: hot, on: prioritised, when: {text: {words: [urgent]}}, to: [team], message: assigned}\n"
    )
    found = ticket(rules, PLAIN | {"text": "booking fails"})
    found.cycle()
    found.change("ida", service=None)
    found.cycle()
    found.change("kari", text="booking fails, urgent")
    found.cycle()
    assert "service" not in found.facts


OFFER = "services: {booking: {name: Booking, team: web}}\n"
ADVICE = "routes: [{name: guess, mode: %s, when: {not: {service: {empty: true}}}, assign: {team: service.team}}]\n"


def test_an_advised_route_names_the_team_and_not_the_path_to_it():
    found = ticket(OFFER + TEAMS + ADVICE % "advise", PLAIN | {"service": "booking"})
    (note,) = found.cycle()
    assert [p.text for p in note.proposals] == ["team: web"]


def test_an_advised_route_whose_path_is_empty_proposes_nothing():
    found = ticket("services: {booking: {name: Booking}}\n" + TEAMS + ADVICE % "advise", PLAIN | {"service": "booking"})
    assert found.cycle() == ()


def test_an_advised_route_speaks_where_it_would_replace_the_platforms_default():
    found = ticket(OFFER + TEAMS + ADVICE % "advise", PLAIN | {"service": "booking", "team": "desk"})
    (note,) = found.cycle()
    assert [p.text for p in note.proposals] == ["team: web"]
    other = ticket(OFFER + TEAMS + ADVICE % "advise", PLAIN | {"service": "booking", "team": "desk"}, creator="ida")
    assert other.cycle() == ()


def test_of_several_advised_routes_only_the_first_is_proposed():
    rules = "routes: [{name: a, mode: advise, assign: {team: web}}, {name: b, mode: advise, assign: {team: desk}}]\n"
    (note,) = ticket(TEAMS + rules).cycle()
    assert [p.text for p in note.proposals] == ["team: web"]


def test_a_priority_that_is_only_proposed_is_not_what_later_stages_see():
    rules = TEAMS + "routes: [{name: hot, when: {priority: P3}, assign: {team: web}}]\n"
    found = ticket(rules + "words: {snow: {set_priority_by: [note]}}\n", PLAIN | {"priority": "P5"})
    (note,) = found.cycle()
    assert note.message == "advice"
    assert decided(found).facts["priority"] == "P5"


def test_a_proposal_is_journalled_once_and_under_an_observing_desk_too():
    rules = OFFER + TEAMS + ADVICE % "advise"
    facts = PLAIN | {"service": "booking"}
    for mode in ("advise", "observe"):
        lines = [r for r in decided(ticket(rules, facts, mode=f"mode: {mode}\n")).reasons if r.stage == "route"]
        assert [(r.outcome, r.text) for r in lines if r.outcome != "undecided"] == [
            ("advised" if mode == "advise" else "observed", "team: web")
        ]
        every = decided(ticket("", PLAIN | {"priority": "P5"}, mode=f"mode: {mode}\n")).reasons
        assert len(every) == len(set(every))


def test_a_note_of_proposals_is_not_repeated_when_the_store_was_lost():
    found = ticket("", PLAIN | {"priority": "P5"}, mode="mode: advise\n")
    (note,) = found.cycle()
    found.marks = frozenset({mark(note.key)})
    found.memory = Memory()
    assert found.cycle() == ()


SOLVED = "communications: [{name: solved, on: resolved, to: [requester], message: solved}]\n"
PRIORITISED = "communications: [{name: p, on: prioritised, to: [requester], message: prioritised}]\n"


def test_a_message_on_resolved_that_is_switched_on_later_does_not_tell_of_what_was_resolved_before():
    found = ticket("", PLAIN | {"status": "resolved"})
    found.cycle()
    under(found, SOLVED)
    assert found.cycle() == ()


def test_a_message_that_was_switched_off_for_a_while_does_not_tell_of_what_happened_meanwhile():
    found = ticket(PRIORITISED)
    found.cycle()
    under(found, "")
    found.change("kari", urgency="high")
    found.cycle()
    under(found, PRIORITISED)
    assert found.cycle() == ()
    found.change("kari", urgency="low")
    assert [a.message for a in found.cycle() if isinstance(a, Comment)] == ["prioritised"]


def test_facts_of_the_service_are_known_when_a_closed_ticket_is_spoken_of():
    rules = SERVICES + TEAMS + SOLVED.replace("on: resolved", "on: resolved, when: {service.business_value: critical}")
    found = ticket(rules, PLAIN | {"service": "booking"})
    values = "words: {snow: {set_priority_by: [priority], values: {status: {new: '1', closed: '7'}}}}\n"
    under(found, rules + values)
    found.cycle()
    found.change("ida", status="closed")
    assert [a.message for a in found.cycle()] == ["solved"]


def test_the_team_hears_which_team_has_the_ticket_and_not_which_we_meant():
    rules = RULES % WRITABLE
    found = ticket(rules, PLAIN | {"service": "laptops"})
    found.book = rulebook(rules, connection=CONNECTION.rstrip() + "\n    robots: [sync-robot]\n")
    found.cycle()
    found.change("sync-robot", team="phones")
    found.cycle()
    assert decided(found).facts["team"] == "phones"


@pytest.mark.parametrize(
    ("kind", "sought", "text"),
    [
        ("word", "VPN", "系统VPN故障"),
        ("word", "vpn", "ใช้VPNไม่ได้"),
        ("pattern", "straße", "In der Straße"),
        ("word", "vpn", "vpn \ud83d is broken"),
        ("pattern", "vpn.*broken", "vpn \ud83d is broken"),
    ],
)
def test_texts_are_found_beside_other_scripts_and_in_spite_of_broken_letters(kind, sought, text):
    assert Matcher([Sought("text", kind, sought)]).hits({"text": text}) == (0,)


def test_a_word_in_a_rule_may_hold_the_same_broken_text_as_a_ticket_without_harm():
    assert Matcher([Sought("text", "word", "vpn")]).hits({"text": "\udcff" * 3}) == ()


def test_a_new_team_that_could_not_be_written_yet_is_still_planned_when_the_ticket_is_decided_again():
    routes = "routes: [{name: b, when: {category: b}, assign: {team: web}}, {name: rest, assign: {team: desk}}]\n"
    found = ticket(TEAMS + routes)
    found.cycle()
    found.change("kari", category="b")
    first = decided(found)
    found.memory = first.memory
    assert [a.key for a in decided(found).actions] == [a.key for a in first.actions] != []


def test_what_is_advised_is_the_same_when_the_ticket_is_decided_again_before_it_was_written():
    found = ticket(PRIORITISED, mode="mode: advise\n")
    first = decided(found)
    found.memory = first.memory
    assert decided(found).actions == first.actions != ()
    found.cycle()
    assert (found.memory.owed, found.cycle()) == ({}, ())


@pytest.mark.parametrize("by", ["[urgency]", "[impact]"])
def test_where_only_one_of_impact_and_urgency_sets_the_priority_both_settle_in_one_write(by):
    found = ticket(RULES % by, {"category": "booking", "status": "new", "text": "A phishing mail"})
    found.computes = True
    written = [fact for action in found.cycle() for fact in getattr(action, "values", {})]
    assert sorted(written) == ["impact", "service", "urgency"]
    found.change("kari", category="moderate", text="It is broken")
    found.cycle()
    assert found.cycle() == ()
