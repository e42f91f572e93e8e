"""Measurements of the service against the simulated platform and against peers. Run with `make bench`."""
