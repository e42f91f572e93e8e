"""The desk of the simulated month, as its admin writes it: the only thing here that the service reads."""

from __future__ import annotations

from functools import cache

from connectors.almanac import WorldAlmanac
from connectors.files import read_baseline
from rules.rulebook import Rulebook
from rules.workspace import load

MESSAGES = (
    *("received", "solved", "major-incident-started", "major-incident-update", "breach-warning", "waiting-for-you"),
    *("escalated", "handed-over", "approval-request", "apology", "closing-soon", "assigned"),
)
PROMISING = frozenset({"received", "apology", "major-incident-update"})
DESK = """
connections:
  snow:
    platform: servicenow
    url: https://desk.service-now.com
    auth: {user: sync, password: "${PASSWORD}"}
    robots: [robot]
  jira:
    platform: jira_service_management
    url: https://desk.atlassian.net
    auth: {user: sync@desk.example, token: "${TOKEN}"}
    projects: [IT]
    robots: [robot]
languages: [en]
brakes: {}
words:
  snow: {fields: {labels: u_labels}, set_priority_by: [priority]}
  jira: {fields: {team: Assignment group, major: labels=major-incident}, set_priority_by: [priority]}
classify: []
adjust: []
"""
TIMES = """
calendar: oslo
calendars:
  oslo:
    zone: Europe/Oslo
    hours: {mon-fri: "08:00-16:00"}
    holidays: "NO"
    days: {2026-10-30: closed, 2026-11-06: "08:00-12:00"}
  vancouver: {zone: America/Vancouver, hours: {mon-fri: "07:00-16:00"}, holidays: CA-BC}
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: ["06:00-11:00", "12:00-15:00"]}, holidays: VN}
  oslo-nights: {zone: Europe/Oslo, hours: {mon-sun: "22:00-06:00"}}
  vancouver-nights: {zone: America/Vancouver, hours: {mon-sun: "21:00-05:00"}}
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
pauses: {resolve: [requester, change]}
priorities:
  - {name: P1, respond: 15m, resolve: 4h, updates: 1h, calendar: always}
  - {name: P2, respond: 30m, resolve: 8h, updates: 4h}
  - {name: P3, respond: 4h, resolve: 24h}
  - {name: P4, respond: 8h, resolve: 40h}
  - {name: P5}
quiet: {hours: "20:00-07:00", except: {major: true}}
silence:
  - {when: {service: booking}, from: 2026-10-28T10:00+01:00, to: 2026-10-28T14:00+01:00, because: CHG0031}
  - {when: {service: ferries}, from: 2026-11-04T09:00-08:00, to: 2026-11-04T18:30-08:00, because: CHG0032}
"""
PEOPLE = """
people:
  ida: {email: ida@harbour.example}
  jonas: {email: jonas@harbour.example}
  noah: {email: noah@harbour.example}
  mia: {email: mia@harbour.example}
  khanh: {email: khanh@harbour.example}
  olivia: {email: olivia@harbour.example}
  ivar: {email: ivar@harbour.example}
services:
  booking: {name: Booking, business_value: critical, team: web, owner: olivia}
  payments: {name: Payments, business_value: critical, calendar: oslo-nights, team: payments, owner: olivia}
  ferries: {name: Ferries, business_value: normal, calendar: vancouver-nights, team: harbour, owner: ivar}
  laptops: {name: Laptops, business_value: normal, team: workplace, owner: ivar}
teams:
  service-desk:
    follow_the_sun: [desk-oslo, desk-vancouver, desk-saigon]
    hand_over: {priority: [P1, P2], accept_within: 15m}
  desk-oslo: {calendar: oslo, groups: {snow: Oslo, jira: Oslo}}
  desk-vancouver: {calendar: vancouver, groups: {snow: Vancouver, jira: Vancouver}}
  desk-saigon: {calendar: saigon, groups: {snow: Saigon, jira: Saigon}}
  web:
    calendar: oslo
    groups: {snow: Web, jira: Web}
    on_call: {rotation: [ida, jonas, noah], each: 1w, from: 2026-10-12T08:00}
    absences: [{person: ida, from: 2026-11-04, to: 2026-11-05}]
  payments:
    calendar: oslo-nights
    groups: {snow: Payments, jira: Payments}
    on_call: {rotation: [mia, noah], each: 1d, from: 2026-10-12T02:30}
  harbour:
    calendar: vancouver
    groups: {snow: Harbour, jira: Harbour}
    on_call: {rotation: [khanh, mia], each: 1w, from: 2026-10-12T08:00}
  workplace: {calendar: oslo, groups: {snow: Workplace, jira: Workplace}}
  architects:
    calendar: oslo
    groups: {snow: Architects, jira: Architects}
    on_call:
      rotation: [khanh, jonas]
      each: 1w
      from: 2026-10-05T08:00
      swaps: [{person: ida, from: 2026-10-24T12:00, to: 2026-10-25T12:00}]
routes: [{name: desk-first, assign: {team: service-desk}}]
"""
LADDERS = """
ladders:
  - name: critical
    when: {kind: incident, priority: [P1, P2], service.business_value: critical}
    steps:
      - level: L2
        after: [{off_duty: 0m}, {unacknowledged: 15m}, {used: 50%, of: resolve}]
        assign: {team: service.team, person: on_call}
        ask: [category]
      - level: L3
        after: [{used: 75%, of: resolve}]
        approve: {by: ivar, within: 30m, else: olivia}
        assign: {team: architects, person: on_call}
      - {level: management, after: [{used: 100%, of: resolve}], watch: [ivar, service.owner]}
  - name: urgent
    when: {kind: incident, priority: [P1, P2]}
    steps:
      - {level: L2, after: [{unacknowledged: 30m}, {used: 60%, of: resolve}], assign: {team: service.team}}
      - {level: L3, after: [{used: 90%, of: resolve}], assign: {team: architects, person: on_call}}
      - {level: management, after: [{used: 100%, of: resolve}], watch: [ivar]}
  - name: everything-else
    when: {kind: incident}
    steps:
      - {level: L2, after: [{used: 100%, of: respond}], assign: {team: service.team}}
      - {level: management, after: [{used: 100%, of: resolve}], watch: [service.owner]}
anytime:
  - level: L3
    when: {service.business_value: critical, reopened: {at_least: 2}}
    assign: {team: architects, person: on_call}
  - {level: swarm, when: {reassigned: {at_least: 3}}, assign: {team: service.team, swarm: true}}
  - {level: complaint, when: {labels: complaint}, watch: [service.owner]}
  - {level: promise, when: {promise: missed}, watch: [service.owner]}
"""
WORDS = """
communications:
  - name: silent-customer
    when: {waiting_for: requester}
    after: [{waiting: 8h}]
    times: 2
    to: [requester]
    message: closing-soon
    then: {status: resolved}
  - {name: declared, on: major, to: [requester], message: major-incident-started}
  - {name: news, every: updates, when: {major: true}, to: [requester], message: major-incident-update}
  - {name: sorry, on: promise_missed, to: [requester], message: apology}
  - {name: solved, on: resolved, to: [requester], message: solved}
  - {name: received, on: created, to: [requester], message: received}
  - {name: your-turn, on: waiting, when: {waiting_for: requester}, to: [requester], message: waiting-for-you}
  - {name: raised, on: escalated, when: {level: [L2, L3]}, to: [requester], message: escalated}
  - {name: moved, on: handed_over, to: [requester], message: handed-over}
  - {name: warning, after: [{used: 80%, of: resolve}], to: [team], message: breach-warning}
"""
FILES = {"desk.yaml": DESK, "times.yaml": TIMES, "people.yaml": PEOPLE, "ladders.yaml": LADDERS, "words.yaml": WORDS}


@cache
def the_rules() -> Rulebook:
    """Load the desk's rules."""
    messages = dict.fromkeys(MESSAGES, frozenset({"en"}))
    answer = load(FILES, read_baseline(), messages, WorldAlmanac(), PROMISING)
    assert answer.rulebook is not None, answer.problems
    return answer.rulebook
