"""Which people of a workspace its rules give tickets to, let follow them, or ask: they need an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rules.holders import LEAST_LOADED, ON_CALL
from rules.schema import WorkspaceForm
from rules.schema_later import Anytime

OF_THE_SERVICE: Final = "service."


def needed(form: WorkspaceForm) -> frozenset[str]:
    """Return the keys of those people."""
    named = {name for step in steps(form) for name in _named(step)}
    named |= {route.assign.person for route in form.routes if route.assign.person}
    found = {name for name in named if name in form.people}
    if named & {ON_CALL, LEAST_LOADED}:
        found |= set(_on_call(form))
    for name in named:
        if name.startswith(OF_THE_SERVICE):
            found |= {getattr(one, name.removeprefix(OF_THE_SERVICE), "") for one in form.services.values()}
    return frozenset(found & form.people.keys())


def suppliers(form: WorkspaceForm) -> frozenset[str]:
    """Return the keys of the suppliers: their words end a wait for them, where they have an account."""
    return frozenset({one.supplier for one in form.services.values()} & form.people.keys())


def steps(form: WorkspaceForm) -> list[Anytime]:
    """Return the steps of all ladders, and those at any time."""
    return [step for ladder in form.ladders for step in ladder.steps] + form.anytime


def _named(step: Anytime) -> Iterator[str]:
    yield from step.watch
    if step.assign is not None and step.assign.person:
        yield step.assign.person
    if step.approve is not None:
        yield from (name for name in (step.approve.by, step.approve.else_) if name)


def _on_call(form: WorkspaceForm) -> Iterator[str]:
    for team in form.teams.values():
        if team.on_call is not None:
            yield from form.people if team.on_call.elsewhere else team.on_call.rotation
            yield from (swap.person for swap in team.on_call.swaps)
