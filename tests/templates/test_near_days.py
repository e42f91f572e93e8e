"""A single reader hears of yesterday, today and tomorrow by their names, and everybody else of the date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message_desk import READERS

from templates.context import Context
from templates.locales import NEAR, moment
from templates.render import Renderer

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = ["Europe/Oslo", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/Nuuk"]
CHANGES = [
    *(datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),  # the clocks of Europe
    *(datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, tzinfo=UTC)),  # half an hour, on Lord Howe
]


@pytest.mark.parametrize(
    ("language", "yesterday", "today", "tomorrow"),
    [
        ("en", "yesterday at 14:30", "today at 14:30", "tomorrow at 14:30"),
        ("nb", "i går kl. 14:30", "i dag kl. 14:30", "i morgen kl. 14:30"),
        ("vi", "14:30 hôm qua", "14:30 hôm nay", "14:30 ngày mai"),
        ("zh-Hans", "昨天14:30", "今天14:30", "明天14:30"),
        ("es", "ayer a las 14:30", "hoy a las 14:30", "mañana a las 14:30"),
        ("fr", "hier à 14:30", "aujourd’hui à 14:30", "demain à 14:30"),
        ("de", "gestern, 14:30 Uhr", "heute, 14:30 Uhr", "morgen, 14:30 Uhr"),
        ("ja", "昨日 14:30", "本日 14:30", "明日 14:30"),
        ("pt-BR", "ontem às 14:30", "hoje às 14:30", "amanhã às 14:30"),
        ("ar", "أمس الساعة 14:30", "اليوم الساعة 14:30", "غدًا الساعة 14:30"),
    ],
)
def test_near_days_have_names_in_every_language(language: str, yesterday: str, today: str, tomorrow: str) -> None:
    said = [moment(NOW + days * DAY, language, "Europe/Oslo", NOW) for days in (-1, 0, 1)]
    assert said == [yesterday, today, tomorrow]


def test_days_farther_away_and_languages_without_names_for_them_keep_the_date() -> None:
    assert moment(NOW + 2 * DAY, "en", "Europe/Oslo", NOW) == moment(NOW + 2 * DAY, "en", "Europe/Oslo")
    assert moment(NOW, "pl", "Europe/Oslo", NOW) == moment(NOW, "pl", "Europe/Oslo")
    assert len(NEAR) == len(READERS)


@pytest.mark.parametrize("zone", ["", "Nowhere/Town"])
def test_whose_zone_is_not_known_reads_the_date_in_utc(zone: str) -> None:
    assert moment(NOW, "en", zone, NOW) == "Mon, 23 Nov 2026, 13:30 UTC"


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        ("requester", "today at 14:30"),
        ("affected", "today at 14:30"),
        ("sponsor", "today at 14:30"),
        ("team", "Mon, 23 Nov 2026, 14:30"),
    ],
)
def test_a_team_reads_the_date_since_it_reads_later_and_elsewhere(
    make: Callable[..., Context], reader: str, said: str
) -> None:
    body = "{% if audience == 'sponsor' or audience == 'affected' %}{% endif %}{{ ticket.expected_fix | when }}"
    source = f"{{% block subject %}}s{{% endblock %}}{{% block body %}}{body}{{% endblock %}}"
    context = make({"expected_fix": NOW}, "en", reader, READERS["nb"])
    context["reader"]["zone"] = "Europe/Oslo"
    assert Renderer({"en/m.md.j2": source}).render("m", "en", context).body.startswith(f"{said}\n")


def local_days(zone: ZoneInfo, start: datetime, end: datetime) -> list[object]:
    """Return the days that begin or go on between two moments, by looking at the clock on the wall all the time."""
    steps = int((end - start) / timedelta(minutes=15))
    walls = [(start + count * timedelta(minutes=15)).astimezone(zone).date() for count in range(steps)]
    return list(dict.fromkeys([*walls, end.astimezone(zone).date()]))


@given(
    st.sampled_from(ZONES),
    st.one_of(
        st.sampled_from(CHANGES),
        st.timedeltas(timedelta(), 5_000 * DAY).map(lambda after: datetime(2013, 1, 1, tzinfo=UTC) + after),
    ),
    st.timedeltas(-3 * DAY, 3 * DAY),
    st.timedeltas(-DAY, DAY),
)
def test_a_day_is_the_readers_own_whatever_the_clocks_do(
    zone: str, around: datetime, off: timedelta, away: timedelta
) -> None:
    now, at = around + away, around + away + off
    days = local_days(ZoneInfo(zone), min(now, at), max(now, at))
    known = {0: "today", 1: "tomorrow" if at > now else "yesterday"}.get(len(days) - 1)
    said = moment(at, "en", zone, now)
    clock = at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    assert said == (f"{known} at {clock}" if known else moment(at, "en", zone))
