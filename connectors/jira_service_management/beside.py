"""What Jira takes beside the fields of an issue, in requests of its own: links, watchers, transitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from connectors.base import NotVisible, Refused, Write
from connectors.jira_service_management.client import Client, dicts, is_id, is_key
from connectors.jira_service_management.tickets import Translator, links_of
from connectors.people import People
from connectors.web.paths import step
from rules.rulebook import Words
from rules.words import folded

ORDER: Final = ("parent", "watchers", "status")
"""The transition comes last: an issue that is closed may take no changes any more."""


class Link(NamedTuple):
    """A type of link, and the end of it at which the words stand that name it: "inward" or "outward"."""

    type: str
    way: str


class Beside:
    """Writes these of one kind of ticket. All of it may be done twice, so that marks are left after it."""

    def __init__(
        self, client: Client, words: Words, translator: Translator, links: Mapping[str, Link], people: People
    ) -> None:
        self._client, self._words, self._translator = client, words, translator
        self._links, self._people = links, people

    def takes(self, fact: str) -> bool:
        """Tell whether a fact is written here and not as a field."""
        field = self._translator.fields.get(fact)
        known = field is not None and (fact == "status" or (fact == "parent" and field.id == "issuelinks"))
        return fact == "watchers" or known

    def write(self, write: Write, refused: dict[str, str]) -> bool:
        """Write what there is, and tell whether anything was done. What Jira refuses is added, with why."""
        done = False
        for fact in (fact for fact in ORDER if fact in write.facts and self.takes(fact)):
            try:
                if fact == "watchers":
                    done = self._watchers(write, refused) or done
                else:
                    done = (self._status(write) if fact == "status" else self._parent(write)) or done
            except (Refused, NotVisible) as error:
                refused[fact] = str(error)
        return done

    def _watchers(self, write: Write, refused: dict[str, str]) -> bool:
        """Add each, and in an exact write remove all others. Whoever cannot watch does not keep the others from it."""
        path, value = f"issue/{step(write.ticket.number)}/watchers", write.facts["watchers"]
        names, failed, done = value if isinstance(value, tuple) else (), [], False
        standing = self._watching(path) if write.exact else ()
        for person in names:
            try:
                account = self._people.account(person)
                if account not in standing:
                    self._client.send(path, account)
                done = True
            except (Refused, NotVisible) as error:
                failed.append(f"{person}: {error}")
        wanted = {self._people.accounts.get(person, person) for person in names}
        for account in [one for one in standing if one not in wanted]:
            try:
                self._client.delete(path, **{"accountId" if self._client.cloud else "username": account})
                done = True
            except (Refused, NotVisible) as error:
                failed.append(f"{account}: {error}")
        if failed:
            refused["watchers"] = "; ".join(failed)
        return done

    def _watching(self, path: str) -> Sequence[str]:
        word = "accountId" if self._client.cloud else "name"
        return tuple(str(one.get(word) or "") for one in dicts(self._client.record(path).get("watchers")))

    def _status(self, write: Write) -> bool:
        """Go the way that leads to the first spelling of the status that is offered; none where it stands already."""
        value, ticket = write.facts["status"], write.ticket
        if ticket.facts.get("status") == value:
            return False
        spellings = self._words.values.get("status", {}).get(str(value), ())
        if not spellings:
            raise Refused(f"status {value!r} has no counterpart in Jira's {self._words.table}")
        path = f"issue/{step(ticket.number)}/transitions"
        offered = dict(_offered(self._client.record(path).get("transitions")))
        found = next((id for text in spellings for name, id in offered.items() if folded(name) == folded(text)), "")
        if not found:
            there = f"to {', '.join(map(repr, offered))}" if offered else "nowhere"
            raise Refused(f"no transition leads to {spellings[0]!r} from here, only {there}")
        self._client.send(path, {"transition": {"id": found}}, repeatable=False)
        return True

    def _parent(self, write: Write) -> bool:
        """Link the issue to the one above it; of two that a link could name, the one that stands stays."""
        value, ticket = write.facts["parent"], write.ticket
        stands, words = ticket.facts.get("parent"), self._words.fields["parent"].field
        if stands == value:
            return False
        if value is not None and (not is_key(value) or value == ticket.number):
            raise Refused(f"{value!r} is no key of another issue")
        if stands is not None:
            if value is not None and not write.exact:
                raise Refused(f"it {words} {stands} already")
            self._unlink(ticket.number, words, str(stands))
        if value is not None:
            self._link(ticket.number, words, str(value))
        return True

    def _link(self, number: str, words: str, other: str) -> None:
        """Link so that the words read from this issue to the other.

        The inward issue of a request is the one of which the outward words are true: it `causes` the outward one,
        which `is caused by` it. Jira makes no second link where the same stands.
        """
        link = self._links[folded(words)]
        ends = (other, number) if link.way == "inward" else (number, other)
        body = {"type": {"name": link.type}, "inwardIssue": {"key": ends[0]}, "outwardIssue": {"key": ends[1]}}
        self._client.send("issueLink", body)

    def _unlink(self, number: str, words: str, other: str) -> None:
        issue = self._client.record(f"issue/{step(number)}", fields="issuelinks")
        for kind, key, id in links_of((issue.get("fields") or {}).get("issuelinks")):
            if folded(kind) == folded(words) and key == other and is_id(id):
                self._client.delete(f"issueLink/{step(id)}")


def _offered(transitions: object) -> Iterator[tuple[str, str]]:
    """Yield the status that each transition leads to, and the transition's id."""
    for one in dicts(transitions):
        to: Any = one.get("to")
        if isinstance(to, dict) and is_id(one.get("id")):
            yield str(to.get("name") or ""), str(one["id"])
