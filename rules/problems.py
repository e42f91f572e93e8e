"""What is wrong with a workspace, where it stands, and what would be right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final, Literal, NamedTuple

Weight = Literal["error", "warning"]

BREAK: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""Line ends as the YAML parser counts them; `str.splitlines` knows more of them and would show the wrong line."""

SECRETS: Final = ("password", "token", "client_secret", "proxy", "secret")
"""Keys whose values are never shown. Of an address only the host is: the way behind it may let in whoever knows it."""

SECRET: Final = re.compile(
    rf"""(?P<key>\b(?:{"|".join(SECRETS)})["']?\s*:\s*)(?!["']?\$\{{)"""
    r"""(?P<value>"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?|\S.*?(?=,\s|\s*\}(?:[\s,}]|$)|\s+\#|\s*$))"""
    r"""|(?P<scheme>://)(?P<login>[^/@\s]+)(?=@)"""
    r"""|(?P<door>\burl["']?\s*:\s*["']?(?:https?://[^/@\s"']+/|(?!https?:|smtps?:)[a-z][a-z0-9+]*://))"""
    r"""(?P<way>[^\s"',}]+)"""
)
WIDEST: Final = 160
"""Characters of a line that are shown at most."""


MOST: Final = 100
"""Problems that are shown of one workspace: one slip of a generator may make thousands."""

PACK: Final = "baseline/"
"""The folder under which the default pack's files are named in messages."""


class Place(NamedTuple):
    """Where something stands. Line and column count from 1."""

    file: str
    line: int
    column: int

    @property
    def short(self) -> str:
        """The place as rules are named by: "services.yaml:17", without the folder that everybody knows."""
        return f"{self.file.removeprefix('rules/')}:{self.line}"


class Problem(NamedTuple):
    """Something wrong in a workspace: its place, the line itself, what is wrong, and what would be right."""

    file: str
    line: int
    column: int
    snippet: str
    text: str
    mend: str
    weight: Weight = "error"


class Report:
    """Collects problems, and knows the lines of the texts that they are about."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, list[str]] = {}
        self._found: dict[Problem, None] = {}

    def __call__(self, place: Place, text: str, mend: str = "", weight: Weight = "error") -> None:
        """Report what is wrong at a place; the same twice is one problem."""
        problem = Problem(*place, self._line(place), visible(text), visible(mend), weight)
        self._found[problem] = None

    def warn(self, place: Place, text: str, mend: str = "") -> None:
        """Report what does not keep the workspace from running."""
        self(place, text, mend, "warning")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems, by file and line; of one place in the order in which they were found.

        Of too many, errors go first, and the last one says how many more there are.
        """
        found = sorted(self._found, key=lambda problem: problem[:3])
        first = sorted(found, key=lambda problem: problem.weight != "error")
        if len(first) <= MOST:
            return tuple(found)
        kept, (next_one, *_) = {*first[:MOST]}, first[MOST:]
        more = f"{len(first) - MOST:,} more problems are not shown, of which this is the first"
        return (*(problem for problem in found if problem in kept), next_one._replace(text=more, mend=""))

    @property
    def failed(self) -> bool:
        """Whether one of them is an error."""
        return any(problem.weight == "error" for problem in self._found)

    def _line(self, place: Place) -> str:
        if place.file not in self._lines:
            self._lines[place.file] = BREAK.split(self._texts.get(place.file, ""))
        lines = self._lines[place.file]
        return shown(lines[place.line - 1]) if 0 < place.line <= len(lines) else ""


def pretty(problem: Problem) -> str:
    """Return the problem as an admin reads it: place and fault, the line, a caret under the place, the mend."""
    start = max(0, problem.column - 1 - WIDEST // 2) if len(problem.snippet) > WIDEST else 0
    before, line = problem.snippet[start : problem.column - 1], problem.snippet[start : start + WIDEST]
    said = [f"{problem.file}:{problem.line}:{problem.column}: {problem.weight}: {problem.text}"]
    if line.strip():
        said += [f"    {line}", f"    {''.join(map(_blank, before))}^"]
    return "\n".join([*said, f"    {problem.mend}"] if problem.mend else said)


def shown(line: str) -> str:
    """Return a line that may be printed: secrets starred out at their length, control characters made visible."""
    return visible(SECRET.sub(_starred, line).rstrip())


def visible(text: str) -> str:
    """Return the text with everything that could steer a terminal, or break the line, replaced."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _steers(letter) else letter for letter in text)


def _steers(letter: str) -> bool:
    """Tell whether a letter is a control, turns the reading direction, or ends a line; tabs do no harm."""
    category = unicodedata.category(letter)
    return letter != "\t" and (category[0] == "C" or category in ("Zl", "Zp"))


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the mend for a mistyped word: the nearest known one, else all of them if they are few."""
    names = sorted(set(known))
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{folded[near[0]]}'?"
    return otherwise or (f"known: {', '.join(names)}" if 0 < len(names) <= 20 else "")


def _starred(match: re.Match[str]) -> str:
    pairs = (("key", "value"), ("scheme", "login"), ("door", "way"))
    kept, secret = next((match[kept], match[secret]) for kept, secret in pairs if match[kept])
    return kept + "*" * len(secret)


def _blank(letter: str) -> str:
    """Return the white space that is as wide as this letter, so that the caret stands under its place."""
    if letter == "\t":
        return letter
    if unicodedata.combining(letter):
        return ""
    return "  " if unicodedata.east_asian_width(letter) in "WF" else " "
