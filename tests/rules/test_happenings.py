"""What reports count of a ticket's life: each fact once, at its moment, however it is read."""

from __future__ import annotations

import pytest
import test_handover as handover
import test_promises_kept as promises
from clocked import AROUND, WAYS, Story

from rules.engine import decide
from rules.model import Memory

LADDER = """
ladders:
  - name: up
    steps:
      - {level: L2, after: [{unacknowledged: 30m}, {used: 50%, of: resolve}], assign: {team: web}}
"""
QUIET = "communications: []\n"
RULE = "adjust: [{name: at least P2, when: {kind: incident}, at_least: P2}]\n"


def life(way: str) -> Story:
    """Tell the life of a ticket of P3, whose targets are four hours and 24 hours from eight to four."""
    story = Story(way, QUIET, start="24 09:00", priority="P3")
    story.at("24 10:00", assignee="ida", status="in_progress")
    story.at("24 14:00", comment=True)
    story.at("25 09:00", status="resolved")
    story.at("25 10:00", by="kari", status="in_progress")
    return story.at("25 12:00", status="resolved")


@pytest.mark.parametrize("way", WAYS)
def test_a_life_is_counted_at_its_moments_and_in_working_time(way):
    story = life(way)
    story.until("25 12:30")
    assert story.what_happened() == [
        "24 10:00 acknowledged 60 desk",
        "24 13:00 breached respond desk",
        "24 14:00 answered 300 desk",
        "25 09:00 resolved 480 desk",
        "25 10:00 reopened desk",
        "25 12:00 resolved 600 desk",
    ]


def test_the_facts_alone_tell_all_but_what_is_no_more_the_case():
    story = life("full")
    again = decide(story.read(), Memory(), AROUND, story.book, story.now).happened
    known = set(story.happened.values())
    assert set(again) <= known
    assert {one.what for one in known - set(again)} == {"resolved"}  # the first one, which was taken back


def test_what_is_settled_is_not_told_again():
    story = life("full")
    story.cycle()
    assert story.cycle().happened == ()


def test_a_clock_that_has_not_used_its_target_and_one_that_ended_just_in_time_are_no_breach():
    story = Story("full", QUIET, start="24 09:00").at("24 12:59", note=True)
    assert "breached" not in " ".join(story.what_happened())
    story.at("24 13:00", comment=True)
    assert "24 13:00 answered 240 desk" in story.what_happened()
    assert "breached" not in " ".join(story.what_happened())


def test_a_breach_is_counted_once_whatever_the_target_becomes():
    story = Story("full", QUIET, start="24 09:00").at("24 13:30", note=True)
    story.at("24 14:00", priority="P2").at("24 14:30", priority="P1")
    assert [one for one in story.what_happened() if "respond" in one] == ["24 13:00 breached respond desk"]


def test_each_silence_longer_than_updates_are_promised_for_is_a_breach_of_its_own():
    story = Story("full", QUIET, start="24 09:00", priority="P1")
    for when in ("24 10:30", "24 12:00", "24 12:30"):
        story.at(when, note=True).at(when, comment=True)
    updates = [one for one in story.what_happened() if "updates" in one]
    assert updates == ["24 10:00 breached updates desk", "24 11:30 breached updates desk"]


def test_an_update_that_we_send_when_it_is_due_is_no_breach():
    news = "communications: [{name: news, every: updates, to: [requester], message: major-incident-update}]\n"
    story = Story("full", news, start="24 09:00", priority="P1").until("24 14:00")
    assert len(story.told) == 5
    assert "updates" not in " ".join(story.what_happened())


def test_a_cancelled_ticket_was_neither_answered_nor_resolved():
    story = Story("full", QUIET).at("24 10:00", status="cancelled")
    assert {one.what for one in story.happened.values()} <= {"acknowledged"}


def test_each_team_that_gets_it_has_its_own_time_to_acknowledge():
    story = (
        Story("full", QUIET).at("24 09:30", note=True).at("24 10:00", team="web").at("24 10:45", by="per", note=True)
    )
    assert story.what_happened() == [
        "24 09:30 acknowledged 30 desk",
        "24 10:00 reassigned desk web",
        "24 10:45 acknowledged 45 web",
    ]


