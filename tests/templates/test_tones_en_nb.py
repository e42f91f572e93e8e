"""English and Norwegian have one form of address; their tones differ in greetings and in a few lighter words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from message_desk import FACTS, MESSAGES, NOTES, READERS, REVIEW, Make, bare, known, promising, readers

from templates.context import Context
from templates.formats import journal
from templates.render import Renderer

TONES = ("formal", "neutral", "familiar")
TO_PEOPLE = sorted(set(MESSAGES) - set(NOTES))
CASES = list(product(TO_PEOPLE, ("en", "nb"), TONES))

GREETED = {
    ("en", "formal"): ("Dear Ann Lee,", "Hello,"),
    ("en", "neutral"): ("Hello Ann,", "Hello,"),
    ("en", "familiar"): ("Hi Ann,", "Hi,"),
    ("nb", "formal"): ("God dag, Kari Nordmann", "God dag"),
    ("nb", "neutral"): ("Hei, Kari", "Hei"),
    ("nb", "familiar"): ("Hei, Kari!", "Hei!"),
}
SHORT = r"\w’(ll|re|ve|s|t)\b|\bHi\b|\bThanks\b"
LONG = (
    r"\b([Yy]ou|[Ww]e|[Ii]t|[Tt]here) (will|are|have|is)\b|\b(do|does|did|is|are|have|has|can) ?not\b|\bDear\b|apologi"
)
LIGHT = r"!|\b(Bare|er det bare|svarer du bare|[Tt]est|lei oss)\b"
RESERVED = r"\b(God dag|foreta|mottatt|ber deg|arbeider|henvendelsen|[Hh]indrer dette)\b"
UNWANTED = {
    ("en", "formal"): SHORT,
    ("en", "neutral"): SHORT,
    ("en", "familiar"): LONG,
    ("nb", "formal"): LIGHT,
    ("nb", "neutral"): f"{LIGHT}|{RESERVED}",
    ("nb", "familiar"): RESERVED,
}
OLD_FASHIONED = r"\b(Dem|Deres|[Vv]ennligst)\b"


def of_all_readers(make: Make, message: str, language: str, tone: str) -> Iterator[Context]:
    """Return contexts of a message to each who is no team, with all that is known and with hardly anything."""
    for reader in sorted(set(readers(message)) - {"team"}):
        for kind, silent in product(("incident", "request"), (False, True)):
            facts = {**known(language), "silent": True} if silent else known(language)
            yield promising(make(facts, language, reader, READERS[language], kind, review=REVIEW, tone=tone))
        yield make(bare(message), language, reader, tone=tone)


@pytest.mark.parametrize(("message", "language", "tone"), CASES)
def test_no_tone_borrows_the_words_of_another(
    renderer: Renderer, make: Make, message: str, language: str, tone: str
) -> None:
    for context in of_all_readers(make, message, language, tone):
        if context["audience"] != "supplier":
            text = renderer.render(message, language, context)
            said = f"{text.subject}\n{journal(text.body)}"
            assert not re.search(UNWANTED[language, tone], said), said


@pytest.mark.parametrize(("message", "language", "tone"), CASES)
def test_each_tone_greets_in_its_own_way(
    renderer: Renderer, make: Make, message: str, language: str, tone: str
) -> None:
    for context in of_all_readers(make, message, language, tone):
        if context["audience"] != "supplier":
            greeting = renderer.render(message, language, context).body.split("\n")[0]
            assert greeting == GREETED[language, tone][0 if context["reader"]["first_name"] else 1]


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_supplier_is_spoken_to_with_reserve_in_every_tone(renderer: Renderer, make: Make, language: str) -> None:
    for tone in TONES:
        context = make(FACTS, language, "supplier", READERS[language], tone=tone)
        text = renderer.render("supplier-request", language, context)
        said = f"{text.subject}\n{journal(text.body)}"
        assert not re.search(UNWANTED[language, "formal"], said)
        assert GREETED[language, "formal" if tone == "formal" else "neutral"][0] in said


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_formal_text_apologises_in_other_words_than_a_familiar_one(
    renderer: Renderer, make: Make, language: str
) -> None:
    sorry = {"en": ("We apologise.", "We are sorry.", "We’re sorry"), "nb": ("Dette bekl", "Det bekl", "lei oss for")}
    for tone, words in zip(TONES, sorry[language], strict=True):
        assert words in renderer.render("apology", language, make(FACTS, language, tone=tone)).body


@pytest.mark.parametrize("message", TO_PEOPLE)
def test_norwegian_says_du_in_every_tone_and_asks_without_flourish(
    renderer: Renderer, make: Make, message: str
) -> None:
    for tone in TONES:
        for context in of_all_readers(make, message, "nb", tone):
            assert not re.search(OLD_FASHIONED, journal(renderer.render(message, "nb", context).body))


@pytest.mark.parametrize("message", TO_PEOPLE)
def test_no_greeting_in_norwegian_ends_with_a_comma(renderer: Renderer, make: Make, message: str) -> None:
    for tone in TONES:
        for context in of_all_readers(make, message, "nb", tone):
            assert not renderer.render(message, "nb", context).body.split("\n")[0].endswith(",")
