"""Simulated platforms, for demonstrations, tests and trying out rules without touching a real one.

`servicenow` simulates a ServiceNow instance, `jira` a Jira site with Jira Service Management. `serve` puts either on
this machine's loopback address; `MovableClock` moves its time, a `Fault` makes something go wrong there, and `Trouble`
has a share of all calls go wrong. `doors` is the other end of mail, chat and pagers.
"""

from .clock import MovableClock
from .faults import Fault
from .server import serve
from .trouble import Trouble

__all__ = ["Fault", "MovableClock", "Trouble", "serve"]
