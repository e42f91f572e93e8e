"""Compares what a test expects at a moment with what came, and says of every difference which rule made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from rules.cases.blame import as_written, named, why_no_message, why_not, why_so
from rules.cases.life import Life
from rules.cases.model import (
    Failure,
    Moment,
    Said,
    WantedChange,
    WantedChanges,
    WantedFact,
    WantedMessage,
    WantedMessages,
    Wrote,
)
from rules.index import accepts, comparable
from rules.model import Fact
from rules.rulebook import Rulebook

CALLED: Final = {"team": "assigned team", "assignee": "assigned person"}
NONE: Final = "none"

W = TypeVar("W")
C = TypeVar("C")


def unmet(life: Life, moment: Moment, book: Rulebook) -> Iterator[Failure]:
    """Yield every expectation of the moment that does not hold, in the order in which they are written."""
    yield from sorted(_unmet(life, moment, book), key=lambda failure: failure.place)


def _unmet(life: Life, moment: Moment, book: Rulebook) -> Iterator[Failure]:
    expected, after = moment.expected, moment.after
    for wanted in expected.facts:
        came = _value(life, wanted.fact, book)
        if not _holds(wanted.value, came):
            yield _of_fact(life, wanted, came, after, book)
    if expected.changes is not None:
        yield from _of_changes(life, expected.changes, after, book)
    if expected.messages is not None:
        yield from _of_messages(life, expected.messages, after, book)


def _value(life: Life, fact: str, book: Rulebook) -> Fact | None:
    return life.value(fact, book)


def _holds(wanted: Fact | None, value: Fact | None) -> bool:
    """Tell whether a value is as wanted: texts without case, of a list each one that is named."""
    if wanted is None or value is None:
        return wanted is value
    each = wanted if isinstance(wanted, tuple) else (wanted,)
    return all(accepts(frozenset({comparable(one)}), value) for one in each)


def _of_fact(life: Life, wanted: WantedFact, came: Fact | None, after: str, book: Rulebook) -> Failure:
    because = (*why_so(life, wanted.fact, book), *why_not(life, wanted.fact, wanted.value, book))
    what = CALLED.get(wanted.fact, wanted.fact)
    return Failure(wanted.place, after, what, as_written(wanted.value), as_written(came), because=because)


def _of_changes(life: Life, wanted: WantedChanges, after: str, book: Rulebook) -> Iterator[Failure]:
    came = list({one.fact: one for one in life.wrote}.values())
    missing, extra = _difference(wanted.items, came, _is_change)
    if not missing and not extra:
        return
    because = [
        why for one in missing for why in (*why_so(life, one.fact, book), *why_not(life, one.fact, one.value, book))
    ]
    yield Failure(
        wanted.place,
        after,
        "changes",
        _listed(map(_change, wanted.items)),
        _listed(f"{one.fact}: {as_written(one.value)}" for one in came),
        tuple(map(_change, missing)),
        tuple(f"{one.fact}: {as_written(one.value)}, by {named(one.reason)}" for one in extra),
        tuple(dict.fromkeys(because)),
    )


def _is_change(wanted: WantedChange, came: Wrote) -> bool:
    return wanted.fact == came.fact and (not wanted.named or _holds(wanted.value, came.value))


def _change(wanted: WantedChange) -> str:
    return f"{wanted.fact}: {as_written(wanted.value)}" if wanted.named else wanted.fact


def _of_messages(life: Life, wanted: WantedMessages, after: str, book: Rulebook) -> Iterator[Failure]:
    missing, extra = _difference(wanted.items, life.said, _is_message)
    if not missing and not extra:
        return
    because = [why for one in missing if not _was_said(one, extra) for why in why_no_message(life, one, book)]
    texts = [
        f"its text is:\n{one.text()}" for one in extra for other in missing if other.contains and _same(other, one)
    ]
    yield Failure(
        wanted.place,
        after,
        "messages",
        _listed(map(_message, wanted.items)),
        _listed(map(_said, life.said)),
        tuple(map(_message, missing)),
        tuple(f"{_said(one)}, by {named(one.reason)}" for one in extra),
        tuple(dict.fromkeys([*because, *texts])),
    )


def _is_message(wanted: WantedMessage, came: Said) -> bool:
    same = _same(wanted, came) and wanted.language in ("", came.language) and wanted.door in ("", came.door)
    return same and (not wanted.contains or wanted.contains in came.text())


def _same(wanted: WantedMessage, came: Said) -> bool:
    return (wanted.to, wanted.message) == (came.to, came.message)


def _was_said(wanted: WantedMessage, extra: Sequence[Said]) -> bool:
    """Tell whether it was said otherwise, so that both stand in the list and no rule is missing."""
    return any(_same(wanted, one) for one in extra)


def _message(wanted: WantedMessage) -> str:
    language = f" in {wanted.language}" if wanted.language else ""
    door = f" as {wanted.door}" if wanted.door else ""
    return f"{wanted.message} to {wanted.to}{language}{door}" + (
        f" with “{wanted.contains}”" if wanted.contains else ""
    )


def _said(came: Said) -> str:
    return f"{came.message} to {came.to} in {came.language} as {came.door}"


def _difference(wanted: Sequence[W], came: Sequence[C], fits: Callable[[W, C], bool]) -> tuple[list[W], list[C]]:
    """Return what was wanted and did not come, and what came unasked; what asks for the most is served first."""
    left, missing = list(came), []
    for one in sorted(wanted, key=lambda one: -sum(map(bool, one))):  # type: ignore[call-overload]
        found = next((place for place, other in enumerate(left) if fits(one, other)), None)
        if found is None:
            missing.append(one)
        else:
            del left[found]
    return missing, left


def _listed(entries: Iterator[str]) -> str:
    return "; ".join(entries) or NONE
