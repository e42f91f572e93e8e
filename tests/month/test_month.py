"""A month with outages and changes of clocks: an independent checker finds nothing to say, and finds planted bugs."""

from __future__ import annotations

import pytest

from tests.month.checker import check, told_in_full
from tests.month.months import MIDDLE, MONTH, SHORT, simulated
from tests.month.planted import BUGS, Bug
from tests.month.world import Plan


def nothing_to_say(plan: Plan) -> None:
    """Hold that the checker has nothing to say about a month in which a lot happens."""
    world, log = simulated(plan)
    assert len(log.tickets) == plan.tickets
    assert world.decisions > 8 * plan.tickets
    found = check(log)
    assert not found, told_in_full(found)


def test_ten_days_with_a_change_of_clocks_go_as_the_rules_say() -> None:
    nothing_to_say(SHORT)


@pytest.mark.long
def test_a_month_with_5000_tickets_goes_as_the_rules_say() -> None:
    nothing_to_say(MONTH)


@pytest.mark.long
@pytest.mark.parametrize("bug", BUGS, ids=repr)
def test_a_bug_would_be_found(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    bug.plant(monkeypatch)
    _, log = simulated(MIDDLE._replace(seed=bug.seed))
    found = check(log)
    signs = [one for one in found if any(sign in one.text for sign in bug.sign.split("|"))]
    assert signs, f"{bug.sentence}: {told_in_full(found, 1)}"
