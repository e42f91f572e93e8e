"""Writes calendars in iCalendar's format, as tests need them."""

from __future__ import annotations

OSLO_BY_HAND = """BEGIN:VTIMEZONE
TZID:Our own Oslo
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def event(title: str, start: str, end: str, *more: str, zone: str = "", uid: str = "") -> str:
    """Return an event; a time of eight digits is a whole day, one that ends with Z is UTC."""
    lines = [f"UID:{uid or title + start}", "DTSTAMP:20261101T000000Z", f"SUMMARY:{title}"]
    lines += [time("DTSTART", start, zone), time("DTEND", end, zone), *more]
    return "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def time(name: str, text: str, zone: str = "") -> str:
    kind = ";VALUE=DATE" if len(text) == len("20261126") else f";TZID={zone}" if zone else ""
    return f"{name}{kind}:{text}"


def calendar(*parts: str) -> str:
    text = "".join(("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//desk//EN\n", *parts, "END:VCALENDAR\n"))
    return text.replace("\n", "\r\n")
