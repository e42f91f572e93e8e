"""A pack of 100 rules such as a larger desk has: its YAML texts, and its conditions for whoever else can test them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle, islice
from typing import Any, Final, NamedTuple

import yaml

from connectors.almanac import WorldAlmanac
from connectors.files import read_baseline
from rules.rulebook import Rulebook
from rules.workspace import load

When = Mapping[str, Any]
"""A `when:` of this pack: fact → value, list of values, {words: […]}, {pattern: …} or {empty: …}; or `not`."""

CONNECTION: Final = "servicenow"
CATEGORIES: Final = tuple(f"category {number}" for number in range(1, 26))
ORGANISATIONS: Final = ("Harbour", "Acme", "Globex", "Initech", "Umbrella", "Hooli")
LANGUAGES: Final = ("en", "nb", "vi", "zh-CN", "es", "fr")
SERVICES: Final = tuple(f"service-{number}" for number in range(1, 21))
TEAMS: Final = tuple(f"team-{number}" for number in range(1, 11))
WORDS: Final[tuple[tuple[str, ...], ...]] = (
    ("card payment", "betaling", "thanh toán", "付款", "pago con tarjeta"),
    ("phishing", "ransomware", "løsepengevirus", "mã độc", "勒索软件"),
    ("printer", "skriver", "máy in", "打印机", "impresora", "imprimante"),
    ("password", "passord", "mật khẩu", "密码", "contraseña", "mot de passe"),
    ("laptop", "bærbar", "máy tính xách tay", "笔记本电脑", "portátil"),
    ("invoice", "faktura", "hóa đơn", "发票", "factura", "facture"),
    ("network is down", "nettverket er nede", "mất mạng", "断网", "sin red"),
)
PATTERNS: Final = (r"error (code )?\d{3,5}", r"\bvpn\b.{0,40}(fail|feil|lỗi)", r"(ssl|tls) (certificate|handshake)")
LANGUAGES_OF_MESSAGES: Final = frozenset({"en", "nb", "vi", "es", "fr"})
MESSAGES: Final = dict.fromkeys(("received", "solved", "told", "moved", "breach-warning"), LANGUAGES_OF_MESSAGES)
TARGETS: Final = ("15m", "4h", "1h"), ("30m", "8h", "4h"), ("4h", "24h", "8h"), ("8h", "80h", "16h")


class Pack(NamedTuple):
    """The rulebook, and the conditions of its rules in the order of the file."""

    book: Rulebook
    conditions: tuple[When, ...]


def pack(timed: bool = False) -> Pack:
    """Return the pack, loaded from its YAML as a desk's own is; with five `timed` rules and targets if wanted."""
    stages = {"classify": _classify(), "adjust": _adjust(), "routes": _routes(), "communications": _communications()}
    stages["communications"] += _timed() if timed else []
    text = yaml.safe_dump({**_desk(), **(_promises() if timed else {}), **stages}, allow_unicode=True, sort_keys=False)
    loaded = load({"desk.yaml": text}, read_baseline(), MESSAGES, WorldAlmanac())
    if loaded.rulebook is None:
        raise ValueError(f"the pack has errors: {loaded.problems}")
    return Pack(loaded.rulebook, tuple(rule.get("when", {}) for rules in stages.values() for rule in rules))


def _desk() -> dict[str, Any]:
    connection = {
        "platform": "servicenow",
        "url": "https://bench.example",
        "auth": {"user": "itsm.sync", "password": "${BENCH_PASSWORD}"},
        "since": "2026-01-01T00:00Z",
        "robots": ["system"],
    }
    fields = {"mark": "u_mark", "labels": "u_labels", "risk": "u_risk"}
    words = {"fields": fields, "not_chosen": {"impact": "3", "urgency": "3"}}
    return {
        "desk": "A larger desk",
        "languages": ["en", "nb", "vi", "es", "fr"],
        "connections": {CONNECTION: connection},
        "words": {CONNECTION: words},
        "teams": {team: {"groups": {CONNECTION: team.title()}, "language": "nb"} for team in TEAMS},
        "services": {service: _service(number) for number, service in enumerate(SERVICES)},
    }


def _service(number: int) -> dict[str, str]:
    value = ("critical", "high", "normal", "low")[number % 4]
    return {"name": f"Service {number + 1}", "business_value": value, "team": TEAMS[number % len(TEAMS)]}


def _classify() -> list[dict[str, Any]]:
    """Forty rules: a category, a text or an organisation says which service it is; a text says what is at risk."""
    by_category = [({"category": [c]}, {"service": s}) for c, s in zip(CATEGORIES, cycle(SERVICES), strict=False)]
    by_text = [({"text": {"words": list(words)}}, {"service": SERVICES[n]}) for n, words in enumerate(WORDS)]
    by_pattern = [({"text": {"pattern": pattern}}, {"service": SERVICES[-1 - n]}) for n, pattern in enumerate(PATTERNS)]
    risks = [({"kind": "incident", "text": {"words": list(WORDS[1])}}, {"risk": "security"})]
    filled = [({}, {"impact": "minor", "urgency": "low"})]
    by_organisation = [
        ({"requester.organisation": name, "kind": "request"}, {"labels": f"of-{name.lower()}"})
        for name in ORGANISATIONS[: 40 - len(CATEGORIES) - len(WORDS) - len(PATTERNS) - 2]
    ]
    rules = [*by_text, *by_pattern, *by_category, *by_organisation, *risks, *filled]
    return [_rule("classify", n, when) | {"set": dict(set_)} for n, (when, set_) in enumerate(rules)]


