"""What `check` says about a desk's own messages and its languages: each fault with its place and what would mend it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import workspace
from rules.problems import Problem
from templates.lengths import DOORS, leads_somewhere, links, too_long
from templates.marks import digest, mark_of
from templates.render import Renderer, Text
from templates.sources import ENDING, available, builtin
from templates.tongues import exists
from templates.variants import audiences, lost, told_apart, tones

DESK = """\
desk: Harbour
languages: [en, nb, fr]
connections:
  sn:
    platform: servicenow
    url: https://desk.service-now.com
    auth: {user: itsm.sync, password: "${SERVICENOW_PASSWORD}"}
    kinds: {incident: incident}
"""
GREETING = "{% block subject %}Hello{% endblock %}{% block body %}BODY{% endblock %}"
Check = Callable[..., list[Problem]]


def saying(body: str, first: str = "") -> str:
    """Return the source of a message that says this."""
    return first + GREETING.replace("BODY", body)


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Return the function that judges a desk with these texts: language and message → source."""

    def check(rules: str = "", desk: str = DESK, **texts: str) -> list[Problem]:
        (tmp_path / "desk.yaml").write_text(desk + rules, encoding="utf-8")
        for name, text in texts.items():
            language, _, message = name.partition("__")
            folder = tmp_path / "templates" / language.replace("_", "-")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{message.replace('_', '-')}{ENDING}").write_text(text, encoding="utf-8")
        try:
            return list(workspace.rulebook(tmp_path, lint=True)[1])
        except workspace.Broken as broken:
            return list(broken.problems)

    return check


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    """Return where something is wrong, and what."""
    return [(f"{one.file}:{one.line}", one.text) for one in problems]


ALL_THREE = {f"{language}__solved": saying("Done") for language in ("en", "nb", "fr")}


def test_texts_in_every_language_that_a_rule_sends_are_good(check: Check):
    assert check(**ALL_THREE) == []


def test_a_message_that_is_missing_in_a_language_names_the_one_that_is_read_instead(check: Check):
    rule = "communications: [{name: hi, on: created, to: [requester], message: welcome}]\n"
    (problem,) = check(rule, en__welcome=saying("Hi"), nb__welcome=saying("Hei"))
    assert problem.text == "the message 'welcome' is missing in fr"
    assert problem.mend == "write templates/fr/welcome.md.j2; until then it is sent in en"
    assert (problem.file, problem.line, problem.weight) == ("desk.yaml", 9, "warning")


def test_a_text_that_no_rule_sends_is_named_once_with_the_nearest_that_is(check: Check):
    (problem,) = check(en__solvde=saying("Done"), nb__solvde=saying("Ferdig"), fr__solvde=saying("Fini"))
    assert (problem.text, problem.mend) == ("no rule sends 'solvde'", "did you mean 'solved'?")
    assert problem.file == "templates/en/solvde.md.j2"


def test_what_the_service_and_the_steps_send_needs_no_rule(check: Check):
    ladder = "ladders: [{name: up, steps: [{level: L2, after: [{unacknowledged: 5m}]}]}]\n"
    texts = {f"{one}__{message}": saying("x") for one in ("en", "nb", "fr") for message in ("advice", "escalated")}
    assert not [one for one in check(ladder, **texts) if "no rule sends" in one.text]
    assert [one.text for one in check("", **texts) if "no rule sends" in one.text] == ["no rule sends 'escalated'"]


def test_readers_who_get_the_built_in_text_beside_the_desks_own_are_named(check: Check):
    (problem,) = check(en__solved=saying("Done"))
    assert problem.text == "readers of nb, fr get the built-in text, which your own en text replaces"
    assert problem.mend == "write templates/nb/solved.md.j2 and so on"


def test_an_own_wording_in_another_language_than_the_desks_first_is_nothing_to_warn_of(check: Check):
    assert check(nb__solved=saying("Ferdig")) == []


def test_a_language_that_nobody_reads_is_a_warning(check: Check):
    (problem,) = check(**ALL_THREE, de__solved=saying("Fertig"))
    assert said([problem]) == [("templates/de/solved.md.j2:1", "'de' is not in languages:, and nobody reads this")]


# Older than the source


def test_a_mark_of_today_is_good_and_comments_and_layout_do_not_change_it(check: Check):
    mark = f"{{# of en {digest(saying('Done'))} #}}\n"
    texts = ALL_THREE | {"nb__solved": saying("Ferdig", mark)}
    assert check(**texts) == []
    assert check(**texts | {"en__solved": saying("Done", "{# read by Ida #}\n\n")}) == []


@pytest.mark.parametrize("mark", ["{# of en 0123abcd #}", "{# of en #}", "{#- of en -#}"])
def test_another_mark_is_a_warning_with_the_line_that_is_right(check: Check, mark: str):
    (problem,) = check(**ALL_THREE | {"nb__solved": saying("Ferdig", f"{mark}\n")})
    assert (problem.file, problem.line) == ("templates/nb/solved.md.j2", 1)
    assert problem.text.startswith("the en text ")
    assert problem.mend == f"read both, and then begin this one with {{# of en {digest(saying('Done'))} #}}"


