"""The schema of a rule file, and the compiled rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from ..document import Document
from ..files.cached_model import CachedModel
from ..model import Decision, Hit, Kind, Purpose, Region
from ..sms.codes import Code, Codes
from ..sms.provider import Provider
from .checks import AnyCheck
from .facts import FACTS, TRIGGERS
from .text_checks import TermsCheck
from .triggers import UNCONDITIONAL, Trigger

Check = Callable[[Document], Iterable[Hit]]
RuleDecision = Annotated[
    Literal["approve", "manual_review", "reject", "off"],
    # YAML reads an unquoted off as false.
    BeforeValidator(lambda value: "off" if value is False else value),
]

_WORD = re.compile(r"\{\{(?P<literal>\w+)\}\}|\{(?P<word>[a-z_]+)\}")


class Bilingual(CachedModel):
    """A text in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def say(self, lang: str) -> str:
        """Return the Chinese text if `lang` is `zh`, else the English one."""
        return self.zh if lang == "zh" else self.en


class Scope(CachedModel):
    """Conditions on provider and date; an absent condition is always met.

    `profiles` are the eras of the review standards: `18`, `21`, `25` (Tencent by date), `26` (the other
    mainland providers) and `intl`. `since` is inclusive, `until` exclusive.
    """

    providers: tuple[str, ...] = ()
    profiles: tuple[Literal["18", "21", "25", "26", "intl"], ...] = ()
    region: Region | None = None
    since: date | None = None
    until: date | None = None

    def covers(self, provider: Provider, as_of: date, region: str) -> bool:
        """Return whether every condition is met."""
        return (
            (not self.providers or provider.id in self.providers)
            and (not self.profiles or provider.profile(as_of) in self.profiles)
            and (self.region is None or region == self.region)
            and (self.since is None or as_of >= self.since)
            and (self.until is None or as_of < self.until)
        )


