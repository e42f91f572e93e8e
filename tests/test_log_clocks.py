"""The resolve clocks on a ServiceNow log beside its `made_sla`: of a small log, and of the real one, where it is."""

from __future__ import annotations

import pytest

from bench import log_clocks
from bench.log_clocks import HOUR, REFERENCE, WAYS, fitted, incidents
from bench.log_rows import missing, the_log

COLUMNS = "number,incident_state,sys_mod_count,made_sla,opened_at,sys_updated_at,priority"
SMALL = "\n".join(
    [
        COLUMNS,
        "INC1,New,0,TRUE,29-02-2016 09:00,29-02-2016 09:00,3 - Moderate",  # a Monday
        "INC1,Awaiting User Info,1,TRUE,29-02-2016 09:00,29-02-2016 11:00,3 - Moderate",
        "INC1,Active,2,TRUE,29-02-2016 09:00,04-03-2016 10:00,3 - Moderate",
        "INC1,Resolved,3,TRUE,29-02-2016 09:00,04-03-2016 12:00,3 - Moderate",
        "INC1,Closed,4,FALSE,29-02-2016 09:00,09-03-2016 12:00,3 - Moderate",
        "INC2,New,0,TRUE,04-03-2016 15:00,04-03-2016 15:00,1 - Critical",
        "INC2,Closed,1,TRUE,04-03-2016 15:00,04-03-2016 18:00,1 - Critical",
    ]
)


def test_hours_are_counted_until_an_incident_is_resolved_and_not_while_it_waits():
    waits, urgent = incidents(SMALL)
    counted = [[way.used(one) / HOUR for way in WAYS] for one in (waits, urgent)]
    assert counted == [[4, 35, 4, 99], [3, 3, 3, 3]]
    assert (waits.priority, waits.made, urgent.made) == ("P3", False, True)


def test_what_the_log_answers_otherwise_is_shown_with_what_decides(capsys):
    found = incidents(SMALL)
    assert [REFERENCE.agrees(one) for one in found] == [False, True]
    assert fitted(REFERENCE, found) == 100
    log_clocks.show(found)
    shown = capsys.readouterr().out
    assert "P3           1         0       1          1       0      0.0 %" in shown
    assert "INC1  P3  missed      4.0    24.0    31.0  pauses" in shown


def test_without_the_log_that_is_said(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("ITSM_SYNC_SHARED", str(tmp_path))
    assert log_clocks.main()
    assert "skipped: there is no log at" in capsys.readouterr().out


@pytest.mark.skipif(not the_log().is_file(), reason=missing(the_log()))
def test_the_figures_of_the_real_log_are_stable(capsys):
    assert log_clocks.main()
    shown = capsys.readouterr().out
    rows = [" ".join(line.split()) for line in shown.splitlines()]
    assert "office hours, pauses: the reference 81.2 % 85.2 %" in rows
    assert "around the clock, no pauses 66.2 % 99.5 %" in rows
    assert "all 400 267 133 314 86 81.2 %" in rows
    assert "P3 322 242 80 225 97 94.1 %" in rows
    assert "all 400 267 133 262 138 91.8 %" in rows
    assert max(map(len, shown.splitlines())) <= 80
