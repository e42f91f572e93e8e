"""Builds the rulebook of a workspace that was judged and found good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, tzinfo
from hashlib import blake2b
from typing import Any, Final

from rules.almanac import Almanac
from rules.brakes import Brakes
from rules.calendar import Calendar
from rules.forms import duration, percent
from rules.holders import LEAST_LOADED
from rules.index import Stage
from rules.knowledge import asks_for_articles
from rules.model import HOLD, Facts, Mode
from rules.oncall import absences, rotation, swaps
from rules.past import LABELS, OF_MAJOR
from rules.persons import needed, steps, suppliers
from rules.promising import agreements, quiet, silences
from rules.queues import QUEUES
from rules.readers import AFFECTED
from rules.rosters import Feed
from rules.rulebook import EVENT, Channel, Connection, HandOver, Rulebook, Service, Staff, Team
from rules.schema import ConnectionForm, PersonForm, ServiceForm, TeamForm, WordsForm, WorkspaceForm
from rules.schema_later import Channel as ChannelForm
from rules.schema_later import HandOver as HandOverForm
from rules.stages import Messages, Stages
from rules.terms import Agreements
from rules.tree import Node
from rules.vocabulary import OF_SERVICE, PERSONAL, Vocabulary
from rules.wording import Matrix, Values, kinds, names, timed, words_of
from rules.words import Matcher

UNDECIDING: Final = frozenset({"url", "auth", "proxy", "ca_file", "poll"})
"""Keys of a connection by which no decision changes."""

LEADING_THERE: Final = frozenset({"url", "auth", "tls", "sender", "reply_to", "secret", "private", "proxy", "ca_file"})
"""Keys of a channel by which no decision changes."""

SENT_ONLY: Final = frozenset({"store", "brakes", "privacy"})
"""Keys of a workspace by which no decision changes either."""

LONGEST: Final = timedelta(days=3650)
"""A person's choice that stands for longer stands for so long: later than that no calendar can tell."""

MODES: Final[tuple[Mode, ...]] = ("observe", "advise", "apply")
"""The most careful one first: a connection is never bolder than its desk."""


