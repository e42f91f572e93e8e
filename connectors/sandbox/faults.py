"""Faults on demand: what goes wrong between a client and the platform, and on the platform itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Literal

from .http import Answer, Call, page

if TYPE_CHECKING:
    from .trouble import Trouble

KINDS = {
    "429": "answers that a limit is used up; `seconds` until it may be tried again",
    "html": "answers 200 with an HTML page",
    "slow": "does it, then waits `seconds` before it answers",
    "broken_before": "cuts the connection without doing it",
    "broken_after": "does it, then cuts the connection",
    "late": "cuts the connection, and does it once the clock has moved on by `seconds`",
    "half": "answers with the first half of the body",
    "result_and_error": "answers 200 with half of the rows and an error beside them",
    "changing": "calls `do` after the rows of a page are chosen and before they are read",
    "unserviced": "leaves the call out of the batch that it came in",
}
"""Besides these, any status, such as "503": a 2xx is answered after the call was done, all others in its place."""

STATUS = re.compile(r"[2345]\d\d")

BEFORE = ("429", "html", "broken_before", "late")


@dataclass
class Fault:
    """Something that goes wrong with the next `times` calls of a method ("" is any) whose path contains `path`.

    `do` is called when it goes wrong: a `broken_after` has done what was asked by then, a `late` has not. `retry` is
    how an answer says that it may be tried again after `seconds`; a limit says it in seconds anyway.
    """

    kind: str
    method: str = ""
    path: str = ""
    times: int = 1
    seconds: float = 60.0
    do: Callable[[], object] | None = field(default=None, repr=False)
    retry: Literal["", "seconds", "date"] = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS and not STATUS.fullmatch(self.kind):
            raise ValueError(f"{self.kind!r} is no fault; there are {', '.join(KINDS)} and statuses from 200 to 599")
        if self.kind == "changing" and self.do is None:
            raise ValueError("a changing page needs `do`")

    def concerns(self, call: Call) -> bool:
        return self.times > 0 and self.method in ("", call.method) and self.path in call.path

    @property
    def is_before(self) -> bool:
        return self.kind in BEFORE or (self.kind.isdigit() and not self.kind.startswith("2"))

    @property
    def interrupt(self) -> Callable[[], object] | None:
        """What happens between choosing the rows of a page and reading them."""
        return self.do if self.kind == "changing" else None


class Faults:
    """The faults that wait for their calls, in the order in which they were added."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.trouble: Trouble | None = None

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, call: Call, kind: str = "") -> Fault | None:
        """Return the fault that this call meets and count it: of this kind, or any met outside a batch."""
        wanted = (fault for fault in self.waiting if (fault.kind == kind if kind else fault.kind != "unserviced"))
        fault = next((fault for fault in wanted if fault.concerns(call)), None)
        if fault:
            fault.times -= 1
        elif self.trouble and not kind:
            fault = self.trouble.drawn()
        return fault


def instead(fault: Fault) -> Answer:
    """Return what comes in place of an answer on any platform; limits and errors have each platform's own form."""
    if fault.kind == "html":
        return page(200, "Your instance is waking up", "Please come back in a few minutes.")
    return Answer(0, b"", broken=True)


def spoil(fault: Fault, good: Answer) -> Answer:
    """Return what becomes of a good answer on its way."""
    if fault.kind == "slow":
        good.wait = fault.seconds
    elif fault.kind == "broken_after":
        good.broken = True
    elif fault.kind == "half":
        good.body = good.body[: len(good.body) // 2]
    elif fault.kind.isdigit() and good.status < 300:
        good.status = int(fault.kind)
    return good


def met(fault: Fault, found: Answer, now: datetime) -> Answer:
    """Return the answer to a call that met a fault, once what is to happen at that moment has happened."""
    if fault.do and fault.kind != "changing":
        fault.do()
    if fault.retry == "seconds":
        found.headers["Retry-After"] = str(int(fault.seconds))
    elif fault.retry == "date":
        found.headers["Retry-After"] = format_datetime(now + timedelta(seconds=fault.seconds), usegmt=True)
    return found
