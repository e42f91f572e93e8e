"""Teams that follow the sun: which region is on duty, who gets a ticket, and that no ticket moves by the hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from loading import CONNECTION, rulebook
from test_settled import AROUND, WRITABLE, Platform

from rules.confirm import confirmed
from rules.duty import off_duty_since, on_duty, shift
from rules.engine import decide
from rules.model import Assign, Comment
from rules.rulebook import Rulebook

RULES = """
calendar: saigon
calendars:
  oslo: {zone: Europe/Oslo, hours: {mon-fri: 08:00-16:00}}
  vancouver: {zone: America/Vancouver, hours: {mon-fri: 07:00-16:00}}
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: 06:00-15:00}}
teams:
  sun: {follow_the_sun: [oslo, vancouver, saigon]}
  moon: {follow_the_sun: [saigon, oslo]}
  twins: {follow_the_sun: [vancouver, west]}
  oslo: {calendar: oslo, groups: {snow: Oslo}}
  vancouver: {calendar: vancouver, groups: {snow: Vancouver}}
  west: {calendar: vancouver, groups: {snow: West}}
  saigon: {calendar: saigon, groups: {snow: Saigon}}
  web: {groups: {snow: Web}}
services: {mail: {name: Mail, team: sun}}
adjust: []
communications: []
words: {snow: {fields: {mark: u_mark}, set_priority_by: [priority]}}
"""
ROUTES = """
routes:
  - {name: web, when: {category: web}, assign: {team: web}}
  - {name: rest, assign: {team: sun}}
