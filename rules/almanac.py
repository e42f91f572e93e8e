"""What the world beyond a workspace says of time, and what is read outside this room: zones and public holidays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, tzinfo
from typing import Final, Protocol


class Almanac(Protocol):
    """Zones by their IANA names, and public holidays by code: "NO", or with a region "CA-BC"."""

    def zone(self, name: str) -> tzinfo | None:
        """Return a zone, or None if there is none of this name."""

    def zones(self) -> Collection[str]:
        """Return the names of all zones."""

    def countries(self) -> Mapping[str, Collection[str]]:
        """Return the regions by country."""

    def holidays(self, code: str) -> frozenset[date]:
        """Return the days of a country, or of one of its regions, that are known."""


class Utc:
    """The almanac of who has none: one zone, and no holidays."""

    def zone(self, name: str) -> tzinfo | None:
        """Return UTC, or None for every other name."""
        return UTC if name == "UTC" else None

    def zones(self) -> Collection[str]:
        """Return the one name."""
        return ("UTC",)

    def countries(self) -> Mapping[str, Collection[str]]:
        """Return nothing."""
        return {}

    def holidays(self, code: str) -> frozenset[date]:
        """Return nothing."""
        return frozenset()


ONLY_UTC: Final = Utc()
