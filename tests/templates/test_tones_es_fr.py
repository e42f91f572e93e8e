"""Spanish and French readers are addressed in one way in each tone: as usted or vous, or as tú or tu."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from message_desk import ALL, NOTES, PUBLIC, READERS, Make, cases

from templates.context import Context
from templates.formats import journal
from templates.locales import moment
from templates.render import Renderer

TONES = ("formal", "neutral", "familiar")
TONED = ("es", "fr")
MESSAGES = sorted({(message, language) for message, language in ALL if language in TONED})
FAMILIAR = {
    "es": r"\b(tú|tus?|tuyas|te|ti|has|tienes|puedes|quieres|necesitas|ves|respondes|avises|expliques|dinos|indica)\b",
    "fr": r"\b(tu|te|toi|ton|ta|tes|réponds|dis|pose)\b|\bt’",
}
POLITE = {
    "es": r"\b(usted|sus?|suyas|le|tiene|responda|indique|díganos|pregúntenos|ruego|rogamos)\b",
    "fr": r"\b(vous|votre|vos)\b|\b(?!chez\b)\w+ez\b",
}
GREETED = {
    "es": {
        "formal": ("Reciba un cordial saludo, María López:", "Reciba un cordial saludo:"),
        "neutral": ("Hola, María:", "Hola:"),
        "familiar": ("Hola, María:", "Hola:"),
    },
    "fr": {
        "formal": ("Bonjour Camille Moreau,", "Bonjour,"),
        "neutral": ("Bonjour Camille,", "Bonjour,"),
        "familiar": ("Bonjour Camille,", "Bonjour,"),
    },
}
TO_A_SUPPLIER = [("supplier-request", language) for language in TONED]


def told(make: Make, message: str, language: str, audiences: set[str]) -> Iterator[Context]:
    """Return the contexts in which a message is tried that are to these audiences."""
    return (context for _, context in cases(make, message, language) if context["audience"] in audiences)


def text(renderer: Renderer, message: str, language: str, context: Context, tone: str) -> str:
    rendered = renderer.render(message, language, {**context, "tone": tone})
    return f"{rendered.subject}\n\n{journal(rendered.body)}"


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(("message", "language"), MESSAGES)
def test_no_tone_mixes_two_forms_of_address(
    renderer: Renderer, make: Make, message: str, language: str, tone: str
) -> None:
    wrong = POLITE if tone == "familiar" else FAMILIAR
    readers = {"team"} if message in NOTES else {"requester", "affected", "sponsor"}
    for context in told(make, message, language, readers):
        said = text(renderer, message, language, context, tone)
        assert not re.search(wrong[language], said, re.IGNORECASE), said


@pytest.mark.parametrize(("message", "language"), MESSAGES)
def test_a_note_to_a_team_addresses_nobody_and_has_one_tone(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    for context in told(make, message, language, {"team"}):
        bodies = {renderer.render(message, language, {**context, "tone": tone}).body for tone in TONES}
        assert len(bodies) == 1
        body = journal(bodies.pop())
        assert not re.search(FAMILIAR[language], body, re.IGNORECASE), body
        assert not re.search(POLITE[language], body, re.IGNORECASE), body


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(("message", "language"), TO_A_SUPPLIER)
def test_a_supplier_is_addressed_politely_in_every_tone(
    renderer: Renderer, make: Make, message: str, language: str, tone: str
) -> None:
    for context in told(make, message, language, {"supplier"}):
        said = text(renderer, message, language, context, tone)
        assert not re.search(FAMILIAR[language], said, re.IGNORECASE), said
        assert re.search(POLITE[language], said, re.IGNORECASE), said


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
    context = next(told(make, message, language, {"requester"}))
    said = [text(renderer, message, language, context, tone) for tone in TONES]
    assert said[2] not in said[:2]


@pytest.mark.parametrize(
    ("language", "far", "near"),
    [
        ("es", "el jue, 26 nov 2026, 01:30", "hoy a las 01:30"),
        ("fr", "le jeu. 26 nov. 2026 à 01:30", "aujourd’hui à 01:30"),
    ],
)
def test_the_article_goes_with_the_day_so_that_today_has_none(language: str, far: str, near: str) -> None:
    at = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
    assert moment(at, language, READERS[language].zone) == far
    assert moment(at, language, READERS[language].zone, at) == near


@pytest.mark.parametrize(("message", "language"), MESSAGES)
def test_no_word_before_a_time_needs_a_certain_day_after_it(renderer: Renderer, message: str, language: str) -> None:
    source = renderer.sources[f"{language}/{message}.md.j2"]
    assert not re.search(r"\b(el|del|al|le|du|au) \*{0,2}\{\{ [a-z.]+ \| when \}\}", source, re.IGNORECASE)
