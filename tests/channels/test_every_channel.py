"""What every channel keeps to, each against a real other end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.base import Busy, Unusable
from connectors.channels import opened
from rules.rulebook import Channel as Record
from tests.channels.ends import LETTER, SECRET, End, end

KINDS = ("email", "slack", "teams", "webhook", "apprise")
WRONG = ("refused", "gone", "busy", "nobody", "lost", "slow", "garbage", "trouble")
HOSTILE = (
    "one\r\nBcc: evil@harbour.example\r\n\r\nbody",
    '<script>alert(1)</script><b>"quoted"</b>, evil@harbour.example',
    "=?utf-8?q?looks_like_code?=",
    "طلب رقم \u2066INC0010001\u2069 لم يعد يعمل",
    "\u202egnp.exe",
    "预订网站打不开",
    "👩‍🚀 half of a letter: \ud83d",
    "x" * 5000,
    "long " * 400,
    "",
    "\x00\x1b[31mred\x07",
)


@pytest.fixture(params=KINDS)
def door(request: pytest.FixtureRequest) -> Iterator[End]:
    with end(request.param) as made:
        yield made


def test_a_letter_arrives_once_with_its_text(door):
    door.channel.send(LETTER)
    (heard,) = door.heard()
    assert "vi ser på det nå." in heard.text


def test_each_letter_is_one_of_its_own(door):
    door.channel.send(LETTER)
    door.channel.send(LETTER._replace(mark="81aa"))
    assert len(door.heard()) == 2


def test_a_repeat_has_the_mark_of_the_first_and_another_letter_has_another(door):
    others = (LETTER._replace(mark="81aa"), LETTER._replace(to="ida@harbour.example"))
    for letter in (LETTER, LETTER._replace(subject="worded anew"), *others):
        door.channel.send(letter)
    marks = [heard.mark for heard in door.heard()]
    if door.channel.marks:
        assert marks[0] == marks[1]
        assert len(set(marks)) == 3
    else:
        assert set(marks) == {""}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_subject_and_name_go_as_text_or_not_at_all(door, text):
    door.channel.send(LETTER._replace(subject=text, name=text))
    (heard,) = door.heard()
    assert "vi ser på det nå." in heard.text
    assert not set(heard.text) & {"\x1b", "\x07"}


def test_half_a_letter_in_the_text_keeps_nothing_back(door):
    bodies = {form: text.replace("nå.", "n\ud83då.") for form, text in LETTER.bodies.items()}
    door.channel.send(LETTER._replace(bodies=bodies))
    assert "vi ser på det n?å." in door.heard()[0].text.replace("\ufffd", "?")


@pytest.mark.parametrize("how", WRONG)
def test_what_goes_wrong_says_whether_it_may_be_said_again(door, how):
    door.fail(how)
    wanted = door.means[how]
    if wanted is None:
        door.channel.send(LETTER)
        return
    with pytest.raises(wanted) as caught:
        door.channel.send(LETTER)
    assert type(caught.value) is wanted or issubclass(type(caught.value), wanted)
    said = str(caught.value)
    assert said.startswith("door")
    assert "\n" not in said
    assert LETTER.to not in said
    assert SECRET not in said
    assert len(door.heard()) <= 1


def test_it_goes_on_after_trouble(door):
    if door.means["gone"] is None:
        return
    door.fail("gone")
    with pytest.raises(door.means["gone"]):
        door.channel.send(LETTER)
    before = len(door.heard())
    door.mend()
    door.channel.send(LETTER)
    assert len(door.heard()) == before + 1


def test_a_channel_that_was_closed_may_be_used_once_more(door):
    door.channel.send(LETTER)
    door.channel.close()
    door.channel.close()
    door.channel.send(LETTER._replace(mark="81aa"))
    assert len(door.heard()) == 2


def test_checking_reaches_it_and_says_nothing(door):
    found = door.channel.check()
    assert [finding.weight for finding in found] == ["note"]
    assert door.heard() == []


def test_a_variable_that_is_not_set_is_named():
    for kind in KINDS:
        with pytest.raises(Unusable, match="door: url: the environment variable DOOR_URL is not set"):
            opened(Record("door", kind, "${DOOR_URL}", sender="desk@harbour.example"), {})


def test_a_door_that_is_busy_says_for_how_long_and_is_left_alone_that_long():
    with end("slack") as door:
        door.fail("busy")
        with pytest.raises(Busy) as caught:
            door.channel.send(LETTER)
        assert caught.value.wait == 30
        with pytest.raises(Busy) as caught:
            door.channel.send(LETTER)
        assert 29 < (caught.value.wait or 0) <= 30
        assert len(door.heard()) == 1
