"""Tests of rules that admins write: read, run without a clock or a platform, and compared with what was expected."""
