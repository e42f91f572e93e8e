"""Starting and checking a ServiceNow connection: what is wrong is named, with what to do."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from connectors.base import Unusable, Write
from rules.confirm import Marks
from rules.rulebook import Source, Staff, Team
from tests.connectors.contract import read
from tests.connectors.servicenow_desk import WORDS, one


class TestStart:
    def test_starting_takes_seven_requests(self, desk, started):
        desk.new("a ticket")
        started()
        assert len(desk.asked()) == 7

    def test_a_group_that_is_not_there_is_named(self, started):
        words = replace(WORDS, values={**WORDS.values, "team": {"night": ("Night",)}})
        with pytest.raises(Unusable, match="not exactly one active group called Night; correct groups in teams"):
            started(kinds={"incident": words})

    def test_a_choice_that_is_not_there_is_named(self, started):
        words = replace(WORDS, values={**WORDS.values, "impact": {"extensive": ("77",)}})
        with pytest.raises(Unusable, match=r"incident\.impact has no choice 77; correct the values of impact in words"):
            started(kinds={"incident": words})

    def test_importing_the_connector_does_not_import_pysnow(self):
        code = "import sys, connectors.servicenow.connector; sys.exit('pysnow' in sys.modules)"
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
        written = started().write(
            Write(ticket, {"team": "web", "impact": "extensive"}, "hello", "", Marks(comment=("0a1b2c3d",)))
        )
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
        connector = started(auth={"client_id": "sandbox", "client_secret": "sandbox"})
        assert connector.account == "itsm.sync"
        desk.new("a ticket")
        assert len(read(connector, "incident")[0]) == 1
        desk.pass_time(7200)
        assert len(read(connector, "incident")[0]) == 1

    def test_an_account_without_the_role_for_the_api_is_for_a_person_to_mend(self, desk, started):
        desk.world.accounts["itsm.sync"].roles.clear()
        with pytest.raises(Unusable):
            started()


class TestCheck:
    def texts(self, connector, rulebook, weight):
        return [finding.text for finding in connector.check(rulebook) if finding.weight == weight]

    def test_what_cannot_be_read_is_named_with_what_is_lost(self, desk, connector, rulebook):
        desk.change(desk.new("a ticket"), impact="extensive")
        for table in ("sys_audit", "sys_journal_field", "sys_dictionary"):
            desk.world.deny(table)
        warnings = "\n".join(self.texts(connector, rulebook, "warning"))
        assert all(table in warnings for table in ("sys_audit", "sys_dictionary"))
        assert any("sys_journal_field" in text for text in self.texts(connector, rulebook, "note"))

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

    def test_a_ticket_without_a_time_of_its_creation_is_named(self, desk, connector, rulebook):
        id = desk.new("a ticket")
        assert not any("sys_created_on" in text for text in self.texts(connector, rulebook, "warning"))
        desk.world.update("incident", id, {"sys_created_on": ""}, by="ida")
        number = desk.world.record("incident", id)["number"]
        assert any(f"{number}, for one, has no sys_created_on" in t for t in self.texts(connector, rulebook, "warning"))

    def test_forbidden_ranges_are_named(self, desk, connector, rulebook):
        desk.new("a ticket")
        desk.world.deny("incident", field="sys_updated_on", action="range")
        assert any("range of times" in text for text in self.texts(connector, rulebook, "warning"))

    def test_a_priority_that_is_computed_but_written_is_named(self, desk, rulebook):
        for urgency in ("high", "medium", "low"):
            desk.new("a ticket", urgency=urgency)
        connector = desk.connect(kinds={"incident": replace(WORDS, set_priority_by=("priority",))})
        assert any("seems computed" in text for text in self.texts(connector, rulebook, "warning"))

    def test_all_is_told_at_once(self, desk, rulebook):
        words = replace(WORDS, fields={**WORDS.fields, "mark": Source("u_markk"), "labels": Source("u_labelz")})
        connector = desk.connect(kinds={"incident": words}, scope="nonsense=1")
        rulebook.teams["night"] = Team("night", {"servicenow-emea": "Night"})
        desk.new("a ticket")
        problems = "\n".join(self.texts(connector, rulebook, "problem"))
        assert all(word in problems for word in ("u_markk", "u_labelz", "Night"))
