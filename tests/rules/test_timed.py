"""Messages that time calls for: after, before and every, once each, and not at night."""

from __future__ import annotations

import pytest
from clocked import AROUND, Story, moment
from loading import CONNECTION

from rules.case import Case
from rules.engine import decide
from rules.model import Memory, Sla
from rules.past import look_back


def says(*rules: str) -> str:
    """Return these communications; each is given without its message and reader, which are the team's warning."""
    told = ", to: [team], message: breach-warning}"
    return "communications:\n" + "".join(f"  - {{{rule}{told if 'to:' not in rule else '}'}\n" for rule in rules)


HALF = says("name: half, after: [{used: 50%, of: resolve}]")
REQUESTER = "to: [requester], message: waiting-for-you"


def moments(story: Story) -> list[str]:
    return [at for at, _, _ in story.told]


def test_a_share_of_a_target_is_warned_of_once():
    story = Story("full", HALF).until("30 12:00")
    assert story.told == [("25 13:00", "breach-warning", "team")]


def test_of_several_moments_the_first_counts_and_the_others_are_not_told():
    story = Story("full", says("name: any, after: [{used: 50%, of: resolve}, {unacknowledged: 30m}]")).until("30 12:00")
    assert story.told == [("24 09:30", "breach-warning", "team")]


def test_of_several_moments_no_later_one_is_told_when_the_first_holds_no_more():
    rule = says("name: any, after: [{unacknowledged: 30m}, {used: 50%, of: resolve}]")
    assert moments(Story("full", rule).at("24 10:00", note=True).until("30 12:00")) == ["24 09:30"]
    assert moments(Story("full", rule).at("24 09:10", note=True).until("30 12:00")) == ["25 13:00"]


def test_of_several_moments_one_that_passed_before_the_rule_came_keeps_no_later_one_from_being_told():
    rule = says("name: any, after: [{unacknowledged: 30m}, {used: 50%, of: resolve}]")
    story = Story("full").until("24 11:00").under(rule).at("24 12:00", note=True)
    assert moments(story.until("30 12:00")) == ["25 13:00"]
    assert moments(Story("full").until("24 11:00").under(rule).until("30 12:00")) == ["25 13:00"]


def test_a_reopened_ticket_is_warned_of_anew():
    story = Story("full", HALF).at("25 14:00", status="resolved").at("25 15:00", status="in_progress")
    assert moments(story) == ["25 13:00", "25 15:00"]


def test_nobody_hears_that_nobody_acts_when_an_agent_has_acted():
    rule = says("name: idle, after: [{unacknowledged: 15m}]")
    assert moments(Story("full", rule).until("24 12:00")) == ["24 09:15"]
    for acted in ({"note": True}, {"comment": True}, {"assignee": "ida"}, {"status": "in_progress"}):
        assert moments(Story("full", rule).at("24 09:10", **acted).until("24 12:00")) == []


@pytest.mark.parametrize("who", ["kari", "system"])
def test_what_the_requester_or_a_robot_does_is_no_sign_that_somebody_acts(who):
    story = Story("full", says("name: idle, after: [{unacknowledged: 15m}]") + "connections:\n" + ROBOT)
    assert moments(story.at("24 09:10", by=who, comment=True, note=True).until("24 12:00")) == ["24 09:15"]


def test_a_ticket_that_moves_to_another_team_is_for_that_team_to_take():
    rule = says("name: idle, after: [{unacknowledged: 15m}]")
    story = Story("full", rule).at("24 09:10", note=True).at("24 10:00", team="web").until("24 12:00")
    assert moments(story) == ["24 10:15"]


def test_who_passes_a_ticket_on_with_a_word_has_not_taken_it_for_the_other_team():
    rule = says("name: idle, after: [{unacknowledged: 15m}]")
    for more in ({"note": True}, {"comment": True}, {"assignee": None}):
        story = Story("full", rule).at("24 09:10", assignee="ida").at("24 10:00", team="web", **more)
        assert moments(story.until("24 12:00")) == ["24 10:15"]
    story = Story("full", rule).at("24 09:10", note=True).at("24 10:00", team="web", assignee="ida")
    assert moments(story.until("24 12:00")) == []


