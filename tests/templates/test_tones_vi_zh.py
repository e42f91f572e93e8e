"""Vietnamese and Chinese address a reader in one way in each tone, and so that colleagues would."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from message_desk import ALL, PUBLIC, READERS, Make, cases

from templates.formats import journal
from templates.render import Renderer

TONES = ("formal", "neutral", "familiar")
TONED = ("vi", "zh-Hans")
FAMILIAR = {"vi": r"\b([Bb]ạn|mình|nhé)\b", "zh-Hans": "你|这里"}
POLITE = {"vi": r"\b([Aa]nh/chị|[Cc]húng tôi|Kính gửi)\b", "zh-Hans": "您|尊敬的|烦请"}
RESERVED = {"vi": r"\b(Kính gửi|thành thật|Xin cảm ơn)\b", "zh-Hans": "尊敬的|烦请|深表"}
"""What is said in the formal tone only."""

GREETED = {
    "vi": {
        "formal": ("Kính gửi anh/chị Khánh,", "Kính gửi anh/chị,"),
        "neutral": ("Chào anh/chị Khánh,", "Chào anh/chị,"),
        "familiar": ("Chào Khánh,", "Chào bạn,"),
    },
    "zh-Hans": {
        "formal": ("尊敬的王芳，您好！", "您好！"),
        "neutral": ("王芳，您好！", "您好！"),
        "familiar": ("王芳，你好！", "你好！"),
    },
}
CASES = [(message, language, tone) for message, language in ALL if language in TONED for tone in TONES]
OF_ALL = [case for case in PUBLIC if case[1] in TONED]
TO_MANY = ("major-incident-started", "major-incident-update", "major-incident-solved")


def texts(renderer: Renderer, make: Make, message: str, language: str, tone: str) -> Iterator[tuple[str, str]]:
    """Return all that a message says in this tone, each with whom it speaks to: subject, text and footer."""
    for _, context in cases(make, message, language):
        text = renderer.render(message, language, {**context, "tone": tone})
        yield context["audience"], f"{text.subject}\n\n{journal(text.body)}"


@pytest.mark.parametrize(("message", "language", "tone"), CASES)
def test_no_tone_mixes_two_forms_of_address(
    renderer: Renderer, make: Make, message: str, language: str, tone: str
) -> None:
    for audience, text in texts(renderer, make, message, language, tone):
        polite = tone != "familiar" or audience == "supplier"
        assert not re.search((FAMILIAR if polite else POLITE)[language], text), text


@pytest.mark.parametrize(("message", "language"), OF_ALL)
def test_each_tone_greets_in_its_own_way(renderer: Renderer, make: Make, message: str, language: str) -> None:
    for tone, greetings in GREETED[language].items():
        contexts = [make({}, language, person=person, tone=tone) for person in (READERS[language], None)]
        bodies = [renderer.render(message, language, context).body for context in contexts]
        assert tuple(body.split("\n")[0] for body in bodies) == greetings


@pytest.mark.parametrize(("message", "language"), OF_ALL)
def test_a_neutral_text_is_less_reserved_than_a_formal_one(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    for tone in TONES:
        said = texts(renderer, make, message, language, tone)
        found = [re.search(RESERVED[language], text) for audience, text in said if audience not in ("team", "supplier")]
        assert any(found) if tone == "formal" else not any(found)


@pytest.mark.parametrize(("message", "language", "tone"), [case for case in CASES if case[0] in TO_MANY])
@pytest.mark.parametrize("audience", ["sponsor", "affected"])
def test_sponsors_and_the_affected_are_addressed_in_the_same_tone(
    renderer: Renderer, make: Make, message: str, language: str, tone: str, audience: str
) -> None:
    context = {**make({}, language, person=READERS[language], tone=tone), "audience": audience}
    text = renderer.render(message, language, context)  # type: ignore[arg-type]
    assert text.body.startswith(GREETED[language][tone][0])
    assert not re.search((POLITE if tone == "familiar" else FAMILIAR)[language], f"{text.subject}\n{text.body}")


@pytest.mark.parametrize(("language", "known", "unknown"), [
    ("vi", "Kính gửi anh/chị Khánh,", "Kính gửi Quý công ty,"),
    ("zh-Hans", "尊敬的王芳，您好！", "尊敬的合作伙伴，您好！"),
])  # fmt: skip
@pytest.mark.parametrize("tone", TONES)
def test_a_supplier_is_addressed_politely_in_every_tone(
    renderer: Renderer, make: Make, language: str, known: str, unknown: str, tone: str
) -> None:
    for person, greeting in ((READERS[language], known), (None, unknown)):
        context = {**make({}, language, person=person, tone=tone), "audience": "supplier"}
        text = renderer.render("supplier-request", language, context)  # type: ignore[arg-type]
        assert text.body.startswith(greeting)
        assert not re.search(FAMILIAR[language], f"{text.subject}\n{text.body}")
