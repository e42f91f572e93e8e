"""Finds what a desk's own texts lack: a language, a way of speaking, a rule that sends them, a fresh translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.problems import Place, Problem, Report, did_you_mean
from rules.rulebook import Rulebook
from rules.tree import Node
from templates import tongues, variants
from templates.context import fact_names, sample
from templates.features import asked
from templates.lengths import DOORS, links, too_long
from templates.lint import LINE, problems
from templates.marks import Mark, digest, mark_of
from templates.render import Renderer, TemplateFailed
from templates.sent import BY_ITSELF, Sender, senders
from templates.sources import ENDING, PLACE, available
from templates.tongues import Flaw, exists, nearest


@dataclass(frozen=True)
class Texts:
    """The texts that a desk sends: those that are built in, and its `own`, which stand in `renderer` over them."""

    root: Node
    book: Rulebook
    renderer: Renderer
    own: Mapping[str, str]

    @cached_property
    def messages(self) -> Mapping[str, frozenset[str]]:
        """Each message of the desk's own, with the languages of these texts."""
        return available(self.own)

    @cached_property
    def senders(self) -> Mapping[str, tuple[Sender, ...]]:
        """Each message that is sent, with what sends it."""
        return senders(self.root)

    def source(self, message: str) -> str:
        """Return the language of the text that others are translations of: the first of the desk's own, else en."""
        own = self.messages.get(message, frozenset())
        return next((language for language in self.book.languages if language in own), "en")

    def text(self, message: str, language: str) -> str:
        """Return the text that is sent, "" where there is none."""
        return self.renderer.sources.get(f"{language}/{message}{ENDING}", "")


