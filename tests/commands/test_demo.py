"""`itsm-sync demo` shows a desk being looked after, and fails where that did not happen."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from command_line import PASSWORD, Run, invoked, texts

from commands import workspace
from commands.columns import columns


@pytest.fixture(scope="module")
def shown() -> Result:
    """Run the demo once, with a password in the environment that belongs to something real."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICENOW_PASSWORD", PASSWORD)
        return invoked("demo")


def part(shown: Result, title: str) -> str:
    """Return what is shown under a heading, with the folded lines of a text put together."""
    _before, _title, after = shown.output.partition(f"── {title}")
    return " ".join(after.partition("── ")[0].replace("│", "").split())


def test_it_ends_well_and_plans_nothing_in_the_second_cycle(shown: Result):
    assert shown.exit_code == 0
    assert "Second cycle: 0 actions planned, 0 tickets written." in shown.output.splitlines()
    assert shown.output.splitlines()[-1].startswith("The day: ")


def in_order(text: str, *wanted: str) -> bool:
    """Tell whether these words stand in a text, one after the other."""
    rest = text
    for one in wanted:
        _before, found, rest = rest.partition(one)
        if not found:
            raise AssertionError(f"{one!r} is not there, or not in this place")
    return True


def test_a_critical_incident_is_raised_until_it_is_solved(shown: Result):
    told = part(shown, "1. A critical incident")
    assert in_order(
        told,
        "Tue 10:05 Oslo Kari Nordmann reports it.",
        "to Kari Nordmann: Hei, Kari! Vi har fått meldingen din",
        "assignee: lena. level L2: nobody has acted for 15m",
        "ligger nå hos Payments",
        "internal note to Payments: Ingen kort virker",
        "Saken er eskalert til nivå L2",
        "assignee: jonas. level L3: 50% of resolve is used",
        "internal note to Architects: Ingen kort virker",
        "watchers: it-manager, olivia. level management: 75% of resolve is used",
        "internal note to Architects, Ivar Moe and Olivia Reed: Ingen kort virker",
        "Jonas Lie sets it to resolved.",
        "skal nå være løst",
    )
    assert "missed" not in told


def test_a_promise_is_missed_with_an_apology_and_another_one_kept(shown: Result):
    assert in_order(
        part(shown, "2. A promise"),
        "promised the next word by 14:55",
        "internal note to Web:",
        "Innmelderen er lovet beskjed",
        "written watchers is olivia",
        "Nous vous prions de nous en excuser. Nous vous donnerons des nouvelles ici au plus tard aujourd’hui à 16:00.",
        "missed the word promised by 14:55",
        "promised the next word by 16:00",
        "Ida Berg to Camille Martin:",
        "kept the word promised by 16:00",
    )


def test_a_ticket_goes_around_the_world_and_each_region_reads_its_own_language(shown: Result):
    told = part(shown, "3. Around the world")
    assert in_order(
        told,
        "Tue 16:00 Oslo · Tue 07:00 Vancouver · Tue 22:00 Saigon",
        "to Service Desk Vancouver: Key cabinet stays locked, customers are waiting, priority P2: handed over",
        "Wed 01:00 Oslo · Tue 16:00 Vancouver · Wed 07:00 Saigon",
        "to Service Desk Saigon: Key cabinet stays locked, customers are waiting, mức ưu tiên P2: đã bàn giao",
        "Wed 09:00 Oslo · Wed 00:00 Vancouver · Wed 15:00 Saigon",
        "to Service Desk Oslo: Key cabinet stays locked, customers are waiting, prioritet P2: Saken er overført",
    )
    assert (told.count("kept the word"), told.count("missed")) == (3, 0)


