"""The simulated Jira's links, its ways from status to status, and who may be assigned or looked for."""

from __future__ import annotations

import pytest
from plain_jira import Jira

from connectors.sandbox.jira import Site


def above(site: Site) -> str:
    return site.create("IT", "[System] Problem", {"summary": "Root"}, by="ida")


def linked(inward: str, outward: str, kind: str = "Problem/Incident") -> dict[str, object]:
    return {"type": {"name": kind}, "inwardIssue": {"key": inward}, "outwardIssue": {"key": outward}}


def test_the_inward_issue_of_a_request_causes_the_outward_one(site: Site, jira: Jira, incident: str) -> None:
    problem = above(site)
    keys = [site.issue(id)["key"] for id in (problem, incident)]
    assert jira.post("issueLink", linked(*keys)).status_code == 201
    (link,) = jira.fields(incident)["issuelinks"]
    assert (link["type"]["inward"], link["inwardIssue"]["key"]) == ("is caused by", keys[0])
    (link,) = jira.fields(problem)["issuelinks"]
    assert (link["type"]["outward"], link["outwardIssue"]["key"]) == ("causes", keys[1])


def test_the_same_link_is_made_once_and_the_answer_is_the_same(site: Site, jira: Jira, incident: str) -> None:
    keys = [site.issue(id)["key"] for id in (above(site), incident)]
    for _ in range(2):
        assert jira.post("issueLink", linked(*keys)).status_code == 201
    assert len(jira.fields(incident)["issuelinks"]) == 1


def test_a_link_goes_from_both_its_ends_and_the_history_tells(site: Site, jira: Jira, incident: str) -> None:
    problem = above(site)
    site.link(incident, "is caused by", problem)
    (link,) = jira.fields(incident)["issuelinks"]
    assert jira.call("DELETE", f"issueLink/{link['id']}").status_code == 204
    assert jira.fields(incident)["issuelinks"] == jira.fields(problem)["issuelinks"] == []
    assert [one.items[0].old_text for one in site.store.issues[incident].changes][-1] == "This issue is caused by IT-2"
    assert jira.call("DELETE", f"issueLink/{link['id']}").status_code == 404


@pytest.mark.parametrize(("inward", "kind"), [("IT-404", "Problem/Incident"), ("IT-1", "Marriage")])
def test_a_link_to_nothing_or_of_no_kind_is_refused(jira: Jira, incident: str, inward: str, kind: str) -> None:
    assert jira.post("issueLink", linked(inward, "IT-1", kind)).status_code == 404


def test_a_workflow_offers_its_own_ways_only(site: Site, jira: Jira, incident: str) -> None:
    site.offer("Open", "Pending")
    (way,) = jira.get(f"issue/{incident}/transitions").json()["transitions"]
    assert way["to"]["name"] == "Pending"
    closed = {"transition": {"id": site.status_id("Closed")}}
    assert jira.post(f"issue/{incident}/transitions", closed).status_code == 400
    assert jira.post(f"issue/{incident}/transitions", {"transition": {"id": way["id"]}}).status_code == 204


def test_a_way_may_ask_for_a_field(site: Site, jira: Jira, incident: str) -> None:
    site.require("Resolved", "Pending reason")
    way = {"transition": {"id": site.status_id("Resolved")}}
    answer = jira.post(f"issue/{incident}/transitions", way)
    assert (answer.status_code, [*answer.json()["errors"].values()]) == (400, ["Pending reason is required."])
    field = {site.field("Pending reason").id: {"value": "Awaiting approval"}}
    assert jira.post(f"issue/{incident}/transitions", way | {"fields": field}).status_code == 204


def test_whoever_is_no_agent_cannot_be_assigned(site: Site, jira: Jira, incident: str) -> None:
    site.add_user("Eva Ek", account="eva", agent=False)
    answer = jira.call("PUT", f"issue/{incident}", json={"fields": {"assignee": {"accountId": "eva"}}})
    assert answer.json()["errors"] == {"assignee": "User 'eva' cannot be assigned issues."}


def test_without_the_permission_searches_find_nobody_and_do_not_say_why(site: Site, jira: Jira) -> None:
    def is_held() -> bool:
        answer = jira.get("mypermissions", permissions="USER_PICKER").json()
        return bool(answer["permissions"]["USER_PICKER"]["havePermission"])

    assert is_held()
    site.hide_people()
    assert not is_held()
    assert (jira.get("user/search", query="ida").json(), jira.get("user", accountId="ida").status_code) == ([], 403)
    assert jira.get("mypermissions").status_code == 400
