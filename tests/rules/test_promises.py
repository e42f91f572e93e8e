"""What is wrong with targets, pauses, moments, quiet hours and silences is said with its place and its mend."""

from __future__ import annotations

import pytest
from loading import loaded, only

PROMISED = (
    "priorities: [{name: P1, resolve: 4h, updates: 1h}, {name: P2}, {name: P3}, {name: P4}, {name: P5}]\n"
    "communications: [{name: a, %s, to: [team], message: solved}]\n"
)


@pytest.mark.parametrize(
    ("rules", "problem", "mend"),
    [
        ("pauses: {respond: [requester]}", "1:10 'respond' never pauses", "only resolve: does"),
        ("pauses: {resolve: [nobody]}", "1:20 nothing waits for 'nobody'", "name it under words:"),
        ("pauses: {resolve: [suplier]}", "1:20 nothing waits for 'suplier'", "did you mean 'supplier'?"),
        ("services: {a: {name: A, targets: {P9: {resolve: 1h}}}}", "1:35 'P9' is no priority", "known: P1, P2"),
        ("organisations: {Acme: {targets: {p1: {resolve: 1h}}}}", "1:34 'p1' is no priority", "did you mean 'P1'?"),
        ('quiet: {hours: "20:00-20:00"}', "1:16 '20:00-20:00' is no time at all", "from when to when"),
        ('quiet: {hours: "00:00-24:00"}', "1:16 '00:00-24:00' is always", "from when to when"),
        ('quiet: {hours: "8-20"}', "1:16 'hours' must be hours such as", "20:00-07:00"),
        (
            "silence: [{from: 2026-11-28T22:00+01:00, to: 2026-11-28T22:00+01:00}]",
            "1:46 the silence ends before it begins",
            "to: is later than from:",
        ),
        (PROMISED % "after: []", "2:35 'after' names no moment", "whichever comes first"),
        (PROMISED % "after: [{used: 80%}]", "2:37 'used' of which clock?", "add of: with one of respond, resolve"),
        (PROMISED % "after: [{of: resolve}]", "2:36 an entry of after: names one moment, this one none", "such as"),
        (PROMISED % "after: [{waiting: 2h, resolved: 3h}]", "2:36 an entry of after: names one moment", "such as"),
        (
            PROMISED % "after: [{waiting: 2h, of: resolve}]",
            "2:50 'of' belongs to 'used', not to 'waiting'",
            "remove it",
        ),
        (PROMISED % "every: resolve", "2:35 'every' repeats 'updates' only, not 'resolve'", "write every: updates"),
        (PROMISED % "before: {}", "2:36 'before' names one clock", "such as {updates: 15m}"),
        (PROMISED % "before: {updates: 5m}, every: updates", "2:18 a rule needs one of on:, after:", "a rule for each"),
    ],
)
def test_a_promise_that_cannot_be_is_refused(rules, problem, mend):
    found = only(loaded(rules))
    assert f"{found.line}:{found.column} {found.text}".startswith(problem)
    assert mend in f"{found.text} {found.mend}"


@pytest.mark.parametrize("when", ["after: [{used: 80%, of: respond}]", "before: {respond: 5m}"])
def test_a_moment_that_never_comes_is_warned_of(when):
    found = only(loaded(PROMISED % when), "warning")
    assert found.text == "this is never due: nothing has a target for 'respond'"


def test_calendars_without_one_that_the_desk_counts_in_are_refused():
    found = only(loaded('calendars: {oslo: {zone: UTC, hours: {mon-fri: "08:00-16:00"}}}\n'))
    assert (found.file, found.text) == ("baseline/desk.yaml", "'always' is not under calendars:")
    assert found.mend == "your workspace replaces what the default pack builds on here: write your own 'calendar:', too"
