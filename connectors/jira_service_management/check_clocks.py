"""The part of `check --online` for Jira that is about time: histories, comments, and Jira's own clocks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from connectors.base import Finding
from connectors.jira_service_management.client import PROPERTY, Issue
from connectors.jira_service_management.history import history
from connectors.jira_service_management.site import Kind
from connectors.jira_service_management.slas import clocks, is_broken
from connectors.web.paths import step

if TYPE_CHECKING:
    from connectors.jira_service_management.check import Look

SEE: Final = "let our account see it: with OAuth, the scope read:jira-work"
warning = partial(Finding, "warning")


def past(look: Look) -> Iterator[Finding]:
    """Say what is not known without the histories of issues, and without what was said on them."""
    for kind in look.site.kinds.values():
        if not kind.newest:
            continue
        issue = _newest(look, kind, *kind.translator.asked)
        ticket = kind.translator.ticket(issue)
        if history(look.client(), kind.translator, kind.words.audited, [ticket]) is None:
            text = f"the history of {kind.words.table!r} is not readable: whose a change was is not known"
            yield warning(f"{text}, so that more of them count as a person's", SEE)
        if kind.words.timed and "comment" not in _newest(look, kind, "comment")["fields"]:
            text = f"the comments of {kind.words.table!r} are not readable: who answered, and when, is not known"
            yield warning(f"{text}, so that acknowledging a ticket counts as the answer", SEE)


def _newest(look: Look, kind: Kind, *fields: str) -> Issue:
    return look.client().record(f"issue/{step(kind.newest)}", fields=",".join(fields), properties=PROPERTY)


def own_clocks(look: Look) -> Iterator[Finding]:
    """Say which clocks of Jira's own that the workspace names are not there, or cannot be read."""
    found = clocks(look.connection.slas, look.site.fields)
    there = ", ".join(f"{field.id} ({field.name})" for field in look.site.fields.of_type("sd-sla-field"))
    for clock, name in look.connection.slas.items():
        if name not in found:
            text = f"no field {name!r} holds a clock of Jira's own: {clock} is counted by us"
            mend = f"correct clocks: {clock}: {look.connection.name}; there is {there or 'none'}"
            yield warning(text, mend)
    for kind in look.site.kinds.values():
        values = _newest(look, kind, *(one.id for one in found.values()))["fields"] if kind.newest and found else {}
        for name in (name for name, field in found.items() if is_broken(values.get(field.id))):
            text = f"Jira cannot read its own clock {name!r} of {kind.newest}: while that is so, we count"
            yield warning(text, "look at it in Project settings, SLAs: its calendar may be gone")


def answers(look: Look) -> Iterator[Finding]:
    """Whatever is said publicly to a requester may stop Jira's clock for the first response, ours included."""
    clocks = look.site.fields.of_type("sd-sla-field")
    rules = (*look.rulebook.communications.rules, *look.rulebook.timed.rules)
    if clocks and any("requester" in rule.to for rule in rules):
        named = ", ".join(field.name for field in clocks)
        text = f"a public comment of ours may stop Jira's own clock for the first response (of {named})"
        yield Finding("note", text, "see in Project settings, SLAs, whether a comment for customers stops it")
