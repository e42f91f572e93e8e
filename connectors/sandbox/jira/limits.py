"""Rate limits: three kinds that know nothing of each other, told apart by a header on Cloud."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.sandbox.http import Call

from .failure import Failure

BURST, PER_ISSUE, QUOTA = "jira-burst-based", "jira-per-issue-on-write", "jira-quota-tenant-based"
_ISSUE = re.compile(r"/(?:issue|request)/([^/]+)")
_NUMBERS = re.compile(r"/(?:[A-Za-z][A-Za-z0-9]*-)?\d+(?=/|$)")


@dataclass
class Limits:
    """How much is allowed; None is no limit.

    `burst` counts calls a second of one method at one endpoint, `issue_writes` writes of one issue in two seconds,
    `quota` calls of all kinds in an hour by the clock.
    """

    burst: int | None = None
    issue_writes: int | None = None
    quota: int | None = None
    _made: dict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list), repr=False)

    def count(self, call: Call, now: datetime, is_cloud: bool) -> None:
        """Count a call; fail with 429 when it is one too many."""
        second, hour = timedelta(seconds=1), now.replace(minute=0, second=0, microsecond=0)
        endpoint = f"{call.method} {_NUMBERS.sub('/*', call.path)}"
        self._limit(BURST, endpoint, self.burst, now, now - second, now + second, is_cloud)
        if (issue := _ISSUE.search(call.path)) and call.method != "GET":
            span = timedelta(seconds=2)
            self._limit(PER_ISSUE, issue[1], self.issue_writes, now, now - span, now + span, is_cloud)
        before = hour - timedelta(microseconds=1)
        self._limit(QUOTA, "", self.quota, now, before, hour + timedelta(hours=1), is_cloud)

    def _limit(
        self, reason: str, name: str, most: int | None, now: datetime, since: datetime, reset: datetime, is_cloud: bool
    ) -> None:
        if most is None:
            return
        made = self._made[reason, name] = [at for at in self._made[reason, name] if at > since]
        if len(made) >= most:
            raise too_many(reason, most, now, reset - now, is_cloud)
        made.append(now)


def too_many(reason: str, most: int, now: datetime, wait: timedelta, is_cloud: bool) -> Failure:
    """Return the failure of a call that came too often. Data Center has one kind of limit, and other headers."""
    seconds = {"Retry-After": str(max(1, int(wait.total_seconds())))}
    headers = {"X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": "0"} | seconds
    if not is_cloud:
        return Failure(429, "Rate limit exceeded.", headers=headers | {"X-RateLimit-Interval-Seconds": "1"})
    reset = (now + wait).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Failure(
        429, "Rate limit exceeded.", headers=headers | {"X-RateLimit-Reset": reset, "RateLimit-Reason": reason}
    )