def test_a_team_has_a_ticket_since_we_gave_it_also_where_history_is_denied_and_somebody_spoke_next():
    rules = says("name: idle, after: [{unacknowledged: 15m}]"), ROUTES
    story = Story("denied", *rules).at("24 09:10", note=True)
    cycle, story.cycle = story.cycle, lambda: None
    story.at("24 10:00", category="network")
    decision = decide(story.read(), story.memory, AROUND, story.book, story.now)
    story.memory = decision.memory
    story._write(decision)  # and nobody looks at the ticket again before somebody speaks
    story.cycle = cycle
    assert moments(story.at("24 10:10", note=True).until("24 12:00")) == []


def test_what_the_platform_changes_with_our_own_write_is_no_act_of_an_agent():
    story = Story("denied", says("name: idle, after: [{unacknowledged: 15m}]"), assignee="ida").until("24 10:00")
    story.facts |= {"team": "web", "assignee": "nam"}  # we gave it to a team, and the platform to one of them
    ticket = story.read()._replace(version=1, updated=story.now, updated_by="sync", said=None)
    memory = story.memory._replace(version=1, confirmed=1)
    ours = look_back(Case(ticket, memory, AROUND, story.book, story.now))
    assert [(one.fact, one.by) for one in ours[-2:]] == [("team", "ours"), ("assignee", "ours")]


def test_a_status_that_the_words_do_not_know_stops_no_clock():
    story = Story("full").at("24 10:00", status="14").until("24 11:00")
    assert story.used("resolve") == 120
    assert story.clocks().course.answered is None


def test_a_ticket_that_was_due_for_days_before_it_was_first_seen_is_not_told_of():
    story = Story("full", HALF)
    story.memory = story.memory.__class__()
    story.look_again = None
    story.until("27 10:00").cycle()
    assert story.told == []


@pytest.mark.parametrize(("due", "told"), [("24 12:00", []), ("27 09:00", ["27 10:00"])])
def test_a_platforms_clock_that_ran_out_days_before_the_ticket_was_first_seen_is_not_told_of(due, told):
    rules = says("name: late, after: [{used: 100%, of: resolve}]"), CONNECTION + "clocks: {resolve: {snow: Solved}}\n"
    story = Story("full", *rules).until("27 10:00")
    story.memory, story.told, read = Memory(), [], story.read
    slas = (Sla("Solved", "Solved", 3600, None, moment(due), "running", True),)
    story.read = lambda: read()._replace(slas=slas)
    story.cycle()
    assert moments(story) == told


def test_a_cancelled_ticket_was_not_resolved():
    rule = says("name: report, after: [{resolved: 1h}]")
    story = Story("full", rule).at("24 10:00", status="resolved").at("24 10:30", status="cancelled")
    assert moments(story.until("30 12:00")) == []


def test_resolved_for_a_while_is_told_even_when_the_ticket_has_closed_meanwhile():
    rule = says("name: report, after: [{resolved: 16h}]")
    story = Story("full", rule).at("24 10:00", status="resolved").at("25 09:00", status="closed").until("30 12:00")
    assert moments(story) == ["26 10:00"]
    again = Story("full", rule).at("24 10:00", status="resolved").at("25 09:00", status="in_progress")
    assert moments(again.until("30 12:00")) == []


def test_a_timed_comment_waits_for_the_readers_morning_and_a_note_does_not():
    night = 'quiet: {hours: "20:00-07:00"}\n'
    rules = says(f"name: ask, after: [{{waiting: 12h}}], {REQUESTER}", "name: team, after: [{waiting: 12h}]")
    story = Story("full", night + rules, priority="P1").at("24 11:00", status="waiting", waiting_for="requester")
    assert story.until("25 12:00").told == [
        ("24 23:00", "breach-warning", "team"),
        ("25 07:00", "waiting-for-you", "requester"),
    ]


def test_quiet_hours_are_those_of_the_readers_zone():
    night = 'quiet: {hours: "20:00-07:00"}\n'
    rule = says(f"name: ask, after: [{{waiting: 2h}}], {REQUESTER}")
    story = Story("full", night + rule, priority="P1", zone="Asia/Ho_Chi_Minh")
    story.at("24 13:00", status="waiting", waiting_for="requester").until("25 12:00")  # 15:00 is 21:00 there
    assert moments(story) == ["25 01:00"]


