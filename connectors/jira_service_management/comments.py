"""Who spoke on Jira, and whether customers could read it: the comments of a page's issues, mostly without their texts.

Of an internal note it is told whether its first word grants or refuses something, of a comment whether nobody wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from connectors.base import NotVisible, Refused, Word
from connectors.jira_service_management.client import Client, Issue, dicts, number
from connectors.jira_service_management.tickets import Translator, is_customer, moment, plain
from connectors.jira_service_management.write import INTERNAL
from connectors.web.paths import step
from rules.automatic import word
from rules.model import Event, Ticket

PER_REQUEST: Final = 100  # issues in one question by id
BYTES: Final = 6_000_000
"""Of one answer, about: comments come with their texts, and the memory must hold them for a moment."""
REMEMBERED: Final = 50_000  # comments whose readers are known; some 5 MB
Read = Callable[[Sequence[str], Sequence[str]], Sequence[Issue]]
"""(ids, fields) → issues."""


class Comments:
    """The comments of one site.

    Cloud says of each comment whether it is public. Data Center says so only in the property of a comment, and shows
    properties for one issue at a time: an issue with comments not met before costs a request of its own there.
    """

    def __init__(self, client: Client, read: Read) -> None:
        self._client, self._read = client, read
        self._limit = PER_REQUEST
        self._public: dict[str, bool] = {}  # by the comment's id

    def said(self, translator: Translator, tickets: Sequence[Ticket]) -> dict[str, tuple[Event, ...]] | None:
        """Return who commented and who wrote internal notes, oldest first, by ticket id; None: not readable."""
        found: dict[str, tuple[Event, ...]] = {ticket.id: () for ticket in tickets}
        left = [*found]
        try:
            while left:
                some, left = left[: self._limit], left[self._limit :]
                for issue in self._asked(some):
                    comments = self._whole(str(issue["id"]), issue["fields"].get("comment"))
                    found[str(issue["id"])] = _events(translator, comments)
        except (Refused, NotVisible):
            return None
        return {ticket.id: found[ticket.id] for ticket in tickets}

    def words(self, translator: Translator, ids: Sequence[str]) -> dict[str, tuple[Word, ...]]:
        """Return the public comments of these issues with their texts, oldest first, by the issue's id."""
        found: dict[str, tuple[Word, ...]] = {}
        for issue in self._asked(ids):
            id = str(issue["id"])
            comments = _in_order(self._whole(id, issue["fields"].get("comment")))
            found[id] = tuple(_word(translator, one) for one, public in comments if public)
        return found

    def _asked(self, ids: Sequence[str]) -> Sequence[Issue]:
        """Read these issues, and learn from the size of the answer how many to ask for the next time."""
        issues, last = self._read(ids, ("comment",)), self._client.session.last
        size = len(last.content) if last is not None else 0
        self._limit = max(1, min(PER_REQUEST, BYTES * len(ids) // max(size, 1)))
        return issues

    def _whole(self, id: str, shown: object) -> list[tuple[Mapping[str, Any], bool]]:
        """Return all comments of an issue, each with whether it is public; what is shown within an issue may be cut."""
        if not isinstance(shown, dict):
            raise NotVisible("comments are not shown to our account")
        comments = dicts(shown.get("comments"))
        is_cut = len(comments) < number(shown.get("total"))
        if is_cut or any(self._is_public(one) is None for one in comments):
            comments = self._of_issue(id) or comments
        return [(one, self._is_public(one) or False) for one in comments]

    def _is_public(self, comment: Mapping[str, Any]) -> bool | None:
        """Tell whether customers see a comment; None where that cannot be told."""
        public, properties = comment.get("jsdPublic"), comment.get("properties")
        if isinstance(public, bool):
            return public
        if not isinstance(properties, list):
            return self._public.get(str(comment.get("id")))
        values = [one.get("value") for one in dicts(properties) if one.get("key") == INTERNAL]
        return not any(not isinstance(one, dict) or one.get("internal") in (True, "true") for one in values)

    def _of_issue(self, id: str) -> list[dict[str, Any]]:
        """Read the comments of one issue with their properties; none where it is gone by now."""
        try:
            found = self._pages(f"issue/{step(id)}/comment")
        except NotVisible:
            return []
        if len(self._public) > REMEMBERED:
            self._public.clear()
        self._public |= {one: self._is_public(comment) or False for one, comment in found.items()}
        return [*found.values()]

    def _pages(self, path: str) -> dict[str, dict[str, Any]]:
        """Read page by page, until one brings nothing new."""
        found: dict[str, dict[str, Any]] = {}
        start = 0
        while True:
            answer = self._client.record(path, expand="properties", startAt=start, maxResults=100)
            comments = dicts(answer.get("comments"))
            fresh = {id: one for one in comments if (id := str(one.get("id"))) not in found}
            found |= fresh
            start += len(comments)
            if not fresh or start >= number(answer.get("total")):
                return found


def _events(translator: Translator, comments: Sequence[tuple[Mapping[str, Any], bool]]) -> tuple[Event, ...]:
    return tuple(_event(translator, comment, public) for comment, public in _in_order(comments))


def _in_order(comments: Sequence[tuple[Mapping[str, Any], bool]]) -> Sequence[tuple[Mapping[str, Any], bool]]:
    return sorted(comments, key=lambda one: str(one[0].get("id") or "").zfill(20))


def _word(translator: Translator, comment: Mapping[str, Any]) -> Word:
    author = comment.get("author")
    name = str(author.get("displayName") or "") if isinstance(author, dict) else ""
    return Word(moment(comment.get("created")), translator.account(author), name, plain(comment.get("body")))


def _event(translator: Translator, comment: Mapping[str, Any], public: bool) -> Event:
    author, fact = comment.get("author"), "comment" if public else "note"
    at = moment(comment.get("created"))
    return Event(at, translator.account(author), fact, word(fact, plain(comment.get("body"))), is_customer(author))
