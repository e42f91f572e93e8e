"""Portuguese is reserved by leaving the reader out of the sentence, Arabic by the plural; neither tone mixes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from message_desk import ALL, PUBLIC, READERS, Make, cases

from templates.context import Context
from templates.formats import journal
from templates.render import Renderer

TONES = ("formal", "neutral", "familiar")
TONED = ("pt-BR", "ar")
LIGHT = r"\bOi\b|[Éé] só responder|Vamos (dar|avisar|seguir)|Desculpe"
RESERVED = r"\b(Prezad\w*|Por favor, responda|Daremos|Avisaremos|Aguardamos|Pedimos desculpas)\b"
ONE = r"\b(أنت|لك|(بلاغ|طلب|رد|رسالت|من|علي|إلي|غير|برعايت|سنخبر|سنبلغ|وعدنا|يمكن|فيمكن|يمنع)ك)\b|أهلًا"
HONOURED = r"\b(\w+كم|\w+كنتم|كنتم|زلتم|يُرجى)\b|مرحبًا|تحية"
NOT_IN = {
    "pt-BR": {"formal": rf"\b[Vv]ocê\b|{LIGHT}", "neutral": rf"{LIGHT}|\bPrezad", "familiar": RESERVED},
    "ar": {"formal": rf"{ONE}|مرحبًا", "neutral": rf"{ONE}|تحية|حضرة", "familiar": HONOURED},
}
NEVER = {
    "pt-BR": r"\b([Tt]u|[Tt]e|[Tt]i|[Cc]ontigo|[Tt]eus?|[Tt]uas?|[Vv]ós|[Vv]oss[oa]s?|[Oo] senhor)\b",
    "ar": "أنتِ|أنتَ",
}
CASES = [(message, language, tone) for message, language in ALL if language in TONED for tone in TONES]
GREETED = {
    "pt-BR": {
        "formal": ("Prezado(a) João Pereira,", "Olá,"),
        "neutral": ("Olá, João,", "Olá,"),
        "familiar": ("Oi, João,", "Oi,"),
    },
    "ar": {
        "formal": ("حضرة \u2068ليلى حداد\u2069، تحية طيبة وبعد،", "تحية طيبة وبعد،"),
        "neutral": ("مرحبًا \u2068ليلى\u2069،", "مرحبًا،"),
        "familiar": ("أهلًا \u2068ليلى\u2069،", "أهلًا،"),
    },
}
SUPPLIED = {
    "pt-BR": ("Prezado(a) João Pereira,", "Olá, João,"),
    "ar": (GREETED["ar"]["formal"][0], "مرحبًا \u2068ليلى\u2069،"),
}


def said(renderer: Renderer, message: str, language: str, context: Context, tone: str) -> str:
    text = renderer.render(message, language, {**context, "tone": tone})
    return f"{text.subject}\n\n{journal(text.body)}"


def to_people(make: Make, message: str, language: str) -> Iterator[Context]:
    """Return the cases in which a reader's tone is heard: teams are told in one, and suppliers are no familiars."""
    for _, context in cases(make, message, language):
        if context["audience"] not in ("team", "supplier"):
            yield context


@pytest.mark.parametrize(("message", "language", "tone"), CASES)
def test_no_tone_uses_the_words_of_another(
    renderer: Renderer, make: Make, message: str, language: str, tone: str
) -> None:
    for context in to_people(make, message, language):
        text = said(renderer, message, language, context, tone).rpartition("\n\n")[0]
        assert not re.search(f"{NOT_IN[language][tone]}|{NEVER[language]}", text), text


@pytest.mark.parametrize(("message", "language"), [case for case in ALL if case[1] in TONED])
def test_a_note_to_the_team_is_the_same_in_each_tone(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    for _, context in cases(make, message, language):
        if context["audience"] == "team":
            assert len({said(renderer, message, language, context, tone) for tone in TONES}) == 1


@pytest.mark.parametrize(("message", "language"), [case for case in PUBLIC if case[1] in TONED])
def test_each_tone_greets_in_its_own_way(renderer: Renderer, make: Make, message: str, language: str) -> None:
    for tone, greetings in GREETED[language].items():
        contexts = [make({}, language, person=person, tone=tone) for person in (READERS[language], None)]
        bodies = [renderer.render(message, language, context).body for context in contexts]
        assert tuple(body.split("\n")[0] for body in bodies) == greetings


@pytest.mark.parametrize("language", TONED)
def test_a_supplier_is_never_spoken_to_as_a_familiar(renderer: Renderer, make: Make, language: str) -> None:
    context = {**make({}, language, person=READERS[language]), "audience": "supplier"}
    texts = [said(renderer, "supplier-request", language, context, tone) for tone in TONES]
    formal, *others = (text.split("\n\n", 1)[1].split("\n")[0] for text in texts)
    assert (formal, *others) == (*SUPPLIED[language], SUPPLIED[language][1])
    assert not any(re.search(rf"{LIGHT}|{ONE}", text) for text in texts)


@pytest.mark.parametrize("message", sorted({message for message, language in PUBLIC if language == "pt-BR"}))
def test_portuguese_takes_nobody_for_a_man(renderer: Renderer, make: Make, message: str) -> None:
    for tone in TONES:
        for context in to_people(make, message, "pt-BR"):
            text = said(renderer, message, "pt-BR", context, tone)
            assert not re.search(r"\b(todos|nossos colegas|obrigado|informado|bem-vindo|[Pp]rezado(?!\(a\)))\b", text)


@pytest.mark.parametrize("message", sorted({message for message, language in PUBLIC if language == "ar"}))
def test_arabic_gives_no_order_that_has_a_gender(renderer: Renderer, make: Make, message: str) -> None:
    """Orders and verbs to one person tell a man from a woman; what asks by a noun, "you can" and endings do not."""
    for tone in TONES:
        for context in to_people(make, message, "ar"):
            text = said(renderer, message, "ar", context, tone)
            assert not re.search(r"\b(جرّب|أعد|اكتب|أخبرنا|تستطيع|تريد|تحتاج|ترعى|ترعاها|السيد|عزيزي)\b", text)
