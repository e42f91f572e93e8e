"""Compiles `after:`, `every:` and `before:`: the moments that rules wait for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rules.forms import duration, percent
from rules.problems import Report
from rules.rule import Trigger
from rules.terms import CLOCKS
from rules.tree import Node

TEXTS: Final = {
    "off_duty": "nobody of the team has been on duty for {}",
    "unacknowledged": "nobody has acted for {}",
    "waiting": "waiting for {}",
    "resolved": "resolved for {}",
}
"""Moments that lie a while after something, in words that agents read."""

ONE_EACH: Final = "such as [{used: 80%, of: resolve}, {unacknowledged: 15m}]: whichever comes first"


def triggers(rule: Node, report: Report) -> tuple[Trigger, ...]:
    """Return the moments that a rule waits for; what is wrong with them is reported."""
    if "every" in rule.entries:
        return tuple(_every(rule.entries["every"], report))
    if "before" in rule.entries:
        return tuple(_before(rule.entries["before"], report))
    after = rule.entries["after"]
    if not after.items:
        report(after.place, "'after' names no moment", ONE_EACH)
    return tuple(trigger for entry in after.items for trigger in _after(entry, report))


def _every(node: Node, report: Report) -> Iterator[Trigger]:
    if node.text == "updates":
        yield Trigger("every", 0, "updates", "no public word for as long as updates are promised within")
    else:
        report(node.place, f"'every' repeats 'updates' only, not '{node.raw}'", "write every: updates, or use after:")


def _before(node: Node, report: Report) -> Iterator[Trigger]:
    if len(node.entries) != 1:
        report(node.place, "'before' names one clock", "such as {updates: 15m}")
        return
    for clock, time in node.entries.items():
        yield Trigger("left", seconds(time), clock, f"{clock} is due in {time.raw}")


def _after(entry: Node, report: Report) -> Iterator[Trigger]:
    """Return the one moment of an entry. Forms were judged before: what has none is passed over."""
    named = [key for key in entry.entries if key == "used" or key in TEXTS]
    if len(named) != 1:
        report(entry.place, f"an entry of after: names one moment, this one {len(named) or 'none'}", ONE_EACH)
        return
    what = named[0]
    amount = entry.entries[what]
    if what != "used":
        if "of" in entry.entries:
            report(entry.entries["of"].key, f"'of' belongs to 'used', not to '{what}'", "remove it")
        yield Trigger(what, seconds(amount), "", TEXTS[what].format(amount.raw))
    elif "of" not in entry.entries:
        report(amount.key, "'used' of which clock?", f"add of: with one of {', '.join(CLOCKS)}")
    else:
        of = entry.entries["of"].text
        yield Trigger("used", _share(amount), of, f"{amount.raw} of {of} is used")


def _share(node: Node) -> int:
    """Return the percent; 0 for what is of another form, which is reported already."""
    return percent(node.text) if node.text.removesuffix("%").isdecimal() else 0


def seconds(node: Node) -> int:
    """Return the time; 0 for what is of another form, which is reported already."""
    return int(duration(node.text).total_seconds()) if node.text[:-1].isdecimal() and node.text[-1] in "mh" else 0
