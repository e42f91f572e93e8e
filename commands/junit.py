"""The results of tests as JUnit XML, in the form that Jenkins, GitLab and others read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from commands.tested import lines

if TYPE_CHECKING:
    from rules.cases.model import Result

SUITE = "itsm-sync"


def junit(results: Sequence[Result]) -> bytes:
    """Return the results: a suite for each file of tests, a case for each test, a failure with all that failed."""
    root = Element("testsuites", {"name": SUITE, **_counts(results)})
    for file, of_file in groupby(results, key=lambda result: result.test.place.file):
        some = list(of_file)
        about = {"name": file, **_counts(some), "errors": "0", "skipped": "0"}
        suite = SubElement(root, "testsuite", about)
        for result in some:
            _case(suite, file, result)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _case(suite: Element, file: str, result: Result) -> None:
    name = file.removesuffix(".yaml").replace("/", ".")
    case = SubElement(suite, "testcase", {"name": _printable(result.test.name), "classname": name})
    if result.failures:
        first = result.failures[0]
        said = f"{first.what}: expected {first.expected}, came {first.came}"
        failure = SubElement(case, "failure", {"message": _printable(said), "type": "unmet"})
        failure.text = _printable("\n".join(line for one in result.failures for line in lines(one)))


def _counts(results: Iterable[Result]) -> dict[str, str]:
    counted = list(results)
    return {"tests": str(len(counted)), "failures": str(sum(bool(result.failures) for result in counted))}


def _printable(text: str) -> str:
    """Return the text without letters that no XML may hold, escaped or not."""
    return "".join(one if one.isprintable() or one in "\n\t" else "\N{REPLACEMENT CHARACTER}" for one in text)
