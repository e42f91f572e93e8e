"""The shelf: rosters as they were read last, so that a restart or a silent source loses none."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine, delete, select

from connectors.state import database
from connectors.state.codec import EPOCH, moment
from connectors.state.schema import rosters, upsert
from rules.rosters import Roster, Turn

TIMES: Final = ("read_at", "covers_until", "covers_from")
SECOND: Final = 1_000_000
"""Microseconds."""


class Kept(NamedTuple):
    """A roster, where it came from, how its server recognises it, and when entries begin that name nobody."""

    source: str
    roster: Roster
    etag: str = ""
    modified: str = ""
    odd: tuple[int | None, ...] = ()


class Shelf:
    """The rosters of a store, by team. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> dict[str, Kept]:
        """Return what is kept, by team."""
        with self._engine.connect() as db:
            return {row.team: _kept(row._asdict()) for row in db.execute(select(rosters))}

    def put(self, team: str, kept: Kept) -> None:
        """Keep a team's roster in place of the one before."""
        turns = json.dumps({"turns": kept.roster.turns, "odd": kept.odd})
        row: dict[str, Any] = {
            "team": team,
            "source": kept.source,
            "etag": kept.etag,
            "modified": kept.modified,
            "turns": turns,
        }
        times = {name: getattr(kept.roster, name) for name in TIMES}
        row |= {name: moment(at * SECOND) for name, at in times.items()}
        with database.writing(self._engine).begin() as db:
            upsert(db, rosters, [row])

    def forget(self, teams: set[str]) -> None:
        """Forget the rosters of these teams."""
        if teams:
            with database.writing(self._engine).begin() as db:
                db.execute(delete(rosters).where(rosters.c.team.in_(teams)))


def _kept(row: dict[str, Any]) -> Kept:
    found = json.loads(row["turns"])
    turns = tuple(Turn(*turn) for turn in found["turns"])
    times = (int((row[name] - EPOCH).total_seconds()) for name in TIMES)
    return Kept(row["source"], Roster(turns, *times), row["etag"], row["modified"], tuple(found["odd"]))
