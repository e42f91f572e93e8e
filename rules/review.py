"""What is told of a ticket when people look back at it: a report's facts, for whoever collects them and writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, NamedTuple, get_args

from rules.model import Fact, Facts

REPORTS: Final = frozenset({"post-incident-report"})
"""The messages of the pack that tell what happened; a desk's own texts may, too."""

REVIEW: Final = "report.told"
"""The fact that carries a review from the decision to whoever writes the message."""

CLIMBS: Final = re.compile(r"/(?:\.|%2e){2}(?:[/\\?#]|$)", re.IGNORECASE)

StepKind = Literal[
    "opened",
    "acknowledged",
    "major",
    "priority",
    "team",
    "level",
    "told",
    "missed",
    "waiting",
    "resolved",
    "reopened",
]
ClockName = Literal["respond", "resolve", "updates"]

STEP_KINDS: Final[tuple[StepKind, ...]] = get_args(StepKind)
CLOCK_NAMES: Final[tuple[ClockName, ...]] = get_args(ClockName)


class Step(NamedTuple):
    """Something that happened: when, what, to which value it led (a priority, a team), and who did it."""

    at: datetime
    kind: StepKind
    value: str = ""
    who: str = ""


class Kept(NamedTuple):
    """Whether a target was met, and when it was due; None where that is not known."""

    name: ClockName
    due: datetime | None
    met: bool


class Article(NamedTuple):
    """Something to read beside the ticket: a known error, an article, with its address."""

    name: str
    address: str


ARTICLE: Final = "article"
PUBLIC: Final = "article.public"
"""Facts: what the platform links to a ticket to be read, and what of that customers may read."""

SITES: Final = ("https://", "http://")


def articles(value: Fact) -> tuple[Article, ...]:
    """Return what a fact names to be read: a name, an address, or a name and then its address; one or several."""
    found = (one.strip() for one in (value if isinstance(value, tuple) else (str(value),)))
    return tuple(_article(one) for one in found if one)


def _article(text: str) -> Article:
    name, _, address = text.rpartition(" ")
    return Article(name.strip(), address) if address.startswith(SITES) else Article(text, "")


def for_customers(facts: Facts, knowledge: Sequence[str]) -> tuple[Article, ...]:
    """Return the articles that customers may read: of a knowledge base, or at an address, of which the desk says so.

    An address that climbs ("..") leads elsewhere than it begins.
    """
    if PUBLIC in facts:
        return articles(facts[PUBLIC])
    places = [one.rstrip("/") + "/" for one in knowledge if one.startswith(SITES)]
    found = [one for one in articles(facts.get(ARTICLE, ())) if not CLIMBS.search(one.address)]
    return tuple(one for one in found if any(f"{one.address}/".startswith(place) for place in places))


class Review(NamedTuple):
    """What is known in the end. Nothing of it need be: a report says what is still to be filled in.

    `began` is None where it began with the ticket. `kept` and `missed` count promises of word, `answered` and `late`
    the answers of the supplier for whom it `waited`. `steps` are told in the order in which they stand here.
    """

    began: datetime | None = None
    noticed: datetime | None = None
    solved: datetime | None = None
    lasted: timedelta | None = None
    cause: str = ""
    prevention: str = ""
    kept: int = 0
    missed: int = 0
    steps: tuple[Step, ...] = ()
    clocks: tuple[Kept, ...] = ()
    links: tuple[Article, ...] = ()
    supplier: str = ""
    waited: timedelta | None = None
    answered: int = 0
    late: int = 0


def packed(review: Review) -> str:
    """Return a review as a fact, to the second."""
    return json.dumps(review, default=_seconds, ensure_ascii=False)


def unpacked(fact: str) -> Review:
    """Return the review that `packed` made a fact of."""
    began, noticed, solved, lasted, cause, prevention, kept, missed, *told = json.loads(fact)
    steps, clocks, links, supplier, waited, answered, late = told
    return Review(
        _moment(began),
        _moment(noticed),
        _moment(solved),
        None if lasted is None else timedelta(seconds=lasted),
        cause,
        prevention,
        kept,
        missed,
        tuple(Step(datetime.fromtimestamp(at, UTC), *rest) for at, *rest in steps),
        tuple(Kept(name, _moment(due), met) for name, due, met in clocks),
        tuple(Article(*one) for one in links),
        supplier,
        None if waited is None else timedelta(seconds=waited),
        answered,
        late,
    )


def _seconds(value: object) -> int:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    raise TypeError(f"a {type(value).__name__} is no part of a review")


def _moment(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
