"""One call from its arrival to its answer: faults, sign-in, limits, then the part of the API that it is for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

from connectors.sandbox.faults import Fault, met
from connectors.sandbox.http import Answer, Call, page
from connectors.sandbox.platform import Request

from . import batch
from .failure import Failure
from .mishaps import instead, spoil
from .oncall import SPANS, answer_spans
from .rights import authenticate, may_use_rest, token
from .table_api import Asked, answer_stats, answer_table
from .world import World

_TABLE = re.compile(r"/api/now/(?:(v[12])/)?(table|stats)/([a-z0-9_]+)(?:/([0-9a-f]{32}|[^/]+))?/?")
_BATCH = re.compile(r"/api/now/(?:v1/)?batch/?")


def respond(world: World, call: Call, request: Request) -> Answer:
    """Answer a call: what is wrong with the instance comes first, then what was asked."""
    if world.hibernating:
        return page(
            200, "Hibernating Instance", "Your instance is hibernating. Sign in to the developer site to wake it."
        )
    fault = world.faults.take(call)
    if fault is None:
        return _tried(world, call, request)
    if fault.kind == "late":
        _do_later(world, call, request, fault)
    if fault.is_before:
        return met(fault, instead(fault, world.now().timestamp()), world.now())
    return met(fault, spoil(fault, _tried(world, replace(call, interrupt=fault.interrupt), request)), world.now())


def _do_later(world: World, call: Call, request: Request, fault: Fault) -> None:
    world.later(world.now() + timedelta(seconds=fault.seconds), lambda: _tried(world, call, request))


def _tried(world: World, call: Call, request: Request) -> Answer:
    try:
        return _routed(world, call, request)
    except json.JSONDecodeError:
        return Failure(400, "Exception while reading request", "The payload is not valid JSON").answer()
    except Failure as failure:
        return failure.answer(**({"result": []} if failure.status == 404 and call.method == "GET" else {}))


def _routed(world: World, call: Call, request: Request) -> Answer:
    if call.path == "/oauth_token.do":
        return token(world, call)
    request.user = authenticate(world, call)
    may_use_rest(world, request.user)
    headers = world.limits.count(call, request.user, world.now())
    found = _called(world, call, request.user)
    found.headers |= headers
    return found


def _called(world: World, call: Call, user: str) -> Answer:
    if _BATCH.fullmatch(call.path) and call.method == "POST":
        return batch.serve(call, world.handle, world.faults)
    if call.path == SPANS and call.method == "GET":
        return answer_spans(world, call, user)
    match = _TABLE.fullmatch(call.path)
    if match is None:
        raise Failure(400, "Requested URI does not represent any resource", call.path)
    asked = Asked(world, call, user, match[3], match[1] or "v2")
    return answer_stats(asked) if match[2] == "stats" else answer_table(asked, match[4] or "")
