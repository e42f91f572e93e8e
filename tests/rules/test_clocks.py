"""What users of other systems reported, each read in three ways: with the history, without, and every five minutes."""

from __future__ import annotations

import pytest
from clocked import WAYS, Story, moment

WARNED = "communications: [{name: warn, after: [{used: 80%, of: resolve}], to: [team], message: breach-warning}]\n"
UNANSWERED = "communications: [{name: slow, after: [{used: 100%, of: respond}], to: [team], message: breach-warning}]\n"
UPDATES = "communications: [{name: news, every: updates, to: [requester], message: major-incident-update}]\n"
SILENT = (
    "communications: [{name: silent, when: {waiting_for: requester}, after: [{waiting: 2h}], to: [requester],"
    " message: waiting-for-you}]\n"
)

pytestmark = pytest.mark.parametrize("way", WAYS)


def near(way: str, minutes: float):
    """Return what a clock must show, as exactly as it can be known when it is read in this way."""
    return pytest.approx(minutes, abs=max(WAYS[way] / 60, 0.001))


def test_a_ticket_reopened_several_times_goes_on_where_its_clock_stood(way):
    story = Story(way)
    story.at("24 10:00", status="resolved").at("24 11:00", by="kari", status="in_progress")
    story.at("24 12:00", status="resolved").at("24 14:00", by="kari", status="in_progress").until("24 15:00")
    assert story.used("resolve") == near(way, 180)
    assert story.clocks().course.reopened == 2


def test_a_ticket_that_keeps_the_time_of_its_first_solution_ends_when_it_is_solved_again(way):
    story = Story(way).at("24 10:00", status="resolved", resolved_at=moment("24 10:00"))
    story.at("24 11:00", by="kari", status="in_progress").at("24 12:00", status="resolved")
    story.at("24 13:00", note=True).at("24 14:00", note=True)
    assert story.used("resolve") == near(way, 120)
    assert [one.value for one in story.memory.past if one.fact == "status"][-2:] == ["in_progress", "resolved"]


def test_a_pause_before_a_change_of_priority_still_counts_after_it(way):
    story = Story(way).at("24 10:00", status="waiting", waiting_for="requester")
    story.at("24 12:00", status="in_progress", waiting_for=None).at("24 13:00", priority="P1")
    assert story.used("resolve") == near(way, 120)
    assert story.due("resolve") in ("24 15:00", "24 15:05", "24 14:55")


def test_the_clock_runs_again_when_the_customer_answers_in_the_portal(way):
    story = Story(way, SILENT).at("24 10:00", comment=True, status="waiting", waiting_for="requester")
    story.at("24 11:00", by="kari", comment=True).until("24 12:00")
    assert story.used("resolve") == near(way, 120)
    story.until("24 15:00")
    assert story.told == []  # the customer who answered is not reminded
    story.at("24 15:10", comment=True).until("26 09:00")
    assert [what for _, what, _ in story.told] == ["waiting-for-you"]


def test_a_wait_for_somebody_else_begins_when_the_customer_has_answered(way):
    story = Story(way, SILENT.replace("when: {waiting_for: requester}, ", ""))
    story.at("24 10:00", status="waiting", waiting_for="requester")
    story.at("24 11:00", by="kari", comment=True).at("24 12:00", waiting_for="supplier").until("25 12:00")
    assert [at for at, _, _ in story.told] == ["24 14:00"]


def test_nobody_is_warned_of_a_ticket_that_an_agent_has_answered(way):
    assert Story(way, UNANSWERED).until("24 14:00").told == [("24 13:00", "breach-warning", "team")]
    story = Story(way, UNANSWERED).at("24 12:58", comment=True, status="in_progress").until("25 12:00")
    assert story.told == []
    assert story.used("respond") == near(way, 238)


def test_what_we_say_ourselves_answers_nothing_and_restarts_the_updates(way):
    story = Story(way, UPDATES, priority="P1").until("24 10:30")
    assert story.told == [("24 10:00", "major-incident-update", "requester")]
    assert story.used("respond") == near(way, 90)
    assert story.due("updates") == "24 11:00"


