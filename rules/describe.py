"""Says in a few words what an action does, for people who read plans and journals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rules.confirm import written_facts
from rules.model import Action, Assign, Comment, Deed, Fact, Notify, SetFields

HIDDEN: Final = {
    "name": ("name", "names"),
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("phone", "phones"),
    "account": ("account", "accounts"),
    "address": ("network address", "network addresses"),
    "street": ("postal address", "postal addresses"),
}
"""What kinds of personal data are called, one of them and several."""

MARKS: Final = {"email": "Message-ID", "webhook": "Idempotency-Key"}
"""By what the other end knows a repeat, where it can; kind of channel → what that is called."""


def described(action: Deed) -> str:
    """Return what the action does: "priority: P1", "team: web", "message received to requester in nb"."""
    if isinstance(action, Notify):
        return f"message {action.message} to {action.reader} in {action.language} by {action.doors[0]}"
    if isinstance(action, SetFields):
        return ", ".join(f"{fact}: {shown(value)}" for fact, value in action.values.items())
    if isinstance(action, Assign):
        return f"team: {action.team}"
    if action.proposals:
        return f"work note that proposes {len(action.proposals)} things in {action.language}"
    return f"message {action.message} to {action.reader} in {action.language}"


def done(action: Action, refused: Mapping[str, str]) -> str:
    """Return what the journal says of an action that was done; `refused` is the platform's own answer to a value."""
    if isinstance(action, Comment):
        why = f": {action.why}" if action.why else ""
        return f"{action.message} sent to {action.reader} in {action.language}{why}"
    facts = written_facts([action]).items()
    return ", ".join(f"{f} {refused[f]}" if f in refused else f"{f} is {shown(v)}" for f, v in facts)


def told(notice: Notify) -> str:
    """Return what the journal says of a message to somebody with a door of their own: in which language, and why."""
    return f"{notice.message} to {notice.reader} in {notice.language}, {notice.why}"


def repeated(action: Deed, kinds: Mapping[str, str]) -> str:
    """Return how often it is said by a door, "" of all else; `kinds` are those of the doors, by name."""
    if not isinstance(action, Notify):
        return ""
    if not action.once:
        return "at least once: said again until a door takes it, or until it is parked"
    marks = [(f"by {way} " if action.doors[1:] else "", MARKS.get(kinds.get(way, ""))) for way in action.doors]
    again = "again with the same {} if it may have arrived"
    return "; ".join(by + (again.format(mark) if mark else "at most once") for by, mark in marks)


def hidden(counts: Mapping[str, int]) -> str:
    """Return what the journal adds where a reader was not shown everything: kinds and how many, never what it was."""
    parts = [f"{count} {HIDDEN[kind][count > 1]}" for kind, count in counts.items() if count]
    return f"; hidden: {', '.join(parts)}" if parts else ""


def shown(value: Fact | None) -> str:
    """Return a value as people write it."""
    if value is None:
        return "nothing"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
