"""How deeply an answer may be nested: what walks through answers later must never run out of stack."""

from __future__ import annotations

from typing import Any, Final

DEEPEST: Final = 100
"""Levels. The deepest answers known are documents in comments, with some thirty."""

HOLDERS: Final = frozenset({dict, list})


def is_too_deep(parsed: Any, left: int = DEEPEST) -> bool:
    """Tell whether there are more levels than we accept; asked of every answer, so that it has to be quick."""
    if type(parsed) not in HOLDERS:
        return False
    if not left:
        return True
    inner = [child for child in (parsed.values() if type(parsed) is dict else parsed) if type(child) in HOLDERS]
    return any(is_too_deep(child, left - 1) for child in inner) if inner else False
