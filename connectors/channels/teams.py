"""Microsoft Teams, by an incoming webhook or a workflow: a place of its own, without threads and repeats."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import requests

from connectors.base import Busy, NotVisible, OutcomeUnknown, Refused
from connectors.channels.hook import Hook, words
from connectors.web.session import meaning

if TYPE_CHECKING:
    from connectors.channels.base import Letter

CARD: Final = "application/vnd.microsoft.card.adaptive"
FAILED: Final = re.compile(rb"HTTP error (\d{3})")
"""In an answer of 200: what became of it behind the door."""


class Teams(Hook):
    """A channel in Teams, which takes a card."""

    formats: tuple[str, ...] = ("teams",)

    def content(self, letter: Letter) -> Mapping[str, object]:
        """Return the message that carries the card."""
        card = json.loads(letter.bodies["teams"])
        return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}

    def judge(self, answer: requests.Response) -> None:
        """Raise what an incoming webhook says of a failure, which it does with a good status."""
        super().judge(answer)
        failed = FAILED.search(answer.content)
        if failed is None:
            return
        kind, text = meaning(int(failed[1])), f"{self.name} did not pass it on{words(answer)}"
        if kind is Busy:
            raise Busy(text)
        raise kind(text) if kind in (Refused, NotVisible) else OutcomeUnknown(f"{text}; it may have been said")