def test_the_line_that_check_proposes_is_taken(check: Check):
    (problem,) = check(**ALL_THREE | {"nb__solved": saying("Ferdig", "{# of en #}\n")})
    line = problem.mend.removeprefix("read both, and then begin this one with ")
    assert check(**ALL_THREE | {"nb__solved": saying("Ferdig", f"{line}\n")}) == []


def test_a_mark_may_be_of_a_built_in_text(check: Check):
    first = f"{{# of de {digest(builtin()['de/solved.md.j2'])} #}}\n"
    assert check(**ALL_THREE | {"en__solved": saying("Done", first)}) == []


def test_a_mark_of_a_text_that_is_not_there_is_a_warning(check: Check):
    (problem,) = check(**ALL_THREE | {"nb__solved": saying("Ferdig", "{# of sv 0123abcd #}\n")})
    assert problem.text == "this is of no other text: 'solved' is not there in sv"


def test_other_comments_are_no_marks():
    assert [mark_of(text) for text in ("{# of the team #}", "{# read by Ida #}", "", "text {# of en #}")] == [None] * 4


# Ways of speaking

TO_TWO = "{% if audience == 'team' %}a{% else %}b{% endif %}"
TO_THREE = "{% if audience == 'team' %}a{% elif audience == 'sponsor' %}c{% else %}b{% endif %}"
IN_TWO = "{% if tone == 'familiar' %}a{% else %}b{% endif %}"


def test_an_audience_that_only_the_source_tells_apart_is_a_warning(check: Check):
    (problem,) = check(**ALL_THREE | {"en__solved": saying(TO_TWO), "nb__solved": saying(TO_TWO)})
    assert said([problem]) == [
        ("templates/fr/solved.md.j2:1", "the en text has words of its own for audience team, and this one does not")
    ]


def test_a_tone_that_only_the_source_tells_apart_is_a_warning(check: Check):
    (problem,) = check(**ALL_THREE | {"en__solved": saying(IN_TWO), "nb__solved": saying(IN_TWO)})
    assert problem.text == "the en text has words of its own for tone familiar, and this one does not"
    assert problem.mend == 'ask for tone here, too: {% if tone == "familiar" %}'


def test_only_those_are_named_who_read_what_others_read(check: Check):
    (problem,) = check(
        **ALL_THREE | {"en__solved": saying(TO_THREE), "nb__solved": saying(TO_TWO), "fr__solved": saying(TO_THREE)}
    )
    assert problem.text == "the en text has words of its own for audience sponsor, and this one does not"


def test_a_translation_may_say_more_than_its_source(check: Check):
    assert check(**ALL_THREE | {"nb__solved": saying(TO_THREE + IN_TWO)}) == []


def spoken(body: str) -> Renderer:
    return Renderer({f"en/a{ENDING}": saying(body)})


@pytest.mark.parametrize(
    ("body", "apart"),
    [
        ("a", ()),
        (TO_TWO, ("requester", "team")),
        ("{% if audience == 'requester' %}a{% else %}b{% endif %}", ("requester", "team")),
        ("{% if public %}a{% else %}b{% endif %}", ("requester", "team")),
        (TO_THREE, ("requester", "sponsor", "team")),
        ("{% if audience in ['supplier', 'team'] %}a{% endif %}b", ("requester", "supplier", "team")),
        ("{% if failed.reader == 'requester' %}a{% endif %}b", ()),
    ],
)
def test_whom_a_text_tells_apart(body: str, apart: tuple[str, ...]):
    assert set(told_apart(audiences(spoken(body), "a", "en"))) == set(apart)


def test_two_texts_that_ask_in_other_words_lose_nothing():
    other = "{% if audience != 'requester' %}a{% else %}b{% endif %}"
    assert lost(audiences(spoken(TO_TWO), "a", "en"), audiences(spoken(other), "a", "en")) == ()
    assert lost(tones(spoken(IN_TWO), "a", "en"), tones(spoken("a"), "a", "en")) == ("familiar",)


# Links and lengths


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ("[our help](https://help.example/a)", ""),
        ("[write](mailto:desk@harbour.example)", ""),
        ("[{{ service.name }}](https://help.example/{{ ticket.key }})", ""),
        ("{# <https://help.example> #}", ""),
        ("<https://help.example/a>", "has no text"),
        ("[](https://help.example/a)", "has no text"),
        ("[ ](https://help.example/a)", "has no text"),
        ("[help](www.help.example)", "leads nowhere"),
        ("[help](https://)", "leads nowhere"),
        ("[help](javascript:alert)", "leads nowhere"),
        ("[help]()", "leads nowhere"),
        ("[write](mailto:desk)", "leads nowhere"),
    ],
)
def test_a_link_says_something_and_leads_somewhere(check: Check, link: str, wrong: str):
    problems = check(**ALL_THREE | {"nb__solved": saying(f"One\ntwo {link}")})
    assert [(one.line, one.column) for one in problems] == ([(2, 5)] if wrong else [])
    assert all(wrong in one.text for one in problems)


