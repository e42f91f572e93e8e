"""Many tickets below one major incident: each hears it once, the most important first, within the platform's limits."""

from __future__ import annotations

from collections import Counter
from math import ceil

import pytest
from test_affected_at_work import RULES
from test_jira_at_work import jira, make_jira  # noqa: F401

from connectors.sandbox.servicenow.limits import RateLimit
from tests.desk.jira_at_work import is_write

MANY = (60, pytest.param(2000, marks=pytest.mark.long))
AT_ONCE = 100
"""Tickets that are read in one request."""

FIRST_ONLY = RULES[: RULES.index("  - {name: next")]
MAJOR = {"major_incident_state": "accepted"}
ALSO_WORSE = RULES + "  - {name: worse, on: prioritised, when: {major: true}, to: [affected], message: %s}\n"


def reported(desk, count):
    """Return a ticket, and so many below it of all priorities."""
    above = desk.report("vera", impact="1", urgency="1")
    rest = [{"impact": "123"[n % 3], "urgency": "123"[n // 3 % 3]} for n in range(count)]
    below = [desk.report(("kari", "an")[n % 2], parent_incident=above, **one) for n, one in enumerate(rest)]
    desk.cycle(times=3)
    return above, below


def asked(desk, cycles=3):
    """Return the requests of the next cycles, whatever these report."""
    before = len(desk.world.requests)
    for _ in range(cycles):
        desk.clock.advance(seconds=60)
        desk.desk().cycle()
    return desk.world.requests[before:]


def heard(desk, below, said):
    """Return how many of these tickets have how many words more than before."""
    return Counter(len(desk.said(one)) - said[one] for one in below)


@pytest.mark.parametrize("many", MANY)
def test_each_hears_it_once_and_the_most_important_first_for_a_few_readings_a_hundred(desk, many):
    desk.rules(RULES)
    above, below = reported(desk, many)
    said = {one: len(desk.said(one)) for one in below}
    desk.change(above, **MAJOR)
    requests = asked(desk, cycles=3)
    written = [request.path.rsplit("/", 1)[1] for request in requests if request.method == "PATCH"]
    order = [desk.ticket(one)["priority"] for one in written]
    assert order == sorted(order)
    assert sorted(written) == sorted([above, *below])
    assert heard(desk, below, said) == {1: many}
    reads = len(requests) - len(written)
    assert reads <= 5 * ceil(many / AT_ONCE) + 2 * 3  # due, anew before old plans are written, as changed, due again


class TestLimits:
    def test_a_platform_that_is_short_of_breath_is_never_asked_too_often(self, desk):
        desk.rules(FIRST_ONLY)
        above, below = reported(desk, 60)
        said = {one: len(desk.said(one)) for one in below}
        desk.clock.advance(seconds=3600 - desk.clock().minute * 60)
        desk.world.limits.add(RateLimit("rest", per_hour=50))
        desk.change(above, **MAJOR)
        requests = asked(desk, cycles=10)
        urgent = [one for one in below if desk.ticket(one)["priority"] in "12"]
        assert heard(desk, urgent, said) == {1: len(urgent)}
        assert heard(desk, below, said)[0] > 0
        desk.clock.advance(seconds=3600)
        requests += asked(desk, cycles=10)
        assert heard(desk, below, said) == {1: 60}
        assert all(request.status != 429 for request in requests)

    def test_a_second_word_within_minutes_is_stopped_and_the_journal_says_so(self, desk):
        desk.rules(ALSO_WORSE % "major-incident-update")
        above, below = reported(desk, 10)
        desk.change(above, impact="2")
        desk.cycle(times=2)
        said = {one: len(desk.said(one)) for one in below}
        desk.change(above, **MAJOR)
        desk.cycle()
        desk.change(above, impact="1")
        desk.cycle(times=8)
        assert heard(desk, below, said) == {1: 10}
        assert "held back communicate worse: those affected heard of it 120 s ago" in desk.journal(above)


ON_JIRA = RULES.replace("routes:", "classify: [{name: urgent, set: {urgency: high}}]\nroutes:")
IMPACTS = ("Minor / Localized", "Extensive / Widespread", "Significant / Large")
RANKS = ("Highest", "High", "Medium", "Low", "Lowest")


@pytest.fixture
def on_jira(jira):  # noqa: F811
    """Return a function that reports a ticket on Jira, and so many linked to it."""

    def report(count):
        jira.rules(ON_JIRA)
        text = (jira.folder / "desk.yaml").read_text(encoding="utf-8")
        jira.write_rules(text.replace("fields: {", "fields: {parent: is caused by, "))
        jira.site.add_user("Vera Clarke", account="vera", customer=True)
        above = jira.report(by="vera", Impact=IMPACTS[1])
        below = [jira.report(Impact=IMPACTS[n % 3]) for n in range(count)]
        for one in below:
            jira.site.link(one, "is caused by", above, by="ida")
        jira.cycle(times=4)
        return above, below

    return report


@pytest.mark.parametrize("many", MANY)
def test_on_jira_each_hears_it_once_and_the_most_important_first(jira, on_jira, many):  # noqa: F811
    above, below = on_jira(many)
    said = {one: len(jira.said(one, public=True)) for one in below}
    jira.change(above, labels=["major-incident"])
    before = len(jira.site.requests)
    jira.cycle(times=3)
    requests = jira.site.requests[before:]
    issues = {jira.site.issue(one)["key"]: jira.site.issue(one) for one in (above, *below)}
    written = [r.path.split("/")[-2] for r in requests if r.method == "POST" and r.path.endswith("/comment")]
    order = [RANKS.index(issues[key]["priority"]) for key in written]
    reads = sum(not is_write(request.method, request.path) for request in requests)
    assert order == sorted(order)
    assert len(set(order)) > 1
    assert Counter(len(jira.said(one, public=True)) - said[one] for one in below) == {1: many}
    assert reads <= (10 * ceil(many / AT_ONCE) + 12 if jira.site.cloud else 3 * many)  # Data Center reads each anew
