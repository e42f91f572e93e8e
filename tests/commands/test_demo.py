"""`itsm-sync demo` shows a desk being looked after, and fails where that did not happen."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from command_line import PASSWORD, Run, invoked, texts

from commands import workspace


@pytest.fixture(scope="module")
def shown() -> Result:
    """Run the demo once, with a password in the environment that belongs to something real."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICENOW_PASSWORD", PASSWORD)
        return invoked("demo")


def test_it_ends_well_and_plans_nothing_in_the_second_cycle(shown: Result):
    assert shown.exit_code == 0
    assert shown.output.splitlines()[-1] == "Second cycle: 0 actions planned, 0 tickets written."


@pytest.mark.parametrize("greeting", ["Hei Kari,", "Hello Emma,", "Chào anh/chị An,"])
def test_each_customer_hears_in_their_own_language(shown: Result, greeting: str):
    assert f"│ {greeting}" in shown.output


def test_no_line_is_wider_than_a_terminal(shown: Result):
    assert max(map(len, shown.output.splitlines())) <= 80


def test_what_people_chose_is_shown_as_left(shown: Result):
    assert "ida.berg chose the team" in shown.output


def test_the_workspace_can_be_kept_and_is_good(run: Run, tmp_path: Path):
    kept = tmp_path / "my desk"
    assert run("demo", "--keep", kept).exit_code == 0
    book, problems, _sources = workspace.rulebook(kept, lint=True)
    assert problems == ()
    assert book.connections["servicenow-emea"].url == "http://127.0.0.1:8180"
    assert not list(kept.glob("itsm-sync.db*"))


def test_a_workspace_that_is_there_is_not_written_over(run: Run, tmp_path: Path):
    (tmp_path / "desk.yaml").write_text("desk: Mine\n", encoding="utf-8")
    before = texts(tmp_path)
    result = run("demo", "--keep", tmp_path)
    assert result.exit_code == 2
    assert texts(tmp_path) == before
