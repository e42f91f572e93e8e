"""ServiceNow's on-call schedules: whose turn it is by the platform's own spans, and what keeps us from reading them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import TryLater, Unusable
from connectors.rosters import EVERY, Rosters
from connectors.rota.sheet import UNKNOWN, Nonsense, Odd
from connectors.sandbox import Fault
from connectors.sandbox.servicenow.oncall import SPANS
from connectors.servicenow.connector import ServiceNow
from rules.oncall import on_call, on_call_line
from rules.rulebook import Staff
from tests.connectors.scripted import Reply, Scripted, scripted
from tests.connectors.servicenow_desk import ServiceNowDesk
from tests.rules.loading import CONNECTION, rulebook

START = datetime(2026, 11, 23, 7, tzinfo=UTC)
AT = int(START.timestamp())
DAY = 86400
PEOPLE = {
    "ida": Staff("ida", "IDA@harbour.example"),
    "per": Staff("per", "somebody@else.example", {"servicenow-emea": "per"}),
}


@pytest.fixture
def rosters(desk: ServiceNowDesk) -> list[str]:
    """Return the rosters of the group Web's shift: Primary and Secondary."""
    return desk.world.add_shift("Web", "Web 24x7", ["Primary", "Secondary"])


def span(desk: ServiceNowDesk, roster: str, user: str, day: float, days: float, kind: str = "roster") -> None:
    start = START + timedelta(days=day)
    desk.world.add_span(roster, user, start, start + timedelta(days=days), kind)  # type: ignore[arg-type]


@pytest.fixture
def plain(desk: ServiceNowDesk) -> Iterator[ServiceNow]:
    connector = desk.connect()
    yield connector
    connector.close()


def told(connector: ServiceNow, schedule: str = "Web") -> list[tuple[float, float, str | None]]:
    """Return from when until when, in days, in the order in which it counts."""
    found = connector.sheet(schedule, PEOPLE, AT - DAY, AT + 35 * DAY).turns
    return [((turn.start - AT) / DAY, (turn.end - AT) / DAY, turn.person) for turn in found]


def test_a_schedule_is_a_group_or_one_of_its_shifts(desk, rosters, plain):
    span(desk, rosters[0], "ida", 0, 7)
    assert told(plain, "Web") == told(plain, "Web 24x7") == [(0, 7, "ida")]


def test_the_first_roster_counts_and_the_next_one_is_tried_after_it(desk, rosters, plain):
    span(desk, rosters[1], "per", 0, 14)
    span(desk, rosters[0], "ida", 0, 7)
    assert told(plain) == [(0, 7, "ida"), (0, 14, "per")]


def test_whoever_takes_over_counts_before_whose_turn_it_is(desk, rosters, plain):
    span(desk, rosters[0], "ida", 0, 7)
    span(desk, rosters[0], "per", 1, 0.5, "override")
    assert told(plain) == [(1, 1.5, "per"), (0, 7, "ida")]


def test_whoever_is_off_is_not_on_call_meanwhile(desk, rosters, plain):
    span(desk, rosters[0], "ida", 0, 7)
    span(desk, rosters[0], "ida", 2, 1, "timeoff")
    assert told(plain) == [(3, 7, "ida"), (0, 2, "ida")]


def test_people_are_known_by_account_else_by_e_mail_and_others_are_told(desk, rosters, plain):
    for day, user in enumerate(("ida", "per", "kari")):
        span(desk, rosters[0], user, day, 1)
    found = plain.sheet("Web", PEOPLE, AT - DAY, AT + 35 * DAY)
    assert [(turn.person, turn.why) for turn in found.turns] == [("per", ""), ("ida", ""), (None, UNKNOWN)]
    assert found.odd == (Odd(AT + 2 * DAY, ""),)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Oslo", "UTC"])
@pytest.mark.parametrize("heeded", [True, False])
def test_times_are_true_whatever_the_zone_of_our_account_is(desk, rosters, plain, zone, heeded):
    desk.world.accounts["itsm.sync"].zone = zone
    desk.world.update("sys_user", desk.world.user_id("itsm.sync"), {"time_zone": zone})
    desk.world.has_target_zone = heeded
    span(desk, rosters[0], "ida", 0, 7)
    assert told(plain) == [(0, 7, "ida")]


def test_times_by_a_clock_that_nobody_told_us_of_are_not_guessed(desk, rosters, plain):
    desk.world.has_target_zone = False
    span(desk, rosters[0], "ida", 0, 7)
    with pytest.raises(Unusable, match="set the time zone of our account in sys_user"):
        told(plain)


