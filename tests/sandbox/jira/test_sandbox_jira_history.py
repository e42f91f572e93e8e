"""What was changed, by whom and when, in the three places where it can be read."""

from __future__ import annotations

import pytest
from plain_jira import NINE, Jira, millis

from connectors.sandbox import MovableClock
from connectors.sandbox.jira import Site


def items(jira: Jira, incident: str) -> list[dict[str, str]]:
    values = jira.get(f"issue/{incident}/changelog").json()["values"]
    return [item for change in values for item in change["items"]]


def test_a_change_tells_ids_and_names_before_and_after(site: Site, jira: Jira, incident: str) -> None:
    site.change(incident, {"priority": "High", "Impact": "Minor / Localized"}, by="ida")
    impact = site.field("Impact")
    ids = {name: id for id, name in impact.options.items()}
    assert items(jira, incident) == [
        {"field": "priority", "fieldtype": "jira", "fieldId": "priority",
         "from": "3", "fromString": "Medium", "to": "2", "toString": "High"},
        {"field": "Impact", "fieldtype": "custom", "fieldId": impact.id,
         "from": ids["Significant / Large"], "fromString": "Significant / Large",
         "to": ids["Minor / Localized"], "toString": "Minor / Localized"},
    ]  # fmt: skip


def test_people_come_and_go(site: Site, jira: Jira, incident: str) -> None:
    site.change(incident, {"assignee": "ida"}, by="ida")
    site.change(incident, {"assignee": ""}, by="ida")
    told = [(item["from"], item["fromString"], item["to"], item["toString"]) for item in items(jira, incident)]
    assert told == [(None, None, "ida", "Ida Berg"), ("ida", "Ida Berg", None, None)]


def test_labels_are_one_text_before_and_after(site: Site, jira: Jira, incident: str) -> None:
    site.change(incident, {"labels": ["a", "b"]}, by="ida")
    (item,) = items(jira, incident)
    assert (item["field"], item["fromString"], item["toString"]) == ("labels", "a", "a b")


def test_components_have_an_entry_for_each_that_came_or_went(site: Site, jira: Jira, incident: str) -> None:
    for name in ("printing", "mail"):
        site.add_component("IT", name)
    site.change(incident, {"components": ["booking"]}, by="ida")
    site.change(incident, {"components": ["printing", "mail"]}, by="ida")
    told = [(item["field"], item["fieldId"], item["fromString"], item["toString"]) for item in items(jira, incident)]
    assert told == [
        ("Component", "components", None, "booking"), ("Component", "components", "booking", None),
        ("Component", "components", None, "printing"), ("Component", "components", None, "mail"),
    ]  # fmt: skip


def test_a_change_of_status_tells_who_and_when(site: Site, clock: MovableClock, jira: Jira, incident: str) -> None:
    clock.advance(minutes=5)
    site.transition(incident, "Resolved", by="ida")
    (change,) = jira.get(f"issue/{incident}/changelog").json()["values"]
    assert (change["author"]["accountId"], change["created"]) == ("ida", "2026-11-24T09:05:00.000+0000")
    assert [item["field"] for item in change["items"]] == ["status", "resolution"]


def test_comments_are_no_part_of_the_history(site: Site, jira: Jira, incident: str) -> None:
    site.comment(incident, "Hello", by="ida")
    assert items(jira, incident) == []


def test_the_history_of_many_issues_comes_oldest_first_in_milliseconds(
    site: Site, clock: MovableClock, jira: Jira, incident: str
) -> None:
    other = site.create("IT", "[System] Incident", {"summary": "x"}, by="kari")
    silent = site.create("IT", "[System] Incident", {"summary": "y"}, by="kari")
    for id in (other, incident, other):
        clock.advance(seconds=1)
        site.change(id, {"summary": f"at {clock()}"}, by="ida")
    logs = jira.post("changelog/bulkfetch", {"issueIdsOrKeys": [incident, other, silent]}).json()["issueChangeLogs"]
    times = {log["issueId"]: [change["created"] - millis(NINE) for change in log["changeHistories"]] for log in logs}
    assert times == {other: [1000, 3000], incident: [2000]}


def test_the_history_of_many_issues_can_be_cut_to_fields_and_is_paged(site: Site, jira: Jira, incident: str) -> None:
    for number in range(3):
        site.change(incident, {"summary": f"Number {number}", "priority": "Low" if number % 2 else "High"}, by="ida")
    body = {"issueIdsOrKeys": ["IT-1"], "fieldIds": ["priority"], "maxResults": 2}
    first = jira.post("changelog/bulkfetch", body).json()
    last = jira.post("changelog/bulkfetch", {**body, "nextPageToken": first["nextPageToken"]}).json()
    assert "nextPageToken" not in last
    site.change(incident, {"summary": "Another thing"}, by="ida")
    assert (
        len(jira.post("changelog/bulkfetch", {**body, "maxResults": 9}).json()["issueChangeLogs"][0]["changeHistories"])
        == 3
    )
    shown = [change for page in (first, last) for log in page["issueChangeLogs"] for change in log["changeHistories"]]
    assert [[item["toString"] for item in change["items"]] for change in shown] == [["High"], ["Low"], ["High"]]


@pytest.mark.parametrize(
    "body",
    [
        {"issueIdsOrKeys": []},
        {"issueIdsOrKeys": [str(id) for id in range(1001)]},
        {"issueIdsOrKeys": ["IT-1"], "fieldIds": [str(id) for id in range(11)]},
    ],
)
def test_too_much_at_once_is_refused(jira: Jira, incident: str, body: dict[str, object]) -> None:
    assert jira.post("changelog/bulkfetch", body).status_code == 400


def test_a_hidden_history_is_refused_and_left_out_of_the_issue(site: Site, jira: Jira, incident: str) -> None:
    site.change(incident, {"priority": "High"}, by="ida")
    site.hide_changelog()
    assert jira.get(f"issue/{incident}/changelog").status_code == 403
    assert jira.post("changelog/bulkfetch", {"issueIdsOrKeys": [incident]}).status_code == 403
    assert "changelog" not in jira.get(f"issue/{incident}", expand="changelog").json()


@pytest.mark.parametrize("deployment", ["Server"])
def test_data_center_has_the_history_inside_the_issue_only(site: Site, jira: Jira, incident: str) -> None:
    site.change(incident, {"priority": "High"}, by="ida")
    whole = jira.get(f"issue/{incident}", expand="changelog").json()
    assert whole["changelog"]["histories"][0]["author"]["name"] == "ida"
    assert jira.get(f"issue/{incident}/changelog").status_code == 404
    assert jira.post("changelog/bulkfetch", {"issueIdsOrKeys": [incident]}).status_code == 404
