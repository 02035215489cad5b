"""An operator's policy: switch rules and disguises, add words, change limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from ..evasion.disguise import TRANSFORMS
from ..files.cached_model import CachedModel, read_model
from ..files.content_files import ContentError, joined_errors
from ..files.suggestions import did_you_mean, suggestions
from ..lexicon.entries import EVERY, Entry, SafePhrase, parse_entry
from ..sms.limits import RANGES
from ..sms.provider import LimitValue, Provider, Value
from .rule import Rule, RuleDecision

_CATEGORY = re.compile("[a-z][a-z0-9_]*")

Where = Callable[..., str]
"""Returns the file and line of a policy entry, given its keys."""

Switch = Annotated[
    Literal["on", "off"],
    # YAML reads an unquoted on or off as a boolean.
    BeforeValidator(lambda value: {True: "on", False: "off"}[value] if isinstance(value, bool) else value),
]


def _known(name: str) -> str:
    if name not in TRANSFORMS:
        raise PydanticCustomError(
            "unknown_disguise",
            "no disguise {unknown}; known: {known}",
            {"unknown": name, "known": ", ".join(TRANSFORMS)},
        )
    return name


class ExtraTerm(CachedModel):
    """A term that the operator adds to a shipped or new category."""

    term: str = Field(min_length=1)
    category: str
    strength: Literal["strong", "weak"] = "strong"
    mode: Literal["anywhere", "word"] = "anywhere"


class ExtraPhrase(CachedModel):
    """An allowlist phrase that the operator adds."""

    phrase: str = Field(min_length=1)
    category: str = EVERY


class Policy(CachedModel):
    """The contents of a policy file."""

    rules: Mapping[str, RuleDecision] = Field(default_factory=dict)
    disguises: Mapping[Annotated[str, AfterValidator(_known)], Switch] = Field(default_factory=dict)
    terms: tuple[ExtraTerm, ...] = ()
    safe: tuple[ExtraPhrase, ...] = ()
    limits: Mapping[str, Mapping[str, LimitValue]] = Field(default_factory=dict)
    learned: Switch = "on"
    """Whether the learned evidence has any effect."""

    model: str | None = None
    """The operator's own learned evidence, a file of `smsvet learn`; relative to the policy file."""

    def words(self) -> Policy:
        """Return a policy with the same terms and allowlist phrases and nothing else."""
        return Policy.model_construct(terms=self.terms, safe=self.safe)

    def model_file(self, policy_file: Path | None) -> Path | None:
        """Return the path of the operator's learned evidence, None where the policy names none."""
        return policy_file.parent / self.model if policy_file and self.model else None

    def entries(self, where: Where) -> list[Entry]:
        """Return the added terms as lexicon entries; raises ContentError."""
        return [
            parse_entry(item.category, item.term, item.strength, item.mode, where("terms", number))
            for number, item in enumerate(self.terms)
        ]

    def phrases(self) -> list[SafePhrase]:
        """Return the added allowlist phrases."""
        return [SafePhrase(item.category, item.phrase) for item in self.safe]

    def left_out(self, off: Collection[str]) -> frozenset[str]:
        """Return the steps of disguise that are disabled: those of `off`, changed by the policy's switches."""
        switched = {
            state: {name for name, switch in self.disguises.items() if switch == state}
            for state in ("on", "off")
        }
        return frozenset(off) - switched["on"] | switched["off"]

    def check_categories(self, used: Set[str], titles: Mapping[str, str], where: Where) -> None:
        """Raise ContentError for categories that no rule uses, since their entries would have no effect.

        `titles` are the titles of rules, each with the category of its rule, to suggest from.
        """
        named = [("terms", number, item.category) for number, item in enumerate(self.terms)]
        named += [("safe", number, item.category) for number, item in enumerate(self.safe)]
        wrong = [
            _error(where(key, number, "category"), *_category_error(category, used, titles))
            for key, number, category in named
            if (category not in used or not _CATEGORY.fullmatch(category))
            and (key == "terms" or category != EVERY)
        ]
        if wrong:
            raise joined_errors(wrong)

    def switches(self, rules: Mapping[str, Rule], where: Where) -> Mapping[str, RuleDecision]:
        """Return the policy's decisions by rule id; raises ContentError for an unknown rule."""
        unknown = sorted(set(self.rules) - set(rules))
        if unknown:
            titles = {
                title: rule_id
                for rule_id, rule in rules.items()
                for title in (rule.file.title.zh, rule.file.title.en)
            }
            raise joined_errors(
                [
                    _unknown(
                        where("rules", name), "no such rule", "没有这条规则", suggestions(name, rules, titles)
                    )
                    for name in unknown
                ]
            )
        return self.rules

    def limited(self, providers: Mapping[str, Provider], where: Where) -> dict[str, Provider]:
        """Return the providers with the policy's limits; raises ContentError for an unknown name or bad value."""
        changed = dict(providers)
        titles = {provider.title.short("zh"): key for key, provider in providers.items()}
        wrong: list[ContentError] = []
        for provider_id, limits in self.limits.items():
            provider = providers.get(provider_id)
            if provider is None:
                near = suggestions(provider_id, providers, titles)
                wrong.append(
                    _unknown(where("limits", provider_id), "no such provider", "没有这个服务商", near)
                )
                continue
            for name, value in limits.items():
                place = where("limits", provider_id, name)
                if name not in provider.limits:
                    near = suggestions(name, provider.limits)
                    wrong.append(_unknown(place, "no such limit", "没有这个限制", near))
                elif reasons := limit_error(name, value, provider.limits[name][-1].value):
                    wrong.append(_error(place, *reasons))
            changed[provider_id] = replace(provider, overrides=dict(limits))
        if wrong:
            raise joined_errors(wrong)
        return changed


