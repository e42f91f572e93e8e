"""The simulated ServiceNow of the demo: a car hire's people, groups and services, and a morning's tickets."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from connectors.sandbox import MovableClock
from connectors.sandbox.servicenow import World

APART: Final = timedelta(seconds=30)
"""Between two tickets."""

PEOPLE: Final = (
    # user name, name, language, zone, VIP
    ("kari.nordmann", "Kari Nordmann", "nb", "Europe/Oslo", False),
    ("emma.clarke", "Emma Clarke", "en", "America/Vancouver", False),
    ("an.nguyen", "Nguyễn Văn An", "vi", "Asia/Ho_Chi_Minh", False),
    ("lan.tran", "Trần Thị Lan", "vi", "Asia/Ho_Chi_Minh", False),
    ("erik.dahl", "Erik Dahl", "nb", "Europe/Oslo", True),
    ("tom.baker", "Tom Baker", "en", "America/Vancouver", False),
    ("ida.berg", "Ida Berg", "nb", "Europe/Oslo", False),
    ("mia.holm", "Mia Holm", "nb", "Europe/Oslo", False),
    ("jonas.lie", "Jonas Lie", "nb", "Europe/Oslo", False),
    ("noah.king", "Noah King", "en", "America/Vancouver", False),
    ("khanh.pham", "Phạm Quốc Khánh", "vi", "Asia/Ho_Chi_Minh", False),
    ("olivia.reed", "Olivia Reed", "en", "Europe/Oslo", False),
    ("ivar.moe", "Ivar Moe", "nb", "Europe/Oslo", False),
    ("lena.vogt", "Lena Vogt", "de", "Europe/Berlin", False),
    ("wang.fang", "王芳", "zh-CN", "Asia/Shanghai", False),
)
GROUPS: Final = (
    "Service Desk Oslo",
    "Service Desk Vancouver",
    "Service Desk Saigon",
    "Web",
    "Payments",
    "Architects",
    "Workplace",
    "Relationship Management",
)


class Wish(NamedTuple):
    """A ticket of the demo. `by` is who created it where that is not the requester; `group` what they chose."""

    table: str
    requester: str
    title: str
    category: str = ""
    impact: str = "3"
    urgency: str = "3"
    by: str = ""
    group: str = ""
    state: str = ""
    major: bool = False


TICKETS: Final = (
    Wish("incident", "kari.nordmann", "Nettstedet svarer ikke, ingen får bestilt bil", "booking", "1", "1", major=True),
    Wish("incident", "an.nguyen", "Khách hàng không thanh toán được bằng thẻ", "", "1", "2"),
    Wish("incident", "emma.clarke", "Printer at the front counter prints blank pages", "hardware"),
    Wish("incident", "erik.dahl", "Skjermen min blinker", "hardware"),
    Wish("incident", "lan.tran", "Nhận được email lừa đảo phishing xin mật khẩu", "", "2", "2"),
    Wish("incident", "tom.baker", "Booking page is slow for all staff in Vancouver", "booking", "2", "2"),
    Wish("incident", "emma.clarke", "Cannot open the fleet list", "booking", "2", "1", "ida.berg", "Web"),
    Wish("incident", "tom.baker", "Forgot my password", "", "3", "3", state="6"),
    Wish("sc_req_item", "kari.nordmann", "Ny bærbar til sesongvikar", "hardware"),
    Wish("sc_req_item", "tom.baker", "A drone to photograph returned cars"),
)


def world(clock: MovableClock) -> World:
    """Return the demo's ServiceNow with its tickets, created half a minute apart up to now."""
    made = World(clock=clock, extra_fields=dict.fromkeys(("incident", "sc_req_item"), EXTRA))
    people = {
        user: made.add_user(user, name, email=f"{user}@harbour.example", language=language, zone=zone, vip=vip)
        for user, name, language, zone, vip in PEOPLE
    }
    groups = {name: made.add_group(name) for name in GROUPS}
    for name in ("Online Booking", "Payments", "Laptops"):
        made.add_service(name)
    for wish in TICKETS:
        clock.advance(seconds=APART.total_seconds())
        _insert(made, wish, people, groups)
    clock.advance(seconds=APART.total_seconds())
    return made


EXTRA: Final = {"u_itsm_sync": "string(255)", "u_labels": "string(255)", "u_prevention": "string(4000)"}
"""What the demo's instance has beside stock ServiceNow: for marks, for labels, and for what prevents an incident."""

LENGTH: Final = (len(TICKETS) + 1) * APART
"""How long before now the demo's morning begins."""


def _insert(made: World, wish: Wish, people: dict[str, str], groups: dict[str, str]) -> None:
    values = {"short_description": wish.title, "impact": wish.impact, "urgency": wish.urgency, "state": wish.state}
    if wish.table == "incident":
        values |= {"caller_id": people[wish.requester], "category": wish.category}
    else:
        item = made.insert("sc_cat_item", {"name": wish.title, "category": wish.category})
        asked = made.insert("sc_request", {"requested_for": people[wish.requester]})
        values |= {"request": asked, "cat_item": item}
    if wish.major:
        values["major_incident_state"] = "accepted"
    if wish.group:
        values["assignment_group"] = groups[wish.group]
    chosen = {name: value for name, value in values.items() if value}
    made.insert(wish.table, chosen, by=wish.by or wish.requester)