def test_addresses_that_cannot_be_read_lead_nowhere():
    assert not any(map(leads_somewhere, ("https://[::1", "//help.example", "help", "mailto:@", "")))


def test_a_text_that_is_too_long_for_a_journal_is_a_warning(check: Check):
    (problem,) = check(**ALL_THREE | {"nb__solved": saying("word " * 900)})
    assert problem.file == "templates/nb/solved.md.j2"
    assert "and a ServiceNow journal takes 4,000" in problem.text


def test_a_subject_that_is_too_long_for_a_mail_is_a_warning(check: Check):
    (problem,) = check(**ALL_THREE | {"nb__solved": saying("Ferdig").replace("Hello", "Hei " * 60)})
    assert problem.text == "the subject has 239 characters, and a mail shows 200 at most"


@pytest.mark.parametrize(
    ("door", "text"),
    [
        ("servicenow", "a" * 4_001),
        ("jira_service_management", "a" * 32_768),
        ("slack", "a\n\n" * 20_000),
        ("slack", "a" * 40_001),
        ("teams", "付" * 5_000),
    ],
)
def test_each_door_has_its_own_length(door: str, text: str):
    assert [*too_long(Text("", text), {door: DOORS[door]})]
    assert [*too_long(Text("", text[: len(text) // 30]), {door: DOORS[door]})] == []


def test_the_built_in_texts_have_good_links_and_fit(renderer: Renderer):
    for name, source in builtin().items():
        assert [*links(source)] == [], name


# Languages


@pytest.mark.parametrize("code", ["en", "nb", "nn", "no", "zh-Hant", "zh-TW", "pt-BR", "es-419", "fil", "sr-Latn", ""])
def test_languages_that_there_are(code: str):
    assert exists(code)


@pytest.mark.parametrize("code", ["xx", "jp", "und", "mul", "en-XX", "nob", "sr-Abcd", "en-abcde"])
def test_languages_that_there_are_not(code: str):
    assert not exists(code)


@pytest.mark.parametrize(
    ("old", "new", "wrong", "mend"),
    [
        ("nb, fr", "nb, jp", "jp", "did you mean 'ja'?"),
        ("nb, fr", "nb, cn", "cn", "did you mean 'zh-Hans'?"),
        ("nb, fr", "nb, nob", "nob", "did you mean 'nb'?"),
        ("desk: H", "tone: {dk: formal}\ndesk: H", "dk", "did you mean 'da'?"),
        ("desk: H", "people: {ida: {email: i@h.example, language: vn}}\ndesk: H", "vn", "did you mean 'vi'?"),
        ("desk: H", "organisations: {Acme: {language: jp}}\ndesk: H", "jp", "did you mean 'ja'?"),
        ("desk: H", "teams: {web: {groups: {sn: W}, language: xx}}\ndesk: H", "xx", "languages are named by codes"),
    ],
)
def test_a_language_that_does_not_exist_is_an_error_at_its_place(check: Check, old: str, new: str, wrong, mend):
    problems = [one for one in check(desk=DESK.replace(old, new)) if one.weight == "error"]
    assert [one.text for one in problems] == [f"there is no language '{wrong}'"]
    assert problems[0].mend.startswith(mend)
    assert wrong in problems[0].snippet[problems[0].column - 1 :][: len(wrong)]


def test_a_folder_that_is_named_after_no_language_is_an_error(check: Check):
    (problem,) = [one for one in check(jp__solved=saying("x")) if one.weight == "error"]
    assert (problem.file, problem.mend) == ("templates/jp/solved.md.j2", "did you mean 'ja'?")


def test_an_unknown_tone_is_an_error_with_the_known_ones(check: Check):
    (problem,) = check("tone: {nb: cosy}\n")
    assert problem.weight == "error"
    assert "cosy" in problem.text
    assert "familiar" in problem.text + problem.mend


def test_a_tone_of_a_language_that_is_not_spoken_is_a_warning(check: Check):
    (problem,) = check("tone: {sv: formal, default: neutral, nb: familiar}\n")
    assert problem.text == "'sv' is not in languages:, and its tone has no effect"


def test_a_reader_in_whose_language_nobody_writes_is_a_warning(check: Check):
    people = "people: {ida: {email: i@h.example, language: it}, kari: {email: k@h.example, language: nn}}\n"
    (problem,) = check(people)
    assert problem.text == "'it' is not in languages:, nor is one near to it: en is read instead"
    assert (problem.line, problem.weight) == (9, "warning")


def test_every_language_of_the_built_in_texts_exists():
    assert all(exists(language) for languages in available(builtin()).values() for language in languages)
