"""The Batch API: many calls in one, each with its own answer, in no promised order, and not always all of them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from connectors.sandbox.faults import Faults
from connectors.sandbox.http import Answer, Call, answer, split

from .failure import Failure

LIMIT = 5 * 1024 * 1024
"""Bytes of one item's body, either way; a larger one is left unserviced."""

Handler = Callable[[Call], Answer]


def serve(call: Call, handle: Handler, faults: Faults) -> Answer:
    """Answer a batch. HTTP 200 says nothing about its items: those in `unserviced_requests` were not done."""
    content = call.json()
    if not isinstance(content, dict) or not isinstance(content.get("rest_requests"), list):
        raise Failure(400, "Exception while reading request", "rest_requests is missing")
    serviced, unserviced = [], []
    # The last comes first: whoever relies on the order of the answers finds out.
    for item in reversed(content["rest_requests"]):
        done = _service(call, item, handle, faults)
        if done is None:
            unserviced.append(str(item.get("id")))
        else:
            serviced.append(done)
    return answer(200, {
        "batch_request_id": content.get("batch_request_id", ""),
        "serviced_requests": serviced,
        "unserviced_requests": unserviced,
    })  # fmt: skip


def _service(call: Call, item: dict[str, Any], handle: Handler, faults: Faults) -> dict[str, object] | None:
    inner = _inner(call, item)
    if inner is None or faults.take(inner, "unserviced"):
        return None
    found = handle(inner)
    if found.broken or len(found.body) > LIMIT:
        return None
    return {
        "id": str(item.get("id")),
        "body": base64.b64encode(found.body).decode(),
        "status_code": found.status,
        "status_text": HTTPStatus(found.status).phrase,
        "headers": [{"name": name, "value": value} for name, value in found.headers.items()],
        "execution_time": 1,
        "redirect_url": None,
    }


def _inner(call: Call, item: dict[str, Any]) -> Call | None:
    """Return the call that an item describes, None when its body is too large or not in base64."""
    path, query = split(str(item.get("url", "")))
    try:
        body = base64.b64decode(item.get("body") or "", validate=True)
    except binascii.Error:
        return None
    if len(body) > LIMIT:
        return None
    named = {str(h["name"]).lower(): str(h["value"]) for h in item.get("headers") or ()}
    signed = {"authorization": call.headers.get("authorization", "")}
    return Call(str(item.get("method", "GET")).upper(), path, query, named | signed, body, call.base, inner=True)
