"""Kills of the service on busy days, by the thousand: what was said twice, what was lost, and what it cost."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

from bench.machine import judged, table
from tests.trust import days
from tests.trust.doors import doors
from tests.trust.gate import Shares
from tests.trust.judged import Verdict
from tests.trust.judged import judged as compared
from tests.trust.words import Heard
from tests.trust.words import heard as judged_words

KILLS: Final = 5_000


class Found(NamedTuple):
    """What one day with kills came to; `restless` says that work was left when everything should have been quiet.

    `heard` is what became of words by doors, on days that have them.
    """

    kills: int
    moments: Counter[str]
    verdict: Verdict
    restless: bool
    heard: Heard | None = None


def main(kills: int = KILLS, tickets: int = 16) -> bool:
    """Print what was found and return whether nothing was said twice, lost, or seen by the wrong people."""
    print(f"\nA service that is killed {kills:,} times on busy days, with {tickets} tickets at each of four places,")
    print("and on each second day at two, with doors of all kinds")
    began, found = perf_counter(), [*_days(kills, tickets)]
    moments = sum((day.moments for day in found), Counter[str]())
    moments["any moment"] = sum(day.kills for day in found) - moments.total()
    table(("killed at", "times"), [(moment, f"{times:,}") for moment, times in moments.most_common()])
    print(f"  {len(found)} days, each beside a calm one, in {perf_counter() - began:,.0f} s")
    for difference in (line for day in found for line in day.verdict.otherwise):
        print(difference)
    verdicts, heard = [day.verdict for day in found], [day.heard for day in found if day.heard is not None]
    return all([
        judged("kills", moments.total(), kills, ""),
        judged("words said twice", sum(one.duplicates for one in verdicts), 0, "", at_most=True),
        judged("words lost", sum(one.lost for one in verdicts), 0, "", at_most=True),
        judged("internal words made public", sum(one.exposed for one in verdicts), 0, "", at_most=True),
        judged("tickets that took another course", sum(len(one.otherwise) for one in verdicts), 0, "", at_most=True),
        judged("pages lost", sum(one.lost for one in heard), 0, "", at_most=True),
        judged("words said twice by doors", sum(len(one.twice) for one in heard), 0, "", at_most=True),
        judged("words by doors lost and not shown", sum(len(one.gone) for one in heard), 0, "", at_most=True),
        judged("days that did not end quietly", sum(day.restless for day in found), 0, "", at_most=True),
    ])  # fmt: skip


def _days(kills: int, tickets: int) -> Iterator[Found]:
    """Live through one day after the other until that many lives were taken."""
    seed = left = 0
    while left < kills:
        seed += 1
        plan = days.Plan(seed, tickets)
        found = _day_with_doors(plan) if seed % 2 == 0 else _day(plan)
        left += found.kills
        print(f"  day {seed}: {left:,} kills so far, {found.verdict[:3]}, {found.heard}", flush=True)
        yield found


def _day(plan: days.Plan) -> Found:
    with tempfile.TemporaryDirectory() as calm_folder, tempfile.TemporaryDirectory() as folder:
        calm = days.in_process(Path(calm_folder), plan)
        day, lives, fate = days.killed(Path(folder), plan, Shares())
    return Found(lives.killed, fate.met, compared(day.tickets, calm.tickets), _restless(day))


def _day_with_doors(plan: days.Plan) -> Found:
    """Live through a day on which others hear by doors, too: parked is what may have arrived where no mark tells."""
    folders = tempfile.TemporaryDirectory
    with folders() as calm_folder, folders() as folder, doors() as due, doors() as ends:
        calm = days.in_process(Path(calm_folder), plan, doors=due)
        day, lives, fate = days.killed(Path(folder), plan, Shares(), doors=ends)
        heard = judged_words(ends.taken(), due.taken(), day.last[-1].parked)
    return Found(lives.killed, fate.met, compared(day.tickets, calm.tickets), _restless(day), heard)


def _restless(day: days.Lived) -> bool:
    return any(cycle.counts["planned"] or cycle.waiting or cycle.problems for cycle in day.last)
