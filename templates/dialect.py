"""The small part of Jinja in which messages are written: values, conditions and one loop.

Whatever is not listed here is refused when a template is compiled. Without calls, arithmetic, variables of its own and
loops in loops, the work and the output of a template grow only with its own length and that of its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from jinja2 import StrictUndefined, TemplateRuntimeError, Undefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from templates.amounts import duration, listed, number
from templates.links import Ready, linked
from templates.locales import moment, set_apart
from templates.values import clean, escaped

Things = Mapping[str, object]

BLOCKS: Final = ("subject", "body")
ALLOWED: Final = (
    nodes.Template,
    nodes.Block,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Name,
    nodes.Getattr,
    nodes.Filter,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Concat,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
)
LOOP_FACTS: Final = frozenset({"first", "last", "index", "length"})
NAMES_OF: Final = {
    nodes.Call: "a call",
    nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}",
    nodes.Macro: "{% macro %}",
    nodes.CallBlock: "{% call %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.Include: "{% include %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from %}",
    nodes.Extends: "{% extends %}",
    nodes.With: "{% with %}",
    nodes.Getitem: "[…]",
    nodes.Slice: "[…]",
    nodes.Scope: "{% autoescape %}",
    nodes.Dict: "{…}",
    nodes.Test: "a test with `is`",
    nodes.Keyword: "a named argument",
    nodes.Block: "a block in a block",
}


class Refused(Exception):
    """A template uses something that messages may not use. `line` is its place, from 1."""

    def __init__(self, line: int, text: str, word: str = "") -> None:
        super().__init__(text)
        self.line, self.text, self.word = line, text, word


class Dialect(ImmutableSandboxedEnvironment):
    """Jinja without anything but what is listed above. A name leads to an entry of a mapping and nowhere else."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, finalize=shown, autoescape=False, keep_trailing_newline=True)
        self.filters.clear()
        self.filters.update(FILTERS)
        self.tests.clear()

    def getattr(self, obj: object, attribute: str) -> object:
        """Return an entry of a mapping, or of `loop` what is allowed: never an attribute of a Python object."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP_FACTS:
            return getattr(obj, attribute)
        if isinstance(obj, Undefined):
            return obj._fail_with_undefined_error()
        return self.undefined(f"there is no {attribute!r} here", name=attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """Refuse: templates name things with a dot."""
        return self.undefined("write a.b instead of a[…]", name=str(argument))


@pass_context
def shown(context: Context, value: object) -> str:
    """Return a value as Markdown that reads as exactly this value, and moves nothing beside it."""
    text = value if isinstance(value, Ready) else escaped(clean(_text(context, value)))
    return set_apart(text, context["reader"]["language"])


@pass_context
def as_text(context: Context, value: object) -> str:
    """Filter `when` and `duration`: return a value as the reader's language writes it."""
    return _text(context, value)


@pass_context
def date(context: Context, value: object) -> str:
    """Filter: return a moment with its day in full, for what is kept and read later; anything else as it is shown."""
    reader = context["reader"]
    return moment(value, reader["language"], reader["zone"]) if isinstance(value, datetime) else _text(context, value)


@pass_context
def join(context: Context, value: object, between: str = ", ") -> str:
    """Filter: return a list as one text. Texts are not lists: joining their letters could grow without end."""
    if isinstance(value, (list, tuple)):
        return str(between).join(_text(context, item) for item in value)
    return _text(context, value)


def link(value: object) -> object:
    """Filter: return an entry with a name and an address as a link; anything else is shown as it is."""
    if isinstance(value, Mapping) and {"name", "address"} <= value.keys():
        return linked(str(value["name"]), str(value["address"]))
    return value


def default(value: object, instead: object = "") -> object:
    """Filter: return `instead` where the value is empty."""
    return instead if value == "" else value


def _text(context: Context, value: object) -> str:
    if isinstance(value, Mapping):
        raise TemplateRuntimeError(f"a group of values has no text of its own; name one of: {', '.join(value)}")
    language = context["reader"]["language"]
    if isinstance(value, datetime):
        return moment(value, language, context["reader"]["zone"], _now(context))
    if isinstance(value, timedelta):
        return duration(value, language)
    if isinstance(value, (list, tuple)):
        return listed([_text(context, item) for item in value], language)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value, language)
    return str(value)


def _now(context: Context) -> datetime | None:
    """Return the moment of writing for one person, who reads soon; a team reads later, and from several zones."""
    return None if context["audience"] == "team" else context["now"]


FILTERS: Final = {
    "when": as_text,
    "date": date,
    "duration": as_text,
    "link": link,
    "join": join,
    "default": default,
    "upper": lambda value: str(value).upper(),
    "lower": lambda value: str(value).lower(),
    "capitalize": lambda value: str(value)[:1].upper() + str(value)[1:],
    "length": lambda value: len(value),
}


def judge(tree: nodes.Template) -> None:
    """Raise `Refused` for the first thing in a parsed template that messages may not use."""
    for child in tree.body:
        if isinstance(child, nodes.Block) and child.name in BLOCKS:
            _judge_inside(child)
        elif not _is_blank(child):
            raise Refused(_line(child), "text outside the blocks subject and body is never sent", _first_word(child))
    there = {child.name for child in tree.body if isinstance(child, nodes.Block)}
    missing = [name for name in BLOCKS if name not in there]
    if missing:
        raise Refused(1, f"the block {missing[0]} is missing")


def _judge_inside(node: nodes.Node, depth: int = 0, in_loop: bool = False) -> None:
    if depth > 40:
        raise Refused(node.lineno, "this is nested too deeply")
    for child in node.iter_child_nodes():
        if not isinstance(child, ALLOWED) or isinstance(child, nodes.Block):
            raise Refused(_line(child), f"messages cannot use {_name_of(child)}")
        if isinstance(child, nodes.For):
            _judge_loop(child, in_loop)
        _judge_inside(child, depth + 1, in_loop or isinstance(child, nodes.For))


def _judge_loop(loop: nodes.For, in_loop: bool) -> None:
    """Refuse loops in loops, and loops over anything but a list that the message is given: those are short."""
    if in_loop or loop.recursive:
        raise Refused(loop.lineno, "messages cannot use a loop in a loop", "for")
    if not isinstance(loop.iter, (nodes.Name, nodes.Getattr)):
        raise Refused(loop.lineno, "a loop goes over a list by its name, such as proposals", "for")


def compared(tree: nodes.Template) -> Iterator[tuple[str, nodes.Const]]:
    """Return every word that something is compared with, after what that is: "audience", "step.kind"."""
    for compare in tree.find_all(nodes.Compare):
        for side in (compare.expr, *(operand.expr for operand in compare.ops)):
            name = _dotted(side)
            if name:
                yield from ((name, word) for word in compare.find_all(nodes.Const))


def _dotted(node: nodes.Node) -> str:
    """Return the name of a variable or of an entry of one; "" for all else."""
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else ""


def _line(node: nodes.Node) -> int:
    """Return where a node begins; some stand for nothing that is written, and what is in them does."""
    return next((one.lineno for one in (node, *node.find_all(nodes.Node)) if one.lineno), 1)


def _is_blank(node: nodes.Node) -> bool:
    """Tell whether this stands for white space; comments leave nothing behind."""
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
    )


def _first_word(node: nodes.Node) -> str:
    data = next(node.find_all(nodes.TemplateData), None)
    return data.data.split()[0] if data is not None and data.data.split() else ""


def _name_of(node: nodes.Node) -> str:
    if isinstance(node, nodes.BinExpr):
        return f"the operator {node.operator}"
    return NAMES_OF.get(type(node), type(node).__name__)
