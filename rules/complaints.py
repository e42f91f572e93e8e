"""Says what a schema finds wrong in an admin's words and at its place, never in the schema library's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.problems import SECRETS, Report, did_you_mean
from rules.tree import Node, Path

WANTED: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping of keys and values",
    "model_type": "a mapping of keys and values",
    "list_type": "a list",
}
MENDS: Final = {
    "int_type": "write it without quotes, such as 25",
    "bool_type": "write true or false",
    "dict_type": "write 'key: value' lines, indented below it",
    "model_type": "write 'key: value' lines, indented below it",
    "list_type": "put it in [ ], or write one '- …' line per entry",
}
ADDED: Final[dict[str | int, str]] = {
    "connections": "connections: {snow: {platform: servicenow, url: https://…, auth: {user: …, password: '${…}'}}}",
    "at": "add 'at: 2026-11-24T10:00+01:00' to it, the moment at which the ticket is created",
}
"""What to add where the key alone does not say it."""


def judged(root: Node, form: type[BaseModel], lost: frozenset[str], report: Report) -> BaseModel | None:
    """Return the tree as the form holds it, or None and a report of everything that does not fit.

    `lost` are the keys that may stand in a file that could not be read: that those are missing is no news.
    """
    try:
        return form.model_validate(root.plain())
    except ValidationError as error:
        details = error.errors(include_url=False)
        unknown = {detail["loc"] for detail in details if detail["type"] == "extra_forbidden"}
        for detail in details:
            if detail["type"] != "missing" or not _is_explained(detail["loc"], unknown, lost):
                _complain(root, form, detail, report)
    return None


def _is_explained(path: Path, unknown: set[Path], lost: frozenset[str]) -> bool:
    """Tell whether another problem says already why a key is missing: its file is unread, or it is mistyped."""
    beside = [str(other[-1]) for other in unknown if other[:-1] == path[:-1]]
    return (len(path) == 1 and path[0] in lost) or bool(get_close_matches(str(path[-1]), beside))


def _complain(root: Node, form: type[BaseModel], detail: ErrorDetails, report: Report) -> None:
    kind, path = detail["type"], detail["loc"]
    node, way = root.walk(path)
    if way and way[-1] in SECRETS and node.value is not None:
        node = replace(node, value="…", raw="…")
    if kind == "extra_forbidden":
        known = _known_keys(form, way[:-1])
        report(node.key, f"unknown key '{path[-1]}'", did_you_mean(str(path[-1]), known))
    elif kind == "missing":
        report(node.key, f"{_called(way)} lacks '{path[-1]}'", ADDED.get(path[-1], f"add '{path[-1]}: …' to it"))
    elif path[-1:] == ("[key]",):
        report(
            node.key, f"'{way[-1]}' cannot stand here: it {_said(detail, str(way[-1]))}", _mend(detail, str(way[-1]))
        )
    elif node.value is None:
        report(node.key, f"'{way[-1] if way else 'it'}' is empty", "give it a value, or remove the line")
    else:
        report(node.place, f"{_called(way)} {_said(detail, node.value)}", _mend(detail, node.raw or str(node.value)))


def _said(detail: ErrorDetails, value: object) -> str:
    """Return what is wrong with a value, as the end of a sentence."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"must be {context['expected']}, not {_shape(value)}"
    if kind == "too_short":
        return "must have an entry"
    if kind == "greater_than_equal":
        return f"must be at least {context['ge']}"
    return f"must be {WANTED.get(kind, 'something else')}, not {_shape(value)}"


def _mend(detail: ErrorDetails, raw: str) -> str:
    kind = detail["type"]
    if kind == "literal_error":
        return did_you_mean(raw, detail["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", "), " ")
    if kind == "string_type":
        return f'write it in quotes: "{raw}"' if not raw.startswith(("[", "{")) else "write one text"
    return MENDS.get(kind, "")


def _shape(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    return f"the number {value}" if isinstance(value, int | float) else f"'{value}'"


def _called(way: Path) -> str:
    """Return how a value is named in a sentence: by its nearest key, and its number in a list."""
    if not way:
        return "the workspace"
    if isinstance(way[-1], int):
        return f"entry {way[-1] + 1} of '{way[-2]}'"
    return f"'{way[-1]}'"


def _known_keys(form: type[BaseModel], way: Path) -> list[str]:
    """Return the keys that the form knows at the end of the way."""
    here: Any = form
    for step in way:
        here = next(_below(here, step), None)
    forms = [found for found in _plain_types(here) if isinstance(found, type) and issubclass(found, BaseModel)]
    return [field.alias or name for found in forms for name, field in found.model_fields.items()]


def _below(annotation: Any, step: str | int) -> Iterator[Any]:
    """Yield the types of what stands under this step in values of the annotated type."""
    for found in _plain_types(annotation):
        if isinstance(found, type) and issubclass(found, BaseModel):
            for name, field in found.model_fields.items():
                if (field.alias or name) == step:
                    yield field.annotation
        elif get_origin(found) in (dict, list):
            yield get_args(found)[-1]


def _plain_types(annotation: Any) -> Iterator[Any]:
    """Yield what an annotation allows, without None and what is annotated to it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _plain_types(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from _plain_types(part)
    elif annotation is not NoneType:
        yield annotation
