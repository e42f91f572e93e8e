"""Route: who gets a ticket whose team no person has chosen. The first match wins."""

from __future__ import annotations

from rules.answers import Routed
from rules.assigning import appoint
from rules.case import Case, aside, left, saying
from rules.confirm import proposal_mark
from rules.duty import on_duty
from rules.holders import holder
from rules.model import FIRST_LEVEL, OPEN, Facts, Held, Reason
from rules.rule import Route
from rules.rulebook import Rulebook
from rules.watch import is_persons

NO_ROUTE = Reason("route", "undecided", "", "", "no route matches")


def route(case: Case) -> None:
    """Plan to give an open ticket to the team of the first route that matches."""
    stage = case.book.routes
    values = stage.values(case.facts)
    answer = stage.answers.get(values) or stage.remember(values, routed(case.book, case.facts))
    standing = case.ticket.facts.get("team")
    if standing is not None or "team" in case.facts:
        case.show("team")
    if case.facts.get("status") not in OPEN or case.level != FIRST_LEVEL:
        return
    if (answer.reasons or answer.proposals) and not _hands_off(case, case.held.get("team"), answer.basis):
        case.reasons += answer.reasons
        case.proposals += [said for team, said in answer.proposals.items() if not _is_there(case, team, answer.team)]
    team, reason = answer.team, answer.reason
    if answer.regions:
        team = _region(case, answer)
        reason = saying(reason, "team", team)
    if not team or team == standing:
        case.reasons.append(reason)
    else:
        _assign(case, team, answer, reason)


def routed(book: Rulebook, facts: Facts) -> Routed:
    """Return the team of the first route that matches and may act. Only the first route that may advise does."""
    reasons: list[Reason] = []
    proposals: dict[str, Reason] = {}
    basis = book.routes.basis(facts, sorted({rule.path for rule in book.routes.rules if rule.path}))
    for rule in book.routes.matching(facts):
        reason = book.reasons["route", rule.order]
        chosen = rule.team or str(facts.get(rule.path, ""))
        if rule.mode == "apply":
            regions = book.teams[chosen].regions if chosen in book.teams else ()
            said = _said(reason, rule, chosen, regions)
            return Routed(chosen, said, tuple(reasons), proposals, basis, regions, rule.person)
        if chosen:
            advised: list[Reason] = []
            aside(rule, saying(reason, "team", chosen), reasons, advised)
            proposals = proposals or dict(zip([chosen], advised, strict=False))
    return Routed("", NO_ROUTE, tuple(reasons), proposals, basis)


def _said(reason: Reason, rule: Route, chosen: str, regions: tuple[str, ...]) -> Reason:
    """Return the reason with the team in front, unless a region of it is still to be chosen."""
    if not chosen:
        return _empty(reason, rule.path)
    return reason if regions else saying(reason, "team", chosen)


def _is_there(case: Case, team: str, routed_to: str) -> bool:
    """Tell whether a proposed team, or a region of it, has the ticket already, or gets it by another route."""
    standing = case.ticket.facts.get("team")
    known = case.book.teams.get(team)
    return team in (standing, routed_to) or (known is not None and standing in known.regions)


def _region(case: Case, answer: Routed) -> str:
    """Return the region that has the ticket or was chosen for these facts, else the one that is on duty.

    The end of a day moves no ticket, and no second proposal is made because it is evening.
    """
    standing, intended = case.ticket.facts.get("team"), case.intended.get("team")
    if standing in answer.regions:
        return str(standing)
    if intended is not None and intended.value in answer.regions and case.same_basis("team", intended, answer.basis):
        return str(intended.value)
    ticket = case.start.rstrip()
    for region in answer.regions if case.mode == "advise" else ():
        if proposal_mark(ticket, saying(answer.reason, "team", region)) in case.memory.done:
            return region
    return on_duty(case.book, answer.team, int(case.now.timestamp()))


def _empty(reason: Reason, path: str) -> Reason:
    return reason._replace(outcome="undecided", text=f"{path} is empty")


def _assign(case: Case, team: str, answer: Routed, reason: Reason) -> None:
    basis = answer.basis
    if not case.words.writable("team", team):
        case.reasons.append(left(reason, f"{team} has no group on this connection"))
        return
    held = case.held.get("team")
    why = _hands_off(case, held, basis) if held is not None else ""
    if why:
        case.reasons.append(left(reason, why))
    elif case.write("team", team, basis, reason):
        case.facts["team"] = team
        if answer.person:
            _choose_person(case, team, answer, reason)


def _choose_person(case: Case, team: str, answer: Routed, reason: Reason) -> None:
    chosen = holder(case, answer.person, team)
    if chosen.note:
        case.reasons.append(left(reason, chosen.note))
    if chosen.person:
        appoint(case, chosen.person, answer.basis, reason)


def _hands_off(case: Case, held: Held | None, basis: int) -> str:
    """Return why the team that stands is left alone, or "" when we may assign.

    We may when it is empty, is the platform's or a robot's, or was set by us and the facts of the route changed.
    """
    if held is None:
        return ""
    if held.whose == "ours":
        intended = case.intended.get("team")
        written = intended is not None and (held.value == intended.value or case.is_done(intended.key))
        same = written and intended is not None and case.same_basis("team", intended, basis)
        return "we chose the team, and the facts of the route have not changed" if same else ""
    if held.value is None:
        stands = held.whose != "robot" and case.stands("team", held, basis)
        return f"{held.by or 'somebody'} took the team away" if stands else ""
    return f"{held.by or 'somebody'} chose the team" if is_persons(case, "team", held) else ""
