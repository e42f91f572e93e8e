"""Talks: everything outside the process, that is platforms, database and sandbox. No decision, no wording."""

OWNER = "itsm-sync"
