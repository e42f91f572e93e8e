"""All that a message says by itself, with figures where values stand: what is left is the language's own."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from message_desk import ALWAYS, NOTES, Make, readers

from rules.model import Reason
from rules.review import CLOCK_NAMES, STEP_KINDS
from templates.context import PROMISES, REPORT, Context, Failed
from templates.formats import journal
from templates.render import Renderer

NAMES = re.compile(r"itsm-sync|received \(communications\.yaml:37\)|https://a\.example|Harbour Car Hire|INC0010001")
FIGURES = {
    "title": "1",
    "service": "2",
    "team": "3",
    "priority": "4",
    "level": "13",
    "approval.level": "16",
    "approval.by": "17",
}
REVIEWED = {
    "report": {name: str(30 + index) for index, name in enumerate(REPORT)},
    "steps": [
        {"at": str(40 + i), "kind": kind, "value": str(60 + i), "who": "80"} for i, kind in enumerate(STEP_KINDS)
    ],
    "clocks": [{"name": name, "due": "81", "met": met} for name in CLOCK_NAMES for met in (True, False)],
    "links": [{"name": "82", "address": "https://a.example"}, {"name": "83", "address": ""}],
}
UNTIL = {name: str(20 + index) for index, name in enumerate(PROMISES)}
NEVER = dict.fromkeys(PROMISES, "")


def said(renderer: Renderer, message: str, language: str, context: Context) -> str:
    text = renderer.render(message, language, context)
    return f"{text.subject}\n\n{journal(text.body)}"


@cache
def own_texts(renderer: Renderer, make: Make, message: str, language: str) -> tuple[str, ...]:
    """Return all that a message can say to its readers, with figures where values stand."""
    why = tuple(Reason(stage, "done", "5", "6:1", "7") for stage in ("route", "prioritise"))
    those = ("team",) if message in NOTES else readers(message)
    bare = {fact: FIGURES[fact] for fact in ALWAYS.get(message, ())}
    texts = []
    for reader, kind, failed in product(those, ("incident", "request"), ("requester", "team")):
        for facts, until, title, name in ((FIGURES, UNTIL, "11", "12"), (bare, NEVER, "", "")):
            context = make(facts, language, reader, None, kind, why, why, Failed("8", failed, "9"))
            context["promise"] = {**until}
            context["ticket"]["priority_title"], context["rule"]["text"] = title, title
            context["reader"]["first_name"] = context["reader"]["full_name"] = name
            context["ticket"]["created"] = context["report"]["began"] = "84"
            context["late"], context["asked"] = bool(name), ("14", "15") if name else ()
            context["known"] = [{"name": "18", "value": "19"}] if name else []
            if name:
                context.update(REVIEWED)  # type: ignore[typeddict-item]
            texts.append(NAMES.sub("0", said(renderer, message, language, context)))
    return tuple(texts)


def own_words(renderer: Renderer, make: Make, message: str, language: str) -> str:
    return "\n".join(own_texts(renderer, make, message, language))
