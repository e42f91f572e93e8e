"""Limits of all three kinds, and what goes wrong on demand."""

from __future__ import annotations

import pytest
import requests
from plain_jira import Jira

from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.jira import Site


def test_a_burst_is_of_one_method_at_one_endpoint_in_one_second(
    site: Site, clock: MovableClock, jira: Jira, incident: str
) -> None:
    site.limits.burst = 2
    other = site.create("IT", "[System] Incident", {"summary": "x"}, by="kari")
    assert [jira.get(f"issue/{id}").status_code for id in (incident, other, "IT-1")] == [200, 200, 429]
    assert jira.get("myself").status_code == 200
    assert jira.edit(incident, summary="y").status_code == 204
    clock.advance(seconds=1)
    assert jira.get(f"issue/{incident}").status_code == 200


def test_writes_of_one_issue_have_a_limit_of_their_own(
    site: Site, clock: MovableClock, jira: Jira, incident: str
) -> None:
    site.limits.issue_writes = 2
    other = site.create("IT", "[System] Incident", {"summary": "x"}, by="kari")
    written = [jira.edit(incident, summary="y"), jira.comment(incident, "z"), jira.edit(incident, summary="w")]
    assert [answer.status_code for answer in written] == [204, 201, 429]
    assert written[-1].headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    assert jira.edit(other, summary="y").status_code == 204
    assert jira.get(f"issue/{incident}").status_code == 200
    clock.advance(seconds=2)
    assert jira.edit(incident, summary="w").status_code == 204


def test_the_quota_is_for_an_hour_by_the_clock(site: Site, clock: MovableClock, jira: Jira) -> None:
    site.limits.quota = 1
    clock.advance(minutes=45)
    answers = [jira.get("myself"), jira.get("field")]
    assert [answer.status_code for answer in answers] == [200, 429]
    headers = answers[1].headers
    assert (headers["RateLimit-Reason"], headers["Retry-After"]) == ("jira-quota-tenant-based", "900")
    assert headers["X-RateLimit-Reset"] == "2026-11-24T10:00:00Z"
    clock.advance(minutes=15)
    assert jira.get("field").status_code == 200


def test_a_limit_on_demand_looks_like_a_burst(site: Site, jira: Jira, incident: str) -> None:
    site.faults.add(Fault("429", seconds=90))
    answer = jira.edit(incident, summary="New")
    assert (answer.status_code, answer.json()["errors"]) == (429, {})
    assert answer.headers["RateLimit-Reason"] == "jira-burst-based"
    assert (answer.headers["Retry-After"], answer.headers["X-RateLimit-Reset"]) == ("90", "2026-11-24T09:01:30Z")
    assert site.issue(incident)["Summary"] == "Booking is down"


@pytest.mark.parametrize("deployment", ["Server"])
def test_data_center_does_not_say_which_limit_it_was(site: Site, jira: Jira) -> None:
    site.faults.add(Fault("429", seconds=5))
    answer = jira.get("myself")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert not {"RateLimit-Reason", "X-RateLimit-Reset"} & answer.headers.keys()


@pytest.mark.parametrize("status", ["500", "503"])
def test_a_failing_site_answers_in_its_own_form_and_does_nothing(
    site: Site, jira: Jira, incident: str, status: str
) -> None:
    site.faults.add(Fault(status))
    answer = jira.edit(incident, summary="New")
    assert (answer.status_code, answer.json().keys()) == (int(status), {"errorMessages", "errors"})
    assert site.issue(incident)["Summary"] == "Booking is down"


@pytest.mark.parametrize(("kind", "done"), [("broken_before", 0), ("broken_after", 1)])
def test_a_connection_may_break_before_or_after_the_comment_was_added(
    site: Site, jira: Jira, incident: str, kind: str, done: int
) -> None:
    site.faults.add(Fault(kind, method="POST", path="/comment"))
    with pytest.raises(requests.ConnectionError):
        jira.comment(incident, "Hello")
    assert len(site.comments(incident)) == done


def test_a_slow_answer_times_out_though_the_write_was_done(site: Site, jira: Jira, incident: str) -> None:
    site.faults.add(Fault("slow", method="PUT", seconds=30))
    with pytest.raises(requests.Timeout):
        jira.call("PUT", f"issue/{incident}", json={"fields": {"summary": "New"}}, timeout=0.3)
    assert site.issue(incident)["Summary"] == "New"


def test_a_page_or_half_an_answer_may_come_instead(site: Site, jira: Jira, incident: str) -> None:
    site.faults.add(Fault("html"))
    site.faults.add(Fault("half"))
    assert jira.get("myself").text.startswith("<!DOCTYPE html>")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        jira.get("myself").json()
