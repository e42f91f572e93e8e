"""Prioritise: the matrix cell of impact × urgency, then ceilings, then floors; written as the platform allows."""

from __future__ import annotations

from rules.case import Case, aside, left, saying, with_outcome
from rules.index import Values
from rules.model import Facts, Held, Reason
from rules.rulebook import Adjust, Prioritised, Rulebook
from rules.watch import is_persons


def prioritise(case: Case) -> None:
    """Decide the priority and plan what makes the platform show it; no decision where impact or urgency is missing."""
    stage = case.book.adjust
    values = stage.values(case.facts)
    answer = stage.answers.get(values) or stage.remember(values, prioritised(case.book, case.facts))
    case.reasons += answer.reasons
    if answer.proposals:
        case.proposals += answer.proposals
    priority, reason = answer.priority, answer.reason
    if not priority:
        case.reasons.append(_undecided(case, reason))
        return
    case.facts["priority"] = priority
    by = case.words.set_priority_by
    if case.ticket.facts.get("priority") == priority:
        case.reasons.append(reason)
    elif by == ("priority",):
        _write_priority(case, priority, values, reason)
    elif by == ("note",):
        case.proposals.append(with_outcome(reason, "advised"))
    else:
        _write_pair(case, priority, values, reason)


def prioritised(book: Rulebook, facts: Facts) -> Prioritised:
    """Return the priority that the rules give these facts: the strictest ceiling lowers, then the highest floor lifts.

    Floors beat ceilings, so that "security is never below P2" holds for a request, too. A floor alone gives no
    priority: where the matrix has no cell, there is no decision.
    """
    cell = book.matrix.get((facts.get("impact"), facts.get("urgency")))  # type: ignore[arg-type]
    if cell is None:
        return Prioritised("", Reason("prioritise", "undecided", "matrix", book.matrix_where, ""), (), ())
    reasons: list[Reason] = []
    proposals: list[Reason] = []
    matching: list[Adjust] = []
    for rule in book.adjust.rules:
        if rule.when.test(facts):
            if rule.mode == "apply":
                matching.append(rule)
            else:
                aside(rule, book.reasons["prioritise", rule.order], reasons, proposals)
    rank, decisive = _adjusted(book.ranks[cell], matching)
    priority = book.priorities[rank]
    text = f"Impact {facts['impact']} × urgency {facts['urgency']}."
    reason = Reason("prioritise", "decided", "matrix", book.matrix_where, text)
    if decisive is not None:
        reason = book.reasons["prioritise", decisive.order]
    return Prioritised(priority, saying(reason, "priority", priority), tuple(reasons), tuple(proposals))


def _adjusted(rank: int, matching: list[Adjust]) -> tuple[int, Adjust | None]:
    """Return the rank after ceilings and floors, and the rule that decided it, if one did."""
    decisive = None
    for rule in matching:
        if rule.ceiling is not None and rule.ceiling > rank:
            rank, decisive = rule.ceiling, rule
    for rule in matching:
        if rule.floor is not None and rule.floor < rank:
            rank, decisive = rule.floor, rule
    return rank, decisive


def _write_priority(case: Case, priority: str, values: Values, reason: Reason) -> None:
    """Write a priority that the platform lets us write, unless a person chose the one that stands."""
    held = case.held.get("priority")
    if not case.words.writable("priority", priority):
        case.reasons.append(left(reason, f"{priority} has no counterpart on this connection"))
    elif held is not None and _stands(case, "priority", held, values):
        _leave(case, "priority", held, reason)
    else:
        case.write("priority", priority, values, reason)


def _stands(case: Case, fact: str, held: Held, values: Values) -> bool:
    """Tell whether a person's priority, an emptied one included, still wins over ours."""
    if held.value is None and not held.over_ours:
        return False
    return is_persons(case, fact, held) and case.stands(fact, held, values)


def _leave(case: Case, fact: str, held: Held, reason: Reason) -> None:
    """Let a person's choice win: later stages see the priority that stands on the platform."""
    on_platform = case.ticket.facts.get("priority")
    if on_platform is not None:
        case.facts["priority"] = on_platform
    else:
        del case.facts["priority"]
    case.reasons.append(left(reason, f"{held.by or 'somebody'} chose {fact}, which stands until the facts change"))


def _write_pair(case: Case, priority: str, values: Values, reason: Reason) -> None:
    """Reach a priority that the platform computes: urgency first, impact only if that is not enough.

    Nothing is written where the pair that stands already gives the priority by our matrix: then the platform's own
    matrix differs from ours, which is reported and not fought.
    """
    ticket, matrix = case.ticket, case.book.matrix
    if matrix.get((ticket.facts.get("impact"), ticket.facts.get("urgency"))) == priority:  # type: ignore[arg-type]
        shown = ticket.facts.get("priority", "none")
        case.reasons.append(left(reason, f"the platform computes {shown} where the matrix says {priority}"))
        return
    for fact in case.words.set_priority_by:
        held = case.held.get(fact)
        if held is not None and held.over_ours and _stands(case, fact, held, values):
            _leave(case, fact, held, reason)
            return
    pair = case.words.reach.get((case.facts["impact"], case.facts["urgency"], priority))  # type: ignore[arg-type]
    if pair is None:
        case.reasons.append(left(reason, f"no impact and urgency of this connection give {priority}"))
        return
    for fact, value in zip(("impact", "urgency"), pair, strict=True):
        if ticket.facts.get(fact) != value:
            case.write(fact, value, values, reason)


def _undecided(case: Case, reason: Reason) -> Reason:
    """Say why there is no matrix cell."""
    parts = []
    for fact in ("impact", "urgency"):
        if fact in case.ticket.unmapped:
            parts.append(f"{fact} {case.ticket.unmapped[fact]!r} is not in the value map")
        elif fact not in case.facts:
            parts.append(f"{fact} is empty")
    return reason._replace(text=" and ".join(parts) or "the matrix has no such cell")
