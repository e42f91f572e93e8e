"""Whatever a platform answers: one line for the admin at most, never a traceback, and nothing believed that is odd."""

from __future__ import annotations

import pytest

from tests.hostile.operations import DESKS, troubles

FEW, MANY = 10, 1_000
"""Seeds; each is good for ten spoiled operations."""


@pytest.mark.parametrize("platform", DESKS)
def test_no_answer_is_too_odd(platform):
    assert [text for seed in range(FEW) for text in troubles(platform, seed)] == []


@pytest.mark.long
@pytest.mark.parametrize("platform", DESKS)
def test_ten_thousand_answers_are_not_too_odd(platform):
    assert [text for seed in range(MANY) for text in troubles(platform, seed)] == []
