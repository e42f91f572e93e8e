"""`check --online` of articles: whether those that are linked can be read, and whom they may be told to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from connectors.base import Finding
from connectors.servicenow.knowledge import CRITERIA, KNOWLEDGE, LINK, LINKS
from connectors.servicenow.query import equals, is_plain
from connectors.servicenow.schema import optional
from connectors.servicenow.tables import Tables, raw
from rules.rulebook import Connection
from rules.words import folded

BASES: Final = "kb_knowledge_base"
ALLOW: Final = "let our account read m2m_kb_task, kb_knowledge and kb_knowledge_base"


def articles(tables: Tables, connection: Connection) -> Iterator[Finding]:
    """Look only where the workspace asks for articles."""
    known = connection.knowledge
    if known is None:
        return
    if not optional(tables, LINKS, "", LINK, 1):
        text = "no article is seen to be linked to any ticket: messages name none until one is"
        yield Finding("note", text, ALLOW)
    wanted = [title for title in known if is_plain(title)]
    rows = optional(tables, BASES, equals("title", wanted), ("title",)) if wanted else []
    titles = {folded(raw(row, "title")) for row in rows}
    for title in known:
        if folded(title) not in titles:
            text = f"no knowledge base is called {title!r}: customers hear of none of its articles"
            yield Finding("warning", text, "correct knowledge in words, or let our account read kb_knowledge_base")
    shown = optional(tables, KNOWLEDGE, "", ("number", *CRITERIA), 1)
    if hidden := [field for field in CRITERIA if shown and field not in shown[0]]:
        text = (
            f"{KNOWLEDGE}.{', '.join(hidden)} is not readable: whether an article is for some people only is not known"
        )
        yield Finding("warning", f"{text}, and customers hear of none", f"let our account read {', '.join(hidden)}")