def gaps(
    root: Node, book: Rulebook | None, renderer: Renderer, files: Mapping[str, str], own: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Return what is wrong with a workspace's languages, and what its `own` texts lack once its rules are good.

    `files` are its other texts, whose lines are shown.
    """
    report = Report({**files, **{f"templates/{name}": text for name, text in own.items()}})
    found = [*tongues.flaws(root), *unknown_folders(own)]
    if book is not None and own:
        found += [flaw for _, flaw in flaws(Texts(root, book, renderer, own))]
    for flaw in found:
        report(*flaw)
    return report.problems


def flaws(texts: Texts) -> Iterator[tuple[str, Flaw]]:
    """Yield what the desk's own texts lack, each with its message."""
    for message in texts.messages:
        for flaw in _of_message(texts, message):
            yield message, flaw


def lacking(texts: Texts) -> dict[str, tuple[str, ...]]:
    """Return message → what it lacks, in lines that name the language."""
    found: dict[str, list[str]] = {}
    for message, languages in texts.renderer.messages.items():
        missing = [language for language in texts.book.languages if language not in languages]
        if missing:
            found.setdefault(message, []).append(f"missing in {', '.join(missing)}")
    for problem in problems(texts.renderer, fact_names(texts.book), texts.own):
        place = PLACE.fullmatch(problem.file.removeprefix("templates/"))
        if place is not None:
            found.setdefault(place["message"], []).append(f"{place['language']}: {problem.text}")
    for message, flaw in flaws(texts):
        language = flaw.place.file.split("/")[1]
        found.setdefault(message, []).append(f"{language}: {flaw.text}")
    return {message: tuple(dict.fromkeys(lines)) for message, lines in found.items()}


def place_of(message: str, language: str, source: str = "", at: int = 0) -> Place:
    """Return where something stands in a text, by its distance from the beginning."""
    lines = LINE.split(source[:at])
    return Place(f"templates/{language}/{message}{ENDING}", len(lines), len(lines[-1]) + 1)


def unknown_folders(own: Mapping[str, str]) -> Iterator[Flaw]:
    """Yield the folders that are named after no language, each by its first text."""
    for language in sorted({language for languages in available(own).values() for language in languages}):
        if not exists(language):
            first = min(name for name in own if name.startswith(f"{language}/"))
            yield Flaw(
                Place(f"templates/{first}", 1, 1), f"there is no language '{language}'", nearest(language), "error"
            )


def _of_message(texts: Texts, message: str) -> Iterator[Flaw]:
    yield from _unsent(texts, message)
    yield from _only_built_in(texts, message)
    for language in sorted(texts.messages[message]):
        yield from _idle(texts, message, language)
        yield from _stale(texts, message, language)
        try:
            yield from _untold(texts, message, language)
            yield from _unfit(texts, message, language)
        except TemplateFailed:
            continue  # lint says what is wrong with it


def _unsent(texts: Texts, message: str) -> Iterator[Flaw]:
    if message not in texts.senders and message not in BY_ITSELF:
        known = {*texts.senders, *BY_ITSELF, *texts.renderer.messages} - {message}
        mend = did_you_mean(message, known, "name it in a rule under communications:, or remove it")
        yield Flaw(place_of(message, _first(texts, message)), f"no rule sends '{message}'", mend)


def _first(texts: Texts, message: str) -> str:
    """Return the language of the first of the desk's own texts."""
    own, source = texts.messages[message], texts.source(message)
    return source if source in own else min(own)


def _only_built_in(texts: Texts, message: str) -> Iterator[Flaw]:
    """Yield the languages whose readers are told something else than those of the desk's first one: what is built in.

    An own text in another language may well be a better wording of the same.
    """
    source, own = texts.source(message), texts.messages[message]
    others = [language for language in texts.book.languages if language not in own and texts.text(message, language)]
    if source in own and source == texts.book.languages[0] and others:
        text = f"readers of {', '.join(others)} get the built-in text, which your own {source} text replaces"
        mend = f"write templates/{others[0]}/{message}{ENDING}"
        yield Flaw(place_of(message, source), text, f"{mend} and so on" if others[1:] else mend)


def _idle(texts: Texts, message: str, language: str) -> Iterator[Flaw]:
    if language not in texts.book.languages and exists(language):
        mend = f"add {language} there, or remove the file"
        yield Flaw(place_of(message, language), f"'{language}' is not in languages:, and nobody reads this", mend)


def _stale(texts: Texts, message: str, language: str) -> Iterator[Flaw]:
    """Yield a translation whose mark is not that of the text of today."""
    mark = mark_of(texts.text(message, language))
    if mark is None:
        return
    source = texts.text(message, mark.language)
    if not source or mark.language == language:
        text = f"this is of no other text: '{message}' is not there in {mark.language}"
        yield Flaw(place_of(message, language), text, "name the language that it was translated from")
        return
    today = Mark(mark.language, digest(source))
    if mark != today:
        why = "changed since this was translated" if mark.digest else "is what this was translated from"
        mend = f"read both, and then begin this one with {today.line}"
        yield Flaw(place_of(message, language), f"the {mark.language} text {why}", mend)


def _untold(texts: Texts, message: str, language: str) -> Iterator[Flaw]:
    """Yield whom the source tells apart and its translation does not, and in which tones."""
    source = texts.source(message)
    if language == source or not texts.text(message, source):
        return
    renderer = texts.renderer
    for what, alike in (("audience", variants.audiences), ("tone", variants.tones)):
        lost = variants.lost(alike(renderer, message, source), alike(renderer, message, language))
        if lost:
            text = f"the {source} text has words of its own for {what} {_listed(lost)}, and this one does not"
            mend = f'ask for {what} here, too: {{% if {what} == "{lost[0]}" %}}'
            yield Flaw(place_of(message, language), text, mend)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]


def _unfit(texts: Texts, message: str, language: str) -> Iterator[Flaw]:
    """Yield links that say nothing or lead nowhere, what no door does, and what is too long for a door."""
    source = texts.text(message, language)
    for found in (*links(source), *asked(source)):
        yield Flaw(place_of(message, language, source, found.at), found.text, found.mend)
    platforms = {connection.platform for connection in texts.book.connections.values()}
    doors = {name: some for name, some in DOORS.items() if name in platforms or name in ("slack", "teams")}
    facts = fact_names(texts.book)
    for audience, tone in variants.ways(texts.renderer, message, language):
        made_up = sample(facts, language, audience == "requester", full=True)
        text = texts.renderer.render(message, language, {**made_up, "audience": audience, "tone": tone})
        for long in too_long(text, doors):
            yield Flaw(place_of(message, language), long, "say less, or link to where the rest stands")
            return
