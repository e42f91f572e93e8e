"""Links tickets to the open major incident of their service, and lets those below one follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.case import Case, aside, saying
from rules.model import OPEN, Reason, SetFields, made

if TYPE_CHECKING:
    from rules.rule import Link

PARENT: Final = "parent"


def link(case: Case) -> None:
    """Plan to put an open ticket below the one open major incident of its service, or propose it; once."""
    if PARENT in case.facts or case.facts.get("major") is True or case.facts.get("status") not in OPEN:
        return
    service = case.facts.get("service")
    found = [number for number, its in case.around.majors.items() if its == service and number != case.ticket.number]
    rule = next(case.book.links.matching(case.facts), None) if service is not None and len(found) == 1 else None
    if rule is not None and not case.is_done(_key(case, found[0])):
        _link(case, rule, found[0])


def follows(case: Case) -> Reason | None:
    """Return that the ticket follows the open major incident above it, if there is one.

    Only what stands on the platform counts: a link that is planned may be refused, and then nobody would look after it.
    """
    above = case.ticket.facts.get(PARENT)
    if above not in case.around.majors or above == case.ticket.number:
        return None
    return Reason("escalate", "left", "", "", f"it follows {above}, a major incident: no ladder of its own")


def _link(case: Case, rule: Link, above: str) -> None:
    reason = saying(Reason("route", "decided", rule.name, rule.where, "the open major incident"), PARENT, above)
    if rule.mode != "apply":
        aside(rule, reason, case.reasons, case.proposals)
        return
    case.actions.append(made(SetFields, (_key(case, above), {PARENT: above}, reason)))
    case.reasons.append(reason)
    case.facts[PARENT] = above


def _key(case: Case, above: str) -> str:
    return f"{case.start}below {above}"
