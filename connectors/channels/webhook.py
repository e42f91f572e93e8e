"""Webhooks: letters as JSON for paging tools and whatever else a desk has of its own, signed where it has a secret."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from connectors.channels.base import LONGEST_SUBJECT, one_line
from connectors.channels.hook import Hook
from connectors.web.secrets import Secret, resolved

if TYPE_CHECKING:
    from connectors.channels.base import Letter
    from connectors.web.limits import Limits
    from rules.rulebook import Channel

KEY: Final = "Idempotency-Key"
TIMESTAMP: Final = "Itsm-Sync-Timestamp"
SIGNATURE: Final = "Itsm-Sync-Signature"


class Webhook(Hook):
    """A door for tools. Whoever listens knows a repeat by its key, so that saying it again is saying it once."""

    formats: tuple[str, ...] = ("text",)
    marks = True

    def __init__(self, channel: Channel, environ: Mapping[str, str], limits: Limits) -> None:
        super().__init__(channel, environ, limits)
        self._clock = limits.clock
        self._secret = Secret(resolved(channel.secret, environ, f"{channel.name}: secret"))

    def content(self, letter: Letter) -> Mapping[str, object]:
        """Return what docs/doors.md promises to tools."""
        return {
            "mark": letter.key,
            "thread": letter.thread,
            "to": letter.to,
            "language": letter.language,
            "subject": one_line(letter.subject, LONGEST_SUBJECT),
            "text": letter.bodies["text"],
            "facts": dict(letter.facts),
        }

    def headers(self, letter: Letter, body: bytes) -> Mapping[str, str]:
        """Return the key, and the signature over the time and the body: an old letter cannot be sent once more."""
        if not self._secret:
            return {KEY: letter.key}
        time = str(int(self._clock().timestamp()))
        signed = hmac.new(self._secret.reveal().encode(), f"{time}.".encode() + body, sha256).hexdigest()
        return {KEY: letter.key, TIMESTAMP: time, SIGNATURE: f"sha256={signed}"}