def test_it_takes_four_requests(desk, rosters, plain):
    span(desk, rosters[0], "ida", 0, 7)
    before = len(desk.world.requests)
    told(plain)
    asked = [request.path.rpartition("/")[2] for request in desk.world.requests[before:]]
    assert asked == ["cmn_rota", "cmn_rota_roster", "spans", "sys_user"]


def test_a_shift_without_a_turn_is_not_believed_to_mean_nobody(desk, rosters, plain):
    with pytest.raises(Nonsense, match="has nobody on call in Web from yesterday to five weeks ahead"):
        told(plain)


def test_a_name_that_leads_nowhere_or_to_several_groups_is_said_with_the_mend(desk, rosters, plain):
    with pytest.raises(Unusable, match="no active shift or group called 'Wbe'; correct schedule"):
        told(plain, "Wbe")
    desk.world.add_shift("Payments", "Web 24x7")
    with pytest.raises(Unusable, match="shifts called 'Web 24x7' in 2 groups: name a group"):
        told(plain, "Web 24x7")


def test_a_name_that_could_change_the_query_is_refused(plain):
    with pytest.raises(Unusable, match="cannot be looked up"):
        told(plain, "Web^NQactive=true")


def test_missing_rights_are_said_with_the_mend(desk, rosters, plain):
    desk.world.accounts["itsm.sync"].roles.discard("itil")
    with pytest.raises(Unusable, match="give our account the role itil"):
        told(plain)
    desk.world.deny("cmn_rota")
    with pytest.raises(Unusable, match="or give our account the role itil, and let it read cmn_rota"):
        told(plain)


@pytest.mark.parametrize("kind", ["500", "half", "result_and_error", "broken_before"])
def test_a_broken_answer_is_no_roster(desk, rosters, kind):
    span(desk, rosters[0], "ida", 0, 7)
    span(desk, rosters[0], "per", 7, 7)
    desk.world.faults.add(Fault(kind, path=SPANS, times=9))
    with pytest.raises(TryLater):
        told(desk.connect())


SHIFT = {"sys_id": "a" * 32, "name": "Web", "group": "b" * 32, "group.name": "Web"}
ROSTER = {"sys_id": "c" * 32, "rota": "a" * 32, "order": "100"}


@pytest.fixture
def server(monkeypatch) -> Iterator[Scripted]:
    monkeypatch.setattr("connectors.web.waits.backoff", lambda *_: 0.0)
    with scripted() as script:
        yield script


@pytest.mark.parametrize(
    "spans",
    [
        {"result": {"spans": []}},
        {"result": ["a", "b"]},
        {"result": None},
        {},
        {"result": [{"type": "roster", "user_id": "d" * 32, "roster_id": "c" * 32}]},
        {"result": [{"type": "roster", "user_id": "d" * 32, "roster_id": "c" * 32, "start": "soon", "end": "later"}]},
        {"result": [{"type": "roster", "user_id": "d" * 32, "roster_id": "c" * 32, "start": 5, "end": None}]},
    ],
)
def test_spans_in_another_form_are_no_roster_and_no_accident(server, desk, spans):
    desk.url = server.url
    for row in spans.get("result") or []:
        if isinstance(row, dict):
            row["user_session_start_date"] = ""
    bodies = [{"result": [SHIFT]}, {"result": [ROSTER]}, spans]
    server.replies = [Reply(body=json.dumps(body).encode()) for body in bodies]
    with pytest.raises(TryLater):
        desk.connect().sheet("Web", PEOPLE, AT, AT + DAY)


def test_the_cycle_knows_whoever_is_on_call_by_a_schedule(desk, rosters, plain):
    people = "people: {ida: {email: ida@harbour.example}, per: {email: per@harbour.example}}\n"
    team = "teams: {web: {on_call: {source: servicenow-emea, schedule: Web}}}"
    book = rulebook(people + team, connection=CONNECTION.replace("snow:", "servicenow-emea:"))
    span(desk, rosters[0], "ida", 0, 7)
    span(desk, rosters[1], "per", 0, 7)
    found = Rosters(book, {}, None, {"servicenow-emea": plain})
    known = found.refresh(START)
    assert (on_call(book, "web", AT, known), on_call_line(book, "web", AT, known)) == ("ida", ("ida", "per"))
    desk.world.spans.clear()
    assert on_call(book, "web", AT, found.refresh(START + EVERY)) == "ida"
    assert "has nobody on call in Web" in found.problems["web"]
