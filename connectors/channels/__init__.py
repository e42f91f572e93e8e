"""Channels: the doors beside the platforms, by which people are reached who would not look at a ticket.

`base` says what every channel can do, and what it is given to say.
`mail` hands letters to a mail server, `message` writes them.
`hook` is the way to all doors that are an address of the web: `slack`, `teams`, and `webhook` for paging tools.
`other` leaves the rest to the package Apprise.

A channel says each letter once and keeps nothing: what to do after an error, the caller decides by its kind.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.channels.base import Channel, Letter
from connectors.web.limits import Limits, now

if TYPE_CHECKING:
    from rules.rulebook import Channel as Record

__all__ = ["Channel", "Letter", "opened"]


def opened(channel: Record, environ: Mapping[str, str] = os.environ, clock: Callable[[], datetime] = now) -> Channel:
    """Return the channel, which has not reached anything yet. Raises `Unusable` where it never could.

    It knows for how long its door wants to be left alone, and should live as long as the desk.
    """
    if channel.kind == "email":
        from connectors.channels.mail import Mail

        return Mail(channel, environ, clock)
    if channel.kind == "apprise":
        from connectors.channels.other import Other

        return Other(channel, environ)
    from connectors.channels.slack import Slack
    from connectors.channels.teams import Teams
    from connectors.channels.webhook import Webhook

    kinds: Mapping[str, type[Slack | Teams | Webhook]] = {"slack": Slack, "teams": Teams, "webhook": Webhook}
    return kinds[channel.kind](channel, environ, Limits(clock))
