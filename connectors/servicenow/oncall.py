"""Who is on call by ServiceNow's On-Call Scheduling: the spans that the platform itself works out.

`schedule` is the name of a group, which means all its shifts, or of one shift (`cmn_rota`). Four requests ask for the
shifts, their rosters, the spans, and the people in them.

The spans come from `/api/now/on_call_rota/spans`, the resource behind the platform's own on-call calendar, which calls
the documented `OCRotationV2.getSpans()`. It is the only way that answers for a window. `whoisoncall` answers for one
moment. The tables do not say it: a member's turns stand in a schedule that the newer schedule engine leaves empty, and
what a change of members does to whose turn it is differs from engine to engine. The resource is not in the published
REST reference, so that nothing of its form is taken for granted: what has another one is an error, and the last roster
that was read counts until it is too old.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from connectors.base import NotVisible, Refused, Unusable
from connectors.rota.naming import People
from connectors.rota.sheet import UNKNOWN, Nonsense, Odd, Sheet
from connectors.servicenow.query import both, either, equals, within
from connectors.servicenow.schema import optional
from connectors.servicenow.tables import NAMES_PER_REQUEST, SYS_ID, Record, Tables, portions, raw, whole
from rules.rosters import Turn
from rules.rulebook import Staff
from rules.words import folded

if TYPE_CHECKING:
    from connectors.servicenow.connector import ServiceNow

PATH: Final = "/api/now/on_call_rota/spans"
ON_CALL: Final = {"override": 0, "roster": 1}
"""Spans in which somebody is on call. Whoever takes over counts before whose turn it is."""

OFF: Final = frozenset({"timeoff", "time_off"})
SHIFT: Final = ("sys_id", "name", "group", "group.name")
ROSTER: Final = ("sys_id", "rota", "order")
LAST: Final = 10**9
MARGIN: Final = timedelta(days=1)
"""Whole days are asked for, which begin at midnight where our account is."""

MEND: Final = "give our account the role itil, and let it read cmn_rota and cmn_rota_roster"


class Shifts(NamedTuple):
    """The shifts that a schedule is, their group, and roster → its place in the order in which rosters are tried."""

    group: str
    rotas: tuple[str, ...]
    orders: Mapping[str, int]


class Span(NamedTuple):
    """Somebody is on call for a while, or off; `rank` says what counts first."""

    start: int
    end: int
    user: str
    rank: tuple[int, int]


def sheet(connector: ServiceNow, schedule: str, people: Mapping[str, Staff], start: int, end: int) -> Sheet:
    """Return who is on call between two moments. Raises a `ConnectorError` with what to do about it."""
    shifts = _shifts(connector.tables, connector.name, schedule)
    rows = _rows(connector, shifts, start, end)
    zone = _zone(connector, rows)
    spans = [span for row in rows for span in _span(row, shifts, zone)]
    known = _known(connector, people, {span.user for span in spans})
    off = [span for span in spans if span.rank[1] == LAST]
    found = [one for span in spans if span.rank[1] != LAST for one in _without(span, off)]
    found = [span for span in found if span.start < end and span.end > start]
    if not found:
        text = f"{connector.name} has nobody on call in {schedule} from yesterday to five weeks ahead"
        raise Nonsense(f"{text}; plan the shift, or {MEND}")
    found.sort(key=lambda span: (span.user not in known, *span.rank, -span.start, span.end))
    odd = sorted(Odd(span.start, "") for span in found if span.user not in known)
    return Sheet(tuple(_turn(span, known) for span in found), tuple(odd))


def _turn(span: Span, known: Mapping[str, str]) -> Turn:
    person = known.get(span.user)
    return Turn(span.start, span.end, person, "" if person is not None else UNKNOWN)


def _shifts(tables: Tables, name: str, schedule: str) -> Shifts:
    """Return what a schedule is. A group's name goes first: "24x7" may be a shift of many."""
    try:
        query = both(either(equals("group.name", [schedule]), equals("name", [schedule])), "active=true")
        rotas = tables.read("cmn_rota", query, SHIFT).records
    except (Refused, NotVisible) as error:
        raise Unusable(f"{error}; {MEND}") from None
    mine = [one for one in rotas if folded(raw(one, "group.name")) == folded(schedule)] or rotas
    groups = {raw(one, "group") for one in mine}
    if not mine:
        text = f"{name} shows no active shift or group called {schedule!r}"
        raise Unusable(f"{text}; correct schedule, or {MEND}")
    if len(groups) > 1:
        raise Unusable(f"{name} has shifts called {schedule!r} in {len(groups)} groups: name a group as schedule")
    ids = tuple(raw(one, "sys_id") for one in mine)
    query = both(within("rota", ids), "active=true")
    rosters = optional(tables, "cmn_rota_roster", query, ROSTER)
    if not rosters:
        raise Unusable(f"{name} shows no active roster of {schedule!r}; add one, or {MEND}")
    return Shifts(groups.pop(), ids, {raw(one, "sys_id"): whole(raw(one, "order"), LAST) for one in rosters})


