"""What `itsm-sync init --url` writes from what a Jira has: what is sure is written, what is not is a comment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import PASSWORD, Run, texts

from commands import workspace
from connectors.sandbox import MovableClock, serve
from connectors.sandbox.jira import Site
from rules.rulebook import Rulebook

INCIDENT = "[System] Incident"
USER = "sync@harbour.example"
Serve = Callable[[Site], str]


@pytest.fixture
def serve_site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Return a function that serves a simulated Jira until the test ends, whose token is in the environment."""
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    with ExitStack() as stack:

        def served(site: Site) -> str:
            site.secrets[site.account] = PASSWORD
            return stack.enter_context(serve(site))

        yield served


def site(deployment: str = "Cloud", **fields: tuple[str, ...]) -> Site:
    """Return a Jira with one service project, a requester, an agent, and select fields of these options."""
    made = Site(clock=MovableClock(workspace.now()), deployment=deployment)  # type: ignore[arg-type]
    made.add_project("IT", "IT Support")
    made.add_user("Kari Nord", account="kari", email="kari@harbour.example", customer=True)
    made.add_user("Ida Moe", account="ida", email="ida@harbour.example")
    for name, options in fields.items():
        made.add_field(name.replace("_", " "), type="select", options=options)
    return made


def with_groups(made: Site) -> Site:
    made.add_field("Assignment group", type="group")
    for name in ("Service Desk", "Payments"):
        made.add_group(name)
    return made


def report(made: Site, **values: object) -> str:
    values = {"summary": "It is slow"} | {name.replace("_", " "): value for name, value in values.items()}
    return made.create("IT", INCIDENT, values, by="kari", language="nb")


def init(run: Run, folder: Path, url: str, *options: str) -> None:
    """Propose a workspace, in which `check` finds neither errors nor warnings."""
    result = run("init", folder, "--url", url, *options)
    assert result.exit_code == 0, result.output
    assert run("test", "-w", folder).exit_code == 0
    judged = run("check", "-w", folder, "--json")
    assert judged.exit_code == 0, judged.output
    assert json.loads(judged.output)["problems"] == []


def proposed(run: Run, folder: Path, url: str, *options: str) -> Rulebook:
    """Return the rulebook of a proposed workspace, with which the site agrees, too."""
    init(run, folder, url, *(options or ("--user", USER)))
    online = run("check", "-w", folder, "--online", "--json")
    found = json.loads(online.output)["online"]["jira"]
    assert [one["text"] for one in found if one["weight"] == "problem"] == []
    assert online.exit_code == 0
    return workspace.rulebook(folder)[0]


def words(folder: Path) -> dict[str, Any]:
    return yaml.safe_load(texts(folder)["words.yaml"])["words"]["jira"]


def test_the_proposal_agrees_with_the_site_and_only_observes(run: Run, folder: Path, serve_site: Serve):
    made = with_groups(site(Service=("Payments", "Booking")))
    report(made)
    book = proposed(run, folder, serve_site(made))
    assert book.mode == "observe"
    connection = book.connections["jira"]
    assert connection.projects == ("IT",)
    assert {kind: words.table for kind, words in connection.kinds.items()} == {
        "incident": INCIDENT,
        "request": "[System] Service request",
    }
    assert words(folder)["fields"] == {"team": "Assignment group", "service": "Service"}
    assert book.languages == ("en", "nb")
    assert book.services["payments"].facts["service.team"] == "payments"
    assert [route.team or route.path for route in book.routes.rules] == ["service.team", "service-desk"]


def test_the_matrix_of_a_stock_jira_is_that_of_the_default_pack(run: Run, folder: Path, serve_site: Serve):
    book = proposed(run, folder, serve_site(site()))
    assert book.scales["impact"] == ("extensive", "significant", "moderate", "minor")
    assert book.matrix["extensive", "high"] == "P1"
    assert [book.titles[name] for name in book.priorities] == ["Critical", "High", "Medium", "Low", "Planning"]


def test_the_site_is_only_read(run: Run, folder: Path, serve_site: Serve):
    made = with_groups(site())
    init(run, folder, serve_site(made), "--user", USER)
    assert {request.method for request in made.requests if not request.path.endswith("/search/jql")} == {"GET"}


def test_the_proposed_desk_observes_and_writes_once_the_admin_says_apply(run: Run, folder: Path, serve_site: Serve):
    made = with_groups(site())
    book = proposed(run, folder, serve_site(made))
    made.clock.set((book.connections["jira"].since or workspace.now()) + timedelta(minutes=1))
    id = report(made, Impact="Extensive / Widespread", Urgency="Critical")
    assert run("once", "-w", folder).exit_code == 0
    assert made.comments(id) == []
    assert made.issue(id)["Priority"] == "Medium"
    (folder / "itsm-sync.db").unlink()
    desk = folder / "desk.yaml"
    desk.write_text(desk.read_text(encoding="utf-8").replace("\nmode: observe", "\nmode: apply"), encoding="utf-8")
    assert run("once", "-w", folder).exit_code == 0
    assert made.issue(id)["Assignment group"] == "Service Desk"
    assert made.issue(id)["Priority"] == "Highest"
    assert {comment.public for comment in made.comments(id)} == {True, False}


