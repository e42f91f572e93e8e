"""A realistic mixture of tickets for the pack, as a connector reads them: new ones, and the same after our writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from bench.pack import CATEGORIES, CONNECTION, LANGUAGES, ORGANISATIONS, SERVICES, WORDS
from rules.confirm import written_facts
from rules.model import Action, Fact, Person, Ticket, mark
from rules.rulebook import Rulebook

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEVELS: Final = {"impact": ("extensive", "significant", "minor"), "urgency": ("high", "medium", "low")}
SAMPLES: Final = ("error code 5012", "vpn connection fails", "ssl certificate")
FILLER: Final = (
    "the screen stays blank after the update this morning and nobody at the counter can work",
    "Skjermen er svart etter oppdateringen i morges, og ingen i skranken får gjort noe",
    "Màn hình không hiển thị gì sau bản cập nhật sáng nay và không ai làm việc được",
    "今天早上更新之后屏幕一直是黑的，柜台没有人能工作，请尽快处理",
    "La pantalla sigue en negro tras la actualización de esta mañana y nadie puede trabajar",
    "L'écran reste noir depuis la mise à jour de ce matin et personne ne peut travailler",
)


def tickets(count: int, book: Rulebook, seed: int = 1) -> list[Ticket]:
    """Return that many new tickets, the same in every run.

    Seven of ten are incidents; four of ten say their service, mostly the one that their category is about; one of
    twelve has a VIP behind it; three of ten have a word or pattern in their text that a rule looks for; one of twenty
    is resolved already. Of categories and organisations the first ones are the most frequent, as at every desk.
    """
    random = Random(seed)
    return [_ticket(number, random, book) for number in range(count)]


def after(ticket: Ticket, actions: tuple[Action, ...], book: Rulebook) -> Ticket:
    """Return the ticket as the platform answers our write: it computes an incident's priority by itself."""
    facts = {**ticket.facts, **written_facts(actions)}
    if ticket.kind == "incident":
        facts |= _computed(facts, book)
    marks = frozenset(mark(action.key) for action in actions)
    version = ticket.version + bool(actions)
    return ticket._replace(version=version, updated=NOW, updated_by="itsm.sync", facts=facts, history=None, marks=marks)


def _ticket(number: int, random: Random, book: Rulebook) -> Ticket:
    created = NOW - timedelta(seconds=random.randrange(60, 3600))
    kind = "incident" if random.random() < 0.7 else "request"
    account = f"user.{random.randrange(2000)}"
    facts = {"kind": kind, "created_by": account, **_chosen(random), **_requester(account, random), **_text(random)}
    if facts["status"] == "resolved":
        facts["resolved_at"] = NOW
    if kind == "incident":
        facts |= _computed(facts, book)
    return Ticket(
        connection=CONNECTION,
        id=f"{number:032x}",
        number=f"{'INC' if kind == 'incident' else 'RITM'}{number:07d}",
        kind=kind,
        version=0,
        created=created,
        created_by=account,
        updated=created,
        updated_by=account,
        facts=facts,
        requester=Person(account, account.title(), str(facts.get("requester.language", "")), "Europe/Oslo"),
        history=(),
    )


def _chosen(random: Random) -> dict[str, Fact]:
    """Return what the form asks for; what is not chosen is the lowest level, which the form fills in."""
    facts: dict[str, Fact] = {"status": "resolved" if random.random() < 0.05 else "new"}
    facts |= {fact: random.choices(levels, (1, 3, 6))[0] for fact, levels in LEVELS.items()}
    place = _falling(len(CATEGORIES), random)
    if random.random() < 0.85:
        facts["category"] = CATEGORIES[place]
    if random.random() < 0.4:
        facts["service"] = SERVICES[place % len(SERVICES)] if random.random() < 0.9 else random.choice(SERVICES)
    return facts


def _falling(count: int, random: Random) -> int:
    """Return a place in a list whose first entry is twice as frequent as its second, thrice as the third …"""
    return random.choices(range(count), [1 / (place + 1) for place in range(count)])[0]


def _requester(account: str, random: Random) -> dict[str, Fact]:
    return {
        "requester": account,
        "requester.name": account.title(),
        "requester.vip": random.random() < 1 / 12,
        "requester.language": LANGUAGES[_falling(len(LANGUAGES), random)],
        "requester.organisation": ORGANISATIONS[_falling(len(ORGANISATIONS), random)],
        "requester.zone": "Europe/Oslo",
    }


def _text(random: Random) -> dict[str, Fact]:
    """Return a title and a text of 60 to 300 characters."""
    filler = random.choice(FILLER)
    title, length = f"{filler[:20]} {random.randrange(100_000)}", random.randrange(60, 300)
    hit = random.choice((*(word for words in WORDS for word in words), *SAMPLES)) if random.random() < 0.3 else ""
    text = f"{title}\n{hit} {' '.join([filler] * (1 + length // len(filler)))}"
    return {"title": title, "text": text[:length]}


def _computed(facts: Mapping[str, Fact], book: Rulebook) -> dict[str, Fact]:
    return {"priority": book.matrix[str(facts["impact"]), str(facts["urgency"])]}