class Case(Scope):
    """Conditions for another decision. All of them must be met; the first matching case applies."""

    decision: RuleDecision
    possible: RuleDecision | None = None
    kinds: tuple[Kind, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    fields: tuple[str, ...] = ()
    accounts: tuple[Literal["enterprise", "individual"], ...] = ()

    def holds_in(self, document: Document, where: str | None, purpose: Purpose) -> bool:
        """Return whether the conditions on the submission, its purpose and the hit's field are met."""
        account = document.submission.account
        return (
            (not self.kinds or document.kind in self.kinds)
            and (not self.purposes or purpose in self.purposes)
            and (not self.fields or (where or "").split(".")[0] in self.fields)
            and (not self.accounts or (account is not None and account.type in self.accounts))
        )


class Examples(CachedModel):
    """Submissions that the rule must flag or pass: both documentation and tests."""

    flag: tuple[dict[str, Any], ...] = Field(min_length=1)
    passes: tuple[dict[str, Any], ...] = Field(min_length=1, alias="pass")


class RuleFile(Scope):
    """The contents of `rules/<topic>/<name>.yaml`."""

    title: Bilingual
    standard: tuple[str, ...] = ()
    decision: RuleDecision
    possible: RuleDecision = "manual_review"
    decisions: tuple[Case, ...] = ()
    message: Bilingual
    why: Bilingual
    fix: Bilingual
    clause: str | None = None
    codes: Mapping[str, Codes] = Field(default_factory=dict)
    source: str
    category: str | None = None
    kinds: tuple[Kind, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    needs: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    trusted: bool = False
    """Whether the rule loads although a pattern of it takes more than linear time."""
    learned: Annotated[
        Literal["step-down", "off"], BeforeValidator(lambda value: "off" if value is False else value)
    ] = "off"
    """Whether the learned evidence may make a finding one step milder."""
    check: AnyCheck
    unless: tuple[AnyCheck, ...] = ()
    examples: Examples

    def is_for(self, kind: Kind, purpose: Purpose) -> bool:
        """Return whether the rule applies to submissions of this kind and purpose."""
        return (not self.kinds or kind in self.kinds) and (not self.purposes or purpose in self.purposes)

    @model_validator(mode="after")
    def _known_facts(self) -> RuleFile:
        for key, named, known in (("needs", self.needs, FACTS), ("when", self.when, TRIGGERS)):
            unknown = sorted(set(named) - set(known))
            if unknown:
                raise PydanticCustomError(
                    "unknown_fact",
                    "unknown {unknown}; known: {known}",
                    {"at": key, "unknown": unknown[0], "known": ", ".join(known)},
                )
        return self

    @model_validator(mode="after")
    def _known_words(self) -> RuleFile:
        known = self.check.words()
        for key, part in (("message", self.message), ("fix", self.fix)):
            for lang, text in (("zh", part.zh), ("en", part.en)):
                used = {found["word"] for found in _WORD.finditer(text) if found["word"]}
                unknown = sorted(used - known) if known is not None else []
                if unknown:
                    raise PydanticCustomError(
                        "unknown_word",
                        "no word {unknown} comes from this check; known: {known}",
                        {
                            "at": f"{key}.{lang}",
                            "unknown": f"{{{unknown[0]}}}",
                            "known": ", ".join(sorted(known or ())),
                        },
                    )
        return self


@dataclass(frozen=True)
class Rule:
    """A compiled rule. Its id is its path below the rules folder, without the suffix."""

    id: str
    file: RuleFile
    make: Callable[[], Check]
    """Returns the check; every call returns the same one."""

    unless: tuple[Check, ...] = ()
    function: Path | None = None
    trigger: Trigger = UNCONDITIONAL
    """The conditions that must be met before the rule can hit, from its file and its check."""

    switched: RuleDecision | None = None
    """The decision of an operator's policy, if any; `off` disables the rule."""

    @cached_property
    def check(self) -> Check:
        """Return the check; a Python file runs when its check is first needed."""
        return self.make()

    def code(self, provider: Provider, as_of: date, kind: Kind | None = None) -> str | None:
        """Return the provider's error code for this rule on that day, None if the provider has none.

        At submission (`kind` signature or template) and at sending (message) it may differ.
        """
        return self._cached_code(provider, as_of, kind)

    @cached_property
    def _cached_code(self) -> Callable[[Provider, date, Kind | None], str | None]:
        def code(provider: Provider, as_of: date, kind: Kind | None) -> str | None:
            found = self._first_code(provider, as_of, kind)
            return None if found is None else found.code

        return lru_cache(maxsize=64)(code)

    def codes(self, provider: Provider) -> tuple[Code, ...]:
        """Return every code that the provider has for this rule, on any day and for any kind of submission."""
        named = tuple(self._all_codes(provider))
        days = {date.min, *(day for item in named for day in (item.since, item.until) if day is not None)}
        kinds: tuple[Kind, ...] = self.file.kinds or get_args(Kind)
        found = {self._first_code(provider, day, kind): None for day in sorted(days) for kind in kinds}
        return tuple(item for item in found if item is not None)

    def _first_code(self, provider: Provider, as_of: date, kind: Kind | None) -> Code | None:
        return next((item for item in self._all_codes(provider) if item.answers(as_of, kind)), None)

    def _all_codes(self, provider: Provider) -> Iterator[Code]:
        """Yield the codes in the rule's own file, then those of the provider."""
        yield from self.file.codes.get(provider.id, ())
        yield from provider.codes_of(self.id)


def fill(template: str, words: Mapping[str, object]) -> str:
    """Return the message with each `{word}` replaced, and `{{1}}` as `{1}`.

    Raises KeyError for an unknown word.
    """
    text, names = _blanks(template)
    return text % tuple([words[name] for name in names]) if names else text


@lru_cache(maxsize=4096)
def _blanks(template: str) -> tuple[str, tuple[str, ...]]:
    """Return a message as a text for the `%` operator, and the names of its words; without words, the text itself."""
    parts, names, at = [], [], 0
    for found in _WORD.finditer(template):
        parts.append(template[at : found.start()].replace("%", "%%"))
        parts.append("%s" if found["word"] else f"{{{found['literal']}}}")
        names += [found["word"]] if found["word"] else []
        at = found.end()
    text = "".join([*parts, template[at:].replace("%", "%%")])
    return (text, tuple(names)) if names else (text % (), ())


def term_categories(part: object) -> Iterator[str]:
    """Yield the term categories that a rule file, or a check in it, uses at any depth."""
    if isinstance(part, RuleFile):
        yield from [part.category] if part.category else []
        yield from term_categories([part.check, *part.unless])
    elif isinstance(part, TermsCheck):
        yield from part.categories()
    elif isinstance(part, list | tuple):
        for item in part:
            yield from term_categories(item)
    elif isinstance(part, CachedModel):
        yield from term_categories([value for _, value in part])


def to_decision(file_decision: RuleDecision) -> Decision | None:
    """Return the decision as an enumeration member; None for `off`."""
    return None if file_decision == "off" else Decision(file_decision)
