"""Writes all messages as one page: each language, audience and tone, as each target shows it. Nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from rules.language import chain
from rules.problems import visible
from templates.context import AUDIENCES, TONES
from templates.gaps import Texts, lacking
from templates.letters import HEADLESS
from templates.looks import LOOKS, side
from templates.preview import Shown, Subject, shown, usual_tone
from templates.render import Text, headed
from templates.sent import sent_by

OWN: Final = "own"
"""The tone in which the desk speaks to the readers of a language."""


ALL: Final = ("all", "all")


class Choice(NamedTuple):
    """What can be chosen of: parts of the page, of which only those with the chosen class are shown.

    `of` are these parts, `mark` is how their classes begin, `first` what is chosen until somebody chooses.
    """

    group: str
    title: str
    of: str
    mark: str
    keys: Sequence[tuple[str, str]]
    first: str


class Way(NamedTuple):
    """One way in which a message reads: for whom, in which tones, its subject, and its look in each target."""

    classes: str
    whose: str
    subject: Markup
    failed: str
    looks: tuple[tuple[str, str, Markup], ...]


class Card(NamedTuple):
    """A message in one language."""

    language: str
    name: str
    side: str
    own: bool
    tone: str
    ways: tuple[Way, ...]


class Section(NamedTuple):
    """A message: what sends it, what it lacks, and all its languages."""

    message: str
    sent: str
    gaps: tuple[str, ...]
    cards: tuple[Card, ...]


def page(
    texts: Texts, messages: Sequence[str], languages: Sequence[str], about: Subject, audience: str = "", tone: str = ""
) -> str:
    """Return the page; an audience and a tone say what is shown until somebody chooses."""
    lacks = lacking(texts)
    return _page().render(
        desk=texts.book.desk,
        sections=[_section(texts, one, languages, about, lacks.get(one, ())) for one in messages],
        choices=_choices(languages, audience, tone),
        ticket=about.ticket.key if about.ticket is not None else "",
        written=f"{about.now:%Y-%m-%d %H:%M}Z",
    )


def _choices(languages: Sequence[str], audience: str, tone: str) -> tuple[Choice, ...]:
    """Return what can be chosen on the page."""
    audiences, tones = [(one, one) for one in AUDIENCES], [(OWN, "the desk's"), *((one, one) for one in TONES)]
    looks, names = [(key, name) for key, (name, _) in LOOKS.items()], [(one, name_of(one)) for one in languages]
    return (
        Choice("audience", "Audience", ".way", "a", [*audiences, ALL], audience or AUDIENCES[0]),
        Choice("tone", "Tone", ".way", "t", tones, tone or OWN),
        Choice("look", "Shown as", ".look", "f", [*looks, ALL], "mail"),
        Choice("language", "Language", "article", "l", [ALL, *names], "all"),
    )


@cache
def name_of(language: str) -> str:
    """Return what its own people call a language."""
    from babel import Locale, UnknownLocaleError

    for code in chain(language, ""):
        try:
            return str(Locale.parse(code.replace("-", "_")).display_name or language)
        except (UnknownLocaleError, ValueError):
            continue
    return language


@cache
def _page() -> Template:
    """Return the compiled page. Every value is escaped, and nothing in it steers or turns the text around it."""
    world = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    world.finalize = lambda value: visible(value) if type(value) is str else value
    return world.from_string((files("templates") / "pages" / "messages.html.j2").read_text(encoding="utf-8"))


def _section(texts: Texts, message: str, languages: Iterable[str], about: Subject, gaps: Sequence[str]) -> Section:
    sent = sent_by(message, texts.senders.get(message, ()))
    cards = tuple(_card(texts, message, one, about) for one in languages if texts.text(message, one))
    return Section(message, f"{sent[:1].upper()}{sent[1:]}.", tuple(gaps), cards)


def _card(texts: Texts, message: str, language: str, about: Subject) -> Card:
    tone, own = usual_tone(texts, language), language in texts.messages.get(message, ())
    ways = tuple(_ways(shown(texts, message, language, about), language, tone))
    return Card(language, name_of(language), side(language), own, tone, ways)


def _ways(found: Sequence[Shown], language: str, tone: str) -> Iterator[Way]:
    for one in found:
        tones = {*one.tones, OWN} if tone in one.tones else one.tones
        classes = [f"a-{audience}" for audience in AUDIENCES if audience in one.audiences]
        classes += [f"t-{other}" for other in (OWN, *TONES) if other in tones]
        looks = tuple((key, LOOKS[key][0], _look(key, one.text, language)) for key in LOOKS) if one.text.body else ()
        yield Way(" ".join(classes), _whose(one), escape(one.text.subject), one.failed, looks)


def _look(key: str, text: Text, language: str) -> Markup:
    """Return how a message looks; what nests too deeply for a target is said."""
    try:
        return Markup(LOOKS[key][1](headed(text) if key in HEADLESS else text.body, language))  # noqa: S704 (looks escape every text)
    except RecursionError:
        return Markup("<p>This is nested too deeply.</p>")


def _whose(one: Shown) -> str:
    """Return for whom a text is, where it is not for all."""
    audiences = [] if len(one.audiences) == len(AUDIENCES) else [name for name in AUDIENCES if name in one.audiences]
    tones = [] if len(one.tones) == len(TONES) else [name for name in TONES if name in one.tones]
    return "; ".join(", ".join(names) for names in (audiences, tones) if names)
