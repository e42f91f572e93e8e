"""The people and the robot of the simulated month: they do what they like, by a seeded chance."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.month.log import ROBOT, TicketLog
from tests.month.world import Life, World

AGENTS: Final = ("ida", "jonas", "noah", "mia", "vera", "karl")
CUSTOMERS: Final = ("kari", "per", "lan", "sue")
ZONES: Final = ("Europe/Oslo", "America/Vancouver", "Asia/Ho_Chi_Minh")
REGIONS: Final = ("desk-oslo", "desk-vancouver", "desk-saigon")
TEAMS: Final = (*REGIONS, "web", "payments", "harbour", "workplace", "architects")
PRIORITIES: Final = ("P1", "P1", "P1", "P2", "P2", "P2", "P2", "P3", "P3", "P3", "P3", "P3", "P4", "P4", "P5")
SERVICES: Final = ("booking", "booking", "payments", "payments", "ferries", "laptops", "laptops")
GAPS: Final = ((60, 600), (600, 3600), (3600, 6 * 3600), (6 * 3600, 60 * 3600))
"""Seconds between two deeds on a ticket: soon, within the hour, the same day, days later."""

Deed = Callable[[World, Life, int, Random], Any]


class People:
    """Everybody. Each ticket has a number of deeds to come; on some nobody does anything."""

    def begin(self, world: World) -> None:
        """Let tickets be reported all the month, and the service forget some of them."""
        random, plan = world.random, world.plan
        span = max(1, plan.days - 2) * 86_400
        for number in range(plan.tickets):
            world.happens(plan.start + 60 + int(random.random() * span), f"T{number:04}")

    def act(self, world: World, at: int, number: str) -> None:
        """Let the next deed on a ticket be done, and another one follow."""
        random, life = world.random, world.lives.get(number)
        if life is None:
            life = self._report(world, at, number)
        elif life.to_do <= 0:
            _tidy_up(world, life, at, random)
        elif random.random() < world.plan.lost / 4:
            world.forget(life, at)
        else:
            self._deed(life, random)(world, life, at, random)
        life.to_do -= 1
        if life.to_do > 0 and life.facts["status"] != "closed":
            world.happens(at + random.randint(*random.choice(GAPS)), number)
        elif life.to_do == 0 and random.random() < 0.97:
            world.happens(at + random.randint(86_400, 3 * 86_400), number)

    def _report(self, world: World, at: int, number: str) -> Life:
        random = world.random
        requester = "ivar" if random.random() < 0.03 else random.choice(CUSTOMERS)
        facts: dict[str, Any] = {"kind": "incident", "status": "new", "priority": random.choice(PRIORITIES)}
        facts |= {"service": random.choice(SERVICES), "major": False}
        if random.random() < 0.15:
            facts["team"] = random.choice(TEAMS)
        platform = "snow" if random.random() < 0.6 else "jira"
        life = world.report(TicketLog(number, platform, at, requester, random.choice(ZONES), facts, []))
        life.to_do = random.choice((0, 0, 1, 2, 3, 4, 5, 6, 8, 10, 14)) + 1
        return life

    def _deed(self, life: Life, random: Random) -> Deed:
        if life.facts["status"] == "resolved":
            return random.choice((reopen, reopen, answer, close, note))
        if life.facts["status"] == "waiting":
            return random.choice((answer, answer, go_on, wait, ask_again, move, leave, leave, resolve, choose))
        asked = any(entry.what == "said" and entry.value[0] == "approval-request" for entry in life.log.entries)
        if asked and random.random() < 0.5:
            return judge
        return random.choices(DEEDS, WEIGHTS)[0]


def _tidy_up(world: World, life: Life, at: int, random: Random) -> None:
    """Let a ticket end on which nobody has anything more to do."""
    if life.is_open:
        resolve(world, life, at, random)


def comment(world: World, life: Life, at: int, random: Random) -> None:
    world.change(life, at, random.choice(AGENTS), comment=None)


def note(world: World, life: Life, at: int, random: Random) -> None:
    world.change(life, at, random.choice((*AGENTS, ROBOT)), note=None)


def answer(world: World, life: Life, at: int, random: Random) -> None:
    world.change(life, at, life.log.requester, comment=None)


def leave(world: World, life: Life, at: int, random: Random) -> None:
    """Do nothing."""


def take(world: World, life: Life, at: int, random: Random) -> None:
    """Let an agent take the ticket: themselves, and mostly into work."""
    who = random.choice([one for one in AGENTS if one != life.facts.get("assignee")])
    status = {"status": "in_progress"} if life.facts["status"] == "new" and random.random() < 0.7 else {}
    world.change(life, at, who, assignee=who, **status)


def move(world: World, life: Life, at: int, random: Random) -> None:
    """Let an agent, or at times the robot, give the ticket to another team: with a word, to somebody, or to nobody."""
    by = random.choice((*AGENTS, ROBOT))
    changes: dict[str, Any] = {"team": random.choice([team for team in TEAMS if team != life.facts.get("team")])}
    if "assignee" in life.facts:
        others = [one for one in AGENTS if one != life.facts["assignee"]]
        changes["assignee"] = random.choice(others) if random.random() < 0.3 else None
    if random.random() < 0.3 and by != ROBOT:
        changes[random.choice(("note", "comment"))] = None
    if life.platform == "snow" and by != ROBOT:
        changes["reassigned"] = life.facts.get("reassigned", 0) + 1
    world.change(life, at, by, **changes)


def choose(world: World, life: Life, at: int, random: Random) -> None:
    """Let an agent find the ticket more or less important."""
    others = [one for one in PRIORITIES if one != life.facts["priority"]]
    world.change(life, at, random.choice(AGENTS), priority=random.choice(others))


def wait(world: World, life: Life, at: int, random: Random) -> None:
    """Let the ticket wait, or wait for somebody else than before."""
    others = ["requester", "requester", "requester", "supplier", "change"]
    others = [one for one in others if one != life.facts.get("waiting_for")]
    status = {"status": "waiting"} if life.facts["status"] != "waiting" else {}
    said = {"comment": None} if random.random() < 0.5 else {}
    world.change(life, at, random.choice(AGENTS), waiting_for=random.choice(others), **status, **said)


def ask_again(world: World, life: Life, at: int, random: Random) -> None:
    comment(world, life, at, random)


def go_on(world: World, life: Life, at: int, random: Random) -> None:
    """Let work on a ticket that waited go on; at times the form goes on saying for whom it did."""
    stays = {} if random.random() < 0.2 or "waiting_for" not in life.facts else {"waiting_for": None}
    world.change(life, at, random.choice(AGENTS), status="in_progress", **stays)


def resolve(world: World, life: Life, at: int, random: Random) -> None:
    said = {"comment": None} if random.random() < 0.4 else {}
    world.change(life, at, random.choice(AGENTS), status="resolved", **said)


def reopen(world: World, life: Life, at: int, random: Random) -> None:
    counted = {"reopened": life.facts.get("reopened", 0) + 1} if life.platform == "snow" else {}
    world.change(life, at, random.choice(AGENTS), status="in_progress", **counted)


def close(world: World, life: Life, at: int, random: Random) -> None:
    world.change(life, at, random.choice(AGENTS), status="closed")


def judge(world: World, life: Life, at: int, random: Random) -> None:
    """Let somebody answer to a question for approval who was asked, or who was not."""
    by = random.choice(("ivar", "ivar", "olivia", "ida", life.log.requester))
    world.change(life, at, by, note=random.choice(("granted", "granted", "refused")))


def declare(world: World, life: Life, at: int, random: Random) -> None:
    """Let a ticket be declared a major incident, or no longer be one."""
    world.change(life, at, random.choice(AGENTS), major=not life.facts.get("major"))


def put_below(world: World, life: Life, at: int, random: Random) -> None:
    """Let a ticket be put below an open major incident, or be taken away from there."""
    above = [one for one in world.majors[life.platform] if one != life.number]
    if "parent" in life.facts:
        world.change(life, at, random.choice(AGENTS), parent=None)
    elif above and not life.facts.get("major"):
        world.change(life, at, random.choice(AGENTS), parent=random.choice(above))


def complain(world: World, life: Life, at: int, random: Random) -> None:
    world.change(life, at, life.log.requester, labels=("complaint",))


WEIGHED: Final = {
    comment: 6, note: 4, answer: 5, take: 8, move: 6, choose: 5, wait: 9, resolve: 5, judge: 1, declare: 1,
    put_below: 3, complain: 1, leave: 3,
}  # fmt: skip
DEEDS: Final = tuple(WEIGHED)
WEIGHTS: Final = tuple(WEIGHED.values())
