"""What differs by language beside the messages: footers, the names of priorities, how a moment is written."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from rules.language import chain

if TYPE_CHECKING:
    from babel import Locale

PUBLIC_FOOTERS: Final = {
    "en": "This is an automatic message. Reply here to reach a person at {desk}.",
    "nb": "Dette er en automatisk melding. Svar her for å nå et menneske hos {desk}.",
    "vi": "Đây là thông báo tự động. Nếu cần trao đổi với nhân viên của {desk}, anh/chị vui lòng trả lời tại đây.",
}
INTERNAL_FOOTERS: Final = {
    "en": "Automatic note from itsm-sync{rule}. Questions? Ask whoever looks after the rules at {desk}.",
    "nb": "Automatisk notat fra itsm-sync{rule}. Spørsmål? Ta det med den som har ansvar for reglene hos {desk}.",
    "vi": "Ghi chú tự động của itsm-sync{rule}. Nếu có thắc mắc, vui lòng hỏi người phụ trách quy tắc tại {desk}.",
}
RULE: Final = {"en": ", rule {rule}", "nb": ", regel {rule}", "vi": ", quy tắc {rule}"}
TITLES: Final = {
    "en": {"critical": "critical", "high": "high", "medium": "medium", "low": "low", "planning": "planning"},
    "nb": {"critical": "kritisk", "high": "høy", "medium": "middels", "low": "lav", "planning": "planlagt"},
    "vi": {
        "critical": "khẩn cấp",
        "high": "cao",
        "medium": "trung bình",
        "low": "thấp",
        "planning": "theo kế hoạch",
    },
}
"""The usual titles of priorities, as in the middle of a sentence. Other titles stay as the desk wrote them."""

LOCALE_OF: Final = {"en": "en_GB"}
"""Plain English writes days before months and a clock of 24 hours: both are understood on every continent."""

LAST: Final = "en"


def served(language: str) -> str:
    """Return the language, among those with footers, that serves a reader of `language`."""
    return next(code for code in chain(language, LAST) if code in PUBLIC_FOOTERS)


def priority_title(title: str, language: str) -> str:
    """Return a priority's title in the reader's language, where it is one of the usual ones."""
    return TITLES[served(language)].get(title.casefold(), title)


def footer(language: str, public: bool, desk: str, rule: str) -> str:
    """Return the line that says that a text is automatic, and how to reach a person. Values come in escaped."""
    code = served(language)
    if public:
        return PUBLIC_FOOTERS[code].format(desk=desk)
    named = RULE[code].format(rule=rule) if rule else ""
    return INTERNAL_FOOTERS[code].format(desk=desk, rule=named)


def moment(at: datetime, language: str, zone: str) -> str:
    """Return a moment as people write it, in the reader's zone; where that is unknown, in UTC and saying so."""
    from babel.dates import format_skeleton, format_time

    known = _zone(zone)
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(known or UTC)
    locale = _locale(language)
    day = format_skeleton("yMMMEd", local, tzinfo=local.tzinfo, locale=locale)
    clock = format_time(local, "short", tzinfo=local.tzinfo, locale=locale)
    return f"{day} {clock}" if known else f"{day} {clock} UTC"


@lru_cache(maxsize=1024)
def _zone(zone: str) -> tzinfo | None:
    try:
        return ZoneInfo(zone) if zone else None
    except (ValueError, OSError, KeyError):  # platforms know zones of their own naming; unknown ones are KeyErrors
        return None


@lru_cache(maxsize=256)
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    for code in chain(language, LAST):
        try:
            return Locale.parse(LOCALE_OF.get(code) or code.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "GB")
