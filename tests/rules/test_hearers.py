"""What `check` says of whom rules speak to: nobody, somebody without a door, a supplier whose language nobody knows."""

from __future__ import annotations

import pytest
from loading import loaded

CHANNELS = "channels: {mail: {kind: email, url: 'smtp://mail.harbour.example:587', sender: desk@harbour.example}}\n"
TELL = "communications: [{{name: a, on: created, to: [{}], message: received}}]\n"


def warnings(*texts: str) -> list[tuple[str, str]]:
    """Return each warning with its place, the mend in the end."""
    found = [one for one in loaded("".join(texts)).problems if one.weight == "warning"]
    assert all(one.mend for one in found)
    return [(f"{one.file}:{one.line}:{one.column}", one.text) for one in found]


def person(key: str = "ida", more: str = "") -> str:
    return f"people: {{{key}: {{email: {key}@harbour.example{more}}}}}\n"


def test_a_person_for_whom_no_channel_opens_is_named_where_the_rule_speaks_to_them():
    (found,) = warnings(TELL.format("ida"), person())
    assert found == ("a.yaml:1:46", "told to ida: there is no channel for that, it is only journalled")


@pytest.mark.parametrize("role", ["owner", "sponsor", "supplier"])
def test_a_person_behind_a_role_whose_own_doors_are_all_closed_is_named_at_these(role):
    pager = "channels: {pager: {kind: webhook, url: '${PAGER}'}}\ndoors: {people: pager}\n"
    desk = f"languages: [en]\nservices: {{web: {{name: Web, {role}: ida}}}}\n{pager}"
    (found,) = warnings(person(more=", doors: [mail]"), desk, TELL.format(f"service.{role}"))
    assert found[0] == "a.yaml:1:44"
    assert found[1].startswith("'ida' is told something by rules, and has no door")


def test_who_takes_turns_and_has_no_door_is_named_too():
    team = "teams: {web: {groups: {snow: Web}, on_call: {rotation: [ida], each: 1w, from: 2026-11-02T08:00}}}\n"
    (found,) = warnings(person(more=", doors: [note]"), team, CHANNELS, TELL.format("on_call"))
    assert found[1].startswith("'ida' is told something by rules, and has no door")


def test_a_person_with_one_door_that_opens_is_good():
    service = "services: {web: {name: Web, owner: ida}}\n"
    assert warnings(person(more=", doors: [note, mail]"), service, CHANNELS, TELL.format("service.owner")) == []


def test_nobody_is_asked_for_a_door_to_whom_no_rule_speaks():
    service = "services: {web: {name: Web, owner: ida, supplier: ida}}\n"
    assert warnings(person(more=", doors: [note]"), service, TELL.format("requester")) == []


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        ("service.sponsor", "'service.sponsor' is nobody: no service has one"),
        ("on_call", "'on_call' is nobody: no team says who is on call"),
        ("next_on_call", "'next_on_call' is nobody: no team says who is on call"),
    ],
)
def test_a_reader_who_is_nobody_is_named(reader, text):
    assert warnings(CHANNELS, TELL.format(f"team, {reader}")) == [("a.yaml:2:52", text)]


def test_whoever_may_stand_in_a_file_that_cannot_be_read_is_not_called_nobody():
    answer = loaded(CHANNELS + TELL.format("service.sponsor"), "services: [\n")
    assert [one.weight for one in answer.problems] == ["error"]


SUPPLIES = "services: {web: {name: Web, supplier: ida}}\n"
UNKNOWN = "the supplier 'ida' has no language: they are written to in the desk's, en"


@pytest.mark.parametrize("reader", ["service.supplier", "ida"])
def test_a_supplier_without_a_language_is_a_warning_at_its_place(reader):
    assert warnings(person(), SUPPLIES, CHANNELS, TELL.format(reader)) == [("a.yaml:1:10", UNKNOWN)]


def test_a_supplier_is_not_asked_for_a_language_that_changes_nothing():
    assert warnings(person(more=", language: fr"), SUPPLIES, CHANNELS, TELL.format("service.supplier")) == []
    assert warnings("languages: [en]\n", person(), SUPPLIES, CHANNELS, TELL.format("service.supplier")) == []
    assert warnings(person(), SUPPLIES, CHANNELS, TELL.format("team")) == []
