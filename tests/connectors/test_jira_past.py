"""What Jira tells of an issue's past in ways of its own: statuses by id, reasons beside them, comments in parts."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from connectors.base import NotVisible
from connectors.jira_service_management.comments import Comments
from connectors.jira_service_management.connector import JiraServiceManagement
from connectors.sandbox import serve
from rules.model import Fact
from tests.connectors.jira_desk import FIELDS, JiraDesk, one, words


@pytest.fixture(params=["Cloud", "Server"])
def desk(request: pytest.FixtureRequest) -> Iterator[JiraDesk]:
    desk = JiraDesk(request.param)
    with serve(desk.site) as desk.url:
        yield desk


@pytest.fixture
def cloud() -> Iterator[JiraDesk]:
    desk = JiraDesk()
    with serve(desk.site) as desk.url:
        yield desk


def told(connector: JiraServiceManagement, id: str, fact: str) -> list[Fact | None]:
    history = connector.history("incident", [one(connector, id)])
    assert history is not None
    return [event.value for event in history[id] if event.fact == fact]


def moved(desk: JiraDesk, id: str, *statuses: str) -> None:
    for status in statuses:
        desk.pass_time(60)
        desk.site.transition(id, status, by="ida")


class TestStatus:
    def test_a_status_without_a_word_counts_by_its_category_in_the_history_too(self, desk):
        id = desk.new("a ticket")
        moved(desk, id, "Work in progress", "Completed")
        connector = desk.started()
        assert told(connector, id, "status") == ["in_progress", "closed"]
        assert one(connector, id).facts["status"] == "closed"

    def test_a_status_that_was_renamed_since_is_known_by_its_id(self, desk):
        id = desk.new("a ticket")
        moved(desk, id, "Work in progress", "Pending")
        number = desk.site.status_id("Work in progress")
        for change in desk.site.store.issues[id].changes:
            change.items[:] = [
                item._replace(new_text="In Arbeit") if item.new == number else item for item in change.items
            ]
        assert told(desk.started(), id, "status") == ["in_progress", "waiting"]

    def test_a_status_that_is_gone_is_known_by_its_name(self, desk):
        id = desk.new("a ticket")
        moved(desk, id, "Work in progress", "Pending")
        connector = desk.started()
        connector.kinds["incident"].kind.translator._statuses = {}
        assert told(connector, id, "status") == ["in_progress", "waiting"]

    def test_statuses_are_asked_for_only_where_clocks_need_them(self, desk):
        desk.started(kinds={"incident": words({"impact": "Impact"})})
        assert not [one for one in desk.site.requests if one.path.endswith("/status")]


class TestWaitingFor:
    def test_the_name_of_a_status_says_it_while_the_field_is_empty(self, desk):
        id = desk.new("a ticket")
        moved(desk, id, "Work in progress", "Waiting for customer", "Work in progress")
        connector = desk.started()
        assert told(connector, id, "waiting_for") == ["requester", None]
        assert "waiting_for" not in one(connector, id).facts

    def test_the_field_comes_before_the_name_of_the_status(self, desk):
        id = desk.new("a ticket")
        desk.change(id, waiting_for="supplier")
        moved(desk, id, "Waiting for customer")
        desk.change(id, waiting_for="")
        connector = desk.started()
        assert told(connector, id, "waiting_for") == ["supplier", "requester"]
        assert one(connector, id).facts["waiting_for"] == "requester"

    def test_a_field_that_never_changed_held_the_same_all_the_time(self, desk):
        id = desk.new("a ticket", waiting_for="supplier")
        moved(desk, id, "Waiting for customer", "Work in progress")
        assert told(desk.started(), id, "waiting_for") == []

    def test_a_site_without_the_field_goes_by_statuses_alone(self, desk):
        fields = {fact: field for fact, field in FIELDS.items() if fact != "waiting_for"}
        id = desk.new("a ticket")
        moved(desk, id, "Waiting for customer")
        assert told(desk.started(kinds={"incident": words(fields)}), id, "waiting_for") == ["requester"]


class TestPeopleAndTeams:
    def test_an_assignee_has_the_name_that_authors_have(self, desk):
        desk.site.add_user("Automation for Jira", account="robot")
        id = desk.new("a ticket")
        for who in ("ida", "robot", "ida"):
            desk.change(id, by="robot", assignee=who)
        desk.change(id, by="ida", impact="extensive")
        connector = desk.started(robots=frozenset({"Automation for Jira"}))
        assert told(connector, id, "assignee") == ["ida", "Automation for Jira", "ida"]
        assert one(connector, id).facts["assignee"] == "ida"

    def test_a_team_among_the_components_is_followed_from_change_to_change(self, desk):
        desk.site.add_component("IT", "payments")
        id = desk.new("a ticket")
        for components in (["web"], ["web", "booking"], ["booking", "payments"], ["booking"]):
            desk.pass_time(60)
            desk.site.change(id, {"components": components}, by="ida")
        connector = desk.started(kinds={"incident": words({**FIELDS, "team": "components"})})
        assert told(connector, id, "team") == ["web", "web", "payments", None]


class TestComments:
    def test_a_customer_who_has_no_part_in_the_ticket_is_no_agent_where_jira_says_so(self, cloud):
        cloud.site.add_user("Nils Nord", account="nils", customer=True)
        id = cloud.new("a ticket")
        cloud.change(id, by="nils", comment="me, too")
        cloud.change(id, by="ida", comment="soon")
        connector = cloud.started()
        ticket = one(connector, id)
        events = connector.said("incident", [ticket])[id]
        assert "nils" not in ticket.customers
        assert [(event.author, event.customer) for event in events] == [("nils", True), ("ida", False)]

    def test_comments_that_an_issue_does_not_show_are_read_from_their_own_pages(self, desk):
        id = desk.new("a ticket")
        for number in range(105):
            desk.change(id, by="ida", **{"note" if number % 3 else "comment": "well"})
        desk.site.comments_inside = 20
        connector = desk.started()
        events = connector.said("incident", [one(connector, id)])[id]
        assert [event.fact for event in events] == ["note" if number % 3 else "comment" for number in range(105)]

    def test_data_center_is_asked_once_for_each_issue_with_new_comments(self):
        desk = JiraDesk("Server")
        with serve(desk.site) as desk.url:
            ids = [desk.new(f"ticket {number}") for number in range(5)]
            for id in ids[:3]:
                desk.change(id, by="ida", note="well")
            connector = desk.started()
            tickets = [one(connector, id) for id in ids]
            assert asked(desk, connector, tickets) == 1 + 3
            desk.change(ids[4], by="ida", comment="hello")
            assert asked(desk, connector, tickets) == 1 + 1
            assert asked(desk, connector, tickets) == 1

    def test_more_than_a_hundred_issues_take_a_request_a_hundred(self, cloud):
        ids = [cloud.new(f"ticket {number}") for number in range(150)]
        connector = cloud.started()
        tickets = [ticket for page in connector.tickets("incident", ids) for ticket in page.tickets]
        assert asked(cloud, connector, tickets) == 2

    def test_after_a_large_answer_fewer_issues_are_asked_for_at_a_time(self, cloud, monkeypatch):
        monkeypatch.setattr("connectors.jira_service_management.comments.BYTES", 50_000)
        ids = [cloud.new(f"ticket {number}") for number in range(100)]
        for id in ids:
            cloud.change(id, by="ida", comment="x" * 1000)
        connector = cloud.started()
        tickets = [ticket for page in connector.tickets("incident", ids) for ticket in page.tickets]
        assert asked(cloud, connector, tickets) == 1
        assert 3 < asked(cloud, connector, tickets) < 10

    def test_a_comment_of_which_nothing_tells_who_may_read_it_is_no_answer(self):
        class Silent:
            session = SimpleNamespace(last=None)

            def record(self, *_: Any, **__: Any) -> Any:
                raise NotVisible("not ours to see")

        comment = {"id": "7", "author": {"accountId": "ida"}, "created": "2026-11-02T08:00:00.000+0000"}
        issue = {"id": "1", "key": "IT-1", "fields": {"comment": {"comments": [comment], "total": 1}}}
        desk = JiraDesk()
        with serve(desk.site) as desk.url:
            connector = desk.started()
            ticket = one(connector, desk.new("a ticket"))._replace(id="1")
            comments = Comments(Silent(), lambda *_: [issue])
            said = comments.said(connector.kinds["incident"].kind.translator, [ticket])
        assert said is not None
        assert [event.fact for event in said["1"]] == ["note"]


def asked(desk: JiraDesk, connector: JiraServiceManagement, tickets: list) -> int:
    before = len(desk.asked())
    connector.said("incident", tickets)
    return len(desk.asked()) - before
