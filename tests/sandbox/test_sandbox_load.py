"""Exports of a ServiceNow list become records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plain_client import Client

from connectors.sandbox.servicenow import World

CSV = """number,short_description,caller_id,assignment_group,state,impact,urgency,priority,active,opened_at,sys_updated_on
INC0000045,"Printer, again",Kari Nordmann,Field,In Progress,2 - Medium,1 - High,4 - Low,TRUE,2016-02-29 01:16:00,2016-02-29 08:53:00
INC0000046,Blåskjerm,Ola Hansen,Field,Resolved,?,3 - Low,5 - Planning,false,29-02-2016 01:23,29-02-2016 11:29
"""  # noqa: E501 - rows of a table


def test_labels_and_names_become_values_and_references(world: World) -> None:
    first, _ = world.load(CSV)
    record = world.record("incident", first)
    assert (record["state"], record["impact"], record["urgency"], record["active"]) == ("2", "2", "1", "true")
    assert record["caller_id"] == world.find("sys_user", user_name="kari")
    assert record["assignment_group"] == world.find("sys_user_group", name="Field")
    assert record["short_description"] == "Printer, again"


def test_people_and_groups_that_are_not_known_are_added_once(world: World) -> None:
    _, second = world.load(CSV)
    world.load(CSV)
    assert world.record("sys_user", world.record("incident", second)["caller_id"])["name"] == "Ola Hansen"
    assert len(world.select("sys_user", "name=Ola Hansen")) == 1
    assert len(world.select("sys_user_group", "name=Field")) == 1


def test_history_stays_as_it_was(world: World) -> None:
    first, second = world.load(CSV)
    assert world.record("incident", first)["priority"] == "4"
    assert world.record("incident", first)["sys_updated_on"] == "2016-02-29 08:53:00"
    assert world.record("incident", second)["sys_updated_on"] == "2016-02-29 11:29:00"
    assert world.record("incident", second)["number"] == "INC0000046"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_may_be_in_any_encoding_that_spreadsheets_write(world: World, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "incident.csv"
    path.write_bytes(CSV.encode(encoding))
    found = [world.record("incident", sys_id) for sys_id in world.load(path)]
    assert [record["number"] for record in found] == ["INC0000045", "INC0000046"]
    assert found[1]["short_description"] == "Blåskjerm"


@pytest.mark.parametrize("wrap", [lambda rows: {"records": rows}, lambda rows: {"result": rows}, lambda rows: rows])
def test_json_exports_are_read_in_each_of_their_forms(world: World, wrap: object) -> None:
    kari = world.find("sys_user", user_name="kari")
    rows = [
        {"sys_id": "a" * 32, "number": "INC1", "urgency": "1", "caller_id": kari},
        {"number": "INC2", "urgency": {"display_value": "2 - Medium", "value": "2"}, "caller_id": {"value": kari}},
    ]
    first, second = world.load(json.dumps(wrap(rows)))  # type: ignore[operator]
    assert first == "a" * 32
    assert world.record("incident", second)["urgency"] == "2"
    assert {world.record("incident", sys_id)["caller_id"] for sys_id in (first, second)} == {kari}


def test_what_one_instance_answers_another_can_load(client: Client, world: World, incident: str) -> None:
    other = World(clock=world.clock)
    other.load(client.get(display_value="all").text)
    loaded = {name: value for name, value in other.record("incident", incident).items() if value}
    original = {name: value for name, value in world.record("incident", incident).items() if value}
    assert loaded == original


def test_another_table_may_be_loaded(world: World) -> None:
    (laptop,) = world.load("name,busines_criticality\nLaptops,3 - less critical\n", "cmdb_ci_service")
    assert world.record("cmdb_ci_service", laptop)["name"] == "Laptops"


def test_a_date_that_cannot_be_read_is_said(world: World) -> None:
    with pytest.raises(ValueError, match="'yesterday' is no date"):
        world.load("number,opened_at\nINC1,yesterday\n")
