"""What every connector can do, and what its errors say about what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

from rules.confirm import NO_MARKS, Marks, Part

if TYPE_CHECKING:  # only for types: `--help` must not wait for what a rulebook needs
    from datetime import datetime

    from connectors.web.limits import Limits
    from rules.model import Event, FieldValues, Ticket
    from rules.rulebook import Rulebook


class ConnectorError(Exception):
    """Something outside went wrong. The text is one line for an admin: what happened, where, and what to do."""


class Unusable(ConnectorError):
    """The connection cannot work until a person mends it: credentials, rights, address, unknown table or field."""


class TryLater(ConnectorError):
    """Nothing was done, and it may work later. `wait` is in seconds, as the platform asked for it, or None."""

    def __init__(self, text: str, wait: float | None = None) -> None:
        super().__init__(text)
        self.wait = wait


class Busy(TryLater):
    """The platform as a whole takes nothing for a while, whatever is asked: nothing else is sent before that."""


class OutcomeUnknown(ConnectorError):
    """A write may have been done or may still be done: look its mark up after `settle`, never repeat it before."""


class Refused(ConnectorError):
    """The platform answered that it will not do this write; repeating it unchanged is useless."""


class Exposed(Refused):
    """A text that must stay internal came out public: the alarm. It says whether the text could be removed."""


class NotVisible(ConnectorError):
    """The ticket is gone or this account may not see it: the platform does not tell which."""


class Page(NamedTuple):
    """Some tickets in the order in which they changed, and the cursor from which reading goes on after them."""

    tickets: tuple[Ticket, ...]
    cursor: str


Format = Literal["journal", "wiki", "adf"]
"""How a platform takes texts: ServiceNow's plain journal, Jira's wiki markup, Atlassian's document format as JSON."""


MARKS: Final = 20
"""Marks left on a ticket: 20 of them take 179 characters."""


class Write(NamedTuple):
    """All that is written to one ticket together: facts in our words, texts in the platform's format, marks.

    A fact that is None empties its field. `exact`: of a list nothing else stays, not even what others added.
    "assignee" is the key of one of the connection's people, or an account; "watchers" are keys or accounts of those who
    are added; "parent" is the number of another ticket of the connection.
    """

    ticket: Ticket
    facts: FieldValues
    comment: str = ""
    note: str = ""
    marks: Marks = NO_MARKS
    exact: bool = False


class Written(NamedTuple):
    """The platform's answer to a write: the ticket as it is now, the facts that it did not take, with why.

    `failed` are the parts that came to nothing, or of which that is not known, where others were done.
    """

    ticket: Ticket
    refused: Mapping[str, str]
    failed: Mapping[Part, ConnectorError] = MappingProxyType({})


Weight = Literal["problem", "warning", "note"]


class Finding(NamedTuple):
    """One line of `check --online`. A problem stops the connection; a warning says what is lost; a note informs."""

    weight: Weight
    text: str
    mend: str = ""


class Discovered(NamedTuple):
    """What `init --url` reads from an instance, for proposing a workspace.

    `choices` is fact → platform value → label, for the facts impact, urgency, priority, status, waiting_for. Where a
    platform keeps things in places of a desk's own: `projects` is key → name, `kinds` our kind → issue type, `types`
    the issue types beside them, `places` fact → the field that is sure to hold it, `candidates` fact → fields that may,
    `categories` status → what it counts as without a word, `ids` group → what is written in place of its name.
    """

    groups: tuple[str, ...]
    services: tuple[str, ...]
    languages: tuple[str, ...]
    choices: Mapping[str, Mapping[str, str]]
    fields: frozenset[str]
    can_write_priority: bool
    projects: Mapping[str, str] = MappingProxyType({})
    kinds: Mapping[str, str] = MappingProxyType({})
    types: tuple[str, ...] = ()
    places: Mapping[str, str] = MappingProxyType({})
    candidates: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    categories: Mapping[str, str] = MappingProxyType({})
    ids: Mapping[str, str] = MappingProxyType({})


