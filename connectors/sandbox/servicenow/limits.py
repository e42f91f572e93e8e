"""Rate limits: so many calls an hour, by rule and user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.sandbox.http import Call

from .failure import Failure


@dataclass(frozen=True)
class RateLimit:
    """A rule that counts the calls of each user. `path` is a part of the path, `method` one method; "" is all."""

    name: str
    per_hour: int
    path: str = ""
    method: str = ""

    def concerns(self, call: Call) -> bool:
        return self.path in call.path and self.method in ("", call.method)


class Limits:
    """Counts calls by the clock hour, as the platform does."""

    def __init__(self) -> None:
        self.rules: list[RateLimit] = []
        self._counts: dict[tuple[RateLimit, str, datetime], int] = {}

    def add(self, rule: RateLimit) -> None:
        self.rules.append(rule)

    def count(self, call: Call, user: str, now: datetime) -> dict[str, str]:
        """Count a call and return the headers about the rule it falls under; fail with 429 when there were too many."""
        rule = next((rule for rule in self.rules if rule.concerns(call)), None)
        if rule is None:
            return {}
        hour = now.replace(minute=0, second=0, microsecond=0)
        made = self._counts[rule, user, hour] = self._counts.get((rule, user, hour), 0) + 1
        headers = limit_headers(rule.name, rule.per_hour, hour + timedelta(hours=1))
        if made > rule.per_hour:
            raise too_many(headers, hour + timedelta(hours=1) - now)
        return headers


def limit_headers(rule: str, per_hour: int, reset: datetime) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(per_hour),
        "X-RateLimit-Reset": str(int(reset.timestamp())),
        "X-RateLimit-Rule": rule,
    }


def too_many(headers: dict[str, str], wait: timedelta) -> Failure:
    """Return the failure of a call that came too often."""
    retry = {"Retry-After": str(int(wait.total_seconds()))}
    return Failure(429, "Rate limit exceeded", "Rejected due to exceeding rate limit", headers | retry)
