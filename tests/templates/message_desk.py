"""The people, texts and reasons that the tests of messages share, and the cases in which each message is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from rules.model import Facts, Person, Reason
from rules.review import STEP_KINDS, Article, Kept, Review, Step, StepKind
from templates.context import Context, Failed
from templates.render import Renderer
from templates.sources import builtin

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NOW = AT + timedelta(minutes=2)
"""When messages about it are written."""

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

STOCK = Renderer(builtin())
MESSAGES = STOCK.messages
ALL = [(message, language) for message, languages in MESSAGES.items() for language in sorted(languages)]
OTHERS = {"affected": "affected", "sponsor": "service.sponsor", "supplier": "service.supplier"}
"""Who reads by another door than the ticket: as whom they are spoken to, and as what a rule names them."""

NOTES = ("advice", "breach-warning", "message-failed", "replies-below")
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

VALUES: dict[StepKind, str] = {"priority": "P1", "team": "Service Desk Oslo", "level": "L2", "waiting": "Harbour Pay"}
REVIEW = Review(
    began=AT - timedelta(minutes=20),
    noticed=AT + timedelta(minutes=4),
    solved=AT + timedelta(hours=2, minutes=52),
    lasted=timedelta(hours=3, minutes=12, seconds=40),
    cause="A certificate had expired.",
    prevention="Certificates are renewed a month before they expire.",
    kept=3,
    missed=1,
    steps=tuple(
        Step(AT + timedelta(minutes=4 * count), kind, VALUES.get(kind, ""), "Ida Berg" if count % 2 else "")
        for count, kind in enumerate(STEP_KINDS)
    ),
    clocks=(Kept("respond", AT, True), Kept("resolve", AT + timedelta(hours=2), False), Kept("updates", None, True)),
    links=(Article("Cards are refused (PAY)", "https://kb.harbour.example/pay?x=a(b)"), Article("Runbook", "")),
    supplier="Harbour Pay",
    waited=timedelta(minutes=50),
    answered=1,
    late=1,
)
"""What a report knows in the end."""

PROMISING = (
    *("major-incident-started", "major-incident-update", "escalated", "supplier-request"),
    *("handed-over", "apology", "update-due", "closing-soon"),
)
"""The messages that tell of a promise wherever there is one."""

Make = Callable[..., Context]


Cases = Iterator[tuple[str, Context]]


def cases(make: Make, message: str, language: str) -> Cases:
    """Return the cases of a message with their names: readers, kinds, and a ticket that says hardly anything."""
    if message == "advice":
        yield "to the team", make(known(language), language, "team", proposals=WHY)
    elif message == "message-failed":
        yield "to the team", make(known(language), language, "team", failed=FAILED)
        yield "about a note", make(known(language), language, "team", failed=FAILED._replace(reader="team"))
    elif message == "replies-below":
        replied = {"replies.by": ("Kari Nordmann", ""), "replies.on": ("INC0010002", "INC0010003")}
        few = {**replied, "replies.text": ("It is back *now*", "")}
        yield "to the team", make(few, language, "team")
        yield "to the team, with more than are shown", make({**few, "replies.more": 40}, language, "team")
    elif message == "breach-warning":
        note = make(known(language), language, "team")
        yield "before the first answer", warned(promising(note, "respond", "resolve"), "80% of respond is used")
        yield "after it", warned(promising(note, "resolve"), "80% of resolve is used")
        yield "about hardly anything", warned(make({}, language, "team"), "")
    else:
        yield from _usual(make, message, language)
        yield from _to_others(make, message, language)
        yield from _of_one_message(make, message, language)
        yield from _promised(make, message, language)


def known(language: str) -> Facts:
    """Return the facts of a ticket that says all it can."""
    return {**FACTS, "title": TITLES[language]}


def _usual(make: Make, message: str, language: str) -> Cases:
    person = READERS[language]
    yield "to the requester of an incident", make(known(language), language, person=person)
    yield "to the requester of a request", make(known(language), language, person=person, kind="request")
    yield "to somebody unknown about hardly anything", make(bare(message), language)
    yield "to the team", make(known(language), language, "team", reasons=WHY)


def bare(message: str) -> Facts:
    """Return the facts without which a message is not sent."""
    return {fact: BARE[fact] for fact in ALWAYS.get(message, ())}


def _to_others(make: Make, message: str, language: str) -> Cases:
    for reader in readers(message)[2:]:
        yield f"to the {reader}", make(known(language), language, reader, READERS[language])
        yield f"to the {reader}, unknown, about hardly anything", make(bare(message), language, reader)


def _of_one_message(make: Make, message: str, language: str) -> Cases:
    person, note = READERS[language], make(known(language), language, "team")
    if message == "solved":
        silent = make({**known(language), "silent": True}, language, person=person)
        yield "to a requester who never answered", silent
    if message == "waiting-for-you":
        yield "to the requester while a clock runs on", promising(make(known(language), language, person=person))
        yield "to the team while a clock runs on", promising(note)
    if message == "escalated":
        late = make({**known(language), **LATE}, language, "team")
        yield "to the team, late and with questions", warned(promising(late), "75% of resolve is used")
        yield "to the team about hardly anything", warned(make(bare(message), language, "team"), "")
    if message == "handed-over":
        handed = make({**known(language), **HANDED}, language, "team")
        yield "to the team with all there is to say", promising(handed)
    if message == "approval-request":
        yield "to the team until a time", warned(promising(note), "75% of resolve is used")
    if message == "post-incident-report":
        for reader in readers(message):
            full = make(known(language), language, reader, person, review=REVIEW)
            yield f"to the {reader} with all there is to say", full


def _promised(make: Make, message: str, language: str) -> Cases:
    if message in PROMISING:
        for reader in readers(message):
            yield (
                f"with a promise to the {reader}",
                promising(make(known(language), language, reader, READERS[language])),
            )


def readers(message: str) -> tuple[str, ...]:
    """Return to whom a message speaks in words of their own: in English, which all languages follow."""
    return ("requester", "team", *sorted(STOCK.audiences(message, "en") & OTHERS.keys()))


def promising(context: Context, *names: str) -> Context:
    """Return the context with the times until which these things are promised, without names all of them."""
    hours = {"next": 2, "respond": -1, "resolve": 5, "accept": -2, "close": 24, "approve": -3}
    times = {name: AT + timedelta(hours=count) for name, count in hours.items()}
    return {**context, "promise": {name: time if name in (names or times) else "" for name, time in times.items()}}


def warned(context: Context, why: str) -> Context:
    """Return the context with this as what called for the message."""
    return {**context, "rule": {**context["rule"], "text": why}}
