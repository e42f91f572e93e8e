"""Every HTTP status, on each platform, after a read and after each kind of write: what the service does next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import pytest

from commands.workspace import judge
from connectors.sandbox import Fault, MovableClock, serve
from connectors.sandbox.jira import Site
from connectors.sandbox.servicenow import World
from connectors.web.session import TRIES
from tests.canaries import PASSWORD
from tests.desk.conftest import EXTRA, START, TABLE, DeskAtWork
from tests.desk.jira_at_work import RULES, JiraAtWork, new_site

DONE = "done"
AT_ONCE = "read again at once, a few times; then a line for the admin, exit code 3, and the next cycle"
NEXT_CYCLE = "a line for the admin, exit code 3, and the next cycle reads on"
LATER = "sent again at once, a few times; then decided again after a while"
BUSY = "sent again at once, a few times; then the platform is left alone, and the plan waits"
PERSON = "a line for the admin, exit code 3; the plan waits, and is sent in the next cycle that finds it mended"
LOOKED_UP = "looked up by its mark once it had time to settle, and never sent twice"
PARKED = "parked until a person looks, and never sent again"

WHAT_NEXT = (
    # statuses, after a read, after a write
    ((200, 201, 203, 207, 208, 226, 299), DONE, DONE),
    ((204, 205), NEXT_CYCLE, LOOKED_UP),  # it has no body: no page, no record
    ((202, 206), AT_ONCE, LOOKED_UP),  # accepted is not done, and a part is not all
    ((303,), AT_ONCE, LOOKED_UP),  # done or not, the answer is elsewhere
    ((300, 301, 302, 304, 305, 307, 308, 399), NEXT_CYCLE, PERSON),  # nobody follows with a password
    ((401, 407), NEXT_CYCLE, PERSON),  # credentials, of the platform or the proxy
    ((402,), NEXT_CYCLE, PERSON),  # a licence that is not paid is no fault of the ticket
    ((426, 511), NEXT_CYCLE, PERSON),  # a proxy, or a network that wants somebody to sign in
    ((400, 403, 405, 406, 411, 412, 413, 414, 415, 416, 417), NEXT_CYCLE, PARKED),
    ((418, 422, 424, 428, 431, 451, 498), NEXT_CYCLE, PARKED),
    ((404, 410), NEXT_CYCLE, PARKED),  # gone or not ours to see: the platform does not tell which
    ((501, 505), NEXT_CYCLE, PARKED),  # it cannot do this, and will not learn it
    ((409, 421, 423, 425), AT_ONCE, LATER),  # nothing was done, and a moment later it may be
    ((429,), AT_ONCE, BUSY),  # the ticket is no reason for it
    ((408, 499), AT_ONCE, LOOKED_UP),  # somebody's time ran out
    ((500, 502, 503, 504, 506, 507, 508, 510, 520, 522, 524, 530, 598, 599), AT_ONCE, LOOKED_UP),
)
AFTER_READ = {status: read for statuses, read, _ in WHAT_NEXT for status in statuses}
AFTER_WRITE = {status: write for statuses, _, write in WHAT_NEXT for status in statuses}
AFTER_PUT = AFTER_WRITE | {204: DONE, 205: DONE}  # Jira answers so; the issue is read afterwards

GONE = (404, 410)
TRIED = {AT_ONCE: TRIES, NEXT_CYCLE: 1, LATER: TRIES, BUSY: TRIES, PERSON: 1, LOOKED_UP: 1, DONE: 1, PARKED: 1}
"""How often the request is seen in the cycle in which it fails."""

STATES = {DONE: "done", LATER: "again", BUSY: "planned", PERSON: "planned", LOOKED_UP: "unknown", PARKED: "parked"}
"""In what state that cycle leaves the write."""

ONE_COMMENT = RULES[: RULES.index("  - {name: team-hears")]


class Ticket(NamedTuple):
    """A ticket that was just reported."""

    id: str
    number: str


class OnServiceNow(DeskAtWork):
    """A desk on the simulated ServiceNow."""

    @property
    def platform(self) -> World:
        return self.world

    @property
    def page(self) -> dict[str, str]:
        return {"method": "GET", "path": f"/table/{TABLE}"}

    def new(self) -> Ticket:
        id = self.report(impact="2", urgency="2")
        return Ticket(id, self.ticket(id)["number"])

    def is_done(self, ticket: Ticket) -> bool:
        """Tell whether the fields are written, and the one comment once."""
        is_routed = self.ticket(ticket.id).get("assignment_group") == self.group("Service Desk")
        return is_routed and len(self.said(ticket.id)) == 1


class OnJira(JiraAtWork):
    """A desk on the simulated Jira."""

    @property
    def platform(self) -> Site:
        return self.site

    @property
    def page(self) -> dict[str, str]:
        return {"method": "POST", "path": "/search/jql"} if self.site.cloud else {"method": "GET", "path": "/search"}

    def new(self) -> Ticket:
        id = self.report()
        return Ticket(id, self.site.issue(id)["key"])

    def is_done(self, ticket: Ticket) -> bool:
        """Tell whether the fields are written, and the one comment once."""
        is_routed = self.site.issue(ticket.id).get("Assignment group") == "desk"
        return is_routed and len(self.said(ticket.id, public=True)) == 1


def servicenow(folder: Path, clock: MovableClock, stack: ExitStack) -> OnServiceNow:
    world = World(clock=clock, extra_fields={TABLE: EXTRA})
    world.accounts["itsm.sync"].password = PASSWORD
    world.add_user("kari", "Kari Nordmann", email="kari@harbour.example", language="nb", zone="Europe/Oslo")
    for group in ("Service Desk", "Web", "Payments"):
        world.add_group(group)
    return OnServiceNow(folder, world, clock, stack.enter_context(serve(world)))


def jira(deployment: str) -> Callable[[Path, MovableClock, ExitStack], OnJira]:
    def make(folder: Path, clock: MovableClock, stack: ExitStack) -> OnJira:
        site = new_site(clock, deployment)
        return OnJira(folder, site, clock, stack.enter_context(serve(site)))

    return make


DESKS = {"ServiceNow": servicenow, "Jira Cloud": jira("Cloud"), "Jira Data Center": jira("Server")}
WRITES = {
    # platform, method, path
    "ServiceNow, PATCH": ("ServiceNow", "PATCH", "/incident/{0.id}"),
    "Jira Cloud, PUT": ("Jira Cloud", "PUT", "/issue/{0.number}"),
    "Jira Cloud, comment": ("Jira Cloud", "POST", "/issue/{0.number}/comment"),
    "Jira Data Center, PUT": ("Jira Data Center", "PUT", "/issue/{0.number}"),
    "Jira Data Center, comment": ("Jira Data Center", "POST", "/issue/{0.number}/comment"),
}


OnPlatform = Callable[[str], OnServiceNow | OnJira]


def rows(cases: Iterable[str]) -> list[object]:
    """Return each case with one status of each row; the others of the row take longer.

    Data Center answers in another form than Cloud, and is asked in the same way: one status of a row will do.
    """
    some = [pytest.param(one, statuses[:1], id=f"{one}-{statuses[0]}") for one in cases for statuses, *_ in WHAT_NEXT]
    others = [(one, statuses[1:]) for one in cases if "Data Center" not in one for statuses, *_ in WHAT_NEXT]
    long = pytest.mark.long
    return some + [pytest.param(one, rest, id=f"{one}-{rest[0]}", marks=long) for one, rest in others if rest]


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnPlatform]:
    """Return a function that gives the desk on a platform, one for all statuses: each is left with nothing to do."""
    made: dict[str, OnServiceNow | OnJira] = {}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICENOW_PASSWORD", PASSWORD)
        patch.setenv("JIRA_TOKEN", PASSWORD)

        def desk(platform: str) -> OnServiceNow | OnJira:
            if platform not in made:
                desk = DESKS[platform](tmp_path_factory.mktemp("desk"), MovableClock(START), stack)
                stack.callback(desk.close)
                desk.rules(ONE_COMMENT)
                desk.cycle()
                made[platform] = desk
            made[platform].clock.advance(seconds=400)  # what happened before is not read once more
            return made[platform]

        yield desk


def run(desk: OnServiceNow | OnJira, after: float = 60) -> tuple[int, str]:
    """Run a cycle some seconds later; return the exit code and the line for the admin."""
    desk.clock.advance(seconds=after)
    report = desk.desk().cycle()
    return judge(report), "\n".join(report.problems.values())


def asked(desk: OnServiceNow | OnJira, method: str, path: str) -> int:
    """Return how often something was asked for so far."""
    return sum(request.method == method and request.path.endswith(path) for request in desk.platform.requests)


def state(desk: OnServiceNow | OnJira, ticket: Ticket) -> str:
    """Return how the last cycle left what was to be written to a ticket; all others are done or parked."""
    status = desk.desk().store.status()
    parked = {one.ticket.partition("/")[2] for one in status.parked}
    return "parked" if ticket.number in parked else next(iter(status.waiting), "done")


def test_the_table_names_every_status_once():
    named = [status for statuses, _, _ in WHAT_NEXT for status in statuses]
    assert len(named) == len(set(named))
    assert {status.value for status in HTTPStatus if status >= 200} <= set(named)


@pytest.mark.parametrize(("platform", "statuses"), rows(DESKS))
def test_after_a_read(on, platform, statuses):
    desk, next = on(platform), AFTER_READ[statuses[0]]
    tickets = [desk.new() for _ in statuses]
    seen = {status: read(desk, status) for status in statuses}
    assert seen == dict.fromkeys(statuses, (0 if next is DONE else 3, next is AT_ONCE))
    assert desk.is_done(tickets[0]) == (next is DONE)
    assert run(desk)[0] == 0
    assert all(map(desk.is_done, tickets))


def read(desk: OnServiceNow | OnJira, status: int) -> tuple[int, bool]:
    """Run a cycle that gets this status for a page; return the exit code, and whether it was asked for at once again.

    Where an answer refuses a page of Jira, the page is asked for once more with fewer wishes.
    """
    before = asked(desk, **desk.page)
    desk.platform.faults.add(Fault(str(status), **desk.page, times=99, seconds=1))
    code, line = run(desk, after=1)
    calm(desk)
    assert not code or f"answered {status} to" in line or "without" in line
    assert len(line.splitlines()) == bool(code)
    return code, asked(desk, **desk.page) - before == TRIES


def calm(desk: OnServiceNow | OnJira) -> None:
    """End the faults, and let a good answer come in: failures in a row would have the platform left alone."""
    desk.platform.faults.clear()
    for connector in desk.desk().connectors.values():
        connector.limits.heard(200, {})


@pytest.mark.parametrize(("where", "statuses"), rows(WRITES))
def test_after_a_write(on, where, statuses):
    platform, method, path = WRITES[where]
    desk, next = on(platform), (AFTER_PUT if method == "PUT" else AFTER_WRITE)[statuses[0]]
    written = {status: write(desk, status, method, path) for status in statuses}
    tickets = [ticket for ticket, *_ in written.values()]
    seen = {status: tuple(found) for status, (_, *found) in written.items()}
    left_out = next is PARKED and method == "PATCH" and statuses[0] not in GONE  # the texts are sent without the fields
    code, tried = 3 if next is PERSON else 0, TRIED[next] + left_out
    assert seen == dict.fromkeys(statuses, (code, STATES[next], tried))
    run(desk)
    if next is LOOKED_UP:
        assert {asked(desk, method, path.format(ticket)) for ticket in tickets} == {1}
        run(desk, after=120)
    was_done = statuses[0] < 300 or next is PARKED
    assert {asked(desk, method, path.format(ticket)) for ticket in tickets} == {tried + (not was_done)}
    assert all(desk.is_done(ticket) != (next is PARKED) for ticket in tickets)


def write(desk: OnServiceNow | OnJira, status: int, method: str, path: str) -> tuple[Ticket, int, str, int]:
    """Report a ticket and run a cycle in which a write to it gets this status.

    Return the ticket, the exit code, the state of what was to be written, and how often that was tried.
    """
    ticket = desk.new()
    path = path.format(ticket)
    desk.platform.faults.add(Fault(str(status), method=method, path=path, times=99, seconds=1))
    code, line = run(desk, after=1)
    calm(desk)
    assert not code or f"answered {status} to {method}" in line
    return ticket, code, state(desk, ticket), asked(desk, method, path)
