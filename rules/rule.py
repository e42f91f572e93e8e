"""The rules of all stages as they are compiled: what they look at and what they ask for. Frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.model import Facts, FieldValues, Mode

Test = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled `when:`. `uses` are the facts it reads, those excepted that it only searches for words and patterns.

    `texts` are the numbers of the words and patterns that it looks for among the hits of the rulebook's text pass.
    `alone` are those of its entries that read a single fact (the hits among them), as (fact, test): the condition
    never holds where one of them does not.
    """

    test: Test
    uses: frozenset[str] = frozenset()
    texts: frozenset[int] = frozenset()
    alone: tuple[tuple[str, Test], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What all rules share. `where` is "services.yaml:17"; `order` the place in its stage's list, from 0."""

    name: str
    where: str
    order: int
    when: Condition
    mode: Mode


@dataclass(frozen=True, slots=True)
class Classify(Rule):
    """Stage 1: fill these facts where they are empty. `labels` are added to what is there."""

    set: Facts
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adjust(Rule):
    """Stage 2: a floor or a ceiling, as a rank: 0 is the most important priority. None: no such limit."""

    floor: int | None
    ceiling: int | None
    because: str


@dataclass(frozen=True, slots=True)
class Route(Rule):
    """Stage 3: `team` is a team's name, or `path` the fact that holds one ("service.team"); one of both is empty.

    `person` is who in it, as `rules.persons` knows them; "" is nobody.
    """

    team: str
    path: str
    person: str = ""


class Trigger(NamedTuple):
    """A moment that a rule waits for, told by clocks.

    `what` is "used" (`amount` percent of a `clock`'s target), "left" (so many seconds of it), "off_duty",
    "unacknowledged", "waiting", "resolved" (for so many seconds) or "every" (a clock has run out). `text` says so.
    """

    what: str
    amount: int
    clock: str
    text: str

    @property
    def comes_again(self) -> bool:
        """Whether it comes once per word to the customer, and not once per ticket and opening."""
        return self.clock == "updates" and self.what in ("every", "left")


@dataclass(frozen=True, slots=True)
class Communication(Rule):
    """Stage 5: tell these readers this message; `rules.readers` knows who they are.

    It is called for by an event (`on`) or by the first of some moments (`after`); one of both is empty. `major` says
    that it is only about major incidents: while a ticket is one, its requester hears nothing else. `times` says how
    often it is repeated, 0 where it is not, and `then` what is written when nobody has answered any of them.
    """

    on: str
    to: tuple[str, ...]
    message: str
    major: bool = False
    after: tuple[Trigger, ...] = ()
    times: int = 0
    then: FieldValues = field(default_factory=dict)


class Approval(NamedTuple):
    """Who is asked before a step is taken, for how many seconds, and who then: people, or facts that hold one."""

    by: str
    within: int
    otherwise: str


@dataclass(frozen=True, slots=True)
class Step(Rule):
    """Stage 4: a level, the first of the moments `after` which it is due, and who has the ticket from then on.

    At any time: without `after`, due as soon as its condition holds. `team`, `path` and `person` as in a route, or all
    empty. `swarm`: nobody in particular has it, and those who had it watch. `watch` names who follows, `ask` facts
    that are asked for where they are empty, `approve` who has to allow it.
    """

    level: str
    after: tuple[Trigger, ...]
    team: str
    path: str
    ask: tuple[str, ...]
    person: str = ""
    swarm: bool = False
    watch: tuple[str, ...] = ()
    approve: Approval | None = None

    @property
    def assigns(self) -> bool:
        """Whether somebody else has the ticket afterwards."""
        return bool(self.team or self.path or self.person or self.swarm)

    @property
    def message(self) -> str:
        """What the step is called among messages to come."""
        return f"level {self.level}"


@dataclass(frozen=True, slots=True)
class Ladder(Rule):
    """Stage 4: steps from the lowest level up. The first ladder that matches a ticket holds."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Link(Rule):
    """Tickets that are put below the open major incident of their service."""
