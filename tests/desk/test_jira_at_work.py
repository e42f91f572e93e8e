"""The main job on Jira: one set of requests per ticket, a search that is behind, notes that stay internal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.sandbox import MovableClock, serve
from connectors.sandbox.jira import Site
from tests.canaries import PASSWORD
from tests.desk.jira_at_work import RULES, START, JiraAtWork
from tests.shares import one_of

FIELDS_ONLY = RULES[: RULES.index("communications:")] + "communications: []\n"


@pytest.fixture
def make_jira(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., JiraAtWork]]:
    """Return a function that makes a desk at work on Cloud, or with "Server" on Data Center."""
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    with ExitStack() as stack:

        def make(deployment: str = "Cloud") -> JiraAtWork:
            clock = MovableClock(START)
            site = Site(clock=clock, deployment=deployment)  # type: ignore[arg-type]
            site.secrets[site.account] = PASSWORD
            site.add_user("Kari Nordmann", account="kari", email="kari@harbour.example", language="nb", customer=True)
            site.add_user("Ida Berg", account="ida", email="ida@harbour.example")
            site.add_user("Automation for Jira", account="robot-1")
            site.add_project("IT", "IT Support")
            site.add_field("Assignment group", type="group")
            site.add_field("Service", type="select", options=["Online Booking"])
            for group in ("desk", "web"):
                site.add_group(group)
            url = stack.enter_context(serve(site))
            made = JiraAtWork(tmp_path, site, clock, url)
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture(params=["Cloud", "Server"])
def jira(make_jira: Callable[..., JiraAtWork], request: pytest.FixtureRequest) -> JiraAtWork:
    return make_jira(request.param)


@pytest.fixture
def cloud(make_jira: Callable[..., JiraAtWork]) -> JiraAtWork:
    return make_jira()


class TestRequests:
    def test_a_new_ticket_gets_its_fields_a_note_and_a_comment_in_three_writes(self, jira):
        id = jira.report()
        report = jira.cycle()
        assert not report.problems
        assert jira.writes() == ["PUT IT-1", "POST comment", "POST comment"]
        issue = jira.site.issue(id)
        assert (issue["Impact"], issue["Urgency"], issue["priority"]) == ("Significant / Large", "High", "High")
        assert issue["Assignment group"] == "desk"
        assert [comment.public for comment in jira.site.comments(id)] == [False, True]
        assert "Kari" in jira.said(id, public=True)[0]

    def test_fields_alone_are_one_write(self, jira):
        jira.rules(FIELDS_ONLY)
        jira.report()
        jira.cycle()
        assert jira.writes() == ["PUT IT-1"]

    def test_a_further_cycle_writes_nothing_and_an_idle_one_is_one_request(self, jira):
        jira.report()
        jira.cycle()
        jira.writes()
        assert jira.cycle(times=6).counts["planned"] == 0
        assert jira.writes() == []
        before = jira.requests()
        jira.cycle(times=3)
        assert jira.requests() == before + 3


class TestSearchIsBehind:
    def test_ten_cycles_a_second_apart_write_once_and_take_nobody_for_an_override(self, cloud):
        id = cloud.report()
        cloud.clock.advance(seconds=61)
        cloud.site.search_lag = 60
        cloud.cycle(times=10, apart=1)
        assert cloud.writes() == ["PUT IT-1", "POST comment", "POST comment"]
        cloud.cycle(times=10, apart=10)
        assert cloud.writes() == []
        assert not [line for line in cloud.journal(id) if "person" in line or "chosen" in line]
        held = cloud.desk().store.memories(["jira/IT-1"])["jira/IT-1"].held
        assert {fact: one.whose for fact, one in held.items() if one.whose != "creation"} == dict.fromkeys(
            ("impact", "urgency", "priority", "team"), "ours"
        )

    def test_a_persons_change_that_a_search_shows_late_stands(self, cloud):
        id = cloud.report()
        cloud.cycle()
        cloud.site.search_lag = 60
        cloud.change(id, priority="Lowest")
        cloud.cycle(times=10, apart=10)
        assert cloud.site.issue(id)["priority"] == "Lowest"
        cloud.writes()
        cloud.cycle(times=3)
        assert cloud.writes() == []


class TestPeopleWin:
    def test_a_persons_priority_stands_until_the_facts_change(self, jira):
        id = jira.report()
        jira.cycle()
        jira.change(id, priority="Low")
        jira.cycle(times=2)
        assert jira.site.issue(id)["priority"] == "Low"
        jira.change(id, Impact="Extensive / Widespread")
        jira.cycle()
        assert jira.site.issue(id)["priority"] == "Highest"

    def test_a_robot_that_the_workspace_names_as_jira_shows_it_is_no_person(self, jira):
        by_robot = jira.report("by a robot", by="robot-1", reporter="kari", priority="Low")
        by_agent = jira.report("by an agent", by="ida", reporter="kari", priority="Low")
        jira.cycle(times=2)
        assert jira.site.issue(by_robot)["priority"] == "High"
        assert jira.site.issue(by_agent)["priority"] == "Low"


class TestInternalStaysInternal:
    def test_where_internal_comments_are_refused_none_is_written_and_the_customer_still_hears(self, jira):
        jira.site.internal_comments = "refused"
        id = jira.report()
        report = jira.cycle()
        assert [comment.public for comment in jira.site.comments(id)] == [True]
        assert report.counts["parked"] == 1

    def test_a_note_that_came_out_public_is_removed_and_the_alarm_is_raised(self, jira):
        jira.site.internal_comments = "public"
        first, second = jira.report("first"), jira.report("second")
        report = jira.cycle()
        assert "came out public and was removed" in report.problems["jira"]
        for id in (first, second):
            assert [(c.public, "Kari" in c.text) for c in jira.site.comments(id)] == [(True, True)]
        assert jira.writes().count("DELETE 10000") <= 1
        assert sum(r.method == "DELETE" for r in jira.site.requests) == 1, "no second note is risked"

    def test_a_note_that_cannot_be_removed_is_named_with_its_place(self, cloud):
        cloud.site.internal_comments = "public"
        cloud.fail("503", "DELETE", times=10)
        cloud.report()
        assert "IS PUBLIC and could not be removed: jira/IT-1, comment" in cloud.cycle().problems["jira"]

    def test_a_note_that_cannot_be_proven_internal_now_does_not_stay_and_is_written_again_later(self, make_jira):
        jira = make_jira("Server")
        id = jira.report()
        jira.fail("503", "GET", "/properties/", times=4)
        assert jira.cycle(times=1).problems == {}
        assert [comment.public for comment in jira.site.comments(id)] == []
        jira.cycle(times=5)
        assert sorted(comment.public for comment in jira.site.comments(id)) == [False, True]

    def test_after_one_exposed_note_no_kind_of_ticket_gets_another(self, cloud):
        cloud.site.internal_comments = "public"
        cloud.report()
        cloud.cycle()
        cloud.site.internal_comments = "work"
        second = cloud.report("second")
        cloud.cycle(times=2)
        assert [comment.public for comment in cloud.site.comments(second)] == [True]


class TestNothingTwiceNothingLost:
    @pytest.mark.parametrize("kind", ["broken_before", "broken_after", "late", "503", "half", "429"])
    @pytest.mark.parametrize("part", one_of(3, [("POST", 1), ("PUT", 0), ("POST", 0)]))
    def test_whatever_breaks_each_part_is_written_once(self, jira, kind, part):
        method, skip = part
        id = jira.report()
        path = "/comment" if method == "POST" else "/issue/"
        if skip:
            jira.fail("slow", method, path, seconds=0)
        jira.fail(kind, method, path, seconds=70)
        jira.cycle(times=12)
        assert [comment.public for comment in jira.site.comments(id)].count(True) == 1
        assert [comment.public for comment in jira.site.comments(id)].count(False) == 1
        assert jira.site.issue(id)["priority"] == "High"
        assert jira.site.issue(id)["Assignment group"] == "desk"
        assert not jira.site.faults.waiting or all(fault.times == 0 for fault in jira.site.faults.waiting)

    def test_a_store_that_was_lost_sends_nothing_again(self, jira):
        id = jira.report()
        jira.cycle()
        jira.lose_the_store()
        jira.cycle(times=3)
        assert len(jira.site.comments(id)) == 2

    def test_a_ticket_that_moves_to_another_project_of_ours_is_not_greeted_again(self, jira):
        jira.site.add_project("HR", "People")
        text = (jira.folder / "desk.yaml").read_text(encoding="utf-8").replace("projects: [IT]", "projects: [IT, HR]")
        (jira.folder / "desk.yaml").write_text(text, encoding="utf-8")
        id = jira.report()
        jira.cycle()
        jira.site.move(id, "HR")
        jira.change(id, Impact="Extensive / Widespread")
        jira.cycle(times=3)
        assert jira.site.issue(id)["key"] == "HR-1"
        assert jira.site.issue(id)["priority"] == "Highest"
        assert len(jira.said(id, public=True)) == 1
        assert "left ticket : it was jira/IT-1 before" in jira.journal(id)

    def test_a_field_that_is_not_on_the_screen_does_not_cost_the_customer_their_message(self, jira):
        jira.site.remove_from_screen("Assignment group")
        id = jira.report()
        report = jira.cycle()
        assert jira.said(id, public=True)
        assert jira.site.issue(id)["priority"] == "High"
        assert "Assignment group" in report.problems["jira"]


class TestHandsOff:
    HOLD = "hold: {jira: labels=no-automation}\n"

    def test_a_label_keeps_the_service_off_an_issue(self, jira):
        jira.rules(RULES + self.HOLD)
        id = jira.report(labels=["no-automation"])
        jira.cycle(times=2)
        assert jira.writes() == []
        jira.change(id, labels=["other"])
        jira.cycle()
        assert len(jira.said(id, public=True)) == 1

    def test_a_field_that_is_not_there_stops_the_connection(self, jira):
        jira.rules(RULES + self.HOLD.replace("labels=", "Hands off="))
        jira.report()
        assert "there is no field 'Hands off'" in jira.cycle().problems["jira"]
        assert jira.writes() == []


class TestReverting:
    def test_puts_fields_back_empties_those_that_were_empty_and_takes_away_only_its_own_labels(self, jira):
        jira.rules(RULES.replace("urgency: high", "urgency: high, labels: [seen]"))
        id = jira.report(labels=["mine"])
        jira.cycle()
        names = ("Impact", "Urgency", "Assignment group", "labels", "priority")
        assert [bool(jira.site.issue(id).get(name)) for name in names] == [True] * 5
        cycle = jira.desk().store.status().cycle.number
        jira.desk().revert(cycle, jira.desk().store.office().changes_of(cycle))
        after = jira.site.issue(id)
        assert [after.get(name) for name in names] == [None, None, None, ["mine"], "Medium"]
        jira.writes()
        jira.cycle(times=3)
        assert jira.writes() == []


class TestALimitOfOneIssue:
    def test_spaces_out_its_writes_and_loses_none(self, cloud):
        ids = [cloud.report() for _ in range(3)]
        cloud.desk()
        cloud.site.limits.issue_writes = 1
        cloud.cycle()
        assert {len(cloud.said(id, public=public)) for id in ids for public in (True, False)} == {1}
        assert any(request.status == 429 for request in cloud.site.requests)
        assert cloud.desk().store.status().waiting == {}
