"""What every connector does with people: finds their accounts, gives them tickets, lets them follow, hears their word.

Beside them: the status and the ticket above, which are written as people do it, too.
"""

from __future__ import annotations

from typing import Protocol

import pytest

from connectors.base import Connector, Write
from rules.confirm import NO_MARKS, Marks
from rules.model import Fact, Ticket
from rules.rulebook import Staff
from tests.connectors.contract import Desk
from tests.connectors.contract_of_the_past import ticket_of

MIA, NOAH = Staff("mia", "Mia@Harbour.example"), Staff("noah", "noah@harbour.example")


class PeopleDesk(Desk, Protocol):
    """What this part of the contract needs of a desk beside what the others need."""

    def hire(self, account: str, email: str, active: bool = True) -> None:
        """Add somebody who may be assigned tickets, and may have left."""

    def dismiss(self, account: str) -> None:
        """Remove somebody for good."""

    def hide_people(self) -> None:
        """Take our right to look for people."""

    def follow(self, id: str, account: str) -> None:
        """Have somebody follow a ticket internally."""

    def following(self, id: str) -> list[str]:
        """Return the accounts of those who follow a ticket internally."""

    def lookups(self, people: int) -> int:
        """Return how many requests it takes to find so many people."""


def staffed(desk: PeopleDesk, *people: Staff) -> Connector:
    """Return a started connector with these people, for whom there are accounts at the desk."""
    connector = desk.connect(people={one.key: one for one in people})
    connector.start()
    return connector


def written(connector: Connector, desk: Desk, id: str, marks: Marks = NO_MARKS, **facts: Fact | None) -> Ticket:
    """Write facts, see that all were taken, and return the ticket of the answer, which is the ticket as it is."""
    answer = connector.write(Write(ticket_of(connector, desk, id), facts, marks=marks))
    assert (answer.refused, answer.failed) == ({}, {})
    after = ticket_of(connector, desk, id)
    assert (answer.ticket.facts, answer.ticket.version) == (after.facts, after.version)
    return answer.ticket


