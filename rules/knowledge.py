"""Articles: which desks ask for what is linked to a ticket, and what of `knowledge:` could never be told."""

from __future__ import annotations

from typing import Final

from rules.problems import Report
from rules.review import ARTICLE, SITES
from rules.rule import Condition
from rules.stages import Stages
from rules.tree import Node

BY_STEPS: Final = frozenset({"escalated", "handed-over", "approval-request"})
"""Messages that are sent without a rule under `communications:`."""


def asks_for_articles(stages: Stages, linking: frozenset[str]) -> bool:
    """Tell whether a rule or a message that is sent asks for articles: nobody else pays for reading them."""
    sent = BY_STEPS | {rule.message for rule in stages.communications}
    return bool(sent & linking) or any(ARTICLE in when.uses for when in _conditions(stages))


def _conditions(stages: Stages) -> list[Condition]:
    ladders = [one for ladder in stages.ladders for one in (ladder, *ladder.steps)]
    rules = (*stages.classify, *stages.adjust, *stages.routes, *stages.communications, *ladders, *stages.anytime)
    return [one.when for one in (*rules, *stages.links)]


def check_knowledge(root: Node, report: Report) -> None:
    """Report what a desk says customers may read, and no ticket could ever name."""
    for name, words in root.under("words").items():
        platform = next((node.text for node in root.each(f"connections.{name}.platform")), "")
        mapped = any(True for path in ("fields", "*.fields") for node in words.each(path) if ARTICLE in node.entries)
        for known in words.each("knowledge"):
            if platform == "jira_service_management" and not mapped:
                text = "Jira does not tell which articles are linked to many issues at once"
                report(known.key, text, "name a field of yours that holds them: fields: {article: …}")
            elif mapped and any(not node.text.startswith(SITES) for node in known.items or [known] if node.text):
                text = "'article' is a field here: of what it holds only addresses tell who may read it"
                report(known.place, text, "write how the addresses begin that customers may read, or remove the field")
