"""What is known of a ticket goes some time after it was closed, and what is known of a person when that is asked for.

Nothing is said twice for it.
"""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from endpoint import endpoint
from sqlalchemy import func, select

from connectors.state import keeping, schema
from connectors.state.lock import Lock
from sync import main

RULES = """
privacy: {keep: 90d}
routes: [{name: all, assign: {team: web}}]
communications:
  - {name: got-it, on: created, to: [requester], message: received}
  - {name: given, on: assigned, to: [requester], message: assigned}
  - {name: solved, on: resolved, to: [requester], message: solved}
  - {name: again, on: reopened, to: [requester], message: received}
"""
CLOCKED = "priorities: [{name: P1}, {name: P2}, {name: P3}, {name: P4}, {name: P5, resolve: 8h, calendar: always}]\n"
TABLES = ("tickets", "outbox", "journal", "changes", "happenings")


@pytest.fixture
def closed(desk) -> str:
    """Return a ticket of Kari's that was looked after, solved and closed."""
    desk.rules(RULES)
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    desk.change(ticket, state="6", assigned_to=desk.user("ida"))
    desk.cycle(times=2)
    desk.change(ticket, state="7")
    desk.cycle(times=2)
    assert len(desk.said(ticket)) == 2  # what was decided at once is one comment
    return ticket


def kept(desk) -> dict[str, int]:
    """Return how many rows are kept of tickets, by table."""
    with desk.desk().store._engine.connect() as db:
        counts = {table: select(func.count()).select_from(schema.METADATA.tables[table]) for table in TABLES}
        return {table: db.scalar(count) for table, count in counts.items()}


def days_go_by(desk, days: int) -> None:
    desk.close()
    desk.clock.advance(seconds=days * 86_400)
    desk.cycle()


def test_what_is_known_of_a_ticket_goes_when_it_was_closed_for_long_enough(desk, closed):
    days_go_by(desk, 89)
    assert kept(desk)["tickets"] == 1
    days_go_by(desk, 2)
    assert kept(desk) == dict.fromkeys(TABLES, 0)


def test_a_change_of_a_closed_ticket_keeps_it_no_longer(desk, closed):
    days_go_by(desk, 60)
    desk.change(closed, urgency="1")
    days_go_by(desk, 31)
    assert kept(desk)["tickets"] == 0


def test_without_keep_nothing_goes(desk, closed):
    desk.rules(RULES.replace("privacy: {keep: 90d}", ""))
    days_go_by(desk, 200)
    assert kept(desk)["tickets"] == 1


def test_a_forgotten_ticket_that_is_changed_is_left_alone(desk, closed):
    days_go_by(desk, 91)
    desk.change(closed, urgency="1")
    desk.writes()
    desk.cycle(times=3)
    assert desk.writes() == []
    assert kept(desk) == dict.fromkeys(TABLES, 0)


def test_explain_says_that_a_ticket_is_forgotten(desk, closed):
    days_go_by(desk, 91)
    desk.close()
    said = CliRunner().invoke(main, ["explain", f"sn/{desk.ticket(closed)['number']}", "-w", str(desk.folder)])
    assert "was closed for so long that it is forgotten, as privacy: keep: says" in said.output


@pytest.mark.parametrize(("marks", "told_again"), [(True, 1), (False, 0)])  # ServiceNow keeps the first resolved_at
def test_a_forgotten_ticket_that_is_opened_again_hears_that_and_nothing_twice(desk, closed, marks, told_again):
    days_go_by(desk, 91)
    if not marks:  # a table may have no field for them, and fields are emptied
        desk.world.update("incident", closed, {"u_itsm_sync": ""}, by="ida")
    before = len(desk.said(closed))
    desk.change(closed, state="2")
    desk.cycle(times=3)
    assert len(desk.said(closed)) == before + 1
    desk.change(closed, state="6")
    desk.cycle(times=2)
    assert len(desk.said(closed)) == before + 1 + told_again
    assert kept(desk)["tickets"] == 1


