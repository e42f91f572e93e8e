"""What a workspace promises: targets and their calendars, pauses, quiet hours and silences, judged and built."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rules.almanac import Almanac
from rules.calendar import Calendar, span
from rules.checks import listed
from rules.forms import duration
from rules.problems import Report, did_you_mean
from rules.quiet import Quiet, Silence
from rules.schema import WorkspaceForm
from rules.schema_later import Targets
from rules.terms import CLOCKS, Agreements
from rules.tree import Node
from rules.vocabulary import Vocabulary

if TYPE_CHECKING:
    from rules.stages import Stages


FROM_TO: Final = 'write from when to when, such as "20:00-07:00"'


def check_promises(root: Node, words: Vocabulary, report: Report) -> None:
    """Report targets, pauses, quiet hours and silences that do not fit."""
    priorities = tuple(node.text for node in root.each("priorities.*.name"))
    for section in ("services", "organisations"):
        for targets in root.each(f"{section}.*.targets"):
            for priority, entry in targets.entries.items():
                if priority not in priorities:
                    report(entry.key, f"'{priority}' is no priority", did_you_mean(priority, priorities))
    _check_pauses(root, words, report)
    for hours in root.each("quiet.hours"):
        start, _, end = hours.text.partition("-")
        if start == end and start:
            report(hours.place, f"'{hours.raw}' is no time at all", FROM_TO)
        if (start, end) == ("00:00", "24:00"):
            report(hours.place, f"'{hours.raw}' is always: nothing could ever be said", FROM_TO)
    for one in root.each("silence.*"):
        _check_silence(one, report)
    _check_clocks(root, report)


def _check_pauses(root: Node, words: Vocabulary, report: Report) -> None:
    known = words.values("waiting_for") or ()
    for clock, node in root.under("pauses").items():
        if clock != "resolve":
            report(node.key, f"'{clock}' never pauses", "only resolve: does, while a ticket waits for what is listed")
        for item in listed(node):
            if item.text and item.text not in known and not words.lost:
                mend = did_you_mean(item.raw, known, "name it under words: → values: → waiting_for:")
                report(item.place, f"nothing waits for '{item.raw}'", mend)


def _check_silence(one: Node, report: Report) -> None:
    """Report a silence that ends before it begins; other forms are reported already."""
    try:
        start, end = (datetime.fromisoformat(one.entries[key].text) for key in ("from", "to"))
        backwards = start >= end
    except (KeyError, ValueError, TypeError):
        return
    if backwards:
        report(one.entries["to"].place, "the silence ends before it begins", "to: is later than from:")


def _check_clocks(root: Node, report: Report) -> None:
    """Warn of moments that never come, because nothing promises what they wait for."""
    promised = {
        clock
        for path in ("priorities.*", "services.*.targets.*", "organisations.*.targets.*")
        for entry in root.each(path)
        for clock in CLOCKS
        if clock in entry.entries
    }
    named = [
        *((node.text, node) for path in ("after.*.of", "every") for node in root.each(f"communications.*.{path}")),
        *((node.text, node) for node in root.each("ladders.*.steps.*.after.*.of")),
        *((clock, node) for before in root.each("communications.*.before") for clock, node in before.entries.items()),
    ]
    for clock, node in named:
        if clock in CLOCKS and clock not in promised:
            text = f"this is never due: nothing has a target for '{clock}'"
            report.warn(node.place, text, f"add {clock}: to priorities")


def agreements(form: WorkspaceForm, calendars: Mapping[str, Calendar]) -> Agreements:
    """Return the targets of priorities, services and organisations."""
    return Agreements(
        calendars,
        form.calendar,
        {priority.name: _seconds(priority) for priority in form.priorities},
        {priority.name: priority.calendar for priority in form.priorities if priority.calendar},
        {
            (key, priority): _seconds(targets)
            for key, service in form.services.items()
            for priority, targets in service.targets.items()
        },
        {
            (name.casefold(), priority): _seconds(targets)
            for name, organisation in form.organisations.items()
            for priority, targets in organisation.targets.items()
        },
    )


def quiet(form: WorkspaceForm, stages: Stages, almanac: Almanac) -> Quiet | None:
    """Return the quiet hours."""
    return Quiet((span(form.quiet.hours),), stages.exempt, almanac.zone) if form.quiet is not None else None


def silences(form: WorkspaceForm, stages: Stages) -> tuple[Silence, ...]:
    """Return the silences, in the order in which they are written."""
    return tuple(
        Silence(when, int(one.from_.timestamp()), int(one.to.timestamp()), one.because)
        for one, when in zip(form.silence, stages.silences, strict=True)
    )


def _seconds(targets: Targets) -> Mapping[str, int]:
    found = {clock: getattr(targets, clock) for clock in CLOCKS}
    return {clock: int(duration(text).total_seconds()) for clock, text in found.items() if text}