def test_only_people_reassign_between_teams():
    story = Story("full", QUIET, team=None)
    story.at("24 09:10", team="desk").at("24 09:20", by="robot", team="web").at("24 09:30", team="desk")
    assert [one for one in story.what_happened() if "reassigned" in one][-1:] == ["24 09:30 reassigned web desk"]


def test_a_step_is_counted_once_with_the_rule_and_what_called_for_it():
    story = Story("full", QUIET, LADDER, service="payments").until("24 09:30")
    (step,) = (one for one in story.happened.values() if one.what == "escalated")
    assert (step.value, step.team, step.service, step.why) == ("L2", "web", "payments", "nobody has acted for 30m")
    assert step.rule
    story.until("24 16:00")
    assert [one for one in story.what_happened() if "escalated" in one] == ["24 09:30 escalated L2 web"]


@pytest.mark.parametrize("mode", ["observe", "advise"])
@pytest.mark.parametrize("of", ["desk", "step"])
def test_what_is_only_proposed_did_not_happen(mode, of):
    rules = f"mode: {mode}\n" + LADDER if of == "desk" else LADDER.replace("name: up", f"name: up\n    mode: {mode}")
    story = Story("full", QUIET, rules).until("24 12:00")
    assert not [one for one in story.happened.values() if one.what == "escalated"]


def test_what_people_overrule_counts_for_the_rule_without_clocks_too():
    desk = "priorities: [{name: P1}, {name: P2}, {name: P3}, {name: P4}, {name: P5}]\n"
    story = Story("full", QUIET, RULE, desk, impact="significant", urgency="low")
    story.at("24 11:00", priority="P4")
    assert not story.book.clocked
    (one,) = story.happened.values()
    assert (one.what, one.value, one.rule) == ("overruled", "priority", "at least P2")
    assert story.what_happened() == ["24 11:00 overruled priority desk"]


def test_a_ticket_from_before_the_desk_looked_after_it_is_not_counted():
    story = life("full")
    around = AROUND._replace(since=story.now)
    assert decide(story.read(), Memory(), around, story.book, story.now).happened == ()


def test_texts_of_tickets_never_get_there():
    story = Story("full", QUIET, LADDER, text="my password is 1234", title="secret").until("24 12:00")
    assert "1234" not in repr(story.happened)
    assert "secret" not in repr(story.happened)


@pytest.mark.parametrize("way", WAYS)
def test_a_hand_over_is_counted_and_whether_it_was_accepted_in_time(way):
    taken = handover.in_oslo(way, handover.LADDER).at("24 16:10", by="van", note=True).until("24 18:00")
    assert _of(taken, "handed over", "accepted", "not accepted") == [
        "24 16:00 handed over desk-oslo desk-vancouver",
        "24 16:10 accepted desk-vancouver",
    ]
    left = handover.in_oslo(way, handover.LADDER).until("24 18:00")
    assert _of(left, "handed over", "accepted", "not accepted", "escalated") == [
        "24 16:00 handed over desk-oslo desk-vancouver",
        "24 16:15 escalated L2 experts",
        "24 16:15 not accepted desk-vancouver",
    ]


@pytest.mark.parametrize("way", WAYS)
def test_each_promise_is_kept_or_missed_once(way):
    kept = promises.promised(way, promises.FIRST, promises.REPEATED).until("24 12:30")
    assert _of(kept, "promise kept", "promise missed") == [f"24 {hour}:00 promise kept desk" for hour in (10, 11)]
    missed = promises.promised(way, promises.FIRST, promises.SORRY).until("24 12:30")
    assert _of(missed, "promise kept", "promise missed") == [
        f"24 {when} promise missed desk" for when in ("10:00", "11:05", "12:10")
    ]


def _of(story: Story, *what: str) -> list[str]:
    return [one for one in story.what_happened() if any(f" {each} " in one for each in what)]
