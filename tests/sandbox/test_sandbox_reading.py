"""What pages, records and values look like to a client."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime

from plain_client import NOON, Client

from connectors.sandbox import MovableClock
from connectors.sandbox.servicenow import World


def _many(world: World, count: int) -> list[str]:
    return [world.insert("incident", {"urgency": 1 + n % 3}) for n in range(count)]


def test_fields_that_do_not_exist_are_left_out_without_a_word(client: Client, incident: str) -> None:
    (row,) = client.rows(fields="number,nonsense,caller_id.nonsense")
    assert row == {"number": "INC0010001"}


def test_changes_within_one_second_have_the_same_time(world: World, clock: MovableClock, client: Client) -> None:
    for _ in range(3):
        world.insert("incident", {})
        clock.advance(seconds=0.2)
    assert {row["sys_updated_on"] for row in client.rows(fields="sys_updated_on")} == {"2026-11-02 12:00:00"}


def test_the_limit_counts_before_access_rules_so_a_page_in_the_middle_is_empty(world: World, client: Client) -> None:
    for n in range(6):
        world.insert("incident", {"number": str(n), "category": "secret" if n in (2, 3) else "open"})
    world.deny("incident", rows="category=secret")
    pages = [client.get(query="ORDERBYnumber", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [[row["number"] for row in page.json()["result"]] for page in pages] == [["0", "1"], [], ["4", "5"]]
    assert {page.headers["X-Total-Count"] for page in pages} == {"6"}


def test_links_lead_to_the_next_page_until_the_last(world: World, client: Client) -> None:
    _many(world, 5)
    answer = client.get(query="ORDERBYsys_id", limit=2, fields="sys_id")
    assert answer.links.keys() == {"first", "next", "last"}
    found = answer.json()["result"]
    while "next" in answer.links:
        answer = client.session.get(answer.links["next"]["url"], timeout=5)
        found += answer.json()["result"]
    assert len({row["sys_id"] for row in found}) == len(found) == 5


def test_a_count_that_is_not_wanted_is_not_made(world: World, client: Client) -> None:
    assert "X-Total-Count" not in client.get(no_count="true").headers


def test_an_empty_answer_is_404_in_version_1_and_an_empty_list_otherwise(client: Client) -> None:
    empty = client.get(version="v1/")
    assert empty.status_code == 404
    assert empty.json()["error"]["message"] == "No Record found"
    assert [client.get(version=version).json() for version in ("v2/", "")] == [{"result": []}] * 2


def test_a_reference_is_empty_text_or_an_object_with_a_link(client: Client, world: World, incident: str) -> None:
    (row,) = client.rows(fields="caller_id,assigned_to")
    kari = world.find("sys_user", user_name="kari")
    assert row == {
        "caller_id": {"link": f"{client.url}/api/now/table/sys_user/{kari}", "value": kari},
        "assigned_to": "",
    }
    assert client.rows(fields="caller_id", exclude_reference_link="true") == [{"caller_id": kari}]


def test_a_dot_walk_reads_fields_of_the_referenced_record(client: Client, incident: str) -> None:
    (row,) = client.rows(fields="caller_id.preferred_language,caller_id.company.name,assigned_to.name")
    assert row == {"caller_id.preferred_language": "nb", "caller_id.company.name": "Harbour", "assigned_to.name": ""}


def test_display_values_are_labels_names_and_times_in_the_accounts_zone_and_format(
    client: Client, world: World, incident: str
) -> None:
    world.accounts["itsm.sync"].zone = "Europe/Oslo"
    world.accounts["itsm.sync"].date_format = "%d/%m/%Y %I:%M:%S %p"
    fields = "state,urgency,caller_id,assigned_to,sys_updated_on"
    assert client.rows(fields=fields, display_value="true", exclude_reference_link="true") == [
        {
            "state": "New",
            "urgency": "3 - Low",
            "caller_id": "Kari Nordmann",
            "assigned_to": "",
            "sys_updated_on": "02/11/2026 01:00:00 PM",
        }
    ]
    (row,) = client.rows(fields="sys_updated_on,caller_id", display_value="all")
    assert row["sys_updated_on"] == {"display_value": "02/11/2026 01:00:00 PM", "value": "2026-11-02 12:00:00"}
    assert row["caller_id"].keys() == {"display_value", "link", "value"}


def test_display_times_look_like_stored_ones_but_are_hours_off(client: Client, incident: str) -> None:
    assert client.rows(fields="opened_at", display_value="true") == [{"opened_at": "2026-11-02 04:00:00"}]
    assert client.rows(fields="opened_at") == [{"opened_at": "2026-11-02 12:00:00"}]


def test_a_duration_is_a_date_counted_from_1970(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    clock.advance(hours=26, minutes=5)
    world.update("incident", incident, {"state": 6}, by="ida")
    assert client.rows(fields="calendar_duration") == [{"calendar_duration": "1970-01-02 02:05:00"}]
    shown = client.rows(fields="calendar_duration", display_value="true")
    assert shown == [{"calendar_duration": "1 Day 2 Hours 5 Minutes"}]


def test_the_dictionary_names_a_field_under_the_table_that_defines_it(client: Client) -> None:
    def owner(element: str) -> list[dict[str, str]]:
        query = f"nameINincident,task^element={element}"
        return client.rows("sys_dictionary", query=query, fields="name,max_length", exclude_reference_link="true")

    assert owner("short_description") == [{"name": "task", "max_length": "160"}]
    assert owner("u_mark") == [{"name": "incident", "max_length": "40"}]


def test_choices_are_those_the_platform_ships(client: Client) -> None:
    def values(name: str, element: str) -> dict[str, str]:
        rows = client.rows("sys_choice", query=f"name={name}^element={element}^ORDERBYsequence", fields="value,label")
        return {row["value"]: row["label"] for row in rows}

    assert list(values("incident", "state")) == ["1", "2", "3", "6", "7", "8"]
    assert values("incident", "hold_reason")["1"] == "Awaiting Caller"
    assert values("task", "priority")["1"] == "1 - Critical"


def test_the_platforms_own_sla_row_is_stale_and_only_its_planned_end_is_true(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    world.add_sla(incident, "Resolve in 4 hours", timedelta(hours=4))
    clock.advance(hours=5)
    (row,) = client.rows("task_sla", query=f"task={incident}", fields="has_breached,planned_end_time,time_left")
    assert row == {
        "has_breached": "false",
        "planned_end_time": "2026-11-02 16:00:00",
        "time_left": "1970-01-01 04:00:00",
    }


def test_the_date_of_an_answer_is_the_instances(client: Client, clock: MovableClock) -> None:
    clock.advance(minutes=3)
    date = parsedate_to_datetime(client.get().headers["Date"])
    assert (date - NOON).total_seconds() == 180


def test_a_table_that_does_not_exist_is_refused(client: Client) -> None:
    answer = client.get("no_such_table")
    assert answer.status_code == 400
    assert answer.json() == {"error": {"message": "Invalid table no_such_table", "detail": None}, "status": "failure"}


def test_what_was_asked_is_remembered(client: Client, world: World, incident: str) -> None:
    client.get(limit=1)
    client.patch(f"incident/{incident}", {"urgency": "2"})
    asked = [(r.method, r.path, r.status, r.user) for r in world.requests]
    assert asked == [
        ("GET", "/api/now/table/incident", 200, "itsm.sync"),
        ("PATCH", f"/api/now/table/incident/{incident}", 200, "itsm.sync"),
    ]
    assert world.requests[0].query == {"sysparm_limit": "1"}
    assert world.requests[1].body == {"urgency": "2"}


def test_a_reference_to_a_ticket_shows_its_number(world: World, client: Client, incident: str) -> None:
    below = world.insert("incident", {"parent_incident": incident, "parent": incident})
    (row,) = client.rows(query=f"sys_id={below}", fields="parent_incident,parent", display_value="all")
    assert {name: row[name]["display_value"] for name in row} == {
        "parent_incident": "INC0010001",
        "parent": "INC0010001",
    }


def test_people_have_managers_and_may_have_left(world: World, client: Client) -> None:
    world.add_user("leo", "Leo Lie", manager="ida", active=False)
    (row,) = client.rows("sys_user", query="user_name=leo", fields="active,manager.user_name")
    assert row == {"active": "false", "manager.user_name": "ida"}
    assert "leo" not in {row["user_name"] for row in client.rows("sys_user", query="active=true", fields="user_name")}


def test_a_list_of_people_is_written_whole_and_shows_their_names(world: World, client: Client, incident: str) -> None:
    ids = [world.find("sys_user", user_name=name) for name in ("kari", "ida")]
    for some in (ids, ids[1:]):
        client.patch(f"incident/{incident}", {"work_notes_list": ",".join(some)})
    (row,) = client.rows(fields="work_notes_list", display_value="all")
    assert row["work_notes_list"]["value"] == ids[1]
    assert row["work_notes_list"]["display_value"] == "Ida Berg"
