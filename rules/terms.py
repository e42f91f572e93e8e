"""What a desk promises: how soon it answers, solves and says where things stand, and in whose working hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rules.calendar import Calendar
from rules.model import Fact, Facts

CLOCKS: Final = ("respond", "resolve", "updates")
Targets = Mapping[str, int]
"""Clock → seconds of working time."""


class Terms(NamedTuple):
    """What holds for one ticket. Targets are seconds of the calendar; 0 is none."""

    calendar: Calendar
    respond: int
    resolve: int
    updates: int

    def target(self, clock: str) -> int:
        """Return a clock's target."""
        return (self.respond, self.resolve, self.updates)[CLOCKS.index(clock)]


NO_TARGETS: Final[Targets] = {}


@dataclass(frozen=True, slots=True)
class Agreements:
    """Targets by priority, and by service and customer where these have their own: (name, priority) → targets.

    What is agreed with the customer beats what holds for the service, and that what holds for the priority, clock by
    clock. The calendar is the priority's, else the service's, else the desk's.
    """

    calendars: Mapping[str, Calendar]
    desk: str
    priorities: Mapping[str, Targets]
    hours: Mapping[str, str]  # priority → its calendar
    services: Mapping[tuple[str, str], Targets] = field(default_factory=dict)
    organisations: Mapping[tuple[str, str], Targets] = field(default_factory=dict)
    _known: dict[tuple[Fact | None, ...], Terms] = field(default_factory=dict, repr=False, compare=False)

    def of(self, facts: Facts) -> Terms:
        """Return what holds for a ticket with these facts."""
        get = facts.get
        key = get("priority"), get("service"), get("requester.organisation"), get("service.calendar")
        return self._known.get(key) or self._remember(key)

    def any(self) -> bool:
        """Tell whether anything is promised at all."""
        agreed = (*self.priorities.values(), *self.services.values(), *self.organisations.values())
        return any(any(targets.values()) for targets in agreed)

    def _remember(self, key: tuple[Fact | None, ...]) -> Terms:
        priority, service, customer, calendar = (one if isinstance(one, tuple) else str(one or "") for one in key)
        customers = customer if isinstance(customer, tuple) else (customer,)
        agreed = [
            *(self.organisations.get((one.casefold(), str(priority)), NO_TARGETS) for one in customers),
            self.services.get((str(service), str(priority)), NO_TARGETS),
            self.priorities.get(str(priority), NO_TARGETS),
        ]
        targets = [next((one[clock] for one in agreed if clock in one), 0) for clock in CLOCKS]
        name = self.hours.get(str(priority)) or str(calendar) or self.desk
        if len(self._known) >= 10_000:
            self._known.clear()
        self._known[key] = terms = Terms(self.calendars[name], *targets)
        return terms
