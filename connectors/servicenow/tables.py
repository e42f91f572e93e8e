"""ServiceNow's Table API: reading rows through pysnow, and changing one record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from connectors.base import OutcomeUnknown, Refused, TryLater
from connectors.web.paths import step
from connectors.web.session import Session
from connectors.web.waits import server_time

if TYPE_CHECKING:
    import requests

Record = dict[str, Any]
"""A record as `sysparm_display_value=all` gives it: field → {"value": raw, "display_value": shown}."""

API: Final = "/api/now/v2"  # in v1 an empty answer is a 404, which also means "not allowed"
TABLE: Final = re.compile(r"[A-Za-z0-9_]{1,80}")
SYS_ID: Final = re.compile(r"[0-9a-f]{32}")
WHOLE: Final = re.compile(r"[0-9]{1,9}")
NAMES_PER_REQUEST: Final = 80
SHAPE: Final = {"sysparm_display_value": "all", "sysparm_exclude_reference_link": "true"}


One = TypeVar("One")


class Rows(NamedTuple):
    """An answer: the records we may see, whether there are more, when the server began, and its size in bytes.

    `total` counts the rows that match, those that we may not see included.
    """

    records: list[Record]
    more: bool
    asked_at: datetime | None
    size: int
    total: int


class Tables:
    """The tables of one instance, as our account sees them."""

    def __init__(self, session: Session, url: str) -> None:
        import pysnow  # late: `--help` must not wait for it

        self.session = session
        self._url = url.rstrip("/") + API
        parts = urlsplit(url.rstrip("/"))
        self._client = pysnow.Client(host=parts.netloc + parts.path, use_ssl=parts.scheme == "https", session=session)

    def read(self, table: str, query: str, fields: Iterable[str], limit: int = 1000, offset: int = 0) -> Rows:
        """Return the rows of a table that match an encoded query. Fields are always asked for by name.

        One Resource per call, because the parameters of a Resource leak from each of its calls into the next.
        """
        if not TABLE.fullmatch(table):  # pysnow would raise an error of its own
            raise Refused(f"{table[:80]!r} is no name of a table")
        resource = self._client.resource(api_path=f"/table/{step(table)}", base_path=API)
        resource.parameters.add_custom(SHAPE | {"sysparm_suppress_pagination_header": "false"})
        answer = resource.get(query=query, limit=limit, offset=offset, fields=list(fields))
        response: requests.Response = answer._response  # pysnow has no other door to the size and the Link
        if not isinstance(content := response.json(), dict) or not isinstance(content.get("result"), list):
            raise TryLater(f"{self.session.name} answered a read of {table} without rows")
        return _rows(answer.all(), response)

    def change(self, table: str, sys_id: str, body: dict[str, str], fields: Iterable[str]) -> Record:
        """Change one record in one PATCH and return it as it is now. pysnow has no PATCH."""
        url = f"{self._url}/table/{step(table)}/{step(sys_id)}"
        answer = self.session.request("PATCH", url, params=SHAPE | {"sysparm_fields": ",".join(fields)}, json=body)
        parsed = answer.json()
        if not isinstance(parsed, dict) or not isinstance(parsed.get("result"), dict):
            raise OutcomeUnknown(f"{self.session.name} answered a write without the record")
        record: Record = parsed["result"]
        return record

    def get(self, path: str, asked: Mapping[str, str]) -> Any:
        """Return the result of another resource than the Table API."""
        answer = self.session.request("GET", f"{self._url.removesuffix(API)}{path}", params=dict(asked)).json()
        return answer.get("result") if isinstance(answer, dict) else None

    def close(self) -> None:
        """Close the connections that are kept open."""
        self.session.close()


def _rows(records: list[Record], response: requests.Response) -> Rows:
    """The moment is when the request began, by the server's clock: later changes may be missing from the answer.

    A row that is none stays as one without fields, so that whoever reads rows can say that one could not be read.
    """
    records = [record if isinstance(record, dict) else {} for record in records]
    at = server_time(response.headers.get("Date", ""))
    more = 'rel="next"' in response.headers.get("Link", "")
    begun = at - timedelta(seconds=int(response.elapsed.total_seconds())) if at else None
    total = response.headers.get("X-Total-Count", "")
    return Rows(records, more, begun, len(response.content), whole(total, len(records)))


def whole(text: str, otherwise: int) -> int:
    """Return the whole number that a text is, from 0 to nine digits, or `otherwise`."""
    return int(text) if WHOLE.fullmatch(text) else otherwise


def raw(record: Record, field: str) -> str:
    """Return a field as it is stored; "" when it is empty, unknown or not readable."""
    value = record.get(field)
    if isinstance(value, dict):
        value = value.get("value")
    return value if isinstance(value, str) else ""


def shown(record: Record, field: str) -> str:
    """Return a field as the platform shows it."""
    value = record.get(field)
    if isinstance(value, dict):
        value = value.get("display_value")
    return value if isinstance(value, str) else ""


def portions(values: Sequence[One], size: int) -> Iterator[Sequence[One]]:
    """Yield the values in portions for one query each: addresses beyond 8 kB are cut off by many a proxy."""
    return (values[begin : begin + size] for begin in range(0, len(values), size))
