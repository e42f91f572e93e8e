"""What `check` says of `privacy:`, and what the rulebook keeps of it."""

from __future__ import annotations

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


def test_only_what_has_no_effect_yet_is_warned_of():
    assert loaded("privacy: {hide_from_suppliers: [name]}\n").problems == ()
    assert only(loaded("privacy: {keep: 90d}\n"), "warning").text == "'keep': not supported yet, has no effect"


def test_no_decision_changes_by_what_suppliers_see():
    assert rulebook("privacy: {hide_from_suppliers: [name]}\n").digest == rulebook("").digest
