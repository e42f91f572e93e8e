"""Zones and public holidays as they are read from the world."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from connectors.almanac import YEARS, WorldAlmanac

ALMANAC = WorldAlmanac()


def test_a_zone_is_found_by_its_name_and_by_nothing_else():
    oslo = ALMANAC.zone("Europe/Oslo")
    assert oslo is not None
    assert str(datetime(2026, 7, 1, tzinfo=oslo).utcoffset()) == "2:00:00"
    for name in ("Europe/Olso", "Europe", "europe/oslo", "", "..", "/etc/localtime", "localtime", "zones", "a\0b"):
        assert ALMANAC.zone(name) is None, name


def test_every_zone_that_is_named_can_be_read():
    assert all(ALMANAC.zone(name) is not None for name in ALMANAC.zones())
    assert len(ALMANAC.zones()) > 400


def test_zones_are_there_on_a_machine_without_a_database_of_its_own():
    program = "from connectors.almanac import WorldAlmanac; print(WorldAlmanac().zone('Asia/Ho_Chi_Minh'))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env={"PYTHONTZPATH": "", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "Asia/Ho_Chi_Minh\n"


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("NO", date(2026, 5, 17)),
        ("CA-BC", date(2026, 8, 3)),
        ("CA", date(2016, 7, 1)),
        ("VN", date(2026, 4, 30)),
        ("NO", date(YEARS[0], 1, 1)),
        ("NO", date(YEARS[-1], 12, 26)),
    ],
)
def test_public_holidays_are_those_of_the_country_or_region(code, day):
    assert day in ALMANAC.holidays(code)


def test_a_region_has_days_that_its_country_has_not():
    assert date(2026, 8, 3) not in ALMANAC.holidays("CA")
    assert "BC" in ALMANAC.countries()["CA"]


def test_what_is_a_holiday_does_not_depend_on_the_day_on_which_it_is_asked():
    assert (YEARS[0], YEARS[-1]) == (2010, 2050)
    assert {day.year for day in ALMANAC.holidays("NO")} == set(YEARS)


def test_a_country_of_which_not_all_years_are_known_is_no_reason_to_complain():
    assert {day.year for day in ALMANAC.holidays("IN")} <= set(YEARS)


@pytest.mark.long
def test_the_holidays_of_every_country_and_region_can_be_read():
    for country, regions in ALMANAC.countries().items():
        for code in (country, *(f"{country}-{region}" for region in regions)):
            assert ALMANAC.holidays(code) is not None, code
