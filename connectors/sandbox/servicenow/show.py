"""How a record looks in an answer: fields asked for, references, display values in the account's zone and format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .rights import Account, hidden_fields, readable
from .schema import JOURNALS, Field
from .stock import DISPLAY
from .table import Record
from .times import duration_in_words, shown
from .world import World

Form = Literal["false", "true", "all"]
Column = Callable[[Record], object]

_KINDS = {"comments": "Additional comments", "work_notes": "Work notes"}


@dataclass(frozen=True)
class Viewer:
    """Shows records to one account, in the way that the parameters of its call ask for. Good for one call."""

    world: World
    user: str
    account: Account
    base: str
    form: Form
    links: bool
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def show(self, table: str, records: Iterable[Record], paths: Iterable[str]) -> list[dict[str, object]]:
        """Return records as an answer holds them. Fields that do not exist or may not be read are not there."""
        known = {path: found for path in paths if (found := self.world.schema.find(table, path))}
        columns = {path: self._column(table, path, found) for path, found in known.items()}
        return [self._row(table, record, columns) for record in records]

    def _row(self, table: str, record: Record, columns: Mapping[str, Column]) -> dict[str, object]:
        hidden = hidden_fields(self.world, self.user, table, record)
        if not hidden:
            return {path: read(record) for path, read in columns.items()}
        return {path: read(record) for path, read in columns.items() if path.split(".")[0] not in hidden}

    def _column(self, table: str, path: str, field: Field) -> Column:
        """Return what reads one field of every record of a page."""
        name, hop = field.name, path.split(".")[0]
        if "." not in path and self.form == "false" and not self._is_linked(field):
            return lambda record: record.get(name, "")
        if "." not in path:
            return lambda record: self._shown(field, record)
        known: dict[str, object] = {}

        def walked(record: Record) -> object:
            # Many tickets of a page share a requester: one walk for each is enough.
            start = record.get(hop, "")
            if start not in known:
                known[start] = self._shown(field, self._holder(table, record, path) or {})
            return known[start]

        return walked

    def _is_linked(self, field: Field) -> bool:
        return self.links and field.type in ("reference", "named")

    def _shown(self, field: Field, holder: Record) -> object:
        value = holder.get(field.name, "")
        display = "" if self.form == "false" else self._display(field, holder, value)
        content = {"false": {"value": value}, "true": {"display_value": display}}.get(
            self.form, {"display_value": display, "value": value}
        )
        if value and self._is_linked(field):
            return {**content, "link": self._link(field, value)}
        return content if self.form == "all" else next(iter(content.values()))

    def _link(self, field: Field, value: str) -> str:
        target = f"?name={value}" if field.type == "named" else f"/{value}"
        return f"{self.base}/api/now/table/{field.reference}{target}"

    def _holder(self, table: str, record: Record, path: str) -> Record | None:
        """Return the record at the end of a dot-walk, None where it is empty or the account may not see it."""
        hop, _, rest = path.partition(".")
        if not rest:
            return record
        target = self.world.schema.fields(table)[hop].reference
        found = self.world.locate(target, record.get(hop, ""))
        if found is None or not readable(self.world, self.user, target, found):
            return None
        if rest.split(".")[0] in hidden_fields(self.world, self.user, target, found):
            return None
        return self._holder(target, found, rest)

    def _display(self, field: Field, holder: Record, value: str) -> str:
        """Return what a person would see in the field."""
        if field.type in ("journal_input", "journal_list"):
            return self._journal(field, holder.get("sys_id", ""))
        if field.type == "reference":
            return self._name(field.reference, value)
        if field.type == "glide_list":
            return ", ".join(self._name(field.reference, one) for one in value.split(",") if one)
        if field.is_date:
            return self._date(value)
        if field.type == "glide_duration":
            return duration_in_words(value) if value else ""
        return self._label(holder.get("sys_class_name", field.owner), field, value)

    def _date(self, value: str) -> str:
        return shown(value, self.account.zone, self.account.date_format) if value else ""

    def _name(self, table: str, sys_id: str) -> str:
        if (table, sys_id) not in self._names:
            found = self.world.locate(table, sys_id) or {}
            self._names[table, sys_id] = found.get(DISPLAY.get(table, "name"), "")
        return self._names[table, sys_id]

    def _label(self, table: str, field: Field, value: str) -> str:
        """Return the label of a choice: the table's own before that of the table it extends."""
        for name in self.world.schema.lineage(table):
            choice = self.world.first("sys_choice", element=field.name, name=name, value=value) if value else None
            if choice:
                return choice["label"]
        return value

    def _journal(self, field: Field, sys_id: str) -> str:
        """Return a journal as one text, newest entry first: it is shown even where its rows may not be read."""
        elements = (field.name,) if field.type == "journal_input" else JOURNALS
        rows = list(self.world.tables["sys_journal_field"].lookup("element_id", [sys_id]))
        return "".join(self._entry(row) for row in reversed(rows) if row["element"] in elements)

    def _entry(self, row: Record) -> str:
        author = self.world.first("sys_user", user_name=row["sys_created_by"])
        name = author["name"] if author else row["sys_created_by"]
        return f"{self._date(row['sys_created_on'])} - {name} ({_KINDS[row['element']]})\n{row['value']}\n\n"
