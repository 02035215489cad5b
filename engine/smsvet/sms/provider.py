"""Providers: placeholder syntax, and limits by date, read from `grammars/<provider>.yaml` and its grammar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from ..files.cache import ContentCache
from ..files.cached_model import CachedModel, read_model
from ..files.content_files import ContentError, joined_errors, read_text
from ..model import Region
from .codes import ANY_RULE, Code, Codes
from .dated import Dated, apart
from .limits import LIMITS

Value: TypeAlias = int | str | tuple[int | str, ...]
Switch = Literal["approve", "manual_review", "reject", "off"]
Profile = Literal["18", "21", "25", "26", "intl"]

BODY = "body"
"""Stem of the grammar shared by all providers; it has no YAML file."""
BODY_FILE = f"{BODY}.lark"

KEY = "<key>"
"""Stands for a placeholder's number or name in `Provider.write`."""


class ProviderError(ContentError):
    """Invalid provider file. Each line of the message names file, line and key."""


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
"""The value of a limit in a file: an integer, a string, or a list of these."""


class Title(CachedModel):
    """A provider's name in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def short(self, lang: str) -> str:
        """Return the title in `lang` without the word for SMS: 腾讯云短信 -> 腾讯云."""
        return self.zh.removesuffix("短信") if lang == "zh" else self.en.removesuffix(" SMS")


class Limit(Dated):
    """The value of a limit during a period, with its source and the day when the source was last checked.

    `confidence`: `S` the vendor's text, `S*` a text quoting it, `R` recalled, `P` proposed by this project.
    `counts` is the text that a length limit counts.
    """

    value: LimitValue
    source: str = Field(min_length=1)
    confidence: Literal["S", "S*", "R", "P"]
    checked: date
    counts: Literal["body", "body_and_signature", "values_and_signature"] | None = None
    note: str | None = None


class Era(Dated):
    """The profile of the review standards that a provider follows during a period."""

    profile: Profile


class _File(CachedModel):
    title: Title
    region: Region = "mainland"
    serves: tuple[Region, ...] = ()
    keying: Literal["positional", "named", "anonymous"]
    write: str = Field(min_length=1)
    also_named: StrictBool = False
    sequence: StrictBool = False
    unique: StrictBool = False
    reserved: tuple[str, ...] = ()
    square_fields: StrictBool = False
    signature_brackets: Literal["【】", "[]"] = "【】"
    body_carries_signature: StrictBool = False
    eras: Annotated[tuple[Era, ...], AfterValidator(apart)]
    limits: Mapping[
        Annotated[str, AfterValidator(_known)],
        Annotated[tuple[Limit, ...], AfterValidator(apart)],
    ] = Field(default_factory=dict)
    decisions: Mapping[str, Switch] = Field(default_factory=dict)
    codes: Mapping[str, Codes] = Field(default_factory=dict)
    notes: str = ""

    @model_validator(mode="after")
    def _writable(self) -> _File:
        if self.keying == "named" and KEY not in self.write:
            raise ValueError(f"write: a named placeholder needs {KEY}")
        return self


@dataclass(frozen=True, slots=True)
class Provider:
    """A vendor: its placeholder syntax, its limits, and its decisions for rules where they differ from the default.

    `region` holds for submissions without one. `serves` lists the regions that a submission may name; if empty, a
    mainland provider serves both and an international one only its own.
    `write` is a placeholder with `<key>` for its number or name. `sequence`: numbers must be 1 to n in order.
    `square_fields`: [name] is a placeholder of another vendor, not text.
    `unique`: a name must not repeat. `also_named`: names are accepted instead of numbers. `codes` has the error codes by
    rule id, by topic (the first part of the ids), and under ANY_RULE. `path` is its YAML file.
    """

    id: str
    title: Title
    region: Region
    keying: Literal["positional", "named", "anonymous"]
    write: str
    grammar: str
    serves: tuple[Region, ...] = ()
    also_named: bool = False
    sequence: bool = False
    unique: bool = False
    reserved: tuple[str, ...] = ()
    square_fields: bool = False
    signature_brackets: Literal["【】", "[]"] = "【】"
    body_carries_signature: bool = False
    eras: tuple[Era, ...] = ()
    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    decisions: Mapping[str, Switch] = field(default_factory=dict)
    codes: Mapping[str, tuple[Code, ...]] = field(default_factory=dict)
    notes: str = ""
    path: Path | None = None
    overrides: Mapping[str, Value] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.id)

    def placeholder(self, key: str) -> str:
        """Return the placeholder with a number or name in this provider's syntax."""
        return self.write.replace(KEY, key)

    def region_of(self, declared: Region | None) -> Region:
        """Return the region of a submission: the declared one if the provider serves it, else the provider's own."""
        served = self.serves or (
            ("mainland", "international") if self.region == "mainland" else (self.region,)
        )
        return declared if declared is not None and declared in served else self.region

    def profile(self, as_of: date) -> Profile | None:
        """Return the profile of the review standards in force on a day."""
        return next((era.profile for era in self.eras if era.holds(as_of)), None)

    def entry(self, name: str, as_of: date) -> Limit | None:
        """Return the entry of a limit in force on a day, None if there is none.

        Raises KeyError for a name that is not in LIMITS.
        """
        if name not in LIMITS:
            raise KeyError(f"{name}: no such limit")
        return next((limit for limit in self.limits.get(name, ()) if limit.holds(as_of)), None)

    def limit(self, name: str, as_of: date, default: Value | None = None) -> Value | None:
        """Return the value of a limit in force on a day, or `default` if there is none.

        An override by the operator has precedence. Raises KeyError for a name that is not in LIMITS.
        """
        if name in self.overrides:
            return self.overrides[name]
        entry = self.entry(name, as_of)
        return default if entry is None else entry.value

    def codes_of(self, rule_id: str) -> Iterator[Code]:
        """Yield the error codes for a rule, the more specific ones first: of the rule, its topic, and any rule."""
        for key in (rule_id, rule_id.partition("/")[0], ANY_RULE):
            yield from self.codes.get(key, ())

    def highest(self, name: str) -> int | None:
        """Return the greatest number among all values of a limit, past and future; None if it has no number."""
        numbers = [
            number
            for entry in self.limits.get(name, ())
            for number in (entry.value if isinstance(entry.value, tuple) else (entry.value,))
            if isinstance(number, int)
        ]
        return max(numbers, default=None)


