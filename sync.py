"""Runs: wires the rooms together. A desk at work reads, decides, plans and writes, one cycle at a time."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

ROOMS: Final = ("connectors", "rules", "templates", "commands")


def check_rooms() -> None:
    """Stop with a clear line where another distribution's package took the place of one of our rooms."""
    for room in ROOMS:
        if getattr(importlib.import_module(room), "OWNER", "") != "itsm-sync":
            sys.exit(f"itsm-sync: another package named {room!r} is in the way; install it alone, with pipx")


check_rooms()  # before the imports that would fail strangely otherwise

from commands.group import command_line
from connectors.base import Busy, Connector, ConnectorError, Exposed, Page, Write, Written, text_digest
from connectors.channels.delivery import About, Delivery
from connectors.outcome import keep
from connectors.reading import parted, recognised, settled, surroundings, with_history, with_words
from connectors.state.records import Decided, Line, Planned, Report
from rules.confirm import confirmed, not_taken, part_of, written_facts
from rules.describe import done
from rules.importance import URGENT, rank
from rules.model import Decision, Facts, Memory, Ticket
from rules.reverting import Change, is_reverting, reverted

if TYPE_CHECKING:
    from connectors.channels.base import Channel
    from connectors.rosters import Rosters
    from connectors.state.store import Store
    from rules.rosters import Roster
    from rules.rulebook import Rulebook
    from templates.letters import Letters
    from templates.render import Renderer

FRESH: Final = timedelta(seconds=30)
"""A plan older than this is read and decided again before it is sent."""

AT_HAND: Final = 1_000
"""Tickets kept between reading and writing, 100 or more; others are read again, so that memory does not grow."""


@dataclass
class Desk:
    """One desk at work. `stopping` is asked between writes; `tell` hears of progress: what, and how many so far."""

    book: Rulebook
    connectors: Mapping[str, Connector]
    store: Store
    renderer: Renderer
    clock: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False
    tell: Callable[[str, int], None] = lambda _what, _count: None
    started: set[str] = field(default_factory=set)
    rosters: Rosters | None = None
    on_call: Mapping[str, Roster] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)

    def cycle(self, write: bool = True) -> Report:
        """Read what changed, decide, plan, and write unless it is a dry run. A broken connection stops no other."""
        report = Report(cycle=self.store.begin_cycle(tuple(self.connectors)))
        self.store.background().let_go(self.book.keep)
        for name in self.connectors:
            self.store.first_start(name)  # now, because the first reading may take hours, and tickets go on coming
        self.read_rosters(report)
        rounds = [Round(self, name, connector, report.cycle, report) for name, connector in self.connectors.items()]
        ready = [one for one in rounds if one.run(one.read)]
        for one in ready:  # apart from reading: no trouble in the background keeps anything from being written
            if not one.connector.limits.is_scarce():
                one.run(one.sweep)
        report.stopped = self.store.is_stopped()
        if write and not report.stopped:
            report.held = self.store.brake(report.cycle, self.book.brakes, [one.name for one in ready])  # before any
            for by_doors in (True, False):  # first of all: somebody may have to be woken
                for one in ready:
                    one.run(partial(one.write, by_doors=by_doors))
        waits = {name: connector.limits.wait() for name, connector in self.connectors.items()}
        self.store.end_cycle(report.cycle, report.counts, waits)
        return report

    def read_rosters(self, report: Report) -> None:
        """Read who is on call where that is kept elsewhere."""
        if self.rosters is not None:
            self.on_call = self.rosters.refresh(self.clock())
            report.problems |= self.rosters.problems

    def revert(self, cycle: int, changes: Sequence[Change], write: bool = True) -> Report:
        """Put back what a cycle wrote, where nobody touched it since."""
        report = Report(cycle=self.store.begin_cycle(tuple(self.connectors)))
        for name in dict.fromkeys(one.connection for one in changes if one.connection in self.connectors):
            one = Round(self, name, self.connectors[name], report.cycle, report)
            one.run(partial(one.revert, cycle, [change for change in changes if change.connection == name], write))
        self.store.end_cycle(report.cycle, report.counts)
        return report