def text_digest(text: str) -> str:
    """Return the 16 hexadecimal digits by which a text of ours is found again where there is no mark.

    Platforms change line ends and blanks at the ends, so these do not count.
    """
    lines = (line.rstrip() for line in text.strip().splitlines())
    return blake2b("\n".join(lines).encode(errors="surrogatepass"), digest_size=8).hexdigest()


class Sought(NamedTuple):
    """A text that we may have said: its digest, and how often the same stands on the ticket as far as we know.

    Of two equal words the earlier one is no sign of the later one. Counting tells them apart without a clock: ours and
    the platform's differ, and either may jump.
    """

    digest: str
    before: int = 0


class Word(NamedTuple):
    """A public comment: when, by which account and by what name, and what it says. It is shown, never kept."""

    at: datetime
    author: str
    name: str
    text: str


class Connector(Protocol):
    """One connection to one platform. Every connector passes the contract suite in `tests/connectors/contract.py`."""

    name: str
    account: str
    """Our own account, as the platform's history names it."""

    format: Format
    """How this platform takes texts; known once it is started."""

    behind: bool
    """Whether its pages may show tickets as they were some time ago: before a write they are read again by id."""

    people: Mapping[str, str]
    """Who of the people that rules name has exactly one active account here: key → account. Known once started."""

    lost: Sequence[str]
    """What cannot work of what the workspace names, a line each; the rest does. Known once it is started."""

    def start(self) -> None:
        """Make ready to read and write: prove the credentials, resolve fields and groups. Raises `Unusable`."""

    def check(self, rulebook: Rulebook) -> list[Finding]:
        """Return what `check --online` has to say: rights, fields, choices, groups and people, all at once."""

    def pages(self, kind: str, cursor: str | None) -> Iterator[Page]:
        """Read the tickets of a kind that changed since the cursor; None reads all, oldest change first."""

    def tickets(self, kind: str, ids: Sequence[str]) -> Iterator[Page]:
        """Read these tickets, 100 to a request; those that are not visible are left out. The cursor is ""."""

    def history(self, kind: str, tickets: Sequence[Ticket]) -> Mapping[str, tuple[Event, ...]] | None:
        """Read the changes of these tickets, by ticket id, in one request. None: this account may not read them."""

    def said(self, kind: str, tickets: Sequence[Ticket]) -> Mapping[str, tuple[Event, ...]] | None:
        """Read who spoke on these tickets and when, oldest first, by ticket id, without a word of it.

        Public words are the fact "comment", internal ones "note"; a text of which the platform does not tell counts as
        a note, so that it is never taken for an answer. The value of a note is its verdict, that of a comment whether
        it is automatic. None: this account may not read them.
        """

    def words(self, kind: str, ids: Sequence[str]) -> Mapping[str, tuple[Word, ...]]:
        """Read the public comments of these few tickets with what they say, oldest first, by ticket id."""

    def write(self, write: Write) -> Written:
        """Write it all in as few requests as the platform allows, in the order fields, note, comment.

        Raises any `ConnectorError` where nothing was done before it; later failures are in the answer.
        """

    def marks(self, kind: str, ticket: Ticket, texts: Mapping[str, Sought]) -> frozenset[str]:
        """Return the marks of ours that this ticket shows, those included that pages of tickets do not carry.

        `texts` is mark → what we may have said: where there is no place for marks, the marks whose text our account
        is found to have written once more than is known of.
        """

    def find(self, kind: str, number: str) -> Ticket | None:
        """Read one ticket by the number that people know, or None when it is not visible."""

    def discover(self) -> Discovered:
        """Read what there is, for `init --url`."""

    def close(self) -> None:
        """Give back what is held open."""

    @property
    def limits(self) -> Limits:
        """When this platform may be asked, and whether its allowance is nearly used up."""