def test_what_is_exempt_from_quiet_hours_is_said_at_night():
    night = 'quiet: {hours: "20:00-07:00", except: {major: true}}\n'
    rule = says("name: ask, when: {major: true}, after: [{waiting: 12h}], " + REQUESTER)
    story = Story("full", night + rule, priority="P1", major=True)
    story.at("24 11:00", status="waiting", waiting_for="requester").until("25 12:00")
    assert moments(story) == ["24 23:00"]


def test_a_silence_holds_timed_messages_back_while_clocks_run():
    silence = "silence: [{when: {team: desk}, from: 2026-11-25T12:00+01:00, to: 2026-11-25T15:30+01:00}]\n"
    story = Story("full", HALF + silence).until("30 12:00")
    assert moments(story) == ["25 15:30"]
    assert moments(Story("full", HALF + silence.replace("desk", "web")).until("30 12:00")) == ["25 13:00"]


def test_a_rule_that_is_switched_on_says_nothing_of_what_was_due_before():
    story = Story("full").until("25 14:00").under(HALF)
    assert moments(story.until("30 12:00")) == []
    story = Story("full").until("25 12:00").under(HALF)
    assert moments(story.until("30 12:00")) == ["25 13:00"]


def test_what_waits_when_the_rules_change_is_still_told():
    story = Story("full", HALF).until("25 12:00")
    story.now = story.now.replace(hour=14)  # the service was stopped, and has other rules now
    assert moments(story.under(HALF + "people_win: always\n")) == ["25 15:00"]


def test_an_observed_rule_is_not_made_up_for_when_it_is_switched_on():
    observed = HALF.replace("name: half,", "name: half, mode: observe,")
    assert moments(Story("full", observed).until("26 09:00").under(HALF).until("30 12:00")) == []


def test_one_reader_hears_one_thing_at_a_time():
    both = says(
        f"name: first, on: resolved, {REQUESTER}",
        "name: second, after: [{resolved: 0m}], to: [requester], message: solved",
    )
    assert Story("full", both).at("24 10:00", status="resolved").until("24 12:00").told == [
        ("24 10:00", "waiting-for-you", "requester")
    ]


def test_during_a_major_incident_the_requester_hears_no_other_timed_word():
    rule = says(f"name: ask, after: [{{waiting: 1h}}], {REQUESTER}")
    story = Story("full", rule, major=True).at("24 11:00", status="waiting", waiting_for="requester").until("24 14:00")
    assert story.told == []


SUN = """
teams:
  sun: {follow_the_sun: [oslo, saigon]}
  oslo: {calendar: oslo, groups: {snow: Oslo}}
  saigon: {calendar: saigon, groups: {snow: Saigon}}
calendars:
  oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}}
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: "06:00-15:00"}}
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
"""


def test_a_team_that_has_gone_home_is_told_of_as_soon_as_nobody_is_on_duty():
    alone = says("name: alone, after: [{off_duty: 0m}]")
    assert moments(Story("full", SUN + alone, team="oslo", priority="P1").until("25 12:00")) == ["24 16:00"]
    assert moments(Story("full", SUN + alone, team="oslo", start="21 23:10").until("25 12:00")) == ["21 23:10"]


def test_a_team_that_follows_the_sun_has_gone_home_when_no_region_is_on_duty():
    later = says("name: alone, after: [{off_duty: 2h}]")
    story = Story("full", SUN + later, team="sun", priority="P1", start="24 06:00")  # noon in Saigon
    assert moments(story.until("24 23:00")) == ["24 18:00"]


@pytest.mark.parametrize(
    ("event", "life", "at"),
    [
        ("waiting", [("24 10:00", {"status": "waiting", "waiting_for": "requester"})], ["24 10:00"]),
        ("closed", [("24 10:00", {"status": "resolved"}), ("24 11:00", {"status": "closed"})], ["24 11:00"]),
        ("reopened", [("24 10:00", {"status": "resolved"}), ("24 11:00", {"status": "in_progress"})], ["24 11:00"]),
    ],
)
def test_what_begins_is_told_once(event, life, at):
    story = Story("full", says(f"name: it, on: {event}"))
    for when, facts in life:
        story.at(when, **facts)
    assert moments(story.at("24 12:00", note=True).until("24 14:00")) == at


