"""What happens on the demo's day: three tickets, who reported them, and what people do about them and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from commands.demo_people import InJira, InServiceNow, OnTicket
from commands.demo_site import INCIDENT, PROJECT

if TYPE_CHECKING:
    from connectors.sandbox.jira import Site
    from connectors.sandbox.servicenow import World

OSLO, VANCOUVER, SAIGON = "Europe/Oslo", "America/Vancouver", "Asia/Ho_Chi_Minh"

Do = Callable[[OnTicket], None]


class Deed(NamedTuple):
    """What a person does, when by the clock in Oslo, and what that is called where the words do not say it."""

    at: str
    do: Do
    what: str = ""


class Chapter(NamedTuple):
    """One ticket's story. `reader` reported it; moments are told by the clocks of `zones`."""

    title: str
    reader: str
    zones: tuple[str, ...]
    begins: str
    report: Callable[[World, Site], OnTicket]
    deeds: tuple[Deed, ...]


def critical(world: World, site: Site) -> OnTicket:
    """Have a critical incident reported."""
    return incident(world, "kari.nordmann", "Ingen kort virker i skranken på flyplassen", "1", "1", "payments")


def promised(world: World, site: Site) -> OnTicket:
    """Have an incident reported about which agents forget to write."""
    values = {
        "summary": "Impossible de réserver pour un retour après minuit",
        "components": ["booking"],
        "Impact": "Significant / Large",
        "Urgency": "High",
    }
    return InJira(site, site.create(PROJECT, INCIDENT, values, by="camille.martin", language="fr"))


def around_the_world(world: World, site: Site) -> OnTicket:
    """Have an incident reported that nobody solves before the day ends."""
    return incident(world, "tom.baker", "Key cabinet stays locked, customers are waiting", "2", "1", "")


def incident(world: World, by: str, title: str, impact: str, urgency: str, category: str) -> InServiceNow:
    """Report an incident."""
    values = {"short_description": title, "impact": impact, "urgency": urgency, "category": category}
    caller = {"caller_id": world.find("sys_user", user_name=by)}
    return InServiceNow(world, world.insert("incident", {**caller, **values}, by=by))


def _take(by: str, note: str = "") -> Do:
    return lambda ticket: ticket.take(by, note)


def _write(by: str, text: str) -> Do:
    return lambda ticket: ticket.write(by, text)


def _solve(by: str) -> Do:
    return lambda ticket: ticket.solve(by)


CHAPTERS: Final = (
    Chapter(
        "1. A critical incident, from the first word to the solution",
        "Kari Nordmann",
        (OSLO,),
        "2026-11-24T10:05",
        critical,
        (
            Deed("2026-11-24T10:30", _take("mia.holm", "Innløseren svarer ikke. Jeg ringer dem."), "Mia Holm begins."),
            Deed("2026-11-24T10:33", _write("mia.holm", "Hei Kari, vi ser feilen her også. Ta imot kontant så lenge.")),
            Deed("2026-11-24T13:20", _write("jonas.lie", "Hei Kari, vi har lagt om linjen. Prøv et kort nå.")),
            Deed("2026-11-24T13:30", _solve("jonas.lie"), "Jonas Lie sets it to resolved."),
        ),
    ),
    Chapter(
        "2. A promise that is missed, and one that is kept",
        "Camille Martin",
        (OSLO,),
        "2026-11-24T13:35",
        promised,
        (
            Deed("2026-11-24T15:15", _write("ida.berg", "Bonjour Camille, nous avons trouvé la cause.")),
            Deed("2026-11-24T15:25", _solve("ida.berg"), "Ida Berg sets it to resolved."),
        ),
    ),
    Chapter(
        "3. Around the world: three regions, each until its day ends",
        "Tom Baker",
        (OSLO, VANCOUVER, SAIGON),
        "2026-11-24T15:35",
        around_the_world,
        (
            Deed("2026-11-24T15:45", _write("ida.berg", "Hello Tom, the maker is testing the lock from afar.")),
            Deed("2026-11-24T16:10", _take("noah.king"), "Noah King takes it."),
            Deed("2026-11-24T16:25", _write("noah.king", "Hello Tom, the lock is broken. I have ordered a new one.")),
            Deed("2026-11-25T01:10", _take("khanh.pham"), "Phạm Quốc Khánh takes it."),
            Deed("2026-11-25T01:25", _write("khanh.pham", "Hello Tom, the lock leaves Saigon with the night flight.")),
            Deed("2026-11-25T09:10", _take("ida.berg"), "Ida Berg takes it."),
            Deed("2026-11-25T09:25", _solve("ida.berg"), "Ida Berg sets it to resolved."),
        ),
    ),
)
