"""Reads YAML 1.2 texts into trees in which every value knows where it stands.

PyYAML resolves words by YAML 1.1, where `no` is false, `on` is true and `17:30` is 1050. So only its parser is used,
and what a plain word means is decided here, by the core schema of YAML 1.2. Building from the parser's events, not
its nodes, keeps the nesting in our hands: its own composer recurses without a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn

import yaml
from yaml import events as seen

from rules.problems import BREAK, Place, Report

DEEPEST: Final = 40
LONGEST: Final = 1_000_000
"""Characters of a file. A workspace of 500 rules has 50,000."""

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
"""What stands in a text where its file holds bytes of another encoding."""

Scalar = str | bool | int | float | None
Path = tuple[str | int, ...]

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
WHOLE: Final = re.compile(r"[-+]?[0-9]{1,18}")  # longer ones are somebody's id, not a number to count with
BASED: Final = re.compile(r"0o[0-7]{1,20}|0x[0-9a-fA-F]{1,16}")

MENDS: Final = {
    "tab": "indent with spaces: YAML allows no tabs there",
    "cannot start any token": "put the value in quotes",
    "mapping values are not allowed": "is the indentation right? put a value that contains ': ' in quotes",
    "could not find expected ':'": "a key is followed by a colon and a space",
    "did not find expected key": "is the indentation the same as that of the lines above?",
    "did not find expected '-' indicator": "is the indentation the same as that of the entries above?",
    "did not find expected ',' or '}'": "close the mapping with }, and put texts that contain , { } in quotes",
    "did not find expected ',' or ']'": "close the list with ], and put texts that contain , [ ] in quotes",
    "unexpected end of stream": "a quote is opened and not closed",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a text. `place` is where it stands, `key` where its key does, `raw` a scalar as it is written."""

    value: Scalar | list[Node] | dict[str, Node]
    place: Place
    key: Place
    raw: str = ""

    @property
    def entries(self) -> dict[str, Node]:
        """The entries of a mapping; nothing for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The items of a list; nothing for anything else."""
        return self.value if isinstance(self.value, list) else []

    @property
    def text(self) -> str:
        """The text of a text; "" for anything else."""
        return self.value if isinstance(self.value, str) else ""

    def under(self, key: str) -> dict[str, Node]:
        """The entries of the mapping under a key; nothing where there is none."""
        return self.entries[key].entries if key in self.entries else {}

    def plain(self) -> Any:
        """Return the value as Python's own dict, list and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        return [node.plain() for node in self.value] if isinstance(self.value, list) else self.value

    def walk(self, path: Path) -> tuple[Node, Path]:
        """Go down the path as far as it exists, passing over steps that are none; return the node and the way."""
        node, way = self, []
        for step in path:
            below = node.entries.get(step) if isinstance(step, str) else _item(node.items, step)
            if below is not None:
                node = below
                way.append(step)
        return node, tuple(way)

    def each(self, path: str) -> Iterator[Node]:
        """Yield the nodes at a dotted path; `*` stands for every entry and every item."""
        step, _, rest = path.partition(".")
        if step == "*":
            found = [*self.entries.values(), *self.items]
        else:
            found = [self.entries[step]] if step in self.entries else []
        for node in found:
            if rest:
                yield from node.each(rest)
            else:
                yield node


def parse(file: str, text: str, report: Report) -> Node | None:
    """Return the mapping that a text holds, or None when it cannot be read, which is reported."""
    node = parse_any(file, text, report)
    if node is None or isinstance(node.value, dict):
        return node
    if node.value is None:
        return replace(node, value={})
    report(node.place, "a file holds keys and their values", "start with a key such as 'desk: …'")
    return None


def parse_any(file: str, text: str, report: Report) -> Node | None:
    """Return what a text holds, whatever it is, or None when it cannot be read, which is reported."""
    if len(text) > LONGEST:
        report(Place(file, 1, 1), f"longer than {LONGEST:,} characters", "split it into several files")
        return None
    if (at := text.find(REPLACEMENT)) >= 0:
        report(_place_of(file, text, at), "this is not UTF-8", "save the file as UTF-8")
        return None
    try:
        return _Builder(file, text, report).document()
    except _UnreadableError:
        return None
    except yaml.MarkedYAMLError as error:
        report(*_syntax(file, text, error))
        return None
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        at = error.start if isinstance(error, UnicodeEncodeError) else error.position
        report(_place_of(file, text, at), "a character that no text may contain", "remove it")
        return None


class _UnreadableError(Exception):
    """The rest of this text cannot be understood; why is reported already."""


class _Builder:
    """Makes nodes of the parser's events."""

    def __init__(self, file: str, text: str, report: Report) -> None:
        self._file = file
        self._report = report
        self._events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._depth = 0

    def document(self) -> Node:
        """Return the one document of the text."""
        empty = Node(None, Place(self._file, 1, 1), Place(self._file, 1, 1))
        node = empty
        for event in self._events:
            if isinstance(event, seen.DocumentStartEvent):
                if node is not empty:
                    self._stop(event, "a second document in one file", "remove the line '---', or use two files")
                first = next(self._events)
                node = self._node(first, self._place(first))
        return node

    def _node(self, event: Any, key: Place) -> Node:
        place = self._place(event)
        if isinstance(event, seen.AliasEvent):
            self._stop(
                event,
                f"the alias '*{event.anchor}' is not understood",
                "write the value out: what a rule says stands in the rule",
            )
        if event.tag not in (None, "!"):
            self._stop(event, f"the tag '{event.tag}' is not understood", "remove it")
        if isinstance(event, seen.ScalarEvent):
            plain = event.implicit[0] and not event.style
            return Node(resolved(event.value) if plain else event.value, place, key, event.value)
        self._depth += 1
        if self._depth > DEEPEST:
            self._stop(event, f"more than {DEEPEST} levels inside each other", "is a bracket left open?")
        value = self._mapping() if isinstance(event, seen.MappingStartEvent) else self._sequence()
        self._depth -= 1
        return Node(value, place, key)

    def _sequence(self) -> list[Node]:
        items = []
        while not isinstance(event := next(self._events), seen.SequenceEndEvent):
            items.append(self._node(event, self._place(event)))
        return items

    def _mapping(self) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self._events), seen.MappingEndEvent):
            key, place = self._key(event), self._place(event)
            node = self._node(next(self._events), place)
            if key in entries:
                self._twice(key, place, entries[key].key)
            else:
                entries[key] = node
        return entries

    def _key(self, event: Any) -> str:
        if not isinstance(event, seen.ScalarEvent):
            self._stop(event, "a key must be a word", "put texts that start with [ { * or & in quotes")
        return str(event.value)

    def _twice(self, key: str, place: Place, first: Place) -> None:
        text = f"'{key}' is written twice; the first is in line {first.line}"
        self._report(place, text, "keep one of them: which one is meant cannot be known")

    def _place(self, event: Any) -> Place:
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _stop(self, event: Any, text: str, mend: str) -> NoReturn:
        self._report(self._place(event), text, mend)
        raise _UnreadableError


