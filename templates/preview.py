"""Writes messages for people who look at them first: about a made-up ticket in each language, or about a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from rules.model import Action, Comment, Fact, Facts, Message, Notify, Person, Reason, Ticket
from rules.review import Article, Kept, Review, Step
from templates import variants
from templates.context import AUDIENCES, OF_READER, TONES, Context, Failed, context
from templates.gaps import Texts
from templates.locales import tone as tone_of
from templates.made_up import Example, example
from templates.names import first_name, full_name
from templates.render import TemplateFailed, Text
from templates.sent import BY_ITSELF
from templates.sources import ENDING

READER_OF: Final = {audience: reader for reader, audience in OF_READER.items() if reader != "participants"}
TEAM: Final = "team"
NOTES: Final = BY_ITSELF | {"breach-warning"}
"""Messages that only teams read, and that tell nobody apart therefore."""

NUMBERS: Final = {"servicenow": "INC0012345", "jira_service_management": "IT-123"}
BELOW: Final = {"servicenow": "INC0012346", "jira_service_management": "IT-124"}
WHY: Final = Reason("communicate", "decided", "", "", "")
HOURS: Final = {"next": 2, "respond": 1, "resolve": 5, "accept": 1, "close": 48, "approve": 3}


class Shown(NamedTuple):
    """A message as it reads to these audiences in these tones; `failed` says why it could not be written."""

    audiences: frozenset[str]
    tones: frozenset[str]
    text: Text
    failed: str = ""


@dataclass(frozen=True)
class Subject:
    """What messages are about: a ticket, the facts of the decision about it, and what is written with them.

    Without a `ticket` one is made up for each language.
    """

    now: datetime
    ticket: Ticket | None = None
    facts: Facts | None = None
    actions: Sequence[Action | Notify] = ()


def shown(texts: Texts, message: str, language: str, about: Subject, audience: str = "", tone: str = "") -> list[Shown]:
    """Return the ways in which a message reads, each once; an audience or tone chooses among them."""
    try:
        readers = variants.audiences(texts.renderer, message, language)
        tones = variants.tones(texts.renderer, message, language)
    except TemplateFailed as error:
        return [_failed(frozenset(AUDIENCES), frozenset(TONES), error)]
    found: list[Shown] = []
    for group in [frozenset(AUDIENCES)] if message in NOTES else _groups(readers):
        for way in variants.parts(tones):
            if (not audience or audience in group) and (not tone or tone in way):
                _add(_shown(texts, message, language, about, group, way, audience), found)
    return found


def _groups(readers: variants.Alike) -> list[frozenset[str]]:
    """Return who reads the same, the team apart from all others: what stands below a text differs."""
    parts = [part & {TEAM} for part in variants.parts(readers)] + [part - {TEAM} for part in variants.parts(readers)]
    return sorted(filter(None, parts), key=lambda part: min(map(AUDIENCES.index, part)))


def _add(one: Shown, found: list[Shown]) -> None:
    """Add a way of reading, or its tones to the one that reads the same."""
    for place, other in enumerate(found):
        if one.audiences == other.audiences and (one.text, one.failed) == (other.text, other.failed):
            found[place] = other._replace(tones=other.tones | one.tones)
            return
    found.append(one)


def usual_tone(texts: Texts, language: str) -> str:
    """Return the tone in which the desk speaks to people in a language."""
    return tone_of(texts.book.tones, language)


def _shown(
    texts: Texts,
    message: str,
    language: str,
    about: Subject,
    group: frozenset[str],
    way: frozenset[str],
    audience: str,
) -> Shown:
    chosen = audience or (TEAM if message in NOTES else variants.speaker(group))
    tone = variants.speaker(way)
    try:
        said = said_to(texts, message, language, about, chosen)
        return Shown(group, way, texts.renderer.render(message, language, {**said, "tone": tone}))
    except TemplateFailed as error:
        return _failed(group, way, error)


def _failed(group: frozenset[str], way: frozenset[str], error: Exception) -> Shown:
    return Shown(group, way, Text("", ""), " ".join(str(error).split()))


def said_to(texts: Texts, message: str, language: str, about: Subject, audience: str) -> Context:
    """Return what a message may name, to somebody of this audience."""
    made_up = example(language)
    ticket = about.ticket or _ticket(texts, made_up, language, about.now)
    facts = about.facts if about.facts is not None else _facts(texts, made_up, about.now)
    action = _action(texts, message, language, audience, about)
    reasons = [one.reason for one in about.actions if not isinstance(one, Comment | Notify)]
    review = _review(texts, made_up, about.now) if about.ticket is None else Review()
    failed = Failed("received", "requester", f"templates/{language}/received{ENDING}:3: there is no 'sevice' here")
    said = context(ticket, texts.book, facts, action, about.now, reasons, failed, review)
    said["audience"] = audience
    if about.ticket is None and audience not in ("requester", "team"):
        said["reader"] |= {"name": made_up.name, "full_name": full_name(made_up.name, language), "zone": made_up.zone}
        said["reader"]["first_name"] = first_name(made_up.name, language)
    return said


def _action(texts: Texts, message: str, language: str, audience: str, about: Subject) -> Message:
    """Return the planned message if there is one; else one that the first rule for it would send."""
    reader = READER_OF.get(audience, audience)
    for one in about.actions:
        if isinstance(one, Comment | Notify) and (one.message, one.reader) == (message, reader):
            return one._replace(language=language)
    reason = _reason(texts, message)
    if reader in ("requester", "team"):
        proposals = (_proposal(texts),) if message == "advice" else ()
        return Comment("preview", message, reader, reader == "requester", language, reason, proposals)
    person = str((about.facts or {}).get(reader, ""))
    return Notify("preview", message, reader, ("mail",), person, language, reason)


def _proposal(texts: Texts) -> Reason:
    text = f"priority is {texts.book.priorities[0]}"
    return Reason("prioritise", "advised", "matrix", texts.book.matrix_where, text)


def _reason(texts: Texts, message: str) -> Reason:
    """Return why a message is sent, as far as that is known before there is a ticket."""
    book = texts.book
    rules = (rule for rule in (*book.communications.rules, *book.timed.rules) if rule.message == message)
    for rule in rules:
        return book.reasons["communicate", rule.order]
    sender = next(iter(texts.senders.get(message, ())), None)
    return WHY._replace(rule=sender.name, where=sender.place.short) if sender is not None else WHY


def _ticket(texts: Texts, made_up: Example, language: str, now: datetime) -> Ticket:
    name, connection = next(iter(texts.book.connections.items()))
    person = Person("somebody", made_up.name, language, made_up.zone)
    created = now - timedelta(minutes=20)
    number = NUMBERS.get(connection.platform, "1")
    facts: Facts = {"title": made_up.title}
    return Ticket(name, "1", number, "incident", 1, created, "somebody", created, "somebody", facts, requester=person)


def _facts(texts: Texts, made_up: Example, now: datetime) -> Facts:
    """Return the facts of a made-up ticket, with what the desk has of teams, services and levels."""
    book = texts.book
    platform = next(iter(book.connections.values())).platform
    found: dict[str, Fact] = {
        "title": made_up.title,
        "text": made_up.title,
        "status": "in_progress",
        "waiting_for": "requester",
        "priority": book.priorities[min(1, len(book.priorities) - 1)],
        "level": "L2",
        "approval.level": "L3",
        "approval.by": next(iter(book.people), made_up.name),
        "escalation.asked": ("symptom",),
        "handover.known": ("service", "impact"),
        "replies.by": (made_up.name,),
        "replies.on": (BELOW.get(platform, "2"),),
        "replies.text": (made_up.title,),
        **{scale: levels[0] for scale, levels in book.scales.items() if levels},
        **{f"promise.{name}": now + timedelta(hours=hours) for name, hours in HOURS.items()},
    }
    team = next((key for key, one in book.teams.items() if not one.regions), "")
    return found | {"service": next(iter(book.services), ""), "team": team}


def _review(texts: Texts, made_up: Example, now: datetime) -> Review:
    """Return what a report says of the made-up ticket: it was reported yesterday, and solved after some hours."""
    began = now - timedelta(days=1, hours=2)
    noticed, solved = began + timedelta(minutes=7), began + timedelta(hours=3, minutes=12)
    team = next(iter(texts.book.teams), "")
    steps = (
        Step(began, "opened", "", made_up.name),
        Step(noticed, "acknowledged", "", ""),
        Step(noticed + timedelta(minutes=5), "major", "", ""),
        *((Step(noticed + timedelta(minutes=9), "team", team, ""),) if team else ()),
        Step(began + timedelta(hours=1), "told", "", ""),
        Step(solved, "resolved", "", ""),
    )
    clocks = (Kept("respond", began + timedelta(minutes=15), True), Kept("resolve", began + timedelta(hours=4), True))
    links = (Article("KB0010042", "https://desk.example/kb/KB0010042"),)
    return Review(began, noticed, solved, solved - began, made_up.cause, made_up.prevention, 3, 0, steps, clocks, links)
