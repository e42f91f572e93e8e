"""What is ServiceNow's own: pages with holes, computed priorities, rights that show as emptiness."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Refused, TryLater, Unusable, Write
from connectors.sandbox import Fault, serve
from connectors.sandbox.rights import Refusal
from connectors.servicenow_pages import LARGEST_LIMIT, PAGE_BYTES, Place, fitting, keyset, place
from connectors.servicenow_tables import equals, plain
from connectors.servicenow_tickets import moment, stamp
from rules.rulebook import Source, Staff, Team
from tests.connectors.contract import read, settled
from tests.connectors.servicenow_desk import EXTRA, WORDS, ServiceNowDesk


@pytest.fixture
def started(desk):
    """Return a function that starts another connector on the desk's instance."""

    def start(**changes):
        connector = desk.connect(**changes)
        connector.start()
        return connector

    return start


def one(connector, id):
    ((ticket,), _) = next(iter(connector.tickets("incident", [id])))
    return ticket


class TestStart:
    def test_starting_takes_six_requests(self, desk, started):
        desk.new("a ticket")
        started()
        assert len(desk.asked()) == 6

    def test_importing_the_connector_does_not_import_pysnow(self):
        code = "import sys, connectors.servicenow; sys.exit('pysnow' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603

    def test_a_misspelt_field_is_named(self, started):
        words = replace(WORDS, fields={**WORDS.fields, "mark": Source("u_itsm_synk")})
        with pytest.raises(Unusable, match="incident has no field u_itsm_synk; correct words"):
            started(kinds={"incident": words})

    def test_an_unknown_table_is_named(self, started):
        with pytest.raises(Unusable, match="incidents"):
            started(kinds={"incident": replace(WORDS, table="incidents")})

    def test_a_field_that_only_other_tables_have_is_empty(self, desk, started):
        id = desk.world.insert("sc_req_item", {"short_description": "A laptop", "state": "2"}, by="kari")
        connector = started(kinds={"request": replace(WORDS, kind="request", table="sc_req_item")})
        ((ticket,), _) = next(iter(connector.tickets("request", [id])))
        assert ticket.facts["status"] == "in_progress"
        assert "waiting_for" not in ticket.facts
        assert "major" not in ticket.facts

    def test_without_a_readable_dictionary_a_record_shows_what_there_is(self, desk, started):
        desk.world.deny("sys_dictionary")
        desk.world.deny("sys_db_object")
        ticket = one(started(), desk.new("a ticket"))
        written = started().write(Write(ticket, {"team": "web", "impact": "extensive"}, "hello", "", ("0a1b2c3d",)))
        assert written.ticket.facts["team"] == "web"
        assert written.ticket.marks == {"0a1b2c3d"}
        assert not written.refused

    @pytest.mark.parametrize("scope", ["a=1^NQb=2", "active=true^ORDERBYnumber", "active=true^EQ"])
    def test_a_scope_that_is_more_than_a_condition_is_refused(self, desk, scope):
        with pytest.raises(Unusable, match="scope"):
            desk.connect(scope=scope)

    @pytest.mark.parametrize(
        "url",
        ["harbour.service-now.com", "http://harbour.service-now.com", "https://me:pw@harbour.service-now.com", ""],
    )
    def test_an_address_that_would_not_do_or_give_away_the_password_is_refused(self, desk, url):
        with pytest.raises(Unusable, match="url"):
            desk.connect(url=url)

    @pytest.mark.parametrize("auth", [{}, {"user": "x"}, {"client_id": "x"}, {"user": "x", "token": "y"}])
    def test_credentials_that_do_not_suffice_are_named(self, desk, auth):
        with pytest.raises(Unusable, match="auth needs user and password"):
            desk.connect(auth=auth)

    def test_a_ca_file_that_is_not_there_is_named(self, desk):
        with pytest.raises(Unusable, match="ca_file"):
            desk.connect(ca_file="/nowhere/ca.pem")

    def test_client_credentials_work_and_outlive_their_token(self, desk, started):
        connector = started(auth={"user": "itsm.sync", "client_id": "sandbox", "client_secret": "sandbox"})
        desk.new("a ticket")
        assert len(read(connector, "incident")[0]) == 1
        desk.pass_time(7200)
        assert len(read(connector, "incident")[0]) == 1

    def test_an_account_without_the_role_for_the_api_is_for_a_person_to_mend(self, desk, started):
        desk.world.accounts["itsm.sync"].roles.clear()
        with pytest.raises(Unusable):
            started()


class TestReading:
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
        assert len(desk.asked()) == before + 1
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
            int(r.query["sysparm_limit"]) for r in desk.world.requests if "ORDERBY" in r.query.get("sysparm_query", "")
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


