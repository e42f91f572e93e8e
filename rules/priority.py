"""Prioritise: the matrix cell of impact × urgency, then ceilings, then floors; written as the platform allows."""

from __future__ import annotations

from typing import Final

from rules.answers import Prioritised
from rules.case import Case, aside, left, saying, with_outcome
from rules.confirm import written_facts
from rules.model import Fact, Facts, Held, Reason
from rules.rule import Adjust
from rules.rulebook import Rulebook
from rules.watch import is_persons

WRITTEN_AS_IT_IS: Final = (("priority",), ("note",))
"""Ways to set a priority that change neither impact nor urgency."""


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
        case.show("priority")
        case.reasons.append(_undecided(case, reason))
        _write_filled(case, answer.basis)
        return
    case.facts["priority"] = priority
    by = case.words.set_priority_by
    if by not in WRITTEN_AS_IT_IS:
        _write_pair(case, priority, answer.basis, reason)
    elif by == ("priority",):
        _write_priority(case, priority, answer.basis, reason)
    elif case.ticket.facts.get("priority") == priority:
        case.reasons.append(reason)
    else:
        case.show("priority")
        case.proposals.append(with_outcome(reason, "advised"))


def prioritised(book: Rulebook, facts: Facts) -> Prioritised:
    """Return the priority that the rules give these facts: the strictest ceiling lowers, then the highest floor lifts.

    Floors beat ceilings, so that "security is never below P2" holds for a request, too. A floor alone gives no
    priority: where the matrix has no cell, there is no decision.
    """
    basis = book.adjust.basis(facts, ("impact", "urgency"))
    cell = book.matrix.get((facts.get("impact"), facts.get("urgency")))  # type: ignore[arg-type]
    if cell is None:
        return Prioritised("", Reason("prioritise", "undecided", "matrix", book.matrix_where, ""), (), (), basis)
    reasons: list[Reason] = []
    proposals: list[Reason] = []
    matching: list[Adjust] = []
    for rule in book.adjust.matching(facts):
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
    return Prioritised(priority, saying(reason, "priority", priority), tuple(reasons), tuple(proposals), basis)


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


def _write_priority(case: Case, priority: str, basis: int, reason: Reason) -> None:
    """Write a priority that the platform lets us write, unless a person chose the one that stands.

    A person's choice counts from the facts for which it was made, also where it is the same as ours.
    """
    held = case.held.get("priority")
    stands = held is not None and _stands(case, "priority", held, basis)
    if case.ticket.facts.get("priority") == priority:
        case.reasons.append(reason)
    elif not case.words.writable("priority", priority):
        case.reasons.append(left(reason, f"{priority} has no counterpart on this connection"))
    elif held is not None and stands:
        _leave(case, "priority", held, reason)
    elif not case.write("priority", priority, basis, reason):
        case.show("priority")


def _stands(case: Case, fact: str, held: Held, basis: int) -> bool:
    """Tell whether a person's priority, an emptied one included, still wins over ours."""
    if held.value is None and not held.over_ours:
        return False
    return is_persons(case, fact, held) and case.stands(fact, held, basis)


def _leave(case: Case, fact: str, held: Held, reason: Reason) -> None:
    """Let a person's choice win: later stages see the priority that stands on the platform."""
    case.show("priority")
    case.reasons.append(
        left(reason, f"{held.by or 'somebody'} chose {fact}, which stands {case.book.people_win_until}")
    )


def _write_pair(case: Case, priority: str, basis: int, reason: Reason) -> None:
    """Reach a priority that the platform computes: urgency first, impact only if that is not enough.

    What classify filled in (`pending`) is written as it is where it gives the priority. Otherwise nothing is written
    where the pair that stands gives it already: then the platform's own matrix differs from ours, which is reported
    and not fought.
    """
    ticket, matrix = case.ticket, case.book.matrix
    overruled = _overruled(case, basis) if case.overruled else ""
    planned = {} if len(case.words.set_priority_by) > 1 else _planned_pair(case)
    shown = ticket.facts.get("priority")
    if shown == priority and not case.pending and not planned:
        case.reasons.append(reason)
        return
    after = {**ticket.facts, **planned} if planned else ticket.facts
    stands = matrix.get((after.get("impact"), after.get("urgency"))) == priority  # type: ignore[arg-type]
    decided = (case.facts["impact"], case.facts["urgency"])
    as_decided = matrix[decided] == priority and _can_be_written(case, decided)  # type: ignore[index]
    if stands and not (case.pending and as_decided):
        differs = f"the platform computes {shown or 'none'} where the matrix says {priority}"
        case.reasons.append(reason if planned or shown == priority else left(reason, differs))
        return
    if overruled:
        _leave(case, overruled, case.held[overruled], reason)
        return
    pair = decided if as_decided else case.words.reach.get((*decided, priority))  # type: ignore[arg-type]
    if pair is None:
        case.reasons.append(left(reason, f"no impact and urgency of this connection give {priority}"))
        _write_filled(case, basis)
        return
    for fact, value in zip(("impact", "urgency"), pair, strict=True):
        if fact not in case.words.set_priority_by:
            continue
        why = case.pending.get(fact, reason) if as_decided else reason
        _write_unless_there(case, fact, value, basis, why)


def _planned_pair(case: Case) -> dict[str, Fact | None]:
    """Return the impact and urgency that classify writes by itself, where only the other one sets the priority."""
    return {fact: value for fact, value in written_facts(case.actions).items() if fact in ("impact", "urgency")}


def _overruled(case: Case, basis: int) -> str:
    """Return the impact or urgency that a person put in place of ours while the facts are still the same, or ""."""
    for fact in case.words.set_priority_by:
        held = case.held.get(fact)
        if held is not None and held.over_ours and _stands(case, fact, held, basis):
            return fact
    return ""


def _can_be_written(case: Case, pair: tuple[Fact, Fact]) -> bool:
    return case.words.writable("impact", pair[0]) and case.words.writable("urgency", pair[1])


def _write_filled(case: Case, basis: int) -> None:
    """Write what classify filled in as it is, where no priority asks for anything else."""
    for fact, why in case.pending.items():
        _write_unless_there(case, fact, case.facts[fact], basis, why)


def _write_unless_there(case: Case, fact: str, value: Fact, basis: int, reason: Reason) -> None:
    if case.ticket.facts.get(fact) == value or not case.words.writable(fact, value):
        case.reasons.append(reason)
    else:
        case.write(fact, value, basis, reason)


def _undecided(case: Case, reason: Reason) -> Reason:
    """Say why there is no matrix cell."""
    parts = []
    for fact in ("impact", "urgency"):
        if fact in case.ticket.unmapped:
            parts.append(f"{fact} {case.ticket.unmapped[fact]!r} is not in the value map")
        elif fact not in case.facts:
            parts.append(f"{fact} is empty")
    return reason._replace(text=" and ".join(parts) or "the matrix has no such cell")