# What is sure, and what is not


def test_a_team_field_in_use_goes_before_a_group_picker_and_its_teams_are_written_by_id(run, folder, serve_site: Serve):
    made = with_groups(site())
    web = made.add_team("Web")
    report(made, Team="Web")
    book = proposed(run, folder, serve_site(made))
    assert words(folder)["fields"]["team"] == "Team"
    assert book.teams["web"].groups["jira"] == web
    assert f'web: {{groups: {{jira: "{web}"}}}}   # Web' in texts(folder)["teams.yaml"]
    assert "team could also stand in: Assignment group" in texts(folder)["words.yaml"]


def test_a_select_called_like_teams_holds_the_team_where_there_is_no_group_picker(run, folder, serve_site: Serve):
    book = proposed(run, folder, serve_site(site(Support_team=("Web", "Payments"))))
    assert words(folder)["fields"]["team"] == "Support team"
    assert {team.groups["jira"] for team in book.teams.values()} == {"Web", "Payments"}


def test_of_two_fields_that_may_hold_the_team_none_is_written_and_both_are_named(run, folder, serve_site: Serve):
    made = with_groups(site())
    made.add_field("Support group", type="group")
    book = proposed(run, folder, serve_site(made))
    assert "fields" not in words(folder)
    assert "team could also stand in: Assignment group, Support group" in texts(folder)["words.yaml"]
    assert book.teams == {}
    assert book.routes.rules == ()


def test_without_a_field_for_the_team_a_comment_says_what_to_name(run: Run, folder: Path, serve_site: Serve):
    made = site()
    made.add_group("jira-users")
    assert proposed(run, folder, serve_site(made)).teams == {}
    assert "Which field holds the team is for you to say" in texts(folder)["words.yaml"]


def test_groups_that_are_in_use_are_taken_and_not_those_that_give_access(run: Run, folder: Path, serve_site: Serve):
    made = with_groups(site())
    made.add_group("jira-users")
    report(made, Assignment_group="Payments")
    assert list(proposed(run, folder, serve_site(made)).teams) == ["payments"]


def test_of_two_fields_of_one_name_the_one_on_the_screen_is_named_by_its_id(run: Run, folder: Path, serve_site: Serve):
    made = site()
    made.new_field("Impact", "select", "select", ("Old",), on_screen=False)
    stock = next(id for id, field in made.fields.items() if field.name == "Impact")
    proposed(run, folder, serve_site(made))
    assert words(folder)["fields"] == {"impact": stock}


def test_levels_of_the_desks_own_become_its_scale(run: Run, folder: Path, serve_site: Serve):
    made = site()
    urgency = made.field("Urgency")
    urgency.options = {made.new_id(): name for name in ("Right now", "This week", "Some day: maybe")}
    book = proposed(run, folder, serve_site(made))
    assert book.scales["urgency"] == ("right-now", "this-week", "some-day-maybe")
    assert book.connections["jira"].kinds["incident"].values["urgency"]["this-week"] == ("This week",)


def test_fewer_levels_than_stock_keep_the_stock_words(run: Run, folder: Path, serve_site: Serve):
    made = site()
    urgency = made.field("Urgency")
    urgency.options = {made.new_id(): name for name in ("High", "Medium", "Low")}
    assert proposed(run, folder, serve_site(made)).scales["urgency"] == ("high", "medium", "low")


def test_priorities_are_those_of_the_project(run: Run, folder: Path, serve_site: Serve):
    made = site()
    made.projects["IT"].priorities = ["1", "3", "5"]
    book = proposed(run, folder, serve_site(made))
    assert [book.titles[name] for name in book.priorities] == ["Highest", "Medium", "Lowest"]


def test_statuses_are_known_by_name_where_their_category_agrees_and_else_named(run, folder, serve_site: Serve):
    made = site()
    for name, category in (("Awaiting supplier", "indeterminate"), ("Zombie", "indeterminate"), ("Fixed", "new")):
        id = made.new_id()
        made.statuses[id] = next(iter(made.statuses.values()))._replace(id=id, name=name, category=category)
    values = proposed(run, folder, serve_site(made)).connections["jira"].kinds["incident"].values
    assert "Awaiting supplier" in values["status"]["waiting"]
    assert "Waiting for customer" in values["status"]["waiting"]
    assert "Fixed" not in values["status"]["resolved"]
    assert "go by their category: Zombie (in_progress), Fixed (new)" in texts(folder)["words.yaml"]


def test_a_priority_that_is_on_no_screen_is_only_proposed(run: Run, folder: Path, serve_site: Serve):
    made = site()
    made.remove_from_screen("Priority")
    assert proposed(run, folder, serve_site(made)).connections["jira"].kinds["incident"].set_priority_by == ("note",)


