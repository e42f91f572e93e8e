"""What `check` says of `privacy:`, and what the rulebook keeps of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rules.vocabulary import PERSONAL
from templates.redaction import KINDS
from tests.rules.loading import loaded, only, rulebook


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("", PERSONAL),
        ("privacy:\n", PERSONAL),
        ("privacy: {keep: 90d}\n", PERSONAL),
        ("privacy: {hide_from_suppliers: [name, email]}\n", ("name", "email")),
        ("privacy: {hide_from_suppliers: []}\n", ()),
    ],
)
def test_what_is_hidden_is_everything_unless_a_desk_names_fewer(said, hidden):
    assert rulebook(said).hidden == hidden


def test_every_kind_that_a_desk_may_name_can_be_found():
    assert set(PERSONAL) == set(KINDS)


def test_an_unknown_kind_is_named_with_its_place_and_mend():
    problem = only(loaded("privacy: {hide_from_suppliers: [name, fone]}\n"))
    assert (problem.text, problem.mend) == ("nothing of the kind 'fone' can be hidden", "did you mean 'phone'?")
    assert problem.column == 39


def test_what_privacy_says_is_taken_over_without_a_warning():
    answer = loaded("privacy: {hide_from_suppliers: [name], keep: 90d}\n")
    assert answer.problems == ()
    assert (answer.rulebook.hidden, answer.rulebook.keep) == (("name",), timedelta(days=90))


def test_no_decision_changes_by_what_suppliers_see():
    assert rulebook("privacy: {hide_from_suppliers: [name]}\n").digest == rulebook("").digest
