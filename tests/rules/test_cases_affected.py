"""Tests of rules see what those affected by a major incident are told, in their language, and what they are not."""

from __future__ import annotations

from living import result_of, told

RULES = (
    "languages: [en, nb, vi]",
    "priorities: [{name: P1, updates: 1h}, {name: P2, updates: 1h}, {name: P3}, {name: P4}, {name: P5}]",
    "calendar: always",
    'calendars: {always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}}',
    "communications:",
    "  - {name: solved, on: resolved, when: {major: true}, to: [requester, affected], message: major-incident-solved}",
    "  - {name: first, on: major, to: [requester, affected], message: major-incident-started}",
    "  - {name: next, every: updates, when: {major: true}, to: [affected], message: major-incident-update}",
)
TEST = """\
  ticket: {connection: snow, kind: incident, impact: extensive, urgency: high, requester: {name: Vera}%s}
  at: 2026-11-24T12:00Z
  then:
    - after: 5m
      by: agent
      set: {major: true}
      expect: {messages: [{to: requester, message: major-incident-started}%s]}
"""
TWO = ", affected: [{name: Kari Nordmann, language: nb}, {name: Nguyễn Văn An, language: vi}]"
IN_NB = ", {to: affected, message: major-incident-started, language: nb, door: comment, contains: 'Hei, Kari!'}"
IN_VI = ", {to: affected, message: major-incident-started, language: vi}"


def lived(affected: str, expected: str, later: str = "") -> str:
    """Return what is said of the test where it fails, in one line; "" where it passes."""
    return " ".join(told(result_of(TEST % (affected, expected) + later, "\n".join(RULES))).split())


def test_each_of_those_affected_hears_it_in_their_language():
    assert lived(TWO, IN_NB + IN_VI) == ""


def test_what_is_not_expected_of_it_came_unasked():
    said = lived(TWO, IN_NB)
    assert "came unasked" in said
    assert "+ major-incident-started to affected in vi as comment, by first" in said


def test_another_message_or_language_than_they_hear_is_missing():
    assert "− major-incident-update to affected" in lived(
        TWO, IN_NB + ", {to: affected, message: major-incident-update}"
    )
    assert "− major-incident-started to affected in en" in lived(TWO, IN_NB + IN_VI.replace("vi", "en"))


def test_where_nobody_is_affected_nobody_hears_and_a_test_that_expects_it_says_so():
    assert lived("", "") == ""
    assert "nobody is affected in this test; name who is: ticket: {affected:" in lived("", IN_VI)


def test_updates_and_the_end_reach_them_too():
    later = """\
    - after: 70m
      expect: {messages: [{to: affected, message: major-incident-update, contains: "14:0"}]}
    - after: 75m
      by: agent
      set: {status: resolved}
      expect:
        messages:
          - {to: requester, message: major-incident-solved}
          - {to: affected, message: major-incident-solved}
"""
    one = ", affected: [{name: Ann, language: en, zone: Europe/London}]"
    first = ", {to: affected, message: major-incident-started}"
    assert lived(one, first, later) == ""


def test_two_words_within_minutes_are_one_as_for_a_desk_at_work():
    later = """\
    - after: 6m
      by: agent
      set: {major: false}
    - after: 7m
      by: agent
      set: {major: true}
      expect: {messages: [{to: requester, message: major-incident-started}]}
"""
    assert lived(", affected: [{name: Ann}]", ", {to: affected, message: major-incident-started}", later) == ""
