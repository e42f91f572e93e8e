"""What a message may name: `ticket`, `service`, `team`, `reader`, `desk`, `rule` and some more, all defined here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple, TypedDict

from rules.model import Fact, Facts, Message, Notify, Person, Reason, Ticket
from rules.review import ARTICLE, REVIEW, STEP_KINDS, Article, Kept, Review, Step, unpacked
from rules.rulebook import Rulebook
from templates.hiding import Hider, is_supplier
from templates.linked import as_read, named, readable, told_apart
from templates.locales import priority_title, tone
from templates.names import first_name, full_name
from templates.values import clean

Value = Fact | timedelta
Entries = dict[str, Value]

COMMON_FACTS: Final = frozenset(
    {"title", "text", "status", "waiting_for", "major", "impact", "urgency", "priority"}
    | {"service", "category", "labels", "team", "assignee", "level", "silent"}
)
NOT_REVIEWED: Final = Review()
PROMISES: Final = ("next", "respond", "resolve", "accept", "close", "approve")
"""By when the next word comes, somebody answers, and it is solved, as far as that is promised; and by when a team must
take what was handed over to it, the requester must answer, and somebody must approve, where that is asked for."""

REASON_ENTRIES: Final = ("stage", "text", "name", "where")
KNOWN_ENTRIES: Final = ("name", "value")
REPLY_ENTRIES: Final = ("name", "key", "text")
REPORT: Final = (
    *("began", "noticed", "solved", "lasted", "cause", "prevention", "kept", "missed"),
    *("supplier", "waited", "answered", "late"),
)
APPROVAL: Final = ("level", "by")
MOST_ENTRIES: Final = 50


AUDIENCES: Final = ("requester", "affected", "sponsor", "supplier", "team")
"""As whom a reader may be spoken to."""

TONES: Final = ("formal", "neutral", "familiar")
"""How a reader may be spoken to."""

INSTEAD: Final = {"affected": "requester", "sponsor": "team", "supplier": "team"}
"""As whom they are spoken to where a text does not tell them apart."""

OF_READER: Final = {
    "affected": "affected",
    "participants": "affected",
    "service.sponsor": "sponsor",
    "service.supplier": "supplier",
}


class Failed(NamedTuple):
    """A message that could not be written: which, to whom, and why."""

    message: str
    reader: str
    why: str


class Context(TypedDict):
    """The variables of a message. What may be empty is "", so that only a name that does not exist is an error.

    `ticket` has key, kind, priority_title, created and every fact without a dot, by name. `audience` is one of
    AUDIENCES; `tone` is "formal", "neutral" or "familiar"; `public` tells whether customers see the message. `rule`
    (empty where proposals name theirs) and the entries of `proposals` and `reasons` have stage, text, name and where.
    `late` and `asked` are about an escalation: whether it came later than it was due, and the facts that are still
    missing. `known` is about a hand-over: what the ticket says already, each fact with name and value. `approval` has
    the level that a ticket is to be raised to, and by whom that is to be approved. `replies` are what customers said on
    tickets below, each with name, key and text, and `left_out` is how many more there are. `now` is when it is written.
    `report`, `steps`, `clocks` and `links` are what a report tells of the ticket; their entries are those of `Review`.
    `articles` are what is linked to the ticket and this reader may read, each with name and address.
    """

    ticket: Entries
    service: Entries
    team: Entries
    reader: Entries
    desk: Entries
    rule: Entries
    promise: Entries
    failed: Entries
    approval: Entries
    report: Entries
    now: datetime
    audience: str
    tone: str
    public: bool
    late: bool
    asked: tuple[str, ...]
    known: list[Entries]
    proposals: list[Entries]
    replies: list[Entries]
    left_out: int
    reasons: list[Entries]
    steps: list[Entries]
    clocks: list[Entries]
    links: list[Entries]
    articles: list[Entries]


def context(
    ticket: Ticket,
    book: Rulebook,
    facts: Facts,
    action: Message,
    now: datetime,
    reasons: Sequence[Reason] = (),
    failed: Failed | None = None,
    review: Review | None = None,
) -> Context:
    """Return the variables of the message that `action` asks for, as it is written `now`.

    `facts` are the decision's, that is, the ticket after it. `reasons` are those of the changes that are written
    together with the message; a note to the team lists them. `failed` is for the message "message-failed", `review`
    for reports, where it is not the decision's. A supplier is shown no personal data.
    """
    hider = Hider(ticket, book, facts, action)
    audience, known, raw = _audience(action), *(told_apart(ticket, book, one) for one in (hider.facts(), facts))
    reads = "supplier" if is_supplier(book, action) else audience
    facts, review = as_read(known, reads), review or _review(known)
    service = book.services.get(_word(facts, "service"))
    said = Context(
        ticket=_ticket(ticket, book, facts, action.language),
        service={"name": clean(service.name if service else _word(facts, "service"))},
        team={"name": clean(_team_name(book, ticket.connection, _word(facts, "team")))},
        reader=_reader(ticket, book, facts, action),
        desk={"name": clean(book.desk)},
        rule=dict.fromkeys(REASON_ENTRIES, "") if action.proposals else _entry(action.reason),
        promise={name: facts.get(f"promise.{name}", "") for name in PROMISES},
        failed=_failed(failed),
        approval={name: clean(_word(facts, f"approval.{name}")) for name in APPROVAL},
        report=_report(ticket.created, review),
        now=now,
        audience=audience,
        tone=tone(book.tones, action.language),
        public=action.public,
        late=facts.get("escalation.late") is True,
        asked=_listed(_words(facts, "escalation.asked")),
        known=_known(facts),
        proposals=_entries(action.proposals),
        replies=_replies(facts),
        left_out=_left_out(facts),
        reasons=_entries(reasons),
        steps=_told(review.steps),
        clocks=_told(review.clocks),
        links=_told(review.links if reads == "team" else named(review, known, raw)),
        articles=_told(readable(ticket, book, known, reads)),
    )
    return hider.context(said)


def _audience(action: Message) -> str:
    """Return as whom a reader is spoken to; who is named by the desk and is no customer reads what the team reads."""
    if action.public:
        return "requester"
    return OF_READER.get(action.reader, "team")


def fact_names(book: Rulebook) -> frozenset[str]:
    """Return the facts that tickets may have: the common ones and those that the desk's words name."""
    named = {
        fact for connection in book.connections.values() for words in connection.kinds.values() for fact in words.fields
    }
    linked = {ARTICLE for connection in book.connections.values() if connection.knowledge is not None}
    return COMMON_FACTS | linked | {fact for fact in named if "." not in fact}


