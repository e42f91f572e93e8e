"""Spoils good answers in every way that comes to mind, each time the same by the same seed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

Place = tuple[str | int, ...]
"""Where something stands in an answer: keys of objects and numbers in lists, from the outside in."""

STRANGE = (
    "\ud800",
    "half a pair \udfff of surrogates",
    "\x00",
    "IT-1\x00",
    "\u202egnp.exe",
    "x\r\nX-Header: y",
    "^NQactive=true",
    '" OR project = IT',
    "javascript:gs.getUserName()",
    "../../../rest/api/2/issue/IT-1",
    "{{ 7*7 }}",
    "²",
    "٣",
    "--5",
    "1e999",
    "9" * 400,
    "9" * 5000,
    "9999-12-31 23:59:59",
    "9999-12-31T23:59:59.999+0000",
    "0001-01-01T00:00:00.000+1400",
    "true",
    "null",
    " ",
    "",
    "e\u0301" * 50,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
)
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    1.5,
    10**400,
    -(10**400),
    2**63,
    float("inf"),
    float("nan"),
    [],
    {},
    [None],
    [[]],
    [{}],
    {"value": None},
    {"id": None, "key": None, "name": None},
    {"fields": None, "properties": None},
    "x",
    *STRANGE,
)
DEEP = (50, 400, 5_000)
MANY = 3_000
MEGABYTE = "Ærlig talt " * 90_000
PLACEHOLDER = "what stands here is written as text"


class Spoiled(NamedTuple):
    """An answer that was spoiled: its body and headers, and where it was touched, () where that was the whole."""

    body: bytes
    headers: dict[str, str]
    touched: tuple[Place, ...]


def spoiled(random: Random, body: bytes, headers: dict[str, str]) -> Spoiled:
    """Return a good answer after one to three mishaps."""
    if random.random() < 0.04:
        return Spoiled(random.choice(BODIES)(body), headers, ((),))
    if random.random() < 0.04:
        return Spoiled(body, headers | {random.choice(HEADERS): random.choice(HEADER_VALUES)}, ((),))
    content = [json.loads(body)] if body else [None]
    touched, raw, is_huge = [], "", False
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        path = random.choice(list(paths(content[0])))
        if random.random() < 0.03:
            depth = random.choice(DEEP)
            raw = "[" * depth + "]" * depth
            put(content, path, PLACEHOLDER)
        else:
            mishap = random.choice(MISHAPS)
            touched.append(mishap(random, content, path) or path)
            is_huge = mishap is huge
        touched.append(path)
        if is_huge:  # or a megabyte in each of thousands of rows would fill the memory
            break
    text = json.dumps(content[0]).replace(f'"{PLACEHOLDER}"', raw or '""')
    return Spoiled(text.encode(), headers, tuple(touched))


def paths(content: Any, at: Place = ()) -> Iterator[Place]:
    """Yield where everything stands, the whole first."""
    yield at
    if isinstance(content, dict | list) and len(at) < 12:
        for key, value in content.items() if isinstance(content, dict) else enumerate(content[:200]):
            yield from paths(value, (*at, key))


def parent(content: list[Any], path: Place) -> tuple[Any, str | int]:
    """Return what holds the thing at a path, and under which key; `content` is a list of the whole."""
    holder: Any = content
    key: str | int = 0
    for step in path:
        holder, key = holder[key], step
    return holder, key


def put(content: list[Any], path: Place, value: Any) -> None:
    holder, key = parent(content, path)
    holder[key] = value


def get(content: list[Any], path: Place) -> Any:
    holder, key = parent(content, path)
    return holder[key]


def lost(_random: Random, content: list[Any], path: Place) -> None:
    """Leave it out."""
    if path:
        holder, key = parent(content, path)
        del holder[key]
    else:
        content[0] = None


def replaced(random: Random, content: list[Any], path: Place) -> None:
    put(content, path, copy.deepcopy(random.choice(OTHERS)))


def huge(random: Random, content: list[Any], path: Place) -> None:
    """Make it a megabyte, or thousands of what it was."""
    now = get(content, path)
    many = min(MANY, len(MEGABYTE) // len(json.dumps(now)) + 1)
    put(content, path, MEGABYTE if random.random() < 0.3 else [now] * many)


def other_type(_random: Random, content: list[Any], path: Place) -> None:
    """Write a number as a text, a text as a list, a list as an object."""
    now = get(content, path)
    if isinstance(now, str):
        put(content, path, int(now) if now.isdecimal() and len(now) < 30 else [now])
    elif isinstance(now, list):
        put(content, path, {str(number): one for number, one in enumerate(now)})
    else:
        put(content, path, list(now.items()) if isinstance(now, dict) else str(now))


def shuffled(random: Random, content: list[Any], path: Place) -> None:
    now = get(content, path)
    if isinstance(now, list):
        random.shuffle(now)
    elif isinstance(now, dict):
        items = list(now.items())
        random.shuffle(items)
        put(content, path, dict(items))


def doubled(random: Random, content: list[Any], path: Place) -> None:
    """Give a row twice, or a field's value to another field."""
    now = get(content, path)
    if isinstance(now, list) and now:
        now.insert(random.randrange(len(now) + 1), copy.deepcopy(random.choice(now)))
    elif isinstance(now, dict) and now:
        now[random.choice(list(now))] = copy.deepcopy(random.choice(list(now.values())))


def swapped(random: Random, content: list[Any], path: Place) -> Place | None:
    """Exchange it with what stands under the same name elsewhere, such as another ticket's id; return that place."""
    same = [other for other in paths(content[0]) if path and other[-1:] == path[-1:] and len(other) == len(path)]
    if same:
        other = random.choice(same)
        here, there = copy.deepcopy(get(content, path)), copy.deepcopy(get(content, other))
        put(content, path, there)
        put(content, other, here)
        return other
    return None


def written_strangely(random: Random, content: list[Any], path: Place) -> None:
    now = get(content, path)
    put(content, path, f"{now if isinstance(now, str) else ''}{random.choice(STRANGE)}")


MISHAPS = (lost, lost, replaced, replaced, replaced, huge, other_type, shuffled, doubled, swapped, written_strangely)
BODIES: tuple[Callable[[bytes], bytes], ...] = (
    lambda body: b"",
    lambda body: body[: len(body) // 2],
    lambda body: body + b"}",
    lambda body: b"\xef\xbb\xbf" + body,
    lambda body: b"\xff\xfe\x00" + body,
    lambda body: body.decode().encode("utf-16"),
    lambda body: b"null",
    lambda body: b"[]",
    lambda body: b"{}",
    lambda body: b'"text"',
    lambda body: b"7",
    lambda body: b"<html>Please wait</html>",
    lambda body: b'{"result": null}',
    lambda body: b'{"result": {}, "error": {"message": ["odd"]}}',
    lambda body: b'{"issues": null, "nextPageToken": []}',
    lambda body: b"[" * 200_000,
    lambda body: b'{"result": ' + b"9" * 5_000 + b"}",
)
HEADERS = ("Date", "Link", "X-Total-Count", "Content-Type")
HEADER_VALUES = ("", "²", "9" * 5000, "-1", "Thu, 99 Foo 2026 99:99:99 GMT", "null", '<x>; rel="next"', "text/plain")