class PeopleContract:
    """Inherit, and give the fixtures `connector` (started, without people) and `desk`."""

    @pytest.fixture
    def staff(self, desk):
        desk.hire("mia.berg", "mia@harbour.example")
        desk.hire("noah.dahl", "noah@harbour.example")
        connector = staffed(desk, MIA, NOAH)
        yield connector
        connector.close()

    def test_people_are_found_by_their_address(self, staff):
        assert dict(staff.people) == {"mia": "mia.berg", "noah": "noah.dahl"}
        assert not staff.lost

    def test_people_are_found_by_the_account_that_the_workspace_names(self, desk):
        desk.hire("mia.berg", "mia@harbour.example")
        desk.hire("mia.at.night", "other@harbour.example")
        name = desk.connection().name
        connector = staffed(desk, Staff("mia", "mia@harbour.example", {name: "mia.at.night", "elsewhere": "mia"}))
        assert dict(connector.people) == {"mia": "mia.at.night"}

    def test_whoever_has_no_account_two_or_one_that_was_closed_is_lost_and_the_others_work(self, desk):
        desk.hire("noah.dahl", "noah@harbour.example")
        desk.hire("mia.berg", "mia@harbour.example", active=False)
        desk.hire("leo.one", "leo@harbour.example")
        desk.hire("leo.two", "leo@harbour.example")
        name = desk.connection().name
        people = (MIA, NOAH, Staff("leo", "leo@harbour.example"), Staff("eva", "eva@x.example", {name: "eva.none"}))
        connector = staffed(desk, *people, Staff("odd", "x^ORactive=true"), Staff("none", ""))
        assert dict(connector.people) == {"noah": "noah.dahl"}
        mend = f"or write accounts: {{{name}: …}}"
        assert list(connector.lost) == [
            f"mia: no active account has the address Mia@Harbour.example; correct people: mia, {mend}",
            f"leo: 2 active accounts have the address leo@harbour.example; correct people: leo, {mend}",
            f"eva: there is no active account 'eva.none'; correct people: eva: accounts: {name}",
            f"odd: no active account has the address x^ORactive=true; correct people: odd, {mend}",
            f"none: no active account has the address ; correct people: none, {mend}",
        ]

    def test_check_says_who_is_lost_before_it_matters(self, desk, rulebook):
        desk.hire("noah.dahl", "noah@harbour.example")
        found = desk.connect(people={"mia": MIA, "noah": NOAH}).check(rulebook)
        (problem,) = [finding for finding in found if finding.weight == "problem"]
        assert problem.text == "mia: no active account has the address Mia@Harbour.example"
        assert problem.mend.startswith("correct people: mia")

    def test_without_a_right_to_look_for_people_one_line_says_so_and_nobody_is_found(self, desk, rulebook):
        desk.hire("mia.berg", "mia@harbour.example")
        desk.hide_people()
        connector = staffed(desk, MIA, NOAH)
        assert not connector.people
        (line,) = connector.lost
        assert "our account may not" in line
        assert "mia, noah cannot be assigned, let follow or asked" in line
        problems = [one for one in connector.check(rulebook) if one.weight == "problem" and "our account" in one.text]
        assert len(problems) == 1

    def test_looking_for_people_costs_no_more_than_it_has_to_and_nothing_where_rules_name_none(self, desk):
        desk.hire("mia.berg", "mia@harbour.example")
        desk.hire("noah.dahl", "noah@harbour.example")
        counts = []
        for people in ({}, {"mia": MIA, "noah": NOAH}):
            before = len(desk.asked())
            connector = desk.connect(people=people)
            connector.start()
            counts.append(len(desk.asked()) - before)
            assert len(connector.people) == len(people)
        assert counts[1] - counts[0] == desk.lookups(2)

    def test_a_ticket_is_given_to_somebody_and_taken_away_in_one_write_with_the_rest(self, staff, desk):
        id = desk.new("a ticket")
        ticket = written(staff, desk, id, assignee="mia", impact="extensive", team="web")
        assert (ticket.facts["assignee"], ticket.facts["impact"]) == ("mia", "extensive")
        assert written(staff, desk, id, assignee="noah").facts["assignee"] == "noah"
        assert "assignee" not in written(staff, desk, id, assignee=None).facts

    def test_a_ticket_goes_back_to_somebody_whom_no_rule_names(self, staff, desk):
        id = desk.new("a ticket")
        desk.change(id, assignee="ida")
        assert ticket_of(staff, desk, id).facts["assignee"] == "ida"
        written(staff, desk, id, assignee="mia")
        assert written(staff, desk, id, assignee="ida").facts["assignee"] == "ida"

    def test_somebody_named_by_the_account_is_the_same_person(self, staff, desk):
        assert written(staff, desk, desk.new("a ticket"), assignee="mia.berg").facts["assignee"] == "mia"

    @pytest.mark.parametrize("who", ["nobody", "x^ORactive=true", "javascript:gs.getUserID()", ""])
    def test_whoever_has_no_account_is_refused_and_the_rest_is_written(self, staff, desk, who):
        ticket = ticket_of(staff, desk, desk.new("a ticket"))
        answer = staff.write(Write(ticket, {"assignee": who, "impact": "extensive"}))
        assert list(answer.refused) == ["assignee"]
        assert answer.ticket.facts["impact"] == "extensive"
        assert "assignee" not in answer.ticket.facts

    def test_a_name_that_rules_use_is_never_taken_for_the_account_of_somebody_else(self, desk):
        desk.hire("mia", "another.mia@harbour.example")
        connector = staffed(desk, MIA)
        ticket = ticket_of(connector, desk, desk.new("a ticket"))
        answer = connector.write(Write(ticket, {"assignee": "mia", "watchers": ("mia",)}))
        assert sorted(answer.refused) == ["assignee", "watchers"]
        assert desk.following(ticket.id) == []

    def test_history_names_people_by_key_and_authors_by_account(self, staff, desk):
        id = desk.new("a ticket")
        for by, who in (("mia.berg", "noah.dahl"), ("ida", "ida"), ("mia.berg", "mia.berg")):
            desk.pass_time(60)
            desk.change(id, by=by, assignee=who)
        history = staff.history(desk.kind, [ticket_of(staff, desk, id)])
        assert history is not None
        told = [(event.author, event.value) for event in history[id] if event.fact == "assignee"]
        assert told == [("mia.berg", "noah"), ("ida", "ida"), ("mia.berg", "mia")]

    def test_watchers_are_added_once_and_others_stay(self, staff, desk):
        id = desk.new("a ticket", participants="per")
        desk.follow(id, "ida")
        written(staff, desk, id, watchers=("mia",))
        written(staff, desk, id, watchers=("mia", "noah", "mia"))
        assert sorted(desk.following(id)) == ["ida", "mia.berg", "noah.dahl"]
        assert ticket_of(staff, desk, id).customers == {"kari", "per"}

    def test_no_watchers_are_no_change(self, staff, desk):
        id = desk.new("a ticket")
        desk.follow(id, "ida")
        written(staff, desk, id, watchers=())
        written(staff, desk, id, watchers=None)
        assert desk.following(id) == ["ida"]

    def test_an_exact_write_leaves_these_watchers_only(self, staff, desk):
        id = desk.new("a ticket")
        desk.follow(id, "ida")
        desk.follow(id, "mia.berg")
        staff.write(Write(ticket_of(staff, desk, id), {"watchers": ("mia", "noah")}, exact=True))
        assert sorted(desk.following(id)) == ["mia.berg", "noah.dahl"]
        staff.write(Write(ticket_of(staff, desk, id), {"watchers": None}, exact=True))
        assert desk.following(id) == []

    def test_a_watcher_who_is_refused_is_named_with_why_and_the_others_are_added(self, staff, desk):
        id = desk.new("a ticket")
        answer = staff.write(Write(ticket_of(staff, desk, id), {"watchers": ("mia", "gone.away", "noah")}))
        assert list(answer.refused) == ["watchers"]
        assert answer.refused["watchers"].startswith("gone.away: ")
        assert len(answer.refused["watchers"]) > len("gone.away: ")
        assert sorted(desk.following(id)) == ["mia.berg", "noah.dahl"]

    def test_the_status_is_written_and_the_answer_shows_it(self, staff, desk):
        id = desk.new("a ticket")
        ticket = written(staff, desk, id, status="in_progress", impact="extensive")
        assert (ticket.facts["status"], ticket.facts["impact"]) == ("in_progress", "extensive")
        assert written(staff, desk, id, status="in_progress").facts["status"] == "in_progress"
        assert written(staff, desk, id, status="resolved").facts["status"] == "resolved"

    def test_a_status_without_a_counterpart_is_refused(self, staff, desk):
        answer = staff.write(Write(ticket_of(staff, desk, desk.new("a ticket")), {"status": "asleep"}))
        assert list(answer.refused) == ["status"]

    def test_the_ticket_above_is_written_by_its_number_and_taken_away(self, staff, desk):
        above, id = ticket_of(staff, desk, desk.new("above")), desk.new("a ticket")
        for _ in range(2):
            assert written(staff, desk, id, parent=above.number).facts["parent"] == above.number
        assert "parent" not in ticket_of(staff, desk, above.id).facts
        assert "parent" not in written(staff, desk, id, parent=None).facts

    @pytest.mark.parametrize("number", ["IT-4711", "INC4711", "x^ORactive=true", "", "*"])
    def test_a_ticket_above_that_is_not_there_is_refused_and_the_rest_is_written(self, staff, desk, number):
        ticket = ticket_of(staff, desk, desk.new("a ticket"))
        answer = staff.write(Write(ticket, {"parent": number, "impact": "extensive"}))
        assert list(answer.refused) == ["parent"]
        assert answer.ticket.facts["impact"] == "extensive"

    @pytest.mark.parametrize("fact", ["assignee", "watchers", "status", "parent"])
    def test_each_of_these_leaves_its_mark_also_alone(self, staff, desk, fact):
        above, id = ticket_of(staff, desk, desk.new("above")), desk.new("a ticket")
        values = {"assignee": "mia", "watchers": ("mia",), "status": "in_progress", "parent": above.number}
        written(staff, desk, id, Marks(("0a",)), impact="extensive")
        ticket = written(staff, desk, id, Marks(("1b",)), **{fact: values[fact]})
        assert ticket.marks == {"0a", "1b"}
        assert staff.marks(desk.kind, ticket_of(staff, desk, id), {}) == {"0a", "1b"}

    def test_all_of_it_goes_together_with_a_comment_and_a_note(self, staff, desk):
        above, id = ticket_of(staff, desk, desk.new("above")), desk.new("a ticket")
        facts = {"assignee": "mia", "watchers": ("noah",), "status": "in_progress", "parent": above.number}
        marks = Marks(("0a",), ("1b",), ("2c",))
        write = Write(ticket_of(staff, desk, id), facts | {"impact": "minor"}, desk.text("hi"), desk.text("why"), marks)
        answer = staff.write(write)
        assert (answer.refused, answer.failed) == ({}, {})
        after = ticket_of(staff, desk, id)
        assert {fact: after.facts[fact] for fact in facts if fact != "watchers"} | {"watchers": ("noah",)} == facts
        assert desk.following(id) == ["noah.dahl"]
        assert sorted(desk.said(id)) == [(False, "why"), (True, "hi")]
        assert staff.marks(desk.kind, after, {}) == {"0a", "1b", "2c"}

    def test_the_first_word_of_a_note_is_a_verdict_and_no_text_goes_further(self, staff, desk):
        id = desk.new("a ticket")
        notes = ("Approved. Secret", "Avslått, Secret", "Secret: not approved", "批准")
        for note in notes:
            desk.pass_time(60)
            desk.change(id, by="mia.berg", note=note)
        desk.pass_time(60)
        desk.change(id, by="kari", comment="Approved")
        said = staff.said(desk.kind, [ticket_of(staff, desk, id)])
        assert said is not None
        told = [(event.author, event.fact, event.value) for event in said[id]]
        verdicts = ("granted", "refused", None, "granted")
        assert told == [*(("mia.berg", "note", one) for one in verdicts), ("kari", "comment", None)]
        assert "Secret" not in repr(said)
