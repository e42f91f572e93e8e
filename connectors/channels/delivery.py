"""Delivers what goes out by other doors than the ticket: recorded before, confirmed after, by the backup if need be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from connectors.base import ConnectorError, NotVisible, OutcomeUnknown, Refused, TryLater, Unusable
from connectors.channels.base import Channel, Letter
from connectors.outcome import wait
from connectors.state.records import MAYBE, Line, Planned
from rules.describe import hidden, told
from rules.model import Facts, Notify, Ticket

if TYPE_CHECKING:
    from connectors.state.store import Store
    from rules.rulebook import Rulebook


TOLD: Final = ("title", "priority", "service", "level", "team")
"""The facts of a ticket that a paging tool sorts by."""


class Words(Protocol):
    """What is said: the subject, the text in each format that was asked for, or why there is none.

    `facts` are the ticket's as the reader may know them; `hidden` is how much of which kind they are not shown.
    """

    @property
    def subject(self) -> str: ...
    @property
    def bodies(self) -> Mapping[str, str]: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def hidden(self) -> Mapping[str, int]: ...
    @property
    def failed(self) -> str: ...


class About(NamedTuple):
    """What a word is about: the ticket as it was read, and its facts as they were decided."""

    ticket: Ticket
    facts: Facts


@dataclass
class Delivery:
    """Sends words by channels, and keeps what became of each.

    `problems` says of channels that need a person why.
    """

    book: Rulebook
    channels: Mapping[str, Channel]
    store: Store
    clock: Callable[[], datetime]
    problems: dict[str, str]

    def send(
        self, cycle: int, planned: Planned, notice: Notify, about: About, say: Callable[[Sequence[str]], Words]
    ) -> str:
        """Send one word, and return what it counts as: sent, failed or parked. `say` writes it in these formats.

        A door that refuses makes way for the next one at once, one that fails does the second time.
        """
        errors, first = dict[str, ConnectorError](), not planned.failed[notice.key]
        for way, channel in self._open(notice, planned.doubts.get(notice.key, ""), errors):
            words = say(channel.formats)
            if words.failed:
                errors[way] = Refused(words.failed)
                break
            self._leaves(notice, way, channel)
            try:
                channel.send(self._letter(notice, about, words))
            except ConnectorError as error:
                errors[way] = error
                if _stays(error, notice, first):
                    break
                self.store.unsent([notice.key])
            else:
                self._sent(cycle, planned.ticket, notice, f"{way}{_missed(errors)}{hidden(words.hidden)}")
                return "sent"
        return self._failed(cycle, planned, notice, errors)

    def _open(self, notice: Notify, doubt: str, errors: dict[str, ConnectorError]) -> list[tuple[str, Channel]]:
        """Return the doors that are there; the workspace may have lost one since this was planned.

        Where a word may have arrived by one, no other door would know it for a repeat.
        """
        ways = (doubt,) if notice.once and doubt else notice.doors
        errors.update({way: Refused("there is no such channel") for way in ways if way not in self.channels})
        return [(way, self.channels[way]) for way in ways if way in self.channels]

    def _leaves(self, notice: Notify, way: str, channel: Channel) -> None:
        """Record by which door it goes out, and whether it may do so once only."""
        self.store.sending([notice.key], {}, way, notice.once and not channel.marks)

    def _sent(self, cycle: int, ticket: str, notice: Notify, by: str) -> None:
        """Keep that a word went out, `by` which door, and what is to be said of that."""
        reason = notice.reason
        line = Line(reason.stage, "done", reason.rule, reason.where, f"{told(notice)}: sent by {by}")
        again = self.clock() if self.book.clocked else None  # what begins with our word, nothing else tells
        self.store.delivered(cycle, ticket, notice.key, line, again)

    def _failed(self, cycle: int, planned: Planned, notice: Notify, errors: Mapping[str, ConnectorError]) -> str:
        """Try again later where that may help, else leave it to a person."""
        said, keys = _said(errors), [notice.key]
        self.problems.update({way: f"{way}: {error}" for way, error in errors.items() if isinstance(error, Unusable)})
        doubt = _unsure(errors) or planned.doubts.get(notice.key, "")
        later = [error for error in errors.values() if not isinstance(error, Refused | NotVisible)]
        if not later or (notice.once and doubt and not self._marks(doubt)):
            self.store.park(cycle, planned.ticket, keys, f"{said}: {MAYBE}" if notice.once and doubt else said)
            return "parked"
        asked = max((error.wait or 0 for error in later if isinstance(error, TryLater)), default=0)
        at = self.clock() + wait(TryLater(said, asked), planned.failed[notice.key])
        self.store.again(cycle, planned.ticket, keys, at, said, doubt)
        return "failed"

    def _marks(self, way: str) -> bool:
        return way in self.channels and self.channels[way].marks

    def _letter(self, notice: Notify, about: About, words: Words) -> Letter:
        ticket, facts = about.ticket, words.facts
        staff = self.book.people.get(notice.person)
        service = self.book.services.get(str(facts.get("service", "")))
        known = {name: str(facts.get(name, "")) for name in TOLD}
        known |= {"number": ticket.number, "kind": ticket.kind, "connection": ticket.connection}
        known |= {"service": service.name if service is not None else known["service"]}
        to, name = (staff.email, staff.name) if staff is not None else ("", notice.person)
        said = notice.language, words.subject, words.bodies
        return Letter(notice.key, ticket.key, to, name, *said, known)


def _stays(error: ConnectorError, notice: Notify, first: bool) -> bool:
    """Tell whether a word waits for this door. Who is on call is called by the next one, even where it may be twice."""
    if isinstance(error, OutcomeUnknown):
        return notice.once or first
    return isinstance(error, TryLater) and first


def _unsure(errors: Mapping[str, ConnectorError]) -> str:
    """Return by which door a word may have arrived, or ""."""
    return next((way for way, error in errors.items() if isinstance(error, OutcomeUnknown)), "")


def _missed(errors: Mapping[str, ConnectorError]) -> str:
    """Return which doors failed before, and why."""
    return f" ({_said(errors)})" if errors else ""


def _said(errors: Mapping[str, ConnectorError]) -> str:
    return "; ".join(f"{way}: {error}" for way, error in errors.items())
