"""Collects what a report tells of a ticket: from what is known of its past, its clocks and its promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.calls import ticket_clocks
from rules.course import OVER, SOLVED, course
from rules.happenings import is_over
from rules.model import FIRST_LEVEL, Comment, Notify
from rules.past import SOON
from rules.promises import GRACE, SPEAKERS, counted
from rules.review import ARTICLE, CLOCK_NAMES, REVIEW, Article, Kept, Review, Step, StepKind, articles, packed
from rules.speakers import speaker, suppliers, who
from rules.supplied import waits

if TYPE_CHECKING:
    from rules.case import Case
    from rules.clocks import Clock, Clocks
    from rules.model import Event
    from rules.rulebook import Staff

MOST: Final = 50
"""Steps of a report; of more, messages are left out, of which there are most and the last say least."""

LINKS: Final = ("problem", ARTICLE)
"""Facts of a desk's own that name what to read beside the ticket; `cause` and `prevention` are such facts, too."""

VALUES: Final[dict[str, StepKind]] = {"team": "team", "priority": "priority", "level": "level"}
"""Facts of the past whose every value is a step."""


class Found(NamedTuple):
    """A step as it was found: in seconds, and the fact by whose change it is known who did it."""

    at: int
    kind: StepKind
    value: str = ""
    fact: str = ""


def tell_review(case: Case) -> None:
    """Let a message that reports know what happened; nobody else pays for collecting it."""
    said = (*case.actions, *case.notices)
    if any(isinstance(one, Comment | Notify) and one.message in case.book.reviewing for one in said):
        case.facts[REVIEW] = packed(review_of(case))


def review_of(case: Case) -> Review:
    """Return what is known of a ticket, whether it is over or not."""
    known, created = ticket_clocks(case), int(case.ticket.created.timestamp())
    noticed, solved = _noticed(case, created), known.course.resolved
    promises = [one.what for one in counted(case)]
    return Review(
        case.ticket.created,
        _moment(noticed),
        _moment(solved),
        None if solved is None else timedelta(seconds=solved - created),
        _text(case, "cause"),
        _text(case, "prevention"),
        promises.count("promise kept"),
        promises.count("promise missed"),
        _steps(case, created, noticed),
        tuple(_kept(case, known)),
        tuple(_links(case)),
        *_supplied(case),
    )


def _supplied(case: Case) -> tuple[str, timedelta | None, int, int]:
    """Return for which supplier it waited, how long, and how many of their answers were in time and late."""
    found, now = tuple(waits(case)), int(case.now.timestamp())
    if not found:
        return "", None, 0, 0
    waited = timedelta(seconds=sum((now if one.end is None else one.end) - one.start for one in found))
    states = [one.state for one in found]
    return _awaited(case, "supplier"), waited, states.count("in time"), states.count("late")


def _noticed(case: Case, created: int) -> int | None:
    """Return when somebody of the desk acted for the first time, whichever team had the ticket then."""
    past = (one for one in case.past if one.fact != "team")
    return course(created, past, case.book.pauses).acknowledged


def _steps(case: Case, created: int, noticed: int | None) -> tuple[Step, ...]:
    found = [Found(created, "opened"), *_changes(case), *_states(case), *_told(case)]
    found += [Found(noticed, "acknowledged")] if noticed is not None else []
    found += [Found(one.at, "missed") for one in counted(case) if one.what == "promise missed"]
    found.sort(key=lambda one: one.at)
    authors = _authors(case)
    return tuple(
        Step(datetime.fromtimestamp(one.at, UTC), one.kind, one.value, _name(case, authors, one))
        for one in _few_enough(found)
    )


def _few_enough(found: list[Found]) -> list[Found]:
    """Return the steps without the last messages, where they are too many to be told."""
    over = len(found) - MOST
    told = [place for place, one in enumerate(found) if one.kind == "told"] if over > 0 else []
    return [one for place, one in enumerate(found) if place not in told[-over:]] if told else found


def _changes(case: Case) -> Iterator[Found]:
    """Yield to whom the ticket was given, which priority and level it got, and that it was declared major."""
    for one in case.past:
        if one.fact in VALUES and one.value not in ("", FIRST_LEVEL):
            value = _team_name(case, one.value) if one.fact == "team" else one.value
            yield Found(one.at, VALUES[one.fact], value, one.fact)
        elif one.fact == "major" and one.value == "True":
            yield Found(one.at, "major", "", "major")


def _team_name(case: Case, key: str) -> str:
    """Return a team as its platform calls it."""
    team = case.book.teams.get(key)
    return team.groups.get(case.ticket.connection, key) if team is not None else key


def _states(case: Case) -> Iterator[Found]:
    """Yield when it began to wait, for whom, and when it was solved and opened again."""
    status, waits = "new", ""
    states = (one for one in case.past if one.fact in ("status", "waiting_for"))
    for at, changes in groupby(states, lambda one: one.at):
        before = status, waits
        for one in changes:
            status, waits = (one.value, waits) if one.fact == "status" else (status, one.value)
        if status in SOLVED and before[0] not in SOLVED:
            yield Found(at, "resolved", "", "status")
        elif before[0] in OVER and status not in OVER:
            yield Found(at, "reopened", "", "status")
        if status == "waiting" and before != (status, waits):
            yield Found(at, "waiting", _awaited(case, waits), "status")


