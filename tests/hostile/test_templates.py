"""Values of tickets stay values, and messages of a workspace take neither all time nor all memory."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from values_for_templates import BODIES, VALUES

from templates.context import Context, sample
from templates.formats import adf, html, journal, journal_html, slack, teams, text, wiki
from templates.render import LONGEST_TEXT, Renderer, TemplateFailed, Text, headed
from templates.sources import builtin
from templates.values import clean, escaped
from tests.templates.format_readers import (
    JOINER,
    Page,
    card_active,
    card_shown,
    code_tag,
    slack_active,
    slack_shown,
    unflowed,
)

STOCK = Renderer(builtin())
FOOTER = 300
"""Characters that the renderer adds at most, for the sample's desk and rule."""

PATIENCE = 20.0
"""Seconds of work after which a message counts as one that never ends."""


@pytest.fixture(autouse=True)
def _a_message_that_never_ends_is_stopped() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise AssertionError("it does not end")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


def short(value: str) -> str:
    return ascii(value)[:40]


@pytest.mark.parametrize("value", VALUES, ids=short)
def test_code_and_markup_in_a_ticket_are_shown_as_they_stand(value):
    filled = sample(frozenset(), "en", public=True, full=True)
    filled["ticket"]["title"] = filled["reader"]["first_name"] = value
    filled["articles"] = []
    body = STOCK.render("received", "en", filled).body
    shown = journal(body)
    assert f"“{journal(escaped(clean(value)))}”" in shown
    assert "[code]" not in shown.casefold()
    assert len(wiki(body)) < 20_000
    assert {node["type"] for node in adf(body)["content"]} == {"paragraph"}


def in_quotes(written: str) -> str:
    return written[written.index("“") + 1 : written.rindex("”")]


@pytest.mark.parametrize("value", VALUES, ids=short)
def test_they_are_shown_as_they_stand_in_mail_and_chats_too(value):
    filled = sample(frozenset(), "en", public=True, full=True)
    filled["ticket"]["title"], filled["articles"] = value, []
    body, shown = STOCK.render("received", "en", filled).body, clean(value)
    pages = [Page(html(body, "en")), Page(code_tag(journal_html(body, "en")))]
    assert [in_quotes(page.text) for page in pages] == [shown, shown]
    assert [page.links() for page in pages] == [[], []]
    assert in_quotes("\n".join(paragraph for _, paragraph in unflowed(text(body)))) == shown
    assert in_quotes(slack_shown(slack(body))) == shown.replace(JOINER, "")
    assert slack_active(in_quotes(slack(body))) in ([], ["quote"])
    assert in_quotes(card_shown(teams(body, "en"))) == shown.replace(JOINER, "")
    assert card_active(teams(body, "en")) == {"em"}


@pytest.mark.parametrize("value", VALUES, ids=short)
def test_a_subject_above_the_text_of_a_chat_is_shown_as_it_stands(value):
    shown = clean(value)
    said = headed(Text(f"INC1: “{shown}”", "All is well."))
    assert in_quotes(slack_shown(slack(said))) == shown.replace(JOINER, "")
    assert slack_active(in_quotes(slack(said))) in ([], ["quote"])
    assert in_quotes(card_shown(teams(said, "en"))) == shown.replace(JOINER, "")
    assert card_active(teams(said, "en")) == {"strong"}


@pytest.mark.parametrize("body", BODIES, ids=short)
def test_a_message_says_something_of_a_bounded_length_or_is_stopped_with_its_line(body):
    source = f"{{% block subject %}}s{{% endblock %}}{{% block body %}}{body}{{% endblock %}}"
    filled = sample(frozenset(), "en", public=True, full=True)
    filled["ticket"]["title"] = "x" * 1_000_000
    outcome = written_or_failed(source, filled)
    if isinstance(outcome, TemplateFailed):
        assert 1 <= outcome.line <= source.count("\n") + 1
        assert outcome.why
    else:
        assert len(outcome.body) <= LONGEST_TEXT + FOOTER


def written_or_failed(source: str, filled: Context) -> Text | TemplateFailed:
    try:
        return Renderer({"en/m.md.j2": source}).render("m", "en", filled)
    except TemplateFailed as failed:
        return failed


BEHIND = [body for body in BODIES if "{{" in body and any(word in body for word in (".__", " * ", "range(", "lipsum"))]


@pytest.mark.parametrize("body", BEHIND, ids=short)
def test_what_reaches_behind_the_values_or_counts_by_itself_is_never_run(body):
    source = f"{{% block subject %}}s{{% endblock %}}{{% block body %}}{body}{{% endblock %}}"
    with pytest.raises(TemplateFailed):
        Renderer({"en/m.md.j2": source}).render("m", "en", sample(frozenset(), "en", public=True, full=True))
