"""Who may try texts, and how often."""

from __future__ import annotations

import math
import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from smsvet.model import Lang

from ...http.problems import ProblemError
from ...http.settings import TryAccess as Access
from ...store.accounts.users import User
from ...wording import say

PER_MINUTE: Final = 300
"""Requests of one address in a minute, in one process. A visitor who types without a pause sends about a hundred."""


class TryAccess:
    """Decides on requests to the page. It counts in memory, so each process counts by itself."""

    def __init__(self, access: Access, per_minute: int = PER_MINUTE) -> None:
        self.access = access
        self.counted = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.most = RateLimitItemPerMinute(per_minute, namespace="try")

    def is_allowed(self, user: User | None) -> bool:
        """Return whether a user, None if signed out, may try texts."""
        return self.access == "open" or (self.access == "signed-in" and user is not None)

    def check(self, user: User | None, lang: Lang) -> None:
        """Raise ProblemError: 404 where the page is off, 401 where a session is needed."""
        if self.access == "off":
            raise ProblemError("not-found", say(lang, "此页已关闭", "This page is switched off"), lang=lang)
        if not self.is_allowed(user):
            raise ProblemError("unauthorized", say(lang, "请先登录", "Sign in first"), lang=lang)

    def count(self, address: str, lang: Lang) -> None:
        """Count a request that reviews. Raises ProblemError (429) with the seconds to wait above the limit."""
        if self.counted.hit(self.most, address):
            return
        seconds = max(
            1, math.ceil(self.counted.get_window_stats(self.most, address).reset_time - time.time())
        )
        detail = say(lang, f"请 {seconds} 秒后再试", f"Try again in {seconds} seconds")
        headers = {"retry-after": str(seconds)}
        raise ProblemError("too-many-requests", detail, lang=lang, headers=headers)
