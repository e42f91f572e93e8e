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


@pytest.mark.parametrize("tone", TONES)
def test_arabic_honours_with_the_plural_but_among_familiars(renderer: Renderer, make: Make, tone: str) -> None:
    body = renderer.render("assigned", "ar", make(FACTS, "ar", tone=tone)).body
    assert body.startswith("أهلًا" if tone == "familiar" else "مرحبًا")
    assert ("بلاغكم" in body, "بلاغك " in body) == ((False, True) if tone == "familiar" else (True, False))


@pytest.mark.parametrize("tone", TONES)
def test_portuguese_greets_lightly_only_where_that_is_wanted(renderer: Renderer, make: Make, tone: str) -> None:
    body = renderer.render("assigned", "pt-BR", make(FACTS, "pt-BR", tone=tone)).body
    assert body.startswith("Oi," if tone == "familiar" else "Olá,")
    assert ("você" in body.casefold()) == (tone != "formal")
