"""ServiceNow: what itsm-sync reads and writes there, and how it finds out what an instance has.

`connector` is the connector itself, one account on one instance.
`tables` reads and changes rows by the Table API, with encoded queries that nothing can be injected into.
`pages` reads what changed page by page and misses nothing that becomes visible late.
`tickets` makes tickets in the desk's words of records, and values of the platform of facts.
`write` sends fields, comment, note and marks in one request.
`journal` reads who changed what, and what was said.
`schema` knows what fields a table has.
`discover` reads groups, services, languages and choices.
`check` compares the workspace with the instance for `check --online`.
"""
