"""What a site says about itself, and in which words."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest
from plain_jira import NINE, Jira

from connectors.sandbox import MovableClock
from connectors.sandbox.jira import Site


@pytest.mark.parametrize("deployment", ["Cloud", "Server"])
def test_the_deployment_is_told(jira: Jira, deployment: str) -> None:
    shown = jira.get("serverInfo").json()
    assert shown["deploymentType"] == deployment
    assert len(shown["versionNumbers"]) == 3


def test_custom_fields_say_their_type_and_their_number(site: Site, jira: Jira) -> None:
    (impact,) = [field for field in jira.get("field").json() if field["name"] == "Impact"]
    number = site.field("Impact").number
    custom = "com.atlassian.jira.plugin.system.customfieldtypes:select"
    assert impact["schema"] == {"type": "option", "custom": custom, "customId": number}
    assert (impact["id"], impact["custom"]) == (f"customfield_{number}", True)
    assert impact["clauseNames"] == [f"cf[{number}]", "Impact"]


def test_system_fields_say_what_their_lists_hold(jira: Jira) -> None:
    fields = {field["id"]: field["schema"] for field in jira.get("field").json() if not field["custom"]}
    assert fields["labels"] == {"type": "array", "items": "string", "system": "labels"}
    assert fields["components"] == {"type": "array", "items": "component", "system": "components"}


def test_two_fields_may_have_one_name(site: Site, jira: Jira) -> None:
    ids = [site.add_field("Severity", type="select", options=["1"]) for _ in range(2)]
    assert [field["id"] for field in jira.get("field").json() if field["name"] == "Severity"] == ids
    with pytest.raises(LookupError, match="2 fields"):
        site.field("Severity")


def test_names_are_in_the_accounts_language(site: Site, jira: Jira) -> None:
    site.users[site.account].language = "de"
    names = {field["id"]: field["name"] for field in jira.get("field").json()}
    assert (names["priority"], names[site.field("Request language").id]) == ("Priorität", "Anfragesprache")
    assert "Offen" in [status["name"] for status in jira.get("status").json()]


def test_the_language_of_a_call_counts_only_where_it_is_forced(jira: Jira) -> None:
    wanted = {"Accept-Language": "nb-NO,nb;q=0.9"}
    assert jira.call("GET", "priority", headers=wanted).json()[0]["name"] == "Highest"
    forced = wanted | {"X-Force-Accept-Language": "true"}
    assert jira.call("GET", "priority", headers=forced).json()[0]["name"] == "Høyest"


def test_priorities_differ_between_projects(site: Site, jira: Jira) -> None:
    hr = site.add_project("HR", "People", priorities=["High", "Low"])
    assert [each["name"] for each in jira.get("priority/search", projectId=hr).json()["values"]] == ["High", "Low"]
    assert len(jira.get("priority/search").json()["values"]) == 5
    assert jira.get("priority/search", projectId="404").json()["values"] == []
    page = jira.get("priority/search", startAt=1, maxResults=2).json()
    assert ([each["name"] for each in page["values"]], page["isLast"]) == (["High", "Medium"], False)


def test_statuses_are_told_for_each_type_of_a_project(jira: Jira) -> None:
    (kind, *_) = jira.get("project/IT/statuses").json()
    assert kind["name"] == "[System] Incident"
    categories = {status["name"]: status["statusCategory"]["key"] for status in kind["statuses"]}
    assert categories["Waiting for customer"] == "indeterminate"
    assert {categories[name] for name in ("Resolved", "Closed", "Canceled")} == {"done"}


def test_a_project_is_found_by_key_and_by_id(site: Site, jira: Jira) -> None:
    shown = jira.get("project/it").json()
    assert (shown["key"], shown["projectTypeKey"]) == ("IT", "service_desk")
    assert jira.get(f"project/{shown['id']}").json() == shown
    assert jira.get("project/NONE").status_code == 404
    assert [each["name"] for each in jira.get("project/IT/components").json()] == ["booking"]


@pytest.mark.parametrize(("deployment", "name"), [("Cloud", "fields"), ("Server", "values")])
def test_what_a_new_issue_needs_is_told_for_each_type(site: Site, jira: Jira, name: str) -> None:
    kind = site.projects["IT"].types[0]
    fields = {field["fieldId"]: field for field in jira.get(f"issue/createmeta/IT/issuetypes/{kind}").json()[name]}
    assert fields["summary"]["required"]
    assert [each["id"] for each in fields["priority"]["allowedValues"]] == ["1", "2", "3", "4", "5"]


def test_labels_in_use_are_listed(site: Site, jira: Jira, incident: str) -> None:
    assert jira.get("label").json()["values"] == ["a"]


def test_the_date_of_an_answer_is_the_sites(clock: MovableClock, jira: Jira) -> None:
    clock.advance(minutes=3)
    assert (parsedate_to_datetime(jira.get("myself").headers["Date"]) - NINE).total_seconds() == 180


def test_what_is_not_there_says_so(jira: Jira) -> None:
    assert jira.get("nonsense").status_code == 404
    assert jira.call("DELETE", "field").status_code == 405
    assert jira.get("/elsewhere").status_code == 404


def test_what_was_asked_is_remembered(site: Site, jira: Jira, incident: str) -> None:
    jira.get("myself", expand="groups")
    jira.edit(incident, summary="New")
    asked = [(r.method, r.path, r.query, r.body, r.status, r.user) for r in site.requests]
    assert asked == [
        ("GET", "/rest/api/3/myself", {"expand": "groups"}, None, 200, "itsm-sync"),
        ("PUT", f"/rest/api/3/issue/{incident}", {}, {"fields": {"summary": "New"}}, 204, "itsm-sync"),
    ]
