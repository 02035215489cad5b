"""A vendor's conventions and limits at a date, read from `grammars/<provider>.yaml` and its grammar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ..files.cache import ContentCache
from ..files.cached_model import CachedModel, read_model
from ..files.content_files import ContentError, joined_errors, read_text
from ..model import Region

Value: TypeAlias = int | str | tuple[int | str, ...]
Switch = Literal["approve", "manual_review", "reject", "off"]
Profile = Literal["18", "21", "25", "26", "intl"]

BODY = "body"
"""Stem of the grammar that all providers share; it has no YAML file."""

KEY = "<key>"
"""Stands for a placeholder's number or name in `Provider.write`."""

LIMITS: Mapping[str, str] = {
    "signature_length": "least and most code points of a mainland signature, brackets not counted",
    "signature_length_international": "least and most code points of an international signature",
    "signature_quota": "most signatures of an account",
    "template_quota": "most templates of an account",
    "template_name_length": "least and most code points of a template's name",
    "remark_length": "most code points of a remark",
    "body_length": "most code points of a body; the entry's `counts` says of what exactly",
    "placeholder_count": "most placeholders of a template",
    "otp_placeholders": "most placeholders of a verification template, the code included",
    "body_brackets": "brackets that a body may not contain, where not only 【】",
    "name_length": "least and most ASCII characters of a placeholder's name",
    "variable_length": "most code points of one value",
    "variable_length_individual": "most code points of one value sent by an individual account",
    "otp_digits": "least and most digits of a verification code",
    "otp_minutes": "least and most minutes that a verification code may be said to hold",
    "otp_keywords": "words of which a mainland verification template must have one",
    "otp_keywords_international": "words of which an international verification template must have one",
    "optout_accepted": "words to be replied by which a marketing template may offer to opt out",
    "optout_required": "whole wordings of which a marketing template must end with one",
    "marketing_hours": "first hour and first hour no more (0-24, China time) at which marketing may be sent",
    "segment": "code points of a single message, and of each part of a long one",
    "segment_gsm": "the same where every character is in the GSM 7-bit set, in septets",
    "batch_recipients": "most recipients of one request",
    "same_content_seconds": "seconds during which one number gets the same content once",
    "daily_messages": "most messages to one number on a day",
    "otp_frequency": "most verification codes to one number in a minute, an hour and a day",
    "header_length": "most code points of a template's header",
    "footer_length": "most code points of a template's footer",
    "button_count": "most buttons of a template",
}


RANGES = frozenset(name for name, said in LIMITS.items() if said.startswith(("least and most", "first hour")))
"""The limits that are a least and a most."""


class ProviderError(ContentError):
    """A provider file is wrong. Each line of the message names file, line and key."""


def _known(name: str) -> str:
    if name not in LIMITS:
        raise ValueError(f"unknown limit; known: {', '.join(sorted(LIMITS))}")
    return name


def _value(given: object) -> object:
    items = given if isinstance(given, list) and given else [given]
    if not all(type(item) in (int, str) for item in items):
        raise PydanticCustomError("bad_limit", "should be a whole number, a text or a list of these")
    return tuple(items) if isinstance(given, list) else given


LimitValue = Annotated[Value, BeforeValidator(_value)]
"""What a file may give as the value of a limit."""


