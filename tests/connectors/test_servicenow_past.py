"""What ServiceNow tells of a ticket's past: people and groups by id, and a journal that may be closed to us."""

from __future__ import annotations

from dataclasses import replace

from tests.connectors.servicenow_desk import one


def told(connector, id: str, fact: str) -> list:
    return [event.value for event in connector.history("incident", [one(connector, id)])[id] if event.fact == fact]


class TestHistory:
    def test_people_of_whom_only_the_history_tells_are_looked_up_once(self, desk, connector):
        ids = [desk.new(f"ticket {number}") for number in range(3)]
        for id in ids:
            desk.change(id, assignee="ida")
            desk.change(id, assignee="per")
            desk.change(id, assignee="")
        tickets = [one(connector, id) for id in ids]
        before = len(desk.asked())
        history = connector.history("incident", tickets)
        assert len(desk.asked()) == before + 2
        for id in ids:
            assert [event.value for event in history[id]] == ["ida", "per", None]
        connector.history("incident", tickets)
        assert len(desk.asked()) == before + 3

    def test_a_team_that_no_ticket_has_any_more_is_told_by_its_word(self, desk, connector):
        id = desk.new("a ticket")
        desk.change(id, team="payments")
        desk.change(id, team="web")
        assert told(connector, id, "team") == ["payments", "web"]

    def test_a_hold_reason_goes_with_the_state_on_hold(self, desk, connector):
        id = desk.new("a ticket")
        desk.change(id, status="waiting", waiting_for="supplier")
        desk.change(id, status="in_progress")  # the platform empties the reason by itself
        assert told(connector, id, "waiting_for") == ["supplier", None]

    def test_somebody_whose_record_is_closed_to_us_is_known_by_the_id(self, desk, connector):
        id = desk.new("a ticket")
        desk.change(id, assignee="per")
        desk.change(id, assignee="")
        desk.world.deny("sys_user")
        assert told(connector, id, "assignee") == [desk.people["per"], None]


class TestParticipants:
    def test_rules_know_them_by_name_and_clocks_by_account(self, desk, connector):
        people = f"{desk.people['per']},guest@harbour.example"
        ticket = one(connector, desk.new("a ticket", participants=people))
        assert ticket.customers == {"kari", "per", "guest@harbour.example"}
        assert "Per Nord" in ticket.facts["participants"]

    def test_nobody_is_looked_up_where_no_clock_asks(self, desk, started):
        connector = started(kinds={"incident": replace(desk.words, timed=())})
        id = desk.new("a ticket", participants="per")
        before = len(desk.asked())
        one(connector, id)
        assert len(desk.asked()) == before + 1


class TestJournal:
    def test_no_rows_are_silence_where_rows_were_seen_before(self, desk, connector):
        spoken, silent = desk.new("a ticket"), desk.new("another")
        desk.change(spoken, comment="hello")
        desk.change(silent, impact="extensive")
        tickets = [one(connector, id) for id in (spoken, silent)]
        assert connector.said("incident", tickets[:1]) is not None
        before = len(desk.asked())
        assert connector.said("incident", tickets[1:]) == {silent: ()}
        assert len(desk.asked()) == before + 1

    def test_no_rows_are_believed_where_the_record_shows_no_journal_either(self, desk, connector):
        id = desk.new("a ticket")
        desk.change(id, impact="extensive")
        ticket = one(connector, id)
        before = len(desk.asked())
        assert connector.said("incident", [ticket]) == {id: ()}
        assert len(desk.asked()) == before + 2

    def test_check_warns_of_a_journal_that_is_closed_to_us(self, desk, connector, rulebook):
        def texts() -> list[str]:
            found = [one for one in connector.check(rulebook) if one.weight == "warning"]
            return [one.text for one in found if "sys_journal_field" in one.text]

        id = desk.new("a ticket")
        desk.change(id, impact="extensive")
        assert texts() == []
        desk.change(id, comment="hello")
        desk.world.deny("sys_journal_field")
        (text,) = texts()
        assert "acknowledging a ticket counts as the answer" in text

    def test_of_the_texts_nothing_goes_further(self, desk, connector):
        id = desk.new("a ticket")
        desk.change(id, comment="Secret hello", note="Secret well")
        assert "Secret" not in repr(connector.said("incident", [one(connector, id)]))
