"""One call from its arrival to its answer: faults, sign-in, limits, then the resource that it is for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from connectors.sandbox import faults
from connectors.sandbox.faults import Fault
from connectors.sandbox.http import Answer, Call, answer
from connectors.sandbox.platform import Request

from . import comments, desk, history, issues, people, rights, searching, settings
from .asked import Asked, Route
from .failure import Failure, Unsigned
from .limits import BURST, too_many
from .show import View

if TYPE_CHECKING:
    from .site import Site

PLATFORM: tuple[Route, ...] = (
    *settings.ROUTES, *searching.ROUTES, *comments.ROUTES, *history.ROUTES, *issues.ROUTES,
    *people.ROUTES,
)  # fmt: skip
DESK: tuple[Route, ...] = desk.ROUTES
_PATH = re.compile(
    r"(?P<gateway>/ex/jira/(?P<cloud>[^/]+))?/rest/(?:api/(?P<version>2|3|latest)|servicedeskapi)/(?P<rest>.+?)/?"
)
OPEN_TO_ALL = "serverInfo"


def respond(site: Site, call: Call, request: Request) -> Answer:
    """Answer a call: faults come first, then what was asked."""
    fault = site.faults.take(call)
    if fault is None:
        return _tried(site, call, request)
    if fault.kind == "late":
        site.later(site.now() + timedelta(seconds=fault.seconds), lambda: _tried(site, call, request))
    if fault.is_before:
        return faults.met(fault, _instead(site, fault), site.now())
    good = _tried(site, replace(call, interrupt=fault.interrupt), request)
    return faults.met(fault, faults.spoil(fault, good), site.now())


def _instead(site: Site, fault: Fault) -> Answer:
    if fault.kind == "429":
        return too_many(BURST, 100, site.now(), timedelta(seconds=fault.seconds), site.cloud).answer()
    if fault.kind.isdigit():
        return Failure(int(fault.kind), "The site could not answer. Try again later.").answer()
    return faults.instead(fault)


def _tried(site: Site, call: Call, request: Request) -> Answer:
    try:
        return _routed(site, call, request)
    except json.JSONDecodeError:
        return Failure(400, "There was an error parsing JSON. Check that your request body is valid.").answer()
    except Failure as failure:
        return failure.answer()


def _routed(site: Site, call: Call, request: Request) -> Answer:
    if site.cloud and call.path == "/oauth/token":
        return rights.token(site, call)
    if site.cloud and call.path == "/_edge/tenant_info":
        return answer(200, {"cloudId": site.cloud_id})
    match = _PATH.fullmatch(unquote(call.path))
    if match is None or (match["gateway"] and match["cloud"] != site.cloud_id):
        return _nothing(call)
    if match["version"] == "3" and not site.cloud:
        return _nothing(call)
    request.user = _signed_in(site, call, match)
    site.limits.count(call, site.now(), site.cloud)
    version = match["version"] if match["version"] in ("2", "3") else "3" if site.cloud and match["version"] else "2"
    view = _view(site, call, request.user or site.account, version, call.base + (match["gateway"] or ""))
    return _resource(Asked(site, call, view), PLATFORM if match["version"] else DESK, match["rest"])


def _signed_in(site: Site, call: Call, match: re.Match[str]) -> str:
    """Return the account that is signed in, "" for nobody where nobody needs to be."""
    try:
        return rights.authenticate(site, call, bool(match["gateway"]))
    except Unsigned:
        if match["rest"] == OPEN_TO_ALL and "authorization" not in call.headers:
            return ""
        raise


def _view(site: Site, call: Call, account: str, version: str, root: str) -> View:
    """Return how the site looks to an account. The language of a call counts only where it is forced."""
    user = site.users[account]
    language = user.language
    if call.headers.get("x-force-accept-language") == "true":
        language = call.headers.get("accept-language", language).split(",")[0].split("-")[0]
    return View(
        site, site.store, account, version, root, language, site.zone_of(user), site.now(), site.comments_inside
    )


def _resource(asked: Asked, routes: tuple[Route, ...], path: str) -> Answer:
    known = False
    for route in routes:
        match = route.pattern.fullmatch(path)
        if match and route.exists(asked.site.cloud):
            if route.method == asked.call.method:
                return route.do(asked, *match.groups())
            known = True
    return answer(405, {"message": "HTTP 405 Method Not Allowed"}) if known else _nothing(asked.call)


def _nothing(call: Call) -> Answer:
    return answer(404, {"message": f"null for uri: {call.base}{call.path}", "status-code": 404})
