"""Reads what the world says of time: zones of the IANA database, and public holidays by country and region."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from datetime import date, tzinfo
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

YEARS: Final = range(2010, 2051)
"""Years whose holidays are known. They are the same every day, so that no day changes what a rulebook decides."""


class WorldAlmanac:
    """What the packages `tzdata` and `holidays` know. Each is loaded when it is first asked."""

    def zone(self, name: str) -> tzinfo | None:
        """Return a zone, or None if there is none of this name."""
        return ZoneInfo(name) if name in _zones() else None

    def zones(self) -> Collection[str]:
        """Return the names of all zones."""
        return _zones()

    def countries(self) -> Mapping[str, Collection[str]]:
        """Return the regions by country."""
        return _countries()

    def holidays(self, code: str) -> frozenset[date]:
        """Return the public holidays of a country, or of one of its regions."""
        return _holidays(code)


@cache
def _zones() -> frozenset[str]:
    """Return the names as `tzdata` lists them: a system's own folder of zones holds files that are none."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@cache
def _countries() -> Mapping[str, Collection[str]]:
    from holidays import list_supported_countries

    return {code: regions for code, regions in list_supported_countries().items() if len(code) == len("NO")}


@cache
def _holidays(code: str) -> frozenset[date]:
    """Return the days; a package that warns of years which it does not know is believed for the others."""
    from holidays import country_holidays

    country, _, region = code.partition("-")
    with warnings.catch_warnings(action="ignore"):
        return frozenset(country_holidays(country, subdiv=region or None, years=YEARS))
