"""Reading what changed, page by page: nothing is skipped, whatever changes, breaks off or comes late meanwhile."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.base import TryLater
from connectors.jira_service_management.client import Found, Issue
from connectors.jira_service_management.pages import LATE, LIMIT, PAGE_BYTES, Pages, Place, changed, place

START = 1_800_000_000_000
AT = datetime.fromtimestamp(START / 1000, UTC)


def issue(id: int, updated: int) -> Issue:
    at = datetime.fromtimestamp(updated // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {"id": str(id), "key": f"IT-{id}", "fields": {"updated": f"{at}.{updated % 1000:03}+0000"}}


class Platform:
    """A search over times by issue id, whose pages are numbered, so that they shift when issues change."""

    def __init__(self, times: dict[int, int], limit: int = 3, unit: int = 1) -> None:
        self.times, self.limit, self.unit = times, limit, unit  # the index sorts and compares by so many milliseconds
        self.now = START
        self.asked: list[tuple[str, str]] = []

    def read(self, condition: str, limit: int, after: str, _ids: object) -> Found:
        self.asked.append((condition, after))
        sign, begin = re.fullmatch(r"(?:updated (>=?) (-?\d+))?", condition).groups()
        indexed = {id: time // self.unit for id, time in self.times.items()}
        after_it = int(begin) // self.unit - (sign == ">=") if sign else 0
        rows = sorted((indexed[id], id, time) for id, time in self.times.items() if not sign or indexed[id] > after_it)
        start = int(after or 0)
        page = rows[start : start + self.limit]
        end = start + len(page)
        at = datetime.fromtimestamp(self.now / 1000, UTC)
        return Found([issue(id, time) for _, id, time in page], str(end) if end < len(rows) else "", at, 1000)

    def pages(self) -> Pages:
        return Pages(self.read)


def read_all(platform: Platform, start: Place) -> tuple[list[int], Place]:
    seen, after = [], start
    for issues, there in platform.pages().since(start):
        seen += [int(one["id"]) for one in issues]
        after = there
    return seen, after


AGES = st.integers(0, 40) | st.integers(0, 40).map(lambda days: days * 86_400_000)
times = st.dictionaries(st.integers(1, 30), AGES.map(lambda age: START - age), max_size=25)


class TestPages:
    @given(times=times)
    def test_everything_is_read_in_the_order_of_change(self, times):
        seen, after = read_all(Platform(times), Place())
        assert list(dict.fromkeys(seen)) == [id for _, id in sorted((at, id) for id, at in times.items())]
        assert after.at == max(times.values(), default=0)

    @given(times=times, stop=st.integers(1, 8))
    def test_a_reading_that_breaks_off_goes_on_without_a_gap(self, times, stop):
        platform, seen, after = Platform(times), set(), Place()
        for number, (issues, there) in enumerate(platform.pages().since(Place()), 1):
            seen |= {int(one["id"]) for one in issues}
            after = there
            if number == stop:
                break
        seen |= set(read_all(platform, after)[0])
        assert seen == times.keys()

    @given(times=times, moves=st.lists(st.tuples(st.integers(1, 30), st.integers(1, 6)), max_size=5))
    def test_an_index_that_knows_whole_seconds_only_hides_nothing(self, times, moves):
        spread = {id: at - id * 1000 for id, at in times.items()}
        platform, latest, after = Platform(dict(spread), unit=1000), {}, Place()
        for number, (issues, there) in enumerate(platform.pages().since(Place()), 1):
            latest |= {int(one["id"]): changed(one) for one in issues}
            after = there
            for id, when in moves:
                if when == number and id in spread:
                    platform.times[id] = START + number
        platform.now += 60_000
        for issues, _ in platform.pages().since(after):
            latest |= {int(one["id"]): changed(one) for one in issues}
        assert latest == platform.times

    @given(times=times, late=st.integers(0, LATE - 1))
    def test_a_change_that_becomes_visible_late_is_read_by_the_next_reading(self, times, late):
        platform = Platform(times)
        _, after = read_all(platform, Place())
        platform.times = {**times, 99: START - late}
        platform.now += 1000
        assert 99 in read_all(platform, after)[0]

    @given(times=times, moves=st.lists(st.tuples(st.integers(1, 30), st.integers(1, 6)), max_size=5))
    @example(times={**dict.fromkeys((1, 2, 3, 4), START - 1000), 5: START - 5000}, moves=[(1, 2)])
    @example(times={**dict.fromkeys((1, 2, 3, 4), START - 3000), 5: START - 5000, 6: START - 1000}, moves=[(1, 2)])
    def test_what_changes_while_it_is_read_is_read_again(self, times, moves):
        platform = Platform(dict(times))
        latest: dict[int, int] = {}
        after = Place()
        for number, (issues, there) in enumerate(platform.pages().since(Place()), 1):
            latest |= {int(one["id"]): changed(one) for one in issues}
            after = there
            for id, when in moves:
                if when == number and id in times:
                    platform.times[id] = START + number
        platform.now += 60_000
        for issues, _ in platform.pages().since(after):
            latest |= {int(one["id"]): changed(one) for one in issues}
        assert latest == platform.times

    def test_an_idle_reading_long_after_is_one_question_and_moves_nothing(self):
        platform = Platform({1: START - 5, 2: START})
        platform.now = START + LATE + 1
        _, after = read_all(platform, Place())
        platform.asked.clear()
        assert read_all(platform, after) == ([], after)
        assert platform.asked == [(f"updated > {START}", "")]

    def test_more_changes_in_one_millisecond_than_a_page_holds_are_all_read(self):
        platform = Platform(dict.fromkeys(range(1, 20), START))
        assert sorted(set(read_all(platform, Place())[0])) == list(range(1, 20))


def test_a_page_out_of_order_leaves_the_place_where_it_was_until_all_is_read():
    def read(condition: str, limit: int, after: str, _ids: object) -> Found:
        page = [issue(1, START), issue(2, START - 9)] if not after else [issue(3, START - 5)]
        return Found(page, "" if after else "1", AT, 1000)

    places = [after for _, after in Pages(read).since(Place())]
    assert places == [Place(), Place(START, START, True)]


def test_a_platform_that_names_the_same_next_page_twice_is_left_until_later():
    def read(condition: str, limit: int, after: str, _ids: object) -> Found:
        return Found([issue(1, START)], "again", AT, 1000)

    with pytest.raises(TryLater, match="twice"):
        list(Pages(read).since(Place()))


def test_the_issues_written_last_are_reconciled_the_fifty_newest_once_each():
    asked: list[tuple[str, ...]] = []

    def read(condition: str, limit: int, after: str, ids: tuple[str, ...]) -> Found:
        asked.append(ids)
        return Found([], "", AT, 10)

    pages = Pages(read)
    for id in [*range(60), 59, 58]:
        pages.wrote(str(id))
    list(pages.since(Place()))
    assert len(asked[0]) == len(set(asked[0])) == 50
    assert asked[0][-1] == "58"


def test_large_issues_make_smaller_pages():
    asked: list[int] = []

    def read(condition: str, limit: int, after: str, ids: tuple[str, ...]) -> Found:
        asked.append(limit)
        page = [issue(one, START) for one in range(limit)]
        return Found(page, "" if len(asked) > 1 else "1", AT, limit * PAGE_BYTES // 50)

    list(Pages(read).since(Place()))
    assert asked == [LIMIT, 50]


def test_a_cursor_is_a_place_and_back():
    assert place(Place(3, 4, True).text()) == Place(3, 4, True)
    assert place(None) == place("") == Place()
