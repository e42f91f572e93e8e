"""Reads one test: its ticket, its moments and what must be true at each, in the desk's words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Final, NamedTuple

from rules.automatic import word
from rules.cases.forms import AffectedForm, CaseForm, ExpectForm, RequesterForm, StepForm
from rules.cases.model import (
    Expected,
    Moment,
    RuleTest,
    WantedChange,
    WantedChanges,
    WantedFact,
    WantedMessage,
    WantedMessages,
)
from rules.cases.words import fits, may_be_given, value_of
from rules.checks import READERS
from rules.forms import duration
from rules.language import tag
from rules.model import Fact, Person
from rules.problems import Report, did_you_mean
from rules.readers import AFFECTED
from rules.rulebook import Connection, Rulebook
from rules.tree import Node
from rules.vocabulary import Vocabulary

AGENT: Final = "agent"
REQUESTER: Final = "requester"
ROBOT: Final = "robot"
"""Who acts in a test, beside the people of the workspace. A robot is one of those that the connection names."""

FIRST_YEAR, LAST_YEAR = 1971, 2200
LONGEST: Final = timedelta(days=3650)
"""A test that lasts for longer lasts for so long: later than that no calendar can tell."""

NO_FACTS: Final = {"connection", "kind", "requester", "affected", "created_by"}
LISTED: Final = {"level", "assigned", "changes", "messages"}
WHO: Final = {"level": "level", "team": "team", "person": "assignee"}
"""Expectations that have a name of their own, and the facts that they are about."""


class Desk(NamedTuple):
    """The desk whose rules are tested: its rulebook, its words, and the names of all zones, if they are known."""

    book: Rulebook
    words: Vocabulary
    zones: Collection[str]


class CaseReader:
    """Reads a test of one kind of ticket on one connection."""

    def __init__(self, desk: Desk, connection: Connection, kind: str, report: Report) -> None:
        self._book, self._vocabulary, self._zones = desk
        self._connection = connection
        self._words = connection.kinds[kind]
        self._report = report

    def test(self, node: Node, form: CaseForm) -> RuleTest:
        """Return the test. The answer is only good for running if nothing was reported."""
        ticket = node.entries["ticket"]
        requester = ticket.entries.get("requester")
        by = self._account(ticket.entries.get("created_by")) or REQUESTER
        return RuleTest(
            name=form.name,
            place=node.place,
            connection=self._connection.name,
            kind=self._words.kind,
            created_by=by,
            requester=self._requester(requester, form),
            facts=self._given(ticket) | self._of_requester(requester),
            moments=tuple(self._moments(node, form, by)),
            affected=self._affected(ticket, form),
        )

    def _moments(self, node: Node, form: CaseForm, by: str) -> list[Moment]:
        """Return the moments in their order, and report a test of which nothing can fail."""
        if not FIRST_YEAR <= form.at.year <= LAST_YEAR:
            self._report(node.entries["at"].place, "no ticket is created then", "is the year right?")
            return []
        moments = [Moment(form.at, "", by, {}, (), self._expected(node.entries.get("expect"), form.expect))]
        for step, its in zip(node.entries["then"].items if form.then else (), form.then, strict=True):
            moments.append(self._moment(step, its, form.at, moments[-1].at))
        if not any(any(moment.expected) for moment in moments):
            self._report(
                node.place, "the test expects nothing", "add what must come of it, such as expect: {priority: P3}"
            )
        return moments

    def _given(self, ticket: Node) -> dict[str, Fact]:
        """Return the facts that the ticket is created with."""
        nodes = {fact: node for fact, node in ticket.entries.items() if fact not in NO_FACTS}
        return {fact: value for fact, value in self._values(nodes).items() if value is not None}

    def _of_requester(self, node: Node | None) -> dict[str, Fact]:
        """Return what rules may ask about the requester."""
        nodes = {f"requester.{part}": below for part, below in node.entries.items()} if node is not None else {}
        return {fact: value for fact, value in self._values(nodes).items() if value is not None}

    def _requester(self, node: Node | None, form: CaseForm) -> Person:
        who = form.ticket.requester
        if who is None or node is None:
            return Person(REQUESTER, language=self._book.languages[0])
        return self._person(REQUESTER, node, who)

    def _affected(self, ticket: Node, form: CaseForm) -> tuple[Person, ...]:
        """Return who reported tickets below, each of whom hears for themselves."""
        nodes = ticket.entries["affected"].items if form.ticket.affected else ()
        pairs = enumerate(zip(nodes, form.ticket.affected, strict=True), 1)
        return tuple(self._person(f"{AFFECTED}-{number}", node, who) for number, (node, who) in pairs)

    def _person(self, account: str, node: Node, who: RequesterForm | AffectedForm) -> Person:
        if who.language and not tag(who.language):
            place = node.entries["language"].place
            self._report(place, f"'{who.language}' is no language", "such as nb, zh-CN or fr_CA, as the platform says")
        if who.zone and self._zones and who.zone not in self._zones:
            mend = did_you_mean(who.zone, self._zones, "write a name of the IANA database, such as Europe/Oslo")
            self._report(node.entries["zone"].place, f"there is no zone '{who.zone}'", mend)
        return Person(account, who.name, who.language, who.zone)

    def _values(self, nodes: dict[str, Node]) -> dict[str, Fact | None]:
        """Return what somebody gives these facts; what nobody can give them here is reported."""
        found: dict[str, Fact | None] = {}
        for fact, node in nodes.items():
            if not self._vocabulary.knows(fact, node, self._report):
                continue
            if may_be_given(fact, node.key, self._connection, self._words, self._report):
                value = found[fact] = value_of(fact, node, self._vocabulary, self._report)
                if value is not None:
                    fits(fact, value, node, self._connection, self._words, self._report)
        return found

    def _moment(self, node: Node, form: StepForm, start: datetime, before: datetime) -> Moment:
        at = start + min(duration(form.after), LONGEST)
        if at <= before:
            mend = "after: counts from the start of the test: put each moment later than the one before"
            self._report(node.entries["after"].place, f"'{form.after}' is not after the moment before it", mend)
        said = tuple((what, word(what, text)) for what in ("comment", "note") if (text := getattr(form, what)))
        by = self._account(node.entries.get("by"))
        if (form.set or said) and not form.by:
            self._report(node.place, "nobody does this", "add by: agent, requester, robot, or one of your people")
        elif form.by and not (form.set or said):
            self._report(node.entries["by"].key, f"{form.by} does nothing", "add set:, comment: or note:")
        values = self._values(node.under("set"))
        return Moment(at, form.after, by, values, said, self._expected(node.entries.get("expect"), form.expect))

    def _account(self, node: Node | None) -> str:
        """Return the account of somebody who acts, "" for nobody."""
        if node is None:
            return ""
        if node.text == ROBOT:
            return self._robot(node)
        if node.text not in (AGENT, REQUESTER, *self._book.people):
            known = (AGENT, REQUESTER, ROBOT, *self._book.people)
            self._report(node.place, f"'{node.raw}' is nobody", did_you_mean(node.raw, known))
        return node.text

    def _robot(self, node: Node) -> str:
        robots = sorted(self._connection.robots)
        if not robots:
            name = self._connection.name
            self._report(node.place, f"{name} has no robots", f"name one: connections: {name}: robots: [system]")
        return robots[0] if robots else ROBOT

    def _expected(self, node: Node | None, form: ExpectForm | None) -> Expected:
        if node is None or form is None:
            return Expected()
        messages = changes = None
        if form.messages is not None:
            listed = node.entries["messages"]
            messages = WantedMessages(tuple(map(self._message, listed.items)), listed.key)
        if form.changes is not None:
            listed = node.entries["changes"]
            changes = WantedChanges(tuple(one for item in listed.items for one in self._changes(item)), listed.key)
        return Expected(tuple(self._facts(node)), messages, changes)

    def _facts(self, node: Node) -> list[WantedFact]:
        """Return the single facts that must stand: by name, and those with a key of their own."""
        wanted = [WantedFact("level", one.text, one.key) for one in node.each("level")]
        for key, below in node.under("assigned").items():
            self._is_somebody(key, below)
            wanted.append(WantedFact(WHO[key], below.text, below.key))
        for fact, below in node.entries.items():
            if fact not in LISTED and self._vocabulary.knows(fact, below, self._report):
                value = value_of(fact, below, self._vocabulary, self._report)
                wanted.append(WantedFact(fact, value, below.key))
        return wanted

    def _is_somebody(self, key: str, node: Node) -> None:
        section, known = ("teams", self._book.teams) if key == "team" else ("people", self._book.people)
        if node.text not in known:
            mend = did_you_mean(node.raw, known, f"add it under {section}:")
            self._report(node.place, f"'{node.raw}' is not under {section}:", mend)

    def _changes(self, node: Node) -> list[WantedChange]:
        """Return what an entry of `changes:` names: a fact, or facts with their values."""
        entries = node.entries or {node.raw: node}
        known = {fact: below for fact, below in entries.items() if self._vocabulary.knows(fact, below, self._report)}
        if not node.entries:
            return [WantedChange(fact, None, named=False) for fact in known]
        read = ((fact, value_of(fact, below, self._vocabulary, self._report)) for fact, below in known.items())
        return [WantedChange(fact, value, named=True) for fact, value in read]

    def _message(self, node: Node) -> WantedMessage:
        """Return a message that must be said; a name that nothing can have is reported."""
        texts = {key: below.text for key, below in node.entries.items()}
        wanted = WantedMessage(**texts)
        if wanted.message not in self._book.messages:
            mend = did_you_mean(wanted.message, self._book.messages)
            self._report(node.entries["message"].place, f"there is no message '{wanted.message}'", mend)
        languages = {*self._book.languages, *self._book.messages.get(wanted.message, ())}
        if wanted.language and wanted.language not in languages:
            mend = did_you_mean(wanted.language, languages)
            self._report(node.entries["language"].place, f"no message is written in '{wanted.language}'", mend)
        if wanted.to not in READERS and get_close_matches(wanted.to, READERS, 1, 0.75):
            mend = did_you_mean(wanted.to, READERS)
            self._report(node.entries["to"].place, f"there is no reader '{wanted.to}'", mend)
        return wanted