def _category_error(category: str, used: Set[str], titles: Mapping[str, str]) -> tuple[str, str]:
    near = suggestions(category, used, titles)
    english, chinese = did_you_mean(near)
    if not near:
        english, chinese = f"; known: {', '.join(sorted(used))}", f"；可用：{'、'.join(sorted(used))}"
    if not _CATEGORY.fullmatch(category):
        return (
            f"'{category}' is not a category: lower-case letters, digits and underscores, such as gambling{english}",
            f"“{category}”不能作类别：应为小写字母、数字和下划线，如 gambling{chinese}",
        )
    return f"no rule looks at {category}{english}", f"没有规则使用 {category}{chinese}"


def limit_error(name: str, value: Value, published: Value) -> tuple[str, str] | None:
    """Return why a value is not valid for a limit, in English and Chinese; None if it is.

    A value must have the form of the published one.
    """
    if isinstance(published, tuple) != isinstance(value, tuple):
        return f"should be like {as_stated(published)}", f"应形如 {as_stated(published)}"
    items = value if isinstance(value, tuple) else (value,)
    models = published if isinstance(published, tuple) else (published,)
    if isinstance(models[0], str):
        if not all(isinstance(item, str) and item.strip() for item in items):
            return "should be a list of words", "应为文字的列表"
        return None
    numbers = [item for item in items if isinstance(item, int) and item >= 0]
    if len(numbers) != len(items) or len(items) != len(models):
        return f"should be like {as_stated(published)}", f"应形如 {as_stated(published)}"
    if name in RANGES and numbers[0] > numbers[-1]:
        return "the least is above the most", "下限大于上限"
    return None


def as_stated(value: Value) -> str:
    """Return a limit's value in YAML syntax."""
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else str(value)


def _unknown(place: str, english: str, chinese: str, near: Sequence[str]) -> ContentError:
    question, question_zh = did_you_mean(near)
    return _error(place, english + question, chinese + question_zh)


def _error(place: str, english: str, chinese: str) -> ContentError:
    return ContentError(f"{place}: {english}", f"{place}: {chinese}")


def load_policy(path: Path) -> tuple[Policy, Where]:
    """Return the policy of a YAML file, and the function that locates its entries.

    Raises ContentError naming file, line and key.
    """
    from ..files.yaml_files import locate  # noqa: PLC0415 - most have no policy, and then what was kept needs no YAML

    return read_model(path, Policy, str(path)), locate(path)
