"""What the rules in force ask of a template text before any of them can find something in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .atom import Glimpse
from .checks import PythonCheck
from .entries import Entry
from .form_checks import LengthCheck
from .profile import Profile, started
from .provider import Provider
from .rules import Rule
from .wording_checks import TermsCheck, compiled


class Plan:
    """The rules for bodies of one provider, day, region and purpose, asked whether they may find something."""

    def __init__(self, profile: Profile, provider: Provider, as_of: date) -> None:
        """Take the rules that are in force whatever is found in a body."""
        self._rules = tuple(placed for placed in profile.always if counted(placed[0]) is None)
        self._least, self._most = 0, float("inf")
        for check in filter(None, (counted(rule) for rule, _ in profile.always)):
            allowed = check.allowed(provider, as_of)
            if allowed is not None:
                least, most = allowed
                self._least = max(self._least, least)
                self._most = min(self._most, self._most if most is None else most)
        self._by_category = {
            category: tuple(rule for rule, _ in placed) for category, placed in profile.by_category.items()
        }

    def passes(self, written: str, folded: str, bits: int, entries: Sequence[Entry]) -> bool:
        """Return whether no rule can find anything in a body.

        `bits` are its facts and marks, `entries` those whose words it may have.
        """
        if not self._least <= len(written) <= self._most or (entries and self._heeded(entries)):
            return False
        probing = self._rules_to_probe(bits)
        if not probing:
            return probing is not None
        body = Glimpse(written, folded, bits, entries)
        return not any(may_find(rule, body) for rule in probing)

    def _heeded(self, entries: Sequence[Entry]) -> bool:
        """Return whether a rule finds something in terms of these entries."""
        rules = {rule.id: rule for entry in entries for rule in self._by_category.get(entry.category, ())}
        return any(enough(rule, entries) for rule in rules.values())

    def _rules_to_probe(self, bits: int) -> tuple[Rule, ...] | None:
        """Return the rules that may find something by these facts and marks; None if one can only be run."""
        rules = tuple(rule for rule, _ in started(self._rules, bits))
        return None if any(rule.probe is None and not rule.exceptions for rule in rules) else rules


def counted(rule: Rule) -> LengthCheck | None:
    """Return the check of a rule that only counts the code points of a body, None for any other."""
    check = rule.file.check
    return check if isinstance(check, LengthCheck) and check.fields == ("body",) else None


def may_find(rule: Rule, body: Glimpse) -> bool:
    """Return whether a rule may find something in a body."""
    if any(compiled(pattern).search(body.folded) for pattern in rule.exceptions):
        return False
    return rule.probe is None or rule.probe(body)


def enough(rule: Rule, entries: Sequence[Entry]) -> bool:
    """Return whether terms of these entries may be enough for a rule that looks for terms."""
    check = rule.file.check
    own = [entry for entry in entries if entry.category in rule.categories]
    if isinstance(check, TermsCheck):
        if check.strength != "weak" and any(entry.strength == "strong" for entry in own):
            return True
        weak = {
            entry.term
            for entry in own
            if check.strength == "weak" or (check.strength == "any" and entry.strength == "weak")
        }
        return len(weak) >= check.weak
    if isinstance(check, PythonCheck):
        return (
            any(entry.strength == "strong" for entry in own)
            or len({entry.term for entry in own}) >= check.weak
        )
    return bool(own)
