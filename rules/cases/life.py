"""What happened to the ticket of a test since the moment before, and what rules saw of it last."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from rules.cases.model import Said, Wrote
from rules.model import FIRST_LEVEL, LOT, Decision, Fact, Facts, Reason, Ticket
from rules.rulebook import Rulebook
from rules.words import HITS

NOTED: Final = frozenset({"title", "text", "kind", "created_by", "reopened", "reassigned", "resolved_at"})
"""Facts that a ticket has without a word for them."""


@dataclass
class Life:
    """The ticket as it stands, what we said and wrote since the moment before, and why.

    `latest` are the reasons of the last decision, `reasons` all of them since the moment before; `facts` is what the
    rules saw in the end, and `next` when they want to look again. `affected` is how many people reported the same.
    """

    ticket: Ticket
    said: list[Said] = field(default_factory=list)
    wrote: list[Wrote] = field(default_factory=list)
    latest: tuple[Reason, ...] = ()
    reasons: dict[Reason, None] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    next: datetime | None = None
    affected: int = 0

    def note(self, decision: Decision) -> None:
        """Keep what a decision saw and why it decided so."""
        self.latest, self.facts = decision.reasons, decision.facts
        self.reasons.update(dict.fromkeys(decision.reasons))

    def begin(self) -> None:
        """Forget what was said and written: another moment begins."""
        self.said.clear()
        self.wrote.clear()
        self.reasons.clear()

    def value(self, fact: str, book: Rulebook) -> Fact | None:
        """Return what stands on the ticket, or what the rules decided where it has no field for the fact."""
        if fact == "level" and "team" in self.ticket.facts:
            return self.facts.get(fact, FIRST_LEVEL)
        words = book.connections[self.ticket.connection].kinds[self.ticket.kind]
        if fact in words.fields or fact in NOTED:
            return self.ticket.facts.get(fact)
        return self.facts.get(fact)

    def conditions(self, book: Rulebook) -> Facts:
        """Return the facts as conditions see them, with what was found in the texts."""
        return {**self.facts, HITS: book.matcher.hits(self.facts), LOT: 0}  # type: ignore[dict-item]
