"""What `itsm-sync messages` shows: the table, a message in all languages, and the page with all formats."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from command_line import PASSWORD, Run, Served, invoked
from small_desk import instance, report

from commands.columns import columns
from sync import main

NOW = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden" / "messages.txt"
DESK = """\
desk: Harbour Car Hire
languages: [en, nb, ja, ar]
connections:
  sn:
    platform: servicenow
    url: {url}
    auth: {{user: itsm.sync, password: "${{SERVICENOW_PASSWORD}}"}}
    kinds: {{incident: incident}}
    since: 2020-01-01T00:00Z
words: {{sn: {{fields: {{mark: u_itsm_sync}}}}}}
teams: {{web: {{groups: {{sn: Web}}}}}}
services: {{booking: {{name: Online Booking, team: web}}}}
routes: [{{name: all, assign: {{team: web}}}}]
"""
OWN = {
    "en/solved": """\
{% block subject %}{{ ticket.key }} is solved{% endblock %}
{% block body %}
{% if audience == "team" %}
Set to *resolved*.
{% else %}
{% if tone == "formal" %}Dear {{ reader.full_name }}{% else %}Hello {{ reader.first_name }}{% endif %},

“{{ ticket.title }}” is solved. Please try:

1. to sign in
2. whether **{{ service.name }}** does what it should, and to tell us [here](https://desk.example/{{ ticket.key }})
{% endif %}
{% endblock %}
""",
    "nb/solved": """\
{# of en 0123abcd #}
{% block subject %}{{ ticket.key }} er løst{% endblock %}
{% block body %}
Hei {{ reader.first_name }}, «{{ ticket.title }}» er løst. Prøv gjerne om **{{ service.name }}** virker.
{% endblock %}
""",
    "ar/solved": """\
{% block subject %}تم حل {{ ticket.key }}{% endblock %}
{% block body %}
{% if audience == "team" %}أُغلقت التذكرة.{% elif tone == "formal" %}تم الحل.
{% else %}مرحبًا {{ reader.first_name }}، تم حل {{ ticket.key }}.{% endif %}
{% endblock %}
""",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.workspace.now", lambda: NOW)
    monkeypatch.setenv("COLUMNS", "80")


def lay_out(folder: Path, url: str = "https://desk.service-now.com") -> Path:
    folder.mkdir()
    (folder / "desk.yaml").write_text(DESK.format(url=url), encoding="utf-8")
    for name, text in OWN.items():
        file = folder / "templates" / f"{name}.md.j2"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def desk(folder: Path) -> Path:
    return lay_out(folder)


class Page(HTMLParser):
    """A page as a reader finds it: each element with what it says of itself, and the text in each message's card."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.source, self.text = text, ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def classes(self, word: str) -> list[set[str]]:
        found = (set(str(said.get("class") or "").split()) for _, said in self.tags)
        return [classes for classes in found if word in classes]


def page(run: Run, desk: Path, *arguments: str) -> Page:
    file = desk / "messages.html"
    result = run("messages", *arguments, "--html", file, "-w", desk)
    assert result.exit_code == 0, result.output
    return Page(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """Return the page of all messages, which takes seconds to write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICENOW_PASSWORD", PASSWORD)
        patch.setattr("commands.workspace.now", lambda: NOW)
        desk = lay_out(tmp_path_factory.mktemp("whole") / "desk")
        return page(invoked, desk, "--audience", "team", "--tone", "formal")


# The terminal


@pytest.mark.parametrize("asked", ["messages", "messages solved", "messages solved --audience team --tone formal"])
def test_the_output_is_the_one_that_was_looked_at(asked: str, run: Run, desk: Path):
    said = run(*asked.split(), "-w", desk).output
    parts = dict(part.split("\n", 1) for part in GOLDEN.read_text(encoding="utf-8").split("=====\n"))
    if os.environ.get("ITSM_SYNC_RENEW_GOLDEN"):
        parts[asked] = said
        GOLDEN.write_text("=====\n".join(f"{one}\n{text}" for one, text in parts.items()), encoding="utf-8")
    assert said == parts[asked]


@pytest.mark.parametrize("width", ["30", "60", "80", "130", "200"])
def test_no_line_is_wider_than_the_terminal(width: str, run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", width)
    for message in ("solved", "escalated", "major-incident-started"):
        lines = run("messages", message, "-w", desk).output.splitlines()
        assert max(map(columns, lines)) <= max(int(width), 36)


def test_languages_stand_beside_each_other_where_there_is_room(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch):
    for width, beside in (("60", 1), ("80", 2), ("130", 3)):
        monkeypatch.setenv("COLUMNS", width)
        heads = re.findall(r"^.*\b(?:en|nb|ja|ar): .*$", run("messages", "solved", "-w", desk).output, re.MULTILINE)
        assert max(len(re.findall(r"\b(?:en|nb|ja|ar): ", head)) for head in heads) == beside
        assert [head for head in heads if "ar: " in head] == ["ar: formal, your own"]


def test_tone_audience_and_language_choose_what_is_shown(run: Run, desk: Path):
    def said(*more: str) -> str:
        return run("messages", "solved", "--language", "en", *more, "-w", desk).output

    assert "Hello Ann," in said()
    assert "Dear Ann Lee," in said("--tone", "formal")
    assert "Set to resolved." in said("--audience", "team", "--tone", "formal")
    assert "Hello Ann," in said("--audience", "affected")
    assert "Ingrid" not in said()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("solvde",), "there is no message 'solvde': did you mean 'solved'?"),
        (("solved", "--language", "xx"), "there is no language 'xx': known: ar, de, en"),
        (("solved", "--language", "zh-Hnas"), "there is no language 'zh-Hnas': did you mean 'zh-Hans'?"),
        (("solved", "--tone", "formall"), "there is no tone 'formall': did you mean 'formal'?"),
        (("solved", "--audience", "costumer"), "there is no audience 'costumer': known: affected"),
        (("--tone", "formal"), "name the message whose text you want to see"),
        (("--ticket", "sn/INC1"), "name the message whose text you want to see"),
    ],
)
def test_unknown_words_are_told_before_anything_else(asked: tuple[str, ...], says: str, run: Run, desk: Path):
    result = run("messages", *asked, "-w", desk)
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())
    assert not (desk / "messages.html").exists()


def test_a_broken_workspace_shows_no_messages(run: Run, desk: Path):
    (desk / "more.yaml").write_text("quite: wrong\n", encoding="utf-8")
    result = run("messages", "-w", desk)
    assert result.exit_code == 2
    assert "more.yaml:1:" in result.output


def test_a_text_that_cannot_be_written_is_told_among_the_others(run: Run, desk: Path):
    (desk / "templates" / "nb" / "solved.md.j2").write_text("{% block subject %}", encoding="utf-8")
    said = " ".join(run("messages", "solved", "-w", desk).output.split())
    assert "It cannot be written:" in said
    assert "Hello Ann" in said
    assert "! nb: " in run("messages", "-w", desk).output
    assert "templates/nb/solved.md.j2:1:" in page(run, desk, "solved").text


def test_the_help_has_examples(run: Run):
    said = run("messages", "--help").output
    assert said.count("itsm-sync messages") >= 4
    assert max(map(len, said.splitlines())) <= 80


# A real ticket


def test_a_real_ticket_is_read_and_nothing_is_written_or_remembered(run: Run, folder: Path, serve_world: Served):
    world = instance()
    lay_out(folder, serve_world(world))
    ticket = report(world, short_description="Printer on fire")
    number = world.record("incident", ticket)["number"]
    before = {table: dict(kept.records) for table, kept in world.tables.items()}
    said = " ".join(
        run("messages", "received", "--language", "nb", "--ticket", f"sn/{number}", "-w", folder).output.split()
    )
    assert "Hei, Kari!" in said
    assert "Printer on fire" in said
    assert f"{number}" in said
    assert "nå hos Web" in said  # the team that it will have
    assert {table: dict(kept.records) for table, kept in world.tables.items()} == before
    assert [request for request in world.requests if request.method != "GET"] == []
    assert not (folder / "itsm-sync.db").exists()


@pytest.mark.parametrize(("name", "code"), [("sn/INC9999999", 1), ("sn", 2), ("jira/IT-1", 2)])
def test_a_ticket_that_is_not_there_is_said(name: str, code: int, run: Run, folder: Path, serve_world: Served):
    lay_out(folder, serve_world(instance()))
    result = run("messages", "received", "--ticket", name, "-w", folder)
    assert result.exit_code == code
    assert "sn/" in result.output


def test_a_platform_that_is_away_is_said(run: Run, desk: Path):
    text = (desk / "desk.yaml").read_text(encoding="utf-8")
    (desk / "desk.yaml").write_text(
        text.replace("https://desk.service-now.com", "http://127.0.0.1:9"), encoding="utf-8"
    )
    result = run("messages", "received", "--ticket", "sn/INC1", "-w", desk)
    assert result.exit_code == 3


# The page


def test_the_page_has_every_message_in_every_language_and_format(whole: Page):
    found = whole
    sections = [said["id"] for tag, said in found.tags if tag == "section"]
    assert {"m-solved", "m-received", "m-escalated", "m-advice"} <= {*sections}
    assert len(found.classes("l-en")) == len(sections)
    for look in ("mail", "text", "jira", "journal", "slack", "teams"):
        assert len(found.classes(f"f-{look}")) == len(found.classes("way"))


def test_the_page_of_one_message_and_language_has_nothing_else(run: Run, desk: Path):
    found = page(run, desk, "solved", "--language", "nb")
    assert [said["id"] for tag, said in found.tags if tag == "section"] == ["m-solved"]
    assert "Hei Ingrid" in found.text
    assert "Hello Ann" not in found.text


def test_every_audience_and_every_tone_shows_exactly_one_way_of_each_message(whole: Page):
    for article in whole.source.split("<article")[1:]:
        ways = [set(way.split()) for way in re.findall(r'class="way ([^"]+)"', article)]
        for audience in ("requester", "affected", "sponsor", "supplier", "team"):
            for tone in ("own", "formal", "neutral", "familiar"):
                assert sum({f"a-{audience}", f"t-{tone}"} <= way for way in ways) == 1, article[:200]


def test_all_that_can_be_chosen_has_a_button_that_leads_somewhere(whole: Page):
    found = whole
    ids = {said["id"]: said for tag, said in found.tags if tag == "input"}
    assert {said["for"] for tag, said in found.tags if tag == "label"} == {*ids}
    chosen = {name for name, said in ids.items() if "checked" in said}
    assert chosen == {"audience-team", "tone-formal", "look-mail", "language-all"}


def test_arabic_stands_from_right_to_left_and_latin_values_are_set_apart(run: Run, desk: Path):
    found = page(run, desk, "solved", "--language", "ar")
    bodies = [said for tag, said in found.tags if "body" in str(said.get("class")).split()]
    assert bodies
    assert {(said["lang"], said["dir"]) for said in bodies} == {("ar", "rtl")}
    assert "\u2068INC0012345\u2069" in found.text


def test_the_page_loads_and_runs_nothing(whole: Page):
    found = whole
    assert {tag for tag, _ in found.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form"})
    policy = [said["content"] for tag, said in found.tags if said.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not [said for _, said in found.tags for name in said if name.startswith("on") or name == "src"]


HOSTILE = (
    "<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "{{ 7*7 }}",
    "[a](javascript:alert(1))", "<https://elsewhere.example>", "\u202eturned", "\x1b[2Jred", "&lt;b&gt;", "*a* _b_ `c`",
)  # fmt: skip


def test_what_tickets_and_workspaces_say_stays_text_on_the_page(run: Run, folder: Path, serve_world: Served):
    world = instance()
    lay_out(folder, serve_world(world))

    def tags(value: str) -> list[str]:
        number = world.record("incident", report(world, short_description=value))["number"]
        return [tag for tag, _ in page(run, folder, "received", "--language", "en", "--ticket", f"sn/{number}").tags]

    plain = tags("plain")
    assert {value: tags(value) for value in HOSTILE} == dict.fromkeys(HOSTILE, plain)
    (folder / "messages.html").unlink()  # it names the requester, as it should: an admin asked for this ticket


def test_a_page_that_cannot_be_written_is_said(run: Run, desk: Path):
    result = run("messages", "solved", "--html", desk / "no" / "page.html", "-w", desk)
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_the_command_is_among_the_others():
    assert "messages" in CliRunner().invoke(main, ["--help"]).output
