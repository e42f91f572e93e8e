"""A ticket as its log tells it, up to a moment: what stands, since when, and whose it is. By the words of SEMANTICS."""

from __future__ import annotations

from typing import Any, Final

from tests.month import plain
from tests.month.log import OURS, ROBOT, Entry, TicketLog

OPEN: Final = ("new", "in_progress", "waiting")
NOBODY_KNOWN: Final = "unknown"
"""By somebody, as far as the service can know: of several changes at once, where no history tells."""

FIRST_SEEN: Final = "first"
"""By whoever, before the service saw the ticket for the first time."""

Promise = tuple[int, int]
"""When it was given, and for when."""


class Told:
    """The state of a ticket."""

    def __init__(self, log: TicketLog) -> None:
        self.log, self.facts = log, dict(log.facts)
        self.open: list[list[int | None]] = [[log.created, None]]
        self.worked: list[list[int | None]] = [[log.created, None]]
        self.team_since: int | None = log.created if "team" in log.facts else None
        self.team_by, self.chosen = "creation", {"team": -1, "assignee": -1}
        self.handed_at: int | None = None
        self.answered: int | None = None
        self.acknowledged = self.customer_spoke = self.below = self.blind = self.ours_ever = False
        self.last_word, self.last_of_ours = log.created, 0
        self.waiting: int | None = None
        self.reminded = 0
        self.levels: list[str] = []
        self.passed: set[str] = set()
        self.asked: dict[tuple[str, str], int] = {}
        self.verdicts: list[tuple[int, str, str]] = []
        self.unsure_of_approval = False
        self.promise: Promise | None = None
        self.word_after_promise: int | None = None
        self.solved_by_us: int | None = None
        self.answer_to_solution = False
        self.to_announce = self.to_say_solved = False
        self.seen_first = False
        self.counts: dict[str, int] = {}

    # What stands

    @property
    def is_open(self) -> bool:
        return self.facts["status"] in OPEN

    @property
    def team(self) -> str | None:
        return self.facts.get("team")

    @property
    def hours(self) -> Any:
        return plain.hours_of(self.facts["priority"], self.facts["service"])

    @property
    def person_chose(self) -> int:
        """When a person last gave the ticket to somebody, if that still stands; -1: nobody did."""
        return max(self.chosen.values())

    def is_customer(self, by: str) -> bool:
        return by == self.log.requester

    def is_agent(self, by: str) -> bool:
        return by not in (OURS, ROBOT, NOBODY_KNOWN, FIRST_SEEN) and not self.is_customer(by)

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    # What happens

    def take(self, entry: Entry) -> None:
        """Let one thing happen."""
        takes = getattr(self, f"_{entry.what}", None)
        if takes is not None:
            takes(entry)
        elif entry.what not in ("failed", "told"):
            self._set(entry)

    def _set(self, entry: Entry) -> None:
        self.facts.pop(entry.what, None)
        if entry.value is not None:
            self.facts[entry.what] = entry.value

    def _major(self, entry: Entry) -> None:
        self._set(entry)
        self.to_announce = entry.value is True
        self.count("declared" if entry.value is True else "withdrawn")

    def _below(self, entry: Entry) -> None:
        self.below = entry.value

    def _lost(self, entry: Entry) -> None:
        """Forget what stands nowhere but in the memory of the service: promises, who was asked, what is to be told."""
        self.promise, self.unsure_of_approval = None, self.unsure_of_approval or bool(self.asked)
        self.blind = self.blind or self.log.platform == "jira"
        self.to_announce = self.to_say_solved = False
        self.count("lost")

    def _comment(self, entry: Entry) -> None:
        if self.is_customer(entry.by):
            self.customer_spoke = True
            self.answer_to_solution = self.solved_by_us is not None
            if self.facts.get("waiting_for") == "requester":
                self._wait_from(None)
        else:
            self._word(entry.at)
            if self.is_agent(entry.by):
                if self.customer_spoke and self.facts["status"] == "waiting":
                    self._wait_from(entry.at)
                self.customer_spoke = False
                self.answered = self.answered or entry.at
                self.acknowledged = True
        self._run(entry.at)

    def _word(self, at: int) -> None:
        self.last_word = at
        if self.promise is not None and self.word_after_promise is None and at > self.promise[0]:
            self.word_after_promise = at

    def _note(self, entry: Entry) -> None:
        self.acknowledged = self.acknowledged or self.is_agent(entry.by)
        if entry.value is not None:
            self.verdicts.append((entry.at, entry.by, entry.value))

    def _team(self, entry: Entry) -> None:
        self._set(entry)
        self.team_since, self.team_by, self.acknowledged, self.handed_at = entry.at, entry.by, False, None
        self.ours_ever = self.ours_ever or entry.by == OURS
        self._choose("team", entry)

    def _choose(self, fact: str, entry: Entry) -> None:
        self.chosen[fact] = -1 if entry.by in (OURS, ROBOT, FIRST_SEEN) else entry.at

    def _assignee(self, entry: Entry) -> None:
        self._set(entry)
        self._choose("assignee", entry)
        if entry.value is not None and (self.is_agent(entry.by) or entry.by in (NOBODY_KNOWN, FIRST_SEEN)):
            self.acknowledged = True

    def _status(self, entry: Entry) -> None:
        before, was_open = self.facts["status"], self.is_open
        self._set(entry)
        taken = before == "new" and entry.value in ("in_progress", "waiting")
        if taken and (self.is_agent(entry.by) or entry.by in (NOBODY_KNOWN, FIRST_SEEN)):
            self.acknowledged = True
        if was_open and not self.is_open:
            self._end(entry)
        elif self.is_open and not was_open:
            self._reopen(entry.at)
        self.solved_by_us = entry.at if entry.by == OURS and entry.value == "resolved" else None
        self.answer_to_solution = False
        self.customer_spoke = False
        self._wait_from(entry.at if entry.value == "waiting" else None)
        if entry.value == "waiting":
            self.count("waiting")
        self._run(entry.at)

    def _end(self, entry: Entry) -> None:
        self.open[-1][1] = entry.at
        self.answered = self.answered or entry.at
        self.to_announce, self.to_say_solved = False, entry.value == "resolved"
        self.count("ended")
        if self.promise is not None and entry.at <= self.promise[1] + plain.GRACE:
            self.promise = None

    def _reopen(self, at: int) -> None:
        self.open.append([at, None])
        self.last_word, self.to_say_solved = at, False
        self.count("reopened")

    def _waiting_for(self, entry: Entry) -> None:
        if self.customer_spoke and self.facts["status"] == "waiting":
            self._wait_from(entry.at)
        self._set(entry)
        self.customer_spoke = False
        if entry.value is not None and self.facts["status"] == "waiting":
            self.count("waiting")
        self._run(entry.at)

    def _wait_from(self, at: int | None) -> None:
        if at != self.waiting:
            self.waiting, self.reminded = at, 0

    def _run(self, at: int) -> None:
        """Begin or end a span in which the ticket is worked on."""
        waits_for = self.facts.get("waiting_for")
        paused = self.facts["status"] == "waiting" and waits_for in plain.PAUSES
        if paused and waits_for == "requester" and self.customer_spoke:
            paused = False
        runs = self.is_open and not paused
        if self.worked[-1][1] is None and not runs:
            self.worked[-1][1] = at
        elif self.worked[-1][1] is not None and runs:
            self.worked.append([at, None])

    def _said(self, entry: Entry) -> None:
        """Take a word of the service's."""
        message, reader, about = entry.value
        self.count(f"{message} to {reader}")
        words = about.split(" ")
        if words[0] == "level":
            self._level(words[1])
        elif words[0] == "approval":
            self.asked[words[1], words[2]] = entry.at
        elif words[0] == "handed":
            self.handed_at = entry.at
        if reader == "requester":
            self._public(entry, message)

    def _level(self, level: str) -> None:
        """Take a level. Those below it in the ladder that holds count as passed, everywhere and for good."""
        self.levels.append(level)
        steps = [step.level for step in plain.ladder(self.facts["priority"], self.facts["service"])]
        self.passed |= {level, *(steps[: steps.index(level)] if level in steps else ())}

    def _public(self, entry: Entry, message: str) -> None:
        self._word(entry.at)
        self.last_of_ours, self.seen_first = entry.at, True
        self.reminded += message == "closing-soon"
        self.to_announce = self.to_announce and message != "major-incident-started"
        self.to_say_solved = self.to_say_solved and message != "solved"
        if message in ("received", "apology", "major-incident-update") and self.is_open:
            target = plain.UPDATES.get(self.facts["priority"])
            if target is not None:
                self.promise, self.word_after_promise = (entry.at, self.hours.add(entry.at, target)), None
