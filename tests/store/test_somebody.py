"""Who is meant: a person is found as a whole word, in any writing, and nobody else is."""

from __future__ import annotations

import pytest

from connectors.state.somebody import Somebody

IDA = Somebody(frozenset({"ida", "Ida Berg", "ida@harbour.example"}), {"sn": frozenset({"i.berg"})})


@pytest.mark.parametrize(
    "text", ["ida", "ida: team web", "given to IDA.", "(ida)", "people/ida", "granted ida", "to Ida Berg, who is away"]
)
def test_a_whole_word_is_the_person(text):
    assert IDA.is_in(text)
    assert not IDA.is_in(IDA.without(text))


@pytest.mark.parametrize("text", ["Frida", "ida.hansen", "ida-2", "ida@elsewhere.example", "a.ida", "idas"])
def test_a_part_of_a_longer_word_is_somebody_else(text):
    assert not IDA.is_in(text)
    assert IDA.without(text) == text


def test_an_account_means_the_person_on_its_own_connection_only():
    assert IDA.is_in("i.berg", "sn")
    assert not IDA.is_in("i.berg", "jira")
    assert IDA.is_in("i.berg")


def test_names_in_writing_without_spaces_are_found_within_a_text():
    assert Somebody(frozenset({"张伟"})).without("已分配给张伟处理") == "已分配给…处理"


def test_a_team_that_is_called_like_a_person_is_no_person():
    assert not IDA.stands("team", "ida", "sn")
    assert IDA.stands("watchers", ("kari", "ida"), "sn")
