"""Classify: fill in what the ticket does not say, top to bottom, per value the first rule."""

from __future__ import annotations

from rules.case import Case, aside, left, saying
from rules.index import checksum
from rules.model import Fact, Facts, Reason
from rules.rulebook import Classified, Classify, Rulebook


def classify(case: Case) -> None:
    """Fill empty facts and facts that we filled before, and write them where the platform has a place for them."""
    book, facts = case.book, case.facts
    values = book.classify.values(facts)
    answer = book.classify.answers.get(values) or book.classify.remember(values, classified(book, facts))
    case.reasons += answer.reasons
    if answer.proposals:
        case.proposals += answer.proposals
    refused = False
    for fact, (value, reason) in answer.chosen.items():
        if _was_taken_away(case, fact, answer.basis, reason):
            refused = True
        else:
            facts[fact] = value
            _write(case, fact, value, answer.basis, reason)
    if answer.adds and not (refused and "service" not in facts):
        facts.update(answer.adds)


def classified(book: Rulebook, given: Facts) -> Classified:
    """Return what the rules make of these facts. Each rule sees what earlier ones set; labels add up.

    A value that is there is never replaced. A rule that may not act feeds no later stage, nor later rules of this.
    """
    facts = dict(given)
    chosen: dict[str, tuple[Fact, Reason]] = {}
    reasons: list[Reason] = []
    proposals: list[Reason] = []
    for rule in book.classify.matching(facts):
        reason = book.reasons["classify", rule.order]
        if rule.mode == "apply":
            reasons += [left(reason, f"{fact} has a value already") for fact in rule.set if fact in given]
            _fill(rule, reason, facts, chosen)
        else:
            for fact, value in _would_fill(rule, facts):
                aside(rule, saying(reason, fact, value), reasons, proposals)
    chosen = {fact: (value, saying(reason, fact, value)) for fact, (value, reason) in chosen.items()}
    service = book.services.get(facts.get("service"))  # type: ignore[arg-type]
    basis = checksum(book.classify.values(given))
    return Classified(chosen, service.facts if service else {}, tuple(reasons), tuple(proposals), basis)


def _fill(rule: Classify, reason: Reason, facts: dict[str, Fact], chosen: dict[str, tuple[Fact, Reason]]) -> None:
    for fact, value in rule.set.items():
        if fact not in facts:
            facts[fact] = value
            chosen[fact] = value, reason
    added = tuple(label for label in rule.labels if label not in _labels(facts.get("labels")))
    if added:
        facts["labels"] = _labels(facts.get("labels")) + added
        chosen["labels"] = facts["labels"], reason


def _would_fill(rule: Classify, facts: Facts) -> list[tuple[str, Fact]]:
    there = _labels(facts.get("labels"))
    added = tuple(label for label in rule.labels if label not in there)
    filled = [(fact, value) for fact, value in rule.set.items() if fact not in facts]
    return [*filled, ("labels", added)] if added else filled


def _was_taken_away(case: Case, fact: str, basis: int, reason: Reason) -> bool:
    """Tell whether a person took away what we had filled in, and the facts are still the same."""
    held = case.held.get(fact)
    if held is None or not held.over_ours or held.whose not in ("person", "unknown"):
        return False
    if not case.stands(fact, held, basis):
        return False
    case.reasons.append(left(reason, f"{held.by or 'somebody'} changed {fact}"))
    return True


def _write(case: Case, fact: str, value: Fact, basis: int, reason: Reason) -> None:
    """Write a fact that was filled in, where the platform has a place for it and shows something else.

    Impact and urgency wait for prioritise where they are what sets the priority: it may need others of them.
    """
    if fact in case.words.set_priority_by:
        case.pending[fact] = reason
        return
    on_platform = case.ticket.facts.get(fact)
    if fact == "labels":
        there = _labels(on_platform)
        value = there + tuple(label for label in _labels(value) if label not in there)
    if on_platform == value or not case.words.writable(fact, value):
        case.reasons.append(reason)
    else:
        case.write(fact, value, basis, reason)


def _labels(value: Fact | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
