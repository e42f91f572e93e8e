"""Each tone says the same, in other words only where people would choose others."""

from __future__ import annotations

import re
from itertools import product

import pytest
from message_desk import ALL, FACTS, HANDED, READERS, REVIEW, TITLES, Make, promising, readers

from templates.formats import journal
from templates.render import Renderer

TONES = ("formal", "neutral", "familiar")


@pytest.mark.parametrize(("message", "language"), ALL)
def test_every_tone_says_the_same_in_few_words(renderer: Renderer, make: Make, message: str, language: str) -> None:
    known = {**FACTS, **HANDED, "title": TITLES[language]}
    for kind, reader in product(("incident", "request"), readers(message)):
        contexts = [make(known, language, reader, READERS[language], kind, tone=tone, review=REVIEW) for tone in TONES]
        texts = [journal(renderer.render(message, language, promising(one)).body) for one in contexts]
        assert len({tuple(sorted(re.findall(r"\d+", text))) for text in texts}) == 1
        assert max(map(len, texts)) - min(map(len, texts)) <= 60


@pytest.mark.parametrize(("message", "language"), [one for one in ALL if one[1] != "en"])
def test_a_subject_to_the_team_speaks_to_nobody(renderer: Renderer, make: Make, message: str, language: str) -> None:
    """Only who is spoken to is spoken to in a tone; English has short forms of its own for some."""
    known = {**FACTS, **HANDED, "title": TITLES[language]}
    contexts = [make(known, language, "team", kind="request", tone=tone) for tone in TONES]
    assert len({renderer.render(message, language, promising(one)).subject for one in contexts}) == 1
