"""Which tables there are, what they inherit, and what kind of value each of their fields holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_NOTATION = re.compile(r"(?P<type>[A-Za-z_]+)(?:\((?P<length>\d+)\))?(?:>(?P<reference>[a-z_]+))?")
_LENGTHS = {"string": 255, "journal_input": 4000, "reference": 32, "glide_list": 4000}

JOURNALS = ("comments", "work_notes")


@dataclass(frozen=True)
class Field:
    """One column: `owner` is the table that defines it, `reference` the table that it points to, if any."""

    name: str
    owner: str
    type: str
    max_length: int
    reference: str = ""

    @property
    def label(self) -> str:
        return self.name.removeprefix("u_").replace("_", " ").capitalize()

    @property
    def is_reference(self) -> bool:
        return self.type == "reference"

    @property
    def is_date(self) -> bool:
        return self.type == "glide_date_time"


def field(owner: str, name: str, notation: str) -> Field:
    """Read `integer`, `string(160)`, `reference>sys_user` or `glide_list>sys_user`."""
    match = _NOTATION.fullmatch(notation)
    if match is None:
        raise ValueError(f"{owner}.{name}: {notation!r} is no type")
    length = int(match["length"] or _LENGTHS.get(match["type"], 40))
    return Field(name, owner, match["type"], length, match["reference"] or "")


class Schema:
    """The tables of an instance. `parents` is table → the table it extends, "" when none."""

    def __init__(self, parents: Mapping[str, str], fields: Mapping[str, Mapping[str, str]]) -> None:
        self.parents = dict(parents)
        self.own = {
            table: {name: field(table, name, notation) for name, notation in fields.get(table, {}).items()}
            for table in parents
        }

    @cached_property
    def _merged(self) -> dict[str, dict[str, Field]]:
        return {table: self._inherited(table) for table in self.parents}

    def _inherited(self, table: str) -> dict[str, Field]:
        inherited = self._inherited(parent) if (parent := self.parents[table]) else {}
        return inherited | self.own[table]

    def fields(self, table: str) -> dict[str, Field]:
        """Return all columns of a table, inherited ones included, by name."""
        return self._merged[table]

    def lineage(self, table: str) -> Iterator[str]:
        """Yield a table and what it extends, the nearest first."""
        while table:
            yield table
            table = self.parents[table]

    def heirs(self, table: str) -> tuple[str, ...]:
        """Return a table and all that extend it: where the records of a query on it may lie."""
        return tuple(other for other in self.parents if table in self.lineage(other))

    def passed(self, table: str, path: str) -> Iterator[str]:
        """Yield the tables that a dot-walk goes through, as far as it leads."""
        for step in path.split(".")[:-1]:
            hop = self.fields(table).get(step)
            if hop is None or not hop.is_reference or hop.reference not in self.parents:
                return
            table = hop.reference
            yield table

    def find(self, table: str, path: str) -> Field | None:
        """Return the field at the end of a dot-walk such as `caller_id.company.name`, or None when it breaks off."""
        passed = list(self.passed(table, path))
        if len(passed) < path.count("."):
            return None
        return self.fields([table, *passed][-1]).get(path.rpartition(".")[2])
