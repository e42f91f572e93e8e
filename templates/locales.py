"""What differs by language beside the messages: footers, the names of priorities, how a moment is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from rules.language import chain

if TYPE_CHECKING:
    from babel import Locale

USUAL: Final = ("critical", "high", "medium", "low", "planning")
"""The usual titles of priorities. Other titles stay as the desk wrote them."""


class Wording(NamedTuple):
    """What a language says beside its messages; `titles` are those of USUAL, as in the middle of a sentence."""

    public_footer: str
    internal_footer: str
    rule: str
    titles: tuple[str, str, str, str, str]


WORDINGS: Final = {
    "en": Wording(
        "This is an automatic message. Reply here to reach a person at {desk}.",
        "Automatic note from itsm-sync{rule}. Questions? Ask whoever looks after the rules at {desk}.",
        ", rule {rule}",
        ("critical", "high", "medium", "low", "planning"),
    ),
    "nb": Wording(
        "Dette er en automatisk melding. Svar her for å nå et menneske hos {desk}.",
        "Automatisk notat fra itsm-sync{rule}. Spørsmål? Kontakt den som har ansvar for reglene hos {desk}.",
        ", regel {rule}",
        ("kritisk", "høy", "middels", "lav", "planlagt"),
    ),
    "vi": Wording(
        "Đây là thông báo tự động. Để trao đổi với nhân viên của {desk}, vui lòng trả lời tại đây.",
        "Ghi chú tự động của itsm-sync{rule}. Nếu có thắc mắc, vui lòng hỏi người phụ trách quy tắc tại {desk}.",
        ", quy tắc {rule}",
        ("khẩn cấp", "cao", "trung bình", "thấp", "theo kế hoạch"),
    ),
    "zh-Hans": Wording(
        "本消息由系统自动发送。如需联系“{desk}”的工作人员，请在此回复。",
        "自动备注，来源：itsm-sync{rule}。如有疑问，请咨询“{desk}”的规则负责人。",
        "，规则：{rule}",
        ("紧急", "高", "中", "低", "按计划处理"),
    ),
    "es": Wording(
        "Mensaje automático. Para hablar con una persona de {desk}, basta con responder aquí.",
        "Nota automática de itsm-sync{rule}. Contacto: quien se ocupa de las reglas en {desk}.",
        ", regla {rule}",
        ("crítica", "alta", "media", "baja", "planificada"),
    ),
    "fr": Wording(
        "Message automatique. Pour joindre une personne chez {desk}, il suffit de répondre ici.",
        "Note automatique d’itsm-sync{rule}. Contact\N{NO-BREAK SPACE}: la personne chargée des règles chez {desk}.",
        ", règle {rule}",
        ("critique", "élevée", "moyenne", "faible", "planifiée"),
    ),
    "de": Wording(
        "Dies ist eine automatische Nachricht. Um bei {desk} jemanden persönlich zu erreichen, bitte hier antworten.",
        "Automatische Notiz von itsm-sync{rule}. Fragen? Bitte an die Person wenden, die bei {desk} die Regeln pflegt.",
        ", Regel {rule}",
        ("kritisch", "hoch", "mittel", "niedrig", "geplant"),
    ),
    "ja": Wording(
        "このメッセージは自動で送信しています。{desk}の担当者にご用の際は、こちらにご返信ください。",
        "自動メモ：itsm-sync{rule}。ご質問は、{desk}のルール担当者にお願いします。",
        "、ルール：{rule}",
        ("緊急", "高", "中", "低", "計画"),
    ),
    "pt-BR": Wording(
        "Esta é uma mensagem automática. Para falar com alguém de {desk}, responda aqui.",
        "Nota automática do itsm-sync{rule}. Dúvidas? Fale com quem cuida das regras em {desk}.",
        ", regra {rule}",
        ("crítica", "alta", "média", "baixa", "planejada"),
    ),
    "ar": Wording(
        "هذه رسالة آلية. للتواصل مع موظفي {desk}، يُرجى الرد هنا.",
        "ملاحظة آلية من itsm-sync{rule}. للاستفسار، يُرجى الرجوع إلى المسؤول عن القواعد في {desk}.",
        "، القاعدة {rule}",
        ("حرجة", "عالية", "متوسطة", "منخفضة", "مجدولة"),
    ),
}

TONES: Final = dict.fromkeys(("de", "fr", "ja", "vi", "zh", "ar"), "formal") | {"nb": "familiar"}
"""How people are spoken to by whom they do not know, where that is not neutral; a desk may say otherwise."""

LOCALE_OF: Final = {"en": "en_GB", "es": "es_AR", "ar": "ar_AE"}
"""Plain English writes days before months and a clock of 24 hours: both are understood on every continent. Arabic has
the digits that ticket numbers have, too, and the names of months that most countries use. Spanish has a clock of two
digits, since "a las 01:30" is right at any hour, and "a las 1:30" is not."""

CLOCK_OF: Final = {"es": "Hm", "ar": "Hm"}
"""The parts of a clock, by language, where its usual form has 12 hours: one letter tells night from day there."""

AFTER_CLOCK: Final = {"de": " Uhr"}
"""What a language says after the time of day."""

DAY_OF: Final = {"pt": "yMEd", "vi": "yMEd"}
"""The parts of a day, by language, where it is not written with the name of its month as in "Mon, 23 Nov 2026"."""

ORDER_OF: Final = {"es": "el {1}, {0}", "fr": "le {1} à {0}", "pt": "{1} às {0}", "ar": "{1}، الساعة {0}"}
"""How the clock follows the day in a sentence, by language, where babel knows it for lists and tables only. Spanish and
French have an article before the day, and none before "today": it is part of the moment, not of the messages."""

NEAR: Final = {
    "en": ("yesterday at {0}", "today at {0}", "tomorrow at {0}"),
    "nb": ("i går kl. {0}", "i dag kl. {0}", "i morgen kl. {0}"),
    "vi": ("{0} hôm qua", "{0} hôm nay", "{0} ngày mai"),
    "zh": ("昨天{0}", "今天{0}", "明天{0}"),
    "es": ("ayer a las {0}", "hoy a las {0}", "mañana a las {0}"),
    "fr": ("hier à {0}", "aujourd’hui à {0}", "demain à {0}"),
    "de": ("gestern, {0}", "heute, {0}", "morgen, {0}"),
    "ja": ("昨日 {0}", "本日 {0}", "明日 {0}"),
    "pt": ("ontem às {0}", "hoje às {0}", "amanhã às {0}"),
    "ar": ("أمس الساعة {0}", "اليوم الساعة {0}", "غدًا الساعة {0}"),
}
"""The day before, this day and the next as they stand in the middle of a sentence, with the clock."""

RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages in whose lines a value from left to right, such as a name or a number, would move what is beside it."""

