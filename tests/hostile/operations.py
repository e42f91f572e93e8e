"""What a connector is asked, on a desk whose answers are spoiled, and what must hold of what it makes of them."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from connectors.base import Connector, ConnectorError, Exposed, OutcomeUnknown, Sought, Write, Written
from connectors.sandbox.http import Answer, Call
from rules.confirm import Marks
from rules.model import Ticket
from rules.rulebook import Service, Staff, Team
from tests.connectors.jira_desk import JiraDesk
from tests.connectors.servicenow_desk import WORDS, ServiceNowDesk
from tests.hostile.in_process import URL, InProcess, through
from tests.hostile.spoiling import Place, spoiled

UNMARKED = replace(WORDS, fields={fact: source for fact, source in WORDS.fields.items() if fact != "mark"})
DESKS: dict[str, Callable[[], ServiceNowDesk | JiraDesk]] = {
    "ServiceNow": ServiceNowDesk,
    "ServiceNow without a mark": lambda: ServiceNowDesk(UNMARKED),
    "Jira Cloud": JiraDesk,
    "Jira Data Center": lambda: JiraDesk("Server"),
}
ROWS = ("result", "issues")
NAMES = ("id", "key", "sys_id", "number", "issuetype")
"""A ticket of another name or type is not the one that was asked for, and nothing to tell."""

TIMES = ("sys_updated_on", "updated")
"""Pages are in the order of these, so that an odd one may cost the page."""

BOOK: Any = SimpleNamespace(
    teams={"web": Team("web", {"servicenow-emea": "Web", "jira-apac": "web"})},
    services={"booking": Service("booking", "Online Booking", {})},
    people={"ida": Staff("ida", "ida@harbour.example")},
    communications=SimpleNamespace(rules=()),
    timed=SimpleNamespace(rules=()),
)
"""What `check` looks at of a rulebook."""

OPERATIONS_EACH = 10
MARKS = Marks(("0a",), ("1b",), ("2c",))


class Hand:
    """Spoils one answer of an operation, or all from there on, and keeps where and what arrived."""

    def __init__(self, random: Random, which: int, for_good: bool, ids: Sequence[str] = ()) -> None:
        self.random, self.which, self.for_good, self.ids = random, which, for_good, ids
        self.count = 0
        self.touched: list[Place] = []
        self.arrived: list[tuple[str, str, Any]] = []

    def __call__(self, call: Call, answer: Answer) -> Answer:
        self.count += 1
        if answer.status < 300 and (self.count == self.which or (self.for_good and self.count > self.which)):
            answer = self._about_another(answer) if self.random.random() < 0.1 else self._spoiled(answer)
        self.arrived.append((call.method, call.path, parsed(answer.body)))
        return answer

    def _spoiled(self, answer: Answer) -> Answer:
        body, headers, touched = spoiled(self.random, answer.body, answer.headers)
        self.touched += touched
        return Answer(answer.status, body, headers)

    def _about_another(self, answer: Answer) -> Answer:
        """Return a good answer in which every ticket is another one."""
        self.touched.append(())
        ids = [id.encode() for id in self.ids]
        body = answer.body
        for number, id in enumerate(ids):
            body = body.replace(b'"%s"' % id, b'"<%d>"' % number)
        for number in range(len(ids)):
            body = body.replace(b'"<%d>"' % number, b'"%s"' % ids[number - 1])
        return Answer(answer.status, body, answer.headers)


def parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


class Case:
    """A desk with four tickets and a connector that was started; what is asked after that goes through a hand."""

    def __init__(self, platform: str, seed: int) -> None:
        self.platform = platform
        self.random = Random(f"{platform} {seed}")
        self.desk = DESKS[platform]()
        self.desk.url = URL
        self.ids = [self.desk.new(f"ticket {number}", impact="extensive") for number in range(4)]
        self.desk.change(self.ids[0], by="ida", impact="minor")
        self.desk.change(self.ids[1], by="ida", comment="hello", note="well", team="web")
        self.slas = {"resolve": self._started_sla()}
        self.connector: Connector = self.desk.connect(slas=self.slas, people=BOOK.people)
        site = self.desk.world if isinstance(self.desk, ServiceNowDesk) else self.desk.site
        self.adapter = InProcess(site)
        through(self.connector, self.adapter)
        self.connector.start()
        self.tickets = [ticket for page in self.connector.tickets("incident", self.ids) for ticket in page.tickets]
        self.hand = Hand(self.random, 0, False)

    def _started_sla(self) -> str:
        """Start one of the platform's own clocks, and return how a workspace names it."""
        if isinstance(self.desk, ServiceNowDesk):
            self.desk.world.add_sla(self.ids[1], "Resolve P1", timedelta(hours=4))
            return "Resolve P1"
        self.desk.site.start_sla(self.ids[1], "Time to resolution", timedelta(hours=4))
        return self.desk.site.field("Time to resolution").id

    def spoil(self, asks: int) -> None:
        """Begin to spoil another operation; `asks` is how many requests it makes."""
        self.hand = Hand(self.random, self.random.randint(1, max(asks, 1)), self.random.random() < 0.2, self.ids)
        self.adapter.spoil, self.adapter.asked, self.connector.lost = self.hand, 0, ()
        if isinstance(self.desk, JiraDesk):
            self.connector.client.exposed = ""  # type: ignore[attr-defined]
            self.desk.site.internal_comments = self.random.choice(("work", "work", "public"))

    def another(self) -> Connector:
        """Return a connector that was not started."""
        connector = self.desk.connect(slas=self.slas, people=BOOK.people)
        through(connector, self.adapter)
        return connector


