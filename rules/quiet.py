"""When timed messages wait: in a reader's quiet hours, and in a silence that somebody ordered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.calendar import Calendar, Hours
from rules.model import Facts

if TYPE_CHECKING:
    from rules.rule import Condition

MOST_ZONES: Final = 1_000
"""Zones whose quiet hours are kept: there are some 600, and platforms may send anything."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each day, by the reader's own clock, in which timed comments wait, and the tickets that do not care.

    `zone` finds one by its name.
    """

    hours: Hours
    exempt: Condition | None
    zone: Callable[[str], tzinfo | None]
    _calendars: dict[str, Calendar] = field(default_factory=dict, repr=False, compare=False)

    def ends(self, facts: Facts, zone: str, otherwise: tzinfo, at: int) -> int:
        """Return when something may be said to a reader in this zone: `at`, or when the quiet hours end.

        Platforms name zones as they like: one that nobody knows is taken for the `otherwise`.
        """
        if self.exempt is not None and self.exempt.test(facts):
            return at
        calendar = self._calendars.get(zone) or self._calendar(zone, otherwise)
        return calendar.next_close(at) or at

    def _calendar(self, zone: str, otherwise: tzinfo) -> Calendar:
        if len(self._calendars) >= MOST_ZONES:
            self._calendars.clear()
        self._calendars[zone] = calendar = Calendar(self.zone(zone) or otherwise, (self.hours,) * 7)
        return calendar


class Silence(NamedTuple):
    """A while in which timed messages about these tickets wait: seconds since 1970, and why."""

    when: Condition
    start: int
    end: int
    because: str