def sample(facts: frozenset[str], language: str, public: bool, full: bool) -> Context:
    """Return a made-up context for trying templates: with every value there, or with all that may be empty empty."""
    entry: Entries = dict.fromkeys(REASON_ENTRIES, "sample" if full else "")
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    review = _sample_review(at) if full else NOT_REVIEWED
    return Context(
        ticket={
            **dict.fromkeys(facts | COMMON_FACTS, "sample" if full else ""),
            "priority_title": "high" if full else "",
            "key": "INC0010001",
            "kind": "incident",
            "created": at,
        },
        service={"name": "Online Booking" if full else ""},
        team={"name": "Service Desk" if full else ""},
        reader={
            "first_name": "Kari" if full else "",
            "full_name": "Kari Berg" if full else "",
            "name": "Kari Berg" if full else "",
            "language": language,
            "zone": "Europe/Oslo" if full else "",
        },
        desk={"name": "Harbour Car Hire"},
        rule=entry,
        promise=dict.fromkeys(PROMISES, at if full else ""),
        failed=dict.fromkeys(Failed._fields, "sample" if full else ""),
        approval=dict.fromkeys(APPROVAL, "sample" if full else ""),
        report=_report(at, review),
        now=at,
        audience="requester" if public else "team",
        tone="neutral",
        public=public,
        late=full,
        asked=("symptom", "started_at") if full else (),
        known=[dict.fromkeys(KNOWN_ENTRIES, "sample")] if full else [],
        proposals=[entry, entry] if full else [],
        replies=[dict.fromkeys(REPLY_ENTRIES, "sample")] if full else [],
        left_out=3 if full else 0,
        reasons=[entry] if full else [],
        steps=_told(review.steps),
        clocks=_told(review.clocks),
        links=_told(review.links),
        articles=_told(review.links),
    )


def _review(facts: Facts) -> Review:
    """Return what the decision collected for a report; no other message has it."""
    told = facts.get(REVIEW)
    return unpacked(told) if isinstance(told, str) else NOT_REVIEWED


def _sample_review(at: datetime) -> Review:
    later, links = at + timedelta(hours=1), (Article("sample", "https://example.com/"),)
    steps, clocks = tuple(Step(at, kind, "sample", "sample") for kind in STEP_KINDS), (Kept("respond", at, True),)
    supplied = "sample", later - at, 2, 1
    return Review(at, later, later, later - at, "sample", "sample", 3, 1, steps, clocks, links, *supplied)


