"""Rosters: who is on call where it is kept elsewhere, read now and then, and kept while the source is silent."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from connectors.base import Connector, ConnectorError, Finding, Unusable
from connectors.rota.sheet import Odd, Sheet
from connectors.state.shelf import Kept
from connectors.web.secrets import masked, resolved
from rules.calendar import DAY
from rules.rosters import OLDEST, Roster

if TYPE_CHECKING:
    from connectors.rota.feed import Feed
    from connectors.state.store import Store
    from rules.rosters import Feed as Source
    from rules.rulebook import Rulebook, Team

EVERY: Final = timedelta(minutes=15)
"""How often a source is asked at most. A swap that is made for now is known a quarter of an hour later, which is also
how long a ladder waits for somebody at the least; calendars of the large providers are no fresher themselves."""

BEFORE: Final = DAY
AHEAD: Final = 35 * DAY
"""What is read of a roster: yesterday, for who has been called, and five weeks, for who asks who is next."""

RENEWED: Final = 28 * DAY
"""A calendar that has not changed since is believed for so long; then its next week is to be worked out."""

SOON: Final = 7 * DAY
"""A roster that has nobody in the coming week has most likely been forgotten."""


class Rosters:
    """The rosters of a desk: `refresh` reads what is due, `problems` is team → what is wrong with its roster.

    The last good roster stays while the source is silent or answers nonsense; `rules.rosters` knows when it is too old.
    Without a store nothing is kept beyond this object, with one that is `borrowed` nothing is written to it.
    """

    def __init__(
        self,
        book: Rulebook,
        environ: Mapping[str, str],
        store: Store | None,
        connectors: Mapping[str, Connector],
        only: Collection[str] | None = None,
        borrowed: bool = False,
    ) -> None:
        self._book, self._environ, self._connectors = book, environ, connectors
        self._teams = {
            key: team for key, team in book.teams.items() if team.feed is not None and (only is None or key in only)
        }
        self._shelf = store.shelf() if store is not None else None
        self._borrowed = borrowed
        self._now = datetime.fromtimestamp(0, UTC)
        self._tried: dict[str, int] = {}
        self._failed: dict[str, str] = {}
        self._feeds: dict[str, Feed] = {}
        self.odd: dict[str, tuple[Odd, ...]] = {}
        self.problems: dict[str, str] = {}
        self._kept = self._from_shelf()

    def _from_shelf(self) -> dict[str, Kept]:
        """Return what is kept from the sources of today; that of others is forgotten."""
        kept = self._shelf.all() if self._shelf is not None and (self._teams or not self._borrowed) else {}
        mine = {key: one for key, one in kept.items() if key in self._teams and one.source == self._source(key)}
        if self._shelf is not None and not self._borrowed:
            self._shelf.forget(kept.keys() - mine.keys())
        return mine

    def now(self, clock: Callable[[], datetime]) -> Mapping[str, Roster]:
        """Return the rosters by team, as they are known now."""
        return self.refresh(clock())

    def refresh(self, now: datetime) -> Mapping[str, Roster]:
        """Read what is due, and return the rosters by team."""
        self._now, at = now, int(now.timestamp())
        for team in self._teams:
            if self._is_due(team, at):
                self._read(team, at)
        self.problems = {key: line for key in self._teams if (line := self._problem(key, at))}
        return {key: kept.roster for key, kept in self._kept.items()}

    def _is_due(self, team: str, at: int) -> bool:
        """Tell whether a source may be asked again; where the clock was set back nothing else says so."""
        kept = self._kept.get(team) if not self._borrowed else None
        last = max((kept.roster.read_at if kept is not None else 0), self._tried.get(team, 0))
        return not last <= at < last + int(EVERY.total_seconds())

    def _read(self, team: str, at: int) -> None:
        self._tried[team] = at
        try:
            kept = self._asked(team, at)
        except ConnectorError as error:
            self._failed[team] = masked(str(error))
            return
        self._failed.pop(team, None)
        self._kept[team] = kept
        if self._shelf is not None and not self._borrowed:
            self._shelf.put(team, kept)

    def _asked(self, team: str, at: int) -> Kept:
        feed = self._teams[team].feed
        assert feed is not None  # noqa: S101 - teams without one are left out
        return self._of_calendar(team, feed, at) if feed.ical else self._of_schedule(team, feed, at)

    def _of_schedule(self, team: str, feed: Source, at: int) -> Kept:
        connector: Any = self._connectors.get(feed.source)
        if connector is None:
            raise Unusable(f"{feed.source} could not be opened")
        sheet = connector.sheet(feed.schedule, self._book.people, at - BEFORE, at + AHEAD)
        return self._as_kept(team, sheet, at)

    def _of_calendar(self, team: str, feed: Source, at: int) -> Kept:
        from connectors.rota.feed import NONE, Version, address
        from connectors.rota.ics import sheet
        from connectors.rota.naming import People

        url, kept = address(feed.ical, self._environ, "ical"), self._kept.get(team)
        is_far = kept is not None and kept.roster.covers_until >= at + RENEWED
        version = Version(kept.etag, kept.modified) if kept is not None and is_far else NONE
        found = self._feed(team, feed, url).fetch(url, version)
        if found.text is None and kept is not None:
            return kept._replace(roster=kept.roster._replace(read_at=at))
        read = sheet(found.text or "", People(self._book.people), feed.zone, at - BEFORE, at + AHEAD)
        return self._as_kept(team, read, at, *found.version)

    def _as_kept(self, team: str, sheet: Sheet, at: int, etag: str = "", modified: str = "") -> Kept:
        self.odd[team] = sheet.odd
        roster = Roster(sheet.turns, at, at + AHEAD, at - BEFORE)
        return Kept(self._source(team), roster, etag, modified, tuple(one.start for one in sheet.odd))

    def _feed(self, team: str, feed: Source, url: str) -> Feed:
        """Return the session of a team's calendar. It lives on, because it knows for how long it is left alone."""
        from connectors.rota.feed import opened
        from connectors.web.limits import Limits

        if feed.ca_file and not os.path.isfile(feed.ca_file):
            raise Unusable(f"ca_file {feed.ca_file} is not there")
        if team not in self._feeds:
            proxy = resolved(feed.proxy, self._environ, "proxy")
            self._feeds[team] = opened(url, proxy, feed.ca_file, Limits(lambda: self._now))
        return self._feeds[team]

    def _source(self, team: str) -> str:
        """Return the digest of what a roster depends on beside its source: as written, without values of secrets."""
        people = [(one.key, one.email, sorted(one.accounts.items())) for one in self._book.people.values()]
        feed = self._teams[team].feed
        return blake2b(repr((str(feed), people)).encode(errors="surrogatepass"), digest_size=8).hexdigest()

    def _problem(self, team: str, at: int) -> str:
        """Return what is wrong with a roster in one line, or "". What an event is called is not said: it is kept."""
        kept, failed = self._kept.get(team), self._failed.get(team)
        if failed is not None:
            return f"the roster of {team} could not be read: {failed}; {self._last_read(team, at)}"
        if kept is None:
            return ""
        if not any(turn.person and turn.start < at + SOON and turn.end > at for turn in kept.roster.turns):
            return f"the roster of {team} has nobody whom we know in the coming seven days"
        if kept.odd:
            count = f"{len(kept.odd)} entries name" if len(kept.odd) > 1 else "one entry names"
            return f"the roster of {team}: {count} nobody under people:{self._first(team, kept)}"
        return ""

    def _last_read(self, team: str, at: int) -> str:
        kept = self._kept.get(team)
        if kept is None:
            return "it was never read"
        old = ", too long ago to be believed" if at - kept.roster.read_at > OLDEST else ""
        return f"last read {self._clock(team, kept.roster.read_at)}{old}"

    def _first(self, team: str, kept: Kept) -> str:
        starts = [start for start in kept.odd if start is not None]
        return f", the first one {self._clock(team, min(starts))}" if starts else ""

    def _clock(self, team: str, at: int) -> str:
        feed = self._teams[team].feed
        return f"{datetime.fromtimestamp(at, feed.zone if feed is not None else UTC):%Y-%m-%d %H:%M}"


def check(rosters: Rosters, book: Rulebook, now: datetime) -> Iterator[Finding]:
    """Yield what `check --online` has to say of rosters: what keeps one from being read, and what it lacks."""
    rosters.refresh(now)
    for key, line in rosters.problems.items():
        team, odd = book.teams[key], rosters.odd.get(key, ())
        weight: Any = "warning" if key in rosters.odd else "problem"
        yield Finding(weight, line, _mend(team, odd, is_read=key in rosters.odd))


def _mend(team: Team, odd: tuple[Odd, ...], is_read: bool) -> str:
    named = sorted({one.name for one in odd if one.name})
    names = f"such as {named[0][:60]!r}: " if named else ""
    if odd:
        return f"{names}invite the person by the e-mail under people:, or write the key under people: as its title"
    if is_read:
        return f"plan the coming weeks in {team.roster}"
    if team.feed is not None and team.feed.ical:
        return "open the address in a browser without signing in: it gives a file that begins with BEGIN:VCALENDAR"
    return ""
