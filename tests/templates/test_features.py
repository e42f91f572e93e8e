"""What a text asks of a door that none does is a warning at its place; a subject stands above where it has no line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import workspace
from templates.features import asked
from templates.lengths import DOORS, too_long
from templates.letters import spelled
from templates.render import Text, headed
from templates.sources import builtin

DESK = """\
languages: [en]
connections:
  sn: {platform: servicenow, url: "https://desk.service-now.com", auth: {user: sync, password: "${PASSWORD}"}}
"""
SOURCE = "{% block subject %}Solved{% endblock %}\n{% block body %}\nIt is solved. BODY\n{% endblock %}\n"


def judged(folder: Path, body: str):
    """Return what `check` says of a desk whose text says this."""
    (folder / "templates" / "en").mkdir(parents=True)
    (folder / "desk.yaml").write_text(DESK, encoding="utf-8")
    (folder / "templates" / "en" / "solved.md.j2").write_text(SOURCE.replace("BODY", body), encoding="utf-8")
    return workspace.rulebook(folder, lint=True)[1]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("<b>Please</b> test it.", "no door takes HTML, '<b>' comes out as text"),
        ('<a href="https://a.example">here</a>', "no door takes HTML"),
        ("<br/>two", "no door takes HTML, '<br/>'"),
        ("![a plan](https://a.example/plan.png)", "no door shows pictures, only the words"),
        ("<!here> look", "no door mentions anybody, '<!here>'"),
        ("<@U0123ABC> look", "no door mentions anybody, '<@U0123ABC>'"),
        ("[~ida] look", "no door mentions anybody, '[~ida]'"),
        ("<at>Ida</at> look", "no door mentions anybody, '<at>'"),
        ("@channel look", "no door mentions anybody, '@channel'"),
        ("{color:red}now{color}", "'{color:red}' is a mark of one platform"),
        ("[code]<b>now</b>[/code]", "'[code]' is a mark of one platform"),
    ],
)
def test_what_no_door_does_is_a_warning_at_its_place_with_the_mend(tmp_path, body, wrong):
    found = [one for one in judged(tmp_path, body) if wrong in one.text]
    assert [(one.file, one.line, one.column, one.weight) for one in found] == [
        ("templates/en/solved.md.j2", 3, 15, "warning")
    ]
    assert found[0].mend


@pytest.mark.parametrize(
    "body",
    [
        *("2 < 3 and 4 > 1", "write to desk@harbour.example", "[help](https://help.example)", "`<b>` is HTML"),
        *(
            "```\n<br> @here {code}\n```",
            "{# <b>not said</b> #}",
            "**bold**, *italic*",
            "call @hereford",
            "<NAME> stands for yours",
        ),
    ],
)
def test_what_is_text_or_code_asks_for_nothing(tmp_path, body):
    assert judged(tmp_path, body) == ()


def test_the_built_in_texts_ask_for_what_doors_do():
    assert {name: [*asked(source)] for name, source in builtin().items() if [*asked(source)]} == {}


TEXT = Text("INC0010001: <b>all</b> is *down*", "Please look at it.")


def test_a_door_without_a_line_for_a_subject_shows_it_above_the_text():
    assert spelled(TEXT, "slack", "en").splitlines()[0].startswith("*INC0010001: ")
    first, second = json.loads(spelled(TEXT, "teams", "en"))["body"]
    assert "INC0010001" in str(first)
    assert "Please look at it." in str(second)
    assert spelled(TEXT, "text", "en").strip() == "Please look at it."


def test_a_subject_is_text_there_too():
    assert "<b>" not in spelled(TEXT, "slack", "en")
    assert "<!here>" not in spelled(Text("<!here> <@U1> *x*", "a"), "slack", "en")


@pytest.mark.parametrize("text", [Text("", "Only this"), Text("Only this", "Only this")])
def test_nothing_is_said_twice(text):
    assert headed(text) == "Only this"


def test_the_card_of_a_language_from_the_right_runs_so_though_its_subject_begins_with_a_number():
    card = json.loads(spelled(Text("INC0010001", "مرحبا"), "teams", "ar"))
    assert (card["lang"], card["rtl"]) == ("ar", True)


def test_the_subject_counts_where_it_stands_above():
    body = "a" * 2_900 + "\n\n" + "b" * 2_900
    assert [*too_long(Text("s" * 150, body), {"slack": DOORS["slack"]})] == []
    assert [*too_long(Text("", "付" * 4_730), {"teams": DOORS["teams"]})] == []
    assert [*too_long(Text("s" * 150, "付" * 4_730), {"teams": DOORS["teams"]})]
