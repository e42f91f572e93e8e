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

_Key = tuple[Fact | None, Fact | None, Fact | None, Fact | None]
"""What terms depend on: priority, service, the customer's organisation, the service's calendar."""


class Terms(NamedTuple):
    """What holds for one ticket. Targets are seconds of the calendar; 0 is none."""

    calendar: Calendar
    respond: int
    resolve: int
    updates: int


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
    _known: dict[_Key, Terms] = field(default_factory=dict, repr=False, compare=False)

    def of(self, facts: Facts) -> Terms:
        """Return what holds for a ticket with these facts."""
        key = _key(facts)
        return self._known.get(key) or self._remember(key)

    def whose(self, facts: Facts, clock: str) -> str:
        """Say whose target holds: "service booking"; "" where nobody has one."""
        return next((whose for whose, targets in self._agreed(_key(facts)) if clock in targets), "")

    def hours_of(self, facts: Facts) -> tuple[str, str]:
        """Return the name of the calendar, and whose it is: "priority P1", "service booking" or "the desk"."""
        return self._hours(_key(facts))

    def any(self) -> bool:
        """Tell whether anything is promised at all."""
        agreed = (*self.priorities.values(), *self.services.values(), *self.organisations.values())
        return any(any(targets.values()) for targets in agreed)

    def _remember(self, key: _Key) -> Terms:
        agreed = self._agreed(key)
        targets = [next((one[clock] for _, one in agreed if clock in one), 0) for clock in CLOCKS]
        if len(self._known) >= 10_000:
            self._known.clear()
        self._known[key] = terms = Terms(self.calendars[self._hours(key)[0]], *targets)
        return terms

    def _agreed(self, key: _Key) -> list[tuple[str, Targets]]:
        """Return whose targets count, those first that beat the others, and what they are for this priority."""
        priority, service, customer = str(key[0] or ""), str(key[1] or ""), key[2]
        customers = customer if isinstance(customer, tuple) else (str(customer or ""),)
        own = self.organisations
        return [
            *((f"organisation {one}", own.get((one.casefold(), priority), NO_TARGETS)) for one in customers),
            (f"service {service}", self.services.get((service, priority), NO_TARGETS)),
            (f"priority {priority}", self.priorities.get(priority, NO_TARGETS)),
        ]

    def _hours(self, key: _Key) -> tuple[str, str]:
        priority, service, calendar = str(key[0] or ""), str(key[1] or ""), str(key[3] or "")
        if priority in self.hours:
            return self.hours[priority], f"priority {priority}"
        return (calendar, f"service {service}") if calendar else (self.desk, "the desk")


def _key(facts: Facts) -> _Key:
    get = facts.get
    return get("priority"), get("service"), get("requester.organisation"), get("service.calendar")
