"""The sandbox's requests and answers against Atlassian's own specifications, where those are at hand.

Not in them: Data Center, the addresses of OAuth (`/oauth/token`, `/_edge/tenant_info`), what fields of a kind hold.
"""

from __future__ import annotations

import functools
import json
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator
from plain_jira import INTERNAL, Jira, document

from connectors.sandbox.jira import Site
from connectors.sandbox.jira.api import DESK, PLATFORM
from connectors.sandbox.jira.asked import Route

ROOT = Path(__file__).parents[3]
SPECS = Path(os.environ.get("ITSM_SYNC_SHARED", ROOT.parent / "shared")) / "specs"
FILES = {"api": "jira-cloud-platform.openapi.json", "servicedeskapi": "jira-service-management.openapi.json"}

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason=f"Atlassian's specifications are not in {SPECS}")


@functools.cache
def specification(api: str) -> dict[str, Any]:
    return json.loads((SPECS / FILES[api]).read_text(encoding="utf-8"))


def operation(method: str, path: str) -> tuple[str, dict[str, Any]]:
    """Return the operation of a path with its values in place; the most literal pattern wins."""
    api = "servicedeskapi" if "servicedeskapi" in path else "api"
    paths = specification(api)["paths"]
    fits = [
        known for known in paths if re.fullmatch(re.sub(r"\{[^/]+\}", "[^/]+", known), path) and method in paths[known]
    ]
    assert fits, f"{method} {path} is not in {FILES[api]}"
    return api, paths[min(fits, key=lambda known: known.count("{"))][method]


def check(api: str, schema: dict[str, Any], content: object) -> None:
    whole = {**schema, "components": specification(api)["components"]}
    errors = [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(whole).iter_errors(content)]
    assert not errors, errors


def without_nulls(content: object) -> object:
    """Drop what is null: the platform sends it everywhere, and its specification allows it nowhere."""
    if isinstance(content, dict):
        return {name: without_nulls(value) for name, value in content.items() if value is not None}
    return [without_nulls(each) for each in content] if isinstance(content, list) else content


READS = (
    "serverInfo", "myself", "field", "project/search", "project/IT", "project/IT/statuses", "project/IT/components",
    "status", "priority", "priority/search?projectId=10000", "issue/IT-1/editmeta",
    "issue/createmeta/IT/issuetypes", "issue/createmeta/IT/issuetypes/{type}", "label", "issueLinkType",
    "search/jql?jql=key%3DIT-1&fields=*all&properties=mark&expand=changelog",
    "issue/IT-1?fields=*all&expand=changelog,editmeta&properties=*all", "issue/IT-1/properties/mark",
    "issue/IT-1/transitions", "issue/IT-1/comment?expand=properties", "issue/IT-1/comment/{comment}",
    "comment/{comment}/properties/sd.public.comment", "issue/IT-1/changelog?maxResults=1", "issue/IT-1/watchers",
    "user?accountId=ida", "user/search?query=ida",
    "mypermissions?permissions=USER_PICKER", "users/search", "group/bulk", "groups/picker?query=w",
    "groupuserpicker?query=web", "group/member?groupname=web",
    "/rest/servicedeskapi/request/IT-1", "/rest/servicedeskapi/request/IT-1/comment",
    "/rest/servicedeskapi/request/IT-1/sla", "/rest/servicedeskapi/request/IT-1/participant",
    "/rest/servicedeskapi/request/IT-1/feedback", "/rest/servicedeskapi/servicedesk",
    "/rest/servicedeskapi/servicedesk/{project}", "/rest/servicedeskapi/servicedesk/{project}/requesttype",
    "/rest/servicedeskapi/servicedesk/{project}/organization", "/rest/servicedeskapi/organization",
    "/rest/servicedeskapi/organization/{organization}/user",
)  # fmt: skip
WRITES: tuple[tuple[str, str, object], ...] = (
    ("post", "search/jql", {"jql": "project = IT", "fields": ["*all"], "maxResults": 10, "properties": ["mark"]}),
    ("post", "comment/list?expand=properties", {"ids": ["{comment}"]}),
    ("post", "issue/bulkfetch", {"issueIdsOrKeys": ["IT-1", "IT-404"], "fields": ["*all"], "expand": ["changelog"]}),
    ("post", "issue/IT-1/comment?expand=properties", {"body": document("hello"), "properties": [INTERNAL]}),
    ("put", "issue/IT-1?returnIssue=true", {"fields": {"priority": {"id": "1"}}, "properties": [INTERNAL]}),
    ("post", "issue/IT-1/transitions", {"transition": {"id": "{status}"}}),
    ("post", "issue/IT-1/watchers", "ida"),
    ("delete", "issue/IT-1/watchers?accountId=ida", None),
    (
        "post",
        "issueLink",
        {"type": {"name": "Problem/Incident"}, "inwardIssue": {"key": "IT-2"}, "outwardIssue": {"key": "IT-1"}},
    ),
    ("delete", "issueLink/{link}", None),
    ("put", "issue/IT-1/properties/mark", {"new": 1}),
    ("post", "/rest/servicedeskapi/request/IT-1/comment", {"body": "hello", "public": False}),
)


