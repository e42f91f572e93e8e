"""Says which rule made a value or a message what it is, and why the rules that would have made another did not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from rules.cases.life import Life
from rules.cases.model import WantedMessage
from rules.cases.platform import OURS
from rules.cases.words import communications_of, steps_of
from rules.describe import shown
from rules.model import ENDED, FIRST_LEVEL, LOT, Fact, Facts, Reason
from rules.priority import prioritised
from rules.readers import AFFECTED
from rules.rule import Adjust, Classify, Communication, Route, Rule, Step
from rules.rulebook import Rulebook
from rules.words import HITS

MOST: Final = 3
"""Rules that are named for what did not come."""

STAGES: Final = {"priority": "prioritise", "team": "route", "level": "escalate"}


def named(rule: Reason | Rule) -> str:
    """Return a rule by its name and place: "vip (priorities.yaml:31)"."""
    name = rule.rule or rule.stage if isinstance(rule, Reason) else rule.name
    return f"{name} ({rule.where})" if rule.where else name


def as_written(value: Fact | None) -> str:
    """Return a value as an admin writes it."""
    return str(value).lower() if isinstance(value, bool) else shown(value)


def why_so(life: Life, fact: str, book: Rulebook) -> Iterator[str]:
    """Yield why the value of a fact is what it is: who gave it last, and what the rules said of it."""
    last = next((event for event in reversed(life.ticket.history or ()) if event.fact == fact), None)
    if last is not None and last.author != OURS:
        yield f"{last.author} changed {fact} to {as_written(last.value)}"
    if life.ticket.facts.get("status") in ENDED:
        yield f"the ticket is {life.ticket.facts['status']}, and rules change nothing on it any more"
    for reason in _about(life, fact, book):
        yield f"{named(reason)} {reason.outcome}: {reason.text}"


def _about(life: Life, fact: str, book: Rulebook) -> list[Reason]:
    """Return what the last decision said of a fact, else what was said when it was written."""
    hands_off = [one for one in life.latest if one.stage == "ticket" and one.outcome == "left"]
    stage, begin = STAGES.get(fact, "classify"), f"{fact}: "
    about = [one for one in life.latest if one.stage == stage and (fact in STAGES or one.text.startswith(begin))]
    ended = life.ticket.facts.get("status") in ENDED
    if fact == "priority" and not (about or hands_off or ended):  # what classify filled in gave it
        about = [prioritised(book, life.conditions(book)).reason]
    wrote = [one.reason for one in life.wrote if one.fact == fact][-1:]
    return about or hands_off or wrote


def why_not(life: Life, fact: str, value: Fact | None, book: Rulebook) -> Iterator[str]:
    """Yield, for each rule that would have given the value, why it did not, unless `why_so` says it already."""
    yield from _ladders_lack(fact, value, book)
    facts, told = life.conditions(book), {reason.where for reason in _about(life, fact, book)}
    for rule in islice((one for one in _givers(book, fact, value) if one.where not in told), MOST):
        given = ", ".join(rule.labels) if isinstance(rule, Classify) and fact == "labels" else as_written(value)
        yield f"{named(rule)} would give {given}, but {_unheld(rule, facts) or _outdone(life, rule)}"


def why_no_message(life: Life, wanted: WantedMessage, book: Rulebook) -> Iterator[str]:
    """Yield, for each rule that sends the message, why it did not; or that there is none."""
    rules = [one for one in communications_of(book) if one.message == wanted.message and wanted.to in one.to]
    if not rules:
        yield f"no rule that runs sends {wanted.message} to {wanted.to}"
    elif wanted.to == AFFECTED and not life.affected:
        yield "nobody is affected in this test; name who is: ticket: {affected: [{name: An, language: vi}]}"
        return
    facts = life.conditions(book)
    for rule in rules[:MOST]:
        said = [one.text for one in life.reasons if one.rule == rule.name and one.outcome != "decided"]
        why = said[0] if said else _unheld(rule, facts) or _not_called(life, rule)
        yield f"{named(rule)} sends it, but {why}"


def _not_called(life: Life, rule: Communication) -> str:
    """Return what did not call for a message whose condition holds."""
    if rule.on:
        return f"'{rule.on}' did not happen, or it was told before"
    moments = " or ".join(trigger.text for trigger in rule.after)
    return f"'{moments}' did not come, or it was told before; {_later(life)}"


def _later(life: Life) -> str:
    """Return when the clocks call next, counted as a test counts."""
    if life.next is None:
        return "no clock calls for anything more"
    minutes, seconds = divmod(int((life.next - life.ticket.created).total_seconds()), 60)
    return f"the clocks call next after {minutes}m{f'{seconds}s' if seconds else ''}"


def _ladders_lack(fact: str, value: Fact | None, book: Rulebook) -> Iterator[str]:
    if fact == "level" and value != FIRST_LEVEL and all(step.level != value for step in steps_of(book)):
        yield f"no ladder has a step to {as_written(value)} that is taken"


def _givers(book: Rulebook, fact: str, value: Fact | None) -> Iterator[Rule]:
    """Yield the rules that would give the fact this value."""
    if fact == "priority":
        rank = book.ranks.get(str(value))
        yield from (rule for rule in book.adjust.rules if rank is not None and rank in (rule.floor, rule.ceiling))
    elif fact == "level":
        yield from (step for step in steps_of(book) if step.level == value)
    elif fact == "team":
        yield from (rule for rule in book.routes.rules if _leads_to(rule, str(value), book))
    else:
        yield from (rule for rule in book.classify.rules if _sets(rule, fact, value))


def _leads_to(rule: Route, team: str, book: Rulebook) -> bool:
    known = book.teams.get(rule.team)
    by_path = any(service.facts.get(rule.path) == team for service in book.services.values())
    return rule.team == team or by_path or (known is not None and team in known.regions)


def _sets(rule: Classify, fact: str, value: Fact | None) -> bool:
    if fact == "labels":
        return bool(set(rule.labels) & set(value if isinstance(value, tuple) else ()))
    return fact in rule.set and rule.set[fact] == value


def _unheld(rule: Rule, facts: Facts) -> str:
    """Return the first thing in a rule's `when:` that does not hold, "" where all holds."""
    for fact, test in rule.when.alone:
        if not test({fact: facts[fact]} if fact in facts else {}):
            return _state(fact, facts)
    return "" if rule.when.test(facts) else "its when: does not hold"


def _state(fact: str, facts: Facts) -> str:
    if fact == HITS:
        return "none of its words is in the text"
    if fact == LOT:
        return "its share leaves this ticket out"
    return f"{fact} is {as_written(facts[fact])}" if fact in facts else f"{fact} is empty"


def _outdone(life: Life, rule: Rule) -> str:
    """Return what was said of a rule that matches and did not decide."""
    said = next((one for one in life.reasons if one.where == rule.where and one.outcome != "decided"), None)
    if said is not None:
        return said.text
    if isinstance(rule, Route):
        return "a route above it matches, too"
    if isinstance(rule, Step):
        moments = " or ".join(trigger.text for trigger in rule.after)
        return f"'{moments}' did not come, or a person gave the ticket to somebody since; {_later(life)}"
    return "another limit is stricter" if isinstance(rule, Adjust) else "a rule above it came first"
