"""What SEMANTICS asks of the service at a moment, of a ticket as it stands: its levels, whose it becomes, what is said.

Each wish is a short text ("level L2", "team desk-oslo", "say apology"). A ticket is looked at as long as nothing
changes on it: `later` names the moments at which more may be wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.month import plain
from tests.month.plain import Step
from tests.month.told import Told

FOREVER = 10**11
DAY = 86_400


def wanted(told: Told, now: int) -> set[str]:
    """Return what has to happen at this look."""
    if not told.is_open:
        return _once_solved(told)
    levels = [f"level {step.level}" for step in anytime(told, now)]
    gives = any(step.team for step in anytime(told, now))
    found = {*levels, *_words(told, now), *_silent_end(told, now)}
    if not gives:
        top, asked = climb(told, now)
        found |= {f"level {top.level}"} if top is not None else set()
        found |= asked
        gives = top is not None and bool(top.team)
    if not gives:
        found |= _moves(told, now)
    return found


# Ladders


def anytime(told: Told, now: int) -> list[Step]:
    """Return what is called for at any time and was not taken."""
    found = [one for one in plain.ANYTIME if one.level not in told.passed and _calls(told, one.after[0], now)]
    return [one for one in found if not (told.below and one.team)]


def _calls(told: Told, moment: tuple, now: int) -> bool:
    match moment[0]:
        case "reopened":
            critical = plain.SERVICES[told.facts["service"]].critical
            return critical and told.facts.get("reopened", 0) >= moment[1]
        case "reassigned":
            return told.facts.get("reassigned", 0) >= moment[1]
        case "complaint":
            return "complaint" in told.facts.get("labels", ())
    return promise(told, now) == "missed"


def climb(told: Told, now: int) -> tuple[Step | None, set[str]]:
    """Return the highest step of the ladder that is due and may be taken, and who has to be asked for which."""
    top, asked = None, set()
    if told.below or plain.silenced_until(told.facts["service"], now) > now:
        return top, asked
    for step, at in ahead(told, now):
        if at <= now and at >= told.person_chose:
            answer = approval(told, step) if step.approved_by else "granted"
            if answer == "granted":
                top = step
            elif answer == "":
                asked |= _ask(told, step, now)
    return top, asked


def ahead(told: Told, now: int) -> Iterator[tuple[Step, int]]:
    """Yield the steps above the highest that was taken, each with the moment at which it is, or will be, due."""
    steps = plain.ladder(told.facts["priority"], told.facts["service"])
    gone = [place for place, step in enumerate(steps) if step.level in told.passed or approval(told, step) == "refused"]
    back = unaccepted(told)
    for step in steps[max(gone, default=-1) + 1 :]:
        moments = [at for one in step.after if (at := moment_of(told, one, now)) is not None]
        moments += [back] if back is not None else []
        back = None
        if moments:
            yield step, min(moments)


def moment_of(told: Told, moment: tuple, now: int) -> int | None:
    """Return when what a step waits for was, or will be if nothing changes; None where it is not so."""
    match moment[0]:
        case "off_duty":
            return _off_duty(told, now)
        case "unacknowledged":
            waits = told.team is not None and not told.acknowledged
            return told.hours.add(told.team_since, moment[1]) if waits else None
        case "respond":
            return None if told.answered else used(told, told.open, plain.RESPOND, moment[1])
    return used(told, told.worked, plain.RESOLVE, moment[1])


def used(told: Told, spans: list, targets: dict, percent: int) -> int | None:
    """Return when a share of a target was or will be used in these spans."""
    target, hours = targets.get(told.facts["priority"]), told.hours
    if target is None:
        return None
    left = -(-target * percent // 100)
    for start, end in spans:
        counted = left if end is None else hours.passed(end) - hours.passed(start)
        if counted >= left:
            return hours.add(start, left)
        left -= counted
    return None


def _off_duty(told: Told, now: int) -> int | None:
    """Return since when nobody of its team is on duty; a ticket that comes is with the desk at once."""
    team, begins = (routed(told, now), told.log.created) if routed(told, now) else (told.team, told.team_since)
    since = plain.off_duty(team, now)
    return max(plain.next_off_duty(team, now) if since is None else since, begins)


def unaccepted(told: Told) -> int | None:
    """Return when a ticket that was handed over, and not acknowledged, goes back to its ladder."""
    handed = told.handed_at is not None and told.facts["priority"] in plain.HANDED_OVER
    if not handed or told.acknowledged or told.team not in plain.REGIONS:
        return None
    return plain.team_hours(told.team).add(told.team_since, plain.ACCEPT_WITHIN)


def approval(told: Told, step: Step) -> str:
    """Return what those who were asked answered: "granted", "refused", "" for nothing yet, "either" if both."""
    if not step.approved_by:
        return ""
    asked = {person: at for (level, person), at in told.asked.items() if level == step.level}
    said = {
        verdict
        for at, by, verdict in told.verdicts
        if by in asked and at >= asked[by] and not told.is_customer(by)
    }  # fmt: skip
    if told.unsure_of_approval or len(said) > 1:
        return "either"
    return said.pop() if said else ""


def _ask(told: Told, step: Step, now: int) -> set[str]:
    """Return who is to be asked now: the first, and the deputy when their time is over."""
    first, deputy = step.approved_by
    since = told.asked.get((step.level, first))
    if since is None:
        return {f"ask {first} for {step.level}"}
    late = now >= told.hours.add(since, plain.APPROVE_WITHIN) and (step.level, deputy) not in told.asked
    return {f"ask {deputy} for {step.level}"} if late else set()


# Regions


def _moves(told: Told, now: int) -> set[str]:
    """Return the region to which a ticket goes that nobody chose a team for, or whose region's day has ended."""
    region = routed(told, now) or hand_over(told, now)
    return {f"team {region}"} if region else set()


