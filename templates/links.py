"""Links to what stands elsewhere: an address is a value, too, and may be anything."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from templates.values import clean, escaped

LONGEST: Final = 2_000
"""Characters of an address; one that is cut leads nowhere."""

ADDRESS: Final = re.compile(
    r"(?P<site>https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)(?P<rest>[/?#][^\s\x00-\x20\x7f-\x9f\ud800-\udfff]*)?",
    re.IGNORECASE,
)
"""A site by its name, without an account in front of it, which would be read as the site."""

KEPT: Final = "/?#&=%:@!$,+"
"""Signs that stay as they are beside letters, digits and ``-._~``: no Markdown begins with them inside an address."""


class Ready(str):
    """Markdown that a filter made of values; it is shown as it is. Whatever is done to it makes a mere text of it."""

    __slots__ = ()


def linked(name: str, address: str) -> str:
    """Return a link in Markdown, or only the name (or else the address) where it is no address that browsers open."""
    target, text = _target(address), clean(name) or clean(address)
    return Ready(f"[{escaped(text)}]({target})") if target else text


def _target(address: str) -> str:
    """Return the address with everything percent-encoded that Markdown could take for its own, or ""."""
    found = ADDRESS.fullmatch(address) if len(address) <= LONGEST else None
    return found["site"] + quote(found["rest"] or "", safe=KEPT) if found else ""
