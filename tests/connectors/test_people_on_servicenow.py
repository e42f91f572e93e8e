"""What is ServiceNow's own about people: managers, lists that are written whole, and rows that nobody asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.base import Write
from rules.confirm import Marks
from rules.rulebook import Staff
from tests.connectors.servicenow_desk import WORDS, one

MIA = Staff("mia", "mia@harbour.example")


@pytest.fixture
def staff(desk, started):
    desk.hire("olivia.boss", "olivia@harbour.example")
    desk.hire("mia.berg", "mia@harbour.example", manager="olivia.boss")
    return started(people={"mia": MIA, "olivia": Staff("olivia", "olivia@harbour.example")})


def test_the_manager_of_whoever_has_a_ticket_is_read_with_it(desk, staff):
    id = desk.new("a ticket", assignee="mia.berg")
    before = len(desk.asked())
    facts = one(staff, id).facts
    assert (facts["assignee"], facts["assignee.manager"]) == ("mia", "olivia")
    assert len(desk.asked()) == before + 1
    desk.change(id, assignee="ida")
    assert "assignee.manager" not in one(staff, id).facts


def test_a_manager_whom_no_rule_names_is_known_by_the_account(desk, started):
    desk.hire("olivia.boss", "olivia@harbour.example")
    desk.hire("mia.berg", "mia@harbour.example", manager="olivia.boss")
    facts = one(started(), desk.new("a ticket", assignee="mia.berg")).facts
    assert (facts["assignee"], facts["assignee.manager"]) == ("mia.berg", "olivia.boss")


def test_people_are_read_as_keys_and_others_as_they_stand_in_the_list(desk, staff):
    id = desk.new("a ticket")
    desk.follow(id, "mia.berg")
    desk.follow(id, "ida")
    desk.follow(id, "guest@elsewhere.example")
    assert one(staff, id).facts["watchers"] == ("mia", desk.people["ida"], "guest@elsewhere.example")
    written = staff.write(Write(one(staff, id), {"watchers": ("olivia",)}))
    assert not written.refused
    assert desk.following(id) == ["mia.berg", "ida", "guest@elsewhere.example", "olivia.boss"]


def test_an_exact_write_puts_back_the_list_that_was_read(desk, staff):
    id = desk.new("a ticket")
    desk.follow(id, "guest@elsewhere.example")
    desk.follow(id, "ida")
    before = one(staff, id)
    staff.write(Write(before, {"watchers": ("mia",)}))
    written = staff.write(Write(one(staff, id), {"watchers": before.facts["watchers"]}, exact=True))
    assert not written.refused
    assert desk.following(id) == ["guest@elsewhere.example", "ida"]


def test_the_list_of_customers_is_never_touched(desk, staff):
    id = desk.new("a ticket", participants="per")
    staff.write(Write(one(staff, id), {"watchers": ("mia",), "assignee": "mia"}))
    assert desk.world.record("incident", id)["watch_list"] == desk.people["per"]


def test_a_list_that_is_full_is_left_as_it_is(desk, staff):
    id = desk.new("a ticket")
    desk.follow(id, "ida")
    row = desk.world.find("sys_dictionary", name="task", element="work_notes_list")
    desk.world.update("sys_dictionary", row, {"max_length": "40"})
    staff.start()
    written = staff.write(Write(one(staff, id), {"watchers": ("mia",)}))
    assert written.refused == {"watchers": "work_notes_list holds 40 characters: nobody else can follow"}
    assert desk.following(id) == ["ida"]


def test_watchers_that_a_rule_of_the_platform_takes_away_are_told(desk, staff):
    id = desk.new("a ticket")
    desk.world.add_data_lookup("incident", f"sys_id={id}", {"work_notes_list": ""})
    written = staff.write(Write(one(staff, id), {"watchers": ("mia",)}))
    assert written.refused == {"watchers": "the platform kept it empty"}


def test_all_of_it_is_one_patch(desk, staff):
    above, id = one(staff, desk.new("above")), desk.new("a ticket")
    ticket = one(staff, id)
    facts = {"assignee": "mia", "watchers": ("olivia",), "status": "in_progress", "parent": above.number}
    before = len(desk.asked())
    written = staff.write(Write(ticket, facts, "hello", "why", Marks(("0a",))))
    assert (written.refused, written.failed) == ({}, {})
    assert desk.asked()[before:] == ["GET", "PATCH"]  # the number of the ticket above is looked up


def test_rows_that_nobody_asked_for_are_nobody(desk, started):
    desk.hire("mia.berg", "mia@harbour.example")
    connector = started(people={"odd": Staff("odd", ""), "carets": Staff("carets", "a^b"), "mia": MIA})
    assert dict(connector.people) == {"mia": "mia.berg"}


def test_a_ticket_that_cannot_be_read_is_said_beside_who_was_not_found(desk, started):
    connector = started(people={"mia": MIA})
    id = desk.new("a ticket")
    desk.world.tables["incident"].records[id]["sys_mod_count"] = "many"
    assert [*next(iter(connector.tickets("incident", [id]))).tickets] == []
    assert ["mia:" in connector.lost[0], "cannot be read" in connector.lost[1], len(connector.lost)] == [True, True, 2]


def test_too_much_text_costs_the_verdicts_and_not_the_events(desk, staff, monkeypatch):
    from connectors.servicenow import journal
    from connectors.web.session import Incomplete

    id, real = desk.new("a ticket"), journal._rows
    desk.change(id, note="Approved")

    def rows(tables, table, fields, *more):
        if "value" in fields:
            raise Incomplete("too much")
        return real(tables, table, fields, *more)

    monkeypatch.setattr(journal, "_rows", rows)
    assert [(one.fact, one.value) for one in staff.said("incident", [one(staff, id)])[id]] == [("note", None)]


def test_without_a_field_for_them_watchers_and_persons_are_refused(desk, started):
    bare = {fact: source for fact, source in WORDS.fields.items() if fact not in ("watchers", "assignee", "parent")}
    desk.hire("mia.berg", "mia@harbour.example")
    connector = started(people={"mia": MIA}, kinds={"incident": replace(WORDS, fields=bare, timed=())})
    ticket = one(connector, desk.new("a ticket"))
    written = connector.write(Write(ticket, {"watchers": ("mia",), "assignee": "mia", "parent": ticket.number}))
    assert sorted(written.refused) == ["assignee", "parent", "watchers"]


def test_a_list_that_we_may_not_read_is_not_written_since_others_would_be_removed(desk, staff):
    id = desk.new("a ticket")
    desk.follow(id, "ida")
    desk.world.deny("incident", field="work_notes_list")
    written = staff.write(Write(one(staff, id), {"watchers": ("mia",), "assignee": "mia"}))
    assert [*written.refused] == ["watchers"]
    assert "may not read work_notes_list" in written.refused["watchers"]
    assert (written.ticket.facts["assignee"], desk.following(id)) == ("mia", ["ida"])


def test_people_whom_rules_name_are_not_looked_up_again_for_the_history(desk, staff):
    id = desk.new("a ticket")
    desk.change(id, assignee="mia.berg")
    ticket = one(staff, id)._replace(version=1)
    before = len(desk.asked())
    assert [event.value for event in staff.history("incident", [ticket])[id]] == ["mia"]
    assert len(desk.asked()) == before + 1
