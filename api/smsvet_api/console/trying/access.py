"""Who may try texts, and how often."""

from __future__ import annotations

from typing import Final

from smsvet.model import Lang

from ...http.problems import ProblemError
from ...http.rates import Rates
from ...http.settings import TryAccess as Access
from ...http.settings import TryRules as RuleAccess
from ...store.accounts.users import User
from ...wording import say

PER_MINUTE: Final = 300
"""Requests of one address in a minute, in one process. A visitor who types without a pause sends about a hundred."""

TRIALS_PER_MINUTE: Final = 12
"""Trials of rules and policies of one address in a minute, in one process. Each loads all content."""


class TryAccess:
    """Decides on requests to the page. It counts in memory, so each process counts by itself."""

    def __init__(
        self,
        access: Access,
        per_minute: int = PER_MINUTE,
        rules: RuleAccess = "rule-managers",
        trials_per_minute: int = TRIALS_PER_MINUTE,
    ) -> None:
        self.access = access
        self.rules = rules
        self.rates = Rates(per_minute)
        self.trial_rates = Rates(trials_per_minute)

    def is_allowed(self, user: User | None) -> bool:
        """Return whether a user, None if signed out, may try texts."""
        return self.access == "open" or (self.access == "signed-in" and user is not None)

    def may_try_rules(self, user: User | None) -> bool:
        """Return whether a user, None if signed out, may try rules and policies."""
        manages = self.rules == "rule-managers" and user is not None and user.may("rules")
        return self.is_allowed(user) and (self.rules == "open" or manages)

    def check(self, user: User | None, lang: Lang) -> None:
        """Raise ProblemError: 404 where the page is off, 401 where a session is needed."""
        if self.access == "off":
            raise ProblemError("not-found", say(lang, "此页已关闭", "This page is switched off"), lang=lang)
        if not self.is_allowed(user):
            raise ProblemError("unauthorized", say(lang, "请先登录", "Sign in first"), lang=lang)

    def count(self, address: str, lang: Lang) -> None:
        """Count a request that reviews. Raises ProblemError (429) with the seconds to wait above the limit."""
        self.rates.count(address, lang)

    def count_trial(self, user: User | None, address: str, lang: Lang) -> None:
        """Count a trial of a rule or policy. Raises ProblemError: 403 for who may not, 429 above the limit."""
        if not self.may_try_rules(user):
            detail = say(
                lang, "规则和策略只有规则管理员可以试", "Only rule managers may try rules and policies"
            )
            raise ProblemError("forbidden", detail, lang=lang)
        self.trial_rates.count(address, lang)
