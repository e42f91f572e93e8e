"""The main job on a ServiceNow audit log: every row is replayed, with a cycle after each, and every priority compared.

    python -m bench.real_log [LOG.csv]

The log's rows become field changes by their authors at their times, per incident in the order of `sys_mod_count`.
Its priority column is the answer key: it is never replayed, and the sandbox's own priority lookup is off, so that a
build which writes nothing has no priority to show. Without an argument the log is servicenow_incident_event_log.csv
in the folder `data` of ITSM_SYNC_SHARED (../shared if unset).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Final
from unittest.mock import patch

from bench.log_rows import HELD_FOR, Row, by_incident, missing, the_log
from commands import workspace
from connectors.sandbox import MovableClock, serve
from connectors.sandbox.servicenow import World
from sync import Desk

CONNECTION: Final = "log"
STATES: Final = {"New": "1", "Active": "2", "Resolved": "6", "Closed": "7"}
HOLDS: Final = {"requester": "1", "problem": "3", "vendor": "4", "evidence": "5"}
WORKSPACE: Final = """\
desk: The desk of the log
languages: [en]
connections:
  log:
    platform: servicenow
    url: {url}
    auth: {{user: itsm.sync, password: "${{BENCH_PASSWORD}}"}}
    kinds: {{incident: incident}}
    since: 2010-01-01T00:00Z
words:
  log:
    fields: {{mark: u_itsm_sync}}
    set_priority_by: [priority]
    not_chosen: {{priority: "5"}}
matrix:
  extensive:   [P1, P1, P2, P3]
  significant: [P1, P2, P3, P4]
  moderate:    [P2, P3, P3, P4]
  minor:       [P3, P3, P4, {own}]
brakes: {{}}
"""


@dataclass
class Outcome:
    """What came of a replay. `differing` are (row, the priority we gave, our reason) of all rows, closed ones too."""

    rows: int = 0
    tickets: int = 0
    decisions: int = 0
    writes: int = 0
    messages: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    differing: list[tuple[Row, str, str]] = field(default_factory=list)
    changes: list[tuple[Row, Row, str]] = field(default_factory=list)  # before, after, our reason
    planned_at_last: int = 0
    seconds: float = 0.0

    @property
    def active(self) -> list[tuple[Row, str, str]]:
        """The differing rows of incidents that are active."""
        return [differing for differing in self.differing if differing[0]["active"].upper() == "TRUE"]


def replay(log: str, own_cell: str = "P5") -> Outcome:
    """Replay a log (the text of its CSV); `own_cell` is the matrix's cell for minor × low, which is (3, 3)."""
    clock = MovableClock(datetime(2016, 1, 1, tzinfo=UTC))
    world = World(clock=clock, priority_lookup=False, extra_fields={"incident": {"u_itsm_sync": "string(255)"}})
    outcome = Outcome()
    started = perf_counter()
    with tempfile.TemporaryDirectory() as folder, serve(world) as url, patch.dict(os.environ, BENCH_PASSWORD="sandbox"):
        (Path(folder) / "desk.yaml").write_text(WORKSPACE.format(url=url, own=own_cell), encoding="utf-8")
        with workspace.opened(Desk, Path(folder), clock) as desk:
            _replay_rows(_in_order(log), world, clock, desk, outcome)
            clock.advance(seconds=3600)
            outcome.planned_at_last = desk.cycle().counts["planned"]
    outcome.requests = Counter(request.method for request in world.requests)
    outcome.seconds = perf_counter() - started
    return outcome


def _replay_rows(
    rows: Iterable[tuple[datetime, Row]], world: World, clock: MovableClock, desk: Desk, o: Outcome
) -> None:
    incidents: dict[str, str] = {}
    last: dict[str, Row] = {}
    for at, row in rows:
        clock.set(max(at, clock()))
        number, author = row["number"], row["sys_updated_by"]
        values = _values(world, row)
        if number not in incidents:
            opened = _person(world, row["opened_by"])
            incidents[number] = world.insert("incident", {**values, "number": number}, by=opened)
        else:
            world.update("incident", incidents[number], values, by=_person(world, author))
        report = desk.cycle()
        if report.problems:
            raise RuntimeError(str(report.problems))
        o.rows += 1
        o.decisions += report.counts["decided"]
        o.writes += report.counts["written"]
        o.messages += report.counts["sent"]
        _compare(row, last.get(number), world.record("incident", incidents[number]), desk, o)
        last[number] = row
    o.tickets = len(incidents)