"""
NEW = {"impact": "significant", "urgency": "medium", "priority": "P3", "status": "new"}
MORNING, EVENING, NIGHT = "2026-11-24 09:00", "2026-11-24 18:00", "2026-11-25 02:00"
SATURDAY = "2026-11-28 12:00"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rulebook(RULES, ROUTES)


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


class Ticket(Platform):
    """A ticket at hours of the day that a test chooses."""

    def __init__(self, book: Rulebook, at: str, **facts: str) -> None:
        super().__init__(WRITABLE, NEW | facts, False, "kari", True)
        self.book, self.at = book, at

    def now(self) -> datetime:
        return datetime.fromisoformat(self.at).replace(tzinfo=UTC) + timedelta(minutes=self.version)

    def planned(self, at: str = ""):
        """Decide without writing."""
        self.at = at or self.at
        decision = decide(self.read(), self.memory, AROUND, self.book, self.now())
        self.memory = decision.memory
        return decision.actions

    def team_after(self, at: str) -> str | None:
        """Run a cycle at this time; return whose the ticket is then."""
        self.at = at
        self.cycle()
        return self.facts.get("team")


@pytest.mark.parametrize(
    ("team", "at", "region"),
    [
        ("sun", MORNING, "oslo"),
        ("sun", EVENING, "vancouver"),
        ("sun", NIGHT, "saigon"),
        ("sun", "2026-11-24 07:30", "oslo"),  # Saigon is open, too
        ("moon", "2026-11-24 07:30", "saigon"),
        ("moon", "2026-11-24 08:00", "oslo"),
        ("sun", SATURDAY, "saigon"),  # opens first, at 23:00 on Sunday
        ("twins", MORNING, "vancouver"),
        ("web", SATURDAY, "web"),
    ],
)
def test_on_duty_is_the_first_region_that_is_open_or_else_the_one_that_opens_next(book, team, at, region):
    assert on_duty(book, team, seconds(at)) == region


@pytest.mark.parametrize(
    ("team", "at", "region", "until"),
    [
        ("sun", MORNING, "oslo", "2026-11-24 15:00"),
        ("sun", NIGHT, "saigon", "2026-11-25 07:00"),  # Oslo stands before it, and opens an hour before it closes
        ("moon", NIGHT, "saigon", "2026-11-25 08:00"),
        ("sun", SATURDAY, "", "2026-11-29 23:00"),
        ("oslo", MORNING, "oslo", "2026-11-24 15:00"),
    ],
)
def test_a_shift_ends_when_its_hours_do_or_when_a_region_opens_that_stands_before_it(book, team, at, region, until):
    assert shift(book, team, seconds(at)) == (region, seconds(until))


def test_nobody_is_off_duty_while_a_region_is_open(book):
    for at in (MORNING, EVENING, NIGHT):
        assert off_duty_since(book, "sun", seconds(at)) == seconds(at)


def test_a_team_is_off_duty_since_its_last_region_closed(book):
    assert off_duty_since(book, "sun", seconds(SATURDAY)) == seconds("2026-11-28 00:00")  # 16:00 in Vancouver
    assert off_duty_since(book, "oslo", seconds(SATURDAY)) == seconds("2026-11-27 15:00")


def test_a_team_without_a_calendar_works_by_the_desks(book):
    assert off_duty_since(book, "web", seconds(SATURDAY)) == seconds("2026-11-27 08:00")  # 15:00 in Saigon


@pytest.mark.parametrize(("at", "region"), [(MORNING, "oslo"), (EVENING, "vancouver"), (NIGHT, "saigon")])
def test_a_ticket_goes_to_the_region_on_duty_whatever_was_answered_before(book, at, region):
    assert Ticket(book, MORNING).team_after(at) == region
    assert Ticket(book, at, category="other").team_after(at) == region


def test_a_services_team_may_follow_the_sun():
    book = rulebook(RULES, "routes: [{name: owner, assign: {team: service.team}}]\n")
    assert Ticket(book, MORNING, service="mail").team_after(EVENING) == "vancouver"


def test_a_ticket_stays_where_it_is_when_a_regions_day_ends(book):
    ticket = Ticket(book, MORNING)
    assert ticket.team_after(MORNING) == "oslo"
    for at in (EVENING, NIGHT, SATURDAY):
        assert ticket.planned(at) == ()


def test_facts_that_lead_to_the_same_team_move_no_ticket_to_another_region(book):
    ticket = Ticket(book, MORNING)
    ticket.team_after(MORNING)
    ticket.change("kari", category="other")
    assert ticket.team_after(EVENING) == "oslo"


def test_a_ticket_that_comes_back_by_new_facts_goes_to_the_region_that_is_on_duty_then(book):
    ticket = Ticket(book, MORNING)
    ticket.team_after(MORNING)
    ticket.change("kari", category="web")
    assert ticket.team_after(MORNING) == "web"
    ticket.change("kari", category="other")
    assert ticket.team_after(EVENING) == "vancouver"


def test_what_was_planned_in_the_morning_and_is_not_written_yet_is_the_same_in_the_evening(book):
    ticket = Ticket(book, MORNING)
    (morning,) = ticket.planned(MORNING)
    (evening,) = ticket.planned(EVENING)
    assert isinstance(morning, Assign)
    assert evening == morning
    assert morning.team == "oslo"


def test_a_region_that_a_person_chose_stands(book):
    ticket = Ticket(book, MORNING)
    ticket.team_after(MORNING)
    ticket.change("ida", team="saigon")
    assert ticket.team_after(EVENING) == "saigon"


def test_a_robot_that_takes_the_team_away_is_not_fought_by_the_hour(book):
    robots = rulebook(RULES, ROUTES, connection=CONNECTION + "    robots: [tidy]\n")
    ticket = Ticket(robots, MORNING)
    ticket.team_after(MORNING)
    ticket.change("tidy", team="web")
    assert ticket.team_after(MORNING) == "web"
    assert ticket.team_after(EVENING) == "web"


def test_a_route_that_advises_proposes_the_team_once_at_whatever_time():
    book = rulebook(RULES, "routes: [{name: rest, mode: advise, assign: {team: sun}}]\n")
    ticket = Ticket(book, MORNING)
    (note,) = ticket.planned(MORNING)
    assert isinstance(note, Comment)
    assert [proposal.text for proposal in note.proposals] == ["team: sun"]
    ticket.memory = confirmed(ticket.memory, ticket.read(), [note])
    ticket.change("kari", title="More")
    assert ticket.planned(EVENING) == ()
    ticket.change("ida", team="saigon")
    assert ticket.planned(EVENING) == ()


def test_a_desk_that_advises_proposes_one_region_and_no_other_in_the_evening():
    book = rulebook(RULES, ROUTES + "mode: advise\n")
    ticket = Ticket(book, MORNING)
    (note,) = ticket.planned(MORNING)
    assert isinstance(note, Comment)
    assert [proposal.text for proposal in note.proposals] == ["team: oslo"]
    ticket.memory = confirmed(ticket.memory, ticket.read(), [note])
    ticket.change("kari", title="More")
    assert ticket.planned(EVENING) == ()