def test_what_was_due_before_it_was_opened_again_is_done_with(desk):
    timed = "  - {name: late, after: [{used: 50%, of: resolve}], to: [requester], message: breach-warning}\n"
    desk.rules(RULES + timed + CLOCKED)
    ticket = desk.report("kari", impact="3", urgency="3")
    desk.cycle(times=2)
    desk.clock.advance(seconds=5 * 3600)
    desk.cycle(times=2)
    assert len(desk.said(ticket)) == 2
    desk.change(ticket, state="7")
    desk.cycle(times=2)
    days_go_by(desk, 91)
    desk.world.update("incident", ticket, {"u_itsm_sync": ""}, by="ida")
    said = desk.said(ticket)
    desk.change(ticket, state="2")
    desk.cycle(times=3)
    assert len(desk.said(ticket)) == len(said) + 1


def test_a_ticket_that_nobody_could_see_for_so_long_goes_too_and_is_not_greeted_when_it_is_back(desk):
    desk.rules(RULES)
    ticket = desk.report("kari")
    desk.cycle(times=2)
    said = desk.said(ticket)
    desk.world.deny("incident", rows=f"sys_id={ticket}")
    days_go_by(desk, 2)
    days_go_by(desk, 91)
    assert kept(desk)["tickets"] == 0
    desk.world.denials.clear()
    desk.change(ticket, short_description="Still broken")
    desk.cycle(times=3)
    assert (desk.said(ticket), kept(desk)["tickets"]) == (said, 1)


def test_many_tickets_go_a_few_in_each_cycle(desk, monkeypatch):
    monkeypatch.setattr(keeping, "STEP", 2)
    desk.rules(RULES)
    for ticket in [desk.report("kari") for _ in range(5)]:
        desk.world.update("incident", ticket, {"state": "7"}, by="ida")
    desk.cycle(times=2)
    days_go_by(desk, 91)
    left = [kept(desk)["tickets"]]
    for _ in range(2):
        desk.cycle()
        left.append(kept(desk)["tickets"])
    assert left == [3, 1, 0]


PEOPLE = """
channels: {{pager: {{kind: webhook, url: {pager}, private: true}}}}
people: {{q: {{email: quirin@harbour.example, name: Quirin Zölle, accounts: {{sn: quirin}}}}}}
doors: {{people: [pager]}}
services: {{web: {{name: Web, team: web, owner: q}}}}
classify: [{{name: web, set: {{service: web}}}}]
routes: [{{name: all, assign: {{team: web, person: q}}}}]
communications:
  - {{name: got-it, on: created, to: [requester, service.owner], message: received}}
  - {{name: again, on: reopened, to: [requester], message: received}}
"""
CALLED = (b"quirin", b"Quirin", b"Z\\u00f6lle", "Zölle".encode(), b"people/q", b'"q"', b"zebedee")


def run(desk, *arguments: str) -> Result:
    """Run a command beside the service, which goes on holding the store."""
    return CliRunner().invoke(main, [*arguments, "-w", str(desk.folder)])


def traces(desk) -> list[bytes]:
    """Return what of a person is in any byte of the files that we keep."""
    files = b"".join(path.read_bytes() for path in desk.folder.iterdir() if path.name != "desk.yaml")
    return [name for name in CALLED if name in files]


def parked(desk) -> list[str]:
    return [one.error for one in desk.desk().store.status().parked if " received to " in one.key]


@pytest.fixture
def people(desk):
    """Return a ticket of Zebedee's that Quirin was called for, got, gave to Ida and changed, and that is closed."""
    desk.world.add_user("zebedee", "Zebedee Quill", email="zebedee@harbour.example", language="en")
    desk.world.add_user("quirin", "Quirin Zölle", email="quirin@harbour.example")
    with endpoint() as pager:
        desk.rules(PEOPLE.format(pager=pager.url))
        ticket = desk.report("zebedee")
        desk.cycle(times=3)
        assert desk.ticket(ticket)["assigned_to"] == desk.user("quirin")
        desk.change(ticket, by="quirin", assignment_group=desk.group("Payments"))
        desk.cycle(times=2)
        desk.change(ticket, by="ida", assigned_to=desk.user("ida"))
        desk.cycle(times=2)
        for state in ("6", "7"):
            desk.change(ticket, by="ida", state=state)
            desk.cycle(times=2)
        assert traces(desk) != []
        yield ticket, pager


