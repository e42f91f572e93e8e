"""What is ServiceNow's own in writing: computed priorities, rules that refuse, names and marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.base import Refused, Sought, Write, text_digest
from connectors.sandbox import serve
from connectors.sandbox.servicenow.rights import Refusal
from rules.confirm import Marks
from tests.connectors.servicenow_desk import EXTRA, WORDS, ServiceNowDesk, one


def said(text: str, before: int = 0) -> Sought:
    return Sought(text_digest(text), before)


class TestWriting:
    def test_a_write_is_one_patch(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        before = len(desk.asked())
        connector.write(
            Write(ticket, {"impact": "extensive", "team": "web"}, "comment", "note", Marks(comment=("0a1b2c3d",)))
        )
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
        written = connector.write(Write(ticket, {"priority": "P1"}))
        assert written.refused == {"priority": "the platform kept 'P5'"}

    def test_urgency_moves_a_computed_priority(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        written = connector.write(Write(ticket, {"urgency": "high"}))
        assert written.ticket.facts["priority"] == "P3"
        assert not written.refused

    def test_what_a_data_lookup_replaced_is_reported(self, desk, connector):
        desk.world.add_data_lookup("incident", "category=network", {"assignment_group": desk.groups["Payments"]})
        ticket = one(connector, desk.new("a ticket", category="network"))
        written = connector.write(Write(ticket, {"team": "web"}))
        assert written.refused == {"team": "the platform kept 'payments'"}

    def test_a_business_rule_that_aborts_is_told_in_its_own_words(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        desk.world.refuse("incident", "Closed for stocktaking")
        with pytest.raises(Refused, match="Closed for stocktaking"):
            connector.write(Write(ticket, {}, "hello"))

    def test_a_rule_against_our_fields_is_met_by_sending_the_words_alone(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        refusals = [False, True]  # the second attempt, the first one
        desk.world.refusals.append(Refusal("incident", lambda _: refusals.pop(), "impact is frozen"))
        written = connector.write(Write(ticket, {"impact": "extensive", "team": "web"}, "hello"))
        assert "impact is frozen" in written.refused["impact"]
        assert desk.said(ticket.id) == [(True, "hello")]
        assert written.ticket.facts["team"] == "web"

    def test_rules_against_several_fields_cost_those_fields_and_nobody_their_words(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        impact, group = [False, False, True], [False, True]  # the last attempt first
        desk.world.refusals.append(Refusal("incident", lambda _: impact.pop(), "impact is frozen"))
        desk.world.refusals.append(Refusal("incident", lambda _: group.pop(), "assignment_group is frozen"))
        written = connector.write(Write(ticket, {"impact": "extensive", "team": "web"}, "hello"))
        assert "impact is frozen" in written.refused["impact"]
        assert "assignment_group is frozen" in written.refused["team"]
        assert desk.said(ticket.id) == [(True, "hello")]

    def test_a_rule_that_names_no_field_costs_all_fields_and_not_the_words(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        refusals = [False, True]
        desk.world.refusals.append(Refusal("incident", lambda _: refusals.pop(), "not today"))
        written = connector.write(Write(ticket, {"impact": "extensive", "team": "web"}, "hello"))
        assert set(written.refused) == {"impact", "team"}
        assert desk.said(ticket.id) == [(True, "hello")]

    @pytest.mark.usefixtures("as_if_proven")
    def test_two_groups_of_one_name_are_not_guessed_between(self, desk, started):
        desk.world.add_group("Web")
        connector = started()
        ticket = one(connector, desk.new("a ticket"))
        written = connector.write(Write(ticket, {"team": "web"}, "hello"))
        assert written.refused == {"team": "2 active records in sys_user_group are called 'Web'"}
        assert desk.said(ticket.id) == [(True, "hello")]

    @pytest.mark.usefixtures("as_if_proven")
    def test_a_group_that_is_made_later_is_found_then(self, desk, started):
        words = replace(WORDS, values={**WORDS.values, "team": {"night": ("Night",)}})
        connector = started(kinds={"incident": words})
        ticket = one(connector, desk.new("a ticket"))
        assert "no active record" in connector.write(Write(ticket, {"team": "night"})).refused["team"]
        desk.world.add_group("Night")
        assert connector.write(Write(ticket, {"team": "night"})).ticket.facts["team"] == "night"

    @pytest.mark.usefixtures("as_if_proven")
    @pytest.mark.parametrize("name", ["Web^ORactive=true", "javascript:gs.x()", "Web\n"])
    def test_a_name_that_would_be_more_than_a_name_is_never_sent(self, desk, connector, name):
        words = replace(WORDS, values={**WORDS.values, "team": {"odd": (name,)}})
        ticket = one(connector, desk.new("a ticket"))
        odd = desk.connect(kinds={"incident": words})
        odd.start()
        written = odd.write(Write(ticket, {"team": "odd"}, "hello"))
        assert "cannot be looked up" in written.refused["team"]
        assert desk.said(ticket.id) == [(True, "hello")]
        assert not any(name in request.query.get("sysparm_query", "") for request in desk.world.requests)

    def test_labels_are_written_as_a_list_and_more_than_there_were(self, desk, connector):
        ticket = one(connector, desk.new("a ticket", labels="vip"))
        written = connector.write(Write(ticket, {"labels": ("vip", "demand")}))
        assert written.ticket.facts["labels"] == ("vip", "demand")
        assert not written.refused

    def test_marks_that_do_not_fit_are_left_out_whole_and_oldest_first(self, started):
        desk = ServiceNowDesk(extra={**EXTRA, "u_itsm_sync": "string(20)"})
        with serve(desk.world) as desk.url:
            connector = desk.connect()
            connector.start()
            ticket = one(connector, desk.new("a ticket"))
            written = connector.write(
                Write(ticket, {}, "hello", "", Marks(comment=("aaaaaaaa", "bbbbbbbb", "cccccccc")))
            )
        assert written.ticket.marks == {"aaaaaaaa", "bbbbbbbb"}
        assert not written.refused

    def test_without_a_mark_field_the_journal_tells_what_we_said(self, desk, started):
        fields = {fact: source for fact, source in WORDS.fields.items() if fact != "mark"}
        connector = started(kinds={"incident": replace(WORDS, fields=fields)})
        ticket = one(connector, desk.new("a ticket"))
        connector.write(Write(ticket, {}, "hello", "", Marks(comment=("0a1b2c3d",))))
        sought = {"0a1b2c3d": said("hello"), "4e5f6a7b": said("another"), "99999999": Sought("")}
        assert connector.marks("incident", one(connector, ticket.id), sought) == {"0a1b2c3d"}

    def test_what_others_said_is_not_ours(self, desk, started):
        fields = {fact: source for fact, source in WORDS.fields.items() if fact != "mark"}
        connector = started(kinds={"incident": replace(WORDS, fields=fields)})
        id = desk.new("a ticket")
        desk.change(id, by="ida", comment="hello")
        assert connector.marks("incident", one(connector, id), {"0a1b2c3d": said("hello")}) == frozenset()

    def test_where_journal_rows_are_hidden_the_journal_as_shown_tells(self, desk, started):
        fields = {fact: source for fact, source in WORDS.fields.items() if fact != "mark"}
        connector = started(kinds={"incident": replace(WORDS, fields=fields)})
        ticket = one(connector, desk.new("a ticket"))
        connector.write(Write(ticket, {}, "hello\n\nthere - (you)", "a note"))
        desk.world.deny("sys_journal_field")
        sought = {"0a1b2c3d": said("hello\n\nthere - (you)"), "4e5f6a7b": said("a note")}
        assert connector.marks("incident", ticket, sought) == sought.keys()

    @pytest.mark.parametrize("hidden", [False, True])
    def test_of_two_equal_texts_the_earlier_is_no_sign_of_the_later(self, desk, started, hidden):
        fields = {fact: source for fact, source in WORDS.fields.items() if fact != "mark"}
        connector = started(kinds={"incident": replace(WORDS, fields=fields)})
        ticket = one(connector, desk.new("a ticket"))
        if hidden:
            desk.world.deny("sys_journal_field")
        for times in (1, 2):
            connector.write(Write(ticket, {}, "solved"))
            sought = {f"{before}": said("solved", before) for before in range(3)}
            assert connector.marks("incident", ticket, sought) == {f"{before}" for before in range(times)}

    def test_an_empty_write_asks_nothing(self, desk, connector):
        ticket = one(connector, desk.new("a ticket"))
        before = len(desk.asked())
        assert connector.write(Write(ticket, {})).ticket == ticket
        assert len(desk.asked()) == before