def _shown(name: str, value: object) -> Value:
    """Return a fact of a review; an address is no text, and would lead elsewhere if it were cut."""
    if isinstance(value, str):
        return value if name == "address" else clean(value)
    return "" if value is None else value  # type: ignore[return-value]


def _report(created: datetime, review: Review) -> Entries:
    entries = {name: _shown(name, getattr(review, name)) for name in REPORT}
    return entries | {"began": review.began or created}


def _told(entries: Sequence[Step | Kept | Article]) -> list[Entries]:
    return [{name: _shown(name, value) for name, value in one._asdict().items()} for one in entries[:MOST_ENTRIES]]


def _ticket(ticket: Ticket, book: Rulebook, facts: Facts, language: str) -> Entries:
    entries: Entries = dict.fromkeys(fact_names(book), "")
    entries.update((name, _harmless(value)) for name, value in facts.items() if "." not in name)
    title = book.titles.get(_word(facts, "priority"), "")
    entries.update(
        key=clean(ticket.number),
        kind=clean(ticket.kind),
        created=ticket.created,
        priority_title=clean(priority_title(title, language)),
    )
    return entries


def _harmless(value: Fact) -> Value:
    return clean(value) if isinstance(value, str) else _listed(value) if isinstance(value, tuple) else value


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(clean(value) for value in values[:MOST_ENTRIES])


def _word(facts: Facts, fact: str) -> str:
    value = facts.get(fact, "")
    return value if isinstance(value, str) else ""


def _words(facts: Facts, fact: str) -> tuple[str, ...]:
    value = facts.get(fact, ())
    return value if isinstance(value, tuple) else ()


def _known(facts: Facts) -> list[Entries]:
    """Return what is handed over of the ticket. A fact that it no longer has is not known, whatever was said of it."""
    names = [name for name in _words(facts, "handover.known") if facts.get(name, "") not in ("", ())]
    return [{"name": clean(name), "value": _harmless(facts[name])} for name in names[:MOST_ENTRIES]]


def _replies(facts: Facts) -> list[Entries]:
    """Return what customers said on tickets below, each word as one line of text that is no code."""
    said = zip(*(_words(facts, f"replies.{part}") for part in ("by", "on", "text")), strict=True)
    return [dict(zip(REPLY_ENTRIES, map(clean, one), strict=True)) for one in islice(said, MOST_ENTRIES)]


def _left_out(facts: Facts) -> int:
    more = facts.get("replies.more", 0)
    return more if isinstance(more, int) else 0


def _team_name(book: Rulebook, connection: str, key: str) -> str:
    """Return a team as its platform calls it; one without a group there has only its key."""
    team = book.teams.get(key)
    return team.groups.get(connection, key) if team is not None else key


def _reader(ticket: Ticket, book: Rulebook, facts: Facts, action: Message) -> Entries:
    person = _person(ticket, book, action)
    name = clean(person.name) if person is not None else ""
    zone = _team_zone(book, _word(facts, "team")) if action.reader == "team" else ""
    language = person.language or action.language if person is not None else ""
    return {
        "first_name": first_name(name, language),
        "full_name": full_name(name, language),
        "name": name,
        "language": action.language,
        "zone": person.zone if person is not None else zone,
    }


def _person(ticket: Ticket, book: Rulebook, action: Message) -> Person | None:
    """Return the one person who reads it, as far as that is known."""
    if action.public:
        return ticket.requester
    staff = book.people.get(action.person) if isinstance(action, Notify) else None
    return Person(staff.key, staff.name, staff.language, staff.zone) if staff is not None else None


def _team_zone(book: Rulebook, key: str) -> str:
    """Return the zone of the calendar by which a team works; of one that is UTC none, so that it is said."""
    team = book.teams.get(key)
    hours = book.calendars.get((team.calendar if team is not None else "") or book.calendar)
    zone = str(hours.zone) if hours is not None else ""
    return "" if zone == "UTC" else zone


def _entry(reason: Reason) -> Entries:
    name, where = clean(reason.rule), clean(reason.where)
    return {"stage": reason.stage, "text": clean(reason.text), "name": name, "where": where}


def _entries(reasons: Sequence[Reason]) -> list[Entries]:
    return [_entry(reason) for reason in reasons[:MOST_ENTRIES]]


def _failed(failed: Failed | None) -> Entries:
    return {name: clean(text) for name, text in (failed or Failed("", "", ""))._asdict().items()}