def test_all_service_projects_are_taken_and_others_are_not(run: Run, folder: Path, serve_site: Serve):
    made = site()
    made.add_project("HR", "People: all of them")
    made.add_project("DEV", "Development", kind="software")
    assert proposed(run, folder, serve_site(made)).connections["jira"].projects == ("IT", "HR")
    desk = texts(folder)["desk.yaml"]
    assert "# IT: IT Support, HR: People: all of them" in desk
    assert "# Not looked after: [System] Problem, [System] Change" in desk


def test_issue_types_that_are_none_of_the_stock_ones_are_named_for_the_admin(run: Run, folder: Path, serve_site: Serve):
    made = site()
    for id, one in made.types.items():
        made.types[id] = one._replace(name=f"Our {one.name}")
    init(run, folder, serve_site(made), "--user", USER)
    desk = texts(folder)["desk.yaml"]
    assert "Which issue types these are could not be told" in desk
    assert "Our [System] Incident" in desk


# Who asks


def test_a_personal_access_token_of_data_center_needs_no_user(run: Run, folder: Path, serve_site: Serve):
    init(run, folder, serve_site(with_groups(site("Server"))))
    assert workspace.rulebook(folder)[0].connections["jira"].auth == {"token": "${JIRA_TOKEN}"}
    assert run("check", "-w", folder, "--online").exit_code == 0


def test_a_user_of_data_center_has_a_password(run: Run, folder: Path, serve_site: Serve, monkeypatch):
    monkeypatch.setenv("JIRA_PASSWORD", PASSWORD)
    book = proposed(run, folder, serve_site(site("Server")), "--user", "itsm.sync")
    assert book.connections["jira"].auth == {"user": "itsm.sync", "password": "${JIRA_PASSWORD}"}


def test_an_oauth_client_is_as_good_as_a_token(run: Run, folder: Path, serve_site: Serve, monkeypatch):
    monkeypatch.setenv("JIRA_CLIENT_SECRET", "sandbox")
    made = site()
    url = serve_site(made)
    monkeypatch.setattr("connectors.jira_service_management.connector.SIGN_IN", f"{url}/oauth/token")
    monkeypatch.setattr("connectors.jira_service_management.connector.GATEWAY", f"{url}/ex/jira")
    book = proposed(run, folder, url, "--client-id", "sandbox")
    assert book.connections["jira"].auth == {"client_id": "sandbox", "client_secret": "${JIRA_CLIENT_SECRET}"}


def test_the_token_is_asked_for_and_not_shown(run: Run, folder: Path, serve_site: Serve, monkeypatch):
    url = serve_site(site())
    monkeypatch.delenv("JIRA_TOKEN")
    result = run("init", folder, "--url", url, "--user", USER, typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert f"Token of {USER}" in result.output
    assert PASSWORD not in "".join(texts(folder).values())


@pytest.mark.parametrize("url", ["https://acme.atlassian.net", ""])
def test_jira_cloud_wants_to_know_who_asks(run: Run, folder: Path, serve_site: Serve, url: str):
    result = run("init", folder, "--url", url or serve_site(site()))
    assert result.exit_code == 2
    assert "Jira Cloud needs --user E-MAIL" in result.output
    assert not folder.exists()


def nothing_written(run: Run, folder: Path, url: str, *, says: str) -> None:
    result = run("init", folder, "--url", url, "--user", USER)
    assert result.exit_code == 3
    assert len(result.output.splitlines()) == 1
    assert says in result.output
    assert not folder.exists()


def test_a_wrong_token_writes_nothing(run: Run, folder: Path, serve_site: Serve, monkeypatch):
    url = serve_site(site())
    monkeypatch.setenv("JIRA_TOKEN", "wrong-horse")
    nothing_written(run, folder, url, says="401")


def test_an_account_that_sees_no_service_project_writes_nothing(run: Run, folder: Path, serve_site: Serve):
    nothing_written(run, folder, serve_site(Site()), says="the account sees no service management project")


def test_where_neither_platform_answers_that_is_said(run: Run, folder: Path):
    nothing_written(run, folder, "http://127.0.0.1:9", says="No Jira answers there either")


def test_the_jira_beside_the_example_is_good_once_its_signs_are_taken_away(run: Run, folder: Path):
    run("init", folder)
    desk = folder / "desk.yaml"
    before, _, jira = desk.read_text(encoding="utf-8").partition("  # A Jira Service Management")
    lines = [line for line in jira.splitlines()[1:] if "teams want" not in line]
    lines = [line.replace("  # ", "  ", 1) if line.startswith("  # ") else line for line in lines]
    desk.write_text(f"{before}{chr(10).join(lines)}\n", encoding="utf-8")
    result = run("check", "-w", folder, "--json")
    assert [one["text"] for one in json.loads(result.output)["problems"] if one["weight"] == "error"] == []
    assert workspace.rulebook(folder)[0].connections["jira"].projects == ("IT",)
