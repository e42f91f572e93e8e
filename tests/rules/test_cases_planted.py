"""Mistakes planted into the demo's rules: each makes one of its tests fail, with a message that names the rule."""

from __future__ import annotations

import pytest
from living import demo_results, told

from tests.shares import one_of

PLANTED = {
    "a cell of the matrix": (
        "rules/priorities.yaml",
        "significant: [P1, P2, P3, P4]",
        "significant: [P1, P3, P3, P4]",
        "matrix (priorities.yaml:15) decided: priority: P3",
    ),
    "a floor that is gone": (
        "rules/priorities.yaml",
        "at_least: P3\n",
        "at_least: P5\n",
        "matrix (priorities.yaml:15) decided: priority: P5",
    ),
    "a ceiling that is too high": (
        "rules/priorities.yaml",
        "at_most: P3",
        "at_most: P1",
        "matrix (priorities.yaml:15) decided: priority: P1",
    ),
    "a floor with another condition": (
        "rules/priorities.yaml",
        "when: {service.business_value: critical, impact: [extensive, significant]}",
        "when: {service.business_value: critical, impact: [extensive]}",
        "critical-business-value (priorities.yaml:26) would give P2, but impact is significant",
    ),
    "a rule that fills in another service": (
        "rules/services.yaml",
        "when: {category: payments}\n    set: {service: payments}",
        "when: {category: payments}\n    set: {service: booking}",
        "payments (services.yaml:24) decided: service: booking",
    ),
    "a word that is not looked for": (
        "rules/services.yaml",
        "[phishing, ransomware, ",
        "[phishing, ",
        "security-words (services.yaml:33) would give security, but none of its words is in the text",
    ),
    "a condition on another kind": (
        "rules/services.yaml",
        "when: {kind: request, service: {empty: true}}",
        "when: {kind: incident, service: {empty: true}}",
        "not-offered (services.yaml:37) would give demand, but kind is request",
    ),
    "routes in another order": (
        "rules/routes.yaml",
        "routes:\n",
        "routes:\n  - name: all\n    assign: {team: desk-oslo}\n",
        "all (routes.yaml:3) decided: team: desk-oslo",
    ),
    "a wrong team": (
        "rules/routes.yaml",
        "assign: {team: relationship-managers}",
        "assign: {team: web}",
        "demand (routes.yaml:6) decided: team: web",
    ),
    "a message on another event": (
        "rules/communications.yaml",
        "on: created\n    to: [requester]\n    message: received",
        "on: resolved\n    to: [requester]\n    message: received",
        "received (communications.yaml:41) sends it, but 'resolved' did not happen",
    ),
    "messages in another order": (
        "rules/communications.yaml",
        "communications:\n",
        "communications:\n  - {name: all, on: resolved, when: {major: true}, to: [requester], message: solved}\n",
        "+ solved to requester in nb as comment, by all (communications.yaml:3)",
    ),
    "a message to nobody": (
        "rules/communications.yaml",
        "on: assigned\n    to: [team]",
        "on: assigned\n    to: [requester]",
        "no rule that runs sends assigned to team",
    ),
    "languages in another order": (
        "desk.yaml",
        "languages: [en, nb,",
        "languages: [nb, en,",
        "+ received to requester in nb as comment, by received (communications.yaml:41)",
    ),
}


def test_the_demos_own_tests_pass_and_meet_every_rule():
    results = demo_results()
    assert [told(result) for result in results if result.failures] == []
    assert len(results) == 11


@pytest.mark.parametrize("mistake", one_of(3, PLANTED))
def test_a_mistake_makes_a_test_fail_that_names_the_rule(mistake: str):
    file, before, after, expected = PLANTED[mistake]
    said = "\n".join(told(result) for result in demo_results({file: (before, after)}))
    assert expected in " ".join(said.split())
