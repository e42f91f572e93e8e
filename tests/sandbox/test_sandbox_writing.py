"""What a write does beyond what was written."""

from __future__ import annotations

import pytest
from plain_client import NOON, Client

from connectors.sandbox import MovableClock
from connectors.sandbox.servicenow import World


def test_a_new_incident_gets_a_number_defaults_and_its_requesters_company(client: Client, world: World) -> None:
    answer = client.post("incident", {"caller_id": world.find("sys_user", user_name="kari"), "nonsense": 1})
    row = answer.json()["result"]
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(row["sys_id"])
    assert (row["number"], row["state"], row["urgency"], row["priority"]) == ("INC0010001", "1", "3", "5")
    assert row["company"]["value"] == world.find("core_company", name="Harbour")
    assert row["sys_created_by"] == "itsm.sync"


def test_priority_is_computed_and_what_is_written_into_it_is_lost(client: Client, incident: str) -> None:
    answer = client.patch(f"incident/{incident}", {"priority": "1"}, fields="priority,sys_mod_count")
    assert answer.json()["result"] == {"priority": "5", "sys_mod_count": "0"}
    answer = client.patch(f"incident/{incident}", {"impact": "1", "urgency": "2"}, fields="priority")
    assert answer.json()["result"] == {"priority": "2"}


def test_an_instance_may_have_a_matrix_of_its_own(client: Client, world: World, incident: str) -> None:
    world.priority_matrix["3", "1"] = "1"
    answer = client.patch(f"incident/{incident}", {"urgency": "1"}, fields="priority")
    assert answer.json()["result"] == {"priority": "1"}


def test_priority_can_be_written_where_the_instance_does_not_compute_it(client: Client, world: World) -> None:
    world.priority_lookup = False
    sys_id = world.insert("incident", {})
    answer = client.patch(f"incident/{sys_id}", {"priority": "1", "urgency": "3"}, fields="priority")
    assert answer.json()["result"] == {"priority": "1"}


def test_one_patch_carries_fields_a_comment_and_a_work_note(client: Client, world: World, incident: str) -> None:
    body = {"urgency": "1", "comments": "We are on it.", "work_notes": "Raised to P3.", "u_mark": "m1"}
    client.patch(f"incident/{incident}", body)
    assert world.record("incident", incident)["u_mark"] == "m1"
    assert world.record("incident", incident)["sys_mod_count"] == "1"
    assert world.journal(incident) == [
        ("comments", "itsm.sync", NOON, "We are on it."),
        ("work_notes", "itsm.sync", NOON, "Raised to P3."),
    ]


def test_the_same_text_twice_is_there_twice(client: Client, world: World, incident: str) -> None:
    for _ in range(2):
        client.patch(f"incident/{incident}", {"comments": "We are on it."})
    assert [entry.value for entry in world.journal(incident)] == ["We are on it."] * 2


def test_writing_what_is_already_there_changes_nothing(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    clock.advance(minutes=1)
    client.patch(f"incident/{incident}", {"urgency": "3"})
    record = world.record("incident", incident)
    assert (record["sys_mod_count"], record["sys_updated_on"]) == ("0", "2026-11-02 12:00:00")


def test_a_comment_alone_moves_the_time_of_change(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    clock.advance(minutes=1)
    client.patch(f"incident/{incident}", {"comments": "Hello"})
    record = world.record("incident", incident)
    assert (record["sys_updated_on"], record["sys_updated_by"]) == ("2026-11-02 12:01:00", "itsm.sync")


def test_an_update_without_system_fields_is_missed_by_who_asks_for_changes(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    clock.advance(minutes=1)
    world.update("incident", incident, {"urgency": 1}, by="ida", touch=False)
    assert client.numbers("sys_updated_on>2026-11-02 12:00:00") == []
    assert world.record("incident", incident)["urgency"] == "1"
    assert world.record("incident", incident)["sys_updated_by"] == "kari"


def test_unknown_fields_and_system_fields_are_not_written(client: Client, world: World, incident: str) -> None:
    body = {"nonsense": "1", "sys_updated_on": "2030-01-01 00:00:00", "sys_created_by": "ida", "urgency": "1"}
    assert client.patch(f"incident/{incident}", body).status_code == 200
    record = world.record("incident", incident)
    assert "nonsense" not in record
    assert (record["sys_updated_on"], record["sys_created_by"]) == ("2026-11-02 12:00:00", "kari")


def test_a_text_longer_than_its_column_is_cut_without_a_word(client: Client, incident: str) -> None:
    answer = client.patch(f"incident/{incident}", {"u_mark": "x" * 50}, fields="u_mark")
    assert answer.json()["result"] == {"u_mark": "x" * 40}


def test_assignment_rules_run_only_while_group_and_person_are_both_empty(client: Client, world: World) -> None:
    network, ida = world.find("sys_user_group", name="Network"), world.find("sys_user", user_name="ida")
    desk = world.add_group("Service Desk")
    world.add_assignment_rule("incident", "category=network", {"assignment_group": network})

    def group(**values: str) -> str:
        row = client.post("incident", {"category": "network", **values}).json()["result"]
        return row["assignment_group"] and row["assignment_group"]["value"]

    assert group() == network
    assert group(assignment_group=desk) == desk
    assert group(assigned_to=ida) == ""


def test_a_data_lookup_replaces_what_was_written_and_the_answer_tells(
    client: Client, world: World, incident: str
) -> None:
    world.add_data_lookup("incident", "category=network", {"impact": "1"})
    answer = client.patch(f"incident/{incident}", {"category": "network", "impact": "3"}, fields="impact,priority")
    assert answer.json()["result"] == {"impact": "1", "priority": "5"}


def test_resolving_and_reopening_leave_their_traces(client: Client, world: World, incident: str) -> None:
    client.patch(f"incident/{incident}", {"state": "6"})
    resolved = world.record("incident", incident)
    assert resolved["resolved_at"] == "2026-11-02 12:00:00"
    assert resolved["resolved_by"] == world.find("sys_user", user_name="itsm.sync")
    client.patch(f"incident/{incident}", {"state": "2"})
    reopened = world.record("incident", incident)
    assert (reopened["reopen_count"], reopened["resolved_at"], reopened["incident_state"]) == ("1", "", "2")


@pytest.mark.parametrize(("table", "state"), [("incident", "7"), ("sc_req_item", "3"), ("sc_task", "3")])
def test_closing_makes_a_ticket_inactive(client: Client, world: World, table: str, state: str) -> None:
    sys_id = world.insert(table, {})
    assert world.record(table, sys_id)["active"] == "true"
    client.patch(f"{table}/{sys_id}", {"state": state})
    assert world.record(table, sys_id)["active"] == "false"
    assert world.record(table, sys_id)["closed_at"] == "2026-11-02 12:00:00"


def test_moving_from_group_to_group_is_counted(client: Client, world: World, incident: str) -> None:
    for name in ("Network", "Hardware", "Network"):
        client.patch(f"incident/{incident}", {"assignment_group": world.named("sys_user_group", name)})
    assert world.record("incident", incident)["reassignment_count"] == "2"


def test_a_body_that_is_no_json_object_is_refused(client: Client, incident: str) -> None:
    for body in (b"{", b"[]", b""):
        assert client.call("PATCH", f"/api/now/table/incident/{incident}", data=body).status_code == 400


def test_a_deleted_ticket_is_not_found(client: Client, world: World, incident: str) -> None:
    world.delete("incident", incident)
    assert client.get(f"incident/{incident}").status_code == 404
    assert client.rows() == []
