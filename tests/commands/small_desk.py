"""A small workspace and the simulated ServiceNow that it looks after, for tests of commands that do something."""

from __future__ import annotations

from pathlib import Path

from connectors.sandbox.servicenow import World

DESK = """\
desk: Harbour
languages: [en, nb, vi]
connections:
  sn:
    platform: servicenow
    url: {url}
    auth: {{user: itsm.sync, password: "${{SERVICENOW_PASSWORD}}"}}
    kinds: {{incident: incident}}
    since: 2020-01-01T00:00Z
    poll: 1s
words: {{sn: {{fields: {{mark: u_itsm_sync}}}}}}
teams: {{web: {{groups: {{sn: Web}}}}, payments: {{groups: {{sn: Payments}}}}}}
"""
ROUTE = "routes: [{name: all, assign: {team: web}}]\n"


def lay_out(folder: Path, url: str, rules: str = ROUTE) -> Path:
    """Write the workspace, or write it again with other rules."""
    folder.mkdir(exist_ok=True)
    (folder / "desk.yaml").write_text(DESK.format(url=url) + rules, encoding="utf-8")
    return folder


def instance() -> World:
    """Return a ServiceNow with a field for marks, two groups, a requester and an agent."""
    world = World(extra_fields={"incident": {"u_itsm_sync": "string(255)"}})
    world.add_group("Web")
    world.add_group("Payments")
    world.add_user("kari", "Kari Nordmann", email="kari@harbour.example", language="nb")
    world.add_user("ida", "Ida Berg", email="ida@harbour.example")
    return world


def report(world: World, **values: str) -> str:
    """Open an incident for Kari and return its sys_id."""
    kari = world.find("sys_user", user_name="kari")
    return world.insert("incident", {"short_description": "It is slow", "caller_id": kari, **values}, by="kari")


def team_of(world: World, ticket: str) -> str:
    """Return the name of the group that has a ticket, or ""."""
    group = world.record("incident", ticket).get("assignment_group", "")
    return world.record("sys_user_group", group)["name"] if group else ""