def routed(told: Told, now: int) -> str:
    """Return the region that gets a ticket for which nobody but its requester chose a team."""
    given = told.team is None or (told.team_by == "creation" and told.team not in plain.REGIONS)
    return plain.on_duty(now) if given and not told.levels else ""


def hand_over(told: Told, now: int) -> str:
    """Return which region a ticket is handed over to at this moment, or ""."""
    chosen = told.team in plain.REGIONS and told.facts["priority"] in plain.HANDED_OVER
    if not chosen or plain.silenced_until(told.facts["service"], now) > now:
        return ""
    ended, opens = day_of(told.team, now)
    if opens - ended <= plain.LONGEST_BREAK or told.team_since >= ended:
        return ""
    region = plain.on_duty(now)
    return region if region != told.team else ""


def day_of(region: str, now: int) -> tuple[int, int]:
    """Return when a region closed last and opens next: both are now while it is open."""
    hours = plain.team_hours(region)
    return hours.closed_since(now), hours.next_open(now)


# Words


def promise(told: Told, now: int) -> str:
    """Return what became of the last promise of a word: "open", "kept", "missed", or "" where none counts."""
    if told.promise is None:
        return ""
    latest, word = told.promise[1] + plain.GRACE, told.word_after_promise
    if word is not None and word <= latest:
        return "kept"
    return "missed" if now >= latest else "open"


def _words(told: Told, now: int) -> set[str]:
    """Return what the requester is to hear. During a major incident they hear only of that."""
    major = told.facts.get("major") is True
    found = set()
    if not told.seen_first and not major and now - told.log.created < DAY:
        found.add("say received")
    if major and told.to_announce:
        return {"say major-incident-started"}
    if reminder(told, now) <= now:
        return {"say closing-soon"}
    if major:
        return {"say major-incident-update"} if update(told, now) <= now else set()
    missed = promise(told, now) == "missed" and told.word_after_promise is None
    return {"say apology"} if missed else found


def update(told: Told, now: int) -> int:
    """Return when a major incident's requester hears next at the latest."""
    target = plain.UPDATES.get(told.facts["priority"])
    if target is None or told.facts.get("major") is not True:
        return FOREVER
    at = told.hours.add(told.last_word, target)
    return max(at, plain.silenced_until(told.facts["service"], max(at, now)))


def _is_silent(told: Told) -> bool:
    return told.waiting is not None and told.facts.get("waiting_for") == "requester"


def _next_of_silent(told: Told) -> int:
    since = told.waiting
    again = told.last_of_ours if told.reminded and told.last_of_ours >= since else since
    return told.hours.add(again, plain.REMINDED_AFTER)


def reminder(told: Told, now: int) -> int:
    """Return when a silent requester is reminded: not during a major incident, a silence, or their night."""
    if not _is_silent(told) or told.reminded >= plain.REMINDERS or told.facts.get("major") is True:
        return FOREVER
    at = max(_next_of_silent(told), now)
    return max(plain.silenced_until(told.facts["service"], at), awake(told.log.zone, at))


def awake(zone: str, at: int) -> int:
    """Return when somebody may be disturbed: now, or in their morning."""
    hour = datetime.fromtimestamp(at, ZoneInfo(zone)).hour
    while hour >= plain.QUIET_FROM or hour < plain.QUIET_TO:
        at += 3600 - at % 3600  # all zones here are whole hours apart
        hour = datetime.fromtimestamp(at, ZoneInfo(zone)).hour
    return at


def _silent_end(told: Told, now: int) -> set[str]:
    return {"status resolved"} if silent_end(told, now) <= now else set()


def silent_end(told: Told, now: int) -> int:
    """Return when a ticket is resolved whose requester did not answer their reminders."""
    if not _is_silent(told) or told.reminded < plain.REMINDERS:
        return FOREVER
    return plain.silenced_until(told.facts["service"], max(_next_of_silent(told), now))


def _once_solved(told: Told) -> set[str]:
    """Return what is wanted of a ticket that is not open."""
    solved = told.facts["status"] == "resolved"
    if solved and told.solved_by_us is not None and told.answer_to_solution:
        return {"status in_progress"}
    return {"say solved"} if solved and told.to_say_solved and not told.facts.get("major") else set()


# Moments to come


def later(told: Told, now: int) -> int:
    """Return the next moment at which more may be wanted than now, if nothing changes."""
    if not told.is_open:
        return FOREVER
    found = [at for _, at in ahead(told, now)] if not told.below else []
    found += [update(told, now), reminder(told, now), silent_end(told, now)]
    found += [told.promise[1] + plain.GRACE] if told.promise is not None else []
    found += [told.hours.add(at, plain.APPROVE_WITHIN) for at in told.asked.values()]
    if told.team in plain.REGIONS and told.facts["priority"] in plain.HANDED_OVER:
        hours = plain.team_hours(told.team)
        found += [hours.next_close(now), hours.next_open(now + 1)]
    if told.team is not None and plain.ladder(told.facts["priority"], told.facts["service"]) is plain.CRITICAL:
        found.append(plain.back_on_duty(told.team, now))  # from then on it may be off duty again
    quiet = plain.silenced_until(told.facts["service"], now)
    begins = [start for name, start, _ in plain.SILENCES if name == told.facts["service"]]
    ends = [end for name, _, end in plain.SILENCES if name == told.facts["service"]]
    return min((at for at in (*found, quiet, *begins, *ends) if at > now), default=FOREVER)
