"""An operator's own policy: rules switched, words added, limits changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from .lexicon import EVERY, Entry, SafePhrase, parse_entry
from .provider import Provider
from .rules import Asked, Rule
from .source import ContentError, read_model


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

    def switches(self, rules: Mapping[str, Rule], name: str) -> Mapping[str, Asked]:
        """Return the decisions by rule id; raises ContentError for a rule that does not exist."""
        unknown = sorted(set(self.rules) - set(rules))
        if unknown:
            raise ContentError("\n".join(f"{name}: rules.{rule_id}: no such rule" for rule_id in unknown))
        return self.rules

    def limited(self, providers: Mapping[str, Provider], name: str) -> dict[str, Provider]:
        """Return the providers with the operator's limits; raises ContentError for unknown names."""
        changed = dict(providers)
        for provider_id, limits in self.limits.items():
            if provider_id not in changed:
                raise ContentError(f"{name}: limits.{provider_id}: no such provider")
            provider = changed[provider_id]
            unknown = sorted(set(limits) - set(provider.limits))
            if unknown:
                raise ContentError(f"{name}: limits.{provider_id}.{unknown[0]}: no such limit")
            changed[provider_id] = replace(provider, overrides=dict(limits))
        return changed


def load_policy(path: Path) -> Policy:
    """Return the policy of a YAML file; raises ContentError naming file, line and key."""
    return read_model(path, Policy, str(path))