def build(
    root: Node,
    form: WorkspaceForm,
    words: Vocabulary,
    stages: Stages,
    messages: Messages,
    calendars: Mapping[str, Calendar],
    almanac: Almanac,
    reviewing: frozenset[str],
    linking: frozenset[str],
) -> Rulebook:
    """Return the rulebook. The form and the stages are those of the tree, without errors.

    `reviewing` are the messages that tell what happened, `linking` those that name articles, whether or not a rule
    sends them.
    """
    scales = {name: tuple(levels) for name, levels in form.scales.items()}
    priorities = tuple(priority.name for priority in form.priorities)
    matrix = _matrix(form)
    services = {key: Service(key, service.name, _facts(service)) for key, service in form.services.items()}
    teams = {
        key: _team(key, team, calendars[team.calendar or form.calendar].zone, root.under("teams")[key])
        for key, team in form.teams.items()
    }
    filled = frozenset(fact for rule in stages.classify for fact in rule.set)
    filled |= frozenset("labels" for rule in stages.classify if rule.labels)
    people = {key: _staff(key, person) for key, person in form.people.items()}
    wanted = {key: people[key] for key in sorted(needed(form))}
    gives = form.ladders or form.anytime or any(route.assign.person for route in form.routes)
    written = filled | {"assignee"} if gives else filled
    connections = {
        name: _connection(
            name, connection, form, names(name, teams.values(), services.values()), matrix, written, wanted
        )
        for name, connection in form.connections.items()
    }
    if asks_for_articles(stages, linking):
        connections = {name: _with_articles(connection, form) for name, connection in connections.items()}
    terms = agreements(form, calendars)
    reviewing &= {rule.message for rule in form.communications}
    reports = bool(reviewing)
    hears = any(AFFECTED in rule.to and rule.mode == "apply" for rule in stages.communications)
    if clocked := hears or _is_clocked(form, terms):
        asked = {key: people[key] for key in sorted(suppliers(form) - wanted.keys())}
        connections = {name: _with_clocks(one, form, reports, asked) for name, one in connections.items()}
    return Rulebook(
        digest=_digest(root, messages, calendars),
        desk=form.desk,
        languages=tuple(form.languages),
        mode=form.mode,
        connections=connections,
        scales=scales,
        priorities=priorities,
        titles={priority.name: priority.title or priority.name for priority in form.priorities},
        ranks={priority: rank for rank, priority in enumerate(priorities)},
        matrix=matrix,
        matrix_where=root.entries["matrix"].key.short,
        services=services,
        teams=teams,
        people=people,
        classify=Stage(stages.classify, filled | {"labels", "service"}),
        adjust=Stage(stages.adjust, ("impact", "urgency")),
        routes=Stage(stages.routes, {route.path for route in stages.routes if route.path}),
        communications=Stage([rule for rule in stages.communications if rule.on], (EVENT, "major")),
        timed=Stage([rule for rule in stages.communications if not rule.on]),
        ladders=Stage(stages.ladders),
        anytime=Stage(stages.anytime),
        events=frozenset(rule.on for rule in stages.communications if rule.on),
        matcher=Matcher(words.texts),
        messages=messages,
        reasons=stages.reasons,
        store=form.store,
        people_win=form.people_win,
        people_win_for=min(duration(form.people_win), LONGEST) if form.people_win[0].isdigit() else None,
        brakes=Brakes(**form.brakes.model_dump()) if form.brakes is not None else Brakes(),
        shares=stages.shares,
        calendars=calendars,
        calendar=form.calendar,
        terms=terms,
        pauses=frozenset(form.pauses.get("resolve", ())),
        quiet=quiet(form, stages, almanac),
        silences=silences(form, stages),
        clocked=clocked,
        parents={region: key for key, team in reversed(form.teams.items()) for region in team.follow_the_sun},
        doors={reader: tuple(ways) for reader, ways in form.doors.items()},
        channels={name: _channel(name, channel) for name, channel in form.channels.items()},
        tones={str(language): str(tone) for language, tone in form.tone.items()},
        closes=any(rule.then for rule in stages.communications),
        links=Stage(stages.links),
        announces=any(AFFECTED in rule.to for rule in stages.communications),
        hears=hears,
        reviewing=reviewing,
        counts_queues=_counts_queues(form, stages),
        keep=duration(form.privacy.keep) if form.privacy is not None and form.privacy.keep else None,
        speaks={name.casefold(): one.language for name, one in form.organisations.items() if one.language},
        platform_mails=frozenset(form.platform_mails),
        hidden=tuple(form.privacy.hide_from_suppliers) if form.privacy is not None else PERSONAL,
    )


def _staff(key: str, form: PersonForm) -> Staff:
    return Staff(key, form.email, dict(form.accounts), form.language, form.name, form.zone, tuple(form.doors))


def _team(key: str, form: TeamForm, zone: tzinfo, node: Node) -> Team:
    rota, on_call, away = rotation(form.on_call, zone), form.on_call, absences(form, zone)
    terms = _hand_over(form.hand_over, node) if form.hand_over is not None else None
    groups, regions, limit = dict(form.groups), tuple(form.follow_the_sun), form.queue_limit
    team = Team(key, groups, form.language, regions, form.calendar, rota, "", away, terms, limit, swaps(on_call, zone))
    if on_call is None or rota is not None:
        return team
    feed = Feed(zone, on_call.ical, on_call.source, on_call.schedule, on_call.proxy, on_call.ca_file)
    return replace(team, feed=feed, roster=on_call.elsewhere)


def _hand_over(form: HandOverForm, node: Node) -> HandOver:
    within = int(duration(form.accept_within).total_seconds()) if form.accept_within else 0
    text = f"handed over, and not accepted for {form.accept_within}"
    return HandOver(frozenset(form.priority), within, text, node.entries["hand_over"].key.short)


def _counts_queues(form: WorkspaceForm, stages: Stages) -> bool:
    """Tell whether somebody asks for queues: a step's condition, or whoever has the fewest tickets gets one."""
    asked = [one.when.uses for ladder in stages.ladders for one in (ladder, *ladder.steps)]
    asked += [step.when.uses for step in stages.anytime]
    given = [step.assign for step in steps(form) if step.assign is not None] + [route.assign for route in form.routes]
    return any(uses & QUEUES for uses in asked) or any(one.person == LEAST_LOADED for one in given)


def _is_clocked(form: WorkspaceForm, terms: Agreements) -> bool:
    """Tell whether the times of changes and words matter: something is promised, or some message waits for a time."""
    waits = any(rule.on is None for rule in form.communications) or bool(form.ladders) or bool(form.anytime)
    hands_over = any(team.hand_over is not None for team in form.teams.values())
    return terms.any() or waits or hands_over or bool(form.clocks)


