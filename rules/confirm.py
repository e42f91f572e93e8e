"""What a platform's answer to a write means for our memory: only an answer confirms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from rules.model import Action, Assign, Comment, Deed, Fact, Held, Memory, Notify, Past, Reason, SetFields, Ticket, mark
from rules.reply import Reply

Part = Literal["fields", "comment", "note"]
"""What one write consists of: a platform may take one part and fail at another."""


class Marks(NamedTuple):
    """By what our writes are found again: the marks of the actions in each part of a write."""

    fields: tuple[str, ...] = ()
    comment: tuple[str, ...] = ()
    note: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Return all, those of messages first: repeating them does harm, repeating values does not."""
        return (*self.comment, *self.note, *self.fields)


NO_MARKS: Final = Marks()
CLOCKED: Final = frozenset({"status", "team", "assignee", "waiting_for"})
"""The facts that we write and that clocks depend on."""


ADDED: Final = frozenset({"watchers"})
"""The facts of which a write adds to what stands, in place of setting it."""


def confirmed(memory: Memory, after: Ticket, done: Sequence[Action], undone: Sequence[Deed] = ()) -> Memory:
    """Return the memory after the platform did some of the planned actions; `after` is the ticket in its answer.

    Where the platform replaced our value by its own, that is what stands, and it is still no person's. An event is
    owed as long as one of its messages is undone. What was told before is forgotten where it does not stand any more,
    as nobody may look at the ticket again before it stands once more. The answer counts as decided upon unless somebody
    else changed the ticket between our reading and our writing.
    """
    held = dict(memory.held)
    for fact in written_facts(done):
        known = held.get(fact)
        reported, chosen = (known.reported, known.chosen) if known is not None else (None, False)
        held[fact] = Held(after.facts.get(fact), "ours", after.updated, reported, after.updated_by, chosen=chosen)
    still = [action.key for action in undone if isinstance(action, Comment | Notify)]
    owed = {e: o for e, o in memory.owed.items() if any(key.endswith(f"@{e} {o}") for key in still)}
    finished = {found for action in done for found in marks(action)}
    version = after.version if after.version == memory.version + 1 else memory.version
    return memory._replace(
        version=version,
        confirmed=after.version,
        held=held,
        owed=owed,
        done=memory.done | finished,
        before={fact: one for fact, one in memory.before.items() if after.facts.get(fact) == one.value},
        past=(*memory.past, *_our_deeds(after, done)) if memory.past else memory.past,
    )


def _our_deeds(after: Ticket, done: Sequence[Action]) -> Iterator[Past]:
    """Yield what we just said and wrote of what clocks depend on; where no clock runs, nothing is kept for them."""
    at = int(after.updated.timestamp())
    if any(isinstance(action, Comment) and action.public for action in done):
        yield Past(at, "comment", "", "ours")
    for promised in sorted({action.next_by for action in done if isinstance(action, Comment) and action.next_by})[:1]:
        yield Past(at, "promise", str(promised), "ours")
    for action in done:
        if isinstance(action, Comment) and (level := level_in(action.key)):
            yield Past(at, "level", level, "ours")
    for fact in sorted(CLOCKED & written_facts(done).keys()):
        yield Past(at, fact, str(after.facts.get(fact, "")), "ours")


def level_in(key: str) -> str:
    """Return the level to which the action of this key raises its ticket, or "": ladders name their actions so."""
    what = key.partition(" ")[2]
    return what.removeprefix("level ") if what.startswith("level ") and " @" not in what else ""


def not_taken(actions: Sequence[Action], before: Ticket, after: Ticket, refused: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of the actions whose field the platform left as it was, with why it `refused` the fact.

    A field that it set to a third value was taken: that value is the platform's answer, and not fought. What is only
    added is taken when all of it was: some of it changes the field, too, and not every platform shows it.
    """
    return {
        action.key: f"{fact}: {refused[fact]}"
        for action in actions
        for fact in written_facts([action])
        if fact in refused and (fact in ADDED or after.facts.get(fact) == before.facts.get(fact))
    }


def part_of(action: Action) -> Part:
    """Return which part of a write carries an action."""
    if isinstance(action, Comment):
        return "comment" if action.public else "note"
    return "fields"


def written_facts(actions: Sequence[Action]) -> dict[str, Fact | None]:
    """Return what these actions write into fields, together."""
    facts: dict[str, Fact | None] = {}
    for action in actions:
        if isinstance(action, SetFields):
            facts.update({fact: _joined(facts.get(fact), value) for fact, value in action.values.items()})
        elif isinstance(action, Assign):
            facts["team"] = action.team
    return facts


def _joined(one: Fact | None, other: Fact | None) -> Fact | None:
    """Return two lists as one, such as the watchers of two steps; of anything else the later one counts."""
    both = isinstance(one, tuple) and isinstance(other, tuple)
    return tuple(dict.fromkeys((*one, *other))) if both else other  # type: ignore[misc]


def marks(action: Deed) -> tuple[str, ...]:
    """Return the marks that say this action is done: its own, and one for each thing it proposed or showed."""
    if not isinstance(action, Comment):
        return (mark(action.key),)
    ticket = action.key.split(" ", 1)[0]
    listed = (proposal_mark(ticket, proposal) for proposal in action.proposals)
    return (mark(action.key), *listed, *(reply_mark(ticket, reply) for reply in action.replies))


def proposal_mark(ticket: str, proposal: Reason) -> str:
    """Return by what a proposal is known, so that agents never see the same one twice."""
    return mark(f"{ticket} advice {proposal.rule} {proposal.text}")


def reply_mark(ticket: str, reply: Reply) -> str:
    """Return by what a reply is known on the ticket above, so that its team sees it once."""
    return mark(f"{ticket} reply {reply.id} {reply.last}")
