"""What is read beside tickets: what became of writes of unknown outcome, histories, who spoke, and what they said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rules.course import SOLVED
from rules.language import Detect, unsure
from rules.model import Action, Comment, Facts, Memory, Surroundings, Ticket, mark

if TYPE_CHECKING:
    from connectors.base import Connector, Word
    from connectors.state.store import Store
    from rules.reply import Reply
    from rules.rosters import Roster
    from rules.rulebook import Rulebook

SHOWN: Final = 20
"""Replies whose words a note shows; of more it says how many there are."""
LINES: Final = 50
"""Words of these, where some wrote several times; the others count as more, too."""


def recognised(store: Store, cycle: int, tickets: Sequence[Ticket]) -> tuple[Sequence[Ticket], dict[str, Memory]]:
    """Return the tickets that are looked after, and the memories of those that we know, some by another key before.

    Those that were forgotten after they had been closed are left out until they are open again.
    """
    memories = store.memories([ticket.key for ticket in tickets])
    memories |= store.moved(cycle, [ticket for ticket in tickets if ticket.key not in memories])
    forgotten = store.background().forgotten([ticket for ticket in tickets if ticket.key not in memories])
    memories |= {key: memory for key, memory in forgotten.items() if memory is not None}
    return [ticket for ticket in tickets if forgotten.get(ticket.key, ticket) is not None], memories


def settled(
    store: Store,
    connector: Connector,
    cycle: int,
    tickets: Sequence[Ticket],
    memories: Mapping[str, Memory],
    now: datetime,
) -> Iterator[Ticket]:
    """Look up the writes of unknown outcome on these tickets; those that may still be applied wait undecided.

    A ticket that carries marks of which we do not know is one from before the store was lost: all its marks matter
    then, too.
    """
    unsettled = store.unsettled([ticket.key for ticket in tickets])
    for ticket in tickets:
        waiting = unsettled.get(ticket.key, [])
        known = memories[ticket.key].done if ticket.key in memories else frozenset()
        texts = {mark(one.key): one.text for one in waiting if not one.door}
        if texts or not ticket.marks <= known:
            ticket = ticket._replace(marks=ticket.marks | connector.marks(ticket.kind, ticket, texts))
        missing = [one for one in waiting if mark(one.key) not in ticket.marks]
        if waiting:
            done = [one.key for one in waiting if one not in missing]
            late = [one.key for one in missing if one.until <= now]
            store.settled(cycle, ticket.key, done, late)
        if all(one.until <= now for one in missing):
            yield ticket


def with_history(
    connector: Connector, tickets: Sequence[Ticket], known: Mapping[str, Memory], since: datetime, clocked: bool
) -> Iterator[Ticket]:
    """Add the history to tickets that somebody else may have changed: authors matter, for clocks those of words."""
    ours = [ticket for ticket in tickets if ticket.created >= since]
    asked = [ticket for ticket in ours if _is_asked_about(ticket, known.get(ticket.key) or Memory(), clocked)]
    history = (connector.history(asked[0].kind, asked) if asked else None) or {}
    said = connector.said(asked[0].kind, asked) if asked and clocked else {}
    for ticket in tickets:
        yield ticket._replace(history=history.get(ticket.id), said=(said or {}).get(ticket.id), deaf=said is None)


def _is_asked_about(ticket: Ticket, memory: Memory, clocked: bool) -> bool:
    """Tell whether anybody may have changed it, or a report of it waits: that names who did what."""
    is_over = clocked and ticket.facts.get("major") is True and ticket.facts.get("status") in SOLVED
    return memory.is_behind(ticket, clocked) or (is_over and bool(memory.waits))


def surroundings(
    store: Store,
    connector: Connector,
    book: Rulebook,
    since: datetime,
    on_call: Mapping[str, Roster],
    detect: Detect = unsure,
) -> Surroundings:
    """Return what rules may know beyond a ticket of this connection; `detect` tells the language of a text."""
    known = store.around()
    majors = known.majors(connector.name)
    around = Surroundings(since, connector.account, connector.people, majors, rosters=on_call, detect=detect)
    if book.announces:
        around = around._replace(announced=known.announced(connector.name))
    if book.hears:
        around = around._replace(replies=known.replies(connector.name))
    if not book.counts_queues:
        return around
    teams, assignees = known.queues(connector.name)
    return around._replace(teams=teams, assignees=assignees)


def with_words(connector: Connector, facts: Facts, actions: Sequence[Action]) -> Facts:
    """Return the facts with what customers replied, as far as one of these actions shows it. Nothing of it is kept."""
    replies = [reply for action in actions if isinstance(action, Comment) for reply in action.replies]
    if not replies:
        return facts
    shown, words = replies[:SHOWN], dict[str, Sequence["Word"]]()
    for kind in dict.fromkeys(one.kind for one in shown):
        words |= connector.words(kind, list(dict.fromkeys(one.id for one in shown if one.kind == kind)))
    said = [line for reply in shown for line in _lines(reply, words.get(reply.id, ()))]
    by, on, text = zip(*said[:LINES], strict=True)
    more = len(replies) - len(shown) + len(said[LINES:])
    return {**facts, "replies.by": by, "replies.on": on, "replies.text": text, "replies.more": more}


def parted(actions: Sequence[Action]) -> tuple[list[str], tuple[Action, ...]]:
    """Return the keys of the actions that show replies, and the others, which wait for no words."""
    shown = [one.key for one in actions if isinstance(one, Comment) and one.replies]
    return shown, tuple(one for one in actions if one.key not in shown)


def _lines(reply: Reply, words: Sequence[Word]) -> Sequence[tuple[str, str, str]]:
    """Return who replied, on which ticket, and what; where the words are gone by now, on which ticket."""
    return [(one.name, reply.number, one.text) for one in _of(reply, words)] or [("", reply.number, "")]


def _of(reply: Reply, words: Sequence[Word]) -> Iterator[Word]:
    """Yield the words of a reply: those between its first and its last that are by whoever spoke either of these.

    A robot may have answered a mail from the same account.
    """
    from rules.automatic import automatic  # it loads re2, for which no help should wait

    authors = {one.author for one in words if int(one.at.timestamp()) in (reply.first, reply.last)}
    for one in words:
        if reply.first <= int(one.at.timestamp()) <= reply.last and one.author in authors and not automatic(one.text):
            yield one
