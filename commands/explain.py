"""itsm-sync explain: what was seen, decided by which rule, written and held back, and what would be decided now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import one_ticket, workspace
from commands.columns import wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.state.store import Entry, Line, Waiting
    from rules.model import Decision, Deed, Held, Memory, Reason, Ticket
    from rules.timeline import Timeline
    from sync import Desk


@click.command("explain", short_help="Say what happened to a ticket and why.")
@click.argument("ticket")
@workspace.option
@workspace.as_json
@click.pass_obj
def command(desk_type: type[Desk], ticket: str, folder: Path, as_json: bool) -> None:
    """Explain a TICKET, named CONNECTION/KEY: its clocks, what happened to it and why, and what would be decided now.

    \b
    Example:
      itsm-sync explain servicenow-emea/INC0010001 -w desk
    """
    with workspace.opened(desk_type, folder, dry_run=True) as desk:
        found = one_ticket.found(desk, ticket)
        memory = _remembered(desk, ticket, found)
        entries = desk.store.journal(ticket)
        decision, line = one_ticket.decided(desk, found, memory) if found is not None else (None, None)
        until, waiting = desk.book.people_win_until, desk.store.waiting(ticket)
        kinds = {name: channel.kind for name, channel in desk.book.channels.items()}
    if found is None and not entries:
        raise click.ClickException(f"{ticket} is not visible to this account, and nothing was ever decided about it")
    if as_json:
        said = _as_json(found, memory, entries, waiting, decision, line, kinds)
        click.echo(json.dumps(said, ensure_ascii=False, default=str))
    else:
        _print_seen(ticket, found, memory, until)
        _print_time(line)
        _print_past(entries, waiting, kinds)
        if decision is not None:
            _print_now(decision, kinds)


def _remembered(desk: Desk, ticket: str, found: Ticket | None) -> Memory | None:
    """Return what is remembered of a ticket; one that was forgotten since it was closed is not looked after."""
    from connectors.reading import recognised

    looked_after, memories = recognised(desk.store, 0, [found] if found is not None else [])
    if found is not None and not looked_after:
        raise click.ClickException(f"{ticket} was closed for so long that it is forgotten, as privacy: keep: says")
    return memories.get(ticket) or desk.store.memories([ticket]).get(ticket)


def _as_json(
    ticket: Ticket | None,
    memory: Memory | None,
    entries: list[Entry],
    waiting: Sequence[Waiting],
    decision: Decision | None,
    line: Timeline | None,
    kinds: Mapping[str, str],
) -> dict[str, Any]:
    from commands.timeline import as_json
    from rules.describe import described

    return {
        "seen": dict(ticket.facts) if ticket else None,
        "held": {fact: held._asdict() for fact, held in memory.held.items()} if memory else {},
        "journal": [{"at": e.at, "cycle": e.cycle, **e.line._asdict()} for e in entries],
        "waiting": [one._asdict() | _described(one.action, kinds) for one in waiting],
        "time": as_json(line) if line is not None else None,
        "now": None
        if decision is None
        else {
            "actions": [described(action) for action in decision.actions],
            "notices": [_described(one, kinds) for one in decision.notices],
            "reasons": [reason._asdict() for reason in decision.reasons],
        },
    }


def _print_seen(key: str, ticket: Ticket | None, memory: Memory | None, until: str) -> None:
    from rules.describe import shown

    click.echo(key)
    if ticket is None:
        click.echo("  It is not visible to this account now.")
    else:
        click.echo("\nSeen on the platform now")
        for fact, value in sorted(ticket.facts.items()):
            if fact not in ("text", "title"):
                held = memory.held.get(fact) if memory else None
                _say(f"{fact}: {shown(value)}{_whose(held, until if fact != 'team' else '')}")


def _print_time(line: Timeline | None) -> None:
    from commands.timeline import drawn

    if line is not None:
        click.echo("\n".join(drawn(line)))


def _print_past(entries: list[Entry], waiting: Sequence[Waiting], kinds: Mapping[str, str]) -> None:
    from rules.describe import described

    click.echo("\nWhat happened")
    for entry in entries:
        _say(f"{entry.at:%Y-%m-%d %H:%M:%S}Z cycle {entry.cycle}: {_line(entry.line)}")
    if waiting:
        click.echo("\nWhat waits")
    for one in waiting:
        why = f": {one.why}" if one.why else ""
        until = f", until {one.until:%Y-%m-%d %H:%M:%S}Z" if one.until else ""
        plan = f" in plan {one.plan}" if one.state == "held" else ""
        _say(f"{one.state:10} {described(one.action)}{plan}{until}{why}")
        _say_how_often(one.action, kinds)


def _print_now(decision: Decision, kinds: Mapping[str, str]) -> None:
    from rules.describe import described

    click.echo("\nWhat would be decided now")
    for reason in decision.reasons:
        _say(_line(reason))
    for action in decision.actions:
        _say(f"would write {described(action)}")
    for notice in decision.notices:
        _say(f"would send {described(notice)}")
        _say_how_often(notice, kinds)
    if not (decision.actions or decision.notices):
        click.echo("  nothing would be written")


def _described(action: Deed, kinds: Mapping[str, str]) -> dict[str, str]:
    from rules.describe import described, repeated

    return {"action": described(action), "repeated": repeated(action, kinds)}


def _say_how_often(action: Deed, kinds: Mapping[str, str]) -> None:
    """Print whether a word by a door may be said twice; `kinds` are those of the doors."""
    from rules.describe import repeated

    if text := repeated(action, kinds):
        click.echo(wrapped(text, "    ", "      "))


def _whose(held: Held | None, until: str) -> str:
    """Say whose value it is, where we watch that, and how long it stands: a team in any case, which "" stands for."""
    if held is None:
        return ""
    if held.whose == "ours":
        return "  (ours; reported was " + str(held.reported if held.reported is not None else "nothing") + ")"
    if held.whose == "creation":
        return "  (since creation)"
    if held.whose == "unknown":
        stands = f"; it stands {until}" if held.over_ours and until else ""
        return f"  (changed {held.at:%Y-%m-%d %H:%M}Z, author unknown{stands})"
    stands = f", stands {until}" if held.over_ours and until and held.whose == "person" else ""
    return f"  (changed {held.at:%Y-%m-%d %H:%M}Z by {held.by}{stands})"


def _line(said: Line | Reason) -> str:
    """Return what a line of the journal or a reason says, and which rule says it at which place."""
    where = f" ({', '.join(filter(None, (said.rule, said.where)))})" if said.rule else ""
    return f"{said.outcome:10} {said.stage}: {said.text}{where}"


def _say(text: str) -> None:
    """Print a text in lines of 80 columns, whatever the platform put into a value."""
    click.echo(wrapped(text))