class Title(CachedModel):
    """A provider's name in the two languages of the product."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def short(self, lang: str) -> str:
        """Return the title in `lang` without the word for SMS: 腾讯云短信 -> 腾讯云."""
        return self.zh.removesuffix("短信") if lang == "zh" else self.en.removesuffix(" SMS")


class Dated(CachedModel):
    """Something that holds from `since` on, until the day before `until`."""

    since: date | None = None
    until: date | None = None

    def holds(self, as_of: date) -> bool:
        """Return whether this is in force on a day."""
        return (self.since is None or self.since <= as_of) and (self.until is None or as_of < self.until)

    @model_validator(mode="after")
    def _ordered(self) -> Dated:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("until: is not after since")
        return self


class Limit(Dated):
    """One limit's value during a time, where it was read, how sure that is and the day it was checked.

    `confidence`: `S` read in the vendor's text, `S*` in a text quoting it, `R` recalled, `P` proposed here.
    """

    value: LimitValue
    source: str = Field(min_length=1)
    confidence: Literal["S", "S*", "R", "P"]
    checked: date
    counts: Literal["body", "body_and_signature", "values_and_signature"] | None = None
    note: str | None = None


class Era(Dated):
    """Which profile of the review standards a provider follows during a time."""

    profile: Profile


def _apart(entries: tuple[Dated, ...]) -> tuple[Dated, ...]:
    if not entries:
        raise ValueError("has no entry")
    ordered = sorted(entries, key=lambda entry: entry.since or date.min)
    for earlier, later in pairwise(ordered):
        if earlier.until is None or later.since is None or later.since < earlier.until:
            raise ValueError("two entries hold on the same day")
    return entries


class _File(CachedModel):
    title: Title
    region: Region = "mainland"
    keying: Literal["positional", "named", "anonymous"]
    write: str = Field(min_length=1)
    also_named: StrictBool = False
    sequence: StrictBool = False
    unique: StrictBool = False
    reserved: tuple[str, ...] = ()
    signature_brackets: Literal["【】", "[]"] = "【】"
    body_carries_signature: StrictBool = False
    eras: Annotated[tuple[Era, ...], AfterValidator(_apart)]
    limits: Mapping[
        Annotated[str, AfterValidator(_known)],
        Annotated[tuple[Limit, ...], AfterValidator(_apart)],
    ] = Field(default_factory=dict)
    decisions: Mapping[str, Switch] = Field(default_factory=dict)
    notes: str = ""

    @model_validator(mode="after")
    def _writable(self) -> _File:
        if self.keying == "named" and KEY not in self.write:
            raise ValueError(f"write: a named placeholder needs {KEY}")
        return self


@dataclass(frozen=True, slots=True)
class Provider:
    """A vendor: how it writes placeholders, what it limits, and where it departs from a rule.

    `write` is a placeholder with `<key>` for its number or name. `sequence`: numbers must be 1..n in
    order; `unique`: a name may stand once; `also_named`: names instead of numbers are fine.
    """

    id: str
    title: Title
    region: Region
    keying: Literal["positional", "named", "anonymous"]
    write: str
    grammar: str
    also_named: bool = False
    sequence: bool = False
    unique: bool = False
    reserved: tuple[str, ...] = ()
    signature_brackets: Literal["【】", "[]"] = "【】"
    body_carries_signature: bool = False
    eras: tuple[Era, ...] = ()
    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    decisions: Mapping[str, Switch] = field(default_factory=dict)
    notes: str = ""
    overrides: Mapping[str, Value] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.id)

    def placeholder(self, key: str) -> str:
        """Return how this provider writes the placeholder with a number or name."""
        return self.write.replace(KEY, key)

    def profile(self, as_of: date) -> Profile | None:
        """Return the profile of the review standards that holds on a day."""
        return next((era.profile for era in self.eras if era.holds(as_of)), None)

    def entry(self, name: str, as_of: date) -> Limit | None:
        """Return a limit's entry in force on a day, with its source and what it counts.

        Raises KeyError for a name that is not in LIMITS.
        """
        if name not in LIMITS:
            raise KeyError(f"{name}: no such limit")
        return next((limit for limit in self.limits.get(name, ()) if limit.holds(as_of)), None)

    def limit(self, name: str, as_of: date, default: Value | None = None) -> Value | None:
        """Return a limit's value in force on a day, an operator's own value first, else `default`.

        Raises KeyError for a name that is not in LIMITS.
        """
        if name in self.overrides:
            return self.overrides[name]
        entry = self.entry(name, as_of)
        return default if entry is None else entry.value

    def highest(self, name: str) -> int | None:
        """Return the greatest number that a limit ever allowed, None where there is no such limit."""
        numbers = [
            number
            for entry in self.limits.get(name, ())
            for number in (entry.value if isinstance(entry.value, tuple) else (entry.value,))
            if isinstance(number, int)
        ]
        return max(numbers, default=None)


def load_provider(
    path: Path, shown: str | None = None, content_cache: ContentCache | None = None
) -> Provider:
    """Return the provider of one YAML file and of the `.lark` file beside it.

    `shown` is how the file is named in errors. Raises ProviderError naming file, line and key.
    """
    name = shown or str(path)
    try:
        read = read_model(path, _File, name, content_cache)
        grammar = read_text(path.with_suffix(".lark"), name.removesuffix(".yaml") + ".lark")
    except ContentError as error:
        # A misspelt key is also a missing one: the misspelling is told first.
        english = sorted(str(error).split("\n"), key=lambda line: line.endswith(": Field required"))
        chinese = sorted(error.say("zh").split("\n"), key=lambda line: line.endswith(": 缺少此字段"))
        raise ProviderError("\n".join(english), "\n".join(chinese)) from error
    given = {key: getattr(read, key) for key in _File.model_fields}
    return Provider(id=path.stem, grammar=grammar, **given)


def load_providers(folder: Path, content_cache: ContentCache | None = None) -> dict[str, Provider]:
    """Return the providers of a folder by id, in the order of their ids.

    Raises ProviderError with one line for each error of all files, and for a grammar without a file.
    """
    providers: dict[str, Provider] = {}
    errors: list[ContentError] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            providers[path.stem] = load_provider(path, f"{folder.name}/{path.name}", content_cache)
        except ProviderError as error:
            errors.append(error)
    known = {path.stem for path in folder.glob("*.yaml")} | {BODY}
    errors += [
        ContentError(
            f"{folder.name}/{path.name}:1: file: no {path.stem}.yaml beside it",
            f"{folder.name}/{path.name}:1: file: 旁边没有 {path.stem}.yaml",
        )
        for path in sorted(folder.glob("*.lark"))
        if path.stem not in known
    ]
    if not providers and not errors:
        errors.append(
            ContentError(f"{folder}:1: folder: no providers here", f"{folder}:1: folder: 这里没有服务商")
        )
    if errors:
        told = joined_errors(errors)
        raise ProviderError(str(told), told.chinese)
    return providers
