"""The service desk: its fields, its own API, and the platform's clocks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from plain_jira import Jira, millis

from connectors.sandbox import MovableClock
from connectors.sandbox.jira import Site

DESK = "/rest/servicedeskapi/"
RESOLUTION = "Time to resolution"


def sla(jira: Jira, incident: str, name: str = RESOLUTION) -> dict[str, Any]:
    clocks = jira.get(f"{DESK}request/{incident}/sla").json()["values"]
    return next(clock for clock in clocks if clock["name"] == name)


def test_the_portal_knows_a_request_by_its_type_and_status(jira: Jira, incident: str) -> None:
    shown = jira.get(f"{DESK}request/IT-1").json()
    assert (shown["issueId"], shown["summary"], shown["reporter"]["accountId"]) == (incident, "Booking is down", "kari")
    assert (shown["currentStatus"]["status"], shown["currentStatus"]["statusCategory"]) == ("Open", "NEW")
    assert jira.fields(incident)["status"]["statusCategory"]["key"] == "new"


@pytest.mark.parametrize("path", ["", "/comment", "/participant", "/feedback"])
def test_an_issue_without_a_request_type_is_unknown_to_the_portal(site: Site, jira: Jira, path: str) -> None:
    hidden = [site.create("IT", "[System] Problem", {"summary": "Root"}, by="ida"),
              site.create("IT", "[System] Incident", {"summary": "Seen"}, by="ida", portal=False)]  # fmt: skip
    for id in hidden:
        answer = jira.get(f"{DESK}request/{id}{path}")
        assert answer.status_code == 404
        assert answer.json()["i18nErrorMessage"]["i18nKey"] == "sd.customerview.error.vpOriginMissing"
    assert jira.post(f"{DESK}request/{hidden[0]}/comment", {"body": "x"}).status_code == 404


def test_the_portals_comments_are_plain_text_and_take_no_property(site: Site, jira: Jira, incident: str) -> None:
    path = f"{DESK}request/{incident}/comment"
    body = {"body": "Between us", "public": False, "properties": [{"key": "mark", "value": 1}]}
    assert jira.post(path, body).json()["public"] is False
    assert jira.post(path, {"body": "Hello"}).json()["public"] is True
    assert [(entry.public, "mark" in entry.properties) for entry in site.comments(incident)] == [
        (False, False),
        (True, False),
    ]
    assert [each["body"] for each in jira.get(path, internal="false").json()["values"]] == ["Hello"]
    assert [each["body"] for each in jira.get(path, public="false").json()["values"]] == ["Between us"]
    assert jira.post(path, {"body": " "}).status_code == 400


def test_the_portal_too_may_refuse_or_publish_internal_comments(site: Site, jira: Jira, incident: str) -> None:
    path = f"{DESK}request/{incident}/comment"
    site.internal_comments = "refused"
    assert jira.post(path, {"body": "Between us", "public": False}).status_code == 403
    site.internal_comments = "public"
    assert jira.post(path, {"body": "Between us", "public": False}).json()["public"] is True


def test_a_clock_that_never_started_has_no_cycle_at_all(jira: Jira, incident: str) -> None:
    shown = sla(jira, incident)
    assert "ongoingCycle" not in shown
    assert shown["completedCycles"] == []


def test_a_running_clock_tells_its_times_in_milliseconds(
    site: Site, clock: MovableClock, jira: Jira, incident: str
) -> None:
    site.start_sla(incident, RESOLUTION, timedelta(hours=4))
    clock.advance(hours=1)
    cycle = sla(jira, incident)["ongoingCycle"]
    assert (cycle["paused"], cycle["breached"]) == (False, False)
    assert cycle["breachTime"]["epochMillis"] == millis(clock()) + 3 * 3_600_000
    assert (cycle["elapsedTime"]["millis"], cycle["remainingTime"]["millis"]) == (3_600_000, 3 * 3_600_000)
    clock.advance(hours=4)
    cycle = sla(jira, incident)["ongoingCycle"]
    assert (cycle["breached"], cycle["remainingTime"]["friendly"]) == (True, "-1h 0m")


def test_a_paused_clock_stands_still(site: Site, clock: MovableClock, jira: Jira, incident: str) -> None:
    site.start_sla(incident, RESOLUTION, timedelta(hours=4))
    clock.advance(hours=1)
    site.pause_sla(incident, RESOLUTION)
    clock.advance(hours=10)
    cycle = sla(jira, incident)["ongoingCycle"]
    assert (cycle["paused"], cycle["breached"], cycle["elapsedTime"]["millis"]) == (True, False, 3_600_000)
    site.resume_sla(incident, RESOLUTION)
    clock.advance(hours=1)
    assert sla(jira, incident)["ongoingCycle"]["breachTime"]["epochMillis"] == millis(clock()) + 2 * 3_600_000
    site.stop_sla(incident, RESOLUTION)
    shown = sla(jira, incident)
    assert "ongoingCycle" not in shown
    assert [(each["elapsedTime"]["millis"], each["breached"]) for each in shown["completedCycles"]] == [
        (7_200_000, False)
    ]


def test_a_clock_may_hold_an_error_instead(site: Site, jira: Jira, incident: str) -> None:
    site.break_sla(incident, RESOLUTION)
    assert jira.fields(incident)[site.field(RESOLUTION).id].keys() == {"errorMessage", "i18nErrorMessage"}
    names = [clock["name"] for clock in jira.get(f"{DESK}request/{incident}/sla").json()["values"]]
    assert names == ["Time to first response"]


def test_a_clock_is_in_the_issue_too_and_moves_no_time(site: Site, jira: Jira, incident: str) -> None:
    site.start_sla(incident, RESOLUTION, timedelta(hours=4))
    shown = jira.fields(incident)
    assert shown[site.field(RESOLUTION).id] == sla(jira, incident)
    assert shown["updated"] == shown["created"]


def test_only_an_agent_sees_clocks(site: Site, jira: Jira, incident: str) -> None:
    site.users[site.account].agent = False
    assert jira.get(f"{DESK}request/{incident}/sla").status_code == 403


def test_texts_are_in_the_accounts_language_and_only_numbers_are_safe(site: Site, jira: Jira, incident: str) -> None:
    site.start_sla(incident, RESOLUTION, timedelta(hours=4))
    site.users[site.account].language = "de"
    cycle = sla(jira, incident, "Zeit bis zur Lösung")["ongoingCycle"]
    assert cycle["startTime"]["friendly"] == "Heute 09:00"
    assert jira.get(f"{DESK}request/{incident}").json()["currentStatus"]["status"] == "Offen"
    assert jira.fields(incident)["priority"] == jira.fields(incident)["priority"] | {"id": "3", "name": "Mittel"}


def test_feedback_is_a_rating_and_may_have_words(site: Site, jira: Jira, incident: str) -> None:
    assert jira.get(f"{DESK}request/{incident}/feedback").status_code == 404
    site.rate(incident, 5)
    assert jira.get(f"{DESK}request/{incident}/feedback").json() == {"type": "csat", "rating": 5}
    site.rate(incident, 2, "Slow")
    assert jira.get(f"{DESK}request/{incident}/feedback").json()["comment"] == {"body": "Slow"}
    assert jira.fields(incident)[site.field("Satisfaction").id] == {"rating": 2}


def test_the_fields_of_the_desk_are_known_by_their_type(site: Site, jira: Jira, incident: str) -> None:
    site.change(incident, {"Request participants": ["ida"], "Affected services": ["Online Booking"]}, by="ida")
    by_type = {
        field["schema"]["custom"].rpartition(":")[2]: field["id"]
        for field in jira.get("field").json()
        if field["custom"]
    }
    shown = jira.fields(incident)
    assert shown[by_type["sd-request-language"]] == {"languageCode": "nb", "displayName": "Norsk (bokmål)"}
    assert [each["name"] for each in shown[by_type["sd-customer-organizations"]]] == ["Board"]
    assert [each["accountId"] for each in shown[by_type["sd-request-participants"]]] == ["ida"]
    assert shown[by_type["vp-origin"]]["requestType"]["name"] == "Report a system problem"
    assert [each["name"] for each in shown[by_type["service-entity-field-cftype"]]] == ["Online Booking"]


def test_organizations_and_their_people_are_paged(site: Site, jira: Jira, incident: str) -> None:
    site.add_organization("Works council")
    first = jira.get(f"{DESK}organization", limit=1).json()
    assert ([each["name"] for each in first["values"]], first["isLastPage"]) == (["Board"], False)
    last = jira.session.get(first["_links"]["next"], timeout=5).json()
    assert ([each["name"] for each in last["values"]], last["isLastPage"]) == (["Works council"], True)
    users = jira.get(f"{DESK}organization/{first['values'][0]['id']}/user").json()["values"]
    assert [user["accountId"] for user in users] == ["kari"]
    assert [each["name"] for each in jira.get(f"{DESK}organization", accountId="kari").json()["values"]] == ["Board"]


def test_desks_are_projects_with_request_types(site: Site, jira: Jira) -> None:
    site.add_project("DEV", "Development", kind="software")
    (desk,) = jira.get(f"{DESK}servicedesk").json()["values"]
    assert desk["projectKey"] == "IT"
    types = jira.get(f"{DESK}servicedesk/{desk['id']}/requesttype").json()["values"]
    assert [kind["name"] for kind in types] == ["Report a system problem", "Get IT help"]
    assert jira.get(f"{DESK}servicedesk/{site.projects['DEV'].id}").status_code == 404


@pytest.mark.parametrize("deployment", ["Server"])
def test_data_center_has_the_desk_too_but_no_feedback_resource(jira: Jira, incident: str) -> None:
    assert jira.get(f"{DESK}request/{incident}").json()["reporter"]["name"] == "kari"
    assert jira.get(f"{DESK}request/{incident}/feedback").status_code == 404
