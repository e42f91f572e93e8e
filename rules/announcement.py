"""An announcement: the last word about a major incident to those affected."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Announcement(NamedTuple):
    """What was said. Moments are seconds since 1970, `next_by` 0 for none.

    `key` tells it from others of the incident; `requester` is the account of who reported the incident itself, and
    hears it there. `solved`: the incident is over.
    """

    message: str
    key: str
    at: int
    next_by: int
    requester: str
    solved: bool
    rule: str
    where: str
    text: str


NOTHING_SAID: Final[Mapping[str, Announcement]] = MappingProxyType({})
"""Number of a major incident → what was said of it last."""
