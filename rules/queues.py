"""Queues: how many open tickets a team and a person have, as far as rules ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from rules.confirm import written_facts
from rules.model import OPEN, Decision, Fact, Surroundings, Ticket

if TYPE_CHECKING:
    from rules.case import Case

OF_TEAM: Final = "team.queue"
OF_ASSIGNEE: Final = "assignee.queue"
OVERLOADED: Final = "team.overloaded"
QUEUES: Final = frozenset({OF_TEAM, OF_ASSIGNEE, OVERLOADED})


def show_queues(case: Case) -> None:
    """Let steps see the queues of the team and the person that have the ticket."""
    around, facts = case.around, case.facts
    team, assignee = (str(case.ticket.facts.get(fact, "")) for fact in ("team", "assignee"))
    if team:
        facts[OF_TEAM] = around.teams.get(team, 0)
        known = case.book.teams.get(team)
        if known is not None and known.queue_limit is not None:
            facts[OVERLOADED] = around.teams.get(team, 0) > known.queue_limit
    if assignee:
        facts[OF_ASSIGNEE] = around.assignees.get(assignee, 0)


def after(around: Surroundings, ticket: Ticket, decision: Decision) -> Surroundings:
    """Return the surroundings of the next ticket, which sees in the queues what was decided for this one."""
    values = written_facts(decision.actions)
    if not values.keys() & {"team", "assignee"} or ticket.facts.get("status") not in OPEN:
        return around
    teams = _moved(around.teams, ticket.facts.get("team"), values.get("team", ticket.facts.get("team")))
    before = ticket.facts.get("assignee")
    return around._replace(teams=teams, assignees=_moved(around.assignees, before, values.get("assignee", before)))


def _moved(counts: Mapping[str, int], before: Fact | None, now: Fact | None) -> Mapping[str, int]:
    if before == now:
        return counts
    found = dict(counts)
    if isinstance(before, str):
        found[before] = max(0, found.get(before, 0) - 1)
    if isinstance(now, str):
        found[now] = found.get(now, 0) + 1
    return found
