"""What goes wrong on demand, and what has been done when it does."""

from __future__ import annotations

import pytest
import requests
from plain_client import NOON, Client

from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.servicenow import World


@pytest.fixture
def path(incident: str) -> str:
    return f"incident/{incident}"


def _urgency(world: World) -> str:
    return world.record("incident", world.find("incident", number="INC0010001"))["urgency"]


def test_a_fault_meets_only_its_calls_and_only_so_often(client: Client, world: World, path: str) -> None:
    world.faults.add(Fault("503", method="PATCH", path="/table/incident", times=2))
    assert client.get().status_code == 200
    assert [client.patch(path, {"urgency": "1"}).status_code for _ in range(3)] == [503, 503, 200]


def test_a_limit_on_demand_has_the_headers_of_a_real_one(client: Client, world: World, path: str) -> None:
    world.faults.add(Fault("429", seconds=90))
    answer = client.patch(path, {"urgency": "1"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "90"
    assert answer.headers["X-RateLimit-Reset"] == str(int(NOON.timestamp()) + 90)
    assert _urgency(world) == "3"


@pytest.mark.parametrize("status", ["302", "304", "409", "500", "502", "504"])
def test_a_failing_instance_answers_with_its_status_and_does_nothing(
    client: Client, world: World, path: str, status: str
) -> None:
    world.faults.add(Fault(status))
    assert client.patch(path, {"urgency": "1"}).status_code == int(status)
    assert _urgency(world) == "3"


@pytest.mark.parametrize(("status", "body"), [("202", True), ("204", False)])
def test_another_status_of_success_comes_after_the_call_was_done(
    client: Client, world: World, path: str, status: str, body: bool
) -> None:
    world.faults.add(Fault(status))
    answer = client.patch(path, {"urgency": "1"})
    assert (answer.status_code, bool(answer.content)) == (int(status), body)
    assert _urgency(world) == "1"


def test_a_hibernating_instance_answers_everything_with_a_page(client: Client, world: World, path: str) -> None:
    world.hibernating = True
    answer = client.patch(path, {"urgency": "1"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html;charset=UTF-8")
    assert "hibernating" in answer.text
    assert _urgency(world) == "3"


def test_a_single_page_in_html_may_come_between(client: Client, world: World, path: str) -> None:
    world.faults.add(Fault("html"))
    assert client.get().text.startswith("<!DOCTYPE html>")
    assert client.get().json()["result"]


def test_a_connection_may_break_before_the_write(client: Client, world: World, path: str) -> None:
    world.faults.add(Fault("broken_before", method="PATCH"))
    with pytest.raises(requests.ConnectionError):
        client.patch(path, {"urgency": "1"})
    assert _urgency(world) == "3"


def test_a_connection_may_break_after_the_write_was_done(client: Client, world: World, path: str) -> None:
    world.faults.add(Fault("broken_after", method="PATCH"))
    with pytest.raises(requests.ConnectionError):
        client.patch(path, {"urgency": "1"})
    assert _urgency(world) == "1"


def test_a_write_whose_connection_broke_may_be_done_a_minute_later(
    client: Client, world: World, clock: MovableClock, path: str
) -> None:
    world.faults.add(Fault("late", method="PATCH", seconds=60))
    with pytest.raises(requests.ConnectionError):
        client.patch(path, {"urgency": "1", "comments": "We are on it."})
    clock.advance(seconds=59)
    assert client.rows(fields="urgency") == [{"urgency": "3"}]
    clock.advance(seconds=30)
    assert client.rows(fields="urgency,sys_updated_on") == [{"urgency": "1", "sys_updated_on": "2026-11-02 12:01:00"}]
    assert [entry.time.minute for entry in world.journal(path.split("/")[1])] == [1]


def test_a_slow_answer_times_out_though_the_write_was_done(client: Client, world: World, path: str) -> None:
    world.faults.add(Fault("slow", method="PATCH", seconds=30))
    with pytest.raises(requests.Timeout):
        client.call("PATCH", f"/api/now/table/{path}", json={"urgency": "1"}, timeout=0.3)
    assert _urgency(world) == "1"


def test_half_an_answer_is_no_json(client: Client, world: World, path: str) -> None:
    world.faults.add(Fault("half"))
    answer = client.get()
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


def test_a_result_may_come_with_an_error_and_half_of_the_rows(client: Client, world: World) -> None:
    for _ in range(4):
        world.insert("incident", {})
    world.faults.add(Fault("result_and_error"))
    answer = client.get()
    assert (answer.status_code, len(answer.json()["result"])) == (200, 2)
    assert "maximum execution time exceeded" in answer.json()["error"]["message"]
    assert answer.headers["X-Total-Count"] == "4"


def test_a_page_may_change_while_it_is_read(client: Client, world: World, clock: MovableClock, path: str) -> None:
    sys_id = path.split("/")[1]

    def close() -> None:
        clock.advance(seconds=5)
        world.update("incident", sys_id, {"state": 7}, by="ida")

    world.faults.add(Fault("changing", method="GET", do=close))
    assert client.rows(query="active=true", fields="active,sys_updated_on") == [
        {"active": "false", "sys_updated_on": "2026-11-02 12:00:05"}
    ]
    assert client.rows(query="active=true") == []


@pytest.mark.parametrize("kind", ["199", "600", "broken", "", "changing"])
def test_a_fault_that_does_not_exist_is_a_mistake_in_the_test(kind: str) -> None:
    with pytest.raises(ValueError, match=r"no fault|needs `do`"):
        Fault(kind)
