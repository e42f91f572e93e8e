"""Writes a message's small Markdown in the format that each platform takes."""

from __future__ import annotations

from templates.formats.jira_document import adf
from templates.formats.jira_wiki import wiki
from templates.formats.journal_html import journal_html
from templates.formats.mail_html import html
from templates.formats.mail_text import text
from templates.formats.plain import CODE_TAG, journal, one_line
from templates.formats.slack import slack
from templates.formats.teams import teams

__all__ = ["CODE_TAG", "adf", "html", "journal", "journal_html", "one_line", "slack", "teams", "text", "wiki"]
