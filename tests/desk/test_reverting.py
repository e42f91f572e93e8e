"""Reverting a cycle: fields go back where nobody touched them since; what was said stays said."""

from __future__ import annotations

from click.testing import CliRunner

from sync import main

SOLVED = {"state": "6", "close_code": "Solved", "close_notes": "Restarted"}
RULES = """
classify:
  - {name: risky, set: {risk: security, labels: [seen]}}
routes:
  - {name: rest, assign: {team: desk}}
"""


def run(desk, *arguments):
    desk.close()
    return CliRunner().invoke(main, [*arguments, "-w", str(desk.folder)], catch_exceptions=False)


def last_cycle(desk):
    return desk.desk().store.status().cycle.number


def written(desk, count=1):
    """Let the rules write to tickets, and return these and the cycle."""
    desk.rules(RULES)
    tickets = [desk.report("kari", impact="2", urgency="2", u_labels="mine") for _ in range(count)]
    desk.cycle()
    record = desk.ticket(tickets[0])
    assert (record["priority"], record["u_risk"], record["u_labels"]) == ("2", "security", "mine,seen")
    return tickets, str(last_cycle(desk))


def fields(desk, ticket):
    record = desk.ticket(ticket)
    return [record.get(name, "") for name in ("urgency", "u_risk", "u_labels", "assignment_group")]


def test_fields_go_back_the_emptied_ones_too_and_the_rules_leave_them_there(desk):
    (ticket,), cycle = written(desk)
    result = run(desk, "revert", cycle)
    assert result.exit_code == 0, result.output
    assert fields(desk, ticket) == ["2", "", "mine", ""]
    said = len(desk.said(ticket))
    desk.writes()
    desk.cycle(times=3)
    assert (desk.writes(), len(desk.said(ticket))) == ([], said)


def test_what_somebody_touched_since_is_left(desk):
    (mine, touched), cycle = written(desk, 2)
    desk.change(touched, by="ida", u_risk="legal", assignment_group=desk.group("Web"))
    desk.cycle()
    run(desk, "revert", cycle)
    assert fields(desk, mine) == ["2", "", "mine", ""]
    assert fields(desk, touched) == ["2", "legal", "mine", desk.group("Web")]


def test_a_dry_run_shows_it_and_writes_nothing(desk):
    (ticket,), cycle = written(desk)
    before = fields(desk, ticket)
    said = run(desk, "revert", cycle, "--dry-run").output
    assert "team: nothing\n    team: nothing, as before cycle" in said
    assert "1 ticket would be put back" in said
    assert fields(desk, ticket) == before


def test_a_cycle_that_wrote_nothing_is_one_line(desk):
    written(desk)
    desk.cycle()
    result = run(desk, "revert", str(last_cycle(desk)))
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)


def test_a_second_time_puts_nothing_back(desk):
    (_ticket,), cycle = written(desk)
    run(desk, "revert", cycle)
    desk.writes()
    assert "0 tickets put back" in run(desk, "revert", cycle).output
    assert desk.writes() == []


def test_new_facts_let_the_rules_write_again(desk):
    desk.rules("adjust:\n  - {name: danger, when: {risk: security}, at_least: P2}\n" + RULES.split("routes")[0])
    ticket = desk.report("kari", impact="2", urgency="2", u_risk="security", u_labels="")
    desk.cycle()
    cycle = str(last_cycle(desk))
    run(desk, "revert", cycle)
    assert desk.ticket(ticket)["priority"] == "3"
    desk.change(ticket, by="ida", impact="1")
    desk.cycle(times=2)
    assert desk.ticket(ticket)["priority"] == "2"


def test_it_is_done_also_while_all_else_is_stopped_and_what_waits_goes_on_later(desk):
    (ticket,), cycle = written(desk)
    other = desk.report("vera", impact="2", urgency="2")
    desk.clock.advance(seconds=60)
    desk.desk().store.office().stop()
    desk.desk().cycle()
    run(desk, "revert", cycle)
    assert (fields(desk, ticket), desk.said(other)) == (["2", "", "mine", ""], [])
    desk.desk().store.office().resume()
    desk.cycle(times=2)
    assert (fields(desk, ticket), len(desk.said(other))) == (["2", "", "mine", ""], 1)


def test_a_slow_platform_makes_no_difference(desk):
    tickets, cycle = written(desk, 6)
    connector = desk.desk().connectors["sn"]

    def slow(write):
        desk.clock.advance(seconds=20)
        return type(connector).write(connector, write)

    connector.write = slow
    desk.desk().store.office().stop()
    for ticket in tickets[3:5]:
        desk.world.update("incident", ticket, SOLVED, by="ida")
    desk.desk().revert(int(cycle), desk.desk().store.office().changes_of(int(cycle)))
    assert [fields(desk, ticket) for ticket in tickets] == [["2", "", "mine", ""]] * 6
    assert {len(desk.said(ticket)) for ticket in tickets} == {1}


def test_a_ticket_on_hold_is_left(desk):
    (ticket,), cycle = written(desk)
    before = fields(desk, ticket)
    desk.rules(RULES + "hold: {sn: short_description=Hands off}\n")
    desk.change(ticket, short_description="Hands off")
    run(desk, "revert", cycle)
    assert fields(desk, ticket) == before


def test_watchers_that_the_platform_does_not_show_stay_and_the_command_says_so(desk):
    (ticket,), cycle = written(desk)
    shown = next(iter(desk.desk().connectors["sn"].tickets("incident", [ticket]))).tickets[0]
    store = desk.desk().store
    store.confirm(int(cycle), shown, [], store.memories([shown.key])[shown.key], [], {"watchers": None})
    result = run(desk, "revert", cycle)
    assert result.exit_code == 0, result.output
    assert f"watchers of {shown.key} were added, and this platform does not show" in result.output
    assert fields(desk, ticket) == ["2", "", "mine", ""]
