"""How a platform that computes priority is brought to the decided one."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from rules.wording import reach

SCALES = {"impact": ("extensive", "significant", "moderate", "minor"), "urgency": ("critical", "high", "medium", "low")}
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
PAIRS = tuple(product(*SCALES.values()))
matrices = st.lists(st.sampled_from(PRIORITIES), min_size=16, max_size=16).map(
    lambda cells: dict(zip(PAIRS, cells, strict=True))
)


def mapped(**levels: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return a value map that has these levels of each fact."""
    return {fact: {level: (level,) for level in names.split()} for fact, names in levels.items()}


STOCK = mapped(impact="extensive significant minor", urgency="high medium low")
EVERYTHING = mapped(impact=" ".join(SCALES["impact"]), urgency=" ".join(SCALES["urgency"]))
MATRIX = {pair: f"P{rank}" for pair, rank in zip(PAIRS, "1123123423343345", strict=True)}
BOTH = ("urgency", "impact")


def test_urgency_changes_where_it_is_enough():
    assert reach(MATRIX, SCALES, STOCK, BOTH)["significant", "medium", "P2"] == ("significant", "high")


def test_impact_changes_by_the_fewest_steps_where_urgency_is_not_enough():
    assert reach(MATRIX, SCALES, STOCK, BOTH)["significant", "low", "P1"] == ("extensive", "high")
    assert reach(MATRIX, SCALES, STOCK, BOTH)["minor", "low", "P2"] == ("significant", "high")


def test_impact_never_changes_where_only_urgency_may():
    found = reach(MATRIX, SCALES, STOCK, ("urgency",))
    assert found["minor", "low", "P3"] == ("minor", "high")
    assert ("minor", "low", "P1") not in found


def test_a_priority_that_is_written_itself_or_only_proposed_needs_no_pair():
    assert reach(MATRIX, SCALES, STOCK, ("priority",)) == {}
    assert reach(MATRIX, SCALES, STOCK, ("note",)) == {}


@given(matrix=matrices, by=st.sampled_from([BOTH, ("impact", "urgency"), ("urgency",), ("impact",)]))
def test_every_pair_gives_the_wanted_priority_and_can_be_written(matrix, by):
    for (impact, urgency, wanted), pair in reach(matrix, SCALES, STOCK, by).items():
        assert matrix[pair] == wanted
        assert pair[0] in STOCK["impact"]
        assert pair[1] in STOCK["urgency"]
        assert pair[0] == impact or "impact" in by
        assert pair[1] == urgency or "urgency" in by


@given(matrix=matrices)
def test_nothing_changes_where_the_reported_pair_gives_the_priority_already(matrix):
    found = reach(matrix, SCALES, EVERYTHING, BOTH)
    assert all(found[*pair, wanted] == pair for pair, wanted in matrix.items())


@given(matrix=matrices)
def test_no_writable_pair_is_nearer_than_the_one_chosen(matrix):
    for (impact, urgency, wanted), chosen in reach(matrix, SCALES, STOCK, BOTH).items():
        start = (impact, urgency)
        others = [p for p in product(STOCK["impact"], STOCK["urgency"]) if matrix[p] == wanted]
        assert all(steps(start, chosen) <= steps(start, other) for other in others)


@given(matrix=matrices)
def test_a_pair_is_missing_only_where_no_writable_pair_gives_the_priority(matrix):
    found = reach(matrix, SCALES, STOCK, BOTH)
    reachable = {matrix[pair] for pair in product(STOCK["impact"], STOCK["urgency"])}
    assert {wanted for _, _, wanted in found} == reachable
    assert len(found) == len(PAIRS) * len(reachable)


def steps(start: tuple[str, str], end: tuple[str, str]) -> tuple[int, int]:
    """Return the steps of impact, then of urgency, between two pairs."""
    (impact, urgency), (to_impact, to_urgency) = start, end
    order = SCALES["impact"].index, SCALES["urgency"].index
    return abs(order[0](impact) - order[0](to_impact)), abs(order[1](urgency) - order[1](to_urgency))
