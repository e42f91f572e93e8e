"""Whose language is unknown is answered in that of what they wrote, if that is sure; the journal says so."""

from __future__ import annotations

import sys

import pytest

SAYING = """
languages: [en, nb, vi, fr]
communications: [{name: received, on: created, to: [requester], message: received}]
"""
SENT = "done communicate received: received sent to requester"


def sent(desk, ticket):
    return [line for line in desk.journal(ticket) if "sent to requester" in line]


@pytest.fixture
def unloaded(monkeypatch):
    """Let the process be one that has not needed the detector yet."""
    from templates import detector

    detector._identifier.cache_clear()
    for name in [name for name in sys.modules if name.startswith("py3langid")]:
        monkeypatch.delitem(sys.modules, name)
    return lambda: not any(name.startswith("py3langid") for name in sys.modules)


def test_a_cycle_in_which_all_languages_are_known_never_loads_the_detector(desk, unloaded):
    desk.rules(SAYING)
    ticket = desk.report("kari", impact="2", urgency="2")
    desk.cycle(times=2)
    assert sent(desk, ticket) == [f"{SENT} in nb: the reader's own language"]
    assert unloaded()


def test_who_has_no_language_is_answered_in_that_of_what_they_wrote(desk):
    desk.rules(SAYING)
    texts = ("Máy in ở tầng ba bị kẹt giấy", "VPN 809", "Tulostin ei toimi, kuka voisi auttaa minua tänään?")
    told = [desk.report("ida", impact="2", urgency="2", short_description=text) for text in texts]
    noted = desk.report("ida", by="vera", impact="2", urgency="2", short_description=texts[0])
    desk.cycle(times=2)
    unknown = "in en: the desk's language, as the reader's language is unknown"
    assert [sent(desk, ticket) for ticket in (*told, noted)] == [
        [f"{SENT} in vi: what they wrote"],
        [f"{SENT} {unknown}"],
        [f"{SENT} in en: the desk's language, as there is no message in the reader's fi"],
        [f"{SENT} {unknown}"],
    ]
    assert desk.said(told[0])[0].startswith("Kính gửi anh/chị")