def _rows(connector: ServiceNow, shifts: Shifts, start: int, end: int) -> list[dict[str, Any]]:
    first, last = datetime.fromtimestamp(start, UTC) - MARGIN, datetime.fromtimestamp(end, UTC) + MARGIN
    asked = {"from": f"{first:%Y-%m-%d}", "to": f"{last:%Y-%m-%d}", "target_tz": "UTC"}
    asked |= {"group_ids": shifts.group, "rota_ids": ",".join(shifts.rotas)}
    try:
        found = connector.tables.get(PATH, asked)
    except NotVisible as error:
        raise Unusable(f"{error}; is On-Call Scheduling active there?") from None
    except Refused as error:
        raise Unusable(f"{error}; {MEND}") from None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Nonsense(f"{connector.name} answered the spans of a schedule in another form than a list of them")
    return found


def _zone(connector: ServiceNow, rows: Sequence[Mapping[str, Any]]) -> tzinfo:
    """Return the zone of the spans' times: UTC where it was heeded that we asked for it, else our account's own."""
    if all("user_session_start_date" in row for row in rows):
        return UTC
    user = equals("user_name", [connector.account]) if connector.account else "user_name=javascript:gs.getUserName()"
    accounts = optional(connector.tables, "sys_user", user, ("time_zone",), 2)
    name = raw(accounts[0], "time_zone") if len(accounts) == 1 else ""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):
        text = f"{connector.name} tells who is on call by a clock that we do not know"
        raise Unusable(f"{text}; set the time zone of our account in sys_user, such as UTC") from None


def _span(row: Mapping[str, Any], shifts: Shifts, zone: tzinfo) -> Iterator[Span]:
    """Yield the span that a row is: of a roster of ours, and not the shift itself, which stands among them."""
    kind, user, roster = (str(row.get(name) or "") for name in ("type", "user_id", "roster_id"))
    if user and kind in OFF:
        yield Span(*_times(row, zone), user, (LAST, LAST))
    elif user and kind in ON_CALL and roster in shifts.orders:
        yield Span(*_times(row, zone), user, (shifts.orders[roster], ON_CALL[kind]))


def _times(row: Mapping[str, Any], zone: tzinfo) -> tuple[int, int]:
    """Return when a span begins and ends. Raises `ValueError` or `KeyError` for what is no time."""
    start, end = (datetime.fromisoformat(row[name]) for name in ("start", "end"))
    return int(_aware(start, zone).timestamp()), int(_aware(end, zone).timestamp())


def _aware(time: datetime, zone: tzinfo) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=zone)


def _without(span: Span, off: Iterable[Span]) -> list[Span]:
    """Return what is left of a span while the one who has it is not off."""
    parts = [span]
    for gone in (one for one in off if one.user == span.user):
        cut = [
            (part._replace(end=min(part.end, gone.start)), part._replace(start=max(part.start, gone.end)))
            for part in parts
        ]
        parts = [part for two in cut for part in two if part.start < part.end]
    return parts


def _known(connector: ServiceNow, people: Mapping[str, Staff], users: Iterable[str]) -> dict[str, str]:
    """Return user → person of the workspace, by the account that the workspace names, else by e-mail."""
    ids, found = sorted(filter(SYS_ID.fullmatch, users)), People(people)
    accounts = {folded(name): key for key, one in people.items() if (name := one.accounts.get(connector.name))}
    known: dict[str, str] = {}
    for some in portions(ids, NAMES_PER_REQUEST):
        for row in connector.tables.read("sys_user", within("sys_id", some), ("sys_id", "user_name", "email")).records:
            known |= _person(row, accounts, found)
    return known


def _person(row: Record, accounts: Mapping[str, str], people: People) -> dict[str, str]:
    named, mailed = accounts.get(folded(raw(row, "user_name"))), people.by_email([raw(row, "email")])
    person = named or (next(iter(mailed)) if len(mailed) == 1 else None)
    return {raw(row, "sys_id"): person} if person else {}