def test_updates_promised_sooner_than_an_answer_neither_answer_nor_wait_for_one(way):
    both = f"communications: [{UPDATES[17:-2]}, {UNANSWERED[17:-2]}]\n"
    story = Story(way, p3("respond: 4h, updates: 1h"), both).until("24 13:30")
    assert story.told == [
        ("24 10:00", "major-incident-update", "requester"),
        ("24 11:00", "major-incident-update", "requester"),
        ("24 12:00", "major-incident-update", "requester"),
        ("24 13:00", "major-incident-update", "requester"),
        ("24 13:00", "breach-warning", "team"),
    ]


def test_a_calendar_that_changes_while_a_ticket_is_open_counts_from_its_beginning(way):
    story = Story(way).until("24 18:00")
    assert story.used("resolve") == 420
    assert story.under(hours('["08:00-12:00", "13:00-20:00"]')).used("resolve") == 480


def test_a_target_that_is_taken_away_while_a_ticket_is_open_warns_of_nothing(way):
    story = Story(way, WARNED).until("24 15:00")
    story.under(WARNED, p3("respond: 4h")).until("30 12:00")
    assert story.told == []
    assert story.due("resolve") == ""
    assert Story(way, WARNED).until("30 12:00").told == [("26 12:12", "breach-warning", "team")]


def test_a_holiday_of_the_customers_country_is_no_holiday_of_the_team(way):
    story = Story(way, holiday("2026-11-25", "team")).until("26 08:00")
    assert story.used("resolve") == 7 * 60
    story = Story(way, holiday("2026-11-25", "elsewhere")).until("26 08:00")
    assert story.used("resolve") == 15 * 60


def test_no_clock_counts_the_lunch_break(way):
    story = Story(way, hours('["08:00-11:30", "12:00-16:00"]')).at(
        "24 11:45", status="waiting", waiting_for="requester"
    )
    story.at("24 11:55", by="kari", comment=True, status="in_progress", waiting_for=None).until("24 13:00")
    assert story.used("resolve") == 210
    assert story.due("respond") == "24 13:30"


def test_a_ticket_of_a_holiday_night_is_due_when_work_has_begun(way):
    story = Story(way, holiday("2026-12-25", "team"), start="12-25 02:00", priority="P2")
    assert story.due("respond") == "28 08:30"
    assert story.until("12-28 08:10").used("respond") == 10


def test_a_ticket_older_than_the_platform_remembers_keeps_what_was_seen(way):
    story = Story(way).at("24 10:00", status="waiting", waiting_for="requester")
    story.at("24 12:00", status="in_progress", waiting_for=None)
    story.history.clear()  # the platform forgets what is old
    story.said.clear()
    story.at("24 13:00", note=True).until("24 14:00")
    assert story.used("resolve") == near(way, 180)


def hours(oslo: str, day: str = "2026-01-01", elsewhere: str = "2026-01-01") -> str:
    """Return calendars with these hours in Oslo, a day off there, and one elsewhere."""
    return f"""calendars:
  oslo: {{zone: Europe/Oslo, hours: {{mon-fri: {oslo}}}, days: {{{day}: closed}}}}
  elsewhere: {{zone: Asia/Ho_Chi_Minh, hours: {{mon-fri: "08:00-16:00"}}, days: {{{elsewhere}: closed}}}}
  always: {{zone: UTC, hours: {{mon-sun: "00:00-24:00"}}}}
"""


def holiday(day: str, whose: str) -> str:
    """Return calendars where the team, or somebody elsewhere, is off on a day."""
    return hours('"08:00-16:00"', **{"day" if whose == "team" else "elsewhere": day})


def p3(terms: str) -> str:
    """Return priorities of which P3 has these terms."""
    named = ", ".join(f"{{name: P{number}{', ' + terms if number == 3 else ''}}}" for number in range(1, 6))
    return f"priorities: [{named}]\n"
