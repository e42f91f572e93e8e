"""The simulated Jira of the demo: the same car hire's people in Asia, the Americas and France, and their morning."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, NamedTuple

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
GROUPS: Final = ("desk-oslo", "desk-vancouver", "desk-saigon", "web", "payments", "workplace", "relationship")
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
LENGTH: Final = timedelta(minutes=len(ISSUES) + 1)
"""How long before now the demo's morning begins."""


def site(clock: MovableClock) -> Site:
    """Return the demo's Jira with its issues, created a minute apart up to now."""
    made = Site(clock=clock)
    for account, name, language, zone in PEOPLE:
        made.add_user(
            name, account=account, email=f"{account}@harbour.example", language=language, zone=zone, customer=True
        )
    made.add_user("Khánh Phạm", account="khanh.pham", email="khanh@harbour.example", zone="Asia/Ho_Chi_Minh")
    made.add_project(PROJECT, "IT Support")
    for group in GROUPS:
        made.add_group(group)
    made.add_field("Assignment group", type="group")
    made.add_field("Service", type="select", options=SERVICES)
    for component in COMPONENTS:
        made.add_component(PROJECT, component)
    languages = {account: language for account, _, language, _ in PEOPLE}
    for wish in ISSUES:
        clock.advance(seconds=60)
        values = {"summary": wish.title, **wish.values}
        id = made.create(PROJECT, wish.type, values, by=wish.requester, language=languages[wish.requester])
        if wish.status:
            made.transition(id, wish.status, by="khanh.pham")
    clock.advance(seconds=60)
    return made
