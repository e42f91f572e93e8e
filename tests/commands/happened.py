"""A workspace with teams in Oslo, and a store in which things happened, for tests of reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.state.store import Decided, Store
from rules.happening import Happening
from rules.model import Decision, Memory, Ticket

NOW = datetime(2027, 1, 7, 9, 0, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
DESK = """\
desk: Harbour
languages: [en]
connections:
  sn:
    platform: servicenow
    url: https://desk.service-now.com
    auth: {user: itsm.sync, password: "${SERVICENOW_PASSWORD}"}
calendar: oslo
calendars:
  oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}}
teams: {web: {}, payments: {}, 西貢服務台: {}}
services: {booking: {name: Booking, team: web}}
"""


def at(text: str) -> int:
    """Return the moment of "12-31 23:59" by the clock in Oslo; months before June are of 2027."""
    time = datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)
    return int((time.replace(year=2027) if time.month < 6 else time).timestamp())


def seed(folder: Path, happened: Iterable[tuple[str, Happening]] = ()) -> Path:
    """Write the workspace, and its store in which this happened to tickets, by their numbers."""
    folder.mkdir(exist_ok=True)
    (folder / "desk.yaml").write_text(DESK, encoding="utf-8")
    with Store.open(f"sqlite:///{folder.resolve() / 'itsm-sync.db'}", lambda: NOW) as store:
        for number, one in happened:
            ticket = Ticket("sn", number, number, "incident", 1, NOW, "kari", NOW, "kari", {})
            decision = Decision((), (), Memory(1), {}, happened=(one,))
            store.plan(1, "sn", "incident", None, [Decided(ticket, decision)])
    return folder


def a_few_weeks() -> list[tuple[str, Happening]]:
    """Return what happened around the end of 2026, in weeks 52 and 53, and in the first of 2027."""
    resolve, idle = "50% of resolve is used", "nobody has acted for 30m"
    web, sun = ("web", "booking"), ("西貢服務台", "訂車系統")
    days = ("12-22", "12-29", "12-31", "01-03", "01-05")
    found = [
        ("INC1", Happening("escalated", at("12-22 10:00"), *web, "L2", "urgent L2", resolve, occasion=0)),
        (
            "INC1",
            Happening("escalated", at("12-29 10:00"), "payments", "booking", "L3", "urgent L3", resolve, occasion=0),
        ),
        ("INC2", Happening("escalated", at("01-05 10:00"), *sun, "L2", "urgent L2", idle, occasion=0)),
        ("INC3", Happening("escalated", at("01-05 11:00"), "", "", "major", "declared major", "", occasion=0)),
        ("INC1", Happening("breached", at("12-31 23:59"), *web, "resolve", occasion=0)),
        ("INC2", Happening("breached", at("01-01 00:00"), *sun, "respond", occasion=0)),
        ("INC1", Happening("promise kept", at("12-22 12:00"), *web)),
        ("INC1", Happening("promise missed", at("12-29 12:00"), *web)),
        ("INC2", Happening("promise kept", at("01-05 12:00"), *sun)),
        ("INC2", Happening("handed over", at("01-05 15:00"), *sun)),
        ("INC2", Happening("accepted", at("01-05 15:10"), *sun)),
        ("INC1", Happening("supplied", at("12-22 13:00"), *web, "cardgate", amount=5_400, occasion=1)),
        ("INC1", Happening("supplied", at("12-29 13:00"), *web, "cardgate", amount=12_600, occasion=2)),
        ("INC2", Happening("supplied", at("01-05 13:00"), *sun, "harbour-pay", amount=1_800)),
        ("INC1", Happening("supplier in time", at("12-22 13:00"), *web, "cardgate")),
        ("INC1", Happening("supplier late", at("12-29 12:00"), *web, "cardgate")),
        ("INC1", Happening("reopened", at("01-04 09:00"), *web)),
        *(("INC1", Happening("reassigned", at(f"12-29 1{hour}:00"), *web, "payments")) for hour in range(4)),
        ("INC3", Happening("overruled", at("12-22 09:00"), *web, "priority", "security is never below P2")),
        ("INC3", Happening("overruled", at("12-23 09:00"), *web, "team", "security is never below P2")),
    ]
    for place, day in enumerate(days):
        found.append((f"INC{place}", Happening("acknowledged", at(f"{day} 10:00"), *web, amount=600 * (place + 1))))
        found.append((f"INC{place}", Happening("resolved", at(f"{day} 15:00"), *web, amount=9_000 * (place + 1) + 29)))
    return found
