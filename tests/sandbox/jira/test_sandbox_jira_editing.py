"""Editing issues: what one request may carry, and what refuses the whole of it."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_jira import INTERNAL, Jira, document

from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.jira import Site


def refusal(jira: Jira, incident: str, **fields: object) -> dict[str, str]:
    answer = jira.edit(incident, **fields)
    assert answer.status_code == 400
    assert answer.json()["errorMessages"] == []
    return answer.json()["errors"]


def test_fields_and_entity_properties_are_written_in_one_request(site: Site, jira: Jira, incident: str) -> None:
    impact = site.field("Impact").id
    body = {"fields": {impact: {"value": "Minor / Localized"}, "priority": {"id": "1"}},
            "properties": [{"key": "mark", "value": {"run": 7}}]}  # fmt: skip
    answer = jira.put(f"issue/{incident}", body)
    assert (answer.status_code, answer.content) == (204, b"")
    kept = site.issue(incident)
    assert (kept["Impact"], kept["Priority"], kept["properties"]) == (
        "Minor / Localized",
        "Highest",
        {"mark": {"run": 7}},
    )


def test_one_field_that_is_not_on_the_screen_refuses_everything(site: Site, jira: Jira, incident: str) -> None:
    site.remove_from_screen("Urgency")
    urgency = site.field("Urgency").id
    body = {
        "fields": {urgency: {"value": "High"}, "priority": {"id": "1"}},
        "properties": [{"key": "mark", "value": 1}],
    }
    answer = jira.put(f"issue/{incident}", body)
    said = f"Field '{urgency}' cannot be set. It is not on the appropriate screen, or unknown."
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [], "errors": {urgency: said}})
    assert (site.issue(incident)["Priority"], site.issue(incident)["properties"]) == ("Medium", {})


def test_all_that_is_wrong_is_told_at_once(jira: Jira, incident: str) -> None:
    assert refusal(jira, incident, customfield_1="x", priority={"name": "Urgent"}, summary="").keys() == {
        "customfield_1", "priority", "summary",
    }  # fmt: skip


def test_the_screen_says_what_may_be_edited(site: Site, jira: Jira, incident: str) -> None:
    site.remove_from_screen("Urgency")
    shown = jira.get(f"issue/{incident}/editmeta").json()["fields"]
    assert site.field("Urgency").id not in shown
    assert [option["value"] for option in shown[site.field("Impact").id]["allowedValues"]] == [
        "Extensive / Widespread", "Significant / Large", "Moderate / Limited", "Minor / Localized",
    ]  # fmt: skip
    assert not {"status", "updated", site.field("Time to resolution").id} & shown.keys()


@pytest.mark.parametrize("value", [{"name": "Critical"}, {"id": "77"}, "High", {}])
def test_a_priority_that_the_project_does_not_offer_is_refused(
    site: Site, jira: Jira, incident: str, value: object
) -> None:
    site.projects["IT"].priorities.remove("1")
    assert "priority" in refusal(jira, incident, priority=value)
    assert "priority" in refusal(jira, incident, priority={"name": "Highest"})
    assert jira.edit(incident, priority={"name": "High"}).ok


def test_a_team_is_read_as_an_object_and_written_as_a_bare_id(site: Site, jira: Jira, incident: str) -> None:
    field, team = site.field("Team").id, next(iter(site.teams))
    assert field in refusal(jira, incident, **{field: {"id": team}})
    assert field in refusal(jira, incident, **{field: "no-such-team"})
    assert jira.edit(incident, **{field: team}).ok
    assert (jira.fields(incident)[field]["id"], jira.fields(incident)[field]["name"]) == (team, "web")


def test_a_group_picker_takes_a_name(site: Site, jira: Jira, incident: str) -> None:
    field = site.add_field("Assignment group", type="group")
    assert jira.edit(incident, **{field: {"name": "web"}}).ok
    assert jira.fields(incident)[field]["name"] == "web"
    assert field in refusal(jira, incident, **{field: {"name": "nobody"}})


@pytest.mark.parametrize(
    ("deployment", "good", "bad"), [("Cloud", "accountId", "name"), ("Server", "name", "accountId")]
)
def test_people_are_named_as_the_deployment_does(site: Site, jira: Jira, incident: str, good: str, bad: str) -> None:
    assert "assignee" in refusal(jira, incident, assignee={bad: "ida"})
    assert jira.edit(incident, assignee={good: "ida"}).ok
    assert jira.fields(incident)["assignee"][good] == "ida"
    assert jira.edit(incident, assignee=None).ok
    assert jira.fields(incident)["assignee"] is None


def test_nobody_is_assigned_who_has_left_or_is_a_customer(site: Site, jira: Jira, incident: str) -> None:
    site.deactivate("ida")
    for account in ("ida", "kari", "nobody"):
        assert "assignee" in refusal(jira, incident, assignee={"accountId": account})


def test_labels_and_components_are_added_and_removed_one_by_one(site: Site, jira: Jira, incident: str) -> None:
    update = {"labels": [{"add": "b"}, {"remove": "a"}, {"add": "b"}], "components": [{"add": {"name": "booking"}}]}
    assert jira.put(f"issue/{incident}", {"update": update}).ok
    assert (site.issue(incident)["Labels"], site.issue(incident)["Components"]) == (["b"], ["booking"])
    assert "labels" in refusal(jira, incident, labels=["two words"])


def test_version_3_takes_documents_only_and_version_2_markup_only(jira: Jira, incident: str) -> None:
    assert "description" in refusal(jira, incident, description="plain")
    assert jira.edit(incident, description=document("Some *stars*")).ok
    old = f"/rest/api/2/issue/{incident}"
    assert jira.get(old).json()["fields"]["description"] == "Some *stars*"
    assert jira.put(old, {"fields": {"description": document("x")}}).status_code == 400
    assert jira.put(old, {"fields": {"description": "One\n\ntwo"}}).ok
    assert [part["type"] for part in jira.fields(incident)["description"]["content"]] == ["paragraph", "paragraph"]


def test_the_issue_is_returned_when_asked_for_on_cloud(jira: Jira, incident: str) -> None:
    answer = jira.put(f"issue/{incident}", {"fields": {"summary": "New"}}, returnIssue="true")
    assert (answer.status_code, answer.json()["fields"]["summary"]) == (200, "New")


@pytest.mark.parametrize("deployment", ["Server"])
def test_data_center_returns_no_issue(jira: Jira, incident: str) -> None:
    assert jira.put(f"issue/{incident}", {"fields": {"summary": "New"}}, returnIssue="true").status_code == 204


def test_mails_are_kept_back_by_admins_only(site: Site, jira: Jira, incident: str) -> None:
    body = {"fields": {"summary": "New"}}
    assert jira.put(f"issue/{incident}", body, notifyUsers="false").status_code == 403
    assert site.issue(incident)["Summary"] == "Booking is down"
    site.users[site.account].admin = True
    assert jira.put(f"issue/{incident}", body, notifyUsers="false").status_code == 204


def test_an_edit_moves_no_status(site: Site, jira: Jira, incident: str) -> None:
    resolved = site.status_id("Resolved")
    assert jira.put(f"issue/{incident}", {"transition": {"id": resolved}, "fields": {"summary": "New"}}).ok
    assert "status" in refusal(jira, incident, status={"id": resolved})
    assert site.issue(incident)["Status"] == "Open"


def test_an_internal_comment_inside_an_edit_comes_out_public(site: Site, jira: Jira, incident: str) -> None:
    comment = {"add": {"body": document("Not for customers"), "properties": [INTERNAL, {"key": "mark", "value": 1}]}}
    assert jira.put(f"issue/{incident}", {"update": {"comment": [comment]}}).ok
    (entry,) = site.comments(incident)
    assert (entry.text, entry.public, entry.properties) == ("Not for customers", True, {})


def test_a_change_moves_the_time_of_the_last_change_by_a_millisecond_at_least(jira: Jira, incident: str) -> None:
    before = jira.fields(incident)["updated"]
    assert before == "2026-11-24T09:00:00.000+0000"
    jira.edit(incident, summary="New")
    assert jira.fields(incident)["updated"] == "2026-11-24T09:00:00.001+0000"


def test_what_changes_nothing_leaves_no_trace(clock: MovableClock, jira: Jira, incident: str) -> None:
    clock.advance(minutes=1)
    jira.edit(incident, summary="Booking is down", priority={"name": "Medium"}, labels=["a"], assignee=None)
    jira.put(f"issue/{incident}/properties/mark", {"n": 1})
    jira.put(f"issue/{incident}", {"properties": [{"key": "mark", "value": 2}]})
    whole = jira.get(f"issue/{incident}", expand="changelog", properties="mark").json()
    assert whole["fields"]["updated"] == "2026-11-24T09:00:00.000+0000"
    assert whole["changelog"]["histories"] == []
    assert whole["properties"] == {"mark": 2}


def test_a_property_that_is_new_is_told_from_one_that_is_replaced(jira: Jira, incident: str) -> None:
    path = f"issue/{incident}/properties/mark"
    assert jira.get(path).status_code == 404
    assert [jira.put(path, {"n": number}).status_code for number in (1, 2)] == [201, 200]
    assert jira.get(path).json() == {"key": "mark", "value": {"n": 2}}


def test_nought_is_a_value_and_no_text_is_none(site: Site, jira: Jira, incident: str) -> None:
    number, text = site.add_field("Reopened", type="number"), site.add_field("Cause", type="text")
    assert jira.edit(incident, **{number: 0, text: "cable"}).ok
    assert jira.fields(incident)[number] == 0
    assert jira.edit(incident, **{number: None, text: ""}).ok
    assert (jira.fields(incident)[number], jira.fields(incident)[text]) == (None, None)
    assert number in refusal(jira, incident, **{number: "0"})


@pytest.mark.parametrize("method", ["get", "put"])
def test_what_is_deleted_or_hidden_looks_alike(site: Site, jira: Jira, incident: str, method: str) -> None:
    other = site.create("IT", "[System] Incident", {"summary": "x"}, by="kari")
    site.delete(incident)
    site.hide(other)
    for id in (incident, other):
        answer = jira.call(
            method.upper(), f"issue/{id}", json={"fields": {"summary": "y"}} if method == "put" else None
        )
        assert answer.status_code == 404
        assert answer.json()["errorMessages"] == ["Issue does not exist or you do not have permission to see it."]


def test_a_transition_is_a_request_of_its_own_and_resolves(site: Site, jira: Jira, incident: str) -> None:
    (into,) = [
        each for each in jira.get(f"issue/{incident}/transitions").json()["transitions"] if each["name"] == "Resolved"
    ]
    assert into["to"]["statusCategory"]["key"] == "done"
    comment = {"add": {"body": document("Internal?"), "properties": [INTERNAL]}}
    body = {"transition": {"id": into["id"]}, "update": {"comment": [comment]}}
    assert jira.post(f"issue/{incident}/transitions", body).status_code == 204
    shown = jira.fields(incident)
    assert (shown["status"]["name"], shown["resolution"]["name"]) == ("Resolved", "Done")
    assert [entry.public for entry in site.comments(incident)] == [True]
    site.transition(incident, "Work in progress", by="ida")
    assert (jira.fields(incident)["resolution"], jira.fields(incident)["resolutiondate"]) == (None, None)


def test_a_transition_that_does_not_exist_is_refused(jira: Jira, incident: str) -> None:
    assert jira.post(f"issue/{incident}/transitions", {"transition": {"id": "9"}}).status_code == 400


def test_many_issues_are_fetched_at_once_by_id(site: Site, jira: Jira, incident: str) -> None:
    other = site.create("IT", "[System] Problem", {"summary": "Root"}, by="ida")
    body = {"issueIdsOrKeys": ["IT-2", incident, "IT-99"], "fields": ["summary"]}
    answer = jira.post("issue/bulkfetch", body).json()
    assert [issue["id"] for issue in answer["issues"]] == [incident, other]
    assert answer["issueErrors"] == [], "what is gone or not visible is in neither list"
    assert jira.post("issue/bulkfetch", {"issueIdsOrKeys": [str(id) for id in range(101)]}).status_code == 400


def test_a_link_shows_the_other_issue_and_how_it_is_meant(site: Site, jira: Jira, incident: str) -> None:
    problem = site.create("IT", "[System] Problem", {"summary": "Root"}, by="ida")
    site.link(incident, "is caused by", problem)
    (link,) = jira.fields(incident)["issuelinks"]
    assert (link["type"]["inward"], link["inwardIssue"]["id"]) == ("is caused by", problem)
    (link,) = jira.fields(problem)["issuelinks"]
    assert (link["type"]["outward"], link["outwardIssue"]["id"]) == ("causes", incident)


def test_a_broken_body_is_refused(jira: Jira, incident: str) -> None:
    answer = jira.call("PUT", f"issue/{incident}", data=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert jira.put(f"issue/{incident}", []).status_code == 400
    assert jira.put(f"issue/{incident}", {"update": {"labels": ["a"]}}).status_code == 400


STEPS = st.lists(st.sampled_from(["edit", "again", "comment", "transition", "property", "later"]), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_time_of_the_last_change_moves_with_each_change_and_with_nothing_else(
    jira: Jira, site: Site, clock: MovableClock, incident: str, steps: list[str]
) -> None:
    def last() -> Any:
        return site.issue(incident)["Updated"]

    for step in steps:
        before, status = last(), site.issue(incident)["Status"]
        if step == "edit":
            jira.edit(incident, summary=f"after {before}")
        elif step == "again":
            jira.edit(incident, summary=site.issue(incident)["Summary"])
        elif step == "comment":
            jira.comment(incident, "x")
        elif step == "transition":
            site.transition(incident, "Pending" if status == "Open" else "Open", by="ida")
        elif step == "property":
            jira.put(f"issue/{incident}/properties/mark", before.isoformat())
        else:
            clock.advance(seconds=1)
        assert (last() > before) == (step in ("edit", "comment", "transition"))


def test_an_edit_whose_connection_broke_may_be_done_a_minute_later(
    site: Site, clock: MovableClock, jira: Jira, incident: str
) -> None:
    site.faults.add(Fault("late", method="PUT", seconds=60))
    with pytest.raises(requests.ConnectionError):
        jira.edit(incident, summary="New")
    clock.advance(seconds=59)
    assert jira.fields(incident)["summary"] == "Booking is down"
    clock.advance(seconds=10)
    shown = jira.fields(incident)
    assert (shown["summary"], shown["updated"]) == ("New", "2026-11-24T09:01:00.000+0000")
