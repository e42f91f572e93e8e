"""How often something may be said: once on each occasion, and one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.month import plain
from tests.month.log import Entry
from tests.month.told import Told
from tests.month.wanted import used


def judge_words(told: Told, at: int, update: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with the words of one update."""
    said = [one.value for one in update if one.what == "said"]
    heard = [message for message, reader, _ in said if reader == "requester"]
    if len(heard) > 1:
        yield at, f"the requester hears {len(heard)} things at once: {', '.join(heard)}"
    new = [about.split(" ")[1] for _, _, about in said if about.startswith("level")]
    for message, reader, about in said:
        before = told.counts.get(f"{message} to {reader}", 0)
        most = _occasions(told, message, reader, update, new)
        if most is not None and before >= most:
            yield at, f"{message} to {reader} is said {before + 1} times on {most} occasions"
        if about.startswith("approval") and tuple(about.split(" ")[1:3]) in told.asked:
            yield at, f"{about} is asked twice"
        if message == "breach-warning" and not told.blind:
            due = used(told, told.worked, plain.RESOLVE, plain.WARNED_AT)
            if due is None or due > at:
                yield at, "the team is warned of a deadline that is not close"


def _occasions(told: Told, message: str, reader: str, update: Sequence[Entry], new: Sequence[str]) -> int | None:
    """Return on how many occasions a message may have been said so far; None where others judge that."""
    match message, reader:
        case "received", "requester":
            return 1
        case "major-incident-started", "requester":
            return told.counts.get("declared", 0)
        case "solved", "requester":
            ends = told.counts.get("ended", 0)
            return ends + any(one.what == "status" and one.value == "resolved" for one in update)
        case "waiting-for-you", "requester":
            return told.counts.get("waiting", 0)
        case "escalated", "requester":
            return len({*told.levels, *new} & {"L2", "L3"})
        case "handed-over", "requester":
            return told.counts.get("handed-over to team", 0) + any(
                one.what == "said" and one.value[:2] == ("handed-over", "team") for one in update
            )
        case "breach-warning", "team":
            return 1 + told.counts.get("reopened", 0)
    return None
