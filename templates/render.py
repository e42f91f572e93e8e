"""Renders messages: a source, a context, and out comes a subject and a body in small Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from traceback import walk_tb
from typing import Final, NamedTuple

from jinja2 import Template, TemplateError, TemplateSyntaxError, nodes

from templates.context import AUDIENCES, INSTEAD, TONES, Context
from templates.dialect import BLOCKS, Dialect, Refused, compared, judge
from templates.formats import one_line
from templates.locales import footer, set_apart
from templates.sources import ENDING, LONGEST, available
from templates.values import escaped

LONGEST_TEXT: Final = 20_000
"""Characters of one rendered block. Counted while rendering, so that a template cannot fill the memory."""

EMPTY: Final = "the body is empty for this ticket"


class Text(NamedTuple):
    """A message as it was rendered: the subject is plain text on one line, the body small Markdown."""

    subject: str
    body: str


def headed(text: Text) -> str:
    """Return a message's body under its subject, where that says something else."""
    subject = escaped(text.subject)
    return text.body if subject in ("", text.body) else f"**{subject}**\n\n{text.body}"


class TemplateFailed(Exception):
    """A message could not be written. `line` is the place in the source from 1; `word` stands there, if known."""

    def __init__(self, message: str, language: str, line: int, why: str, word: str = "") -> None:
        self.message, self.language, self.line, self.why, self.word = message, language, line, why, word
        self.file = f"templates/{language}/{message}{ENDING}"
        super().__init__(f"{self.file}:{line}: {why}")


class Renderer:
    """All messages of a desk. Each is compiled once, when it is first needed.

    `sources` are the built-in texts with the workspace's over them: "nb/received.md.j2" → source.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self.messages = available(sources)
        self._dialect = Dialect()
        self._told: dict[tuple[str, str], frozenset[str]] = {}
        self._compiled: dict[tuple[str, str], Template] = {}

    def render(self, message: str, language: str, context: Context) -> Text:
        """Return the message, with the footer that says that it is automatic. Raises `TemplateFailed`."""
        template = self.compiled(message, language)
        told = context
        if context["audience"] not in self.audiences(message, language):
            told = {**context, "audience": INSTEAD.get(context["audience"], context["audience"])}
        try:
            subject, body = (_written(template, block, told) for block in BLOCKS)
        except Exception as error:  # a template may fail in any way: it blocks its own message only
            raise TemplateFailed(message, language, _line(template, error), _why(error)) from error
        if not body:
            raise TemplateFailed(message, language, 1, EMPTY)
        return Text(one_line(subject), f"{body}\n\n*{_footer(context, language)}*")

    def audiences(self, message: str, language: str) -> frozenset[str]:
        """Return which audiences a text tells apart by name. Raises `TemplateFailed`."""
        self.compiled(message, language)
        return self._told[message, language].intersection(AUDIENCES)

    def tones(self, message: str, language: str) -> frozenset[str]:
        """Return which tones a text tells apart by name. Raises `TemplateFailed`."""
        self.compiled(message, language)
        return self._told[message, language].intersection(TONES)

    def compiled(self, message: str, language: str) -> Template:
        """Return the compiled template. Raises `TemplateFailed` where it cannot be, or may not be."""
        template = self._compiled.get((message, language))
        if template is None:
            source = self.sources.get(f"{language}/{message}{ENDING}")
            if source is None:
                raise TemplateFailed(message, language, 1, "there is no such message")
            template = self._compiled[message, language] = self._compile(message, language, source)
        return template

    def parsed(self, source: str) -> nodes.Template:
        """Return the syntax tree of a source. Raises what Jinja raises, and `Refused`."""
        tree = self._dialect.parse(source)
        judge(tree)
        return tree

    def _compile(self, message: str, language: str, source: str) -> Template:
        if len(source) > LONGEST:
            raise TemplateFailed(message, language, 1, f"a message may have {LONGEST} characters")
        try:
            tree = self.parsed(source)
            words = (word.value for of, word in compared(tree) if of in ("audience", "tone"))
            self._told[message, language] = frozenset(map(str, words))
            return Template.from_code(self._dialect, self._dialect.compile(tree), {})
        except Refused as error:
            raise TemplateFailed(message, language, error.line, error.text, error.word) from error
        except TemplateSyntaxError as error:
            raise TemplateFailed(message, language, error.lineno, _why(error)) from error
        except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
            raise TemplateFailed(message, language, 1, "this is nested too deeply, or no template") from error


def _written(template: Template, block: str, context: Mapping[str, object]) -> str:
    """Return one rendered block, with blank lines at its ends and in excess taken away."""
    pieces, size = [], 0
    for piece in template.blocks[block](template.new_context(dict(context))):
        size += len(piece)
        if size > LONGEST_TEXT:
            raise ValueError(f"the text grows beyond {LONGEST_TEXT} characters")
        pieces.append(piece)
    return "\n".join(_without_excess("".join(pieces).strip().splitlines()))


def _without_excess(lines: Iterable[str]) -> Iterable[str]:
    """Return the lines without the blank ones that follow another: conditions leave them behind."""
    blank = False
    for line in lines:
        if line.strip() or not blank:
            yield line.rstrip() if not line.strip() else line
        blank = not line.strip()


def _footer(context: Context, language: str) -> str:
    """Return the team's footer, which is about rules, or the one of all others, who are told how to reach a person."""
    rule, where = context["rule"]["name"], context["rule"]["where"]
    named = f"{rule} ({where})" if where else str(rule)
    desk, own = (set_apart(escaped(text), language) for text in (str(context["desk"]["name"]), named))
    return footer(language, context["audience"] != "team", desk, own)


def _line(template: Template, error: Exception) -> int:
    """Return the line of the source in which rendering failed, or 1 where that is not known."""
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_globals is _globals_of(template)]
    return template.get_corresponding_lineno(lines[-1]) if lines else 1


def _globals_of(template: Template) -> object:
    return template.root_render_func.__globals__


def _why(error: Exception) -> str:
    """Return what went wrong in one line."""
    text = error.message if isinstance(error, TemplateError) and error.message else str(error)
    return " ".join(text.split())[:300] or type(error).__name__
