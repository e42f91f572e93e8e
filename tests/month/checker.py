"""Holds a month's log to SEMANTICS: what the service did and did not do, in sentences.

Between two entries of a ticket's log nothing changes but the time. So it is enough to know what is wanted at each look:
what the service did at a look must have been wanted there, and what was wanted at a look must not be undone a poll
later. It imports nothing of the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from tests.month import plain
from tests.month.log import OURS, POLL, Entry, Log, TicketLog, shown, written_out
from tests.month.seen import Polls, as_seen
from tests.month.told import Told
from tests.month.wanted import FOREVER, approval, climb, later, wanted
from tests.month.words import judge_words

MOST_LOOKS: Final = 5000
"""Looks at one ticket between two entries, so that a mistake of the checker's own ends."""


class Violation(NamedTuple):
    """What is wrong with a ticket, when, in a sentence."""

    ticket: TicketLog
    at: int
    text: str

    def __str__(self) -> str:
        return f"{self.ticket.number} at {shown(self.at)}: {self.text}"


def check(log: Log) -> list[Violation]:
    """Return everything that is wrong."""
    polls = {platform: Polls(down) for platform, down in log.down.items()}
    return [found for ticket in log.tickets for found in Check(ticket, polls[ticket.platform], log.end).violations()]


def told_in_full(found: Sequence[Violation], most: int = 3) -> str:
    """Return violations with the logs of the first tickets."""
    logs = [f"{one}\n{written_out(one.ticket)}" for one in found[:most]]
    return "\n\n".join([f"{len(found)} violations", *(str(one) for one in found[:30]), *logs])


