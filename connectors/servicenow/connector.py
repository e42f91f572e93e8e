"""The ServiceNow connector: reads tickets as they change and writes what was decided, in as few requests as can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from requests.auth import AuthBase

from connectors.base import (
    Discovered,
    Finding,
    Format,
    NotVisible,
    OutcomeUnknown,
    Page,
    Refused,
    Sought,
    Unusable,
    Word,
    Write,
    Written,
)
from connectors.servicenow.discover import choices, not_offered, written
from connectors.servicenow.journal import history, learn_people, public_words, said, spoken
from connectors.servicenow.knowledge import with_articles
from connectors.servicenow.pages import LIMIT, Pages, place
from connectors.servicenow.people import users
from connectors.servicenow.query import both, equals, within
from connectors.servicenow.schema import Schema, first_record, optional
from connectors.servicenow.slas import with_slas
from connectors.servicenow.tables import SYS_ID, Record, Rows, Tables, portions, raw
from connectors.servicenow.tickets import OWN, Translator
from connectors.servicenow.write import Names, Writer
from connectors.web.account import Basic, address, credentials, session
from connectors.web.limits import Limits
from connectors.web.oauth import ClientCredentials
from connectors.web.odd import UNREAD, readable, understood
from connectors.web.secrets import Secret
from connectors.web.session import Session
from rules.model import Event, Ticket
from rules.review import ARTICLE
from rules.rulebook import Connection, Rulebook, Staff, Words

if TYPE_CHECKING:
    from connectors.rota.sheet import Sheet

PER_REQUEST: Final = 100  # ids in one query; 3.5 kB of address
EVER: Final = "sys_updated_on>1970-01-01 00:00:00"


class Kind(NamedTuple):
    """One kind of ticket, made ready by `start`."""

    words: Words
    translator: Translator
    pages: Pages
    writer: Writer
    ranges: bool  # whether access rules let us ask for ranges of times


class ServiceNow:
    """One account on one ServiceNow instance."""

    format: Format = "journal"
    behind: bool = False

    def __init__(self, connection: Connection, environ: Mapping[str, str], limits: Limits | None = None) -> None:
        self.name = connection.name
        self.lost: Sequence[str] = ()  # people only: without another thing that rules write, `start` raises
        self.people: Mapping[str, str] = {}
        self.connection = connection
        url = address(connection, environ, "https://example.service-now.com")
        if any(word in connection.scope for word in ("^NQ", "ORDERBY", "^EQ")):
            raise Unusable(f"{self.name}: scope must not contain ^NQ, ^EQ or ORDERBY: it is one condition among others")
        auth = credentials(connection, environ)
        self.account = auth.get("user", "")
        self.limits = limits or Limits()
        self.url = url
        self.session = self._session(url, auth, environ)
        self.tables = Tables(self.session, url)
        self.kinds: dict[str, Kind] = {}
        self.audited: set[str] = set()  # kinds of which we have seen audit rows: our account may read them
        self.heard: set[str] = set()  # and those of which we have seen rows of the journal

    def __repr__(self) -> str:
        return f"ServiceNow({self.name!r})"

    def _session(self, url: str, auth: dict[str, str], environ: Mapping[str, str]) -> Session:
        if {"client_id", "client_secret"} <= auth.keys():
            bare = session(self.connection, environ, None, self.limits)
            token_url, secret = f"{url.rstrip('/')}/oauth_token.do", Secret(auth["client_secret"])
            sign: AuthBase = ClientCredentials(bare, token_url, auth["client_id"], secret)
        elif {"user", "password"} <= auth.keys():
            sign = Basic(auth["user"], Secret(auth["password"]))
        else:
            raise Unusable(f"{self.name}: auth needs user and password, or client_id and client_secret")
        return session(self.connection, environ, sign, self.limits)

    @understood()
    def start(self) -> None:
        """Make ready in two requests for fields, two or three per table, one for our account, one per list of names.

        People whom rules name cost one more. Who of them is not found is lost, and nothing else.
        """
        self.prove_account()
        staff, found = users(self.tables, self.connection, self.account)
        self.people, self.lost = staff.accounts, tuple(found.lost())
        schema = Schema(self.tables, self.connection.kinds.values())
        names = Names(self.tables)
        for kind, words in self.connection.kinds.items():
            if unknown := schema.unknown(words):
                raise Unusable(
                    f"{self.name}: {words.table} has no field {', '.join(unknown)}; correct words: {self.name}: fields"
                )
            self.kinds[kind] = self._kind(words, schema, names)
        names.learn(one.writer for one in self.kinds.values())
        for one in self.kinds.values():
            self._prove_what_is_written(one, schema)
            one.translator.names |= names.found
            one.translator.know(staff)

    def _prove_what_is_written(self, one: Kind, schema: Schema) -> None:
        """Half of a rulebook is worse than none: groups and choices that rules write must be there."""
        if groups := one.writer.missing("team"):
            text = f"there is not exactly one active group called {', '.join(groups)}"
            raise Unusable(f"{self.name}: {text}; correct groups in teams, or let our account read sys_user_group")
        words = one.words
        fields = written(words)
        offered = choices(self.tables, schema.lineage(words), fields.values()) if fields else {}
        for fact, unknown in not_offered(words, offered).items():
            text = f"{words.table}.{fields[fact]} has no choice {', '.join(unknown)}"
            raise Unusable(f"{self.name}: {text}; correct the values of {fact} in words")

    def prove_account(self) -> None:
        """A wrong password is a 401 here. With OAuth the platform knows who we are, and has to tell."""
        query = equals("user_name", [self.account]) if self.account else "user_name=javascript:gs.getUserName()"
        rows = optional(self.tables, "sys_user", query, ("user_name",), 2)
        if self.account:
            return
        if len(rows) != 1:
            raise Unusable(
                f"{self.name}: the platform does not tell name of our account; let it read itself in sys_user"
            )
        self.account = raw(rows[0], "user_name")

    def _kind(self, words: Words, schema: Schema, names: Names) -> Kind:
        """Prove that the table is there, and that ranges can be asked for: in one request if a record is found."""
        scope = self.connection.scope
        fields = Translator(self.name, words, schema.columns(words, None)).fields
        record = first_record(self.tables, words, both(scope, EVER), fields)
        ranges = record is not None
        if record is None:
            record = first_record(self.tables, words, scope, fields)
            ranges = record is None
        if record is not None and (hidden := self._hidden(words, record)):
            raise Unusable(f"{self.name}: let our account read {', '.join(hidden)} of {words.table}")
        columns = schema.columns(words, record)
        translator = Translator(self.name, words, columns)
        writer = Writer(self.tables, words, translator, columns, names)
        pages = Pages(lambda query, limit, offset: self._read(words, translator, query, limit, offset), scope)
        return Kind(words, translator, pages, writer, ranges)

    def _hidden(self, words: Words, record: Record) -> list[str]:
        """Return what no ticket shows of what makes a ticket; access rules may hide it on this one only."""
        missing = [field for field in OWN if field not in record]
        rows = optional(self.tables, words.table, self.connection.scope, missing, PER_REQUEST) if missing else []
        return [field for field in missing if not any(field in row for row in rows)]

    def _read(self, words: Words, translator: Translator, query: str, limit: int, offset: int = 0) -> Rows:
        """Read tickets; if our account may not, that is for a person to mend."""
        try:
            return self.tables.read(words.table, query, translator.fields, limit, offset)
        except (Refused, NotVisible) as error:
            raise Unusable(f"{error}; let our account read {words.table}") from None

    @understood()
    def pages(self, kind: str, cursor: str | None) -> Iterator[Page]:
        """Read what changed since the cursor, oldest change first; newest first where ranges are forbidden."""
        one = self.kinds[kind]
        start = place(cursor)
        for records, after in one.pages.since(start) if one.ranges else one.pages.by_offset(start):
            yield Page(tuple(self._tickets(one, records)), after.text())

    @understood()
    def tickets(self, kind: str, ids: Sequence[str]) -> Iterator[Page]:
        """Read these tickets by id, 100 to a request."""
        for some in portions([one for one in ids if SYS_ID.fullmatch(one)], PER_REQUEST):
            found = self._found(kind, within("sys_id", some))
            yield Page(tuple(ticket for ticket in found if ticket.id in some), "")

    @understood()
    def find(self, kind: str, number: str) -> Ticket | None:
        """Read one ticket by its number."""
        try:
            query = equals("number", [number])
        except Refused:
            return None
        return next((ticket for ticket in self._found(kind, query) if ticket.number == number), None)

    def _found(self, kind: str, query: str) -> tuple[Ticket, ...]:
        one = self.kinds[kind]
        records = self._read(one.words, one.translator, query, LIMIT).records
        return tuple(self._tickets(one, records))

    def _tickets(self, one: Kind, records: Sequence[Record]) -> Iterator[Ticket]:
        """Yield the tickets that these records are. One that is not as ServiceNow describes them is said."""
        if one.words.timed:  # clocks ask who is a customer
            learn_people(
                self.tables, one.translator, (id for row in records for id in one.translator.participants(row))
            )
        found = readable(records, one.translator.ticket, lambda record: raw(record, "number"), self._unread)
        if (names := [*self.connection.slas.values()]) and records:
            found = iter(with_slas(self.tables, names, [*found]))
        known = self.connection.knowledge if ARTICLE not in one.words.fields else None
        return found if known is None or not records else iter(with_articles(self.tables, self.url, known, [*found]))

    def _unread(self, line: str) -> None:
        self.lost = (*(one for one in self.lost if UNREAD not in one), line)

    @understood()
    def history(self, kind: str, tickets: Sequence[Ticket]) -> Mapping[str, tuple[Event, ...]] | None:
        """Read who changed what rules may write or clocks need, from the audit. None: our account may not read it."""
        one = self.kinds[kind]
        found = history(self.tables, one.words, one.translator, tickets, kind in self.audited)
        if found is not None and any(found.values()):
            self.audited.add(kind)
        return found

    @understood()
    def said(self, kind: str, tickets: Sequence[Ticket]) -> Mapping[str, tuple[Event, ...]] | None:
        """Read who commented or wrote a work note, from the journal. None: our account may not read it."""
        found = said(self.tables, self.kinds[kind].words, tickets, kind in self.heard)
        if found is not None and any(found.values()):
            self.heard.add(kind)
        return found

    @understood()
    def words(self, kind: str, ids: Sequence[str]) -> Mapping[str, tuple[Word, ...]]:
        """Read what was said publicly on these tickets in one request, and what its authors are called in another."""
        return public_words(self.tables, ids)

    @understood(OutcomeUnknown)
    def write(self, write: Write) -> Written:
        """Write fields, comment, note and marks in one PATCH."""
        return self.kinds[write.ticket.kind].writer.write(write)

    @understood()
    def marks(self, kind: str, ticket: Ticket, texts: Mapping[str, Sought]) -> frozenset[str]:
        """Return the marks in the field for them; where none is mapped, those whose text the journal has once more."""
        one = self.kinds[kind]
        if one.translator.mark:
            return ticket.marks
        found = spoken(self.tables, one.words, ticket, self.account)
        return frozenset(mark for mark, one in texts.items() if one.digest and found[one.digest] > one.before)

    def check(self, rulebook: Rulebook) -> list[Finding]:
        """Look at everything that can be wrong between the workspace and the instance."""
        from connectors.servicenow.check import check

        return check(self, rulebook)

    @understood()
    def sheet(self, schedule: str, people: Mapping[str, Staff], start: int, end: int) -> Sheet:
        """Return who is on call by a schedule between two moments."""
        from connectors.servicenow.oncall import sheet

        return sheet(self, schedule, people, start, end)

    @understood()
    def discover(self) -> Discovered:
        """Read what there is, for proposing a workspace."""
        from connectors.servicenow.discover import discover

        return discover(self.tables)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self.tables.close()
