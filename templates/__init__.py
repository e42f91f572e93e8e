"""Speaks: message texts per language, their rendering and each platform's formats. No network, no database."""

OWNER = "itsm-sync"
