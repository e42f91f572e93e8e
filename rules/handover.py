"""Hand-over: when a region's day ends, the chosen tickets go to the region on duty, or to the next one that opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.assigning import give_to, gives
from rules.calls import Call, look_again, silenced_until, tell_moment, ticket_clocks
from rules.case import Case, left, saying
from rules.communication import plan
from rules.duty import hours_of, on_duty
from rules.happening import Happening
from rules.model import OPEN, Reason
from rules.occasions import hand_over_key
from rules.rule import Trigger

if TYPE_CHECKING:
    from rules.calendar import Calendar
    from rules.rulebook import HandOver

HANDED_OVER: Final = "handed-over"
"""The message that tells the receiving team."""


BREAK: Final = 3 * 3600
"""Seconds for which a region may be closed without its day having ended."""


class Region(NamedTuple):
    """A region that has a ticket which may be handed over: the team that follows the sun, and its terms."""

    team: str
    whole: str
    terms: HandOver


def hand_over(case: Case) -> None:
    """Plan to hand the ticket over if the day of the region that has it has ended since it has it."""
    region = _region(case)
    if region is None:
        return
    _wake_at_the_end(case, region)  # in any case: what is not handed over today may be tomorrow
    if any(gives(action) for action in case.actions):
        return
    now, hours = int(case.now.timestamp()), hours_of(case.book, region.team)
    until = silenced_until(case, now)
    ended = hours.closed_since(now)
    if _is_at_work(hours, ended, now) or ticket_clocks(case).course.team_since >= ended:
        return
    if until > now:
        look_again(case, until)
    elif not case.is_done(hand_over_key(case, ended)):
        _hand_over(case, region, ended, now)


def unaccepted(case: Case) -> Call | None:
    """Return when a ticket that was handed over goes back to its ladder because nobody has acknowledged it."""
    region, been = _region(case), ticket_clocks(case).course
    if region is None or been.acknowledged is not None or (at := _accept_by(case, region, been.team_since)) is None:
        return None
    return Call(at, Trigger("unaccepted", 0, "", region.terms.text), been.reopened)


def accepted(case: Case) -> Happening | None:
    """Return whether the team to which the ticket was handed over accepted it in time, as soon as that is known."""
    region, been = _region(case), ticket_clocks(case).course
    at = _accept_by(case, region, been.team_since) if region is not None else None
    if region is None or at is None:
        return None
    service, taken = str(case.facts.get("service", "")), been.acknowledged
    if taken is not None and taken <= at:
        return Happening("accepted", taken, region.team, service, occasion=been.team_since)
    if int(case.now.timestamp()) < at:
        return None
    return Happening("not accepted", at, region.team, service, occasion=been.team_since)


def _accept_by(case: Case, region: Region, since: int) -> int | None:
    """Return until when a team is to accept what was handed over to it then; None where that is not so."""
    if not region.terms.accept_within:
        return None
    if not any(case.is_done(hand_over_key(case, ended)) for ended in _ends_before(case, region, since)):
        return None
    return hours_of(case.book, region.team).add(since, region.terms.accept_within)


def _region(case: Case) -> Region | None:
    """Return the region that has the ticket, where its open tickets of this priority are handed over."""
    team = case.ticket.facts.get("team")
    whole = case.book.parents.get(team) if isinstance(team, str) else None
    terms = case.book.teams[whole].hand_over if whole is not None else None
    if terms is None or case.facts.get("priority") not in terms.priorities or case.facts.get("status") not in OPEN:
        return None
    return Region(str(team), str(whole), terms)


def _hand_over(case: Case, region: Region, ended: int, now: int) -> None:
    reason = Reason("escalate", "decided", f"hand-over of {region.whole}", region.terms.where, "")
    reason = reason._replace(text=f"the day of {region.team} has ended")
    team = on_duty(case.book, region.whole, now)
    if team == region.team:  # it opens first again
        return
    if not case.words.writable("team", team):
        case.reasons.append(left(reason, f"{team} has no group on this connection"))
        return
    give_to(case, team, None, ended & 0xFFFFFFFF, saying(reason, "team", team))
    case.handed_over = ended
    _tell_where_things_stand(case)
    if region.terms.accept_within:
        tell_moment(case, "promise.accept", hours_of(case.book, team).add(now, region.terms.accept_within))
    plan(case, HANDED_OVER, "team", reason, hand_over_key(case, ended))
    if case.mode == "observe":
        case.forgone |= {hand_over_key(case, ended)}
    elif case.mode == "apply":
        service = str(case.facts.get("service", ""))
        case.happened.append(Happening("handed over", ended, team, service, region.team, reason.rule, occasion=ended))


def _tell_where_things_stand(case: Case) -> None:
    """Let the note say what the ladder asks for: what is known of it, and what is still missing."""
    ladder = next(case.book.ladders.matching(case.facts), None)
    asked = dict.fromkeys(fact for step in ladder.steps for fact in step.ask) if ladder is not None else {}
    case.facts["handover.known"] = tuple(fact for fact in asked if fact in case.facts)
    case.facts["escalation.asked"] = tuple(fact for fact in asked if fact not in case.facts)


def _is_at_work(hours: Calendar, ended: int, now: int) -> bool:
    """Tell whether a region is open, or only has a break."""
    opens = hours.next_open(now)
    return hours.is_open(now) or (opens is not None and opens - ended <= BREAK)


def _wake_at_the_end(case: Case, region: Region) -> None:
    """Look at the ticket again when the region closes next: its day may end then."""
    hours, now = hours_of(case.book, region.team), int(case.now.timestamp())
    opens = hours.next_open(now)
    closes = hours.next_close(opens) if opens is not None else None
    if closes is not None:
        look_again(case, closes)


def _ends_before(case: Case, region: Region, since: int) -> Iterator[int]:
    """Yield when the day of the region from which we took the ticket had ended, as far as that can be known.

    What a person or a robot gave to a region, or a route, was not handed over, whatever the hour.
    """
    teams = [one for one in case.past if one.fact == "team" and one.at <= since]
    before = teams[-2].value if len(teams) > 1 and teams[-1].by == "ours" else ""
    if case.book.parents.get(before) == region.whole:
        yield hours_of(case.book, before).closed_since(since)
