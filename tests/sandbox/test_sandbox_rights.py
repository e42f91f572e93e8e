"""Who is let in, and what an account is not told that it may not see."""

from __future__ import annotations

import pytest
import requests
from plain_client import Client

from connectors.sandbox import MovableClock
from connectors.sandbox.servicenow import Account, World

FAILED = {"message": "Operation Failed", "detail": "ACL Exception Update Failed due to security constraints"}


@pytest.mark.parametrize("auth", [None, ("itsm.sync", "wrong"), ("nobody", "sandbox"), ("", "")])
def test_nobody_gets_in_without_the_right_password(client: Client, auth: tuple[str, str] | None) -> None:
    answer = requests.get(f"{client.url}/api/now/table/incident", auth=auth, timeout=5)
    assert answer.status_code == 401
    assert answer.json() == {
        "error": {"message": "User Not Authenticated", "detail": "Required to provide Auth information"},
        "status": "failure",
    }


def _token(client: Client, **form: str) -> requests.Response:
    return requests.post(f"{client.url}/oauth_token.do", data=form, timeout=5)


def _status_with(client: Client, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{client.url}/api/now/table/incident", headers=headers, timeout=5).status_code


def test_a_token_opens_the_api_until_it_expires(client: Client, clock: MovableClock) -> None:
    answer = _token(client, grant_type="client_credentials", client_id="sandbox", client_secret="sandbox").json()
    assert answer["expires_in"] == 1799
    assert _status_with(client, answer["access_token"]) == 200
    clock.advance(minutes=30)
    assert _status_with(client, answer["access_token"]) == 401


def test_a_token_may_be_had_for_a_user_name_and_password(client: Client, world: World) -> None:
    world.accounts["other"] = Account(password="open", roles=set())
    form = {"grant_type": "password", "client_id": "sandbox", "client_secret": "sandbox", "username": "other"}
    assert _status_with(client, _token(client, **form, password="open").json()["access_token"]) == 403
    assert _token(client, **form, password="wrong").status_code == 401


def test_a_wrong_client_secret_gets_no_token(client: Client) -> None:
    answer = _token(client, grant_type="client_credentials", client_id="sandbox", client_secret="wrong")
    assert (answer.status_code, answer.json()["error_description"]) == (401, "access_denied")


def test_an_account_without_the_role_for_the_api_is_refused(client: Client, world: World) -> None:
    world.accounts["itsm.sync"].roles.discard("snc_platform_rest_api_access")
    answer = client.get()
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, "User Not Authorized")


@pytest.mark.parametrize(
    ("table", "role"), [("incident", "sn_incident_write"), ("sc_req_item", "sn_request_write"), ("sys_user", "admin")]
)
def test_writing_needs_the_role_for_the_table(client: Client, world: World, table: str, role: str) -> None:
    sys_id, account = world.insert(table, {}), world.accounts["itsm.sync"]
    account.roles.discard(role)
    answer = client.patch(f"{table}/{sys_id}", {"active": "false"})
    assert (answer.status_code, answer.json()["error"]) == (403, FAILED)
    account.roles.add(role)
    assert client.patch(f"{table}/{sys_id}", {"active": "false"}).status_code == 200


def test_404_may_mean_not_allowed(client: Client, world: World, incident: str) -> None:
    world.deny("incident", rows="caller_id.user_name=kari")
    hidden, missing = client.get(f"incident/{incident}"), client.get(f"incident/{'0' * 32}")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == missing.json()
    assert client.patch(f"incident/{incident}", {"urgency": "1"}).status_code == 404


def test_403_may_be_a_business_rule_on_a_ticket_that_can_be_read(client: Client, world: World, incident: str) -> None:
    world.refuse("incident", "Frozen until audit", rows="number=INC0010001")
    answer = client.patch(f"incident/{incident}", {"urgency": "1"})
    assert answer.status_code == 403
    assert "aborted by Business Rule 'Frozen until audit" in answer.json()["error"]["detail"]
    assert client.get(f"incident/{incident}").status_code == 200
    assert world.record("incident", incident)["urgency"] == "3"


def test_a_field_that_may_not_be_read_is_not_in_the_answer(client: Client, world: World, incident: str) -> None:
    world.deny("incident", field="caller_id", account="itsm.sync")
    world.deny("sys_user", field="email")
    (row,) = client.rows(fields="number,caller_id,caller_id.name,opened_by.email")
    assert row == {"number": "INC0010001", "opened_by.email": ""}


def test_a_field_that_may_not_be_written_stays_as_it_was_without_a_word(
    client: Client, world: World, incident: str
) -> None:
    world.deny("incident", field="urgency", action="write")
    answer = client.patch(f"incident/{incident}", {"urgency": "1", "category": "network"}, fields="urgency,category")
    assert (answer.status_code, answer.json()["result"]) == (200, {"urgency": "3", "category": "network"})


def test_a_rule_on_rows_forbids_writing_them(client: Client, world: World, incident: str) -> None:
    world.deny("incident", rows="state=1", action="write")
    assert client.patch(f"incident/{incident}", {"urgency": "1"}).json()["error"] == FAILED


def test_a_rule_for_one_account_leaves_the_others_alone(client: Client, world: World, incident: str) -> None:
    world.deny("incident", account="somebody.else")
    assert len(client.rows()) == 1


def test_a_field_that_may_not_be_asked_by_range_finds_nothing_but_exact_values(
    client: Client, world: World, incident: str
) -> None:
    world.deny("incident", field="sys_updated_on", action="range")
    assert client.numbers("sys_updated_on>2026-01-01 00:00:00") == []
    assert client.numbers("sys_updated_on=2026-11-02 12:00:00") == ["INC0010001"]


def test_an_access_rule_that_cannot_be_read_is_a_mistake_in_the_test(world: World) -> None:
    with pytest.raises(ValueError, match="nonsense=1"):
        world.deny("incident", rows="nonsense=1")
