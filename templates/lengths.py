"""Measures whether a text fits through the doors that it may be sent by, and whether its links lead somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from templates.formats import adf, journal, slack, teams, wiki
from templates.marks import COMMENT
from templates.render import Text, headed

SUBJECT: Final = 200
"""Characters of a mail's subject; phones show some 40 of them."""

SHORT: Final = 1_000
"""Characters of a text that fits everywhere: no format makes more than fourfold of it, in bytes twelvefold."""


class Door(NamedTuple):
    """What a door takes: how a text is written for it, how much of that it takes, in what, and its name."""

    written: Callable[[str], str]
    most: int
    unit: str
    name: str
    headed: bool = False  # the subject stands above the text


DOORS: Final[Mapping[str, tuple[Door, ...]]] = {
    "servicenow": (Door(journal, 4_000, "characters", "a ServiceNow journal"),),
    "jira_service_management": (
        Door(wiki, 32_767, "characters", "a Jira comment"),
        Door(lambda text: json.dumps(adf(text), ensure_ascii=False), 32_767, "characters", "a Jira comment"),
    ),
    "slack": (Door(slack, 40_000, "characters", "a Slack message", True),),
    "teams": (Door(lambda text: json.dumps(teams(text)), 28 * 1024, "bytes", "a Teams message", True),),
}
"""By platform or kind of channel. Journals are multi-line fields, which hold 4,000 characters unless an admin says
otherwise. Slack cuts off what is longer; its 3,000 characters are for blocks, of which we send none. Teams counts the
whole message, and some report that it takes less than it says: cards are counted as JSON in ASCII, which is longer."""

LINK: Final = re.compile(
    r"<(?P<bare>(?:https?://|mailto:)[^>\s]*)>|\[(?P<text>[^\]\[]*)\]\((?P<address>[^)\s]*)[^)]*\)"
)
CODE: Final = ("{{", "{%")


class Found(NamedTuple):
    """Something in a source: where it begins, counted from 0, what is wrong, and what would be right."""

    at: int
    text: str
    mend: str


def too_long(text: Text, doors: Mapping[str, tuple[Door, ...]] = DOORS) -> Iterator[str]:
    """Yield what is longer than a door takes."""
    if len(text.subject) > SUBJECT:
        yield f"the subject has {len(text.subject)} characters, and a mail shows {SUBJECT} at most"
    if len(text.body) <= SHORT:
        return
    for door in (one for some in doors.values() for one in some):
        written = len(door.written(headed(text) if door.headed else text.body))
        if written > door.most:
            yield f"the text has {written:,} {door.unit}, and {door.name} takes {door.most:,}"


def links(source: str) -> Iterator[Found]:
    """Yield the links of a source that say nothing or lead nowhere. What is only known from tickets is passed over."""
    blanked = COMMENT.sub(lambda comment: " " * len(comment[0]), source)
    for found in LINK.finditer(blanked):
        address = found["bare"] or found["address"] or ""
        if any(sign in found[0] for sign in CODE):
            continue
        if not found["bare"] and not leads_somewhere(address):
            mend = "links lead to https:, http: and mailto: with a whole address"
            yield Found(found.start(), f"the link '{found[0]}' leads nowhere", mend)
        elif found["bare"] or not found["text"].strip():
            mend = f"say what is there: [our help pages]({address})"
            yield Found(found.start(), "the link has no text: readers hear and see its bare address", mend)


def leads_somewhere(address: str) -> bool:
    """Tell whether an address is whole, and one that messages may lead to."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme.lower() == "mailto":
        return "@" in parts.path.strip("@")
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