def _adjust() -> list[dict[str, Any]]:
    """Twenty rules: floors for what is at risk, for critical services and important people; ceilings for requests."""
    limits: list[tuple[When, str, str]] = [
        ({"risk": ["security", "data_loss", "legal"]}, "at_least", "P2"),
        ({"service.business_value": "critical", "impact": ["extensive", "significant"]}, "at_least", "P2"),
        ({"requester.vip": True}, "at_least", "P3"),
        ({"kind": "request"}, "at_most", "P3"),
        ({"service": {"empty": True}}, "at_most", "P4"),
    ]
    services = islice(cycle(SERVICES), 15)
    limits += [
        ({"service": s, "not": {"impact": "minor"}}, "at_least", f"P{2 + n % 3}") for n, s in enumerate(services)
    ]
    return [_rule("adjust", n, when) | {limit: priority} for n, (when, limit, priority) in enumerate(limits)]


def _routes() -> list[dict[str, Any]]:
    """Twenty-five rules: some tickets go past the service's own team, the others to it, the rest to the desk."""
    special = [
        {"category": [category, CATEGORIES[-1 - n]], "requester.organisation": ORGANISATIONS[n % len(ORGANISATIONS)]}
        for n, category in enumerate(CATEGORIES[:12])
    ]
    urgent = [{"service": service, "priority": ["P1", "P2"]} for service in SERVICES[:10]]
    chosen = [(when, TEAMS[n % len(TEAMS)]) for n, when in enumerate([*special, *urgent])]
    served: When = {"kind": ["incident", "request"], "not": {"service": {"empty": True}}}
    routes = [
        *chosen,
        ({"requester.vip": True, "service": {"empty": True}}, TEAMS[0]),
        (served, "service.team"),
        ({}, TEAMS[1]),
    ]
    return [_rule("route", n, when) | {"assign": {"team": team}} for n, (when, team) in enumerate(routes)]


def _communications() -> list[dict[str, Any]]:
    """Fifteen rules: who hears of a ticket that was created, prioritised, assigned or resolved."""
    whens: list[When] = [{"requester.vip": True}, {"kind": "request"}, {"requester.organisation": "Acme"}, {}]
    told = [("resolved", when, "requester", "solved") for when in whens]
    told += [("created", when, "requester", "received") for when in whens]
    told += [("prioritised", {"priority": p}, "team", "told") for p in ("P1", "P2")]
    told += [("prioritised", {"priority": "P1", "kind": "incident"}, "requester", "told")]
    moved: list[When] = [
        {"priority": ["P1", "P2"]},
        *whens[:1],
        {"service.business_value": "critical", "kind": "incident"},
    ]
    told += [
        ("assigned", when, "team", "moved") for when in [*moved, {"requester.organisation": "Acme", "kind": "request"}]
    ]
    return [
        _rule("communicate", n, when) | {"on": event, "to": [reader], "message": message}
        for n, (event, when, reader, message) in enumerate(told)
    ]


def _timed() -> list[dict[str, Any]]:
    """Five rules: two warnings; nobody acted, the requester does not answer, nobody wrote."""
    moments: list[tuple[dict[str, Any], When]] = [
        ({"after": [{"used": "80%", "of": "resolve"}]}, {}),
        ({"after": [{"used": "100%", "of": "resolve"}]}, {}),
        ({"after": [{"unacknowledged": "30m"}]}, {"priority": ["P1", "P2"]}),
        ({"after": [{"waiting": "24h"}]}, {"kind": "incident"}),
        ({"before": {"updates": "15m"}}, {"priority": ["P1", "P2"]}),
    ]
    return [
        _rule("timed", n, when) | moment | {"to": ["team"], "message": "breach-warning"}
        for n, (moment, when) in enumerate(moments)
    ]


def _promises() -> dict[str, Any]:
    """Targets for each priority, in the working hours of an office with a lunch break."""
    office = {"zone": "Europe/Oslo", "hours": {"mon-fri": ["08:00-11:30", "12:00-16:00"]}}
    priorities = [
        {"name": f"P{n}", "respond": respond, "resolve": resolve, "updates": updates}
        for n, (respond, resolve, updates) in enumerate((*TARGETS, TARGETS[-1]), start=1)
    ]
    pauses = {"resolve": ["requester", "change"]}
    return {"calendars": {"office": office}, "calendar": "office", "pauses": pauses, "priorities": priorities}


def _rule(stage: str, number: int, when: When) -> dict[str, Any]:
    return {"name": f"{stage}-{number + 1}", **({"when": dict(when)} if when else {})}
