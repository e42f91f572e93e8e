"""What is ServiceNow's own in reading: pages with holes, rights that show as emptiness, times and types."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Refused, TryLater
from connectors.sandbox import Fault
from connectors.servicenow.pages import LIMIT, PAGE_BYTES, Pages, Place, fitting, place
from connectors.servicenow.query import equals, keyset, plain
from connectors.servicenow.tables import Rows
from connectors.servicenow.tickets import moment, stamp
from tests.connectors.contract import read, settled
from tests.connectors.servicenow_desk import WORDS, one


class TestReading:
    def test_a_page_that_the_platform_cut_short_is_not_taken_for_the_whole(self, connector, desk):
        ids = {desk.new(f"ticket {number}") for number in range(50)}
        desk.fail("cut short")
        assert {ticket.id for ticket in read(connector, "incident")[0]} == ids

    def test_a_hibernating_instance_is_named_so(self, connector, desk):
        desk.hibernate()
        with pytest.raises(TryLater, match="hibernating"):
            read(connector, "incident")

    def test_rows_that_we_may_not_see_make_holes_and_no_end(self, desk, connector):
        ids = [desk.new(f"ticket {number}") for number in range(700)]
        desk.world.deny("incident", rows="short_descriptionENDSWITH5")
        seen = {ticket.id for ticket in read(connector, "incident")[0]}
        assert seen == {id for number, id in enumerate(ids) if number % 10 != 5}

    def test_a_page_without_a_single_visible_row_is_not_the_end(self, desk, connector):
        for number in range(500):
            desk.new(f"secret {number}")
        desk.pass_time(60)
        last = desk.new("visible")
        desk.world.deny("incident", rows="short_descriptionSTARTSWITHsecret")
        assert [ticket.id for ticket in read(connector, "incident")[0]] == [last]

    def test_the_scope_holds_on_every_page(self, desk, started):
        for number in range(450):
            desk.new(f"ticket {number}", category="hardware" if number % 2 else "software")
        connector = started(scope="category=hardware^ORcategory=network")
        tickets, cursor = read(connector, "incident")
        assert len(tickets) == 225
        assert {ticket.facts["category"] for ticket in tickets} == {"hardware"}
        desk.pass_time(10)
        desk.new("another", category="software")
        assert "software" not in {ticket.facts["category"] for ticket in read(connector, "incident", cursor)[0]}

    def test_where_ranges_are_forbidden_everything_is_read_all_the_same(self, desk, started):
        desk.world.deny("incident", field="sys_updated_on", action="range")
        ids = {desk.new(f"ticket {number}") for number in range(450)}
        connector = started()
        tickets, _ = read(connector, "incident")
        assert {ticket.id for ticket in tickets} == ids
        cursor = settled(connector, desk)
        before = len(desk.asked())
        assert read(connector, "incident", cursor) == ([], cursor)
        assert len(desk.asked()) == before + 3  # all pages: whether the platform sorted them does not show
        changed = desk.new("another")
        assert [ticket.id for ticket in read(connector, "incident", cursor)[0]] == [changed]

    def test_a_platform_that_ignores_the_paging_does_not_keep_us_for_ever(self, desk, connector, monkeypatch):
        desk.new("a ticket")
        rows = connector.tables.read("incident", "", connector.kinds["incident"].translator.fields)
        monkeypatch.setattr(connector.tables, "read", lambda *_: rows._replace(more=True))
        with pytest.raises(TryLater, match="did not keep to the order"):
            read(connector, "incident")

    def test_a_page_that_is_cut_short_is_asked_for_in_smaller_pieces(self, desk, connector):
        ids = {desk.new(f"ticket {number}") for number in range(150)}
        desk.world.faults.add(Fault("result_and_error", method="GET", path="incident", times=3))
        tickets, _ = read(connector, "incident")
        assert {ticket.id for ticket in tickets} == ids
        limits = [
            int(r.query["sysparm_limit"])
            for r in desk.world.requests
            if "ORDERBYsys_updated_on" in r.query.get("sysparm_query", "")
        ]
        assert limits[:4] == [200, 100, 50, 25]

    def test_fields_are_asked_for_by_name_and_people_in_the_same_request(self, desk, connector):
        desk.new("a ticket")
        read(connector, "incident")
        asked = desk.world.requests[-1].query
        assert {"sys_id", "state", "caller_id.preferred_language", "u_itsm_sync"} <= set(
            asked["sysparm_fields"].split(",")
        )
        assert asked["sysparm_display_value"] == "all"
        assert asked["sysparm_exclude_reference_link"] == "true"

    def test_times_are_utc_whatever_the_zone_and_format_of_our_account(self, desk, started):
        desk.world.accounts["itsm.sync"].zone = "Asia/Ho_Chi_Minh"
        desk.world.accounts["itsm.sync"].date_format = "%d/%m/%Y %I:%M:%S %p"
        id = desk.new("a ticket", started_at="2026-11-01 23:30:00")
        ticket = one(started(), id)
        assert ticket.created == datetime(2026, 11, 2, 8, tzinfo=UTC)
        assert ticket.facts["started_at"] == datetime(2026, 11, 1, 23, 30, tzinfo=UTC)

    def test_values_have_the_type_of_their_field(self, desk, connector):
        id = desk.new(
            "a ticket", seats=12, labels="vip, demand ,", assignee=desk.people["ida"], participants=desk.people["ida"]
        )
        facts = one(connector, id).facts
        assert facts["seats"] == 12
        assert facts["labels"] == ("vip", "demand")
        assert facts["assignee"] == "ida"
        assert facts["participants"] == ("Ida Moe",)
        assert facts["reopened"] == 0

    def test_a_resolved_ticket_says_when(self, desk, connector):
        id = desk.new("a ticket")
        desk.pass_time(60)
        desk.change(id, status="resolved")
        assert one(connector, id).facts["resolved_at"] == datetime(2026, 11, 2, 8, 1, tzinfo=UTC)

    def test_a_group_that_is_none_of_our_teams_keeps_its_name(self, desk, connector):
        ticket = one(connector, desk.new("a ticket", team="Archive"))
        assert ticket.facts["team"] == ticket.unmapped["team"] == "Archive"

    def test_display_values_are_words_too(self, desk, started):
        values = {**WORDS.values, "status": {"new": ("new",), "in_progress": ("In progress",)}}
        connector = started(kinds={"incident": replace(WORDS, values=values)})
        assert one(connector, desk.new("a ticket", status="in_progress")).facts["status"] == "in_progress"

    def test_a_flag_that_we_may_not_read_is_absent_and_not_false(self, desk, started):
        desk.world.deny("incident", field="major_incident_state")
        assert "major" not in one(started(), desk.new("a ticket")).facts

    def test_a_requester_whose_record_is_closed_to_us_is_still_somebody(self, desk, connector):
        for field in ("user_name", "name", "preferred_language", "time_zone", "vip"):
            desk.world.deny("sys_user", field=field)
        ticket = one(connector, desk.new("a ticket"))
        assert ticket.requester is not None
        assert ticket.requester.account
        assert "requester.vip" not in ticket.facts


class TestHistory:
    def test_one_request_tells_of_many_tickets(self, desk, connector):
        ids = [desk.new(f"ticket {number}") for number in range(100)]
        for id in ids:
            desk.change(id, team="payments")
        tickets = read(connector, "incident")[0]
        before = len(desk.asked())
        history = connector.history("incident", tickets)
        assert len(desk.asked()) == before + 1
        assert {events[-1].value for events in history.values()} == {"payments"}

    def test_a_ticket_that_nobody_changed_has_no_history(self, desk, connector):
        id = desk.new("a ticket")
        assert connector.history("incident", [one(connector, id)]) == {id: ()}

    def test_a_ticket_with_comments_only_has_no_history_where_the_audit_is_readable(self, desk, connector):
        desk.change(desk.new("another"), impact="extensive")
        id = desk.new("a ticket")
        desk.change(id, comment="hello")
        assert connector.history("incident", [one(connector, id)]) == {id: ()}

    def test_emptying_a_field_is_an_event_without_a_value(self, desk, connector):
        id = desk.new("a ticket", team="web")
        desk.world.update("incident", id, {"assignment_group": ""}, by="ida")
        (event,) = connector.history("incident", [one(connector, id)])[id]
        assert (event.fact, event.value, event.author) == ("team", None, "ida")

    def test_the_event_of_a_foreign_group_has_the_value_that_the_ticket_has(self, desk, connector):
        id = desk.new("a ticket")
        desk.change(id, team="Archive")
        ticket = one(connector, id)
        assert connector.history("incident", [ticket])[id][-1].value == ticket.facts["team"]


class TestArithmetic:
    moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=0, tzinfo=UTC)
    )

    @given(moments)
    def test_times_survive_being_stored(self, at):
        assert moment(stamp(at)) == at

    @given(st.integers(1, LIMIT), st.integers(1, LIMIT), st.integers(0, 10**9))
    def test_pages_stay_within_their_bounds(self, limit, rows, size):
        new = fitting(limit, rows, size)
        assert 1 <= new <= min(2 * limit, LIMIT)
        assert new == 1 or new * size <= PAGE_BYTES * rows

    @given(moments, moments, st.text("0123456789abcdef", min_size=32, max_size=32))
    def test_reading_never_begins_after_what_may_still_become_visible(self, at, read_at, id):
        begin = Place(stamp(at), id, stamp(read_at)).begin()
        assert begin <= (stamp(at), id)
        assert begin <= (stamp(read_at - timedelta(seconds=30)), "")

    def test_a_page_that_was_read_while_young_keeps_later_pages_from_closing_the_door(self):
        start = datetime(2026, 11, 2, 8, tzinfo=UTC)

        def rows(changed: int, read_at: int, more: bool) -> Rows:
            record = {"sys_updated_on": stamp(start + timedelta(seconds=changed)), "sys_id": "a" * 32}
            return Rows([record], more, start + timedelta(seconds=read_at), 100, 2)

        answers = [rows(changed=100, read_at=105, more=True), rows(changed=101, read_at=300, more=False)]
        *_, (_, last) = Pages(lambda *_: answers.pop(0), "").since(Place())
        assert last.begin() == (stamp(start + timedelta(seconds=75)), "")

    def test_reading_backwards_goes_on_past_a_row_without_a_time(self):
        undated, older = {"sys_id": "b" * 32}, {"sys_updated_on": "2026-11-02 08:00:00", "sys_id": "a" * 32}
        answers = [Rows([undated], True, None, 100, 2), Rows([older], False, None, 100, 2)]
        pages = list(Pages(lambda *_: answers.pop(0), "").by_offset(Place("2026-11-01 08:00:00", "a" * 32)))
        assert [records for records, _ in pages] == [[undated], [older]]
        assert pages[-1][1].at == "2026-11-02 08:00:00"

    @given(st.builds(Place, st.text(), st.text(), st.text()))
    def test_a_place_survives_being_stored(self, somewhere):
        assert place(somewhere.text()) == somewhere
        assert json.loads(somewhere.text()) == {"at": somewhere.at, "id": somewhere.id, "read": somewhere.read}

    def test_the_scope_stands_in_both_halves(self):
        assert keyset("a=1", "T", "I") == "a=1^sys_updated_on>T^NQa=1^sys_updated_on=T^sys_id>I^" + keyset("", "", "")

    @given(st.text())
    def test_a_value_adds_no_condition_to_a_query(self, value):
        try:
            query = equals("name", [value])
        except Refused:
            return
        assert query == f"name={value}"
        assert "^" not in query
        assert len(query.splitlines()) == 1

    @pytest.mark.parametrize("value", ["a^b", "a\nb", "a\x00", " JavaScript:gs.now()", "a\u2028b"])
    def test_a_value_with_a_meaning_of_its_own_is_refused(self, value):
        with pytest.raises(Refused):
            plain(value)
