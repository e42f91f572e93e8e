"""What a platform allows: learnt from its answers, kept while it lasts, forgotten when it is renewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.web.limits import FAILURES, LONGEST, Limits

START = datetime(2026, 11, 2, 8, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(clock, lambda: 0.999)


def unix(seconds: float) -> str:
    return str(int((START + timedelta(seconds=seconds)).timestamp()))


class TestTooManyRequests:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Retry-After": "300"},
            {"Retry-After": format_datetime(START + timedelta(seconds=300), usegmt=True)},
            {"X-RateLimit-Reset": unix(300)},
            {"X-RateLimit-Reset": "2026-11-02T08:05:00Z"},
        ],
    )
    def test_leave_the_platform_alone_for_as_long_as_it_says(self, limits, clock, headers):
        limits.heard(429, headers | {"Date": format_datetime(START, usegmt=True)})
        assert limits.wait() == 300
        clock.go_on(299)
        assert limits.wait() == 1
        clock.go_on(1)
        assert limits.wait() == 0

    def test_are_like_a_service_that_is_away_and_says_for_how_long(self, limits):
        limits.heard(503, {})
        assert limits.wait() == 0
        limits.heard(503, {"Retry-After": "300"})
        assert limits.wait() == 300

    def test_on_one_ticket_leave_all_others_free(self, limits):
        left = {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(300)}
        limits.heard(429, {"Retry-After": "300", "RateLimit-Reason": "jira-per-issue-on-write", **left})
        assert limits.wait() == 0

    def test_for_longer_than_a_day_are_not_believed(self, limits):
        limits.heard(429, {"Retry-After": "99999999999999999999"})
        assert limits.wait() == 24 * 3600


class TestAnAllowance:
    def hourly(self, most: int, left: str = "", reset: float = 3600) -> dict[str, str]:
        more = {"X-RateLimit-Remaining": left} if left else {}
        return {"X-RateLimit-Limit": str(most), "X-RateLimit-Reset": unix(reset), "X-RateLimit-Rule": "rest", **more}

    def test_that_does_not_say_what_is_left_is_counted(self, limits):
        for _ in range(9):
            limits.heard(200, self.hourly(10))
        assert (limits.is_scarce(), limits.wait()) == (True, 0)
        limits.heard(200, self.hourly(10))
        assert limits.wait() == 3600

    def test_is_full_again_when_it_is_renewed(self, limits, clock):
        for _ in range(10):
            limits.heard(200, self.hourly(10))
        clock.go_on(3600)
        assert (limits.is_scarce(), limits.wait()) == (False, 0)
        limits.heard(200, self.hourly(10, reset=7200))
        assert limits.is_scarce() is False

    def test_that_says_what_is_left_is_believed(self, limits):
        limits.heard(200, self.hourly(1000, left="100"))
        assert (limits.is_scarce(), limits.wait()) == (True, 0)
        limits.heard(200, self.hourly(1000, left="500"))
        assert limits.is_scarce() is False

    def test_of_a_second_is_no_reason_to_put_anything_off(self, limits):
        limits.heard(200, self.hourly(10, left="1", reset=1))
        assert limits.is_scarce() is False

    def test_that_is_renewed_in_a_hundred_years_is_asked_again_tomorrow(self, limits):
        limits.heard(200, self.hourly(10, left="0", reset=100 * 366 * 24 * 3600))
        assert limits.wait() == 24 * 3600

    def test_of_several_rules_the_nearest_to_its_end_counts(self, limits):
        limits.heard(200, self.hourly(1000, left="900"))
        limits.heard(200, self.hourly(10, left="0", reset=600) | {"X-RateLimit-Rule": "batch"})
        assert limits.wait() == 600


class TestClocks:
    def test_that_differ_do_not_matter_since_the_answer_has_a_date(self, limits, clock):
        theirs = START + timedelta(hours=2)
        reset = str(int((theirs + timedelta(seconds=600)).timestamp()))
        headers = {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        limits.heard(200, headers | {"Date": format_datetime(theirs, usegmt=True)})
        assert limits.wait() == 600

    def test_that_are_set_back_keep_nobody_waiting(self, limits, clock):
        clock.go_on(10 * 3600)
        limits.heard(429, {"Retry-After": "300"})
        assert limits.wait() == 300
        clock.go_on(-10 * 3600)
        assert limits.wait() == 0


class TestFailures:
    def fail(self, limits: Limits, times: int = FAILURES) -> None:
        for _ in range(times):
            limits.failed()

    def test_in_a_row_open_the_circuit_for_a_while(self, limits, clock):
        self.fail(limits, FAILURES - 1)
        assert limits.wait() == 0
        limits.failed()
        assert 15 <= limits.wait() <= 30
        clock.go_on(30)
        assert limits.wait() == 0

    def test_that_go_on_open_it_for_longer_and_never_for_more_than_a_quarter_of_an_hour(self, limits, clock):
        waits = []
        for _ in range(12):
            self.fail(limits, FAILURES if not waits else 1)
            waits.append(limits.wait())
            clock.go_on(limits.wait())
        assert waits == sorted(waits)
        assert 700 < waits[-1] <= LONGEST.total_seconds()

    def test_end_with_an_answer_whatever_it_says(self, limits, clock):
        self.fail(limits, FAILURES - 1)
        limits.heard(404, {})
        self.fail(limits, FAILURES - 1)
        assert limits.wait() == 0

    def test_do_not_end_with_an_answer_that_is_a_failure(self, limits):
        for _ in range(FAILURES):
            limits.heard(503, {})
            limits.failed()
        assert limits.wait() > 0


WRITTEN = st.integers().map(str) | st.text("0123456789-:.TZ ,GMTMonNov²", max_size=30)
NAMES = ("Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Date", "RateLimit-Reason")


@given(st.sampled_from([200, 429, 503]), st.dictionaries(st.sampled_from(NAMES), WRITTEN))
def test_no_header_breaks_it_or_keeps_it_away_for_more_than_a_day(status, headers):
    limits = Limits(lambda: START)
    limits.heard(status, headers)
    assert 0 <= limits.wait() <= 24 * 3600
    assert limits.is_scarce() in (True, False)
