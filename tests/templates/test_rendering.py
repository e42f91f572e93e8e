"""Templates are data: what they may do is bounded, and what is wrong with them is said with its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message_desk import KARI, REVIEW, WHY

from rules.problems import Problem
from rules.rulebook import Rulebook
from templates.context import AUDIENCES, COMMON_FACTS, TONES, Context, fact_names, sample
from templates.formats import journal
from templates.lint import problems
from templates.render import LONGEST_TEXT, Renderer, TemplateFailed
from templates.sources import LONGEST, available, builtin, workspace_texts

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / os.environ.get("ITSM_SYNC_SHARED", "../shared")) / "design" / "workspace"


def source(body: str, subject: str = "s") -> str:
    return f"{{% block subject %}}{subject}{{% endblock %}}\n{{% block body %}}\n{body}\n{{% endblock %}}\n"


def rendered(text: str, context: Context | None = None) -> str:
    """Return what a body makes of a sample ticket, without the footer."""
    given = context or sample(frozenset(), "en", public=True, full=True)
    body = Renderer({"en/m.md.j2": text}).render("m", "en", given).body
    return body.rpartition("\n\n")[0]


def found(text: str, name: str = "en/m.md.j2", facts: frozenset[str] | None = COMMON_FACTS) -> tuple[Problem, ...]:
    return problems(Renderer({name: text}), facts)


@pytest.mark.parametrize(
    "body",
    [
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 100000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ 'a' | replace('a', 'aaaaaaaaaa') }}",
        "{{ 'a' | indent(1000000000) }}",
        "{{ lipsum() }}",
        "{{ range(1000000000) }}",
        "{{ ticket.title.join(['a']) }}",
        "{{ ticket['title'] }}",
        "{{ ticket.title[0:3] }}",
        "{% for a in proposals %}{% for b in proposals %}x{% endfor %}{% endfor %}",
        "{% for a in [1, 2, 3] %}x{% endfor %}",
        "{% for a in proposals recursive %}x{% endfor %}",
        "{% set x = 1 %}",
        "{% set x %}y{% endset %}",
        "{% with x = 1 %}{% endwith %}",
        "{% include 'nb/received.md.j2' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% call m() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% block other %}{% endblock %}",
        "{{ ticket.title is string }}",
        "{{ {'a': 1} }}",
        "{{ 1 + 1 }}",
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{{ " + "not " * 5_000 + "1 }}",
        "{{ 'x'" + " | upper" * 5_000 + " }}",
        "{% if 1 %}" * 200 + "{% endif %}" * 200,
        "x" * LONGEST,
        "{{ unclosed",
        "{% if %}",
        "{% endif %}",
    ],
)
def test_what_messages_may_not_use_is_refused_with_its_line(body: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        Renderer({"en/m.md.j2": source(body)}).compiled("m", "en")
    assert caught.value.line in (1, 3, 4, 5)
    assert str(caught.value).startswith("templates/en/m.md.j2:")


@pytest.mark.parametrize(
    "body",
    [
        "{{ ticket.__class__ }}",
        "{{ ticket.title.__class__ }}",
        "{{ ticket.keys }}",
        "{{ ticket.title.format }}",
        "{{ desk.name.encode }}",
        "{{ reader.__init__ }}",
        "{{ ticket }}",
        "{{ proposals }}",
        "{{ lipsum }}",
        "{{ range }}",
        "{{ nothing }}",
        "{{ nothing.more }}",
        "{{ self.body }}",
        "{% for p in proposals %}{{ loop.cycle }}{% endfor %}",
        "{% if ticket.title > 3 %}x{% endif %}",
        "{{ 3 | length }}",
    ],
)
def test_what_does_not_exist_stops_the_message_with_its_line(body: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        rendered(source("first\n" + body))
    assert caught.value.line == 4


def test_a_text_that_grows_too_long_is_stopped() -> None:
    with pytest.raises(TemplateFailed, match=str(LONGEST_TEXT)):
        rendered(source("{% for p in ticket.title %}" + "x" * 10_000 + "{% endfor %}"))


def test_conditions_lists_and_texts_put_together_work() -> None:
    body = "{% if 'a' in ['a', 'b'] and not ticket.major == 1 %}yes{% endif %} {{ 'a' ~ 1 }} {{ proposals | length }}"
    assert rendered(source(body)) == "yes a1 2"


def test_a_constant_in_a_template_is_escaped_as_any_value() -> None:
    assert journal(rendered(source("{{ '**a**' }}"))) == "**a**"


def test_blank_lines_that_conditions_leave_behind_are_taken_away() -> None:
    assert rendered(source("a\n{% if ticket.key %}\n\n{% endif %}\n\n\nb")) == "a\n\nb"


def test_a_failing_template_blocks_only_its_own_message() -> None:
    renderer = Renderer({**builtin(), "en/received.md.j2": source("{{ nothing }}")})
    filled = sample(frozenset(), "en", public=True, full=True)
    with pytest.raises(TemplateFailed):
        renderer.render("received", "en", filled)
    assert renderer.render("solved", "en", filled).body


def test_a_message_that_does_not_exist_fails_like_any_other() -> None:
    with pytest.raises(TemplateFailed, match="no such message"):
        Renderer({}).render("received", "", sample(frozenset(), "", public=True, full=True))


def test_a_message_with_nothing_to_say_is_not_sent() -> None:
    with pytest.raises(TemplateFailed, match="empty"):
        rendered(source("{% if audience == 'team' %}x{% endif %}"))


@pytest.mark.parametrize(
    ("text", "line", "column", "said", "mend"),
    [
        (source("{{ ticket.titel }}"), 3, 4, "there is no 'ticket.titel'", "did you mean 'ticket.title'?"),
        (source("a\n  {{ redaer.name }}"), 4, 6, "there is no 'redaer'", "did you mean 'reader'?"),
        (
            source("{{ reader.frist_name }}"),
            3,
            4,
            "there is no 'reader.frist_name'",
            "did you mean 'reader.first_name'?",
        ),
        (source("{{ ticket.key | wehn }}"), 3, 17, "there is no filter 'wehn'", "did you mean 'when'?"),
        ("{% block body %}x{% endblock %}", 1, 1, "the block subject is missing", ""),
        ("hello\n" + source("x"), 1, 1, "text outside the blocks subject and body is never sent", ""),
        (source("{% if reader.name %}x"), 4, 1, "", ""),
        (source("x\n{{ 1 + 1 }}"), 4, 1, "messages cannot use the operator +", ""),
        (source("{% for p in proposals %}{{ p.rul }}{% endfor %}"), 3, 28, "there is no 'p.rul'", ""),
        (source("{% for k in known %}{{ k.nme }}{% endfor %}"), 3, 24, "there is no 'k.nme'", "did you mean 'k.name'?"),
        (source("{% for s in steps %}{{ s.kid }}{% endfor %}"), 3, 24, "there is no 's.kid'", "did you mean 's.kind'?"),
        (source("{% for c in clocks %}{{ c.duo }}{% endfor %}"), 3, 25, "there is no 'c.duo'", "did you mean 'c.due'?"),
        (source("{{ report.lastd }}"), 3, 4, "there is no 'report.lastd'", "did you mean 'report.lasted'?"),
        (source("{{ now.year }}"), 3, 4, "there is no 'now.year'", ""),
        (
            source("{% if audience == 'custommer' or audience == 'suplier' %}y{% endif %}x"),
            *(3, 20, "audience is never 'custommer'", ""),
        ),
        (source("x{% if audience == 'suplier' %}{% endif %}"), 3, 21, "audience is never", "did you mean 'supplier'?"),
        (source("x{% if tone in ['formal', 'famliar'] %}{% endif %}"), 3, 28, "tone is never 'famliar'", "'familiar'?"),
        (
            source("x{% for s in steps %}{% if 'tem' == s.kind %}y{% endif %}{% endfor %}"),
            *(3, 29, "steps.kind is never 'tem'", "did you mean 'team'?"),
        ),
        (
            source("x{% for c in clocks %}{% if c.name == 'update' %}y{% endif %}{% endfor %}"),
            *(3, 40, "clocks.name is never 'update'", "did you mean 'updates'?"),
        ),
        (source("{% for a in asked %}{{ a.name }}{% endfor %}"), 3, 24, "there is no 'a.name'", ""),
        (source("{{ promise.acept }}"), 3, 4, "there is no 'promise.acept'", "did you mean 'promise.accept'?"),
        (source("ab \ufffd"), 3, 4, "this is not UTF-8", "save the file as UTF-8"),
        (source("{% if ticket.key > 3 %}{% endif %}x"), 3, 1, "", ""),
        (source("x\n{% autoescape true %}x{% endautoescape %}"), 4, 1, "messages cannot use {% autoescape %}", ""),
        (source("a\rb\r{{ redaer }}\u2028"), 5, 4, "there is no 'redaer'", "did you mean 'reader'?"),
    ],
)
def test_check_says_what_is_wrong_and_where(text: str, line: int, column: int, said: str, mend: str) -> None:
    problem = found(text)[0]
    assert (problem.file, problem.line, problem.column) == ("templates/en/m.md.j2", line, column)
    assert said in problem.text
    assert mend in problem.mend
    assert problem.weight == "error"


def test_check_reports_all_unknown_names_at_once() -> None:
    assert len(found(source("{{ a.b }} {{ ticket.nope }}\n{{ c }}"))) == 3


def test_check_finds_what_is_wrong_in_a_branch_that_no_sample_takes() -> None:
    assert (
        found(source("x{% if ticket.key == 'never' %}{{ team.nmae }}{% endif %}"))[0].mend
        == "did you mean 'team.name'?"
    )


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("tone", TONES)
def test_check_tries_a_text_for_everybody_whom_it_tells_apart_in_all_its_tones(audience: str, tone: str) -> None:
    fails = f"{{% if audience == '{audience}' and tone == '{tone}' %}}{{{{ 3 | length }}}}{{% endif %}}"
    assert {problem.line for problem in found(source(f"x{fails}"))} == {3}


def test_words_with_which_other_things_are_compared_are_no_audience() -> None:
    text = source("{% for s in steps %}{% if s.kind == 'team' or ticket.key == 'sponsor' %}y{% endif %}{% endfor %}x")
    assert Renderer({"en/m.md.j2": text}).audiences("m", "en") == frozenset()


@pytest.mark.parametrize("name", ["en/Upper Case.md.j2", "zh_Hans/m.md.j2", "ZH-hans/m.md.j2"])
def test_check_names_files_that_no_message_can_have(name: str) -> None:
    assert found(source("x"), name)[0].text == "no message can have this name"


def test_check_warns_of_a_message_that_is_empty_for_some_tickets() -> None:
    assert [problem.weight for problem in found(source("{{ ticket.title }}"))] == ["warning"]


def test_facts_are_not_judged_while_they_are_unknown() -> None:
    assert found(source("{{ ticket.expected_fix }}"), facts=None) == ()


def test_the_built_in_messages_have_no_problems(book: Rulebook) -> None:
    assert problems(Renderer(builtin()), fact_names(book)) == ()


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference workspace is not here; ITSM_SYNC_SHARED says where")
@pytest.mark.long
def test_the_messages_of_the_reference_workspace_have_no_problems() -> None:
    own = workspace_texts(REFERENCE)
    assert "nb/major-incident-update.md.j2" in own
    assert problems(Renderer({**builtin(), **own}), COMMON_FACTS | {"expected_fix"}) == ()


def test_a_workspace_replaces_the_built_in_messages_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "templates" / "nn").mkdir(parents=True)
    (tmp_path / "templates" / "nn" / "solved.md.j2").write_bytes(b"\xef\xbb\xbf" + source("Løyst").encode())
    (tmp_path / "templates" / "notes.txt").write_text("not a message")
    own = workspace_texts(tmp_path)
    assert own == {"nn/solved.md.j2": source("Løyst")}
    every = {"en", "nb", "vi", "zh-Hans", "es", "fr", "de", "ja", "pt-BR", "ar", "nn"}
    assert available({**builtin(), **own})["solved"] == every


def test_a_workspace_without_messages_has_none(tmp_path: Path) -> None:
    assert workspace_texts(tmp_path) == {}


def test_a_real_context_has_the_names_that_check_knows(make: Callable[..., Context], book: Rulebook) -> None:
    real = make(
        {"priority": "P2", "handover.known": ("priority",)}, person=KARI, proposals=WHY, reasons=WHY, review=REVIEW
    )
    known = sample(fact_names(book), "nb", public=True, full=True)
    assert real.keys() == known.keys()
    for name, value in known.items():
        if isinstance(value, dict):
            assert real[name].keys() == value.keys()  # type: ignore[literal-required]
    assert real["proposals"][0].keys() == known["proposals"][0].keys()
    assert real["reasons"][0].keys() == known["reasons"][0].keys()
    assert real["known"][0].keys() == known["known"][0].keys()
    for name in ("steps", "clocks", "links"):
        assert real[name][0].keys() == known[name][0].keys()  # type: ignore[literal-required]


PIECES = (
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        " ",
        "\n",
        "[",
        "]",
        "(",
        ")",
        "|",
        ".",
        ",",
        "*",
        "**",
        "~",
        "==",
        "-",
        "'x'",
        "9",
    ),
    *("if", "for", "in", "else", "endif", "endfor", "block", "endblock", "set", "raw", "endraw", "not", "and", "upper"),
    *("body", "subject", "ticket", "title", "proposals", "loop", "self", "\ud800", "\x00"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.booleans())
def test_any_source_gives_a_text_or_says_why_not(pieces: list[str], spaced: bool) -> None:
    text = source((" " if spaced else "").join(pieces))
    failed = failure(text)
    assert failed is None or (failed.why and 1 <= failed.line <= text.count("\n") + 1)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in found(text))


def failure(text: str) -> TemplateFailed | None:
    try:
        rendered(text)
    except TemplateFailed as failed:
        return failed
    return None
