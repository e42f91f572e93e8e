"""Classify: fill in what the ticket does not say, top to bottom, per value the first rule."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from rules.answers import Classified
from rules.case import Case, aside, left, saying
from rules.model import Fact, Facts, Reason
from rules.rule import Classify
from rules.rulebook import Rulebook
from rules.words import folded

DECIDED: Final = ("priority", "team")
"""Facts that other stages write."""


def classify(case: Case) -> None:
    """Fill empty facts and facts that we filled before, and write them where the platform has a place for them.

    Impact and urgency wait for prioritise where they are what sets the priority: it may need others of them.
    """
    book, facts = case.book, case.facts
    values = book.classify.values(facts)
    answer = book.classify.answers.get(values) or book.classify.remember(values, classified(book, facts))
    if case.overruled:
        _count_from_now(case, answer.basis)
        answer = _without_taken_away(case, answer)
    case.reasons += answer.reasons
    if answer.proposals:
        case.proposals += answer.proposals
    by = case.words.set_priority_by
    for fact, (value, reason) in answer.chosen.items():
        facts[fact] = value
        if fact in by:
            case.pending[fact] = reason
        else:
            _write(case, fact, value, answer.basis, reason)
    if answer.adds:
        facts.update(answer.adds)


def classified(book: Rulebook, given: Facts, refused: Collection[str] = ()) -> Classified:
    """Return what the rules make of these facts. Each rule sees what earlier ones set; labels add up.

    A value that is there is never replaced, and `refused` facts are not filled. A rule that may not act feeds no
    later stage, nor later rules of this.
    """
    facts = dict(given)
    chosen: dict[str, tuple[Fact, Reason]] = {}
    reasons: list[Reason] = []
    proposals: list[Reason] = []
    for rule in book.classify.matching(facts):
        reason = book.reasons["classify", rule.order]
        if rule.mode == "apply":
            reasons += [left(reason, f"{fact} has a value already") for fact in rule.set if fact in given]
            for fact, value in _filled_by(rule, facts):
                if fact not in refused:
                    facts[fact] = (*_labels(facts.get(fact)), *value) if isinstance(value, tuple) else value
                    chosen[fact] = facts[fact], reason
        else:
            for fact, value in _filled_by(rule, facts):
                aside(rule, saying(reason, fact, value), reasons, proposals)
    chosen = {fact: (value, saying(reason, fact, value)) for fact, (value, reason) in chosen.items()}
    service = book.services.get(facts.get("service"))  # type: ignore[arg-type]
    basis = book.classify.basis(given)
    return Classified(chosen, service.facts if service else {}, tuple(reasons), tuple(proposals), basis)


def _filled_by(rule: Classify, facts: Facts) -> list[tuple[str, Fact]]:
    """Return what a rule fills: empty facts, and the labels that it adds to those that are there."""
    filled = [(fact, value) for fact, value in rule.set.items() if fact not in facts]
    added = _missing(rule.labels, _labels(facts.get("labels"))) if rule.labels else ()
    return [*filled, ("labels", added)] if added else filled


def _count_from_now(case: Case, basis: int) -> None:
    """Note for which facts a person took away what we had filled in, whether or not a rule would fill it in now."""
    for fact, held in list(case.held.items()):
        if held.over_ours and held.basis < 0 and (fact == "labels" or (held.value is None and fact not in DECIDED)):
            case.hold(fact, held._replace(basis=basis))


def _without_taken_away(case: Case, answer: Classified) -> Classified:
    """Return the answer without what a person took away, and without what other rules made of that."""
    refused: set[str] = set()
    while True:
        more = {f for f, (_, reason) in answer.chosen.items() if _was_taken_away(case, f, answer.basis, reason)}
        if not more:
            return answer
        refused |= more
        answer = classified(case.book, case.facts, refused)


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
    """Write a fact that was filled in, where the platform has a place for it and shows something else."""
    on_platform = case.ticket.facts.get(fact)
    if fact == "labels":
        there = _labels(on_platform)
        value = there + _missing(_labels(value), there)
    if on_platform == value or not case.words.writable(fact, value):
        case.reasons.append(reason)
    else:
        case.write(fact, value, basis, reason)


def _missing(labels: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, ...]:
    """Return the labels that are not there yet, in whatever case."""
    if not labels:
        return ()
    known = {folded(label) for label in there}
    return tuple(label for label in labels if folded(label) not in known)


def _labels(value: Fact | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