def test_forget_shows_first_and_removes_nothing(desk, people):
    before = traces(desk)
    said = run(desk, "forget", "q").output
    assert "Known as Quirin Z" in said
    assert "sn/quirin" in said
    assert "Nothing was removed: --yes does it" in said
    assert traces(desk) == before


def test_forget_leaves_no_byte_of_a_person_beside_a_service_that_holds_the_store(desk, people):
    with pytest.raises(Exception, match="is in use"), Lock(desk.folder / "itsm-sync.db").acquire(wait=False):
        pass
    said = run(desk, "forget", "quirin@harbour.example", "--yes")
    assert (said.exit_code, "The workspace still names q" in said.output) == (0, True)
    assert traces(desk) == [b"zebedee"]
    assert run(desk, "forget", "sn/zebedee", "--yes").exit_code == 0
    assert traces(desk) == []
    assert json.loads(run(desk, "export", "q").stdout)["kept"] == []


def test_what_is_seen_of_a_forgotten_person_later_is_new_and_nothing_is_said_twice(desk, people):
    ticket, pager = people
    run(desk, "forget", "q", "--yes")
    run(desk, "forget", "zebedee", "--yes")
    said, told = desk.said(ticket), len(pager.told())
    desk.cycle(times=2)
    assert traces(desk) == []
    desk.change(ticket, by="quirin", assigned_to=desk.user("quirin"), state="2")
    desk.cycle(times=3)
    assert len(desk.said(ticket)) == len(said) + 1  # that it was opened again
    assert len(pager.told()) == told
    assert b"quirin" in traces(desk) or b'"q"' in traces(desk)


def test_export_prints_all_that_is_kept_of_a_person(desk, people):
    found = json.loads(run(desk, "export", "Quirin Zölle").stdout)
    assert found["person"][-1] == "sn/quirin"
    assert {place["table"] for place in found["kept"]} >= {"tickets", "outbox", "journal", "changes"}
    assert {place["of"] for place in found["kept"]} == {"sn/INC0010001"}
    requester = json.loads(run(desk, "export", "zebedee").stdout)["kept"]
    assert next(one for one in requester if one["table"] == "outbox")["what"]["reader"] == "sn/zebedee"


def test_what_is_held_for_a_forgotten_person_is_decided_anew(desk):
    desk.world.add_user("zebedee", "Zebedee Quill", email="zebedee@harbour.example", language="en")
    desk.rules(RULES + "brakes: {messages_per_hour: 0}\n")
    ticket = desk.report("zebedee")
    desk.cycle()
    assert desk.desk().store.status().held != ()
    run(desk, "forget", "zebedee", "--yes")
    assert (traces(desk), desk.desk().store.status().held) == ([], ())
    desk.rules(RULES)
    desk.cycle(times=3)
    assert len(desk.said(ticket)) == 1


def test_what_was_parked_for_a_forgotten_person_is_never_said(desk):
    desk.world.add_user("quirin", "Quirin Zölle", email="quirin@harbour.example")
    with endpoint() as pager:
        desk.rules(PEOPLE.format(pager=pager.url).replace("requester, service.owner", "service.owner"))
        pager.answers = [410] * 9
        desk.report("kari")
        desk.cycle()
        assert len(parked(desk)) == 1
        run(desk, "forget", "q", "--yes")
        assert parked(desk) == []
        pager.answers = []
        desk.cycle(times=3)
        assert pager.told() == []


def test_who_is_nobody_is_told(desk):
    desk.rules(RULES)
    desk.cycle()
    assert "Nothing is kept." in run(desk, "forget", "nobody at all").output
    assert "sn/ACCOUNT" in run(desk, "forget", "jira/ida").output
