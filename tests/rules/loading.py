"""Loads workspaces that tests write, on top of the default pack."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from connectors.almanac import WorldAlmanac
from connectors.files import read_baseline
from rules.problems import Problem
from rules.rulebook import Rulebook
from rules.workspace import Loaded, load

SHARED = Path(os.environ.get("ITSM_SYNC_SHARED", Path(__file__).parents[3] / "shared"))
REFERENCE = SHARED / "design" / "workspace"
BASELINE = read_baseline()
LANGUAGES = frozenset({"en", "nb", "vi", "zh-Hans", "es", "fr", "de", "ja", "pt-BR", "ar"})
WRITTEN = (
    *("received", "solved", "assigned", "prioritised", "not-a-standard-service"),
    *("major-incident-started", "major-incident-update", "major-incident-solved"),
    *("breach-warning", "waiting-for-you", "escalated", "supplier-request", "post-incident-report"),
)
MESSAGES = dict.fromkeys(WRITTEN, LANGUAGES)
CONNECTION = """
connections:
  snow:
    platform: servicenow
    url: https://desk.service-now.com
    auth: {user: sync, password: "${PASSWORD}"}
"""
JIRA = """
connections:
  jira:
    platform: jira_service_management
    url: https://desk.atlassian.net
    auth: {user: sync@desk.example, token: "${JIRA_TOKEN}"}
    projects: [IT]
"""


def loaded(*texts: str, messages: Mapping[str, frozenset[str]] = MESSAGES, connection: str = CONNECTION) -> Loaded:
    """Load a workspace with one stock ServiceNow connection and these rules: a.yaml, b.yaml …"""
    files = {f"{letter}.yaml": text for letter, text in zip("abcdef", texts, strict=False)}
    return load({"desk.yaml": connection, **files}, BASELINE, messages, WorldAlmanac())


def rulebook(*texts: str, connection: str = CONNECTION) -> Rulebook:
    """Load a workspace that must be good."""
    answer = loaded(*texts, connection=connection)
    assert answer.rulebook is not None, answer.problems
    return answer.rulebook


def only(answer: Loaded, weight: str = "error") -> Problem:
    """Return the one problem of this weight."""
    found = [problem for problem in answer.problems if problem.weight == weight]
    assert len(found) == 1, found
    return found[0]
