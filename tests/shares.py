"""Which cases of a test with many are tried by the short tests; the long ones try the others."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def one_of(each: int, cases: Iterable[object]) -> list[object]:
    """Return the cases as parameters: one of so many for the short tests, the others marked as long."""
    return [case if n % each == 0 else pytest.param(case, marks=pytest.mark.long) for n, case in enumerate(cases)]
