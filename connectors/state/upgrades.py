"""The statements by which a store of an older version becomes one of the next. Those that stand are never changed."""

from __future__ import annotations

from typing import Final

TO_VERSION_2: Final = (
    "ALTER TABLE tickets ADD COLUMN rank INTEGER NOT NULL DEFAULT '0'",
    "ALTER TABLE tickets ADD COLUMN open INTEGER NOT NULL DEFAULT '1'",
    "ALTER TABLE tickets ADD COLUMN seen_at BIGINT",
    "ALTER TABLE tickets ADD COLUMN hidden_at BIGINT",
    "ALTER TABLE outbox ADD COLUMN rank INTEGER NOT NULL DEFAULT '0'",
    "ALTER TABLE outbox ADD COLUMN cycle INTEGER NOT NULL DEFAULT '0'",
    "ALTER TABLE outbox ADD COLUMN reader TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE outbox ADD COLUMN counted INTEGER NOT NULL DEFAULT '1'",
    "ALTER TABLE outbox ADD COLUMN released INTEGER NOT NULL DEFAULT '0'",
    "ALTER TABLE outbox ADD COLUMN done_at BIGINT",
    "DROP INDEX outbox_state",
    "CREATE INDEX outbox_order ON outbox (state, connection, rank, id)",
    "CREATE INDEX outbox_done ON outbox (done_at)",
    "CREATE INDEX tickets_sweep ON tickets (connection, open, seen_at)",
    "CREATE TABLE changes (id INTEGER NOT NULL PRIMARY KEY, cycle INTEGER NOT NULL, at BIGINT NOT NULL, "
    "ticket TEXT NOT NULL, connection TEXT NOT NULL, kind TEXT NOT NULL, ticket_id TEXT NOT NULL, "
    "fact TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL)",
    "CREATE INDEX changes_cycle ON changes (cycle)",
    "CREATE INDEX changes_at ON changes (at)",
    "CREATE TABLE overrules (rule TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL)",
    "CREATE TABLE sweeps (connection TEXT NOT NULL, kind TEXT NOT NULL, cursor TEXT NOT NULL, at BIGINT NOT NULL, "
    "PRIMARY KEY (connection, kind))",
)

TO_VERSION_3: Final = ("CREATE INDEX tickets_ruled ON tickets (connection, open, digest)",)

TO_VERSION_4: Final = (
    "ALTER TABLE tickets ADD COLUMN team TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE tickets ADD COLUMN assignee TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE tickets ADD COLUMN parent TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE tickets ADD COLUMN service TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE tickets ADD COLUMN major INTEGER NOT NULL DEFAULT '0'",
    "CREATE INDEX tickets_team ON tickets (connection, team) WHERE team != ''",
    "CREATE INDEX tickets_assignee ON tickets (connection, assignee) WHERE assignee != ''",
    "CREATE INDEX tickets_parent ON tickets (connection, parent) WHERE parent != ''",
    "CREATE INDEX tickets_major ON tickets (connection, major) WHERE major = 1",
)

TO_VERSION_5: Final = (
    "CREATE TABLE rosters (team TEXT NOT NULL PRIMARY KEY, source TEXT NOT NULL, read_at BIGINT NOT NULL, "
    "covers_from BIGINT NOT NULL, covers_until BIGINT NOT NULL, "
    "etag TEXT NOT NULL, modified TEXT NOT NULL, turns TEXT NOT NULL)",
)

TO_VERSION_6: Final = (
    "CREATE TABLE happenings (ticket TEXT NOT NULL, what TEXT NOT NULL, value TEXT NOT NULL, "
    "occasion BIGINT NOT NULL, at BIGINT NOT NULL, team TEXT NOT NULL, service TEXT NOT NULL, rule TEXT NOT NULL, "
    "why TEXT NOT NULL, amount BIGINT, PRIMARY KEY (ticket, what, value, occasion))",
    "CREATE INDEX happenings_at ON happenings (at)",
)

TO_VERSION_7: Final = (
    "ALTER TABLE outbox ADD COLUMN door TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE outbox ADD COLUMN once INTEGER NOT NULL DEFAULT '0'",
    "CREATE TABLE announcements (connection TEXT NOT NULL, number TEXT NOT NULL, at BIGINT NOT NULL, "
    "said TEXT NOT NULL, PRIMARY KEY (connection, number))",
)

TO_VERSION_8: Final = (
    "ALTER TABLE tickets ADD COLUMN closed_at BIGINT",
    "UPDATE tickets SET closed_at = seen_at WHERE open = 0",
    "CREATE INDEX tickets_closed_at ON tickets (closed_at) WHERE closed_at IS NOT NULL",
    "CREATE INDEX tickets_hidden_at ON tickets (hidden_at) WHERE hidden_at IS NOT NULL",
    "CREATE TABLE forgotten (digest TEXT NOT NULL PRIMARY KEY, ended INTEGER NOT NULL)",
)

TO_VERSION_9: Final = (
    "ALTER TABLE outbox ADD COLUMN doubt TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE replies (connection TEXT NOT NULL, id TEXT NOT NULL, last BIGINT NOT NULL, first BIGINT NOT NULL, "
    "number TEXT NOT NULL, kind TEXT NOT NULL, above TEXT NOT NULL, seen_at BIGINT NOT NULL, "
    "PRIMARY KEY (connection, id, last))",
)
