"""What a simulated platform does by its own choice: random faults, clocks that jump, and clients that die meanwhile."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections import Counter
from email.utils import parsedate_to_datetime

import pytest
import requests
from plain_client import NOON, Client

from connectors.sandbox import Fault, MovableClock, Trouble, serve
from connectors.sandbox.http import Answer, Call
from connectors.sandbox.jira import Site
from connectors.sandbox.servicenow import World
from connectors.sandbox.trouble import SERVICENOW, TRANSIENT

ASKED = Call("GET", "/api/now/table/incident", {}, {}, b"", "")
PATCHING = "import sys, requests; requests.patch(sys.argv[1], json={'urgency': '1'}, auth=('itsm.sync', 'sandbox'))"


@pytest.fixture
def path(incident: str) -> str:
    return f"incident/{incident}"


def _urgency(world: World) -> str:
    return world.record("incident", world.find("incident", number="INC0010001"))["urgency"]


def _drawn(seed: int, share: float, calls: int = 2000) -> list[Fault | None]:
    trouble = Trouble(seed, share, SERVICENOW)
    return [trouble.drawn() for _ in range(calls)]


def test_a_share_of_the_calls_meets_faults_of_every_kind() -> None:
    kinds = Counter(fault.kind for fault in _drawn(1, 0.3) if fault)
    assert set(kinds) == set(SERVICENOW)
    assert 500 < kinds.total() < 700


def test_trouble_is_the_same_in_every_run_and_another_with_another_seed() -> None:
    assert _drawn(1, 0.3) == _drawn(1, 0.3)
    assert _drawn(1, 0.3) != _drawn(2, 0.3)


def test_a_drawn_fault_says_when_to_try_again_in_each_way_or_not_at_all() -> None:
    limits = [fault for fault in _drawn(1, 1) if fault and fault.kind == "429"]
    assert {fault.retry for fault in limits} == {"", "seconds", "date"}
    assert all(fault.seconds <= 80 for fault in _drawn(1, 1) if fault and fault.kind == "late")


@pytest.mark.parametrize("kind", SERVICENOW)
def test_every_kind_of_trouble_goes_wrong_on_servicenow(world: World, kind: str) -> None:
    world.faults.trouble = Trouble(1, 1, [kind])
    assert _went_wrong(world.handle(ASKED))
    assert world.faults.trouble.met == {kind: 1}


@pytest.mark.parametrize("deployment", ["Cloud", "Server"])
@pytest.mark.parametrize("kind", TRANSIENT)
def test_every_kind_of_trouble_goes_wrong_on_jira(clock: MovableClock, deployment: str, kind: str) -> None:
    site = Site(clock=clock, deployment=deployment)  # type: ignore[arg-type]
    site.faults.trouble = Trouble(1, 1, [kind])
    assert _went_wrong(site.handle(Call("GET", "/rest/api/2/serverInfo", {}, {}, b"", "")))


def _went_wrong(answer: Answer) -> bool:
    if answer.status != 200 or answer.broken or answer.wait or answer.body.startswith(b"<!DOCTYPE html>"):
        return True
    try:
        return "error" in answer.json()
    except ValueError:
        return True


def test_a_fault_that_waits_comes_before_trouble(client: Client, world: World) -> None:
    world.faults.trouble = Trouble(1, 1, ["503"])
    world.faults.add(Fault("500"))
    assert [client.get().status_code for _ in range(2)] == [500, 503]


@pytest.mark.parametrize("status", ["408", "425", "429", "503"])
def test_an_answer_says_when_to_try_again_in_seconds_or_as_a_date(client: Client, world: World, status: str) -> None:
    world.faults.add(Fault(status, seconds=90, retry="seconds"))
    world.faults.add(Fault(status, seconds=90, retry="date"))
    assert client.get().headers["Retry-After"] == "90"
    answer = client.get()
    assert answer.status_code == int(status)
    asked = parsedate_to_datetime(answer.headers["Retry-After"]) - parsedate_to_datetime(answer.headers["Date"])
    assert asked.total_seconds() == 90


def test_jira_says_when_to_try_again_as_a_date_too(clock: MovableClock) -> None:
    site = Site(clock=clock)
    site.faults.add(Fault("429", seconds=30, retry="date"))
    with serve(site) as url:
        answer = requests.get(f"{url}/rest/api/2/serverInfo", timeout=5)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "Mon, 02 Nov 2026 12:00:30 GMT")


@pytest.mark.parametrize(("kind", "urgency"), [("broken_before", "3"), ("late", "3"), ("broken_after", "1")])
def test_something_may_happen_just_when_a_connection_breaks(
    client: Client, world: World, path: str, kind: str, urgency: str
) -> None:
    seen: list[str] = []
    world.faults.add(Fault(kind, method="PATCH", do=lambda: seen.append(_urgency(world))))
    with pytest.raises(requests.ConnectionError):
        client.patch(path, {"urgency": "1"})
    assert seen == [urgency]


def test_a_page_that_is_not_changing_is_not_interrupted(client: Client, world: World) -> None:
    world.faults.add(Fault("slow", seconds=0, do=world.faults.clear))
    world.faults.add(Fault("503", path="stats"))
    assert client.get().status_code == 200
    assert world.faults.waiting == []


def test_a_write_is_done_late_though_its_client_was_killed_meanwhile(
    client: Client, world: World, clock: MovableClock, path: str
) -> None:
    world.faults.add(Fault("late", method="PATCH", seconds=80, do=lambda: dying.kill()))
    command = [sys.executable, "-c", PATCHING, f"{client.url}/api/now/table/{path}"]
    dying = subprocess.Popen(command)  # noqa: S603 - our own words
    assert dying.wait() == -9
    clock.advance(seconds=79)
    assert client.rows(fields="urgency") == [{"urgency": "3"}]
    clock.advance(seconds=1)
    assert client.rows(fields="urgency") == [{"urgency": "1"}]


@pytest.mark.parametrize("hours", [2, -2])
def test_the_platforms_clock_may_jump_ahead_and_back(client: Client, world: World, path: str, hours: int) -> None:
    world.jump(hours=hours)
    answer = client.patch(path, {"urgency": "1"})
    assert answer.json()["result"]["sys_updated_on"] == f"2026-11-02 {12 + hours}:00:00"
    assert (parsedate_to_datetime(answer.headers["Date"]) - NOON).total_seconds() == hours * 3600


@pytest.mark.parametrize("hours", [2, -2])
def test_a_jump_makes_a_late_write_neither_sooner_nor_later(
    client: Client, world: World, clock: MovableClock, path: str, hours: int
) -> None:
    world.faults.add(Fault("late", method="PATCH", seconds=60))
    with pytest.raises(requests.ConnectionError):
        client.patch(path, {"urgency": "1"})
    world.jump(hours=hours)
    assert _urgency(world) == "3"
    clock.advance(seconds=60)
    assert client.rows(fields="urgency,sys_updated_on") == [
        {"urgency": "1", "sys_updated_on": f"2026-11-02 {12 + hours}:01:00"}
    ]


def test_a_call_that_breaks_off_half_way_is_none(capfd: pytest.CaptureFixture, client: Client, world: World) -> None:
    host, _, port = client.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"PATCH /api/now/table/incident HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{")
    assert client.get().status_code == 200
    assert [request.method for request in world.requests] == ["GET"]
    assert "Traceback" not in capfd.readouterr().err
