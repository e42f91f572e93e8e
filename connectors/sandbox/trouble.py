"""Trouble: a platform of which a share of the calls goes wrong, in ways drawn at random, the same in every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Literal

from .faults import Fault

TRANSIENT = ("408", "425", "429", "500", "502", "503", "504", "broken_before", "broken_after", "late", "half", "html",
             "slow")  # fmt: skip
"""What passes by itself on any platform."""

SERVICENOW = (*TRANSIENT, "result_and_error")

RETRIES: tuple[Literal["", "seconds", "date"], ...] = ("", "seconds", "date")
LONGEST = {"late": 80.0, "slow": 0.05}
"""Seconds at most: a write is late by the platform's clock, and slow by that of the client, who really waits."""

ASKED = 120.0
"""Seconds at most for which any other answer asks to be left alone."""


class Trouble:
    """Draws a fault of one of these `kinds` for a `share` of the calls; `met` counts them."""

    def __init__(self, seed: int, share: float, kinds: Sequence[str] = TRANSIENT) -> None:
        self.share, self.kinds = share, tuple(kinds)
        self.met: Counter[str] = Counter()
        self._random = Random(seed)  # noqa: S311 - chooses what goes wrong, no secret

    def drawn(self) -> Fault | None:
        """Return what goes wrong with the next call, or None."""
        if self._random.random() >= self.share:
            return None
        kind = self._random.choice(self.kinds)
        self.met[kind] += 1
        seconds = self._random.uniform(0, LONGEST.get(kind, ASKED))
        retry = self._random.choice(RETRIES) if kind.isdigit() else ""
        return Fault(kind, seconds=seconds, retry=retry)
