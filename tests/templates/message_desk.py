"""The people, texts and reasons that the tests of messages share, and the cases in which each message is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from rules.model import Facts, Person, Reason
from templates.context import Context, Failed
from templates.sources import available, builtin

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NOW = AT + timedelta(minutes=2)
RULE = Reason("communicate", "done", "received", "communications.yaml:37", "a ticket was created")
WHY = (
    Reason("prioritise", "done", "matrix", "priorities.yaml:18", "P2: impact significant × urgency critical"),
    Reason("route", "done", "desk-first", "routes.yaml:11", "team is desk-oslo"),
)
KARI = Person("kari", "Kari Nordmann", "nb", "Europe/Oslo")
KHANH = Person("khanh", "Nguyễn Văn Khánh", "vi", "Asia/Ho_Chi_Minh")
READERS = {
    "en": Person("ann", "Ann Lee", "en", "Europe/London"),
    "nb": KARI,
    "vi": KHANH,
    "zh-Hans": Person("fang", "王芳", "zh", "Asia/Shanghai"),
    "es": Person("maria", "María López", "es", "Europe/Madrid"),
    "fr": Person("camille", "Camille Moreau", "fr", "Europe/Paris"),
    "de": Person("jana", "Vogt, Jana", "de", "Europe/Berlin"),
    "ja": Person("taro", "田中 太郎", "ja", "Asia/Tokyo"),
    "pt-BR": Person("joao", "João Pereira", "pt-BR", "America/Sao_Paulo"),
    "ar": Person("layla", "ليلى حداد", "ar", "Asia/Dubai"),
}
TITLES = {
    "en": "Cannot pay by card",
    "nb": "Får ikke betalt med kort",
    "vi": "Không thanh toán được bằng thẻ",
    "zh-Hans": "无法刷卡付款",
    "es": "No puedo pagar con tarjeta",
    "fr": "Paiement par carte impossible",
    "de": "Kartenzahlung geht nicht",
    "ja": "カードで支払えない",
    "pt-BR": "Não consigo pagar com cartão",
    "ar": "تعذّر الدفع بالبطاقة",
}

MESSAGES = available(builtin())
ALL = [(message, language) for message, languages in MESSAGES.items() for language in sorted(languages)]
NOTES = ("advice", "breach-warning", "message-failed")
PUBLIC = [(message, language) for message, language in ALL if message not in NOTES]
ALWAYS = {
    "prioritised": ("priority",),
    "assigned": ("team",),
    "escalated": ("level",),
    "approval-request": ("approval.level", "approval.by"),
}
"""The facts that a message is about: without them it is not sent."""

FACTS = {
    "service": "payments",
    "team": "desk-oslo",
    "priority": "P2",
    "impact": "significant",
    "level": "L2",
    "symptom": "PAY-402",
    "approval.level": "L3",
    "approval.by": "olivia",
}
BARE = {
    "team": "Night Watch",
    "priority": "P5",
    "level": "management",
    "approval.level": "management",
    "approval.by": "it-manager",
}
LATE: Facts = {"escalation.late": True, "escalation.asked": ("symptom", "started_at")}
HANDED: Facts = {"handover.known": ("impact", "symptom"), "escalation.asked": ("started_at",)}
FAILED = Failed("received", "requester", "templates/nb/received.md.j2:3: there is no 'sevice' here")

PROMISING = (
    *("major-incident-started", "major-incident-update", "escalated"),
    *("handed-over", "apology", "update-due", "closing-soon"),
)
"""The messages that tell of a promise wherever there is one."""

Make = Callable[..., Context]


def cases(make: Make, message: str, language: str) -> Iterator[tuple[str, Context]]:
    """Return the cases of a message with their names: readers, kinds, and a ticket that says hardly anything."""
    known, person = {**FACTS, "title": TITLES[language]}, READERS[language]
    if message == "advice":
        yield "to the team", make(known, language, "team", proposals=WHY)
    elif message == "message-failed":
        yield "to the team", make(known, language, "team", failed=FAILED)
        yield "about a note", make(known, language, "team", failed=FAILED._replace(reader="team"))
    elif message == "breach-warning":
        note = make(known, language, "team")
        yield "before the first answer", warned(promising(note, "respond", "resolve"), "80% of respond is used")
        yield "after it", warned(promising(note, "resolve"), "80% of resolve is used")
        yield "about hardly anything", warned(make({}, language, "team"), "")
    else:
        yield "to the requester of an incident", make(known, language, person=person)
        yield "to the requester of a request", make(known, language, person=person, kind="request")
        bare = {fact: BARE[fact] for fact in ALWAYS.get(message, ())}
        yield "to somebody unknown about hardly anything", make(bare, language)
        yield "to the team", make(known, language, "team", reasons=WHY)
    if message == "solved":
        yield "to a requester who never answered", make({**known, "silent": True}, language, person=person)
    if message == "waiting-for-you":
        yield "to the requester while a clock runs on", promising(make(known, language, person=person))
        yield "to the team while a clock runs on", promising(make(known, language, "team"))
    if message == "escalated":
        late = make({**known, **LATE}, language, "team")
        yield "to the team, late and with questions", warned(promising(late), "75% of resolve is used")
        yield "to the team about hardly anything", warned(make(bare, language, "team"), "")
    if message == "handed-over":
        yield "to the team with all there is to say", promising(make({**known, **HANDED}, language, "team"))
    if message == "approval-request":
        yield "to the team until a time", warned(promising(make(known, language, "team")), "75% of resolve is used")
    if message in PROMISING:
        yield "with a promise to the requester", promising(make(known, language, person=person))
        yield "with a promise to the team", promising(make(known, language, "team"))


def promising(context: Context, *names: str) -> Context:
    """Return the context with the times until which these things are promised, without names all of them."""
    hours = {"next": 0, "respond": -1, "resolve": 5, "accept": -2, "close": 48, "approve": -3}
    times = {name: AT + timedelta(hours=count) for name, count in hours.items()}
    return {**context, "promise": {name: time if name in (names or times) else "" for name, time in times.items()}}


def warned(context: Context, why: str) -> Context:
    """Return the context with this as what called for the message."""
    return {**context, "rule": {**context["rule"], "text": why}}
