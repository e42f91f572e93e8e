"""Decides: pure functions over frozen values. No clock, no file, no network, no environment, no randomness."""

OWNER = "itsm-sync"
