"""The simulated Jira of the demo: the same car hire's people in Asia, the Americas and France, and their morning."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from commands.demo_world import APART, GROUPS
from connectors.sandbox import MovableClock
from connectors.sandbox.jira import Site

PROJECT: Final = "IT"
INCIDENT: Final = "[System] Incident"
REQUEST: Final = "[System] Service request"
PEOPLE: Final = (
    # account, name, language, zone
    ("wang.fang", "王芳", "zh-CN", "Asia/Shanghai"),
    ("camille.martin", "Camille Martin", "fr", "Europe/Paris"),
    ("lucia.perez", "Lucía Pérez", "es", "America/Bogota"),
    ("mai.le", "Lê Thị Mai", "vi", "Asia/Ho_Chi_Minh"),
)
AGENTS: Final = (
    ("ida.berg", "Ida Berg", "Europe/Oslo"),
    ("mia.holm", "Mia Holm", "Europe/Oslo"),
    ("jonas.lie", "Jonas Lie", "Europe/Oslo"),
    ("noah.king", "Noah King", "America/Vancouver"),
    ("khanh.pham", "Khánh Phạm", "Asia/Ho_Chi_Minh"),
    ("olivia.reed", "Olivia Reed", "Europe/Oslo"),
    ("ivar.moe", "Ivar Moe", "Europe/Oslo"),
    ("lena.vogt", "Lena Vogt", "Europe/Berlin"),
)
COMPONENTS: Final = ("booking", "payments", "hardware")
SERVICES: Final = ("Online Booking", "Payments", "Laptops")


class Wish(NamedTuple):
    """An issue of the demo. `status` is what an agent moved it to before the service saw it."""

    type: str
    requester: str
    title: str
    values: dict[str, Any]
    status: str = ""


WIDESPREAD: Final = {"Impact": "Extensive / Widespread", "Urgency": "Critical"}
ISSUES: Final = (
    Wish(INCIDENT, "wang.fang", "付款页面一直报错，客人无法付款", {"Impact": "Significant / Large", "Urgency": "High"}),
    Wish(
        INCIDENT,
        "camille.martin",
        "Le site de réservation ne répond plus",
        {"components": ["booking"], "labels": ["major-incident"], **WIDESPREAD},
    ),
    Wish(INCIDENT, "lucia.perez", "La impresora del mostrador no imprime", {"components": ["hardware"]}),
    Wish(REQUEST, "wang.fang", "我想租一架无人机", {}),
    Wish(REQUEST, "mai.le", "Máy tính xách tay cho nhân viên mới", {"components": ["hardware"]}),
    Wish(INCIDENT, "lucia.perez", "No puedo abrir mi correo", {}, "Resolved"),
)
LENGTH: Final = (len(ISSUES) + 1) * APART
"""How long before now the demo's morning begins."""


def site(clock: MovableClock) -> Site:
    """Return the demo's Jira with its issues, created half a minute apart up to now."""
    made = Site(clock=clock)
    for account, name, language, zone in PEOPLE:
        made.add_user(
            name, account=account, email=f"{account}@harbour.example", language=language, zone=zone, customer=True
        )
    for account, name, zone in AGENTS:
        made.add_user(name, account=account, email=f"{account}@harbour.example", zone=zone)
    made.add_project(PROJECT, "IT Support")
    for group in GROUPS:
        made.add_group(group)
    made.add_field("Assignment group", type="group")
    made.add_field("Service", type="select", options=SERVICES)
    for component in COMPONENTS:
        made.add_component(PROJECT, component)
    languages = {account: language for account, _, language, _ in PEOPLE}
    for wish in ISSUES:
        clock.advance(seconds=APART.total_seconds())
        values = {"summary": wish.title, **wish.values}
        id = made.create(PROJECT, wish.type, values, by=wish.requester, language=languages[wish.requester])
        if wish.status:
            made.transition(id, wish.status, by="khanh.pham")
    clock.advance(seconds=APART.total_seconds())
    return made
