"""Writing to Jira: one PUT for fields and their mark, one POST per comment with its own; internal stays internal.

No comment travels inside the PUT: published source of the platform drops the properties there, among them the one
that keeps a comment internal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, NamedTuple, NoReturn

from connectors.base import (
    MARKS,
    ConnectorError,
    Exposed,
    NotVisible,
    OutcomeUnknown,
    Refused,
    TryLater,
    Unusable,
    Write,
    Written,
)
from connectors.jira_service_management.beside import Beside, Link
from connectors.jira_service_management.client import PROPERTY, Client, Issue, dicts, is_id, is_issue
from connectors.jira_service_management.fields import Field
from connectors.jira_service_management.tickets import EPOCH, Translator, marks_of, moment
from connectors.people import People
from connectors.web.odd import sound
from connectors.web.paths import step
from rules.confirm import Part
from rules.model import Fact, FieldValues, Ticket
from rules.rulebook import Words
from rules.words import folded

INTERNAL: Final = "sd.public.comment"
"""The property that keeps a comment from customers. A role or group that may see it does not: portals ignore those."""

TEXTS: Final[tuple[Part, ...]] = ("note", "comment")
REMOVED: Final = "an internal note came out public and was removed"
LEFT: Final = "AN INTERNAL NOTE IS PUBLIC and could not be removed"


class Values(NamedTuple):
    """What the site knows by id: the priorities of the projects and the teams of the Team field, by folded name.

    `links` are the types of links by the words that name them, `people` those whom rules name.
    """

    priorities: Mapping[str, str]
    teams: Mapping[str, str]
    links: Mapping[str, Link]
    people: People


class Body(NamedTuple):
    """What a PUT carries: fact → (field id, value or operations), and the facts that cannot be sent, with why.

    The facts `beside` are no fields: they are written after it.
    """

    facts: dict[str, tuple[str, Any]]
    refused: dict[str, str]
    beside: frozenset[str]


class Writer:
    """Writes to one kind of ticket. `internal` tells of a project's key whether comments there can be internal."""

    def __init__(
        self, client: Client, words: Words, translator: Translator, values: Values, internal: Mapping[str, bool]
    ) -> None:
        self._client, self._words, self._translator = client, words, translator
        self._values, self._internal = values, internal
        self._beside = Beside(client, words, translator, values.links, values.people)

    def write(self, write: Write) -> Written:
        """Write fields, what stands beside them, note and comment, in this order.

        What fails after something was done is in the answer.
        """
        body = self._body(write)
        ticket = self._fields(write, body) if body.facts else write.ticket
        try:
            ticket = self._all_beside(write, body, ticket)
        except ConnectorError as error:
            if not body.facts:  # or it was all refused: nothing that was done needs to be told
                raise
            return Written(ticket, body.refused, dict.fromkeys(_parts(write), error))
        refused = self._kept(write.facts, body, ticket) | body.refused
        failed, spoken = self._texts(write)
        nothing = not (body.facts or body.beside or refused) and len(failed) == bool(write.note) + bool(write.comment)
        if failed and nothing and len(set(failed.values())) == 1:
            raise next(iter(failed.values()))
        if not body.facts:  # no answer showed the ticket as it is now
            ticket = ticket._replace(updated=max(ticket.updated, spoken))
        return Written(ticket, refused, failed)

    def _all_beside(self, write: Write, body: Body, ticket: Ticket) -> Ticket:
        """Write what is no field, leave the mark of it all, and return the ticket after it.

        The mark comes last: it says that nothing has to be done again. An issue that is closed by now may refuse it.
        """
        if not body.beside:
            return ticket
        if not (self._beside.write(write, body.refused) or body.facts):
            return ticket
        marks = self._marks(write)
        with suppress(Refused, NotVisible):
            path = f"issue/{step(ticket.number)}/properties/{PROPERTY}"
            self._client.send(path, {"marks": marks}, method="PUT")
        if body.beside - {"watchers"} - body.refused.keys():
            ticket = sound(self._translator.ticket(self._read(ticket)))
        return ticket._replace(marks=ticket.marks | frozenset(marks))

    def _marks(self, write: Write) -> tuple[str, ...]:
        return (*write.marks.fields, *sorted(write.ticket.marks))[:MARKS]

    def _texts(self, write: Write) -> tuple[dict[Part, ConnectorError], datetime]:
        """Write note and comment, and return what failed, and when the last was written.

        The other is tried unless the platform wants a rest.
        """
        failed, spoken = dict[Part, ConnectorError](), EPOCH
        for part in TEXTS:
            text, marks = getattr(write, part), getattr(write.marks, part)
            first = next((error for error in failed.values() if isinstance(error, TryLater | Unusable)), None)
            if text and first is not None:
                failed[part] = first
            elif text:
                try:
                    spoken = self._say(write.ticket, text, marks, internal=part == "note")
                except ConnectorError as error:
                    failed[part] = error
        return failed, spoken

    def _body(self, write: Write) -> Body:
        body = Body({}, {}, frozenset(fact for fact in write.facts if self._beside.takes(fact)))
        for fact, value in write.facts.items():
            if fact in body.beside:
                continue
            try:
                body.facts[fact] = self._stored(fact, value, write)
            except Refused as error:
                body.refused[fact] = str(error)
        return body

    def _stored(self, fact: str, value: Fact | None, write: Write) -> tuple[str, Any]:
        """Return the field and what to send. Raises `Refused` where the fact or the value has no place here."""
        field, source = self._translator.fields.get(fact), self._words.fields.get(fact)
        known = self._words.values.get(fact)
        theirs = next(iter(known.get(str(value), ())), "") if known is not None and value is not None else value
        if field is None or source is None or source.equals or theirs == "":
            raise Refused(f"{fact} {value!r} has no counterpart in Jira's {self._words.table}")
        if field.many:
            return field.id, self._operations(fact, field, () if value is None else theirs, write)
        return field.id, None if value is None else self._single(field, str(theirs) if known is not None else theirs)

    def _single(self, field: Field, value: Any) -> Any:
        """Return one value as the field takes it."""
        if field.type == "priority":
            found = self._values.priorities.get(folded(str(value)))
            if found is None:
                raise Refused(f"the project has no priority {value!r}")
            return {"id": found, "name": str(value)}
        if field.type == "team":
            return self._values.teams.get(folded(str(value)), value)  # a bare id is written, an object is read
        if field.type in ("group", "version", "component"):
            return {"name": value}
        if field.type == "user":
            return {"accountId" if self._client.cloud else "name": self._values.people.account(str(value))}
        if field.type == "issuelink":
            return {"key": value}
        return {"value": value} if field.type == "option" else value

    def _operations(self, fact: str, field: Field, value: Any, write: Write) -> list[dict[str, Any]]:
        """Return what to add and what to remove, so that what others add at the same time stays.

        A team among labels or components replaces the team that was there, and nothing else. Labels are only added,
        unless the write is exact.
        """
        wanted = set(value) if isinstance(value, tuple) else {str(value)}
        now = write.ticket.facts.get(fact)
        known = self._words.values.get(fact)
        if known is not None and isinstance(now, str):
            now = known.get(now, ())
        had = set(now) if isinstance(now, tuple) else set()
        if field.type == "string" and (spaced := sorted(one for one in wanted if " " in one)):
            raise Refused(f"labels have no spaces: {', '.join(spaced)}")
        gone = sorted(had - wanted) if known is not None or write.exact else []
        changes = [("add", one) for one in sorted(wanted - had)] + [("remove", one) for one in gone]
        return [{verb: one if field.type == "string" else self._single(field, one)} for verb, one in changes]

    def _fields(self, write: Write, body: Body) -> Ticket:
        """Write the fields, and again without what was refused, as often as that takes: it was all or nothing."""
        while body.facts:
            try:
                return self._put(write, body)
            except Refused as error:
                for fact in self._named(body, str(error)) or list(body.facts):
                    del body.facts[fact]
                    body.refused[fact] = str(error)
        return write.ticket

    def _named(self, body: Body, error: str) -> list[str]:
        return [fact for fact, (field, _) in body.facts.items() if re.search(rf"\b{re.escape(field)}\b", error)]

    def _put(self, write: Write, body: Body) -> Ticket:
        """Write fields and mark in one PUT. Cloud returns the issue; Data Center has to be asked for it.

        Where more is to be written after it, it leaves no mark yet.
        """
        marks = () if body.beside else self._marks(write)
        sent: dict[str, Any] = {"fields": {}, "update": {}}
        if not body.beside:
            sent["properties"] = [{"key": PROPERTY, "value": {"marks": marks}}]
        for fact, (field, value) in body.facts.items():
            if self._translator.fields[fact].many:
                sent["update"].setdefault(field, []).extend(value)  # labels and the team may share a field
            else:
                sent["fields"][field] = value
        number = write.ticket.number
        answer = self._client.put(
            f"issue/{step(number)}", sent, **({"returnIssue": "true"} if self._client.cloud else {})
        )
        if not _is(answer, write.ticket):
            answer = self._read(write.ticket)
        ticket = sound(self._translator.ticket(answer))
        return ticket._replace(marks=ticket.marks | frozenset(marks))

    def _read(self, ticket: Ticket) -> Issue:
        """Return the issue after a write. Where it cannot be read, what came of the write is not known."""
        fields = ",".join(self._translator.asked)
        try:
            found = self._client.record(f"issue/{step(ticket.number)}", fields=fields, properties=PROPERTY)
        except ConnectorError as error:
            raise OutcomeUnknown(f"{error}; it was just written to") from None
        if not _is(found, ticket):
            raise OutcomeUnknown(f"{self._client.session.name} does not show {ticket.number} after a write to it")
        return found

    def _kept(self, facts: FieldValues, body: Body, ticket: Ticket) -> dict[str, str]:
        """Return what the platform took without keeping it."""
        told = [*body.facts, *(fact for fact in ("parent", "status") if fact in body.beside)]
        now = {fact: ticket.facts.get(fact) for fact in told}
        wanted = {fact: self._values.people.named(fact, facts[fact]) for fact in now}
        lost = {fact: value for fact, value in now.items() if not _same(value, wanted[fact])}
        return {fact: f"the platform kept {'it empty' if v is None else repr(v)}" for fact, v in lost.items()}

    def _say(self, ticket: Ticket, text: str, marks: tuple[str, ...], internal: bool) -> datetime:
        """Write one comment, and return when that was. An internal one only where it can be, and it is looked at."""
        if internal and not self._internal.get(ticket.number.rpartition("-")[0], False):
            raise Refused("comments of this project cannot be internal: it is no service management project")
        if internal and self._client.exposed:
            raise Refused(f"{self._client.exposed}; no other is written until the service is started anew")
        properties: list[dict[str, Any]] = [{"key": PROPERTY, "value": {"marks": marks, "internal": internal}}]
        if internal:
            properties.append({"key": INTERNAL, "value": {"internal": True}})
        body = json.loads(text) if self._client.cloud else text
        version = 3 if self._client.cloud else 2
        comment = self._client.post(
            f"issue/{step(ticket.number)}/comment", {"body": body, "properties": properties}, version
        )
        if internal:
            self._prove_internal(ticket, comment)
        return moment(comment.get("created"))

    def _prove_internal(self, ticket: Ticket, comment: Mapping[str, Any]) -> None:
        """Withdraw a note that customers see, with an alarm; one of which that cannot be told now, without."""
        id = str(comment.get("id") or "")
        try:
            is_internal = self._is_internal(comment)
        except TryLater as error:
            self._remove_unproven(ticket, id, error)
        if not is_internal:
            self._withdraw(ticket, id)

    def _remove_unproven(self, ticket: Ticket, comment: str, error: TryLater) -> NoReturn:
        """Remove it, to be said again. Where that cannot be done either, it is looked up by its mark before long."""
        try:
            self._delete(ticket, comment)
        except ConnectorError:
            raise OutcomeUnknown(f"{error}; whether the note is internal is not known") from None
        raise TryLater(f"{error}; the note was removed, since nothing proved that it is internal", error.wait)

    def marks(self, ticket: Ticket, comment: Mapping[str, Any]) -> frozenset[str]:
        """Return our marks on a comment as a list of comments shows it. A note of ours that is public is withdrawn.

        The answer to its writing may never have come, so that nobody looked at it then.
        """
        properties = {str(one.get("key")): one.get("value") for one in dicts(comment.get("properties"))}
        ours, internal = properties.get(PROPERTY), properties.get(INTERNAL)
        if isinstance(ours, dict) and ours.get("internal") is True:
            hidden = isinstance(internal, dict) and internal.get("internal") in (True, "true")
            if comment.get("jsdPublic") is True or not hidden:
                self._withdraw(ticket, str(comment.get("id") or ""))
        return marks_of(ours)

    def _is_internal(self, comment: Mapping[str, Any]) -> bool:
        """Tell whether customers do not see a comment: Cloud says so in its answer, Data Center in the property."""
        if self._client.cloud:
            return comment.get("jsdPublic") is False
        try:
            found = self._client.record(f"comment/{step(str(comment.get('id') or ''))}/properties/{INTERNAL}").get(
                "value"
            )
        except TryLater:
            raise
        except ConnectorError:  # what is not proven internal does not stay
            return False
        return isinstance(found, dict) and found.get("internal") in (True, "true")

    def _delete(self, ticket: Ticket, comment: str) -> None:
        if not is_id(comment):
            raise Refused("it has no id")
        with suppress(NotVisible):  # somebody was quicker
            self._client.delete(f"issue/{step(ticket.number)}/comment/{step(comment)}")

    def _withdraw(self, ticket: Ticket, comment: str) -> None:
        """Remove an internal note that customers could read. Raises the alarm, whatever comes of it."""
        where = f"{ticket.connection}/{ticket.number}"
        try:
            self._delete(ticket, comment)
        except ConnectorError as error:
            self._client.exposed = f"{LEFT}: {where}, comment {comment}: remove it by hand ({error})"
            raise Exposed(self._client.exposed) from None
        self._client.exposed = f"{REMOVED}: {where}"
        raise Exposed(f"{self._client.exposed}; look at who may see internal comments in this project")


def _parts(write: Write) -> list[Part]:
    """Return the parts that a write consists of."""
    return ["fields", *(part for part in TEXTS if getattr(write, part))]


def _is(answer: object, ticket: Ticket) -> bool:
    """Tell whether an answer is the issue that a ticket is; its key changes when it moves."""
    return isinstance(answer, dict) and is_issue(answer) and str(answer["id"]) == ticket.id


def _same(now: Fact | None, wanted: Fact | None) -> bool:
    if isinstance(now, tuple) and isinstance(wanted, tuple):
        return {folded(item) for item in wanted} <= {folded(item) for item in now}
    if isinstance(now, str) and isinstance(wanted, str):
        return folded(now) == folded(wanted)
    return now == wanted