def test_a_major_incident_is_told_to_six_people_in_their_languages_each_by_their_door(shown: Result):
    assert in_order(
        part(shown, "4. A major incident"),
        "Wed 10:04 Oslo Olivia Reed declares a major incident",
        "Trần Thị Lan, requester · Vietnamese, formal · comment on INC0010011: Kính gửi anh/chị Lan,",
        "Kari Nordmann, affected · Norwegian Bokmål, familiar · comment on INC0010012: Hei, Kari!",
        "王芳, affected · Chinese (Simplified), neutral · comment on INC0010013: 王芳，您好！",
        "Payments, team · Norwegian Bokmål, familiar · note: Alvorlig hendelse:",
        "Sara Laurent, sponsor · French, formal · mail: INC0010011 – Payments ne fonctionne pas correctement",
        "Bonjour Sara Laurent,",
        "Lena Vogt, on call · German, formal · pager: INC0010011: Der Service Payments funktioniert derzeit nicht",
        "NOC, whoever is on shift · English, neutral · chat: INC0010011: Payments is not working as it should",
        "Told: 6 people in 6 languages and 3 tones, and their team, by 5 doors.",
    )


def test_they_hear_when_they_were_promised_to_and_when_it_is_solved(shown: Result):
    _begun, _moment, update = part(shown, "4. A major incident").partition("Wed 11:05 Oslo")
    update, _moment, solved = update.partition("Wed 11:20 Oslo Lena Vogt sets it to resolved")
    readers = ("Trần Thị Lan,", "Kari Nordmann,", "王芳, ", "Sara Laurent, sponsor", "NOC,")
    assert [update.count(f"{reader}") for reader in readers] == [1] * len(readers)
    assert in_order(solved, *readers[:3], "Payments, team", "fonctionner de nouveau", "Lena Vogt, on call", "NOC,")
    assert "Lena Vogt" not in update  # who works on it is not called again


def test_two_days_later_team_and_sponsor_read_the_report_and_it_is_shown_whole(shown: Result):
    assert in_order(
        part(shown, "5. Two days later"),
        "Thu 10:00 Oslo Lena Vogt writes down why it happened, and what prevents it.",
        "Fri 11:20 Oslo Payments, team · Norwegian Bokmål, familiar · note: Hva som skjedde",
        "Sara Laurent, sponsor · French, formal · mail: INC0010011 – rapport sur l’incident majeur",
        "INC0010011: report on the major incident with Payments",
        "10:04: declared a major incident (Olivia Reed)",
        "10:09: picked up (Lena Vogt)",
        "Promised updates: 1 in time, 0 missed",
        "Cause The certificate of the card acquirer had expired.",
        "Prevention A check warns the team 30 days before a certificate expires.",
        "itsm-sync demo --keep my-desk writes it as a page, too: my-desk/report.html",
    )


def test_nothing_is_told_twice_of_one_ticket(shown: Result):
    jira = shown.output.partition("IT-1 ")[2].partition("internal note")[0]
    assert jira.count("decided   team: desk-oslo") == 1
    assert jira.count("decided   message received") == 1


@pytest.mark.parametrize("greeting", ["Hei, Kari!", "Hello Emma,", "Kính gửi anh/chị An,"])
def test_each_customer_hears_in_their_own_language(shown: Result, greeting: str):
    assert f"│ {greeting}" in shown.output


def test_no_line_is_wider_than_a_terminal(shown: Result):
    assert max(map(columns, shown.output.splitlines())) <= 80


def test_what_people_chose_is_shown_as_left(shown: Result):
    assert "ida.berg chose the team" in shown.output


@pytest.mark.long
def test_the_workspace_can_be_kept_and_is_good(run: Run, tmp_path: Path):
    kept = tmp_path / "my desk"
    assert run("demo", "--keep", kept).exit_code == 0
    book, problems, _sources = workspace.rulebook(kept, lint=True)
    assert problems == ()
    assert book.connections["servicenow-emea"].url == "http://127.0.0.1:8180"
    assert not list(kept.glob("itsm-sync.db*"))
    assert "The certificate of the card acquirer had expired." in (kept / "report.html").read_text(encoding="utf-8")


def test_a_workspace_that_is_there_is_not_written_over(run: Run, tmp_path: Path):
    (tmp_path / "desk.yaml").write_text("desk: Mine\n", encoding="utf-8")
    before = texts(tmp_path)
    result = run("demo", "--keep", tmp_path)
    assert result.exit_code == 2
    assert texts(tmp_path) == before
