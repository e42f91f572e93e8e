"""The commands of itsm-sync, each loaded when it is called, so that `--help` answers at once."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from sync import Desk

COMMANDS: Final = (
    *("init", "check", "test", "once", "run", "explain", "status", "who", "doors", "messages", "report", "incident"),
    *("release", "drop", "retry", "stop", "resume", "revert", "forget", "export"),
    *("sandbox", "demo"),
)


class Commands(click.Group):
    """In the order in which an admin needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"commands.{name}").command
        return command


def command_line(desk: type[Desk]) -> click.Group:
    """Return the command line; the commands work on a `desk`, which they get as click's object."""

    @click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
    @click.version_option(package_name="itsm-sync")
    @click.pass_context
    def main(context: click.Context) -> None:
        """Priority, routing and messages for the service desk that lives in ServiceNow or Jira.

        \b
        First steps:
          itsm-sync demo                    watch a desk being looked after
          itsm-sync init desk               write a commented workspace
          itsm-sync check -w desk           judge it; --online asks the platform
          itsm-sync once -w desk --dry-run  see what would be done
        """
        context.obj = desk

    return main
