"""Signing in, and what is told about people."""

from __future__ import annotations

import pytest
import requests
from plain_jira import Jira

from connectors.sandbox import MovableClock
from connectors.sandbox.jira import Site

NOT_SIGNED_IN = {"message": "Client must be authenticated to access this resource.", "status-code": 401}


def token(jira: Jira, as_form: bool = False, **changes: str) -> requests.Response:
    body = {"grant_type": "client_credentials", "client_id": "sandbox", "client_secret": "sandbox", "audience": "x"}
    how = {"data": body | changes} if as_form else {"json": body | changes}
    return requests.post(f"{jira.url}/oauth/token", timeout=5, **how)


def bearer(jira: Jira, secret: str, path: str) -> requests.Response:
    return requests.get(jira.url + path, headers={"Authorization": f"Bearer {secret}"}, timeout=5)


@pytest.mark.parametrize("signed", [None, ("sync@harbour.example", "wrong"), ("itsm-sync", "sandbox")])
def test_a_wrong_token_is_refused_on_cloud(jira: Jira, signed: tuple[str, str] | None) -> None:
    answer = requests.get(f"{jira.url}/rest/api/3/myself", auth=signed, timeout=5)
    assert (answer.status_code, answer.json()) == (401, NOT_SIGNED_IN)


def test_anybody_may_ask_what_the_site_is(jira: Jira) -> None:
    shown = requests.get(f"{jira.url}/rest/api/3/serverInfo", timeout=5).json()
    assert (shown["deploymentType"], shown["baseUrl"]) == ("Cloud", jira.url)


@pytest.mark.parametrize("as_form", [True, False])
def test_an_oauth_token_is_good_at_the_gateway_for_an_hour(jira: Jira, clock: MovableClock, as_form: bool) -> None:
    secret = token(jira, as_form).json()["access_token"]
    cloud = requests.get(f"{jira.url}/_edge/tenant_info", timeout=5).json()["cloudId"]
    gateway = f"/ex/jira/{cloud}/rest/api/3/myself"
    shown = bearer(jira, secret, gateway)
    assert shown.json()["self"].startswith(f"{jira.url}/ex/jira/{cloud}/rest/api/3/user")
    assert bearer(jira, secret, "/rest/api/3/myself").status_code == 401
    assert bearer(jira, secret, "/ex/jira/another/rest/api/3/myself").status_code == 404
    clock.advance(hours=1)
    assert bearer(jira, secret, gateway).status_code == 401


@pytest.mark.parametrize("changes", [{"client_secret": "wrong"}, {"client_id": "no"}, {"grant_type": "password"}])
def test_a_wrong_client_gets_no_oauth_token(jira: Jira, changes: dict[str, str]) -> None:
    answer = token(jira, **changes)
    assert (answer.status_code, answer.json()["error"]) == (401, "access_denied")


@pytest.mark.parametrize("deployment", ["Server"])
class TestDataCenter:
    def test_a_personal_access_token_signs_in(self, jira: Jira) -> None:
        assert bearer(jira, "sandbox", "/rest/api/2/myself").json()["name"] == "itsm.sync"
        assert bearer(jira, "wrong", "/rest/api/2/myself").json() == NOT_SIGNED_IN

    def test_a_wrong_password_is_answered_with_a_page(self, jira: Jira) -> None:
        answer = requests.get(f"{jira.url}/rest/api/2/myself", auth=("itsm.sync", "wrong"), timeout=5)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "text/html;charset=UTF-8")

    def test_people_have_names_and_show_their_address(self, jira: Jira) -> None:
        shown = jira.get("user", username="kari").json()
        assert (shown["name"], shown["emailAddress"]) == ("kari", "kari@harbour.example")
        assert jira.get("user", key=shown["key"]).json() == shown
        assert shown["key"] != shown["name"]  # it stays when somebody is renamed
        assert not {"accountId", "accountType"} & shown.keys()
        assert jira.get("user", key="kari").json() == shown
        assert jira.get("user", username="nobody").status_code == 404

    def test_people_who_have_left_are_searched_for_only_when_wanted(self, site: Site, jira: Jira) -> None:
        site.deactivate("ida")
        assert jira.get("user/search", username="ida").json() == []
        assert len(jira.get("user/search", username="ida", includeInactive="true").json()) == 1


