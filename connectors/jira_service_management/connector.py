"""The Jira Service Management connector: reads issues as they change and writes what was decided to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

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
    TryLater,
    Unusable,
    Word,
    Write,
    Written,
)
from connectors.jira_service_management import jql
from connectors.jira_service_management.client import PROPERTY, Client, Found, Issue, dicts, key_of, number
from connectors.jira_service_management.comments import Comments
from connectors.jira_service_management.history import history
from connectors.jira_service_management.pages import Pages, place
from connectors.jira_service_management.site import Kind, Site, look_around
from connectors.web.account import Basic, Bearer, address, credentials, session
from connectors.web.limits import Limits
from connectors.web.oauth import ClientCredentials
from connectors.web.odd import UNREAD, readable, understood, unread
from connectors.web.paths import step
from connectors.web.secrets import Secret
from rules.model import HOLD, Event, Ticket
from rules.rulebook import Connection, Rulebook
from rules.words import folded

PER_REQUEST: Final = 100  # issues in one question by id
QUOTED: Final = re.compile(r'"(?:\\.|[^"\\])*"|' r"'(?:\\.|[^'\\])*'")
KEY: Final = re.compile(r"([A-Z][A-Z0-9_]+)-[1-9]\d*")
SIGN_IN: Final = "https://auth.atlassian.com/oauth/token"
GATEWAY: Final = "https://api.atlassian.com/ex/jira"
"""Where Cloud's OAuth 2.0 clients get their token, and where they use it."""


class Reader(NamedTuple):
    """One kind of ticket, made ready by `start`: what it is there, and how its changes are read."""

    kind: Kind
    pages: Pages


