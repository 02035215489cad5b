"""The price of each rule: the spam that only it catches by content, for each benign row that only it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from smsvet import Finding
from smsvet.rules.rule import Rule


class Prices:
    """Counts rows for which one rule is the only finding about content."""

    def __init__(self) -> None:
        self._spam: Counter[str] = Counter()
        self._notices: Counter[str] = Counter()
        self._prose: Counter[str] = Counter()

    def count(self, said: Sequence[Finding], benign: bool, notice: bool) -> None:
        """Count one row with these findings about content."""
        rules = {item.rule for item in said}
        if len(rules) == 1:
            column = self._spam if not benign else self._notices if notice else self._prose
            column[rules.pop()] += 1

    def show(self, rules: Mapping[str, Rule]) -> None:
        """Print the rules, worst price first; those that a vendor's published ban supports apart, as policy."""
        names = {*self._spam, *self._notices, *self._prose}
        ordered = sorted(names, key=lambda name: (self.price(name), -self.held(name), name))
        for title, policy in (("evidence of our own", False), ("policy: a vendor publishes the ban", True)):
            print(
                f"\nrules by price, {title}\n{'rule':40}{'only, spam':>12}{'notices':>9}{'prose':>7}{'price':>8}"
            )
            for name in ordered:
                if is_policy(rules[name]) is policy and self.held(name):
                    print(
                        f"{name:40}{self._spam[name]:12}{self._notices[name]:9}{self._prose[name]:7}"
                        f"{self.price(name):8.1f}"
                    )

    def held(self, rule: str) -> int:
        """Return how many benign rows only this rule holds."""
        return self._notices[rule] + self._prose[rule]

    def price(self, rule: str) -> float:
        """Return the spam that only this rule catches for each benign row that only it holds; infinite without such rows."""
        held = self.held(rule)
        return self._spam[rule] / held if held else float("inf")


def is_policy(rule: Rule) -> bool:
    """Return whether only published bans support the rule, without evidence of our own."""
    return "OWN" not in [key.strip() for key in rule.file.source.split(",")]
