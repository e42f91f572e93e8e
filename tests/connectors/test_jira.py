"""What is Jira's own: fields by what they are, several ways to keep a team, two ways to sign in, what is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import Unusable, Write
from connectors.jira_service_management import connector as module
from connectors.jira_service_management.tickets import EPOCH, moment
from connectors.sandbox import serve
from rules.model import Ticket
from rules.rulebook import Words
from tests.canaries import PASSWORD
from tests.connectors.contract import read
from tests.connectors.jira_desk import FIELDS, TYPE, JiraDesk, one, words

MakeDesk = Callable[..., JiraDesk]


@pytest.fixture
def make_desk() -> Iterator[MakeDesk]:
    """Return a function that makes a desk on Cloud, or with "Server" on Data Center."""
    with ExitStack() as stack:

        def make(deployment: str = "Cloud") -> JiraDesk:
            desk = JiraDesk(deployment)
            desk.url = stack.enter_context(serve(desk.site))
            return desk

        yield make


@pytest.fixture(params=["Cloud", "Server"])
def desk(make_desk: MakeDesk, request: pytest.FixtureRequest) -> JiraDesk:
    return make_desk(request.param)


def ticket_of(desk: JiraDesk, id: str, own: Words | None = None) -> Ticket:
    """Return an incident as a connector with these words reads it."""
    return one(desk.started(kinds={"incident": own or desk.words}), id)


def with_fields(**fields: str) -> Words:
    return words({**FIELDS, **fields})


class TestFields:
    def test_service_managements_fields_are_found_by_what_they_are_in_any_language(self, desk):
        id = desk.new("Hei")
        desk.site.users[desk.site.account].language = "de"
        ticket = ticket_of(desk, id, with_fields(participants="Request participants"))
        assert ticket.facts["requester.language"] == "nb"
        assert ticket.facts["requester.organisation"] == "Board"
        assert ticket.facts["requester.vip"] is True

    def test_two_fields_of_one_name_are_one_line_and_the_rest_works(self, desk):
        desk.site.add_field("Symptom", type="text")
        id = desk.new("a ticket", impact="extensive")
        connector = desk.started()
        (line,) = connector.lost
        assert line.startswith("2 fields are called 'Symptom': customfield_")
        assert "words: fields: symptom" in line
        assert one(connector, id).facts["impact"] == "extensive"

    def test_a_field_may_be_named_by_its_id(self, desk):
        first = desk.site.field("Symptom").id
        desk.site.add_field("Symptom", type="text")
        id = desk.site.create("IT", TYPE, {"summary": "a ticket", first: "smoke"}, by="kari")
        connector = desk.started(kinds={"incident": with_fields(symptom=first)})
        assert not connector.lost
        assert one(connector, id).facts["symptom"] == "smoke"

    def test_a_field_that_is_not_there_is_lost_where_rules_write_it_and_empty_where_they_read_it(self, desk):
        id = desk.new("a ticket")
        connector = desk.started(kinds={"incident": with_fields(urgency="Dringend", symptom="Zeichen")})
        (line,) = connector.lost
        assert "no field called 'Dringend'" in line
        assert "symptom" not in one(connector, id).facts

    def test_a_field_off_the_screen_and_unknown_options_are_named_as_jira_shows_them(self, desk):
        desk.new("a ticket")
        desk.site.remove_from_screen("Urgency")
        odd = words(impact={"extensive": ("Galactic",)}, priority={"P1": ("Blocker",), "P2": ("High",)})
        lost = "\n".join(desk.started(kinds={"incident": odd}).lost)
        assert f"the field 'Urgency' is not on the edit screen of {TYPE!r}" in lost
        assert "the field 'Impact' has no 'Galactic'; correct words: values: impact" in lost
        assert "has no 'Blocker'; correct words: values: priority" in lost

    def test_a_rating_is_a_number_and_a_clock_is_the_moment_at_which_it_runs_out(self, desk):
        id = desk.new("a ticket")
        own = with_fields(rating="Satisfaction", resolve_by="Time to resolution", respond_by="Time to first response")
        assert not {"rating", "resolve_by", "respond_by"} & ticket_of(desk, id, own).facts.keys()
        desk.site.rate(id, 2)
        desk.site.start_sla(id, "Time to resolution", timedelta(hours=4))
        desk.site.break_sla(id, "Time to first response")
        facts = ticket_of(desk, id, own).facts
        assert facts["rating"] == 2
        assert facts["resolve_by"] == desk.clock() + timedelta(hours=4)
        assert "respond_by" not in facts

    def test_the_ticket_above_is_found_by_the_words_of_the_link(self, desk):
        above, id = desk.new("the cause"), desk.new("a ticket")
        desk.site.link(id, "is caused by", above)
        desk.site.link(id, "relates to", desk.new("another"))
        assert ticket_of(desk, id, with_fields(parent="is caused by")).facts["parent"] == "IT-1"
        assert "parent" not in ticket_of(desk, above, with_fields(parent="is caused by")).facts


class TestSearchIsBehind:
    def test_it_is_asked_not_to_be_behind_with_any_of_the_issues_that_we_wrote_to(self, make_desk):
        desk = make_desk()
        ids = [desk.new(f"ticket {number}") for number in range(3)]
        connector = desk.started()
        desk.pass_time(120)
        desk.site.search_lag = 60
        for id in ids[:2]:
            connector.write(Write(one(connector, id), {"impact": "extensive"}))
        found = {ticket.id: ticket.facts.get("impact") for ticket in read(connector, "incident")[0]}
        assert found == {ids[0]: "extensive", ids[1]: "extensive", ids[2]: None}

    def test_an_issue_that_is_gone_does_not_keep_the_search_from_working(self, make_desk):
        desk = make_desk()
        gone, kept = desk.new("gone"), desk.new("kept")
        connector = desk.started()
        connector.write(Write(one(connector, gone), {"impact": "extensive"}))
        desk.site.delete(gone)
        assert [ticket.id for ticket in read(connector, "incident")[0]] == [kept]


class TestStatus:
    def test_a_status_without_a_word_goes_by_its_category(self, desk):
        id = desk.new("a ticket")
        own = words(status={"new": ("Open",)})
        assert ticket_of(desk, id, own).facts["status"] == "new"
        desk.site.transition(id, "Work in progress", by="ida")
        assert ticket_of(desk, id, own).facts["status"] == "in_progress"
        desk.site.transition(id, "Canceled", by="ida")
        ticket = ticket_of(desk, id, own)
        assert ticket.facts["status"] == "closed"
        assert not ticket.unmapped

    def test_what_a_ticket_waits_for_is_its_field_and_else_its_status(self, desk):
        id = desk.new("a ticket")
        assert "waiting_for" not in ticket_of(desk, id).facts
        desk.site.transition(id, "Waiting for customer", by="ida")
        assert ticket_of(desk, id).facts["waiting_for"] == "requester"
        desk.change(id, waiting_for="supplier")
        assert ticket_of(desk, id).facts["waiting_for"] == "supplier"


class TestTeams:
    @pytest.mark.parametrize("kept_in", ["labels", "components", "select", "group", "team"])
    def test_a_team_is_read_and_written_wherever_the_desk_keeps_it(self, desk, kept_in):
        field = {"labels": "labels", "components": "components", "group": "Assignment group", "team": "Team"}.get(
            kept_in
        )
        if kept_in == "select":
            field = "Team of ours"
            desk.site.add_field(field, type="select", options=["web", "payments"])
        if kept_in == "team":
            for team in ("web", "payments"):
                desk.site.add_team(team)
        desk.site.add_component("IT", "payments")
        listed = kept_in in ("labels", "components")
        id = desk.site.create("IT", TYPE, {"summary": "a", field: ["web"] if listed else "web"}, by="kari")
        desk.site.create("IT", TYPE, {"summary": "b", field: ["payments"] if listed else "payments"}, by="kari")
        connector = desk.started(kinds={"incident": with_fields(team=field)})
        before = one(connector, id)
        assert before.facts["team"] == "web"
        written = connector.write(Write(before, {"team": "payments"}))
        assert not written.refused
        assert written.ticket.facts["team"] == "payments"

    def test_changing_a_team_among_labels_leaves_the_other_labels_alone(self, desk):
        id = desk.site.create("IT", TYPE, {"summary": "a", "labels": ["vip", "web"]}, by="kari")
        connector = desk.started(kinds={"incident": with_fields(team="labels")})
        ticket = one(connector, id)
        desk.site.change(id, {"labels": ["vip", "web", "added-meanwhile"]}, by="ida")
        connector.write(Write(ticket, {"team": "payments"}))
        assert sorted(desk.site.issue(id)["labels"]) == ["added-meanwhile", "payments", "vip"]

    def test_labels_add_up_and_one_with_blanks_is_refused(self, desk):
        id = desk.site.create("IT", TYPE, {"summary": "a", "labels": ["vip"]}, by="kari")
        connector = desk.started()
        connector.write(Write(one(connector, id), {"labels": ("vip", "demand")}))
        assert sorted(desk.site.issue(id)["labels"]) == ["demand", "vip"]
        refused = connector.write(Write(one(connector, id), {"labels": ("vip", "two words")})).refused
        assert "labels have no spaces" in refused["labels"]

    def test_a_team_that_no_issue_ever_had_is_written_by_its_id(self, desk):
        team = desk.site.add_team("night")
        id = desk.new("a ticket")
        own = words({**FIELDS, "team": "Team"}, team={"night": (team,)})
        connector = desk.started(kinds={"incident": own})
        assert connector.write(Write(one(connector, id), {"team": "night"})).ticket.facts["team"] == "night"

    def test_labels_and_a_team_among_them_are_written_together(self, desk):
        id = desk.site.create("IT", TYPE, {"summary": "a", "labels": ["vip", "web"]}, by="kari")
        connector = desk.started(kinds={"incident": with_fields(team="labels")})
        connector.write(Write(one(connector, id), {"team": "payments", "labels": ("vip", "web", "demand")}))
        assert {"vip", "payments", "demand"} <= set(desk.site.issue(id)["labels"])

    def test_a_component_that_is_no_team_is_none_and_stays(self, desk):
        desk.site.add_component("IT", "payments")
        id = desk.site.create("IT", TYPE, {"summary": "a", "components": ["booking"]}, by="kari")
        connector = desk.started(kinds={"incident": with_fields(team="components")})
        assert "team" not in one(connector, id).facts
        connector.write(Write(one(connector, id), {"team": "payments"}))
        assert sorted(desk.site.issue(id)["components"]) == ["booking", "payments"]

    def test_of_several_spellings_the_one_that_the_site_offers_is_written(self, desk):
        id = desk.new("a ticket")
        own = words(impact={"extensive": ("Galactic", "Extensive / Widespread"), "minor": ("Minor / Localized",)})
        connector = desk.started(kinds={"incident": own})
        assert not connector.lost
        assert not connector.write(Write(one(connector, id), {"impact": "extensive"})).refused
        assert desk.site.issue(id)["Impact"] == "Extensive / Widespread"


class TestMovedIssues:
    def test_one_that_moved_out_of_our_projects_is_not_ours_any_more(self, desk):
        desk.site.add_project("HR", "People", kind="service_desk")
        id = desk.site.create("HR", TYPE, {"summary": "moved"}, by="kari")
        assert [page.tickets for page in desk.started().tickets("incident", [id])] == [()]

    def test_one_of_another_type_is_not_of_this_kind(self, desk):
        id = desk.site.create("IT", "[System] Service request", {"summary": "a wish"}, by="kari")
        assert [page.tickets for page in desk.started().tickets("incident", [id])] == [()]


class TestOddAnswers:
    def test_an_issue_that_cannot_be_read_is_left_out_and_named_and_the_others_are_read(self, desk, monkeypatch):
        ids = [desk.new(f"ticket {number}") for number in range(3)]
        connector = desk.started()
        translator = connector.kinds["incident"].kind.translator
        whole = translator.ticket
        monkeypatch.setattr(translator, "ticket", lambda issue: whole(issue if issue["key"] != "IT-2" else {"id": 1}))
        assert {ticket.id for ticket in read(connector, "incident")[0]} == {ids[0], ids[2]}
        assert connector.lost == ("IT-2 cannot be read (KeyError): look at its fields",)

    @pytest.mark.parametrize("text", ["0001-01-01T00:00:00+0053", "yesterday", "", None, float("nan"), 1e30])
    def test_a_time_that_is_none_is_the_beginning(self, text):
        assert moment(text) == EPOCH

    @pytest.mark.parametrize("scope", ["labels = a) OR (labels is EMPTY", "(labels = a", 'summary ~ "a', "a = 'b"])
    def test_a_scope_whose_brackets_or_quotes_do_not_match_is_refused(self, desk, scope):
        with pytest.raises(Unusable, match="brackets or quotes"):
            desk.connect(scope=scope)

    def test_brackets_in_quotes_are_text(self, desk):
        assert desk.connect(scope='summary ~ "a) OR (b" AND (labels = "it\'s")')


class TestSigningIn:
    def test_an_oauth_client_signs_in_elsewhere_and_works_through_the_gateway(self, make_desk, monkeypatch):
        desk = make_desk()
        monkeypatch.setattr(module, "SIGN_IN", f"{desk.url}/oauth/token")
        monkeypatch.setattr(module, "GATEWAY", f"{desk.url}/ex/jira")
        desk.site.oauth_clients["sandbox"] = (PASSWORD, desk.site.account)
        id = desk.new("a ticket")
        connector = desk.started(auth={"client_id": "sandbox", "client_secret": "${JIRA_TOKEN}"})
        assert one(connector, id).facts["title"] == "a ticket"
        assert connector.account == desk.site.account

    def test_data_center_takes_a_user_with_a_password_too(self, make_desk):
        desk = make_desk("Server")
        connector = desk.started(auth={"user": "itsm.sync", "password": "${JIRA_TOKEN}"})
        assert connector.account == "itsm.sync"

    def test_an_address_without_a_jira_is_named(self, desk):
        with pytest.raises(Unusable, match="correct url"):
            desk.connect(url=f"{desk.url}/elsewhere").start()

    def test_credentials_never_go_to_another_host(self, desk):
        desk.new("a ticket")
        desk.started()
        assert all(request.user in ("", desk.site.account) for request in desk.site.requests)


class TestWhatIsLost:
    def test_a_project_without_service_management_gets_fields_and_comments_and_no_notes(self, desk):
        desk.site.add_project("DEV", "Development", kind="software")
        connector = desk.started(projects=("DEV",), kinds={"incident": replace(desk.words, table="Bug")})
        assert "DEV is no service management project" in connector.lost[0]
        id = desk.site.create("DEV", "Bug", {"summary": "a bug"}, by="ida")
        written = connector.write(Write(one(connector, id), {}, desk.text("hello"), desk.text("why")))
        assert "cannot be internal" in str(written.failed["note"])
        assert desk.said(id) == [(True, "hello")]

    def test_a_project_that_is_not_there_does_not_stop_the_others(self, desk):
        desk.new("a ticket")
        connector = desk.started(projects=("IT", "NONE"))
        assert "there is no project NONE, or our account may not see it" in connector.lost[0]
        assert len(read(connector, "incident")[0]) == 1

    def test_without_any_project_nothing_works_and_one_line_says_so(self, desk):
        with pytest.raises(Unusable, match="there is no project NONE"):
            desk.connect(projects=("NONE",)).start()

    def test_an_issue_type_that_no_project_has_is_lost_and_the_other_kinds_work(self, desk):
        desk.new("a ticket")
        request = replace(desk.words, kind="request", table="Wish")
        connector = desk.started(kinds={"incident": desk.words, "request": request})
        assert "no project of IT has the issue type 'Wish'" in connector.lost[0]
        assert read(connector, "request") == ([], "")
        assert len(read(connector, "incident")[0]) == 1

    def test_a_scope_that_jira_does_not_understand_is_for_a_person_to_mend(self, desk):
        with pytest.raises(Unusable, match="look at scope"):
            read(desk.started(scope="flavour = vanilla"), "incident")

    def test_a_scope_is_one_condition_among_others(self, desk):
        desk.new("in scope", labels=("a",))
        desk.new("out of scope", labels=("b",))
        titles = [t.facts["title"] for t in read(desk.started(scope="labels = a OR labels = c"), "incident")[0]]
        assert titles == ["in scope"]


@pytest.mark.long
def test_stopping_and_going_on_in_ten_thousand_issues_reads_no_page_twice_and_skips_none(desk):
    for number in range(10_000):
        desk.clock.advance(seconds=7)
        desk.new(f"ticket {number}")
    desk.pass_time(desk.settles)
    seen: list[str] = []
    cursor, stops, done = None, 0, False
    while not done:
        done = True
        for number, page in enumerate(desk.started().pages("incident", cursor), 1):
            seen += [ticket.id for ticket in page.tickets]
            cursor = page.cursor
            if number == 7:
                stops, done = stops + 1, False
                break
    assert len(set(seen)) == 10_000
    assert stops > 3
    assert len(seen) - 10_000 <= stops, "after a stop only the last issue read, by whose time it goes on, is read again"