ISOLATE: Final = "\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}"

LAST: Final = "en"


def tone(desk: Mapping[str, str], language: str) -> str:
    """Return the tone for a language: the desk's own for it or for all, else what its culture expects."""
    found = [*(desk.get(code) for code in chain(language, "default")), *(TONES.get(one) for one in chain(language, ""))]
    return next((one for one in found if one), "neutral")


def priority_title(title: str, language: str) -> str:
    """Return a priority's title in the reader's language, where it is one of the usual ones."""
    return dict(zip(USUAL, _wording(language).titles, strict=True)).get(title.casefold(), title)


def footer(language: str, public: bool, desk: str, rule: str) -> str:
    """Return the line that says that a text is automatic, and how to reach a person. Values come in escaped."""
    wording = _wording(language)
    if public:
        return wording.public_footer.format(desk=desk)
    named = wording.rule.format(rule=rule) if rule else ""
    return wording.internal_footer.format(desk=desk, rule=named)


def moment(at: datetime, language: str, zone: str, now: datetime | None = None) -> str:
    """Return a moment as people write it, in the reader's zone; where that is unknown, in UTC and saying so.

    With `now`, a day next to it in that zone is called by its name: "tomorrow at 08:00".
    """
    known, locale = _zone(zone), locale_of(language)
    local = _local(at, known)
    clock = _clock(local, locale)
    near = NEAR.get(locale.language)
    away = (local.date() - _local(now, known).date()).days if now is not None and known and near else None
    if near and away in (-1, 0, 1):
        return near[away + 1].format(clock)
    order = ORDER_OF.get(locale.language) or str(locale.datetime_formats["medium"])
    order = order.replace("'", "")  # some languages put the clock before the day
    return order.replace("{1}", _day(local, locale)).replace("{0}", clock if known else f"{clock} UTC")


def clock(at: datetime, language: str, zone: str) -> str:
    """Return the time of day of a moment, for the scale of a chart."""
    return _clock(_local(at, _zone(zone)), locale_of(language))


def short_day(at: datetime, language: str, zone: str) -> str:
    """Return the day of a moment without its year: "23 Nov"."""
    from babel.dates import format_skeleton

    local = _local(at, _zone(zone))
    return format_skeleton("MMMd", local, tzinfo=local.tzinfo, locale=locale_of(language))


def local(at: datetime, zone: str) -> datetime:
    """Return a moment by the reader's clock, in UTC where their zone is not known."""
    return _local(at, _zone(zone))


def _local(at: datetime, zone: tzinfo | None) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone or UTC)


def _day(local: datetime, locale: Locale) -> str:
    from babel.dates import format_skeleton

    return format_skeleton(DAY_OF.get(locale.language, "yMMMEd"), local, tzinfo=local.tzinfo, locale=locale)


def _clock(local: datetime, locale: Locale) -> str:
    from babel.dates import format_skeleton, format_time

    parts = CLOCK_OF.get(locale.language)
    if parts:
        clock = format_skeleton(parts, local, tzinfo=local.tzinfo, locale=locale)
    else:
        clock = format_time(local, "short", tzinfo=local.tzinfo, locale=locale)
    return clock + AFTER_CLOCK.get(locale.language, "")


def set_apart(text: str, language: str) -> str:
    """Return a value as it stands in a text of this language: within its own direction of reading where that matters.

    In a language from left to right nothing is added.
    """
    return ISOLATE.format(text) if text and language.partition("-")[0] in RIGHT_TO_LEFT else text


def _wording(language: str) -> Wording:
    """Return the wording of the language, among those there are, that serves a reader of `language`."""
    return next(WORDINGS[code] for code in chain(language, LAST) if code in WORDINGS)


@lru_cache(maxsize=1024)
def _zone(zone: str) -> tzinfo | None:
    try:
        return ZoneInfo(zone) if zone else None
    except (ValueError, OSError, KeyError):  # platforms know zones of their own naming; unknown ones are KeyErrors
        return None


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """Return what babel knows of the language, or of the nearest that it knows."""
    from babel import Locale, UnknownLocaleError

    for code in chain(language, LAST):
        try:
            return Locale.parse(LOCALE_OF.get(code) or code.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "GB")
