"""A language that tells people apart by how they are addressed keeps to one address in each text, in each tone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from message_desk import ALL, PUBLIC, READERS, Make, cases

from templates.context import Context
from templates.formats import journal
from templates.render import Renderer

TONES = ("formal", "neutral", "familiar")
TONED = ("de", "ja")
FAMILIAR = {
    "de": r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|ihr|[Ee]uch|[Ee]uer|[Ee]ure\w*)\b",
    "ja": "さん、|こんにちは|大丈夫|返信して|してみて|聞いて",
}
POLITE = {"de": r"\b(Sie|Ihnen|Ihre?[mnrs]?)\b", "ja": "様|お世話になって|いたし|ございません|おります|いただ"}
CASES = [(message, language, tone) for message, language in ALL if language in TONED for tone in TONES]
POLITE_END = "(です|ます|ました|ません|でした|ください|こんにちは)。$|：[^：]*。$"
"""How a polite sentence ends in Japanese; what stands after a colon is a value."""

GREETED = {
    "de": {
        "formal": ("Guten Tag Jana Vogt,", "Guten Tag,"),
        "neutral": ("Hallo Jana Vogt,", "Hallo,"),
        "familiar": ("Hallo Jana,", "Hallo,"),
    },
    "ja": {
        "formal": ("田中 太郎様", "お世話になっております。"),
        "neutral": ("田中 太郎様", "お世話になっております。"),
        "familiar": ("田中 太郎さん、こんにちは。", "こんにちは。"),
    },
}


def texts(renderer: Renderer, make: Make, message: str, language: str, tone: str) -> Iterator[str]:
    """Return all that a message says in this tone: its subject, and its text with the footer."""
    return (said(renderer, message, language, context, tone) for _, context in cases(make, message, language))


def said(renderer: Renderer, message: str, language: str, context: Context, tone: str) -> str:
    text = renderer.render(message, language, {**context, "tone": tone})
    return f"{text.subject}\n\n{journal(text.body)}"


@pytest.mark.parametrize(("message", "language", "tone"), CASES)
def test_no_tone_mixes_two_forms_of_address(
    renderer: Renderer, make: Make, message: str, language: str, tone: str
) -> None:
    for name, context in cases(make, message, language):
        wrong = POLITE if tone == "familiar" and context["audience"] != "supplier" else FAMILIAR
        text = said(renderer, message, language, context, tone)
        assert not re.search(wrong[language], text), (name, text)


@pytest.mark.parametrize(("message", "language"), [case for case in PUBLIC if case[1] in TONED])
def test_each_tone_greets_in_its_own_way(renderer: Renderer, make: Make, message: str, language: str) -> None:
    for tone, greetings in GREETED[language].items():
        contexts = [make({}, language, person=person, tone=tone) for person in (READERS[language], None)]
        bodies = [renderer.render(message, language, context).body for context in contexts]
        assert tuple(body.split("\n")[0] for body in bodies) == greetings


@pytest.mark.parametrize(("message", "language"), [case for case in PUBLIC if case[1] in TONED])
def test_a_familiar_text_is_none_of_the_polite_ones(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    said = [next(texts(renderer, make, message, language, tone)) for tone in TONES]
    assert said[2] not in said[:2]


@pytest.mark.parametrize("message", sorted({message for message, language in PUBLIC if language == "de"}))
def test_german_goes_on_in_small_letters_after_the_greeting(renderer: Renderer, make: Make, message: str) -> None:
    for tone in TONES:
        for name, context in cases(make, message, "de"):
            if context["audience"] == "requester":
                first = renderer.render(message, "de", {**context, "tone": tone}).body.split("\n")[2]
                assert first[0].islower() or first.startswith(("Ihr", "**")), (name, first)


@pytest.mark.parametrize("message", sorted({message for message, language in PUBLIC if language == "ja"}))
def test_japanese_sentences_end_politely_in_each_tone(renderer: Renderer, make: Make, message: str) -> None:
    for tone in TONES:
        for text in texts(renderer, make, message, "ja", tone):
            sentences = [one.strip() for one in re.findall(r"[^。\n]+。", text)]
            assert all(re.search(POLITE_END, one) for one in sentences), sentences


@pytest.mark.parametrize("language", TONED)
def test_a_supplier_is_another_house_and_is_addressed_alike_in_each_tone(
    renderer: Renderer, make: Make, language: str
) -> None:
    context: Context = {**make({"service": "payments"}, language, person=READERS[language]), "audience": "supplier"}
    texts = {said(renderer, "supplier-request", language, context, tone) for tone in TONES}
    assert len(texts) == 1
    assert re.search(POLITE[language], texts.pop())


@pytest.mark.parametrize("language", TONED)
@pytest.mark.parametrize("audience", ["sponsor", "affected"])
@pytest.mark.parametrize("message", ["major-incident-started", "major-incident-update", "major-incident-solved"])
def test_sponsors_and_all_who_are_affected_are_greeted_and_addressed_in_the_tone_of_the_desk(
    renderer: Renderer, make: Make, message: str, audience: str, language: str
) -> None:
    for tone, (greeting, _) in GREETED[language].items():
        context: Context = {**make({}, language, person=READERS[language]), "audience": audience}
        text = said(renderer, message, language, context, tone)
        assert text.split("\n")[2] == greeting
        assert not re.search((POLITE if tone == "familiar" else FAMILIAR)[language], text)


@pytest.mark.parametrize("message", sorted({message for message, language in PUBLIC if language == "ja"}))
def test_formal_japanese_gives_thanks_for_favours_below_the_name(renderer: Renderer, make: Make, message: str) -> None:
    for tone in TONES:
        body = renderer.render(message, "ja", make({}, "ja", person=READERS["ja"], tone=tone)).body
        assert ("お世話になっております。" in body) == (tone == "formal")


LIGHT = r"\beinfach\b|Bescheid|leid\b|Noch Fragen"


@pytest.mark.parametrize("message", sorted({message for message, language in PUBLIC if language == "de"}))
def test_formal_german_keeps_from_light_words(renderer: Renderer, make: Make, message: str) -> None:
    assert not any(re.search(LIGHT, text) for text in texts(renderer, make, message, "de", "formal"))


def test_the_more_formal_a_desk_is_the_more_formally_it_is_sorry(renderer: Renderer, make: Make) -> None:
    words = {
        "de": ("bitten wir um Entschuldigung", "tut uns leid", "tut uns leid"),
        "ja": ("深くお詫び申し上げます", "誠に申し訳ございません", "申し訳ありませんでした"),
    }
    for language, sorry in words.items():
        for tone, word in zip(TONES, sorry, strict=True):
            assert word in renderer.render("apology", language, make({}, language, tone=tone)).body