class TestWriting:
    def test_a_write_is_one_patch(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        before = len(desk.asked())
        connector.write(Write(ticket, {"impact": "extensive", "team": "web"}, "comment", "note", ("0a1b2c3d",)))
        assert desk.asked()[before:] == ["PATCH"]
        request = desk.world.requests[-1]
        assert request.body == {
            "impact": "1",
            "assignment_group": desk.groups["Web"],
            "comments": "comment",
            "work_notes": "note",
            "u_itsm_sync": "0a1b2c3d",
        }
        assert not {"sysparm_suppress_auto_sys_field", "sysparm_input_display_value"} & set(request.query)

    def test_a_priority_that_the_platform_computes_is_reported_as_kept(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        written = connector.write(Write(ticket, {"priority": "P1"}, "", "", ()))
        assert written.refused == {"priority": "the platform kept 'P5'"}

    def test_urgency_moves_a_computed_priority(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        written = connector.write(Write(ticket, {"urgency": "high"}, "", "", ()))
        assert written.ticket.facts["priority"] == "P3"
        assert not written.refused

    def test_what_a_data_lookup_replaced_is_reported(self, desk, connector):
        desk.world.add_data_lookup("incident", "category=network", {"assignment_group": desk.groups["Payments"]})
        ticket = one(connector, desk.new("a ticket", category="network"))
        written = connector.write(Write(ticket, {"team": "web"}, "", "", ()))
        assert written.refused == {"team": "the platform kept 'payments'"}

    def test_a_business_rule_that_aborts_is_told_in_its_own_words(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        desk.world.refuse("incident", "Closed for stocktaking")
        with pytest.raises(Refused, match="Closed for stocktaking"):
            connector.write(Write(ticket, {}, "hello", "", ()))

    def test_a_rule_against_our_fields_is_met_by_sending_the_words_alone(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        refusals = [False, True]  # the second attempt, the first one
        desk.world.refusals.append(Refusal("incident", lambda _: refusals.pop(), "impact is frozen"))
        written = connector.write(Write(ticket, {"impact": "extensive", "team": "web"}, "hello", "", ()))
        assert "impact is frozen" in written.refused["impact"]
        assert desk.said(ticket.id) == [(True, "hello")]
        assert written.ticket.facts["team"] == "web"

    def test_two_groups_of_one_name_are_not_guessed_between(self, desk, started):
        desk.world.add_group("Web")
        connector = started()
        ticket = one(connector, desk.new("a ticket"))
        written = connector.write(Write(ticket, {"team": "web"}, "hello", "", ()))
        assert written.refused == {"team": "2 active records in sys_user_group are called 'Web'"}
        assert desk.said(ticket.id) == [(True, "hello")]

    def test_a_group_that_is_made_later_is_found_then(self, desk, started):
        words = replace(WORDS, values={**WORDS.values, "team": {"night": ("Night",)}})
        connector = started(kinds={"incident": words})
        ticket = one(connector, desk.new("a ticket"))
        assert "no active record" in connector.write(Write(ticket, {"team": "night"}, "", "", ())).refused["team"]
        desk.world.add_group("Night")
        assert connector.write(Write(ticket, {"team": "night"}, "", "", ())).ticket.facts["team"] == "night"

    @pytest.mark.parametrize("name", ["Web^ORactive=true", "javascript:gs.x()", "Web\n"])
    def test_a_name_that_would_be_more_than_a_name_is_never_sent(self, desk, connector, name):
        words = replace(WORDS, values={**WORDS.values, "team": {"odd": (name,)}})
        ticket = one(connector, desk.new("a ticket"))
        odd = desk.connect(kinds={"incident": words})
        odd.start()
        written = odd.write(Write(ticket, {"team": "odd"}, "hello", "", ()))
        assert "cannot be looked up" in written.refused["team"]
        assert desk.said(ticket.id) == [(True, "hello")]
        assert not any(name in request.query.get("sysparm_query", "") for request in desk.world.requests)

    def test_labels_are_written_as_a_list_and_more_than_there_were(self, desk, connector):
        ticket = one(connector, desk.new("a ticket", labels="vip"))
        written = connector.write(Write(ticket, {"labels": ("vip", "demand")}, "", "", ()))
        assert written.ticket.facts["labels"] == ("vip", "demand")
        assert not written.refused

    def test_marks_that_do_not_fit_are_left_out_whole_and_oldest_first(self, started):
        desk = ServiceNowDesk(extra={**EXTRA, "u_itsm_sync": "string(20)"})
        with serve(desk.world) as desk.url:
            connector = desk.connect()
            connector.start()
            ticket = one(connector, desk.new("a ticket"))
            written = connector.write(Write(ticket, {}, "hello", "", ("aaaaaaaa", "bbbbbbbb", "cccccccc")))
        assert written.ticket.marks == {"aaaaaaaa", "bbbbbbbb"}
        assert not written.refused

    def test_without_a_mark_field_the_journal_tells_what_we_said(self, desk, started):
        fields = {fact: source for fact, source in WORDS.fields.items() if fact != "mark"}
        connector = started(kinds={"incident": replace(WORDS, fields=fields)})
        ticket = one(connector, desk.new("a ticket"))
        connector.write(Write(ticket, {}, "hello", "", ("0a1b2c3d",)))
        assert not connector.has_mark("incident")
        assert len(connector.spoken("incident", ticket)) == 1

    def test_where_journal_rows_are_hidden_the_journal_as_shown_tells(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        connector.write(Write(ticket, {}, "hello\n\nthere - (you)", "a note", ()))
        expected = connector.spoken("incident", ticket)
        desk.world.deny("sys_journal_field")
        assert connector.spoken("incident", ticket) == expected

    def test_an_empty_write_asks_nothing(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        before = len(desk.asked())
        assert connector.write(Write(ticket, {}, "", "", ())).ticket == ticket
        assert len(desk.asked()) == before


class TestCheck:
    def texts(self, connector, rulebook, weight):
        return [finding.text for finding in connector.check(rulebook) if finding.weight == weight]

    def test_what_cannot_be_read_is_named_with_what_is_lost(self, desk, connector, rulebook):
        desk.change(desk.new("a ticket"), impact="extensive")
        for table in ("sys_audit", "sys_journal_field", "sys_dictionary"):
            desk.world.deny(table)
        warnings = "\n".join(self.texts(connector, rulebook, "warning"))
        assert all(table in warnings for table in ("sys_audit", "sys_journal_field", "sys_dictionary"))

    def test_groups_services_and_people_that_are_missing_are_named(self, desk, connector, rulebook):
        rulebook.teams["night"] = Team("night", {"servicenow-emea": "Night"})
        rulebook.people["olivia"] = Staff("olivia", "olivia@harbour.example")
        assert any("'Night'" in text for text in self.texts(connector, rulebook, "problem"))
        assert any("olivia@harbour.example" in text for text in self.texts(connector, rulebook, "warning"))

    def test_choices_without_a_word_and_words_without_a_choice_are_named(self, desk, rulebook):
        values = {**WORDS.values, "status": {"new": ("1",), "in_progress": ("Working",)}}
        connector = desk.connect(kinds={"incident": replace(WORDS, values=values)})
        warnings = self.texts(connector, rulebook, "warning")
        assert any("no choice 'Working'" in text for text in warnings)
        assert any("8 (Canceled) has no word" in text for text in warnings)

    def test_a_scope_that_the_platform_ignores_is_noticed(self, desk, rulebook):
        desk.new("a ticket")
        warnings = self.texts(desk.connect(scope="compny.name=Harbour"), rulebook, "warning")
        assert any("compny.name=Harbour lets all 1 rows" in text for text in warnings)

    def test_a_missing_right_to_write_is_noticed_without_writing(self, desk, connector, rulebook):
        id = desk.new("a ticket")
        before = desk.world.record("incident", id)
        desk.world.accounts["itsm.sync"].roles.discard("sn_incident_write")
        assert any("403" in text for text in self.texts(connector, rulebook, "problem"))
        assert desk.world.record("incident", id) == before

    def test_a_short_or_missing_mark_field_is_named(self, desk, rulebook):
        fields = {fact: source for fact, source in WORDS.fields.items() if fact != "mark"}
        missing = desk.connect(kinds={"incident": replace(WORDS, fields=fields)})
        assert any("no field for marks" in text for text in self.texts(missing, rulebook, "warning"))

    def test_forbidden_ranges_are_named(self, desk, connector, rulebook):
        desk.new("a ticket")
        desk.world.deny("incident", field="sys_updated_on", action="range")
        assert any("range of times" in text for text in self.texts(connector, rulebook, "warning"))

    def test_a_priority_that_is_computed_but_written_is_named(self, desk, rulebook):
        desk.new("a ticket")
        connector = desk.connect(kinds={"incident": replace(WORDS, set_priority_by=("priority",))})
        assert any("seems computed" in text for text in self.texts(connector, rulebook, "warning"))

    def test_all_is_told_at_once(self, desk, rulebook):
        words = replace(WORDS, fields={**WORDS.fields, "mark": Source("u_markk"), "labels": Source("u_labelz")})
        connector = desk.connect(kinds={"incident": words}, scope="nonsense=1")
        rulebook.teams["night"] = Team("night", {"servicenow-emea": "Night"})
        desk.new("a ticket")
        problems = "\n".join(self.texts(connector, rulebook, "problem"))
        assert all(word in problems for word in ("u_markk", "u_labelz", "Night"))


class TestArithmetic:
    moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=0, tzinfo=UTC)
    )

    @given(moments)
    def test_times_survive_being_stored(self, at):
        assert moment(stamp(at)) == at

    @given(st.integers(1, LARGEST_LIMIT), st.integers(1, LARGEST_LIMIT), st.integers(0, 10**9))
    def test_pages_stay_within_their_bounds(self, limit, rows, size):
        new = fitting(limit, rows, size)
        assert 1 <= new <= min(2 * limit, LARGEST_LIMIT)
        assert new == 1 or new * size <= PAGE_BYTES * rows

    @given(moments, moments, st.text("0123456789abcdef", min_size=32, max_size=32))
    def test_reading_never_begins_after_what_may_still_become_visible(self, at, read_at, id):
        begin = Place(stamp(at), id, stamp(read_at)).begin()
        assert begin <= (stamp(at), id)
        assert begin <= (stamp(read_at - timedelta(seconds=30)), "")

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
