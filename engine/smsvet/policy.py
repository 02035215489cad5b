"""An operator's own policy: rules switched, words added, limits changed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from .entries import EVERY, Entry, SafePhrase, parse_entry
from .provider import Provider
from .rules import Asked, Rule
from .source import ContentError, read_model, together


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExtraTerm(_Part):
    """A term that the operator adds to a category, of the product's own or a new one."""

    term: str = Field(min_length=1)
    category: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    strength: Literal["strong", "weak"] = "strong"
    mode: Literal["anywhere", "word"] = "anywhere"


class ExtraPhrase(_Part):
    """A phrase that the operator knows to be innocent."""

    phrase: str = Field(min_length=1)
    category: str = EVERY


class Policy(_Part):
    """The operator's file, as it stands in YAML."""

    rules: Mapping[str, Asked] = Field(default_factory=dict)
    terms: tuple[ExtraTerm, ...] = ()
    safe: tuple[ExtraPhrase, ...] = ()
    limits: Mapping[str, Mapping[str, int | str | tuple[int | str, ...]]] = Field(default_factory=dict)

    def entries(self, name: str) -> list[Entry]:
        """Return the added terms as lexicon entries; raises ContentError."""
        return [
            parse_entry(item.category, item.term, item.strength, item.mode, f"{name}: terms.{number}")
            for number, item in enumerate(self.terms)
        ]

    def phrases(self) -> list[SafePhrase]:
        """Return the added safe phrases."""
        return [SafePhrase(item.category, item.phrase) for item in self.safe]

    def check_categories(self, heeded: Set[str], name: str) -> None:
        """Raise ContentError for a category that no rule heeds: what is written there would do nothing."""
        used = [(f"terms.{number}", item.category) for number, item in enumerate(self.terms)]
        used += [(f"safe.{number}", item.category) for number, item in enumerate(self.safe)]
        errors = [
            ContentError(
                f"{name}: {key}.category: no rule looks at {category}",
                f"{name}: {key}.category: 没有规则使用 {category}",
            )
            for key, category in used
            if category not in heeded and (key.startswith("terms") or category != EVERY)
        ]
        if errors:
            raise together(errors)

    def switches(self, rules: Mapping[str, Rule], name: str) -> Mapping[str, Asked]:
        """Return the decisions by rule id; raises ContentError for a rule that does not exist."""
        unknown = sorted(set(self.rules) - set(rules))
        if unknown:
            raise together(
                [
                    ContentError(
                        f"{name}: rules.{rule_id}: no such rule", f"{name}: rules.{rule_id}: 没有这条规则"
                    )
                    for rule_id in unknown
                ]
            )
        return self.rules

    def limited(self, providers: Mapping[str, Provider], name: str) -> dict[str, Provider]:
        """Return the providers with the operator's limits; raises ContentError for unknown names."""
        changed = dict(providers)
        for provider_id, limits in self.limits.items():
            if provider_id not in changed:
                place = f"{name}: limits.{provider_id}"
                raise ContentError(f"{place}: no such provider", f"{place}: 没有这个服务商")
            provider = changed[provider_id]
            unknown = sorted(set(limits) - set(provider.limits))
            if unknown:
                place = f"{name}: limits.{provider_id}.{unknown[0]}"
                raise ContentError(f"{place}: no such limit", f"{place}: 没有这个限制")
            changed[provider_id] = replace(provider, overrides=dict(limits))
        return changed


def load_policy(path: Path) -> Policy:
    """Return the policy of a YAML file; raises ContentError naming file, line and key."""
    return read_model(path, Policy, str(path))