class Check:
    """The judgement of one ticket. The first violation ends it: what follows would only follow from it."""

    def __init__(self, ticket: TicketLog, polls: Polls, end: int) -> None:
        self.ticket, self.polls, self.end = ticket, polls, end
        self.told = Told(ticket)

    def violations(self) -> Iterator[Violation]:
        """Yield the first violation, if there is one."""
        found = next(self._all(), None)
        if found is not None:
            yield Violation(self.ticket, *found)

    def _all(self) -> Iterator[tuple[int, str]]:
        since = self.ticket.created
        for (at, by), update in groupby(as_seen(self.ticket, self.polls), key=lambda one: (one.at, one.by)):
            yield from self._undone(since, at)
            entries = list(update)
            is_ours = by == OURS
            if is_ours and not self.told.blind:
                yield from self._judge(at, entries)
            yield from judge_words(self.told, at, entries) if is_ours else ()
            for entry in entries:
                self.told.take(entry)
            yield from self._as_it_should_be(at, entries) if is_ours and not self.told.blind else ()
            since = at
        yield from self._undone(since, self.end)

    # What should have been done

    def _undone(self, since: int, until: int) -> Iterator[tuple[int, str]]:
        """Yield what was wanted at a look, and was not done a poll later."""
        now = self.polls.next(since)
        for _ in range(MOST_LOOKS):
            if now + POLL + 1 >= until or self.told.blind:  # a write that failed stands a second after its look
                break
            missing = wanted(self.told, now)
            for one in sorted(missing):
                yield now, f"not done though it was due: {one}"
            following = later(self.told, now)
            if following >= FOREVER:
                break
            now = max(self.polls.next(following), now + POLL)

    # What was done

    def _judge(self, at: int, update: Sequence[Entry]) -> Iterator[tuple[int, str]]:
        wishes = wanted(self.told, at)
        for one in update:
            done = _deed(one)
            if done and done not in wishes and not self._may(done, at):
                yield at, f"{done}: {self._why_not(done, at)}; wanted was {', '.join(sorted(wishes)) or 'nothing'}"
        if any(_deed(one) == "" and one.what in ("team", "assignee", "watchers") for one in update):
            reasons = [one for one in update if _deed(one).startswith(("level", "ask", "team"))]
            if not reasons:
                yield at, "the ticket was changed for no reason"

    def _may(self, done: str, at: int) -> bool:
        """Tell whether something may be done that need not be."""
        told = self.told
        kind, _, name = done.partition(" ")
        if kind == "level":
            steps = plain.ladder(told.facts["priority"], told.facts["service"])
            return name in [one.level for one in steps] and any(approval(told, one) == "either" for one in steps)
        if kind == "ask":
            return told.unsure_of_approval or done in wanted(told, at + 2 * POLL)  # a request that failed was planned
        if kind == "team":
            return told.team_by in ("robot", "first", "creation") and not told.levels and name == plain.on_duty(at)
        return False

    def _why_not(self, done: str, at: int) -> str:
        """Say what is wrong with something that was done and not wanted."""
        told = self.told
        kind, _, name = done.partition(" ")
        if kind == "level":
            return self._why_no_level(name, at)
        if kind == "team":
            return f"it is not the hour to go there; {plain.on_duty(at)} is on duty"
        return f"the promise is {told.promise}, the last word came {shown(told.last_word)}"

    def _why_no_level(self, level: str, at: int) -> str:
        told = self.told
        if level in told.levels:
            return "it was taken before"
        if level in told.passed:
            return "a higher one was taken, and it goes down"
        if not told.is_open:
            return f"the ticket is {told.facts['status']}"
        top, _ = climb(told, at)
        steps = plain.ladder(told.facts["priority"], told.facts["service"])
        if any(one.level == level and one.approved_by and approval(told, one) != "granted" for one in steps):
            return "nobody who was asked allowed it"
        if told.below:
            return "it follows a major incident"
        if top is not None:
            return f"{top.level} was due, which is higher"
        return f"it was not due, or a person gave the ticket to somebody at {shown(told.person_chose)}"

    # How it was done

    def _as_it_should_be(self, at: int, update: Sequence[Entry]) -> Iterator[tuple[int, str]]:
        """Yield what is wrong with who has the ticket, and who watches, after steps."""
        levels = [_deed(one).split(" ")[1] for one in update if _deed(one).startswith("level")]
        wrong = {level: [*self._who_has_it(level, at)] for level in levels}
        givers = [level for level in levels if self._step(level).team]
        if len(givers) > 1 and not all(wrong[level] for level in givers):
            wrong = {level: texts for level, texts in wrong.items() if level not in givers}  # one of them has it
        yield from ((at, text) for texts in wrong.values() for text in texts)
        for one in update:
            done = _deed(one)
            if done.startswith("team") and self.told.facts.get("assignee") is not None and self.told.handed_at == at:
                yield at, f"handed over, and still {self.told.facts['assignee']}'s"

    def _step(self, level: str) -> plain.Step:
        """Return the step of this level that the ticket's ladder has, or what is taken at any time."""
        steps = plain.ladder(self.told.facts["priority"], self.told.facts["service"])
        return next(step for step in (*steps, *plain.ANYTIME) if step.level == level)

    def _who_has_it(self, level: str, at: int) -> Iterator[str]:
        told, platform, step = self.told, self.ticket.platform, self._step(level)
        service = plain.SERVICES[told.facts["service"]]
        team = service.team if step.team == "service" else step.team
        if team and told.team != team:
            yield f"{level}: the team is {told.team}, and not {team}"
        person = plain.on_call(team, at, platform) if step.who == "on_call" else None
        if step.who == "on_call" and person is not None and told.facts.get("assignee") != person:
            yield f"{level}: the ticket is {told.facts.get('assignee')}'s, and {person} is on call"
        if step.who == "swarm" and "assignee" in told.facts:
            yield f"{level}: a swarm has nobody in particular, and this one has {told.facts['assignee']}"
        for one in step.watch:
            who = service.owner if one == "owner" else one
            if who not in told.facts.get("watchers", ()):
                yield f"{level}: {who} does not watch"


def _deed(entry: Entry) -> str:
    """Return what an entry of ours did, in the words of what is wanted; "" for what follows from something else."""
    if entry.what == "status":
        return f"status {entry.value}"
    if entry.what == "team" and entry.value in plain.REGIONS:
        return f"team {entry.value}"
    if entry.what != "said":
        return ""
    message, reader, about = entry.value
    words = about.split(" ")
    if words[0] == "level":
        return f"level {words[1]}"
    if words[0] == "approval":
        return f"ask {words[2]} for {words[1]}"
    asked = message in ("closing-soon", "apology", "major-incident-update", "major-incident-started")
    return f"say {message}" if reader == "requester" and asked else ""