@dataclass
class Round:
    """One connection's part of a cycle."""

    desk: Desk
    name: str
    connector: Connector
    cycle: int
    report: Report
    at_hand: dict[str, tuple[Ticket, Facts]] = field(default_factory=dict)
    renew: Callable[[str, Sequence[str]], None] | None = None  # in place of deciding again what became old

    def run(self, part: Callable[[], None]) -> bool:
        """Do one part of it, and tell whether nothing broke."""
        try:
            part()
        except ConnectorError as error:
            self.report.problems[self.name] = str(error)
            return False
        if self.connector.lost:
            self.report.problems.setdefault(self.name, "; ".join(self.connector.lost))
        return True

    def read(self) -> None:
        """Read and plan everything. A connection that could not start is started anew."""
        self._start()
        self._read_due()
        for kind in self._kinds():
            self._read_changes(kind, self.desk.store.cursor(self.name, kind))
        self._read_due()  # for whom there is news by what was read just now

    def _read_due(self) -> None:
        for kind, ids in self.desk.store.due(self.name, self.desk.clock()).items():
            self._read_by_id(kind, ids)

    def _start(self) -> None:
        if self.name not in self.desk.started:
            self.connector.start()
            self.desk.started.add(self.name)

    def _kinds(self) -> Sequence[str]:
        return tuple(self.desk.book.connections[self.name].kinds)

    def _read_changes(self, kind: str, cursor: str | None, moves: bool = True) -> None:
        for page in self.connector.pages(kind, cursor):
            if self.desk.stopping():
                return
            self._take(kind, page, moves=moves)

    def sweep(self) -> None:
        """Read in the background what changes do not tell of, and the last hour once more."""
        store = self.desk.store.background()
        for kind, before, now in store.hours(self.name, self._kinds()):
            if before:
                self._read_changes(kind, before, moves=False)
            if not self.desk.stopping():  # else it is read from its beginning next time
                store.hour_begins(self.name, kind, now)
        for kind, ids in store.chosen(self.name, self._kinds(), self.desk.book.digest).items():
            self._read_by_id(kind, ids)

    def _read_by_id(self, kind: str, ids: Sequence[str]) -> None:
        """Read these tickets and decide again, unless the rules of today do not look after their kind."""
        if kind not in self._kinds():
            return
        found: set[str] = set()
        for page in self.connector.tickets(kind, ids):
            self._take(kind, page, again=True, moves=False)
            found.update(ticket.id for ticket in page.tickets)
        missing = [one for one in ids if one not in found]
        self.desk.store.looked(self.cycle, self.name, kind, [*found], missing, self.desk.book.digest)

    def _take(self, kind: str, page: Page, again: bool = False, moves: bool = True) -> None:
        """Decide on a page and plan, on known tickets only if `again`. Reading goes on after it if it `moves`."""
        from rules.engine import is_news

        desk = self.desk
        tickets, memories = recognised(desk.store, self.cycle, page.tickets)
        news = [t for t in tickets if is_news(t, memories.get(t.key), desk.book.digest, again)]
        since = desk.book.connections[self.name].since or desk.store.first_start(self.name)
        news = [*settled(desk.store, self.connector, self.cycle, news, memories, desk.clock())]
        news = [*with_history(self.connector, news, memories, since, desk.book.clocked)]
        decisions = [*self._decided(news, memories, since)] if news else []
        self._plan(kind, page.cursor if moves else None, decisions, again or not self.connector.behind)
        self._count(read=len(page.tickets), decided=len(decisions))

    def _decided(
        self, tickets: Sequence[Ticket], known: Mapping[str, Memory], since: datetime
    ) -> Iterator[tuple[Ticket, Decision]]:
        """Decide about tickets one after the other: each sees in the queues what became of those before it."""
        from rules.engine import decide
        from rules.queues import after
        from templates.detector import detected

        desk, now = self.desk, self.desk.clock()
        around = surroundings(desk.store, self.connector, desk.book, since, desk.on_call, detected)
        for ticket in tickets:
            decision = decide(ticket, known.get(ticket.key) or Memory(), around, desk.book, now)
            around = after(around, ticket, decision) if desk.book.counts_queues else around
            yield ticket, decision

    def _plan(self, kind: str, cursor: str | None, decisions: Sequence[tuple[Ticket, Decision]], keep: bool) -> None:
        """Plan what was decided, and keep at hand what is to be written, if it may be written as it was read."""
        book = self.desk.book
        decided = [Decided(ticket, decision, rank(decision, book), book.digest) for ticket, decision in decisions]
        self._count(planned=self.desk.store.plan(self.cycle, self.name, kind, cursor, decided))
        for ticket, decision in decisions:
            self.at_hand.pop(ticket.key, None)
            if decision.deeds and len(self.at_hand) < AT_HAND and keep:
                self.at_hand[ticket.key] = ticket, decision.facts

    def revert(self, cycle: int, changes: Sequence[Change], write: bool) -> None:
        """Put these values back, a hundred tickets at a time, as far as they stand as we left them."""
        self._start()
        self.renew = partial(self._put_back, cycle, changes)
        for kind in dict.fromkeys(one.kind for one in changes):
            ids = list(dict.fromkeys(one.id for one in changes if one.kind == kind))
            for start in range(0, len(ids), 100):
                self._put_back(cycle, changes, kind, ids[start : start + 100])
                if write and self.at_hand:
                    self.write(tuple(self.at_hand))
                self.at_hand.clear()

    def _put_back(self, cycle: int, changes: Sequence[Change], kind: str, ids: Sequence[str]) -> None:
        """Read these tickets and plan to put their values back."""
        for page in self.connector.tickets(kind, ids):
            memories = self.desk.store.memories([ticket.key for ticket in page.tickets])
            known = [(ticket, memories.get(ticket.key) or Memory()) for ticket in page.tickets]
            self._plan(kind, None, [(t, reverted(t, memory, changes, cycle)) for t, memory in known], keep=True)
            self._count(read=len(page.tickets))

    def write(self, only: Sequence[str] = (), by_doors: bool = False) -> None:
        """Write what is planned, a hundred tickets at a time; `only` these, then also while writing is stopped.

        `by_doors`: send what goes out by other doors than the tickets.
        """
        planned, send = self.desk.store.planned(self.name, only, by_doors), self._tell if by_doors else self._send
        while batch := list(islice(planned, 100)):
            while batch := self._fresh(batch, by_doors):
                if not (only or self._may_send(batch[0])) or not send(batch.pop(0)):
                    return

    def _tell(self, planned: Planned) -> bool:
        """Send all words about one ticket that go out by other doors."""
        from templates.notices import words

        desk, about = self.desk, About(*self.at_hand[planned.ticket])
        post = Delivery(desk.book, desk.channels, desk.store, desk.clock, self.report.problems)
        for notice in planned.notices:
            say = partial(words, *about, notice, desk.book, desk.renderer, desk.clock())
            self._count(**{post.send(self.cycle, planned, notice, about, say): 1})
        return True

    def _may_send(self, planned: Planned) -> bool:
        """Tell whether to go on: what is left of a platform's allowance is kept for what is urgent."""
        wanted = planned.notices or planned.rank < URGENT or not self.connector.limits.is_scarce()
        return bool(wanted) and not self.desk.stopping() and not self.desk.store.is_stopped()

    def _fresh(self, batch: list[Planned], by_doors: bool = False) -> list[Planned]:
        """Return the plans that can be sent now: old ones as they are decided now, without what is gone by now."""
        now = self.desk.clock()
        stale = [p for p in batch if p.ticket not in self.at_hand or now - p.planned_at > FRESH]
        if not stale:
            return batch
        again = {p.ticket for p in stale}
        needed = {key: self.at_hand[key] for p in batch if (key := p.ticket) not in again}
        others = {key: kept for key, kept in self.at_hand.items() if key not in again}
        self.at_hand = dict(islice((needed | others).items(), AT_HAND - len(stale)))
        for kind in sorted({p.kind for p in stale}):
            (self.renew or self._read_by_id)(kind, [p.id for p in stale if p.kind == kind])
        renewed = self.desk.store.planned(self.name, tuple(again), by_doors)
        kept = [p for p in batch if p.ticket not in again] + [p for p in renewed if p.ticket in self.at_hand]
        return sorted(kept, key=lambda planned: planned.rank)

    def _send(self, planned: Planned) -> bool:
        """Write to one ticket. False: the platform wants to be left alone for a while."""
        from templates.letters import letters

        ticket, facts = self.at_hand.pop(planned.ticket)
        desk, keys = self.desk, [action.key for action in planned.actions]
        try:
            facts = with_words(self.connector, facts, planned.actions)
        except ConnectorError as error:
            shown, rest = parted(planned.actions)
            self.at_hand |= {planned.ticket: (ticket, facts)} if rest else {}
            return self._failed(planned, shown, error) and (not rest or self._send(planned._replace(actions=rest)))
        texts = letters(ticket, facts, planned.actions, desk.book, desk.renderer, self.connector.format, desk.clock())
        said, exact = (texts.comment, texts.note, texts.marks(planned.actions)), any(map(is_reverting, planned.actions))
        write = Write(ticket, written_facts(planned.actions), *said, exact)
        desk.store.sending(keys, {key: text_digest(text) for key, text in texts.spoken(planned.actions).items()})
        try:
            written = self.connector.write(write)
        except ConnectorError as error:
            return self._failed(planned, keys, error)
        self._confirm(planned, ticket, written, texts)
        unwritten = [action for action, _ in texts.failed]
        go_on = True
        for why in dict.fromkeys(written.failed.values()):
            parts = [a for a in planned.actions if written.failed.get(part_of(a)) is why and a not in unwritten]
            go_on = self._failed(planned, [action.key for action in parts], why) and go_on
        return go_on

    def _failed(self, planned: Planned, keys: list[str], error: ConnectorError) -> bool:
        """Keep what became of a write that failed. False: the platform wants to be left alone for a while."""
        try:
            count = keep(self.desk.store, self.cycle, planned.ticket, keys, error, planned.attempts, self.desk.clock)
        except Busy:
            return False
        if isinstance(error, Exposed):
            self.report.problems[self.name] = str(error)
        self._count(**count)
        return True

    def _confirm(self, planned: Planned, ticket: Ticket, written: Written, texts: Letters) -> None:
        """Keep what the answer says was done, and park what it says was not; failed parts are not done either."""
        store, failed = self.desk.store, {action.key: why for action, why in texts.failed}
        failed |= not_taken(planned.actions, ticket, written.ticket, written.refused)
        taken = [a for a in planned.actions if a.key not in failed and part_of(a) not in written.failed]
        undone = [action for action in planned.actions if action not in taken]
        memory = store.memories([planned.ticket]).get(planned.ticket) or Memory()
        lines = [Line(r.stage, "done", r.rule, r.where, done(a, written.refused)) for a in taken for r in [a.reason]]
        sent = {action.key for action in planned.actions}
        others = [one.action for one in store.waiting(planned.ticket) if one.action.key not in sent]
        memory = confirmed(memory, written.ticket, taken, [*undone, *others])
        before = {fact: ticket.facts.get(fact) for fact in written_facts(taken)}
        again = self.desk.clock() if self.desk.book.clocked else None  # what begins with our write, nothing else tells
        store.confirm(self.cycle, written.ticket, [action.key for action in taken], memory, lines, before, again)
        parked = [action.key for action in undone if action.key in failed]
        for key in parked:
            store.park(self.cycle, planned.ticket, [key], failed[key])
        comments = sum(bool(text) for text in (texts.comment, texts.note))
        self._count(written=1, sent=comments - len(written.failed.keys() - {"fields"}), parked=len(parked))

    def _count(self, **more: int) -> None:
        for what, count in more.items():
            self.report.counts[what] += count
            if count:
                self.desk.tell(what, self.report.counts[what])


main: Final = command_line(Desk)

if __name__ == "__main__":
    main()
