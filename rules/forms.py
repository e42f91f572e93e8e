"""The forms that recur in a workspace: durations, moments, names, one or a list, and what all rules share.

Each says in an admin's words what it wants; unions are avoided, so that one fault gives one problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from rules.model import Mode

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def shaped(pattern: str, wanted: str) -> AfterValidator:
    """Return a validator for texts of this pattern; `wanted` completes "must be …"."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"must be {wanted}, not '{value}'")
        return value

    return AfterValidator(check)


def duration(text: str) -> timedelta:
    """Return the time that "15m" stands for; units are s, m, h, d and w."""
    return timedelta(**{UNITS[text[-1]]: int(text[:-1])})


def percent(text: str) -> int:
    """Return the number that "10%" stands for."""
    return int(text.removesuffix("%"))


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _as_text(value: Any) -> Any:
    """Take a whole number for the text it is written as: `extensive: 1` is as clear as `extensive: "1"`."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _parsed(parse: Callable[[str], Any], wanted: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        try:
            return parse(value)
        except (TypeError, ValueError):
            raise ValueError(f"must be {wanted}, not '{value}'") from None

    return BeforeValidator(check)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _scalar(value: Any) -> Any:
    if isinstance(value, dict | list) or value is None:
        raise ValueError("must be a single value")
    return value


def _settable(value: Any) -> Any:
    if isinstance(value, list):
        return [_scalar(item) for item in value]
    return _scalar(value)


Text = Annotated[str, shaped(r"(?s).*\S.*", "a text that is not empty")]
Code = Annotated[Text, BeforeValidator(_as_text)]
Texts = Annotated[list[Code], BeforeValidator(_as_list)]
Name = Annotated[Text, shaped(r"[^\s./:](?:[^./:]*[^\s./:])?", "a name without dots, slashes and colons")]
FactName = Annotated[str, shaped(r"[^\W\d][\w-]*(?:\.[^\W\d]\w*)?", "a fact's name such as symptom")]
Language = Annotated[str, shaped(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", "a language such as en, nb or zh-Hans")]
DURATION: Final = re.compile("[0-9]{1,6}[smhdw]")
Duration = Annotated[str, shaped(DURATION.pattern, "a time such as 15m, 4h or 90d")]
Working = Annotated[str, shaped(r"[0-9]{1,6}[mh]", "a time in minutes or hours such as 15m or 4h")]
Share = Annotated[str, shaped(r"[0-9]{1,3}%", "a share such as 75%")]
Part = Annotated[str, shaped(r"(?:100|[0-9]{1,2})%", "a part of the tickets such as 10%")]
PeopleWin = Annotated[
    str, shaped(r"until_facts_change|always|[0-9]{1,6}[smhdw]", "until_facts_change, always, or a time such as 4h")
]
Holding = Annotated[str, shaped(r"[^=]*[^=\s]=.*\S.*", "field=value, such as labels=no-automation")]
Url = Annotated[str, shaped(r"https?://[^\s/]\S*", "an address such as https://desk.service-now.com")]
CalendarUrl = Annotated[
    str,
    shaped(
        r"(?:(?:https?|webcal)://[^\s/]|\$\{[A-Za-z_]\w*\})\S*",
        'an address such as https://calendar.example/web.ics, or "${ROTA_URL}" from the environment',
    ),
]
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED: Final = "closed"
CLOCK: Final = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
HOURS: Final = re.compile(f"{CLOCK}-(?:{CLOCK}|24:00)")
QuietHours = Annotated[str, shaped(HOURS.pattern, 'hours such as "20:00-07:00"')]
Hours = Annotated[
    str, shaped(f"{HOURS.pattern}|{CLOSED}", 'hours from 00:00 to 24:00 such as "08:00-16:00", or closed')
]
DayHours = Annotated[list[Hours], BeforeValidator(_as_list)]
Days = Annotated[str, shaped(f"(?:{'|'.join(DAYS)})(?:-(?:{'|'.join(DAYS)}))?", "days such as mon or mon-fri")]
ISO_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[str, shaped(ISO_DAY.pattern, "a day such as 2026-12-24")]
Date = Annotated[date, _parsed(date.fromisoformat, "a day such as 2026-12-24")]
LocalMoment = Annotated[datetime, _parsed(datetime.fromisoformat, "a time such as 2026-11-02T08:00")]
Moment = Annotated[datetime, _parsed(_moment, "a time with its zone such as 2026-11-02T08:00+01:00")]
Settable = Annotated[Any, BeforeValidator(_settable)]
When = Any
"""Conditions are judged by `rules.conditions`, which knows the facts."""

Kind = Literal["incident", "request", "problem", "change"]
Event = Literal[
    "created",
    "prioritised",
    "assigned",
    "escalated",
    "handed_over",
    "major",
    "waiting",
    "resolved",
    "reopened",
    "closed",
    "promise_missed",
]
Clock = Literal["respond", "resolve", "updates"]


class Form(BaseModel):
    """A mapping of a workspace: nothing is converted silently, and no key is ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class RuleForm(Form):
    """What all rules share."""

    name: Text
    when: When = None
    mode: Mode | None = None
    because: Text = ""
    share: Part = ""


class AssignForm(Form):
    """Who gets the ticket."""

    team: Text = ""
    person: Text = ""
    swarm: bool = False
