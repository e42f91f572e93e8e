"""What ServiceNow answers when something goes wrong: its own forms of the shared faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.sandbox import faults
from connectors.sandbox.faults import Fault
from connectors.sandbox.http import Answer, answer

from .failure import Failure
from .limits import limit_headers, too_many


def instead(fault: Fault, now: float) -> Answer:
    """Return what is answered where nothing is done. `now` is UNIX time."""
    if fault.kind == "429":
        return _limited(fault, now)
    if fault.kind.isdigit():
        return Failure(int(fault.kind), "Service unavailable", "The instance could not answer").answer()
    return faults.instead(fault)


def _limited(fault: Fault, now: float) -> Answer:
    wait = timedelta(seconds=fault.seconds)
    headers = limit_headers("Sandbox", 1000, datetime.fromtimestamp(now, UTC) + wait)
    return too_many(headers, wait).answer()


def spoil(fault: Fault, good: Answer) -> Answer:
    """Return what becomes of a good answer."""
    return _cancelled(good) if fault.kind == "result_and_error" else faults.spoil(fault, good)


def _cancelled(good: Answer) -> Answer:
    content = good.json()
    rows = content.get("result")
    if isinstance(rows, list):
        content["result"] = rows[: len(rows) // 2]
    detail = "maximum execution time exceeded. Check logs for error trace or enable glide.rest.debug property"
    error = {"message": "Transaction cancelled: maximum execution time exceeded", "detail": detail}
    return answer(200, {**content, "error": error, "status": "failure"}, **good.headers)