@pytest.fixture
def names(site: Site, incident: str) -> dict[str, Any]:
    """Return what the paths and bodies above leave open, on an issue that has a little of everything."""
    values = {"Affected services": ["Online Booking"], "components": ["booking"], "Team": "web", "assignee": "ida"}
    site.change(incident, values | {"Request participants": ["ida"]}, by="ida")
    site.link(incident, "is caused by", site.create("IT", "[System] Problem", {"summary": "Root"}, by="ida"))
    site.start_sla(incident, "Time to resolution", timedelta(hours=4))
    site.stop_sla(incident, "Time to resolution")
    site.start_sla(incident, "Time to resolution", timedelta(hours=4))
    site.rate(incident, 4, "Thanks")
    site.watch(incident, "ida")
    site.store.issues[incident].properties["mark"] = {"a": 1}
    return {
        "type": site.projects["IT"].types[0],
        "comment": site.comment(incident, "Seen", by="ida", public=False),
        "project": site.projects["IT"].id,
        "organization": next(iter(site.organizations)),
        "status": site.status_id("Resolved"),
        "link": site.store.issues[incident].links[0].id,
    }


def put_in(template: Any, names: dict[str, Any]) -> Any:
    """Return a path or a body with its names put in; comments are listed by number."""
    if isinstance(template, dict):
        return {name: put_in(value, names) for name, value in template.items()}
    if isinstance(template, list):
        return [int(each) if str(each).isdecimal() else each for each in (put_in(one, names) for one in template)]
    return re.sub(r"\{(\w+)\}", lambda match: names[match[1]], template) if isinstance(template, str) else template


def asked(jira: Jira, method: str, address: str, body: object = None) -> None:
    """Make a call that the specification knows, with nothing in it that it does not know, and check the answer."""
    parts = urlsplit(address if address.startswith("/") else f"/rest/api/3/{address}")
    api, known = operation(method, parts.path)
    query = dict(parse_qsl(parts.query))
    assert query.keys() <= {parameter["name"] for parameter in known.get("parameters", ())}
    if body is not None:
        check(api, known["requestBody"]["content"]["application/json"]["schema"], body)
    answer = jira.call(method.upper(), parts.path, params=query, **({"json": body} if body is not None else {}))
    assert answer.ok, answer.text
    response = known["responses"][str(answer.status_code)]
    if "application/json" in response.get("content", {}) and answer.content:
        check(api, response["content"]["application/json"]["schema"], without_nulls(answer.json()))


@pytest.mark.parametrize("address", READS)
def test_what_is_read_is_as_specified(jira: Jira, names: dict[str, Any], address: str) -> None:
    asked(jira, "get", put_in(address, names))


@pytest.mark.parametrize(("method", "address", "body"), WRITES)
def test_what_is_written_and_answered_is_as_specified(
    jira: Jira, names: dict[str, Any], method: str, address: str, body: object
) -> None:
    asked(jira, method, put_in(address, names), put_in(body, names))


def test_bulk_changelogs_are_as_specified_but_for_their_moments_which_are_numbers(
    jira: Jira, names: dict[str, Any]
) -> None:
    body = {"issueIdsOrKeys": ["IT-1"], "fieldIds": ["assignee", "components"]}
    api, known = operation("post", "/rest/api/3/changelog/bulkfetch")
    check(api, known["requestBody"]["content"]["application/json"]["schema"], body)
    content = jira.post("changelog/bulkfetch", body).json()
    for change in content["issueChangeLogs"][0]["changeHistories"]:
        assert isinstance(change["created"], int)
        change["created"] = str(change["created"])
    check(api, known["responses"]["200"]["content"]["application/json"]["schema"], without_nulls(content))


def test_an_answer_that_is_not_as_specified_is_noticed() -> None:
    schema = operation("get", "/rest/api/3/myself")[1]["responses"]["200"]["content"]["application/json"]["schema"]
    with pytest.raises(AssertionError, match="unexpected"):
        check("api", schema, {"accountId": "ida", "nickname": "Idun"})
    with pytest.raises(AssertionError, match="boolean"):
        check("api", schema, {"accountId": "ida", "active": "yes"})


@pytest.mark.parametrize(("base", "routes"), [("/rest/api/3/", PLATFORM), ("/rest/servicedeskapi/", DESK)])
def test_every_resource_that_the_sandbox_has_on_cloud_is_specified(base: str, routes: tuple[Route, ...]) -> None:
    for route in routes:
        if route.cloud:
            operation(route.method.lower(), base + route.pattern.pattern.replace("([^/]+)", "x"))
