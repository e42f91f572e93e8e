"""A note's verdict stands beside what clocks are rebuilt from: they know that somebody spoke, and nothing of what."""

from __future__ import annotations

from clocked import AROUND, Story

from rules.case import Case
from rules.past import look_back


def test_what_a_note_says_makes_no_difference_to_clocks():
    story = Story("full").at("24 09:10", note=True).at("24 09:20", comment=True)
    pasts = []
    for verdict in (None, "granted", "refused"):
        said = tuple(one._replace(value=verdict if one.fact == "note" else None) for one in story.said)
        ticket = story.read()._replace(said=said)
        past = look_back(Case(ticket, story.memory, AROUND, story.book, story.now))
        pasts.append([one for one in past if one.fact != "verdict"])
    assert pasts[0] == pasts[1] == pasts[2]
    assert {one.value for one in pasts[0] if one.fact in ("note", "comment")} == {""}
