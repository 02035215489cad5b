"""Limits of requests for each key, user and address: in memory, so that each process counts by itself."""

from __future__ import annotations

import math
import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from smsvet.model import Lang

from ..wording import say
from .problems import ProblemError

REFUSED_PER_MINUTE: Final = 120
"""Wrong keys and cookies of one address that get 401; the others get 429. Requests that are right are not held up."""


class Rates:
    """Counts requests over the last minute."""

    def __init__(self, requests_per_minute: int) -> None:
        self.counted = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.requests = RateLimitItemPerMinute(requests_per_minute, namespace="requests")
        self.refused = RateLimitItemPerMinute(REFUSED_PER_MINUTE, namespace="refused")

    def count(self, who: str, lang: Lang) -> None:
        """Count a request of a key or user. Raises ProblemError (429) above the limit."""
        if not self.counted.hit(self.requests, who):
            raise self._too_many(self.requests, who, lang)

    def count_refused(self, address: str, lang: Lang) -> None:
        """Count a wrong key or cookie from an address. Raises ProblemError (429) above the limit."""
        if not self.counted.hit(self.refused, address):
            raise self._too_many(self.refused, address, lang)

    def _too_many(self, limit: RateLimitItemPerMinute, who: str, lang: Lang) -> ProblemError:
        reset = self.counted.get_window_stats(limit, who).reset_time
        return too_many(max(1, math.ceil(reset - time.time())), lang)


def too_many(seconds: int, lang: Lang) -> ProblemError:
    """Return the 429 problem, with the time to wait in seconds."""
    detail = say(
        lang, f"请求过于频繁，请 {seconds} 秒后再试", f"Too many requests; try again in {seconds} seconds"
    )
    return ProblemError("too-many-requests", detail, lang=lang, headers={"retry-after": str(seconds)})
