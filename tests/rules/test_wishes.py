"""In which language somebody is told: their own, their organisation's, that of what they wrote, or the desk's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from living import result_of, told
from loading import CONNECTION, loaded, only, rulebook

from rules.describe import done
from rules.engine import decide
from rules.model import Comment, Memory, Person, Surroundings, Ticket

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
DESK = """
mode: apply
languages: [en, nb, fr, vi, zh-Hans]
organisations: {Acme: {language: fr}, 海港航运公司: {language: zh-TW}, Globex: {targets: {P1: {respond: 1h}}}}
teams: {desk: {groups: {snow: Desk}, language: nb}}
routes: [{name: all, assign: {team: desk}}]
communications:
  - {name: received, on: created, to: [requester], message: received}
  - {name: assigned, on: assigned, to: [requester, team], message: assigned}
"""
BOOK = rulebook(DESK, connection=f"{CONNECTION}    robots: [mail.in]\n")
ALONE = rulebook(DESK.replace("languages: [en, nb, fr, vi, zh-Hans]", "languages: [en]"))
NOBODY = Person("kari")


class Detector:
    """Takes every text for one language, and counts how often it is asked."""

    def __init__(self, language: str) -> None:
        self.language, self.asked = language, 0

    def __call__(self, text: str) -> str:
        assert text == "Máy in hỏng\nGiấy kẹt"
        self.asked += 1
        return self.language


def said(
    who: Person | None = NOBODY, organisation: str | tuple[str, ...] = "", wrote: str = "", by: str = "kari", book=BOOK
) -> tuple[str, int]:
    """Return what the journal says of the message to the requester, and how often the detector was asked."""
    facts = {"text": "Máy in hỏng\nGiấy kẹt", "status": "new"}
    facts |= {"requester.organisation": organisation} if organisation else {}
    ticket = Ticket("snow", "1", "INC1", "incident", 1, AT, by, AT, by, facts, requester=who)
    detector = Detector(wrote)
    around = Surroundings(AT - timedelta(days=1), "sync", detect=detector)
    decision = decide(ticket, Memory(), around, book, AT)
    [line] = [done(one, {}) for one in decision.actions if isinstance(one, Comment) and one.reader == "requester"]
    return line.removeprefix("received sent to requester "), detector.asked


def test_the_readers_own_language_comes_first_and_nothing_is_detected():
    own = Person("kari", language="nb")
    assert said(own, "Acme", wrote="vi") == ("in nb: the reader's own language", 0)


@pytest.mark.parametrize("name", ["Acme", "ACME", ("Globex", "acme")])
def test_then_that_of_their_organisation_in_any_case(name):
    shown = name if isinstance(name, str) else name[1]
    assert said(organisation=name, wrote="vi") == (f"in fr: the language of {shown}", 0)


def test_a_neighbour_of_the_organisations_language_is_named_as_such():
    assert said(organisation="海港航运公司")[0] == "in zh-Hans: the nearest to 海港航运公司's zh-TW"


def test_an_organisation_serves_who_speaks_what_the_desk_does_not():
    assert said(Person("kari", language="fi"), "Acme", wrote="vi") == ("in fr: the language of Acme", 0)


def test_then_that_of_what_they_wrote_which_is_asked_for_once():
    assert said(organisation="Globex", wrote="vi") == ("in vi: what they wrote", 1)
    assert said(wrote="zh-Hant") == ("in zh-Hans: the nearest to what they wrote, zh-Hant", 1)


@pytest.mark.parametrize(
    ("wrote", "why"),
    [("", "the reader's language is unknown"), ("fi", "there is no message in the reader's fi")],
)
def test_at_last_that_of_the_desk(wrote, why):
    assert said(wrote=wrote) == (f"in en: the desk's language, as {why}", 1)


def test_a_language_that_nobody_can_read_as_one_is_as_good_as_none():
    assert said(Person("kari", language="Norsk (bokmål)"), wrote="vi") == ("in vi: what they wrote", 1)


@pytest.mark.parametrize(("by", "asked"), [("kari", 1), ("mail.in", 1), ("vera", 0)])
def test_what_an_agent_noted_is_in_the_agents_words(by, asked):
    assert said(wrote="vi", by=by)[1] == asked


def test_a_desk_of_one_language_detects_nothing():
    assert said(wrote="vi", book=ALONE) == ("in en: the desk's language, as the reader's language is unknown", 0)


def test_a_ticket_that_gets_no_message_is_not_looked_at():
    detector = Detector("vi")
    around = Surroundings(AT - timedelta(days=1), "sync", detect=detector)
    facts = {"text": "Máy in hỏng\nGiấy kẹt", "status": "new"}
    ticket = Ticket("snow", "1", "INC1", "incident", 1, AT, "kari", AT, "kari", facts, requester=NOBODY)
    silent = (
        DESK[: DESK.index("  - {name: received")] + "  - {name: team, on: assigned, to: [team], message: assigned}\n"
    )
    assert len(decide(ticket, Memory(), around, rulebook(silent), AT).actions) > 1
    assert detector.asked == 0


def test_the_languages_of_organisations_have_an_effect_and_no_warning():
    warned = [problem for problem in loaded(DESK).problems if "organisations" in problem.text]
    assert warned == []


def test_an_organisations_language_that_is_none_is_refused():
    problem = only(loaded("organisations: {Acme: {language: klingon!}}"))
    assert "klingon!" in problem.text


def test_a_test_of_rules_sees_the_organisations_language():
    test = """
  ticket:
    connection: snow
    kind: incident
    text: It is broken
    requester: {name: Kari, organisation: acme}
  at: 2026-11-24T09:00+01:00
  expect: {messages: [{to: requester, message: received, language: fr}, {to: team, message: assigned, language: nb}]}
"""
    mapped = "words: {snow: {fields: {requester.organisation: company}}}\n"
    assert told(result_of(test, DESK + mapped)) == ""
