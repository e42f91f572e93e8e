"""Those affected in a test: each has a ticket below the one that is tested, which decides for itself what they hear."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from rules.announcement import Announcement
from rules.engine import decide
from rules.linking import PARENT
from rules.model import Comment, Decision, Memory, Person, Surroundings, Ticket, mark
from rules.readers import AFFECTED
from rules.rulebook import Rulebook

OWN: Final = frozenset({"major", "status", "resolved_at", "assignee", "participants", "watchers", "promise"})
"""Facts of a ticket that those below it do not share."""

Heard = tuple[Ticket, Decision, Comment]


class Below:
    """The ticket of somebody who is affected, open as long as the test lasts. All they remember is what they heard."""

    def __init__(self, person: Person, number: str) -> None:
        self._person, self._number = person, number
        self._heard: frozenset[str] = frozenset()

    def hears(
        self, above: Ticket, said: Announcement, around: Surroundings, book: Rulebook, now: datetime
    ) -> list[Heard]:
        """Return what they hear when this was said of the ticket above, each with their ticket and its decision."""
        ticket = self._ticket(above)
        known = around._replace(majors={above.number: ""}, announced={above.number: said})
        decision = decide(ticket, Memory(done=self._heard), known, book, now)
        found = [one for one in decision.actions if isinstance(one, Comment) and one.reader == AFFECTED]
        self._heard |= {mark(one.key) for one in found}
        return [(ticket, decision, one) for one in found]

    def _ticket(self, above: Ticket) -> Ticket:
        person = self._person
        shared = {fact: value for fact, value in above.facts.items() if fact not in OWN and "requester" not in fact}
        return above._replace(
            id=f"{above.id}-{self._number}",
            number=self._number,
            facts={**shared, "status": "new", "major": False, "requester": person.account, PARENT: above.number},
            requester=person,
            history=(),
            said=(),
            customers=frozenset({person.account}),
        )
