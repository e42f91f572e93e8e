"""Writes a message's small Markdown in the format that each platform takes."""

from __future__ import annotations

from templates.formats.jira_document import adf
from templates.formats.jira_wiki import wiki
from templates.formats.plain import CODE_TAG, journal, one_line

__all__ = ["CODE_TAG", "adf", "journal", "one_line", "wiki"]
