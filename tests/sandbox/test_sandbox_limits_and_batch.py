"""How much may be asked in an hour, and what becomes of many calls in one."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from plain_client import NOON, Client

from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.servicenow import Account, RateLimit, World


def _hour_full(world: World, clock: MovableClock, client: Client) -> None:
    world.limits.add(RateLimit("Table reads", per_hour=2, path="/table/", method="GET"))
    clock.advance(minutes=10)
    assert [client.get().status_code for _ in range(2)] == [200, 200]


def test_too_many_calls_in_an_hour_are_refused_until_the_next(
    client: Client, world: World, clock: MovableClock
) -> None:
    _hour_full(world, clock, client)
    answer = client.get()
    assert answer.status_code == 429
    assert answer.json()["error"]["message"] == "Rate limit exceeded"
    assert answer.headers["Retry-After"] == str(50 * 60)
    assert answer.headers["X-RateLimit-Limit"] == "2"
    assert answer.headers["X-RateLimit-Reset"] == str(int(NOON.timestamp()) + 3600)
    assert answer.headers["X-RateLimit-Rule"] == "Table reads"
    clock.advance(minutes=50)
    assert client.get().status_code == 200


def test_a_limit_counts_only_the_calls_of_its_rule_and_each_user_apart(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    _hour_full(world, clock, client)
    assert client.patch(f"incident/{incident}", {"urgency": "1"}).status_code == 200
    world.accounts["ida"] = Account(password="open")
    client.session.auth = ("ida", "open")
    assert client.get().status_code == 200


def _item(number: int, method: str, url: str, body: object = None) -> dict[str, Any]:
    content = {} if body is None else {"body": base64.b64encode(json.dumps(body).encode()).decode()}
    return {"id": str(number), "method": method, "url": url, "headers": [], **content}


def _batch(client: Client, *items: dict[str, Any]) -> dict[str, Any]:
    answer = client.call("POST", "/api/now/v1/batch", json={"batch_request_id": "7", "rest_requests": items})
    assert answer.status_code == 200
    return answer.json()


def _result(item: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(item["body"]))["result"]


def test_a_batch_answers_each_call_by_itself_and_in_another_order(client: Client, world: World, incident: str) -> None:
    url = f"/api/now/table/incident/{incident}"
    read, write = _item(1, "GET", f"{url}?sysparm_fields=number"), _item(2, "PATCH", url, {"urgency": "1"})
    answer = _batch(client, read, write)
    assert [item["id"] for item in answer["serviced_requests"]] == ["2", "1"]
    by_id = {item["id"]: item for item in answer["serviced_requests"]}
    assert _result(by_id["1"]) == {"number": "INC0010001"}
    assert (_result(by_id["2"])["priority"], by_id["2"]["status_code"]) == ("3", 200)
    assert answer["unserviced_requests"] == []
    assert [request.inner for request in world.requests] == [False, True, True]


def test_a_batch_of_http_200_may_hold_failures(client: Client) -> None:
    answer = _batch(client, _item(1, "GET", "/api/now/table/no_such_table"))
    assert answer["serviced_requests"][0]["status_code"] == 400


def test_calls_that_were_not_serviced_were_not_done_though_the_batch_is_http_200(
    client: Client, world: World, incident: str
) -> None:
    world.faults.add(Fault("unserviced", method="PATCH"))
    answer = _batch(client, _item(1, "PATCH", f"/api/now/table/incident/{incident}", {"urgency": "1"}))
    assert answer["unserviced_requests"] == ["1"]
    assert answer["serviced_requests"] == []
    assert world.record("incident", incident)["urgency"] == "3"


def test_every_call_in_a_batch_counts_against_the_limits(client: Client, world: World) -> None:
    world.limits.add(RateLimit("Table reads", per_hour=2, path="/table/"))
    answer = _batch(client, *(_item(n, "GET", "/api/now/table/incident") for n in range(3)))
    assert sorted(item["status_code"] for item in answer["serviced_requests"]) == [200, 200, 429]


def test_a_body_of_more_than_five_megabytes_is_left_unserviced(client: Client, world: World, incident: str) -> None:
    item = _item(1, "PATCH", f"/api/now/table/incident/{incident}", {"comments": "x" * (5 * 1024 * 1024)})
    assert _batch(client, item)["unserviced_requests"] == ["1"]
    assert world.journal(incident) == []


@pytest.mark.parametrize("body", [b"{", b"{}", b"[]"])
def test_a_batch_that_cannot_be_read_is_refused_as_a_whole(client: Client, body: bytes) -> None:
    assert client.call("POST", "/api/now/v1/batch", data=body).status_code == 400
