"""Simulated platforms, for demonstrations, tests and trying out rules without touching a real one.

`servicenow` simulates a ServiceNow instance, `jira` a Jira site with Jira Service Management. `serve` puts either on
this machine's loopback address; `MovableClock` moves its time, and a `Fault` makes something go wrong there.
"""

from .clock import MovableClock
from .faults import Fault
from .server import serve

__all__ = ["Fault", "MovableClock", "serve"]
