"""Who may try texts, and how often."""

from __future__ import annotations

from typing import Final

from smsvet.model import Lang

from ...http.problems import ProblemError
from ...http.rates import Rates
from ...http.settings import TryAccess as Access
from ...store.accounts.users import User
from ...wording import say

PER_MINUTE: Final = 300
"""Requests of one address in a minute, in one process. A visitor who types without a pause sends about a hundred."""


class TryAccess:
    """Decides on requests to the page. It counts in memory, so each process counts by itself."""

    def __init__(self, access: Access, per_minute: int = PER_MINUTE) -> None:
        self.access = access
        self.rates = Rates(per_minute)

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
        self.rates.count(address, lang)
