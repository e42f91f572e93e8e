"""What every connector keeps to: a suite that each one passes with a `connector` and a `desk` of its own platform."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Sequence
from typing import Protocol

import pytest

from connectors.base import Connector, ConnectorError, OutcomeUnknown, Refused, TryLater, Unusable, Write
from rules.confirm import Marks
from rules.model import Fact, Ticket
from tests.canaries import PASSWORD

HOSTILE = ("x^ORactive=true", 'x" OR project = IT', "javascript:gs.getUserName()", "x\n^NQactive=true", "", "*")


class Desk(Protocol):
    """People at the platform, and what goes wrong there. Facts are in our words; ids are the platform's."""

    kind: str
    slept: list[float]  # seconds that the connector waited instead of hurrying
    settles: int  # seconds after which no change can still become visible

    def connect(self, **changes: object) -> Connector:
        """Return another connector to the same platform, `password` or `url` changed, not started."""

    def new(self, title: str, by: str = "kari", **facts: Fact) -> str:
        """Open a ticket for the requester kari and return its id."""

    def change(self, id: str, by: str = "ida", **facts: Fact) -> None:
        """Change a ticket as a person does."""

    def change_unseen(self, id: str, seconds: int, **facts: Fact) -> None:
        """Change a ticket in a transaction that began so long ago and becomes visible now."""

    def unknown_value(self, id: str, fact: str) -> str:
        """Give a fact a value that no word stands for, and return it as the platform has it."""

    def hide(self, id: str) -> None:
        """Take our right to see a ticket."""

    def hide_history(self) -> None:
        """Take our right to read who changed what."""

    def hide_words(self) -> None:
        """Take our right to read who said what."""

    def refuse_fact(self, fact: str) -> None:
        """Have the platform refuse our writes of one fact."""

    def while_reading(self, id: str, **facts: Fact) -> None:
        """Change a ticket while the next page is being read."""

    def fail(self, how: str, writes: bool = False, times: int = 1, seconds: float = 60) -> None:
        """Let the next requests go wrong: "limit", "broken before", "broken after", "half", "503"."""

    def pass_time(self, seconds: int) -> None:
        """Let time pass."""

    def text(self, words: str) -> str:
        """Return a text in the platform's format."""

    def said(self, id: str) -> list[tuple[bool, str]]:
        """Return what was said on a ticket, oldest first: public or not, and the words."""

    def asked(self) -> Sequence[str]:
        """Return the methods of all requests so far."""


def read(connector: Connector, kind: str, cursor: str | None = None) -> tuple[list[Ticket], str]:
    """Read all that changed, as a cycle does; return the tickets and the last cursor."""
    tickets: list[Ticket] = []
    for page in connector.pages(kind, cursor):
        tickets += page.tickets
        cursor = page.cursor
    return tickets, cursor or ""


def settled(connector: Connector, desk: Desk) -> str:
    """Return a cursor at which everything is read and nothing is young enough to be read again."""
    cursor = read(connector, desk.kind)[1]
    desk.pass_time(desk.settles)
    return read(connector, desk.kind, cursor)[1]


