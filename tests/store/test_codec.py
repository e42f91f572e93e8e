"""What is stored comes back as it was, for every value that a fact can have."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.state.codec import action_text, memory_text, read_action, read_memory
from rules.model import Assign, Before, Comment, Held, Intended, Memory, Past, Reason, SetFields

texts = st.text(st.characters(codec=None), max_size=12)  # halves of surrogate pairs included
times = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))
numbers = st.integers() | st.floats(allow_nan=False)
facts = texts | st.booleans() | numbers | times | st.lists(texts, max_size=3).map(tuple)
whose = st.sampled_from(["ours", "creation", "person", "robot", "unknown"])
checksums = st.integers(-1, 2**32 - 1)
held = st.builds(
    Held,
    st.none() | facts,
    whose,
    times,
    st.none() | facts,
    by=texts,
    over_ours=st.booleans(),
    chosen=st.booleans(),
    basis=checksums,
)
whos = st.sampled_from(["agent", "customer", "robot", "ours", "unknown"])
pasts = st.builds(Past, st.integers(), texts, texts, whos, st.booleans())
memories = st.builds(
    Memory,
    version=st.integers(),
    confirmed=st.integers(),
    digest=texts,
    held=st.dictionaries(texts, held, max_size=3),
    intended=st.dictionaries(texts, st.builds(Intended, facts, texts, checksums), max_size=2),
    told=st.dictionaries(texts, facts, max_size=3),
    owed=st.dictionaries(texts, texts, max_size=2),
    done=st.frozensets(texts, max_size=3),
    texts=st.lists(st.integers(0, 2**32 - 1), max_size=3).map(tuple),
    past=st.lists(pasts, max_size=3).map(tuple),
    waits=st.frozensets(texts, max_size=3),
    before=st.dictionaries(texts, st.builds(Before, facts, texts, st.integers()), max_size=2),
)
reasons = st.builds(
    Reason, st.sampled_from(["classify", "ticket"]), st.sampled_from(["done", "held back"]), texts, texts, texts
)
actions = (
    st.builds(SetFields, texts, st.dictionaries(texts, facts, max_size=3), reasons)
    | st.builds(Assign, texts, texts, reasons)
    | st.builds(Comment, texts, texts, texts, st.booleans(), texts, reasons, st.lists(reasons, max_size=2).map(tuple))
)


def shapes(value: object) -> object:
    """Return the value with its classes, because True equals 1 and 1 equals 1.0."""
    if isinstance(value, dict):
        return {name: shapes(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return value.__class__, [shapes(item) for item in value]
    return value.__class__, value


@given(memories)
def test_a_memory_comes_back_as_it_was(memory: Memory) -> None:
    assert shapes(read_memory(memory_text(memory))) == shapes(memory)


@given(memories)
def test_a_memory_has_one_text_however_its_mappings_are_ordered(memory: Memory) -> None:
    turned = memory._replace(held=dict(reversed(memory.held.items())), told=dict(reversed(memory.told.items())))
    assert memory_text(turned) == memory_text(memory)


@given(memories)
def test_a_memory_is_text_that_every_database_takes(memory: Memory) -> None:
    assert memory_text(memory).isascii()


@given(actions)
def test_an_action_comes_back_as_it_was(action: SetFields | Assign | Comment) -> None:
    assert shapes(read_action(action.key, action_text(action))) == shapes(action)


def test_every_field_of_a_memory_is_stored() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    full = Memory(
        7,
        8,
        "d1",
        {"team": Held("payments", "person", at, "desk", "anna", True, 9)},
        {"team": Intended("payments", "k", 9)},
        {"team": "payments"},
        {"assigned": "@1"},
        frozenset({"0a1b2c3d"}),
        (4711, 0, 3),
        (Past(1_767_225_600, "status", "waiting", "agent", exact=False),),
        frozenset({"0a1b2c3d"}),
        {"team": Before("desk", "", 1)},
    )
    default = Memory()
    assert all(getattr(full, name) != getattr(default, name) for name in Memory._fields)
    assert read_memory(memory_text(full)) == full


def test_defaults_take_no_room() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert json.loads(memory_text(Memory(held={"priority": Held("P2", "ours", at, None)})))[3] == {
        "priority": ["P2", "ours", 1772409600000000, None]
    }


@pytest.mark.parametrize("value", [datetime(2026, 3, 2), b"bytes", object()])  # noqa: DTZ001 - as it must not be
def test_what_is_no_fact_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        action_text(SetFields("k", {"due": value}, Reason("classify", "done", "", "", "")))  # type: ignore[dict-item]
