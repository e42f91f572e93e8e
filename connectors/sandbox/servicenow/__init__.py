"""A simulated ServiceNow instance, for demonstrations, tests and trying out rules without touching a real one.

    clock = MovableClock(datetime(2026, 11, 2, 8, tzinfo=UTC))
    world = World(clock=clock)
    kari = world.add_user("kari", "Kari Nordmann", language="nb")
    incident = world.insert("incident", {"short_description": "Booking is down", "caller_id": kari}, by="kari")
    with serve(world) as url:
        requests.get(f"{url}/api/now/table/incident", auth=("itsm.sync", "sandbox"))

It answers the Table API, counts, batches and OAuth as the platform does, with the behaviours that integrations get
wrong: unreadable query parts are dropped, pages are short where access rules hide rows, priority is computed, journal
fields are empty in the record. Display values and `gs.dateGenerate` are in the account's zone, here Los Angeles.

Faults come on demand: `world.faults.add(Fault(kind="broken_after", method="PATCH"))`. Limits, access rules, business
rules, data lookups and assignment rules are set on the world; `world.requests` remembers what was asked.
"""

from .instance import Entry
from .limits import RateLimit
from .rights import Account, OAuthClient
from .world import World

__all__ = ["Account", "Entry", "OAuthClient", "RateLimit", "World"]
