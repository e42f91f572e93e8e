"""itsm-sync sandbox: a simulated ServiceNow and a simulated Jira on this machine, to try rules on."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from commands import workspace

if TYPE_CHECKING:
    from connectors.sandbox.jira import Site
    from connectors.sandbox.servicenow import World

USER, PASSWORD = "itsm.sync", "sandbox"
JIRA_USER, JIRA_TOKEN = "sync@harbour.example", "sandbox"


@click.command("sandbox", short_help="Run a simulated ServiceNow and a simulated Jira.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8180,
    show_default=True,
    help="ServiceNow's port on 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--jira-port",
    type=click.IntRange(0, 65535),
    default=8181,
    show_default=True,
    help="Jira's port on 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--load",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A ServiceNow export of incidents, as CSV or JSON.",
)
def command(port: int, jira_port: int, file: Path | None) -> None:
    """Run a simulated ServiceNow and a simulated Jira on this machine.

    They run until Ctrl-C, and forget everything when they end. They hold the
    demo's people, groups and tickets; with --load there is a ServiceNow only,
    with what the file says.

    \b
    Examples:
      itsm-sync sandbox
      itsm-sync sandbox --load incidents.csv --port 8182
    """
    world = demo_instance() if file is None else _loaded(file)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        url = _served(stack, world, port, "--port")
        click.echo(f"A simulated ServiceNow at {url}, user {USER}, password {PASSWORD}.")
        if file is None:
            url = _served(stack, demo_site(), jira_port, "--jira-port")
            click.echo(f"A simulated Jira at {url}, user {JIRA_USER}, token {JIRA_TOKEN}.")
        click.echo("Ctrl-C stops.")
        stop.wait()


def _served(stack: ExitStack, platform: World | Site, port: int, option: str) -> str:
    """Serve a platform until the stack ends, and return its address."""
    from connectors.sandbox import serve

    try:
        return stack.enter_context(serve(platform, port))
    except OSError as error:
        raise click.BadParameter(f"{port} cannot be used: {error.strerror}", param_hint=option) from error


def demo_site() -> Site:
    """Return the demo's Jira, whose morning ends now."""
    from commands.demo_site import LENGTH, site
    from connectors.sandbox import MovableClock

    made = site(MovableClock(workspace.now().replace(microsecond=0) - LENGTH))
    made.clock = workspace.now
    return made


def demo_instance() -> World:
    """Return the demo's instance, whose morning ends now."""
    from commands.demo_world import LENGTH, world
    from connectors.sandbox import MovableClock

    made = world(MovableClock(workspace.now().replace(microsecond=0) - LENGTH))
    made.clock = workspace.now
    return made


def _loaded(file: Path) -> World:
    """Return an instance with the incidents of an export. Raises a usage error where the file cannot be read."""
    from commands.demo_world import EXTRA
    from connectors.sandbox.servicenow import World

    world = World(extra_fields={"incident": EXTRA})
    try:
        count = len(world.load(file))
    except (ValueError, KeyError, AttributeError, TypeError, OSError) as error:
        why = f"{file} is no export of ServiceNow incidents: {error}"
        raise click.BadParameter(why, param_hint="--load") from error
    if not count:
        raise click.BadParameter(f"there are no incidents in {file}", param_hint="--load")
    click.echo(f"{count} incidents loaded from {file}")
    return world
