"""Slack, by an incoming webhook: a place of its own. It cannot answer in a thread, and knows no repeat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import requests

from connectors.base import OutcomeUnknown
from connectors.channels.hook import Hook, words

if TYPE_CHECKING:
    from connectors.channels.base import Letter


class Slack(Hook):
    """A channel in Slack. What is said there is mrkdwn, in which nobody is mentioned and nothing is unfolded."""

    formats: tuple[str, ...] = ("slack",)

    def content(self, letter: Letter) -> Mapping[str, object]:
        """Return the message."""
        return {"text": letter.bodies["slack"], "unfurl_links": False, "unfurl_media": False}

    def judge(self, answer: requests.Response) -> None:
        """Slack says ok in so many letters; anything else is somebody else's answer."""
        if answer.content.strip() != b"ok":
            raise OutcomeUnknown(f"{self.name} did not answer as Slack does{words(answer)}; it may have been said")
