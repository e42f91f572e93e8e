"""A small desk whose messages are tried: one connection, one service, two teams, three languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TypeVar

import pytest
from message_desk import AT, NOW, OTHERS, READERS, RULE

from rules.model import Comment, Facts, Message, Notify, Person, Reason, Ticket
from rules.review import Review
from rules.rulebook import Connection, Rulebook, Service, Source, Staff, Team, Words
from templates.context import NOT_REVIEWED, Context, Failed, context
from templates.render import Renderer
from templates.sources import builtin

T = TypeVar("T")


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer(builtin())


def only(kind: type[T], **given: object) -> T:
    """Return a value of which only these parts are there; messages look at no others."""
    return kind(**{field.name: given.get(field.name) for field in fields(kind)})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def book() -> Rulebook:
    mapped = {name: Source(f"u_{name}") for name in ("expected_fix", "symptom", "requester.vip")}
    oslo = Team("desk-oslo", {"servicenow-emea": "Service Desk Oslo"})
    return only(
        Rulebook,
        desk="Harbour Car Hire",
        connections={"servicenow-emea": only(Connection, kinds={"incident": only(Words, fields=mapped)})},
        titles={"P1": "Critical", "P2": "High", "P3": "Severity three"},
        services={"payments": Service("payments", "Payments", {})},
        teams={"desk-oslo": oslo, "far": Team("far", {})},
        people={one.account: Staff(one.account, "", {}, one.language, one.name, one.zone) for one in READERS.values()},
        tones={"default": "neutral"},
        calendars={},
    )


@pytest.fixture(scope="session")
def make(book: Rulebook) -> Callable[..., Context]:
    """Make the context of a message about a ticket with these facts."""

    def make(
        facts: Facts,
        language: str = "en",
        reader: str = "requester",
        person: Person | None = None,
        kind: str = "incident",
        proposals: tuple[Reason, ...] = (),
        reasons: tuple[Reason, ...] = (),
        failed: Failed | None = None,
        number: str = "INC0010001",
        tone: str = "neutral",
        review: Review = NOT_REVIEWED,
    ) -> Context:
        ticket = Ticket("servicenow-emea", "id", number, kind, 1, AT, "kari", AT, "kari", facts, requester=person)
        if reader in ("requester", "team"):
            action: Message = Comment("key", "message", reader, reader == "requester", language, RULE, proposals)
        else:
            action = Notify("key", "message", OTHERS[reader], "mail", person.account if person else "", language, RULE)
        written = context(ticket, book, facts, action, NOW, reasons, failed, review)
        return {**written, "tone": tone}  # type: ignore[typeddict-item]

    return make
