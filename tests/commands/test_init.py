"""What `itsm-sync init` writes, from an example and from what an instance has, and when it writes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from command_line import PASSWORD, Run, Served, texts

from commands import workspace
from connectors.sandbox import Fault
from connectors.sandbox.servicenow import Account, World
from rules.rulebook import Rulebook

ODD = ("网络团队", 'He said "x"', "it's", "a: b", "a.b", "a b", "true", "null", "123", "---", "Team", "Comment",
       "Đội hỗ trợ", "#1 {core}", "- dash", "  padded ", "ทีมเครือข่าย", "*all & more!",
       "x" * 80, "50 %", "@home", "$HOME ${X}")  # fmt: skip


def is_good(run: Run, folder: Path) -> Rulebook:
    """Return the rulebook of a workspace in which `check` finds neither errors nor warnings and its test passes."""
    result = run("check", "-w", folder, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["problems"] == []
    tested = run("test", "-w", folder)
    assert tested.exit_code == 0, tested.output
    return workspace.rulebook(folder)[0]


def proposed(run: Run, folder: Path, url: str) -> Rulebook:
    result = run("init", folder, "--url", url, "--user", "itsm.sync")
    assert result.exit_code == 0, result.output
    return is_good(run, folder)


def offer(world: World, element: str, labels: dict[str, str], table: str = "task") -> None:
    """Give a field these choices, value → label, in place of those it has."""
    for row in world.select("sys_choice", f"element={element}"):
        world.delete("sys_choice", row["sys_id"])
    for place, (value, label) in enumerate(labels.items()):
        shown = {"label": label, "sequence": str(place), "language": "en", "inactive": "false"}
        world.insert("sys_choice", {"name": table, "element": element, "value": value, **shown})


def test_the_example_is_a_good_workspace_that_changes_no_ticket(run: Run, folder: Path):
    assert run("init", folder).exit_code == 0
    book = is_good(run, folder)
    assert book.mode == "observe"
    assert book.connections["servicenow"].since is not None


def test_the_example_can_be_looked_after_by_every_stage(run: Run, folder: Path):
    run("init", folder)
    book = is_good(run, folder)
    assert all(stage.rules for stage in (book.classify, book.adjust, book.routes, book.communications))


def test_what_to_do_next_is_said_in_three_lines_of_eighty_columns(run: Run, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = run("init", "desk").output.splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= 80


def test_comments_and_rules_fit_eighty_columns(run: Run, folder: Path):
    run("init", folder)
    wide = [line for text in texts(folder).values() for line in text.splitlines() if len(line) > 80]
    assert wide == []


@pytest.mark.parametrize("there", ["desk.yaml", "rules/words.yaml"])
def test_what_is_there_is_never_overwritten(run: Run, folder: Path, there: str):
    (folder / there).parent.mkdir(parents=True)
    (folder / there).write_text("mine", encoding="utf-8")
    result = run("init", folder)
    assert result.exit_code == 2
    assert there in result.output
    assert texts(folder) == {Path(there).name: "mine"}


def test_other_files_in_the_folder_are_left_alone(run: Run, folder: Path):
    folder.mkdir()
    (folder / "README").write_text("mine", encoding="utf-8")
    assert run("init", folder).exit_code == 0
    assert texts(folder)["README"] == "mine"


def test_a_folder_that_cannot_hold_every_file_gets_none(run: Run, folder: Path):
    folder.mkdir()
    (folder / "rules").write_text("a file where a folder should be", encoding="utf-8")
    result = run("init", folder)
    assert result.exit_code == 2
    assert [path.name for path in folder.iterdir()] == ["rules"]


def test_a_stock_instance_needs_no_values_of_its_own(run: Run, folder: Path, serve_world: Served):
    world = World(extra_fields={"incident": {"u_itsm_sync": "string(100)"}})
    world.add_group("Service Desk")
    world.add_group("Payments")
    world.add_service("Payments")
    world.add_user("kari", "Kari Nordmann", language="nb")
    book = proposed(run, folder, serve_world(world))
    assert yaml.safe_load(texts(folder)["words.yaml"]) == {
        "words": {"servicenow": {"fields": {"mark": "u_itsm_sync"}, "set_priority_by": ["urgency", "impact"]}}
    }
    assert book.languages == ("en", "nb")
    assert book.services["payments"].facts["service.team"] == "payments"
    assert [route.team or route.path for route in book.routes.rules] == ["service.team", "service-desk"]
    assert book.matrix["extensive", "high"] == "P1"
    assert book.matrix["significant", "low"] == "P4"


def test_the_instance_is_only_read(run: Run, folder: Path, serve_world: Served):
    world = World()
    proposed(run, folder, serve_world(world))
    assert {request.method for request in world.requests} == {"GET"}


def test_the_proposal_agrees_with_the_instance_it_is_made_from(run: Run, folder: Path, serve_world: Served):
    world = World(extra_fields={"incident": {"u_itsm_sync": "string(100)"}})
    offer(world, "impact", {str(n): f"{n} - Level {n}" for n in range(1, 6)})
    for name in ("Service Desk", *ODD[:6]):
        world.add_group(name)
    proposed(run, folder, serve_world(world))
    result = run("check", "-w", folder, "--online", "--json")
    found = json.loads(result.output)["online"]["servicenow"]
    assert [finding["text"] for finding in found if finding["weight"] != "note"] == []


def test_five_levels_of_impact_get_a_scale_and_a_matrix_of_that_size(run: Run, folder: Path, serve_world: Served):
    world = World()
    labels = ["Whole company", "A country: all of it", "Site / office", "Team", "true"]
    offer(world, "impact", {str(n): f"{n} - {label}" for n, label in enumerate(labels, 1)})
    offer(world, "priority", {"10": "Now", "20": "Soon", "30": "Later"})
    book = proposed(run, folder, serve_world(world))
    words = book.connections["servicenow"].kinds["incident"].values
    assert [words["impact"][level][0] for level in book.scales["impact"]] == ["1", "2", "3", "4", "5"]
    assert book.scales["impact"][1] == "a-country-all-of-it"
    assert [book.titles[name] for name in book.priorities] == ["Now", "Soon", "Later"]
    assert words["priority"] == {"P1": ("10",), "P2": ("20",), "P3": ("30",)}
    assert book.matrix["whole-company", "high"] == "P1"
    assert book.matrix["true", "low"] == "P3"
    assert len(book.matrix) == 15


def test_states_are_known_by_their_labels(run: Run, folder: Path, serve_world: Served):
    world = World()
    offer(world, "state", {"1": "New", "2": "Active", "3": "Awaiting Problem", "4": "Awaiting User Info",
                           "6": "Resolved", "7": "Closed", "9": "Withdrawn", "20": "Zombie"}, "incident")  # fmt: skip
    offer(world, "hold_reason", {"1": "Awaiting Vendor", "2": "Awaiting Caller", "8": "Lunch"}, "incident")
    words = proposed(run, folder, serve_world(world)).connections["servicenow"].kinds["incident"].values
    assert words["status"]["waiting"] == ("3", "4")
    assert words["status"]["cancelled"] == ("9",)
    assert words["waiting_for"] == {"supplier": ("1",), "requester": ("2",), "lunch": ("8",)}
    assert "Zombie" in texts(folder)["words.yaml"]


def test_three_hundred_groups_of_any_name_become_teams(run: Run, folder: Path, serve_world: Served):
    world = World()
    names = [*ODD, *(f"Group {number}" for number in range(300 - len(ODD)))]
    for name in names:
        world.add_group(name)
    book = proposed(run, folder, serve_world(world))
    assert {team.groups["servicenow"] for team in book.teams.values()} == set(names)
    assert "网络团队" in book.teams


def test_groups_that_servicenow_cannot_tell_apart_are_left_out_and_named(run: Run, folder: Path, serve_world: Served):
    world = World()
    for name in ("Web", "web", "Net^work", "Payments"):
        world.add_group(name)
    book = proposed(run, folder, serve_world(world))
    assert [team.groups["servicenow"] for team in book.teams.values()] == ["Payments"]
    comment = next(line for line in texts(folder)["teams.yaml"].splitlines() if "Left out" in line)
    assert all(name in comment for name in ("Web", "web", "Net^work"))


def test_without_a_service_desk_nothing_is_routed_until_the_admin_says_so(run, folder: Path, serve_world: Served):
    world = World()
    world.add_group("Payments")
    assert proposed(run, folder, serve_world(world)).routes.rules == ()


def test_an_account_that_may_not_read_groups_still_gets_a_workspace(run: Run, folder: Path, serve_world: Served):
    world = World()
    world.add_group("Service Desk")
    world.deny("sys_user_group")
    assert proposed(run, folder, serve_world(world)).teams == {}
    assert "read access" in texts(folder)["teams.yaml"]


def test_where_the_platform_does_not_compute_priority_it_is_written_itself(run, folder: Path, serve_world: Served):
    world = World(priority_lookup=False)
    for priority in ("1", "4"):
        world.insert("incident", {"short_description": "x", "impact": "2", "urgency": "2", "priority": priority})
    book = proposed(run, folder, serve_world(world))
    assert book.connections["servicenow"].kinds["incident"].set_priority_by == ("priority",)


def test_the_proposed_desk_observes_and_writes_once_the_admin_says_apply(run: Run, folder: Path, serve_world: Served):
    world = World(extra_fields={"incident": {"u_itsm_sync": "string(100)"}})
    world.add_group("Service Desk")
    book = proposed(run, folder, serve_world(world))
    kari = world.add_user("kari", "Kari Nordmann", language="nb")
    moment = (book.connections["servicenow"].since or workspace.now()) + timedelta(minutes=1)
    born = {"sys_created_on": f"{moment:%Y-%m-%d %H:%M:%S}"}
    ticket = world.insert("incident", {"short_description": "Phishing", "caller_id": kari, **born}, by="kari")
    assert run("once", "-w", folder).exit_code == 0
    assert [request.method for request in world.requests if request.method != "GET"] == []
    (folder / "itsm-sync.db").unlink()
    desk = folder / "desk.yaml"
    desk.write_text(desk.read_text(encoding="utf-8").replace("\nmode: observe", "\nmode: apply"), encoding="utf-8")
    assert run("once", "-w", folder).exit_code == 0
    assert world.record("incident", ticket)["assignment_group"] == world.find("sys_user_group", name="Service Desk")
    assert [entry.element for entry in world.journal(ticket) if entry.user == "itsm.sync"] == ["comments", "work_notes"]


def test_languages_without_messages_are_named_in_a_comment(run: Run, folder: Path, serve_world: Served):
    world = World()
    world.add_user("lars", "Lars", language="sv")
    world.add_user("an", "An", language="vi")
    assert proposed(run, folder, serve_world(world)).languages == ("en", "vi")
    assert "there are no messages: sv" in texts(folder)["desk.yaml"]


def test_the_password_is_asked_for_and_not_shown(run: Run, folder: Path, serve_world: Served, monkeypatch):
    monkeypatch.delenv("SERVICENOW_PASSWORD")
    url = serve_world(World())
    result = run("init", folder, "--url", url, "--user", "itsm.sync", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in "".join(texts(folder).values())


def test_an_oauth_client_is_as_good_as_a_password(run: Run, folder: Path, serve_world: Served, monkeypatch):
    monkeypatch.setenv("SERVICENOW_CLIENT_SECRET", "sandbox")
    url = serve_world(World())
    assert run("init", folder, "--url", url, "--client-id", "sandbox").exit_code == 0
    auth = is_good(run, folder).connections["servicenow"].auth
    assert auth == {"client_id": "sandbox", "client_secret": "${SERVICENOW_CLIENT_SECRET}"}


def nothing_written(run: Run, folder: Path, url: str, *, says: str) -> None:
    result = run("init", folder, "--url", url, "--user", "itsm.sync")
    assert result.exit_code == 3
    assert len(result.output.splitlines()) == 1
    assert says in result.output
    assert not folder.exists()


def test_a_wrong_password_writes_nothing(run: Run, folder: Path, serve_world: Served, monkeypatch):
    monkeypatch.setenv("SERVICENOW_PASSWORD", "wrong-horse")
    nothing_written(run, folder, serve_world(World()), says="401")


def test_an_unreachable_host_writes_nothing(run: Run, folder: Path):
    nothing_written(run, folder, "http://127.0.0.1:9", says="look at url, proxy and the network (127.0.0.1)")


def test_a_web_page_for_an_answer_writes_nothing(run: Run, folder: Path, serve_world: Served):
    world = World()
    world.faults.add(Fault(kind="html", times=100))
    nothing_written(run, folder, serve_world(world), says="web page")


def test_an_account_that_may_read_nothing_writes_nothing(run: Run, folder: Path, serve_world: Served):
    world = World()
    url = serve_world(world)
    world.accounts["itsm.sync"] = Account(password=PASSWORD, roles=set())
    nothing_written(run, folder, url, says="may read nothing")


def test_a_plain_http_address_writes_nothing(run: Run, folder: Path):
    nothing_written(run, folder, "http://desk.example", says="https")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--url", "https://x.service-now.com"), "--user NAME or --client-id ID"),
        (("--url", "https://x.service-now.com", "--user", "a", "--client-id", "b"), "not both"),
        (("--user", "a"), "give --url"),
        (("--url", "x.service-now.com", "--user", "a"), "must be an address such as https://"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_asked(run: Run, folder: Path, options, says: str):
    result = run("init", folder, *options)
    assert result.exit_code == 2
    assert says in result.output
    assert not folder.exists()
