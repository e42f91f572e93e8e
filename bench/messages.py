"""What a message costs to write in each language, what it costs to tell a text's language, and what loads for it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Final

from bench.machine import cpu_time, judged, table
from templates.context import Context, sample
from templates.detector import detected
from templates.render import Renderer, TemplateFailed
from templates.sources import available, builtin

LIMIT: Final = 300.0
"""Microseconds of a message, on average over all messages in all languages, for the requester and for the team."""

RUNS: Final = 5
ROOT: Final = Path(__file__).parents[1]
TEXTS: Final = ROOT / "tests" / "templates" / "short_texts"
FACTS: Final = frozenset({"priority", "team", "service", "level", "impact", "urgency", "status", "category"})
LOADS: Final = {
    "babel, and the first moment": "from templates.locales import moment; from datetime import datetime as d; "
    "moment(d(2026, 11, 24), 'vi', 'Asia/Ho_Chi_Minh')",
    "the detector, and a first text": "from templates.detector import detected; detected('Skriveren virker ikke')",
}
TIMED: Final = """
import json, sys
from time import perf_counter
size = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
before, started = size(), perf_counter()
exec(sys.argv[1])
print(json.dumps([1000 * (perf_counter() - started), size() - before]))
"""


def main(rounds: int = 40, limits: bool = True) -> bool:
    """Print the tables and return whether the limit was kept; each message is written `rounds` times a run."""
    renderer = Renderer(builtin())
    print(f"\nMessages: all that there are, for requesters and teams; median of {RUNS} runs on one core")
    rows = [_row(renderer, language, rounds) for language in _languages()]
    table(("language", "messages", "µs each"), [(name, str(count), f"{took:.0f}") for name, count, took in rows])
    _print_detection()
    _print_loads()
    average = sum(count * took for _, count, took in rows) / sum(count for _, count, _ in rows)
    return not limits or judged("a message, on average", average, LIMIT, "µs", at_most=True)


def _languages() -> list[str]:
    return sorted({language for languages in available(builtin()).values() for language in languages})


def _row(renderer: Renderer, language: str, rounds: int) -> tuple[str, int, float]:
    """Return the language, how many messages it has, and what one of them takes, compiled as at work."""
    some = [(message, made) for message in available(builtin()) for made in _contexts(renderer, message, language)]

    def work() -> None:
        for _ in range(rounds):
            for message, made in some:
                renderer.render(message, language, made)

    work()
    return language, len(some), 1e6 * median(cpu_time(work) for _ in range(RUNS)) / (rounds * len(some))


def _contexts(renderer: Renderer, message: str, language: str) -> list[Context]:
    """Return what the message is written from, as far as it has something to say to that reader."""
    found = []
    for public in (True, False):
        made = sample(FACTS, language, public, full=True)
        try:
            renderer.render(message, language, made)
        except TemplateFailed:
            continue
        found.append(made)
    return found


def _print_detection() -> None:
    """Print what telling the language of a short ticket text takes: of those that tests know the language of."""
    detected("Skriveren virker ikke i dag")
    print("\nLanguage of ticket texts: told, right of these, and microseconds of a text")
    texts = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in sorted(TEXTS.glob("*.txt"))}
    known = {name: lines for name, lines in texts.items() if name not in ("others", "undecided")}
    table(("language", "texts", "told", "right", "µs each"), [_told(name, lines) for name, lines in known.items()])
    wrong = sum(bool(detected(line)) for line in texts.get("undecided", ()))
    print(f"  undecided: {wrong} of {len(texts.get('undecided', ()))} are told, and should not be")


def _told(language: str, lines: Sequence[str]) -> tuple[str, ...]:
    answers = [answer for line in lines if (answer := detected(line))]
    took = 1e6 * cpu_time(lambda: [detected(line) for line in lines]) / len(lines)
    return language, str(len(lines)), str(len(answers)), str(answers.count(language)), f"{took:.0f}"


def _print_loads() -> None:
    print(f"\nWhat is loaded when first needed: milliseconds and megabytes, mean of {RUNS} processes")
    table(("", "ms", "MB"), [(name, *_load(program)) for name, program in LOADS.items()])


def _load(program: str) -> tuple[str, str]:
    done = [
        subprocess.run([sys.executable, "-c", TIMED, program], cwd=ROOT, check=True, capture_output=True, text=True)
        for _ in range(RUNS)
    ]
    took, grew = zip(*(json.loads(one.stdout) for one in done), strict=True)
    return f"{mean(took):.0f}", f"{mean(grew):.0f}"
