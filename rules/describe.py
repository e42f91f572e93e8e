"""Says in a few words what an action does, for people who read plans and journals."""

from __future__ import annotations

from rules.model import Action, Assign, Fact, SetFields


def described(action: Action) -> str:
    """Return what the action does: "priority: P1", "team: web", "message received to requester in nb"."""
    if isinstance(action, SetFields):
        return ", ".join(f"{fact}: {shown(value)}" for fact, value in action.values.items())
    if isinstance(action, Assign):
        return f"team: {action.team}"
    if action.proposals:
        return f"work note that proposes {len(action.proposals)} things in {action.language}"
    return f"message {action.message} to {action.reader} in {action.language}"


def shown(value: Fact | None) -> str:
    """Return a value as people write it."""
    if value is None:
        return "nothing"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