class JiraServiceManagement:
    """One account on one Jira site."""

    def __init__(self, connection: Connection, environ: Mapping[str, str], limits: Limits | None = None) -> None:
        self.name = connection.name
        self.connection = connection
        self.account = ""
        self.format: Format = "adf"
        self.behind = False
        self.lost: Sequence[str] = ()
        self.people: Mapping[str, str] = {}
        self._url = address(connection, environ, "https://example.atlassian.net")
        if not _is_one_clause(connection.scope):
            raise Unusable(f"{self.name}: scope is no clause of JQL: its brackets or quotes do not match")
        auth = credentials(connection, environ)
        self._oauth = (auth["client_id"], Secret(auth.get("client_secret", ""))) if "client_id" in auth else None
        self.limits = limits or Limits()
        self._anonymous = session(connection, environ, None, self.limits)
        self.session = session(connection, environ, self._sign(auth), self.limits)
        self.kinds: dict[str, Reader] = {}
        self.client: Client | None = None
        self._comments: Comments | None = None

    def __repr__(self) -> str:
        return f"JiraServiceManagement({self.name!r})"

    def _sign(self, auth: Mapping[str, str]) -> AuthBase | None:
        """Return what puts the credentials on requests; OAuth's has to wait until we know what the site is."""
        if self._oauth is not None:
            return None
        if "user" in auth and ("token" in auth or "password" in auth):
            return Basic(auth["user"], Secret(auth.get("token") or auth["password"]))
        if "token" in auth:
            return Bearer(Secret(auth["token"]))
        raise Unusable(f"{self.name}: auth needs user and token, client_id and client_secret, or a token alone")

    @understood()
    def start(self) -> None:
        """Make ready: what the site is, who we are there, its fields and projects, and what can be written."""
        site = self.look_around()
        self.account = site.account
        self.format = "adf" if site.client.cloud else "wiki"
        self.behind = site.client.cloud
        self.lost, self.people = tuple(site.lost()), site.people.accounts
        self._comments = Comments(site.client, self._by_id)
        for kind in site.kinds.values():  # or people would say hands off, and nobody would hear
            if (hold := kind.words.fields.get(HOLD)) is not None and HOLD not in kind.translator.fields:
                raise Unusable(f"{self.name}: there is no field {hold.field!r}; correct hold: {self.name}")
        self.kinds = {name: Reader(kind, self._pages(site, kind)) for name, kind in site.kinds.items()}
        if not self.kinds:
            raise Unusable(f"{self.name}: {'; '.join(self.lost)}")

    def look_around(self) -> Site:
        """Return what there is, in some ten requests. Raises `Unusable` where nothing can work."""
        self.client = self._client()
        return look_around(self.client, self.connection)

    def _client(self) -> Client:
        try:
            asking = self._anonymous if self._oauth else self.session  # behind the gateway nobody is anonymous
            info = Client(asking, self._url, cloud=False).get("serverInfo")
        except (NotVisible, Refused):
            info = None
        if not isinstance(info, dict) or "deploymentType" not in info:
            raise Unusable(f"{self.name}: there is no Jira at this address: correct url")
        cloud = info["deploymentType"] == "Cloud"
        return Client(self.session, self._signed_in(cloud) if self._oauth else self._url, cloud)

    def _signed_in(self, cloud: bool) -> str:
        """Sign in with OAuth 2.0, and return the address at which the token counts."""
        assert self._oauth is not None  # noqa: S101  # for the type checker
        url = self._url.rstrip("/")
        token_url, base = f"{url}/rest/oauth2/latest/token", self._url
        if cloud:
            tenant = self._anonymous.request("GET", f"{url}/_edge/tenant_info").json()
            token_url, base = SIGN_IN, f"{GATEWAY}/{tenant['cloudId']}"
        self.session.auth = ClientCredentials(self._anonymous, token_url, *self._oauth)
        return base

    def _pages(self, site: Site, kind: Kind) -> Pages:
        head = jql.both(
            jql.one_of("project", kind.projects), jql.equal("issuetype", kind.words.table), scope=self.connection.scope
        )

        def read(condition: str, limit: int, next: str, reconcile: Sequence[str]) -> Found:
            query = jql.ordered(jql.both(head, condition), "updated ASC", "key ASC")
            try:
                return self._found(site.client.search(query, kind.translator.asked, limit, next, reconcile))
            except Refused as error:
                if reconcile:  # one of them may be gone by now
                    return read(condition, limit, next, ())
                raise Unusable(f"{error}; look at scope, projects and kinds of {self.name}") from None

        return Pages(read)

    @understood()
    def pages(self, kind: str, cursor: str | None) -> Iterator[Page]:
        """Read what changed since the cursor, oldest change first."""
        if kind not in self.kinds:  # the site has no such issue type: said in `lost`
            return
        one = self.kinds[kind]
        for issues, after in one.pages.since(place(cursor)):
            yield Page(tuple(self._tickets(one.kind, issues)), after.text())

    def _tickets(self, kind: Kind, issues: Sequence[Issue]) -> Iterator[Ticket]:
        """Yield the tickets that these issues are. One that is not as Jira describes them is left out, and said."""
        return readable(issues, kind.translator.ticket, key_of, self._unread)

    def _here(self, kind: Kind, issues: Sequence[Issue]) -> Iterator[Ticket]:
        """Yield the same of issues that were asked for by name, without those that have moved elsewhere."""

        def ticket(issue: Issue) -> Ticket | None:
            return kind.translator.ticket(issue) if _belongs(kind, issue) else None

        return readable(issues, ticket, key_of, self._unread)

    def _unread(self, line: str) -> None:
        self.lost = (*(one for one in self.lost if UNREAD not in one), line)

    def _found(self, found: Found) -> Found:
        """Say what stands among the issues that a search found and is none."""
        for key in found.odd:
            self._unread(unread(key, "no issue"))
        return found

    @understood()
    def tickets(self, kind: str, ids: Sequence[str]) -> Iterator[Page]:
        """Read these tickets by id, 100 to a request, as they are now: no search is behind here."""
        if kind not in self.kinds:
            return
        known = [one for one in ids if one.isascii() and one.isdigit()]
        one = self.kinds[kind].kind
        for start in range(0, len(known), PER_REQUEST):
            some = known[start : start + PER_REQUEST]
            found = self._here(one, self._by_id(some, one.translator.asked))
            yield Page(tuple(ticket for ticket in found if ticket.id in some), "")

    def _by_id(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        client = self._ready()
        if client.cloud:
            body = {"issueIdsOrKeys": list(ids), "fields": list(fields), "properties": [PROPERTY]}
            answer = client.ask("issue/bulkfetch", body, version=2)
            issues = answer.get("issues") if isinstance(answer, dict) else None
            if not isinstance(issues, list) or answer.get("issueErrors"):
                raise TryLater(f"{self.name} could not read all issues")  # which says nothing of those that are missing
            return issues
        try:
            return self._found(client.search(jql.ids(ids), fields, len(ids))).issues
        except Refused:  # a search that names an issue which we may not see finds none
            half = len(ids) // 2
            return [] if not half else self._by_id(ids[:half], fields) + self._by_id(ids[half:], fields)

    @understood()
    def find(self, kind: str, number: str) -> Ticket | None:
        """Read one ticket by its key; one that was moved to another project has another key now."""
        key = KEY.fullmatch(number)
        if kind not in self.kinds or key is None or key[1] not in self.kinds[kind].kind.projects:
            return None
        one = self.kinds[kind].kind
        try:
            fields = ",".join(one.translator.asked)
            issue = self._ready().record(f"issue/{step(number)}", fields=fields, properties=PROPERTY)
        except NotVisible:
            return None
        found = next(self._here(one, [issue]), None)
        return found if found is not None and found.number == number else None

    @understood()
    def history(self, kind: str, tickets: Sequence[Ticket]) -> Mapping[str, tuple[Event, ...]] | None:
        """Read who changed what rules may write or clocks need. None: our account may not read it."""
        one = self.kinds[kind].kind
        return history(self._ready(), one.translator, one.words.audited, tickets)

    @understood()
    def said(self, kind: str, tickets: Sequence[Ticket]) -> Mapping[str, tuple[Event, ...]] | None:
        """Read who commented, publicly or internally. None: our account may not read it."""
        if self._comments is None:
            raise Unusable(f"{self.name} was not started")
        return self._comments.said(self.kinds[kind].kind.translator, tickets)

    @understood()
    def words(self, kind: str, ids: Sequence[str]) -> Mapping[str, tuple[Word, ...]]:
        """Read what was said publicly on these issues."""
        if self._comments is None:
            raise Unusable(f"{self.name} was not started")
        return self._comments.words(self.kinds[kind].kind.translator, ids)

    @understood(OutcomeUnknown)
    def write(self, write: Write) -> Written:
        """Write fields and mark in one PUT, and each comment with its own mark in one POST.

        A link, a watcher and a transition are a POST each; then the mark is left after them.
        """
        one = self.kinds[write.ticket.kind]
        one.pages.wrote(write.ticket.id)
        return one.kind.writer.write(write)

    @understood()
    def marks(self, kind: str, ticket: Ticket, texts: Mapping[str, Sought]) -> frozenset[str]:
        """Return the marks on the issue and on its comments; `texts` are not needed, since comments carry marks.

        Raises `Exposed` where one of our notes stands there for all to see, after it was removed.
        """
        start, found, seen = 0, set(ticket.marks), set[str]()
        while True:
            path = f"issue/{step(ticket.number)}/comment"
            answer = self._ready().record(path, expand="properties", startAt=start, maxResults=100)
            comments = [one for one in dicts(answer.get("comments")) if str(one.get("id")) not in seen]
            for comment in comments:
                found |= self.kinds[kind].kind.writer.marks(ticket, comment)
            start, seen = start + len(comments), seen | {str(one.get("id")) for one in comments}
            if not comments or start >= number(answer.get("total")):
                return frozenset(found)

    def _ready(self) -> Client:
        if self.client is None:
            raise Unusable(f"{self.name} was not started")
        return self.client

    def check(self, rulebook: Rulebook) -> list[Finding]:
        """Look at everything that can be wrong between the workspace and the site."""
        from connectors.jira_service_management.check import check

        return check(self, rulebook)

    @understood()
    def discover(self) -> Discovered:
        """Read what there is, for proposing a workspace."""
        from connectors.jira_service_management.discover import discover

        return discover(self)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._anonymous.close()
        self.session.close()


def _belongs(kind: Kind, issue: Issue) -> bool:
    """Tell whether an issue is of this kind, and where we look after it: it may have moved since we read it."""
    project, _, _ = issue["key"].rpartition("-")
    return project in kind.projects and folded(issue["fields"]["issuetype"]["name"]) == folded(kind.words.table)


def _is_one_clause(scope: str) -> bool:
    """Tell whether brackets and quotes match, so that a clause in brackets stays one."""
    depth = 0
    for part in QUOTED.sub("", scope):
        depth += {"(": 1, ")": -1}.get(part, 0)
        if depth < 0 or part in "\"'":
            return False
    return depth == 0