def test_a_customer_keeps_address_and_language_to_herself_on_cloud(jira: Jira) -> None:
    shown = jira.get("user", accountId="kari").json()
    assert (shown["accountId"], shown["accountType"], shown["displayName"]) == ("kari", "customer", "Kari Nord")
    assert not {"emailAddress", "locale", "name", "key"} & shown.keys()


def test_others_show_what_they_did_not_hide(site: Site, jira: Jira) -> None:
    site.add_user(
        "Liv Dahl", account="liv", email="liv@harbour.example", language="nb", customer=True, hide_email=False
    )
    shown = jira.get("user", accountId="liv").json()
    assert (shown["emailAddress"], shown["locale"]) == ("liv@harbour.example", "nb")


def test_a_zone_that_nobody_chose_looks_like_one_that_somebody_did(jira: Jira) -> None:
    zones = {account: jira.get("user", accountId=account).json()["timeZone"] for account in ("kari", "ida")}
    assert zones == {"kari": "Europe/Oslo", "ida": "America/Los_Angeles"}


def test_nobody_is_not_found(jira: Jira) -> None:
    answer = jira.get("user", accountId="nobody")
    assert (answer.status_code, answer.json()["errors"]) == (404, {})


@pytest.mark.parametrize(
    ("query", "found"),
    [("ida", ["ida"]), ("Berg", ["ida"]), ("ida@harbour", ["ida"]), ("kari@harbour.example", ["kari"]), ("kari@", [])],
)
def test_people_are_found_by_name_and_a_hidden_address_by_the_whole_of_it(
    jira: Jira, query: str, found: list[str]
) -> None:
    assert [user["accountId"] for user in jira.get("user/search", query=query).json()] == found


def test_somebody_who_has_left_is_shown_as_such(site: Site, jira: Jira) -> None:
    site.deactivate("ida")
    assert [user["active"] for user in jira.get("user/search", query="ida").json()] == [False]


def test_a_signed_in_account_that_was_deactivated_is_out(site: Site, jira: Jira) -> None:
    site.deactivate(site.account)
    assert jira.get("myself").status_code == 401


def test_groups_are_listed_picked_and_have_members(site: Site, jira: Jira) -> None:
    site.add_group("web-editors")
    assert [group["name"] for group in jira.get("group/bulk").json()["values"]] == ["web", "web-editors"]
    assert [group["name"] for group in jira.get("groups/picker", query="edit").json()["groups"]] == ["web-editors"]
    assert [user["accountId"] for user in jira.get("group/member", groupname="web").json()["values"]] == ["ida"]
    both = jira.get("groupuserpicker", query="ida").json()
    assert ([user["accountId"] for user in both["users"]["users"]], both["groups"]["groups"]) == (["ida"], [])


def test_watching_is_no_change_of_the_issue(site: Site, jira: Jira, incident: str) -> None:
    for _ in range(2):
        assert jira.post(f"issue/{incident}/watchers", "ida").status_code == 204
    shown = jira.get(f"issue/{incident}/watchers").json()
    assert ([user["accountId"] for user in shown["watchers"]], shown["watchCount"]) == (["ida"], 1)
    assert jira.fields(incident)["updated"] == "2026-11-24T09:00:00.000+0000"
    assert jira.post(f"issue/{incident}/watchers", "nobody").status_code == 404
    assert jira.call("DELETE", f"issue/{incident}/watchers", params={"accountId": "ida"}).status_code == 204
    assert site.issue(incident)["watchers"] == []


def test_every_page_of_people_can_be_read(jira: Jira) -> None:
    accounts = [
        user["accountId"] for start in (0, 2) for user in jira.get("users/search", startAt=start, maxResults=2).json()
    ]
    assert accounts == ["itsm-sync", "kari", "ida"]
