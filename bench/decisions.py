"""Decisions a second on a pack of 100 rules, and the peers on its conditions: one core, reasons included."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, Final

from bench.machine import calibration, cpu_time, judged, table
from bench.pack import Pack, pack
from bench.peers import context, peers, variable
from bench.tickets import NOW, after, tickets
from rules.confirm import confirmed
from rules.engine import decide
from rules.model import Facts, Memory, Surroundings, Ticket
from rules.rulebook import EVENT, Rulebook
from rules.words import HITS

FIRST_SIGHT: Final = 40_000
SETTLED: Final = 60_000
RUNS: Final = 5

Remembered = tuple[Ticket, Memory]


def main(count: int = 20_000, limits: bool = True) -> bool:
    """Print the table and return whether the limits were kept; `count` tickets, fewer for slow peers."""
    made = pack()
    news = [(ticket, Memory()) for ticket in tickets(count, made.book)]
    print(f"\nDecisions: {len(made.conditions)} rules, {count:,} tickets, one core, median of {RUNS} runs")
    print(f"  calibration: a named tuple of eight fields takes {calibration():.2f} µs")
    new, first = rates(made.book, news)
    _, again = rates(made.book, settled(made.book, news))
    ours = [("decide, at first sight, in a new process", new), ("decide, at first sight", first)]
    _print([*ours, ("decide, settled", again)], first, _conditions(made, [ticket for ticket, _ in news]))
    if not limits:
        return True
    kept = [judged("at first sight", first, FIRST_SIGHT, "tickets/s"), judged("settled", again, SETTLED, "tickets/s")]
    return all(kept)


def rates(book: Rulebook, some: Sequence[Remembered]) -> tuple[float, float]:
    """Return the decisions a second of the first run over these tickets, and the median of the runs that follow.

    The decisions are not kept. The tickets are taken out of the garbage collector's sight: a service holds a page.
    """
    around = Surroundings(NOW.replace(year=2025), "itsm.sync")

    def work() -> None:
        for ticket, memory in some:
            decide(ticket, memory, around, book, NOW)

    gc.collect()
    gc.freeze()
    first, *more = [len(some) / cpu_time(work) for _ in range(RUNS + 1)]
    gc.unfreeze()
    return first, median(more)


def settled(book: Rulebook, news: Sequence[Remembered]) -> list[Remembered]:
    """Return the tickets after the confirmed writes. Nothing more may be done about them, or the figure is none."""
    around = Surroundings(NOW.replace(year=2025), "itsm.sync")
    found = []
    for ticket, memory in news:
        decision = decide(ticket, memory, around, book, NOW)
        written = after(ticket, decision.actions, book)
        known = confirmed(decision.memory, written, decision.actions)
        again = decide(written, known, around, book, NOW)
        if again.actions:
            raise AssertionError(f"{ticket.key} is not settled: {again.actions}")
        found.append((written, again.memory))
    return found


def _conditions(made: Pack, some: Sequence[Ticket]) -> list[tuple[str, float, str]]:
    """Return for us and each peer the tickets a second whose conditions are all tested, and how many answers agree."""
    around = Surroundings(NOW.replace(year=2025), "itsm.sync")
    seen = [decide(ticket, Memory(), around, made.book, NOW).facts for ticket in some]
    used = sorted({variable(fact) for when in made.conditions for fact in _facts(when)})
    contexts = [context(facts, used) for facts in seen]
    test = _ours(made.book)
    rows = [("our conditions alone, each of them", _rate(test, seen), "")]
    for name, evaluate in peers(made.conditions, used).items():
        wanted = [test(facts) for facts in seen[:200]]
        given = [evaluate(facts) for facts in contexts[:200]]
        same = sum(a == b for one, other in zip(wanted, given, strict=True) for a, b in zip(one, other, strict=True))
        total = sum(map(len, wanted))
        rows.append((name, _rate(evaluate, contexts[: max(200, len(contexts) // 20)]), f"{100 * same / total:.2f} %"))
    return rows


def _facts(when: Any) -> set[str]:
    return {fact for key, value in when.items() for fact in (_facts(value) if key == "not" else {key})}


def _ours(book: Rulebook) -> Callable[[Facts], list[bool]]:
    stages = (book.classify, book.adjust, book.routes, book.communications)
    tests = [rule.when.test for stage in stages for rule in stage.rules]

    def evaluate(facts: Facts) -> list[bool]:
        known: dict[str, Any] = {**facts, HITS: book.matcher.hits(facts), EVENT: ("created",)}
        return [test(known) for test in tests]

    return evaluate


def _rate(evaluate: Callable[[Any], object], some: Sequence[Any]) -> float:
    def work() -> None:
        for facts in some:
            evaluate(facts)

    return median(len(some) / cpu_time(work) for _ in range(3))


def _print(ours: Sequence[tuple[str, float]], first: float, conditions: Sequence[tuple[str, float, str]]) -> None:
    rows = [(name, f"{rate:,.0f}", f"{rate / first:.2f}", "", "reasons, people, memory") for name, rate in ours]
    rows += [(name, f"{rate:,.0f}", f"{rate / first:.2f}", same, "conditions only") for name, rate, same in conditions]
    table(("", "tickets/s", "of first sight", "answers as ours", "what it does"), rows, words=(0, 4))