def load_provider(
    path: Path, display_name: str | None = None, content_cache: ContentCache | None = None
) -> Provider:
    """Return the provider defined by a YAML file and the `.lark` file next to it.

    `display_name` is the name of the YAML file in errors. Raises ProviderError with file, line and key.
    """
    name = display_name or str(path)
    try:
        read = read_model(path, _File, name, content_cache)
        grammar = read_text(path.with_suffix(".lark"), name.removesuffix(".yaml") + ".lark")
    except ContentError as error:
        # A misspelt key also causes an error for the missing one: list the misspelling first.
        english = sorted(str(error).split("\n"), key=lambda line: line.endswith(": Field required"))
        chinese = sorted(error.say("zh").split("\n"), key=lambda line: line.endswith(": 缺少此字段"))
        raise ProviderError("\n".join(english), "\n".join(chinese)) from error
    given = {key: getattr(read, key) for key in _File.model_fields}
    return Provider(id=path.stem, grammar=grammar, path=path, **given)


def load_providers(
    folder: Path, content_cache: ContentCache | None = None, label: str | None = None
) -> dict[str, Provider]:
    """Return the providers of a folder by id, in the order of their ids.

    Error messages call the folder `label`. Raises ProviderError with one line per error in any file, including
    a grammar without a YAML file.
    """
    label = label or folder.name
    providers: dict[str, Provider] = {}
    errors: list[ContentError] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            providers[path.stem] = load_provider(path, f"{label}/{path.name}", content_cache)
        except ProviderError as error:
            errors.append(error)
    known = {path.stem for path in folder.glob("*.yaml")} | {BODY}
    errors += [
        ContentError(
            f"{label}/{path.name}:1: file: {path.stem}.yaml is missing",
            f"{label}/{path.name}:1: file: 缺少 {path.stem}.yaml",
        )
        for path in sorted(folder.glob("*.lark"))
        if path.stem not in known
    ]
    if not providers and not errors and not (folder / BODY_FILE).is_file():
        place = f"{folder}:1: folder"
        errors.append(ContentError(f"{place}: no providers in this folder", f"{place}: 这里没有服务商"))
    if errors:
        joined = joined_errors(errors)
        raise ProviderError(str(joined), joined.chinese)
    return providers