def _compare(row: Row, before: Row | None, record: Mapping[str, str], desk: Desk, o: Outcome) -> None:
    """Note a row whose priority is not ours, and a change of priority in the log with the reason we gave for ours."""
    ours = record.get("priority", "")
    changed = before is not None and before["priority"] != row["priority"]
    if ours != row["priority"][:1] or changed:
        reason = _reason(desk, row["number"])
        if ours != row["priority"][:1]:
            o.differing.append((row, ours, reason))
        if changed and before is not None:
            o.changes.append((before, row, reason))


def _reason(desk: Desk, number: str) -> str:
    """Return the last reason in our journal for an incident's priority."""
    lines = [e.line for e in desk.store.journal(f"{CONNECTION}/{number}") if e.line.stage == "prioritise"]
    told = [line for line in lines if line.outcome not in ("done",)] or lines
    return f"{told[-1].text} [{told[-1].where}]" if told else "no decision"


def _in_order(log: str) -> Iterator[tuple[datetime, Row]]:
    """Return the rows by their times, those of one incident by `sys_mod_count`: within a minute times do not tell."""
    timed = [
        (at, number, place, row) for number, rows in by_incident(log).items() for place, (at, row) in enumerate(rows)
    ]
    for at, _number, _place, row in sorted(timed, key=lambda item: item[:3]):
        yield at, row


def _values(world: World, row: Row) -> dict[str, str]:
    """Return what a row sets: everything that the rules could read, and never the priority."""
    state = row["incident_state"]
    return {
        "short_description": f"{row['category']}, {row['subcategory']}",
        "caller_id": _user(world, row["caller_id"]),
        "impact": row["impact"][:1],
        "urgency": row["urgency"][:1],
        "category": _known(row["category"]),
        "state": STATES.get(state, "3"),
        "hold_reason": HOLDS.get(HELD_FOR.get(state, ""), ""),
        "assignment_group": world.named("sys_user_group", _known(row["assignment_group"])),
        "assigned_to": _user(world, _known(row["assigned_to"])),
    }


def _known(text: str) -> str:
    return "" if text == "?" else text


def _person(world: World, name: str) -> str:
    """Return the user name of somebody in the log, who is added when first met."""
    user_name = name.lower().replace(" ", ".")
    if world.first("sys_user", user_name=user_name) is None:
        world.add_user(user_name, name)
    return user_name


def _user(world: World, name: str) -> str:
    """Return the sys_id of somebody in the log, "" for nobody."""
    return world.find("sys_user", user_name=_person(world, name)) if name else ""


def _print(title: str, o: Outcome) -> None:
    print(f"\n{title}")
    print(f"  {o.rows} rows and cycles, {o.tickets} tickets, {o.decisions} decisions, {o.writes} writes,")
    print(f"  {o.messages} messages, {sum(o.requests.values())} requests {dict(o.requests)}, {o.seconds:.0f} s")
    print(f"  priorities that differ from the log's: {len(o.active)} active rows, {len(o.differing)} with closed ones")
    cells = Counter((row["impact"], row["urgency"], row["priority"], ours, why) for row, ours, why in o.differing)
    for (impact, urgency, priority, ours, why), count in cells.most_common():
        print(f"    {count:4} × ({impact}, {urgency}): the log says {priority}, we gave {ours or 'none'}: {why}")
    followed = [c for c in o.changes if (c[0]["impact"], c[0]["urgency"]) != (c[1]["impact"], c[1]["urgency"])]
    print(
        f"  {len(o.changes)} changes of priority in the log, {len(followed)} of them after impact or urgency changed:"
    )
    for (before, after, why), count in Counter((b["priority"], a["priority"], w) for b, a, w in o.changes).items():
        print(f"    {count:4} × {before} → {after}: {why}")
    print(f"  a further cycle planned {o.planned_at_last} actions")


def main(arguments: list[str]) -> int:
    """Replay the log twice: by the documented matrix, and with the instance's own cell set in it."""
    file = Path(arguments[0]) if arguments else the_log()
    if not file.is_file():
        print(f"skipped: {missing(file)}; or name another one")
        return 0
    log = file.read_text(encoding="utf-8")
    documented, own = replay(log), replay(log, own_cell="P4")
    _print("By the documented matrix", documented)
    _print("With the instance's own cell (3, 3) → 4 set in the matrix", own)
    cells = {(row["impact"][:1], row["urgency"][:1], row["priority"][:1]) for row, _ours, _why in documented.differing}
    good = cells <= {("3", "3", "4")} and not own.differing and not own.planned_at_last and own.writes > 0
    print("\nas expected" if good else "\nNOT as expected")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