def start(case: Case) -> None:
    case.another().start()


def check(case: Case) -> None:
    assert isinstance(case.another().check(BOOK), list)  # an odd answer is a finding among others


def discover(case: Case) -> None:
    case.another().discover()


def pages(case: Case) -> None:
    got: list[Ticket] = []
    for page in case.connector.pages("incident", None):  # pages may overlap
        no_ticket_is_there_twice(page.tickets)
        got += page.tickets
    others_are_there(case, got)


def tickets(case: Case) -> None:
    got = [ticket for page in case.connector.tickets("incident", case.ids[:3]) for ticket in page.tickets]
    no_ticket_is_there_twice(got)
    assert {ticket.id for ticket in got} <= set(case.ids[:3])
    others_are_there(case, got, case.ids[:3])


def no_ticket_is_there_twice(got: Sequence[Ticket]) -> None:
    assert len({ticket.id for ticket in got}) == len(got) == len({ticket.number for ticket in got})


def others_are_there(case: Case, got: list[Ticket], ids: list[str] | None = None) -> None:
    """Hold that an odd row costs that row only, and is told."""
    rows = only_rows(case)
    if rows is not None:
        kept = {ticket.id for ticket in got}
        left = set(range(len(ids or case.ids))) - rows
        assert len(kept) >= len(left)
        is_other = any(len(path) == 2 or path[2:4][-1] in NAMES or path[2] in NAMES for path in case.hand.touched)
        assert len(kept) == len(ids or case.ids) or case.connector.lost or is_other


def only_rows(case: Case) -> set[int] | None:
    """Return which rows were touched, or None where something else was."""
    touched = case.hand.touched
    if not touched or case.hand.for_good or any(len(path) < 2 or path[0] not in ROWS for path in touched):
        return None
    return {int(path[1]) for path in touched}


def find(case: Case) -> None:
    wanted = case.tickets[2]
    found = case.connector.find("incident", wanted.number)
    assert found is None or found.number == wanted.number


def history(case: Case) -> None:
    found = case.connector.history("incident", case.tickets)
    assert found is None or set(found) == set(case.ids)


def said(case: Case) -> None:
    found = case.connector.said("incident", case.tickets)
    assert found is None or set(found) == set(case.ids)
    assert all(event.fact in ("comment", "note") for events in (found or {}).values() for event in events)


