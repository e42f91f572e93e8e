"""The on-call calendar's own resource: who is on call in a window, as the platform works it out.

Its form follows the scripts that ServiceNow ships (OCRotationV2, OCDHTMLXCalendarFormatter). Times are as the session
shows them, or in the zone that was asked for; then the session's are given beside them. Whole days are asked for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from connectors.sandbox.http import Answer, Call, answer

from .failure import Failure
from .times import STORED, stored

if TYPE_CHECKING:
    from .world import World

SPANS = "/api/now/on_call_rota/spans"
TABLE = "cmn_rota"

SpanType = Literal["roster", "override", "timeoff"]
TABLES = {"roster": "cmn_rota_member", "override": "roster_schedule_span", "timeoff": "roster_schedule_span"}


class Span(NamedTuple):
    """Somebody on call in a roster for a while, taking over, or off."""

    roster: str
    user: str
    start: datetime
    end: datetime
    type: SpanType


def answer_spans(world: World, call: Call, user: str) -> Answer:
    """Answer with the spans of groups and shifts that touch a window of whole days, the shifts themselves included."""
    if not {"itil", "rota_admin", "rota_manager", "admin"} & world.accounts[user].roles:
        raise Failure(403, "User Not Authorized", "Failed API level ACL Validation")
    try:
        start, end = (datetime.strptime(call.query[name], "%Y-%m-%d") for name in ("from", "to"))  # noqa: DTZ007
    except (KeyError, ValueError):
        raise Failure(400, "Invalid date range", None) from None
    zone = ZoneInfo(world.accounts[user].zone)
    first, last = start.replace(tzinfo=zone), (end + timedelta(days=1)).replace(tzinfo=zone)
    found = [
        row for span in world.spans if span.start < last and span.end > first for row in _row(world, call, zone, span)
    ]
    return answer(200, {"result": found})


def _row(world: World, call: Call, zone: ZoneInfo, span: Span) -> list[dict[str, str]]:
    roster = world.locate("cmn_rota_roster", span.roster) or {}
    rota = world.locate(TABLE, roster.get("rota", "")) or {}
    ids = {"rota_id": rota.get("sys_id", ""), "roster_id": span.roster, "group_id": rota.get("group", "")}
    asked = {"rota_ids": ids["rota_id"], "group_ids": ids["group_id"]}
    if any(call.query.get(name) and one not in call.query[name].split(",") for name, one in asked.items()):
        return []
    return [
        {**ids, "user_id": span.user, "type": span.type, "table": TABLES[span.type], **_times(world, call, zone, span)}
    ]


def _times(world: World, call: Call, zone: ZoneInfo, span: Span) -> dict[str, str]:
    session = {name: f"{at.astimezone(zone):{STORED}}" for name, at in (("start", span.start), ("end", span.end))}
    if not world.has_target_zone or call.query.get("target_tz") != "UTC":
        return session
    shown = {f"user_session_{name}_date": text for name, text in session.items()}
    return {**shown, "start": stored(span.start), "end": stored(span.end)}
