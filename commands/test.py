"""itsm-sync test: prove by tests of your own that the rules say what you meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import workspace
from commands.workspace import Broken

if TYPE_CHECKING:
    from rules.cases.model import Result, RuleTest
    from rules.rulebook import Rulebook

NONE_YET = """\
There are no tests in {folder} yet. Write the first, and name it as you like:

  # {folder}/first.yaml
  - name: a new incident is received in the customer's language
    ticket:
      connection: {connection}
      kind: {kind}
      title: The booking page is slow
      requester: {{name: Kari Nordmann, language: {language}}}
    at: {at:%Y-%m-%dT%H:%MZ}
    expect:
      messages: [{{to: requester, message: received, language: {language}}}]
"""


@click.command("test", short_help="Run the tests of your rules.")
@workspace.option
@click.option("-k", "text", metavar="TEXT", default="", help="Only tests whose name has this text in it.")
@click.option("--coverage", is_flag=True, help="List each rule, matrix cell and message, and whether a test meets it.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Also write the results as JUnit XML.")
def command(folder: Path, text: str, coverage: bool, junit: Path | None) -> None:
    """Run the tests in the workspace's folder tests/: what must come of a ticket, and of what happens to it.

    No platform is asked and nothing is written. Rules count whatever their mode.

    \b
    Examples:
      itsm-sync test -w desk
      itsm-sync test -w desk -k payment
      itsm-sync test -w desk --coverage
      itsm-sync test -w desk --junit results.xml

    Exit codes: 0 all passed, 1 a test failed, 2 the workspace or a test has errors.
    """
    from commands import tested
    from rules.cases.run import applying, run
    from templates.detector import detected
    from templates.reading import reading
    from templates.render import Renderer

    book, _warnings, sources = workspace.rulebook(folder)
    tests = _tests(folder, book)
    if not tests:
        click.echo(_none_yet(folder / "tests", book))
        return
    chosen = _chosen(tests, text)
    acting, say = applying(book), reading(book, Renderer(sources))
    results = [run(test, acting, say, detected) for test in chosen]
    for result in results:
        tested.show(result)
    tested.summary(results, acting, coverage)
    if junit is not None:
        _write(junit, results)
    if any(result.failures for result in results):
        raise SystemExit(1)


def _tests(folder: Path, book: Rulebook) -> Sequence[RuleTest]:
    """Return the workspace's tests. Raises `Broken` with all that is wrong with them."""
    from connectors.almanac import WorldAlmanac
    from connectors.base import ConnectorError
    from connectors.files import read_tests as read_files
    from rules.cases.read import read_tests
    from rules.problems import Problem

    try:
        found = read_tests(read_files(folder), book, WorldAlmanac().zones())
    except ConnectorError as error:
        raise Broken((Problem(str(folder), 1, 1, "", str(error), ""),)) from error
    if found.problems:
        raise Broken(found.problems)
    return found.tests


def _none_yet(folder: Path, book: Rulebook) -> str:
    """Return how the first test is written, in the desk's own words."""
    connection = next(iter(book.connections.values()))
    return NONE_YET.format(
        folder=folder,
        connection=connection.name,
        kind=next(iter(connection.kinds)),
        language=book.languages[0],
        at=workspace.now(),
    )


def _chosen(tests: Sequence[RuleTest], text: str) -> Sequence[RuleTest]:
    chosen = [test for test in tests if text.casefold() in test.name.casefold()]
    if not chosen:
        raise click.BadParameter(f"no test has {text!r} in its name", param_hint="-k")
    return chosen


def _write(file: Path, results: Sequence[Result]) -> None:
    from commands.junit import junit

    try:
        file.write_bytes(junit(results))
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be written: {error.strerror}", param_hint="--junit") from error