def test_words_that_change_open_no_ticket_again():
    rule = says("name: it, on: reopened")
    story = Story("full", rule).at("24 10:00", status="resolved").until("24 10:30")
    story.facts["status"] = "in_progress"  # the same ticket, by other words
    assert story.under(rule + "people_win: always\n").told == []


def test_a_second_solution_is_told_also_where_the_platform_names_the_time_of_the_first():
    story = Story("full", says("name: it, on: resolved"))
    story.at("24 10:00", status="resolved", resolved_at=moment("24 10:00")).at("24 11:00", status="in_progress")
    assert moments(story.at("24 12:00", status="resolved").at("24 13:00", note=True)) == ["24 10:00", "24 12:00"]


def test_waiting_for_somebody_else_is_told_anew():
    story = Story("full", says("name: it, on: waiting")).at("24 10:00", status="waiting", waiting_for="requester")
    assert moments(story.at("24 11:00", waiting_for="supplier").at("24 12:00", note=True)) == ["24 10:00", "24 11:00"]


def test_a_ticket_that_waits_already_when_the_rule_comes_is_not_told_of():
    story = Story("full").at("24 10:00", status="waiting", waiting_for="requester")
    assert story.under(says("name: it, on: waiting")).at("24 12:00", note=True).told == []


def test_terms_of_a_customer_beat_those_of_the_service_and_these_the_prioritys():
    terms = (
        "services: {pay: {name: Pay, targets: {P3: {resolve: 10h, respond: 1h}}}}\n"
        "organisations: {Acme: {targets: {P3: {resolve: 4h}}}}\n"
    )
    story = Story("full", terms, service="pay", **{"requester.organisation": "ACME"})
    assert (story.due("resolve"), story.due("respond")) == ("24 13:00", "24 10:00")
    assert Story("full", terms, service="pay").due("resolve") == "25 11:00"
    assert Story("full", terms).due("resolve") == "27 09:00"


def test_a_ticket_that_lived_on_while_no_clock_ran_is_read_from_its_beginning_when_clocks_run_again():
    slow = says("name: slow, after: [{used: 100%, of: respond}]")
    unclocked = "priorities: [{name: P1}, {name: P2}, {name: P3}, {name: P4}, {name: P5}]\n"
    story = Story("full", slow).until("24 09:30").under(unclocked).at("24 10:00", comment=True)
    assert story.memory.is_behind(story.read(), clocked=True)
    assert moments(story.under(slow).until("25 12:00")) == []


def test_history_that_cannot_be_is_named_and_left_out():
    story = Story("full").at("24 10:00", status="waiting", waiting_for="requester")
    story.at("24 11:00", status="in_progress")
    story.history.insert(0, story.history[0]._replace(at=story.created.replace(day=20), value="closed"))
    story.at("24 12:00", note=True)
    assert story.used("resolve") == 120
    assert [text for text in story.all_reasons if "before the ticket was created" in text]


def test_events_out_of_order_are_put_in_order():
    story = Story("full").at("24 10:00", status="waiting", waiting_for="requester")
    story.at("24 11:00", status="in_progress")
    story.history.reverse()
    assert story.at("24 12:00", note=True).used("resolve") == 120


def test_where_words_cannot_be_read_taking_a_ticket_counts_as_answering_it():
    slow = says("name: slow, after: [{used: 100%, of: respond}]")
    assert moments(Story("full", slow, deaf=True).at("24 10:00", status="in_progress").until("24 15:00")) == []
    assert moments(Story("full", slow).at("24 10:00", status="in_progress").until("24 15:00")) == ["24 13:00"]


ROUTES = """
routes:
  - {name: network, when: {category: network}, assign: {team: web}}
  - {name: rest, assign: {team: desk}}
"""
ROBOT = """\
  snow:
    platform: servicenow
    url: https://desk.service-now.com
    auth: {user: sync, password: "${PASSWORD}"}
    robots: [system]
"""
