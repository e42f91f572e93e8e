"""State: what the service remembers between cycles, in one database that one process writes.

`store` is the one door to all of it.
`outbox` keeps the actions from plan to confirmation, and never a text.
`journal` keeps what was done or left, and why, and the cycles.
`records` has the shapes that the store is handed and hands back; it loads nothing heavy.
`codec` turns memories, actions and journal lines to JSON and back.
`schema` has the tables, and takes an older store to this version.
`database` opens the file, or a copy that vanishes.
`lock` lets one process at a time work on a store.
"""