def resolved(word: str) -> Scalar:
    """Return what a plain word means by the core schema of YAML 1.2, without .inf and .nan, which no rule needs."""
    if word in NULLS:
        return None
    if word in BOOLEANS:
        return BOOLEANS[word]
    if word[0] not in "-+.0123456789":
        return word
    if WHOLE.fullmatch(word):
        return int(word)
    if BASED.fullmatch(word):
        return int(word, 0)
    return float(word) if NUMBER.fullmatch(word) and len(word.strip("-+")) != sum(map(str.isdigit, word)) else word


def _item(items: list[Node], step: int) -> Node | None:
    return items[step] if 0 <= step < len(items) else None


def _syntax(file: str, text: str, error: yaml.MarkedYAMLError) -> tuple[Place, str, str]:
    wrong = str(error.problem or error.context)
    open_quote = "end of stream" in wrong and error.context_mark  # the end of the file helps nobody
    mark = open_quote or error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    lines = BREAK.split(text)
    if place.line > len(lines):  # the parser counts a line after the last one
        place = Place(file, len(lines), len(lines[-1]) + 1)
    line = lines[place.line - 1]
    tab = "\t" in line[: len(line) - len(line.lstrip())] or line[place.column - 1 : place.column] == "\t"
    mend = MENDS["tab"] if tab else next((mend for part, mend in MENDS.items() if part in wrong), "")
    return place, f"not YAML: {wrong}", mend


def _place_of(file: str, text: str, at: int) -> Place:
    before = BREAK.split(text[:at])
    return Place(file, len(before), len(before[-1]) + 1)
