"""Route: who gets a ticket whose team no person has chosen. The first match wins."""

from __future__ import annotations

from rules.case import Case, aside, left, saying
from rules.index import checksum
from rules.model import OPEN, Facts, Held, Reason
from rules.rulebook import Route, Routed, Rulebook
from rules.watch import is_persons

NO_ROUTE = Reason("route", "undecided", "", "", "no route matches")


def route(case: Case) -> None:
    """Plan to give an open ticket to the team of the first route that matches."""
    stage = case.book.routes
    values = stage.values(case.facts)
    answer = stage.answers.get(values) or stage.remember(values, routed(case.book, case.facts))
    case.show("team")
    if case.facts.get("status") not in OPEN:
        return
    standing = case.ticket.facts.get("team")
    if standing is None and answer.reasons:
        case.reasons += answer.reasons
    if standing is None and answer.proposals:
        case.proposals += answer.proposals
    if not answer.team or answer.team == standing:
        case.reasons.append(answer.reason)
    else:
        _assign(case, answer.team, answer.basis, answer.reason)


def routed(book: Rulebook, facts: Facts) -> Routed:
    """Return the team of the first route that matches and may act; of a follow-the-sun team its first region.

    Which region is on duty is a question of clocks, which come later.
    """
    reasons: list[Reason] = []
    proposals: list[Reason] = []
    basis = checksum(book.routes.values(facts))
    for rule in book.routes.matching(facts):
        reason = book.reasons["route", rule.order]
        if rule.mode == "apply":
            chosen = _team(book, rule, facts)
            empty = reason._replace(outcome="undecided", text=f"{rule.path} is empty")
            said = saying(reason, "team", chosen) if chosen else empty
            return Routed(chosen, said, tuple(reasons), tuple(proposals), basis)
        aside(rule, saying(reason, "team", rule.team or rule.path), reasons, proposals)
    return Routed("", NO_ROUTE, tuple(reasons), tuple(proposals), basis)


def _team(book: Rulebook, rule: Route, facts: Facts) -> str:
    name = rule.team or str(facts.get(rule.path, ""))
    team = book.teams.get(name)
    return team.regions[0] if team is not None and team.regions else name


def _assign(case: Case, team: str, basis: int, reason: Reason) -> None:
    if not case.words.writable("team", team):
        case.reasons.append(left(reason, f"{team} has no group on this connection"))
        return
    why = _hands_off(case, case.held.get("team"), basis)
    if why:
        case.reasons.append(left(reason, why))
    else:
        case.facts["team"] = team
        case.write("team", team, basis, reason)


def _hands_off(case: Case, held: Held | None, basis: int) -> str:
    """Return why the team that stands is left alone, or "" when we may assign.

    We may when it is empty, is the platform's or a robot's, or was set by us and the facts of the route changed.
    """
    if held is None:
        return ""
    if held.whose == "ours":
        intended = case.intended.get("team")
        same = intended is not None and case.same_basis("team", intended, basis)
        return "we chose the team, and the facts of the route have not changed" if same else ""
    if held.value is None:
        stands = held.whose != "robot" and case.stands("team", held, basis)
        return f"{held.by or 'somebody'} took the team away" if stands else ""
    return f"{held.by or 'somebody'} chose the team" if is_persons(case, "team", held) else ""
