"""The Table API: lists, records and writes, with the platform's own traps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from connectors.sandbox.http import Answer, Call, answer

from . import business
from .failure import Failure
from .query import Parser, Query
from .rights import may_write, readable, restrict, writable
from .show import Form, Viewer
from .table import Record
from .world import World

NOT_FOUND = ("No Record found", "Record doesn't exist or ACL restricts the record retrieval")
DEFAULT_LIMIT = 10_000


@dataclass(frozen=True)
class Asked:
    """A call of the Table API: the table it is about, on whose behalf it is made, and what its answers look like."""

    world: World
    call: Call
    user: str
    table: str
    version: str

    @property
    def viewer(self) -> Viewer:
        form = self.call.query.get("sysparm_display_value", "false")
        links = self.call.query.get("sysparm_exclude_reference_link") != "true"
        account = self.world.accounts[self.user]
        form = form if form in ("true", "all") else "false"
        return Viewer(self.world, self.user, account, self.call.base, cast(Form, form), links)

    def shown(self, *records: Record) -> list[dict[str, object]]:
        """Return records as the answer holds them; a query on `task` shows what every task has."""
        paths = [path.strip() for path in self.call.query.get("sysparm_fields", "").split(",") if path.strip()]
        return self.viewer.show(self.table, records, paths or self.world.schema.fields(self.table))

    def query(self) -> Query:
        """Return the query of the call. Its broken parts are dropped, unless a property makes it find nothing."""
        zone = self.world.accounts[self.user].zone
        text = self.call.query.get("sysparm_query", "").replace("javascript:gs.getUserName()", self.user)
        query = Parser(self.world.schema, self.table, zone).parse(text)
        strict = self.world.property("glide.invalid_query.returns_no_rows") == "true"
        if query.broken and strict:
            query.groups = []
        restrict(self.world, self.user, self.table, query)
        return query

    def number(self, name: str, default: int) -> int:
        try:
            return max(0, int(self.call.query.get(name, default)))
        except ValueError:
            return default


def answer_table(asked: Asked, sys_id: str) -> Answer:
    """Answer a call on a table or on one of its records."""
    if asked.table not in asked.world.tables:
        raise Failure(400, f"Invalid table {asked.table}", None)
    if not sys_id and asked.call.method in ("GET", "POST"):
        return _list(asked) if asked.call.method == "GET" else _create(asked)
    if not sys_id or asked.call.method == "POST":
        raise Failure(405, "Method not supported", None)
    record = asked.world.locate(asked.table, sys_id)
    if record is None or not readable(asked.world, asked.user, asked.table, record):
        raise Failure(404, *NOT_FOUND)
    return {"GET": _read, "PATCH": _change, "PUT": _change, "DELETE": _delete}[asked.call.method](asked, record)


def _list(asked: Asked) -> Answer:
    """Answer a list. The limit counts before the access rules do, so a page may be short or empty anywhere."""
    keys = asked.world.keys(asked.table, asked.query())
    limit, offset = asked.number("sysparm_limit", DEFAULT_LIMIT), asked.number("sysparm_offset", 0)
    chosen = [sys_id for _, sys_id in keys[offset : offset + limit]]
    if asked.call.interrupt:
        asked.call.interrupt()
    found = (asked.world.locate(asked.table, sys_id) for sys_id in chosen)
    visible = [record for record in found if record and readable(asked.world, asked.user, asked.table, record)]
    if not visible and asked.version == "v1":
        raise Failure(404, "No Record found", "Records matching query not found")
    return answer(200, {"result": asked.shown(*visible)}, **_paging(asked.call, len(keys), limit, offset))


def _paging(call: Call, total: int, limit: int, offset: int) -> dict[str, str]:
    """Return the headers about the other pages; without a count asked for there is only the count left out."""
    if call.query.get("sysparm_no_count") == "true":
        return {}
    offsets = {"first": 0}
    if offset + limit < total:
        offsets["next"] = offset + limit
    if offset:
        offsets["prev"] = max(0, offset - limit)
    offsets["last"] = (max(0, total - 1) // limit * limit) if limit else 0
    links = (
        f'<{call.url(sysparm_limit=str(limit), sysparm_offset=str(at))}>;rel="{rel}"' for rel, at in offsets.items()
    )
    return {"X-Total-Count": str(total), "Link": ",".join(links)}


def _read(asked: Asked, record: Record) -> Answer:
    return answer(200, {"result": asked.shown(record)[0]})


def _body(asked: Asked) -> dict[str, object]:
    content = asked.call.json()
    if not isinstance(content, dict):
        raise Failure(400, "Exception while reading request", "The payload is not a JSON object")
    return content


def _create(asked: Asked) -> Answer:
    values = business.outsiders(_body(asked))
    may_write(asked.world, asked.user, asked.table, {})
    kept = {name: values[name] for name in writable(asked.world, asked.user, asked.table, {}, values)}
    sys_id = business.insert(asked.world, asked.table, kept, asked.user)
    location = f"{asked.call.base}{asked.call.path}/{sys_id}"
    return answer(201, {"result": asked.shown(asked.world.tables[asked.table].records[sys_id])[0]}, Location=location)


def _change(asked: Asked, record: Record) -> Answer:
    """Write fields, comment and work note at once; the answer shows the record after all of the platform's rules."""
    values = business.outsiders(_body(asked))
    may_write(asked.world, asked.user, asked.table, record)
    kept = {name: values[name] for name in writable(asked.world, asked.user, asked.table, record, values)}
    business.update(asked.world, asked.table, record["sys_id"], kept, asked.user)
    return _read(asked, asked.world.tables[asked.table].records[record["sys_id"]])


def _delete(asked: Asked, record: Record) -> Answer:
    may_write(asked.world, asked.user, asked.table, record)
    asked.world.delete(asked.table, record["sys_id"])
    return Answer(204, b"")


def answer_stats(asked: Asked) -> Answer:
    """Answer `/api/now/stats`: a count, over all or by the values of one field."""
    if asked.table not in asked.world.tables:
        raise Failure(400, f"Invalid table {asked.table}", None)
    keys = asked.world.keys(asked.table, asked.query())
    by = asked.call.query.get("sysparm_group_by", "")
    if not by or asked.world.schema.find(asked.table, by) is None:
        return answer(200, {"result": {"stats": {"count": str(len(keys))}}})
    counts: dict[str, int] = {}
    for _, sys_id in keys:
        value = asked.world.value(asked.table, asked.world.locate(asked.table, sys_id) or {}, by)
        counts[value] = counts.get(value, 0) + 1
    groups = [{"stats": {"count": str(count)}, "groupby_fields": [{"field": by, "value": value}]}
              for value, count in counts.items()]  # fmt: skip
    return answer(200, {"result": groups})
