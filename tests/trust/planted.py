"""Bugs to put into how words go out by doors, so that the judge of words proves that it finds them.

Each is put in at a place that the product calls: where that place is gone, the test of the bug fails, and the bug has
to be planted anew.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any, NamedTuple

import pytest

from connectors.base import TryLater
from connectors.channels import delivery, other
from connectors.channels.base import Letter
from connectors.channels.delivery import Delivery
from connectors.channels.slack import Slack
from connectors.state.store import Store
from rules import communication


class Bug(NamedTuple):
    """A bug, in a sentence, how it is planted, what the judge counts, and whether it takes a crash or a fault."""

    sentence: str
    plant: Callable[[pytest.MonkeyPatch], None]
    sign: str
    by: str

    def __repr__(self) -> str:
        return self.sentence.replace(" ", "_")


def _another_mark(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Letter, "key", property(lambda _: token_hex(16)))


def _confirmed_before_sent(patch: pytest.MonkeyPatch) -> None:
    leaves, sent = Delivery._leaves, Delivery._sent

    def confirmed(self: Delivery, notice: Any, way: str, channel: Any) -> None:
        leaves(self, notice, way, channel)
        sent(self, 0, "", notice, way)

    patch.setattr(Delivery, "_leaves", confirmed)
    patch.setattr(Delivery, "_sent", lambda *_: None)


def _nothing_recorded(patch: pytest.MonkeyPatch) -> None:
    sending = Store.sending

    def not_by_doors(self: Store, keys: Any, digests: Any, door: str = "", once: bool = False) -> None:
        if not door:
            sending(self, keys, digests)

    patch.setattr(Store, "sending", not_by_doors)


def _chats_repeat(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Slack, "marks", True)


def _pages_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(communication, "WOKEN", frozenset())


def _another_door(patch: pytest.MonkeyPatch) -> None:
    opened = Delivery._open
    patch.setattr(Delivery, "_open", lambda self, notice, _doubt, errors: opened(self, notice, "", errors))


def _no_backup(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(delivery, "_stays", lambda *_: True)


def _unsaid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(other, "OutcomeUnknown", TryLater)


def _forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Store, "park", lambda self, cycle, ticket, keys, _error: self.settled(cycle, ticket, keys, []))


BUGS = (
    Bug("a repeat has another mark", _another_mark, "twice", "a crash"),
    Bug("a word is confirmed before it is sent", _confirmed_before_sent, "lost", "a crash"),
    Bug("nothing is recorded before a word is sent", _nothing_recorded, "twice", "a crash"),
    Bug("a chat is taken to know repeats", _chats_repeat, "twice", "a crash"),
    Bug("a page of unknown outcome is parked", _pages_once, "lost", "a crash"),
    Bug("what may have arrived is said by another door", _another_door, "twice", "a fault"),
    Bug("the backup waits for ever", _no_backup, "lost", "a door is down"),
    Bug("a door that does not answer is taken to have said nothing", _unsaid, "twice", "a fault"),
    Bug("what nobody takes is not shown", _forgotten, "gone", "a fault"),
)
