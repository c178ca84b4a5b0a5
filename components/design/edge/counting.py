"""Counts the requests of clients as a rate limit does, one after the other.

A period begins with a client's first request, and the next with its first one after that. Google doesn't say
how it counts, and that it is approximate (https://cloud.google.com/armor/docs/rate-limiting-overview); all
clients are taken to come in at one of its regions, so no fewer exceed than here.
"""

from catalog.kinds.service_spec import RateLimit

Key = tuple[str, ...]
"""What counts apart: a policy's rule, a journey, a client."""


class Allowances:
    """What clients have sent so far. Times are seconds, and never go back."""

    def __init__(self) -> None:
        self._periods: dict[Key, tuple[float, int]] = {}
        self._banned: dict[Key, float] = {}

    def exceeds(self, key: Key, limit: RateLimit, at: float) -> bool:
        """Whether one more request of a client is above the limit, or comes while the client is banned."""
        if at < self._banned.get(key, at):
            return True
        began, counted = self._periods.get(key, (at, 0))
        if at - began >= limit.per_seconds:
            began, counted = at, 0
        self._periods[key] = began, counted + 1
        if counted < limit.requests:
            return False
        if limit.action == "ban":
            self._banned[key] = at + limit.ban_seconds
            del self._periods[key]
        return True
