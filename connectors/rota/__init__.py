"""Rota: who is on call, read from a calendar's address.

`feed` fetches a calendar, `ics` makes turns of its events, `naming` tells whom of the desk's people an event names.
`sheet` is what every source answers with; `connectors.rosters` keeps it, and `connectors.servicenow.oncall` is the
other source.
"""