class ConnectorContract:
    """Inherit, and give the fixtures `connector` (started) and `desk`."""

    def ticket(self, connector: Connector, desk: Desk, id: str) -> Ticket:
        (page,) = connector.tickets(desk.kind, [id])
        (ticket,) = page.tickets
        return ticket

    def test_every_ticket_is_read_once_even_when_hundreds_change_in_the_same_second(self, connector, desk):
        ids = {desk.new(f"ticket {number}") for number in range(450)}
        tickets, _ = read(connector, desk.kind)
        assert len(tickets) == 450
        assert {ticket.id for ticket in tickets} == ids

    def test_a_read_with_nothing_changed_is_one_request_and_gives_nothing(self, connector, desk):
        desk.new("a ticket")
        cursor = settled(connector, desk)
        before = len(desk.asked())
        assert read(connector, desk.kind, cursor) == ([], cursor)
        assert len(desk.asked()) == before + 1

    def test_a_changed_ticket_is_read_again_with_a_higher_version(self, connector, desk):
        first, second = desk.new("first"), desk.new("second")
        before = {ticket.id: ticket.version for ticket in read(connector, desk.kind)[0]}
        cursor = settled(connector, desk)
        desk.change(first, impact="extensive")
        (ticket,), _ = read(connector, desk.kind, cursor)
        assert ticket.id == first != second
        assert ticket.version > before[first]
        assert ticket.facts["impact"] == "extensive"

    def test_a_ticket_that_changes_while_it_is_read_is_read_again(self, connector, desk):
        ids = [desk.new(f"ticket {number}") for number in range(5)]
        desk.pass_time(120)
        desk.while_reading(ids[0], impact="extensive")
        cursor = read(connector, desk.kind)[1]
        desk.pass_time(60)
        tickets, _ = read(connector, desk.kind, cursor)
        assert {ticket.facts["impact"] for ticket in tickets if ticket.id == ids[0]} == {"extensive"}

    def test_a_change_that_becomes_visible_late_is_not_missed(self, connector, desk):
        first, second = desk.new("first"), desk.new("second")
        desk.pass_time(120)
        desk.change(second, impact="extensive")
        cursor = read(connector, desk.kind)[1]
        desk.pass_time(10)
        desk.change_unseen(first, seconds=20, impact="extensive")
        desk.pass_time(60)
        assert first in {ticket.id for ticket in read(connector, desk.kind, cursor)[0]}

    def test_a_reading_that_broke_off_goes_on_without_a_gap(self, connector, desk):
        ids = {desk.new(f"ticket {number}") for number in range(450)}
        desk.pass_time(120)
        first = next(iter(connector.pages(desk.kind, None)))
        rest, _ = read(connector, desk.kind, first.cursor)
        assert {ticket.id for ticket in (*first.tickets, *rest)} == ids

    def test_half_an_answer_is_asked_for_again(self, connector, desk):
        desk.new("a ticket")
        desk.fail("half")
        assert len(read(connector, desk.kind)[0]) == 1

    def test_a_value_that_no_word_stands_for_is_named_and_neither_empty_nor_known(self, connector, desk):
        id = desk.new("a ticket")
        value = desk.unknown_value(id, "impact")
        ticket = self.ticket(connector, desk, id)
        assert ticket.unmapped == {"impact": value}
        assert ticket.facts["impact"] == value

    def test_empty_facts_are_absent_and_a_flag_that_is_not_set_is_false(self, connector, desk):
        facts = self.ticket(connector, desk, desk.new("a ticket")).facts
        assert "team" not in facts
        assert "assignee" not in facts
        assert facts["major"] is False

    def test_a_flag_that_is_set_is_true(self, connector, desk):
        assert self.ticket(connector, desk, desk.new("a ticket", major=True)).facts["major"] is True

    def test_the_requester_comes_with_language_zone_and_vip(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        assert ticket.requester is not None
        assert (ticket.requester.name, ticket.requester.language) == ("Kari Nord", "nb")
        assert ticket.requester.account == ticket.created_by == ticket.facts["requester"]
        assert ticket.facts["requester.vip"] is True

    def test_text_and_title_are_what_the_person_wrote(self, connector, desk):
        hostile = "Ærlig talt: {{ 7*7 }} <b>^OR</b> 付款\u202e"
        facts = self.ticket(connector, desk, desk.new(hostile)).facts
        assert facts["title"] == hostile
        assert str(facts["text"]).startswith(hostile)

    def test_tickets_that_we_may_not_see_are_left_out(self, connector, desk):
        seen, hidden = desk.new("seen"), desk.new("hidden")
        desk.hide(hidden)
        (page,) = connector.tickets(desk.kind, [seen, hidden, "no-such-id^ORactive=true"])
        assert [ticket.id for ticket in page.tickets] == [seen]

    def test_a_ticket_is_found_by_its_number(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        assert connector.find(desk.kind, ticket.number) == ticket

    @pytest.mark.parametrize("number", HOSTILE)
    def test_a_number_that_is_none_finds_nothing(self, connector, desk, number):
        desk.new("a ticket")
        assert connector.find(desk.kind, number) is None

    def test_a_write_carries_fields_comment_and_note_and_answers_with_the_ticket_after_it(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        facts = {"impact": "extensive", "team": "web"}
        written = connector.write(Write(ticket, facts, desk.text("Hei på deg"), desk.text("why"), Marks(("0a1b2c3d",))))
        assert not written.refused
        after = self.ticket(connector, desk, ticket.id)
        assert written.ticket.facts == after.facts
        assert ticket.version < written.ticket.version <= after.version
        assert (written.ticket.facts["impact"], written.ticket.facts["team"]) == ("extensive", "web")
        assert sorted(desk.said(ticket.id)) == [(False, "why"), (True, "Hei på deg")]

    def test_what_was_written_is_found_again(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        marks = Marks(("0a",), ("1b",), ("2c",))
        connector.write(Write(ticket, {"impact": "extensive"}, desk.text("hello"), desk.text("why"), marks))
        after = self.ticket(connector, desk, ticket.id)
        assert connector.marks(desk.kind, after, {}) == {"0a", "1b", "2c"}

    def test_a_refused_fact_does_not_cost_the_message(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        desk.refuse_fact("team")
        facts = {"impact": "extensive", "team": "web"}
        written = connector.write(Write(ticket, facts, desk.text("hello"), "", Marks(comment=("0a1b2c3d",))))
        assert list(written.refused) == ["team"]
        assert written.ticket.facts["impact"] == "extensive"
        assert desk.said(ticket.id) == [(True, "hello")]

    def test_a_value_without_a_counterpart_is_refused_and_the_rest_is_written(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        written = connector.write(Write(ticket, {"impact": "extensive", "team": "nobody"}))
        assert list(written.refused) == ["team"]
        assert written.ticket.facts["impact"] == "extensive"

    def test_a_write_whose_connection_broke_after_it_was_done_is_unknown_and_its_mark_tells(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        desk.fail("broken after", writes=True)
        with pytest.raises(OutcomeUnknown):
            connector.write(Write(ticket, {}, desk.text("hello"), "", Marks(comment=("0a1b2c3d",))))
        assert desk.said(ticket.id) == [(True, "hello")]
        assert "0a1b2c3d" in connector.marks(desk.kind, self.ticket(connector, desk, ticket.id), {})

    def test_a_write_whose_connection_broke_before_it_was_done_is_unknown_and_not_repeated(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        desk.fail("broken before", writes=True)
        with pytest.raises(OutcomeUnknown):
            connector.write(Write(ticket, {}, desk.text("hello"), "", Marks(comment=("0a1b2c3d",))))
        assert desk.said(ticket.id) == []
        assert connector.marks(desk.kind, self.ticket(connector, desk, ticket.id), {}) == frozenset()

    @pytest.mark.parametrize("how", ["503", "half"])
    def test_a_write_with_an_unclear_answer_is_unknown_and_not_repeated(self, connector, desk, how):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        desk.fail(how, writes=True)
        with pytest.raises(OutcomeUnknown):
            connector.write(Write(ticket, {}, desk.text("hello"), "", Marks(comment=("0a1b2c3d",))))
        assert len(desk.said(ticket.id)) <= 1

    @pytest.mark.parametrize("writes", [False, True])
    def test_a_short_limit_is_waited_for_and_nothing_is_lost(self, connector, desk, writes):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        desk.fail("limit", writes=writes, seconds=7)
        connector.write(Write(ticket, {}, desk.text("hello")))
        assert len(read(connector, desk.kind)[0]) == 1
        assert desk.slept == [7]
        assert desk.said(ticket.id) == [(True, "hello")]

    def test_a_long_limit_is_left_to_the_caller(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        desk.fail("limit", writes=True, seconds=1800)
        with pytest.raises(TryLater) as caught:
            connector.write(Write(ticket, {}, desk.text("hello")))
        assert caught.value.wait == 1800
        assert desk.slept == []

    def test_a_platform_that_is_down_is_tried_a_few_times_and_then_later(self, connector, desk):
        desk.fail("503", times=100)
        with pytest.raises(TryLater):
            read(connector, desk.kind)
        assert 2 <= len(desk.slept) <= 5

    def test_a_wrong_password_is_for_a_person_to_mend(self, desk):
        with pytest.raises(Unusable):
            desk.connect(password="wrong-password").start()

    def test_an_address_where_nobody_listens_is_tried_later(self, desk):
        with pytest.raises(TryLater, match="could not be reached"):
            desk.connect(url="http://127.0.0.1:9").start()

    def test_secrets_never_show(self, connector, desk, caplog):
        caplog.set_level(logging.DEBUG)
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        shown = [repr(connector), str(vars(connector))]
        for how in ("broken before", "503", "half", "limit"):
            desk.fail(how, writes=True, seconds=1800)
            try:
                connector.write(Write(ticket, {}, desk.text("hello")))
            except ConnectorError as error:
                shown += [*traceback.format_exception(error), repr(error), repr(pickle.dumps(str(error)))]
        assert len(shown) > 10
        assert PASSWORD not in "".join(shown) + caplog.text

    def test_a_ticket_that_is_gone_is_not_taken_for_refused_for_ever(self, connector, desk):
        ticket = self.ticket(connector, desk, desk.new("a ticket"))
        desk.hide(ticket.id)
        with pytest.raises(ConnectorError) as caught:
            connector.write(Write(ticket, {}, desk.text("hello")))
        assert not isinstance(caught.value, OutcomeUnknown | TryLater | Unusable | Refused)

    def test_check_finds_nothing_wrong_where_nothing_is(self, connector, desk, rulebook):
        assert [finding for finding in connector.check(rulebook) if finding.weight == "problem"] == []

    def test_check_says_that_the_password_is_wrong(self, desk, rulebook):
        (finding,) = desk.connect(password="wrong-password").check(rulebook)
        assert finding.weight == "problem"

    def test_discover_lists_groups_services_and_choices(self, connector, desk):
        desk.new("a ticket")
        found = connector.discover()
        assert "web" in {group.casefold() for group in found.groups}
        assert "Online Booking" in found.services
        assert "nb" in found.languages
        assert len(found.choices["priority"]) == 5
