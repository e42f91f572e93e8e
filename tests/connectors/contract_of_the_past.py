"""What every connector tells of a ticket's past: who changed what, who spoke, and who of them is a customer."""

from __future__ import annotations

from connectors.base import Connector
from rules.model import Ticket
from tests.connectors.contract import Desk

CLOCKS = ("status", "waiting_for", "assignee", "team")


def ticket_of(connector: Connector, desk: Desk, id: str) -> Ticket:
    (page,) = connector.tickets(desk.kind, [id])
    (ticket,) = page.tickets
    return ticket


class PastContract:
    """Inherit, and give the fixtures `connector` (started) and `desk`."""

    def test_history_tells_who_gave_which_value(self, connector, desk):
        id = desk.new("a ticket")
        desk.change(id, by="ida", impact="extensive", team="web")
        history = connector.history(desk.kind, [ticket_of(connector, desk, id)])
        assert history is not None
        events = {(event.fact, event.value): event.author for event in history[id]}
        assert events[("impact", "extensive")] == "ida"
        assert events[("team", "web")] == "ida"

    def test_history_that_we_may_not_read_is_unknown_and_not_empty(self, connector, desk):
        id = desk.new("a ticket")
        desk.change(id, impact="extensive")
        desk.hide_history()
        assert connector.history(desk.kind, [ticket_of(connector, desk, id)]) is None

    def test_history_tells_what_clocks_are_rebuilt_from(self, connector, desk):
        id = desk.new("a ticket")
        for step in (
            {"status": "in_progress", "assignee": "ida", "team": "payments"},
            {"status": "waiting", "waiting_for": "supplier"},
            {"status": "in_progress", "waiting_for": ""},
            {"assignee": "", "team": "web"},
        ):
            desk.pass_time(60)
            desk.change(id, by="ida", **step)
        history = connector.history(desk.kind, [ticket_of(connector, desk, id)])
        assert history is not None
        assert [event.at for event in history[id]] == sorted(event.at for event in history[id])
        assert {event.author for event in history[id]} == {"ida"}
        told = {fact: [event.value for event in history[id] if event.fact == fact] for fact in CLOCKS}
        assert told == {
            "status": ["in_progress", "waiting", "in_progress"],
            "waiting_for": ["supplier", None],
            "assignee": ["ida", None],
            "team": ["payments", "web"],
        }

    def test_who_spoke_is_told_by_author_and_by_who_may_read_it_and_without_the_words(self, connector, desk):
        id, silent = desk.new("a ticket"), desk.new("another")
        for by, words in (("kari", "comment"), ("ida", "note"), ("ida", "comment"), ("per", "comment")):
            desk.pass_time(60)
            desk.change(id, by=by, **{words: "Secret"})
        tickets = [ticket_of(connector, desk, one) for one in (id, silent)]
        said = connector.said(desk.kind, tickets)
        assert said is not None
        assert [(event.author, event.fact) for event in said[id]] == [
            ("kari", "comment"),
            ("ida", "note"),
            ("ida", "comment"),
            ("per", "comment"),
        ]
        assert [(event.at - said[id][0].at).total_seconds() for event in said[id]] == [0, 60, 120, 180]
        assert said[silent] == ()
        assert "Secret" not in repr(said)

    def test_what_is_said_publicly_is_read_with_its_words_where_a_team_is_shown_it(self, connector, desk):
        id, silent = desk.new("a ticket"), desk.new("another")
        for by, words in (("kari", "comment"), ("ida", "note"), ("ida", "comment")):
            desk.pass_time(60)
            desk.change(id, by=by, **{words: f"{by} in a {words}"})
        words = connector.words(desk.kind, [id, silent])
        assert [(one.author, one.text) for one in words[id]] == [
            ("kari", "kari in a comment"),
            ("ida", "ida in a comment"),
        ]
        said = connector.said(desk.kind, [ticket_of(connector, desk, id)])
        assert said is not None
        assert [one.at for one in words[id]] == [event.at for event in said[id] if event.fact == "comment"]
        assert all(one.name not in ("", one.author) for one in words[id])
        assert words.get(silent, ()) == ()

    def test_words_that_we_may_not_read_are_unknown_and_not_silence(self, connector, desk):
        id = desk.new("a ticket")
        desk.change(id, comment="hello")
        desk.hide_words()
        assert connector.said(desk.kind, [ticket_of(connector, desk, id)]) is None

    def test_nothing_said_is_silence_where_we_may_read(self, connector, desk):
        id = desk.new("a ticket")
        desk.change(id, impact="extensive")
        assert connector.said(desk.kind, [ticket_of(connector, desk, id)]) == {id: ()}

    def test_words_of_a_page_are_asked_for_once(self, connector, desk):
        ids = [desk.new(f"ticket {number}") for number in range(12)]
        for id in ids:
            desk.change(id, by="ida", note="well")
        (page,) = connector.tickets(desk.kind, ids)
        connector.said(desk.kind, page.tickets)
        before = len(desk.asked())
        assert all(connector.said(desk.kind, page.tickets).values())
        assert len(desk.asked()) == before + 1

    def test_who_asked_and_who_follows_is_known_by_the_name_that_authors_have(self, connector, desk):
        id = desk.new("a ticket", participants="per")
        desk.change(id, by="kari", comment="hello")
        desk.change(id, by="per", comment="me, too")
        desk.change(id, by="ida", comment="soon")
        ticket = ticket_of(connector, desk, id)
        assert ticket.customers == {"kari", "per"}
        said = connector.said(desk.kind, [ticket])
        assert said is not None
        customers = {event.author: event.author in ticket.customers for event in said[id]}
        assert customers == {"kari": True, "per": True, "ida": False}
