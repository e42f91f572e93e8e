"""What search finds, how it is paged, and how far it is behind."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_jira import NINE, Jira, millis

from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.jira import Site

BY_CHANGE = f"project = IT AND updated > {millis(NINE) - 1} ORDER BY updated ASC, key ASC"


def many(site: Site, clock: MovableClock, count: int) -> list[str]:
    """Create issues a minute apart."""
    made = []
    for number in range(count):
        made.append(site.create("IT", "[System] Incident", {"summary": f"Number {number}"}, by="kari"))
        clock.advance(minutes=1)
    return made


def pages(jira: Jira, **asked: object) -> list[list[str]]:
    """Return the ids of all pages."""
    found, token = [], None
    while token or not found:
        page = jira.search(BY_CHANGE, **asked, **({"nextPageToken": token} if token else {})).json()
        found.append([issue["id"] for issue in page["issues"]])
        token = page.get("nextPageToken")
        assert page["isLast"] == (token is None)
    return found


def test_the_old_search_is_gone_and_says_where_to_go(jira: Jira, incident: str) -> None:
    answer = jira.get("search", jql="project = IT")
    assert answer.status_code == 410
    assert "/rest/api/3/search/jql" in answer.json()["errorMessages"][0]


def test_issues_have_nothing_but_an_id_where_no_fields_are_named(jira: Jira, incident: str) -> None:
    answer = jira.get("search/jql", jql="project = IT").json()
    assert answer == {"issues": [{"id": incident}], "isLast": True}


def test_fields_that_are_named_come_with_the_key(jira: Jira, incident: str) -> None:
    (issue,) = jira.search("project = IT", fields=["summary", "no-such-field"]).json()["issues"]
    assert (issue["id"], issue["key"], issue["fields"]) == (incident, "IT-1", {"summary": "Booking is down"})


def test_all_fields_can_be_asked_for_but_some(jira: Jira, incident: str) -> None:
    (issue,) = jira.search("project = IT", fields=["*all", "-comment"]).json()["issues"]
    assert "summary" in issue["fields"]
    assert "comment" not in issue["fields"]


@pytest.mark.parametrize("jql", ["", "ORDER BY updated", "  order by key desc"])
def test_a_search_for_everything_is_refused(jira: Jira, jql: str) -> None:
    assert jira.refusal(jql).startswith("Unbounded JQL queries are not allowed here.")


def test_pages_follow_each_other_by_token_and_the_last_has_none(site: Site, clock: MovableClock, jira: Jira) -> None:
    made = many(site, clock, 5)
    assert pages(jira, maxResults=2) == [made[:2], made[2:4], made[4:]]


def test_no_total_is_told(site: Site, clock: MovableClock, jira: Jira) -> None:
    many(site, clock, 3)
    assert jira.search(BY_CHANGE, maxResults=2).json().keys() == {"issues", "isLast", "nextPageToken"}


def test_a_page_with_fields_is_smaller_than_was_asked_for(site: Site, clock: MovableClock, jira: Jira) -> None:
    many(site, clock, 120)
    assert len(jira.found(BY_CHANGE, maxResults=1000)) == 120
    page = jira.search(BY_CHANGE, maxResults=1000, fields=["summary"]).json()
    assert (len(page["issues"]), page["isLast"]) == (100, False)


def test_a_token_is_good_for_its_own_query_only(site: Site, clock: MovableClock, jira: Jira) -> None:
    many(site, clock, 3)
    token = jira.search(BY_CHANGE, maxResults=1).json()["nextPageToken"]
    assert jira.search("project = IT", nextPageToken=token).status_code == 400
    assert jira.search(BY_CHANGE, nextPageToken="made up").status_code == 400


def test_an_issue_that_changes_between_pages_comes_again_and_pushes_none_out(
    site: Site, clock: MovableClock, jira: Jira
) -> None:
    made = many(site, clock, 4)
    first = jira.search(BY_CHANGE, maxResults=2).json()
    site.change(made[0], {"Urgency": "High"}, by="ida")
    assert jira.found(BY_CHANGE, nextPageToken=first["nextPageToken"]) == [made[2], made[3], made[0]]


def test_an_issue_may_change_after_it_was_chosen_for_a_page(site: Site, jira: Jira, incident: str) -> None:
    change = Fault("changing", path="search/jql", do=lambda: site.transition(incident, "Resolved", by="ida"))
    site.faults.add(change)
    (issue,) = jira.search("status = Open", fields=["status"]).json()["issues"]
    assert issue["fields"]["status"]["name"] == "Resolved"


def test_entity_properties_come_when_they_are_named(site: Site, jira: Jira, incident: str) -> None:
    jira.put(f"issue/{incident}", {"properties": [{"key": "mark", "value": {"n": 1}}, {"key": "other", "value": 2}]})
    (issue,) = jira.search("project = IT", properties=["mark", "missing"]).json()["issues"]
    assert issue == {"id": incident, "properties": {"mark": {"n": 1}}}


def test_a_new_issue_is_not_found_at_once(site: Site, clock: MovableClock, jira: Jira) -> None:
    site.search_lag = 30
    new = site.create("IT", "[System] Incident", {"summary": "New"}, by="kari")
    assert jira.found(BY_CHANGE) == []
    assert jira.fields(new)["summary"] == "New"
    clock.advance(seconds=30)
    assert jira.found(BY_CHANGE) == [new]


def test_a_changed_issue_is_found_and_returned_as_it_was(
    site: Site, clock: MovableClock, jira: Jira, incident: str
) -> None:
    clock.advance(minutes=1)
    site.search_lag = 30
    site.change(incident, {"Urgency": "High"}, by="ida")
    site.comment(incident, "On it", by="ida")
    site.transition(incident, "Resolved", by="ida")
    (issue,) = jira.search("status = Open", fields=["status", "updated", "comment"], expand="changelog").json()[
        "issues"
    ]
    assert issue["fields"]["status"]["name"] == "Open"
    assert issue["fields"]["updated"] == "2026-11-24T09:00:00.000+0000"
    assert issue["fields"]["comment"]["comments"] == []
    assert issue["changelog"]["histories"] == []
    assert jira.found("status = Resolved") == []


def test_issues_to_reconcile_are_up_to_date(site: Site, clock: MovableClock, jira: Jira, incident: str) -> None:
    clock.advance(minutes=1)
    site.search_lag = 30
    site.transition(incident, "Resolved", by="ida")
    new = site.create("IT", "[System] Incident", {"summary": "New"}, by="kari")
    assert jira.found("status = Resolved", reconcileIssues=[int(incident)]) == [incident]
    assert jira.found("status = Open", reconcileIssues=[int(new)]) == [new, incident]
    assert jira.found("status = Open", reconcileIssues=[int(new), int(incident)]) == [new]


@pytest.mark.parametrize("ids", [list(range(51)), ["IT-1"]])
def test_few_issues_can_be_reconciled_and_only_by_number(jira: Jira, incident: str, ids: list[object]) -> None:
    assert jira.search("project = IT", reconcileIssues=ids).status_code == 400


def test_history_inside_a_search_is_cut_off(site: Site, jira: Jira, incident: str) -> None:
    for number in range(45):
        site.change(incident, {"summary": f"Number {number}"}, by="ida")
    (issue,) = jira.search("project = IT", fields=["summary"], expand="changelog").json()["issues"]
    histories = issue["changelog"]["histories"]
    assert (len(histories), issue["changelog"]["total"]) == (40, 45)
    assert histories[0]["items"][0]["toString"] == "Number 44"


def test_comments_inside_a_search_are_cut_off(site: Site, jira: Jira, incident: str) -> None:
    for number in range(25):
        site.comment(incident, f"Number {number}", by="ida")
    (issue,) = jira.search("project = IT", fields=["comment"]).json()["issues"]
    assert (len(issue["fields"]["comment"]["comments"]), issue["fields"]["comment"]["total"]) == (20, 25)
    assert len(jira.fields(incident)["comment"]["comments"]) == 25


def test_an_issue_that_we_may_not_see_is_not_found(site: Site, jira: Jira, incident: str) -> None:
    site.hide(incident)
    assert jira.found("project = IT") == []
    assert jira.get(f"issue/{incident}").status_code == 404


@pytest.mark.parametrize("deployment", ["Server"])
class TestDataCenter:
    def test_there_is_neither_version_3_nor_search_by_token(self, jira: Jira, incident: str) -> None:
        assert jira.get("/rest/api/3/issue/IT-1").status_code == 404
        assert jira.get("search/jql", jql="project = IT").status_code == 404

    def test_pages_are_by_place_with_a_total(self, site: Site, clock: MovableClock, jira: Jira) -> None:
        made = many(site, clock, 5)
        page = jira.search(BY_CHANGE, startAt=2, maxResults=2, fields=["summary"]).json()
        assert [issue["id"] for issue in page["issues"]] == made[2:4]
        assert (page["startAt"], page["maxResults"], page["total"]) == (2, 2, 5)

    def test_an_issue_that_changes_between_pages_pushes_another_out(
        self, site: Site, clock: MovableClock, jira: Jira
    ) -> None:
        made = many(site, clock, 4)
        seen = jira.found(BY_CHANGE, maxResults=2)
        site.change(made[0], {"Urgency": "High"}, by="ida")
        seen += jira.found(BY_CHANGE, startAt=2, maxResults=2)
        assert made[2] not in seen

    def test_no_page_is_larger_than_a_thousand(self, site: Site, jira: Jira, incident: str) -> None:
        assert jira.search("project = IT", maxResults=5000).json()["maxResults"] == 1000

    def test_fields_come_without_being_named_and_everything_may_be_searched(self, jira: Jira, incident: str) -> None:
        (issue,) = jira.search("").json()["issues"]
        assert issue["fields"]["summary"] == "Booking is down"

    def test_search_is_up_to_date_and_its_history_complete(self, site: Site, jira: Jira, incident: str) -> None:
        site.search_lag = 30
        for number in range(45):
            site.change(incident, {"summary": f"Number {number}"}, by="ida")
        (issue,) = jira.search("project = IT", expand=["changelog"], fields=["summary"]).json()["issues"]
        assert issue["fields"]["summary"] == "Number 44"
        assert len(issue["changelog"]["histories"]) == 45


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=6), size=st.integers(1, 3))
def test_paging_by_token_loses_nothing_whatever_changes_meanwhile(
    jira: Jira, site: Site, clock: MovableClock, changes: list[tuple[int, bool]], size: int
) -> None:
    made = many(site, clock, 5)
    query = f"id in ({','.join(made)}) ORDER BY updated ASC, key ASC"
    seen, token, left = set[str](), None, list(changes)
    while True:
        page = jira.search(query, maxResults=size, **({"nextPageToken": token} if token else {})).json()
        seen |= {issue["id"] for issue in page["issues"]}
        if page["isLast"]:
            break
        token = page["nextPageToken"]
        if left:
            number, is_comment = left.pop()
            clock.advance(seconds=1)
            site.comment(made[number], "x", by="ida") if is_comment else site.change(
                made[number], {"summary": f"{clock()}"}, by="ida"
            )
    assert seen == set(made)
