"""What is Jira's own about people, and about what is written beside the fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.base import Busy, OutcomeUnknown, TryLater, Write
from connectors.jira_service_management.connector import JiraServiceManagement
from connectors.sandbox import Fault, serve
from rules.confirm import Marks
from rules.rulebook import Staff
from tests.connectors.jira_desk import JiraDesk, one

MIA = Staff("mia", "mia@harbour.example")


@pytest.fixture(params=["Cloud", "Server"])
def desk(request: pytest.FixtureRequest) -> Iterator[JiraDesk]:
    desk = JiraDesk(request.param)
    desk.hire("mia.berg", "mia@harbour.example")
    desk.hire("noah.dahl", "noah@harbour.example")
    with serve(desk.site) as desk.url:
        yield desk


@pytest.fixture
def cloud() -> Iterator[JiraDesk]:
    desk = JiraDesk()
    with serve(desk.site) as desk.url:
        yield desk


def staffed(desk: JiraDesk, *people: Staff) -> JiraServiceManagement:
    return desk.started(people={person.key: person for person in people or (MIA,)})


def paths(desk: JiraDesk, since: int) -> list[str]:
    """Return method and end of the path of the requests since so many."""
    return [f"{one.method} {'/'.join(one.path.split('/')[4:])}" for one in desk.site.requests[since:]]


def test_one_hidden_address_is_believed_and_one_that_is_shown_must_be_the_same(cloud):
    cloud.hire("mia.berg", "mia@harbour.example", hide_email=True)
    assert dict(staffed(cloud).people) == {"mia": "mia.berg"}
    cloud.hire("mia@harbour.example.org", "mia@harbour.example.org")  # found by how it begins
    assert dict(staffed(cloud).people) == {"mia": "mia.berg"}
    cloud.hire("mia.two", "mia@harbour.example", hide_email=True)
    connector = staffed(cloud)
    assert not connector.people
    assert "2 active accounts have the address" in connector.lost[0]


def test_a_shown_address_wins_over_hidden_ones(cloud):
    cloud.hire("mia.old", "mia@harbour.example", hide_email=True)
    cloud.hire("mia.berg", "mia@harbour.example")
    assert dict(staffed(cloud).people) == {"mia": "mia.berg"}


def test_a_customer_of_the_address_is_not_taken_for_the_agent(cloud):
    cloud.site.add_user("Mia Berg", account="portal", email="mia@harbour.example", customer=True)
    assert not staffed(cloud).people
    cloud.hire("mia.berg", "mia@harbour.example")
    assert dict(staffed(cloud).people) == {"mia": "mia.berg"}


def test_somebody_who_is_no_agent_cannot_be_assigned_and_jira_says_so(desk):
    desk.site.add_user("Eva Ek", account="eva.ek", email="eva@harbour.example", agent=False)
    connector = staffed(desk, Staff("eva", "eva@harbour.example"))
    written = connector.write(Write(one(connector, desk.new("a ticket")), {"assignee": "eva", "impact": "extensive"}))
    assert "cannot be assigned issues" in written.refused["assignee"]
    assert written.ticket.facts["impact"] == "extensive"


def test_each_thing_is_one_request_and_the_mark_comes_after_them(desk):
    connector, id = staffed(desk), desk.new("a ticket")
    ticket = one(connector, id)
    since, read = len(desk.site.requests), [] if desk.cloud else ["GET issue/IT-1"]
    marks = Marks(("0a",), ("1b",))
    connector.write(Write(ticket, {"assignee": "mia", "watchers": ("mia",)}, desk.text("hello"), "", marks))
    assert paths(desk, since) == [
        "PUT issue/IT-1",
        *read,
        "POST issue/IT-1/watchers",
        "PUT issue/IT-1/properties/itsm-sync",
        "POST issue/IT-1/comment",
    ]


def test_a_status_costs_three_requests_and_nothing_where_it_stands_already(desk):
    connector, id = staffed(desk), desk.new("a ticket")
    since = len(desk.site.requests)
    ticket = connector.write(Write(one(connector, id), {"status": "in_progress"}, marks=Marks(("0a",)))).ticket
    assert paths(desk, since)[1:] == [
        "GET issue/IT-1/transitions",
        "POST issue/IT-1/transitions",
        "PUT issue/IT-1/properties/itsm-sync",
        "GET issue/IT-1",
    ]
    since = len(desk.site.requests)
    connector.write(Write(ticket, {"status": "in_progress"}))
    assert paths(desk, since) == []


def test_the_first_spelling_that_is_offered_is_taken(desk):
    desk.site.offer("Open", "Waiting for customer", "Resolved")
    connector = staffed(desk)
    written = connector.write(Write(one(connector, desk.new("a ticket")), {"status": "waiting"}))
    assert (written.refused, written.ticket.facts["status"]) == ({}, "waiting")
    assert desk.site.issue(written.ticket.id)["status"] == "Waiting for customer"


def test_a_way_that_is_not_offered_is_refused_with_those_that_are(desk):
    desk.site.offer("Open", "Pending", "Canceled")
    connector = staffed(desk)
    written = connector.write(Write(one(connector, desk.new("a ticket")), {"status": "resolved", "impact": "minor"}))
    why = "no transition leads to 'Resolved' from here, only to 'Pending', 'Canceled'"
    assert written.refused == {"status": why}
    assert (written.ticket.facts["status"], written.ticket.facts["impact"]) == ("new", "minor")


def test_a_field_that_the_transition_asks_for_is_named_by_the_refusal(desk):
    desk.site.require("Resolved", "Pending reason")
    connector, id = staffed(desk), desk.new("a ticket")
    written = connector.write(Write(one(connector, id), {"status": "resolved"}, desk.text("done")))
    assert "Pending reason is required" in written.refused["status"]
    assert desk.said(id) == [(True, "done")]
    both = connector.write(Write(one(connector, id), {"status": "resolved", "waiting_for": "supplier"}))
    assert (both.refused, both.ticket.facts["status"]) == ({}, "resolved")  # fields come first


@pytest.mark.parametrize(("how", "words"), [("is caused by", "is caused by"), ("causes", "causes")])
def test_a_link_reads_from_the_ticket_as_its_words_say(desk, how, words):
    kinds = {"incident": _worded(how)}
    connector = desk.started(people={"mia": MIA}, kinds=kinds)
    above, below = desk.new("above"), desk.new("below")
    connector.write(Write(one(connector, below), {"parent": one(connector, above).number}))
    shown = desk.site.store.issues[below].links
    assert [(link.type, link.other, link.outward) for link in shown] == [("Problem/Incident", above, how == "causes")]
    assert one(connector, below).facts["parent"] == "IT-1"


def _worded(parent: str):
    from tests.connectors.jira_desk import FIELDS, words

    return words({**FIELDS, "parent": parent})


def test_another_ticket_above_is_not_put_in_place_of_the_one_that_stands(desk):
    connector = staffed(desk)
    first, second, id = (desk.new(title) for title in ("first", "second", "a ticket"))
    desk.site.link(id, "is caused by", first)
    written = connector.write(Write(one(connector, id), {"parent": one(connector, second).number}))
    assert written.refused == {"parent": "it is caused by IT-1 already"}
    exact = connector.write(Write(one(connector, id), {"parent": "IT-2"}, exact=True))
    assert (exact.refused, exact.ticket.facts["parent"]) == ({}, "IT-2")


def test_a_plain_field_takes_the_number_as_it_is(desk):
    desk.site.add_field("Above", type="text")
    connector = desk.started(kinds={"incident": _worded("Above")})
    written = connector.write(Write(one(connector, desk.new("a ticket")), {"parent": "IT-99"}))
    assert (written.refused, written.ticket.facts["parent"]) == ({}, "IT-99")


def test_what_came_of_a_transition_whose_answer_never_came_is_not_known_and_it_is_not_repeated(desk):
    connector, id = staffed(desk), desk.new("a ticket")
    ticket = one(connector, id)
    desk.site.faults.add(Fault("broken_after", method="POST", path="/transitions"))
    with pytest.raises(OutcomeUnknown):
        connector.write(Write(ticket, {"status": "in_progress"}, marks=Marks(("0a",))))
    assert one(connector, id).facts["status"] == "in_progress"
    assert connector.marks("incident", one(connector, id), {}) == frozenset()  # so that it is decided again


def test_where_jira_wants_a_rest_half_way_no_mark_says_that_all_was_done(desk):
    connector, id = staffed(desk), desk.new("a ticket")
    desk.site.faults.add(Fault("429", method="POST", path="/watchers", seconds=1800))
    facts = {"impact": "extensive", "watchers": ("mia",)}
    written = connector.write(Write(one(connector, id), facts, desk.text("hello"), "", Marks(("0a",), ("1b",))))
    assert set(written.failed) == {"fields", "comment"}
    assert all(isinstance(error, TryLater | Busy) for error in written.failed.values())
    assert desk.said(id) == []
    assert desk.site.issue(id)["properties"].get("itsm-sync") is None


def test_watchers_are_asked_for_again_where_the_connection_broke(desk):
    connector, id = staffed(desk), desk.new("a ticket")
    desk.site.faults.add(Fault("broken_after", method="POST", path="/watchers"))
    written = connector.write(Write(one(connector, id), {"watchers": ("mia",)}))
    assert (written.refused, written.failed, desk.following(id)) == ({}, {}, ["mia.berg"])


def test_somebody_who_left_since_the_start_is_refused_as_a_watcher_with_the_name_that_rules_know(desk):
    connector, id = staffed(desk, MIA, Staff("noah", "noah@harbour.example")), desk.new("a ticket")
    desk.dismiss("mia.berg")
    written = connector.write(Write(one(connector, id), {"watchers": ("mia", "noah")}))
    assert written.refused["watchers"].startswith("mia: jira-apac answered 40")
    assert desk.following(id) == ["noah.dahl"]
