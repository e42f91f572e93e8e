"""An instance with a few people and one incident, and a client for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from plain_client import NOON, Client

from connectors.sandbox import MovableClock, serve
from connectors.sandbox.servicenow import World


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture
def world(clock: MovableClock) -> World:
    world = World(clock=clock, extra_fields={"incident": {"u_mark": "string(40)"}})
    world.add_user("kari", "Kari Nordmann", email="kari@harbour.example", language="nb", company="Harbour")
    world.add_user("ida", "Ida Berg")
    world.add_group("Network", ["ida"])
    return world


@pytest.fixture
def incident(world: World) -> str:
    kari = world.find("sys_user", user_name="kari")
    return world.insert("incident", {"short_description": "Booking is down", "caller_id": kari}, by="kari")


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    with serve(world) as url:
        client = Client(url)
        yield client
        client.session.close()