def marks(case: Case) -> None:
    found = case.connector.marks("incident", case.tickets[1], {"0a": Sought("")})
    assert all(isinstance(mark, str) for mark in found)


def write(case: Case) -> None:
    """Hold that only an answer that shows what was done is believed, and that no internal note stays public."""
    ticket, text, why = case.tickets[3], case.desk.text, f"why {case.random.random()}"
    try:
        written = case.connector.write(Write(ticket, {"urgency": "low"}, text("Hei"), text(why), MARKS))
    except OutcomeUnknown:
        return
    assert (written.ticket.id, written.ticket.kind) == (ticket.id, ticket.kind)
    answers = [answer for method, path, answer in case.hand.arrived if method in ("PATCH", "POST")]
    if isinstance(case.desk, ServiceNowDesk):
        assert answers[-1]["result"]["sys_id"]["value"] == ticket.id
    else:
        is_shown(case, written, why, *answers)


def give(case: Case) -> None:
    """Hold that what people are given is believed only where the ticket is the one that was written to."""
    ticket = case.tickets[2]
    facts = {"assignee": "ida", "watchers": ("ida",), "status": "in_progress", "parent": case.tickets[0].number}
    try:
        written = case.connector.write(Write(ticket, facts, marks=MARKS))
    except OutcomeUnknown:
        return
    assert (written.ticket.id, written.ticket.kind) == (ticket.id, ticket.kind)
    assert written.refused.keys() <= facts.keys()


def is_shown(case: Case, written: Written, why: str, note: Any, comment: Any = None) -> None:
    """Hold that comments are done only where they are shown, and notes only where they are shown to be internal."""
    assert "comment" in written.failed or str(comment["id"]).isdecimal()
    if "note" not in written.failed:
        assert str(note["id"]).isdecimal()
        assert note["jsdPublic"] is False if "jsdPublic" in note else is_kept(case.hand.arrived)
    is_left = (True, why) in case.desk.said(written.ticket.id)
    assert not is_left or "note" not in written.failed or isinstance(written.failed["note"], Exposed | OutcomeUnknown)


def is_kept(arrived: list[tuple[str, str, Any]]) -> bool:
    """Tell whether the property that keeps a note internal was read back."""
    values = [answer for _, path, answer in arrived if path.endswith("/properties/sd.public.comment")]
    return bool(values) and values[-1]["value"]["internal"] in (True, "true")


@cache
def asks(platform: str, do: Callable[[Case], None]) -> int:
    """Return how many requests an operation makes when nothing is odd."""
    case = Case(platform, 0)
    case.adapter.spoil = case.hand
    do(case)
    return case.hand.count


OPERATIONS = (
    start,
    start,
    check,
    discover,
    pages,
    pages,
    pages,
    tickets,
    tickets,
    history,
    said,
    marks,
    find,
    write,
    write,
    give,
    give,
)


def troubles(platform: str, seed: int) -> Iterator[str]:
    """Yield what goes wrong with ten spoiled operations."""
    case = Case(platform, seed)
    for number in range(OPERATIONS_EACH):
        do = case.random.choice(OPERATIONS)
        case.spoil(asks(platform, do))
        if wrong := tried(case, do):
            yield f"{platform}, seed {seed}, operation {number}: {do.__name__} with {case.hand.touched}: {wrong}"


def tried(case: Case, do: Callable[[Case], None]) -> str:
    """Return what goes wrong with an operation, "" if nothing does."""
    try:
        do(case)
    except ConnectorError as error:
        return told(case, do, error)
    except Exception as error:  # a traceback in the service
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}: {error!s:.200}"
    return ""


def told(case: Case, do: Callable[[Case], None], error: ConnectorError) -> str:
    """Return what is wrong with an error, "" if nothing is."""
    if do is write:
        return f"nothing is said to be done, and that is not known: {error!r}"
    if len(str(error).splitlines()) != 1:
        return f"not one line: {error}"
    is_late = any(step in TIMES for place in case.hand.touched for step in place)
    return f"an odd row cost all rows: {error}" if do in (pages, tickets) and only_rows(case) and not is_late else ""
