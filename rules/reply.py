"""A reply: that a customer spoke on a ticket below an open major incident."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Reply(NamedTuple):
    """On which ticket, and when: in seconds since 1970 from its `first` word to its `last`. Never what was said.

    `seen` is when we saw it.
    """

    number: str
    id: str
    kind: str
    first: int
    last: int
    seen: int


NO_REPLIES: Final[Mapping[str, tuple[Reply, ...]]] = MappingProxyType({})
"""Number of a major incident → the replies on tickets below it, in the order in which they were seen."""
