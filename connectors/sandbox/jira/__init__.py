"""A simulated Jira site with Jira Service Management, for demonstrations, tests and trying out rules.

    clock = MovableClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    site = Site(clock=clock)                              # Cloud; Site(deployment="Server") is Data Center
    site.add_user("Kari Nord", account="kari", language="nb", customer=True)
    site.add_project("IT", "IT Support")
    incident = site.create("IT", "[System] Incident", {"summary": "Booking is down", "Urgency": "High"}, by="kari")
    with serve(site) as url:
        requests.get(f"{url}/rest/api/3/issue/IT-1", auth=("sync@harbour.example", "sandbox"))

It answers the platform's REST API, versions 2 and 3, and the service desk's, as the platform does, with the
behaviours that integrations get wrong: search is behind (`search_lag`), one field that is not on the screen refuses a
whole edit, a comment inside an edit comes out public, version 3 takes documents only, people hide their address.

Faults come on demand: `site.faults.add(Fault("broken_after", method="PUT"))`. Limits are set on `site.limits`;
`site.requests` remembers what was asked.
"""

from .site import Entry, Site

__all__ = ["Entry", "Site"]