def _awaited(case: Case, waits: str) -> str:
    """Return whom a ticket waits for: the supplier by name."""
    supplier = case.book.people.get(str(case.facts.get("service.supplier", ""))) if waits == "supplier" else None
    return (supplier.name or supplier.key) if supplier is not None else waits


def _told(case: Case) -> Iterator[Found]:
    """Yield what we said in public."""
    yield from (Found(at, "told") for at, by in _words(case) if by == "ours")


def _words(case: Case) -> list[tuple[int, str]]:
    """Return when who spoke in public. The past leaves out the middle of a monologue, of which the platform tells."""
    found = [(one.at, str(one.by)) for one in case.past if one.fact == "comment"]
    ours = [at for at, by in found if by == "ours"]
    others = suppliers(case)
    for event in case.ticket.said or ():
        at, by = int(event.at.timestamp()), speaker(case, event, others)
        known = any(0 <= at - one <= SOON for one in ours) if by == "ours" else (at, by) in found
        if event.fact == "comment" and not known:
            found.append((at, by))
    return sorted(found)


def _kept(case: Case, known: Clocks) -> Iterator[Kept]:
    """Yield the clocks of which it is known by now whether they were met."""
    named = case.book.connections[case.ticket.connection].slas
    slas = {sla.field: sla for sla in case.ticket.slas}
    for name in CLOCK_NAMES[:2]:
        clock: Clock = getattr(known, name)
        late = is_over(clock, int(case.now.timestamp()))
        if clock.target and (late or clock.since is None):
            sla = slas.get(named.get(name, ""))
            yield Kept(name, _moment(_due(clock)) if sla is None else sla.due, not (late or (sla and sla.breached)))
    yield from _updates(case, known)


def _due(clock: Clock) -> int | None:
    """Return when a clock ran out, or would have, had it gone on as it did in the end."""
    if clock.counted > clock.target or clock.since is not None:
        return clock.due(clock.target)
    start, end = clock.spans[-1]
    left = clock.target - clock.counted + clock.calendar.between(start, end or start)
    return clock.calendar.add(start, left)


def _updates(case: Case, known: Clocks) -> Iterator[Kept]:
    """Yield whether word came as often as agreed, where it is known who spoke when: since it has this priority."""
    clock, name = known.updates, CLOCK_NAMES[2]
    if not clock.target or case.ticket.said is None or known.course.resolved is None:
        return
    since = max((one.at for one in case.past if one.fact == "priority"), default=0)
    spoken = [at for at, by in _words(case) if by in SPEAKERS]
    silences = [
        clock.calendar.between(one, other)
        for start, end in known.course.open
        for one, other in pairwise(_within(max(start, since), end or start, spoken))
    ]
    yield Kept(name, None, all(silence <= clock.target + GRACE for silence in silences))


def _within(start: int, end: int, moments: Sequence[int]) -> list[int]:
    return [start, *(at for at in moments if start < at < end), end] if start < end else []


def _authors(case: Case) -> dict[tuple[int, str], str]:
    """Return who changed what when, where the platform tells; what was said is known by nobody's change."""
    events: list[Event] = [*(case.ticket.history or ()), *(case.ticket.said or ())]
    return {(int(one.at.timestamp()), one.fact): one.author for one in events}


def _name(case: Case, authors: dict[tuple[int, str], str], step: Found) -> str:
    """Return the name of the agent who took a step, "" where nobody knows it or nobody did."""
    if step.kind == "acknowledged":
        there = (author for (at, _), author in authors.items() if at == step.at)
        return next((name for author in there if (name := _agent(case, author))), "")
    return _agent(case, authors.get((step.at, step.fact), "")) if step.fact else ""


def _agent(case: Case, account: str) -> str:
    """Return an agent's name, where the workspace or the ticket tells it."""
    if who(case, account) != "agent":
        return ""
    staff = _staff(case, account)
    if staff is not None:
        return staff.name or staff.key
    has_it = case.ticket.facts.get("assignee") == account
    return str(case.ticket.facts.get("assignee.name", "")) if has_it else ""


def _staff(case: Case, account: str) -> Staff | None:
    connection = case.ticket.connection
    accounts = {key: one.accounts.get(connection, "") for key, one in case.book.people.items()} | dict(case.people)
    return next((case.book.people.get(key) for key, known in accounts.items() if known == account), None)


def _links(case: Case) -> Iterator[Article]:
    """Yield what the desk's own facts name to be read beside the ticket: a name, an address, or both."""
    for fact in LINKS:
        yield from articles(case.facts.get(fact, ""))


def _text(case: Case, fact: str) -> str:
    value = case.facts.get(fact, "")
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _moment(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
