"""JQL as text: what `project = IT AND updated > 1732877091000 ORDER BY updated` asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .failure import Failure

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<sign><=|>=|!=|!~|&&|\|\||[=<>~(),!])"""
    r"""|(?P<word>(?:\\.|[^\s"'=<>~(),!&|\\])+))""",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_JOINS = {"&&": "AND", "||": "OR", "!": "NOT"}
ORDERED = ("<", "<=", ">", ">=")


@dataclass(frozen=True)
class Operand:
    """A value, a function with its arguments, or EMPTY. Quotes matter: what is a number bare is text in quotes."""

    text: str
    quoted: bool = False
    function: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Term:
    """A comparison. `negated` stands for !=, not in, !~ and is not; `operator` is one of = in ~ is < <= > >=."""

    field: str
    operator: str
    negated: bool
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    inner: Node


@dataclass(frozen=True)
class Junction:
    """All (`AND`) or any (`OR`) of its parts."""

    word: str
    parts: tuple[Node, ...]


Node = Term | Not | Junction


@dataclass(frozen=True)
class Query:
    """A whole query; orders are (field, descending)."""

    where: Node | None
    orders: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class _Token:
    text: str
    kind: str
    at: int

    @property
    def upper(self) -> str:
        return "" if self.kind == "quoted" else _JOINS.get(self.text, self.text.upper())


@lru_cache(maxsize=256)
def parse(text: str) -> Query:
    """Read a query once per distinct text. Fails with 400 as Jira does."""
    return _Parser(text).query()


def _unescape(text: str) -> str:
    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", _escape, text, flags=re.DOTALL)


def _escape(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].lstrip()
            raise Failure(400, f"Error in the JQL Query: The quoted string '{rest[1:]}' has not been completed. "
                          f"(line 1, character {len(text) - len(rest) + 1})")  # fmt: skip
        kind = match.lastgroup or ""
        found.append(_Token(_meant(kind, match[kind]), kind, match.start(kind) + 1))
        at = match.end()
    return found


def _meant(kind: str, raw: str) -> str:
    return _unescape(raw[1:-1]) if kind == "quoted" else _unescape(raw) if kind == "word" else raw


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens, self.at = _tokens(text), 0

    @property
    def next(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def takes(self, *words: str) -> bool:
        """Step over these words, if all of them come next."""
        coming = self.tokens[self.at : self.at + len(words)]
        if [token.upper for token in coming] != list(words):
            return False
        self.at += len(words)
        return True

    def take(self) -> _Token:
        token = self.next
        if token is None:
            raise Failure(400, "Error in the JQL Query: Expecting more, but the query ended.")
        self.at += 1
        return token

    def wrong(self, wanted: str) -> Failure:
        token = self.next
        found = f"got '{token.text}'. (line 1, character {token.at})" if token else "the query ended."
        return Failure(400, f"Error in the JQL Query: Expecting {wanted} but {found}")

    def query(self) -> Query:
        starts = [token.upper for token in self.tokens[:2]]
        where = None if starts in ([], ["ORDER", "BY"]) else self.either()
        orders = self.orders() if self.takes("ORDER", "BY") else ()
        if self.next:
            raise self.wrong("either 'OR' or 'AND'")
        return Query(where, orders)

    def orders(self) -> tuple[tuple[str, bool], ...]:
        found = []
        while True:
            name = self.take().text
            descending = self.takes("DESC")
            if not descending:
                self.takes("ASC")
            found.append((name, descending))
            if not self.takes(","):
                return tuple(found)

    def either(self) -> Node:
        parts = [self.both()]
        while self.takes("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Junction("OR", tuple(parts))

    def both(self) -> Node:
        parts = [self.part()]
        while self.takes("AND"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else Junction("AND", tuple(parts))

    def part(self) -> Node:
        if self.takes("NOT"):
            return Not(self.part())
        if self.takes("("):
            inner = self.either()
            if not self.takes(")"):
                raise self.wrong("')'")
            return inner
        return self.term()

    def term(self) -> Term:
        token = self.take()
        if token.kind == "sign":
            self.at -= 1
            raise self.wrong("a field name")
        for words, operator, negated in _OPERATORS:
            if self.takes(*words):
                return Term(token.text, operator, negated, self.operands(operator))
        raise self.wrong("operator")

    def operands(self, operator: str) -> tuple[Operand, ...]:
        if operator != "in":
            return (self.operand(),)
        if not self.takes("("):
            raise self.wrong("'('")
        found = [self.operand()]
        while self.takes(","):
            found.append(self.operand())
        if not self.takes(")"):
            raise self.wrong("')' or ','")
        return tuple(found)

    def operand(self) -> Operand:
        if self.next and self.next.kind == "sign":
            raise self.wrong("either a value, list or function")
        token = self.take()
        if token.kind == "word" and self.takes("(", ")"):
            return Operand(token.text.casefold(), function=True)
        return Operand(token.text, token.kind == "quoted", empty=token.upper in ("EMPTY", "NULL"))


_OPERATORS = (
    (("IS", "NOT"), "is", True),
    (("IS",), "is", False),
    (("NOT", "IN"), "in", True),
    (("IN",), "in", False),
    (("!=",), "=", True),
    (("!~",), "~", True),
    (("=",), "=", False),
    (("~",), "~", False),
    *(((sign,), sign, False) for sign in ("<=", ">=", "<", ">")),
)
