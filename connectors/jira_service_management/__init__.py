"""The Jira Service Management connector: Jira Cloud and Jira Data Center.

`connector` is the whole, `client` the way to the REST API, `fields` finds fields by what they are, `tickets` turns
issues into tickets, `pages` reads what changed, `history` who changed it, `write` writes, `check` and `discover`
compare the workspace with the site.
"""
