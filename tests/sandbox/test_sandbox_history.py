"""Journal and audit: where they are, and how they look to an account that may not read them."""

from __future__ import annotations

from plain_client import Client

from connectors.sandbox import MovableClock
from connectors.sandbox.servicenow import World


def _commented(world: World, clock: MovableClock, incident: str) -> None:
    world.update("incident", incident, {"comments": "Is it back?"}, by="kari")
    clock.advance(minutes=1)
    world.update("incident", incident, {"work_notes": "Switch 4 is dead.", "urgency": 1}, by="ida")


def test_journal_fields_are_empty_in_the_record_and_their_rows_are_elsewhere(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    _commented(world, clock, incident)
    assert client.rows(fields="comments,work_notes") == [{"comments": "", "work_notes": ""}]
    query = f"element_id={incident}^element=work_notes"
    assert client.rows("sys_journal_field", query=query, fields="name,value,sys_created_by,sys_created_on") == [
        {
            "name": "incident",
            "value": "Switch 4 is dead.",
            "sys_created_by": "ida",
            "sys_created_on": "2026-11-02 12:01:00",
        }
    ]


def test_without_a_right_of_their_own_journal_rows_are_not_there_while_the_record_shows_the_whole_text(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    _commented(world, clock, incident)
    world.deny("sys_journal_field", account="itsm.sync")
    answer = client.get("sys_journal_field", query=f"element_id={incident}")
    assert (answer.status_code, answer.json()) == (200, {"result": []})
    (row,) = client.rows(fields="comments,comments_and_work_notes", display_value="true")
    assert row["comments"] == "2026-11-02 04:00:00 - Kari Nordmann (Additional comments)\nIs it back?\n\n"
    assert row["comments_and_work_notes"] == (
        "2026-11-02 04:01:00 - Ida Berg (Work notes)\nSwitch 4 is dead.\n\n" + row["comments"]
    )


def test_the_audit_says_who_changed_which_field_from_what_to_what(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    _commented(world, clock, incident)
    fields = "fieldname,oldvalue,newvalue,user,record_checkpoint"
    rows = client.rows("sys_audit", query=f"documentkey={incident}^user=ida", fields=fields)
    found = {row["fieldname"]: (row["oldvalue"], row["newvalue"], row["record_checkpoint"]) for row in rows}
    assert found == {
        "urgency": ("3", "1", "2"),
        "priority": ("5", "3", "2"),
        "work_notes": ("JOURNAL FIELD ADDITION", "Switch 4 is dead.", "2"),
    }


def test_creating_a_ticket_leaves_no_audit(client: Client, incident: str) -> None:
    assert client.rows("sys_audit", query=f"documentkey={incident}") == []


def test_without_a_right_of_its_own_the_audit_is_an_empty_list(
    client: Client, world: World, clock: MovableClock, incident: str
) -> None:
    _commented(world, clock, incident)
    world.deny("sys_audit")
    answer = client.get("sys_audit", query=f"documentkey={incident}")
    assert (answer.status_code, answer.json()) == (200, {"result": []})
