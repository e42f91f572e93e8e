"""The measurements run, at a tiny size: what they find at full size is for `make bench` to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import calendars, cases, clocks, crashes, decisions, jira, ladders, messages, requests
from bench.machine import judged
from bench.pack import pack
from bench.peers import CEL, ZEN, expression


@pytest.mark.long
def test_decisions_are_measured_on_a_pack_of_a_hundred_rules(capsys):
    assert decisions.main(count=40, limits=False)
    shown = capsys.readouterr().out
    assert "100 rules" in shown
    assert "decide, settled" in shown


def test_calendars_are_asked_about_near_and_far(capsys):
    assert calendars.main(count=4, limits=False)
    assert "add 10 working years" in capsys.readouterr().out


@pytest.mark.long
def test_clocks_and_a_cycle_with_nothing_due_are_measured(capsys):
    assert clocks.main(count=40, waiting=30, limits=False)
    shown = capsys.readouterr().out
    assert "respond, resolve, updates: used and due" in shown
    assert "A cycle over 30 open tickets" in shown
    assert "and five timed ones" in shown


@pytest.mark.long
def test_steps_that_are_due_are_read_in_one_request_and_written_once(capsys):
    assert ladders.main(count=320, runs=1, limits=False)
    shown = capsys.readouterr().out
    assert "320 open tickets, of which 100 are due" in shown
    assert shown.count("ok     ") == 3


def test_first_and_idle_cycles_keep_to_their_requests(capsys):
    assert requests.main(changed=5, idle=(3, 40))
    assert "PATCH /api/now/v2/table/incident/…           5       1.000" in capsys.readouterr().out


@pytest.mark.long
def test_jira_gets_no_more_writes_than_a_ticket_has_parts(capsys):
    assert jira.main(changed=3, idle=(4,))
    assert capsys.readouterr().out.count("ok     writes per new ticket with a comment and a note: 3 requests") == 2


def test_tests_of_rules_are_measured_and_pass(capsys):
    assert cases.main(count=24, limits=False)
    assert "24 of four moments each" in capsys.readouterr().out


@pytest.mark.long
def test_messages_and_the_language_of_texts_are_measured(capsys, monkeypatch):
    monkeypatch.setattr(messages, "RUNS", 1)
    assert messages.main(rounds=1, limits=False)
    shown = capsys.readouterr().out
    assert "zh-Hans" in shown
    assert "the detector, and a first text" in shown


def test_conditions_are_spelled_for_the_peers():
    when = {"kind": "incident", "not": {"service": {"empty": True}}, "text": {"words": ["Mã độc"]}}
    assert expression(when, CEL) == 'kind == "incident" && !(service == "") && (text.contains("mã độc"))'
    assert expression(when, ZEN) == 'kind == "incident" and not (service == "") and (contains(text, "mã độc"))'
    assert len(pack().conditions) == 100


def test_a_missed_limit_is_said_and_returned(capsys):
    assert not judged("first sight", 39_999, 40_000, "tickets/s")
    assert judged("writes", 0, 0, "requests", at_most=True)
    assert capsys.readouterr().out.count("MISSED") == 1


def test_a_measurement_that_does_not_exist_is_named():
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "bench", "speed"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "there is no measurement speed" in done.stderr


@pytest.mark.long
def test_a_service_that_is_killed_is_measured(capsys):
    assert crashes.main(kills=3, tickets=1)
    shown = capsys.readouterr().out
    assert "ok     words said twice: 0" in shown
    assert "any moment" in shown