def _with_clocks(connection: Connection, form: WorkspaceForm, reports: bool, asked: Mapping[str, Staff]) -> Connection:
    """Return the connection with what clocks are rebuilt from there, and the platform's own that stand for ours."""
    slas = {str(clock): fields[connection.name] for clock, fields in form.clocks.items() if connection.name in fields}
    asks = any(step.approve is not None for step in steps(form))
    also = (*((LABELS,) if asks else ()), *(OF_MAJOR if reports else ()))
    kinds = {kind: replace(words, timed=timed(words.fields, also)) for kind, words in connection.kinds.items()}
    return replace(connection, kinds=kinds, slas=slas, suppliers=asked)


def _with_articles(connection: Connection, form: WorkspaceForm) -> Connection:
    known = form.words.get(connection.name, WordsForm()).knowledge
    return connection if known is None else replace(connection, knowledge=tuple(known))


def _connection(
    name: str,
    form: ConnectionForm,
    workspace: WorkspaceForm,
    named: Values,
    matrix: Matrix,
    filled: frozenset[str],
    people: Mapping[str, Staff],
) -> Connection:
    own = workspace.words.get(name, WordsForm())
    if name in workspace.hold:
        own = own.model_copy(update={"fields": {**own.fields, HOLD: workspace.hold[name]}})
    scales = {scale: tuple(levels) for scale, levels in workspace.scales.items()}
    return Connection(
        name=name,
        platform=form.platform,
        url=form.url,
        auth={key: text for key, text in form.auth.model_dump().items() if text},
        kinds={kind: words_of(kind, table, own, named, scales, matrix, filled) for kind, table in kinds(form).items()},
        mode=min(form.mode or workspace.mode, workspace.mode, key=MODES.index),
        since=form.since,
        poll=duration(form.poll),
        scope=form.scope,
        projects=tuple(form.projects),
        robots=frozenset(form.robots),
        proxy=form.proxy,
        ca_file=form.ca_file,
        share=percent(form.share) if form.share else 100,
        people=people,
        region=form.region,
    )


def _channel(name: str, form: ChannelForm) -> Channel:
    auth = form.auth.model_dump() if form.auth is not None else {}
    same = {key: getattr(form, key) for key in ("kind", "url", "sender", "reply_to", "secret", "private")}
    regions = frozenset(form.regions)
    tls = form.tls != "never"
    return Channel(name, **same, auth=auth, tls=tls, proxy=form.proxy, ca_file=form.ca_file, regions=regions)


def _matrix(form: WorkspaceForm) -> dict[tuple[str, str], str]:
    """Return the matrix by its levels; a row's priorities are in the order of the urgency scale."""
    return {
        (impact, urgency): form.matrix[impact][column]
        for impact in form.scales["impact"]
        for column, urgency in enumerate(form.scales["urgency"])
    }


def _facts(service: ServiceForm) -> Facts:
    """Return what rules see of a service."""
    return {f"service.{key}": getattr(service, key) for key in OF_SERVICE if getattr(service, key)}


def _digest(root: Node, messages: Messages, calendars: Mapping[str, Calendar]) -> str:
    """Return the digest of all that decides: comments, layout and the ways to a platform do not change it."""
    deciding: dict[str, Any] = {key: node.plain() for key, node in root.entries.items() if key not in SENT_ONLY}
    for section, left_out in (("connections", UNDECIDING), ("channels", LEADING_THERE)):
        if section in deciding:
            named = root.entries[section].entries.items()
            deciding[section] = {name: _deciding(node, left_out) for name, node in named}
    deciding["messages"] = {name: sorted(languages) for name, languages in messages.items()}
    deciding["holidays"] = {name: days for name, calendar in calendars.items() if (days := _closing(calendar))}
    text = json.dumps(deciding, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _closing(calendar: Calendar) -> list[str]:
    """Return the holidays on which a calendar would be open otherwise."""
    closing = (day for day in calendar.holidays if calendar.week[day.weekday()] and day not in calendar.days)
    return sorted(day.isoformat() for day in closing)


def _deciding(entry: Node, left_out: frozenset[str]) -> Mapping[str, Any]:
    return {key: node.plain() for key, node in entry.entries.items() if key not in left_out}
