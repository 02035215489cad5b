"""Rule files: what they may say, and how they are loaded."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from .artefact import Artefact
from .atom import Probe
from .checks import AnyCheck, Context, PythonCheck
from .document import Document
from .facts import ANY, FACTS, TRIGGERS, mask
from .model import Decision, Hit, Kind, Purpose, Region
from .provider import Provider
from .source import RIGHT, ContentError, read_model, together
from .wording_checks import PatternCheck, TermsCheck

Check = Callable[[Document], Iterable[Hit]]
Asked = Annotated[
    Literal["approve", "manual_review", "reject", "off"],
    # YAML takes a bare off for false.
    BeforeValidator(lambda value: "off" if value is False else value),
]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")
_WORD = re.compile(r"\{\{(?P<literal>\w+)\}\}|\{(?P<word>[a-z_]+)\}")


class Strict(BaseModel):
    """A part of a rule file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Strict):
    """The same text in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def say(self, lang: str) -> str:
        """Return the text in `lang`: `zh`, or anything else for English."""
        return self.zh if lang == "zh" else self.en


class Scope(Strict):
    """For whom and when something holds; a condition left out always holds.

    `profiles` are the eras of the review standards: `18`, `21`, `25` (Tencent by date), `26` (the other
    mainland providers) and `intl`. `since` is the first day and `until` the first day no more.
    """

    providers: tuple[str, ...] = ()
    profiles: tuple[Literal["18", "21", "25", "26", "intl"], ...] = ()
    region: Region | None = None
    since: date | None = None
    until: date | None = None

    def covers(self, provider: Provider, as_of: date, region: str) -> bool:
        """Return whether every condition holds."""
        return (
            (not self.providers or provider.id in self.providers)
            and (not self.profiles or provider.profile(as_of) in self.profiles)
            and (self.region is None or region == self.region)
            and (self.since is None or as_of >= self.since)
            and (self.until is None or as_of < self.until)
        )


class Case(Scope):
    """Where another decision holds. Every condition given must hold; the first case that fits wins."""

    decision: Asked
    possible: Asked | None = None
    kinds: tuple[Kind, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    fields: tuple[str, ...] = ()
    accounts: tuple[Literal["enterprise", "individual"], ...] = ()

    def holds_in(self, document: Document, where: str | None) -> bool:
        """Return whether the conditions on the submission and on the hit's field hold."""
        account = document.submission.account
        return (
            (not self.kinds or document.kind in self.kinds)
            and (not self.purposes or document.purpose in self.purposes)
            and (not self.fields or (where or "").split(".")[0] in self.fields)
            and (not self.accounts or (account is not None and account.type in self.accounts))
        )


class Code(Scope):
    """A provider's own error code, for the time it was in use."""

    code: str


class Examples(Strict):
    """Submissions that the rule must flag and must pass: documentation and tests in one."""

    flag: tuple[dict[str, Any], ...] = Field(min_length=1)
    passes: tuple[dict[str, Any], ...] = Field(min_length=1, alias="pass")


class RuleFile(Scope):
    """A rule as it stands in `rules/<topic>/<name>.yaml`."""

    title: Bilingual
    standard: tuple[str, ...] = ()
    decision: Asked
    possible: Asked = "manual_review"
    decisions: tuple[Case, ...] = ()
    message: Bilingual
    why: Bilingual
    fix: Bilingual
    clause: str | None = None
    codes: Mapping[str, str | tuple[Code, ...]] = Field(default_factory=dict)
    source: str
    category: str | None = None
    kinds: tuple[Kind, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    needs: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    check: AnyCheck
    unless: tuple[AnyCheck, ...] = ()
    examples: Examples

    def is_for(self, kind: Kind, purpose: Purpose) -> bool:
        """Return whether the rule is for submissions of this kind and purpose."""
        return (not self.kinds or kind in self.kinds) and (not self.purposes or purpose in self.purposes)

    @model_validator(mode="after")
    def _known_facts(self) -> RuleFile:
        for key, named, known in (("needs", self.needs, FACTS), ("when", self.when, TRIGGERS)):
            unknown = sorted(set(named) - set(known))
            if unknown:
                raise PydanticCustomError(
                    "unknown_fact",
                    "{key}: unknown {unknown}; known: {known}",
                    {"key": key, "unknown": ", ".join(unknown), "known": ", ".join(known)},
                )
        return self

    @model_validator(mode="after")
    def _known_words(self, info: ValidationInfo) -> RuleFile:
        if info.context is RIGHT:
            return self
        known = self.check.words()
        for part in (self.message, self.fix):
            for text in (part.zh, part.en):
                used = {found["word"] for found in _WORD.finditer(text) if found["word"]}
                unknown = sorted(used - known) if known is not None else []
                if unknown:
                    raise PydanticCustomError(
                        "unknown_word",
                        "no word {word} comes from this check; known: {known}",
                        {"word": f"{{{unknown[0]}}}", "known": ", ".join(sorted(known or ()))},
                    )
        return self


@dataclass(frozen=True)
class Rule:
    """A rule ready to run. Its id is its path under the rules folder, without the suffix."""

    id: str
    file: RuleFile
    make: Callable[[], Check]
    """Returns the check, the same each time."""

    unless: tuple[Check, ...] = ()
    function: Path | None = None
    categories: frozenset[str] = frozenset()
    """Term categories without one of which the check finds nothing; empty when it may."""

    needs: int = 0
    """The facts, as bits of `smsvet.facts`, without which the rule does not run."""

    when: int = ANY
    """Facts and patterns, as bits of `smsvet.facts` and `smsvet.scanner`, one of which starts the rule."""

    marks: int = ANY
    """The same for its check: without one of these it finds nothing."""

    suffices: Callable[[int], bool] | None = None
    """Tells of facts and patterns whether they may be enough for the check; None if any may be."""

    probe: Probe | None = None
    """Tells of a folded body and its facts and patterns that the check finds nothing; None where only it can."""

    exceptions: tuple[str, ...] = ()
    """Patterns any of which, in a folded body, keeps the rule from finding anything."""

    switched: Asked | None = None
    """What an operator's policy asks for instead; `off` never runs."""

    @cached_property
    def check(self) -> Check:
        """Return what looks at a document; a function in a file is run when it is first asked for."""
        return self.make()

    def code(self, provider: Provider, as_of: date) -> str | None:
        """Return the provider's own error code for this rule on that day."""
        codes = self.file.codes.get(provider.id)
        if codes is None or isinstance(codes, str):
            return codes
        return next((item.code for item in codes if item.covers(provider, as_of, "")), None)


def fill(template: str, words: Mapping[str, object]) -> str:
    """Return the message with its `{word}`s replaced and `{{1}}` written `{1}`.

    Raises KeyError for a word that is not given.
    """
    return _WORD.sub(
        lambda found: f"{{{found['literal']}}}" if found["literal"] else str(words[found["word"]]), template
    )


def heeded(part: object) -> Iterator[str]:
    """Yield the term categories that a rule file, or a check in it, names at any depth."""
    if isinstance(part, RuleFile):
        yield from [part.category] if part.category else []
        yield from heeded([part.check, *part.unless])
    elif isinstance(part, TermsCheck):
        yield from part.categories()
    elif isinstance(part, list | tuple):
        for item in part:
            yield from heeded(item)
    elif isinstance(part, BaseModel):
        yield from heeded([value for _, value in part])


def load_rules(
    folder: Path, context: Context, shown: str = "", artefact: Artefact | None = None
) -> list[Rule]:
    """Return the rules of every YAML file below `folder`, by id.

    Raises ContentError with one line for each error of all files together.
    """
    rules, errors = [], []
    if not folder.is_dir():
        raise ContentError(f"{folder}: no such folder", f"{folder}: 没有这个文件夹")
    for path in sorted(folder.rglob("*.yaml")):
        try:
            rules.append(load_rule(path, folder, context, shown or folder.name, artefact))
        except ContentError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return rules


def load_rule(
    path: Path, folder: Path, context: Context, shown: str, artefact: Artefact | None = None
) -> Rule:
    """Return one rule; raises ContentError naming file, line and key."""
    relative = path.relative_to(folder).with_suffix("").as_posix()
    name = f"{shown}/{relative}.yaml"
    if not _ID.fullmatch(relative):
        raise ContentError(
            f"{name}: a rule's path is <topic>/<name>, in lower case with hyphens",
            f"{name}: 规则路径应为 <主题>/<名称>，小写并以连字符分隔",
        )
    file = read_model(path, RuleFile, name, artefact)
    unknown = sorted(
        {provider for item in (file, *file.decisions) for provider in item.providers} - set(context.providers)
        | (set(file.codes) - set(context.providers))
    )
    if unknown:
        listed = ", ".join(unknown)
        raise ContentError(f"{name}: unknown provider {listed}", f"{name}: 未知服务商 {listed}")
    function = path.with_suffix(".py") if isinstance(file.check, PythonCheck) else None
    when = mask(file.when)
    exceptions = [
        spec.pattern
        for spec in file.unless
        if isinstance(spec, PatternCheck) and spec.read == "folded" and "body" in spec.fields
    ]
    try:
        if function:
            function_of = load_function(function, f"{shown}/{relative}.py")
            # What is said beside a function is kept, so that the function is run when it is first asked.
            beside = (artefact or Artefact()).kept(
                f"beside {name}", lambda: [list(function_of().anchors), list(function_of().passes)]
            )
            for pattern in beside[0]:
                when |= context.anchors.bit(pattern)
            exceptions += beside[1]
            make: Callable[[], Check] = partial(_check_of, function_of)
        else:
            make = partial(_itself, file.check.compile(context))
        unless = tuple(spec.compile(context) for spec in file.unless)
    except ContentError as error:
        raise ContentError(f"{name}: check: {error}", f"{name}: check: {error.chinese}") from error
    return Rule(
        relative,
        file,
        make,
        unless,
        function,
        file.check.categories(),
        mask((*file.needs, *file.check.needs())),
        when or ANY,
        file.check.marks(context) or ANY,
        file.check.suffices(context),
        file.check.probe(context),
        tuple(exceptions),
    )


class Function(NamedTuple):
    """What a rule's Python file gives: its `check`, and what it says of it.

    The function finds nothing where none of the patterns of its `ANCHORS` matches a folded text, if there are
    any, and nothing where one of those of its `PASSES` matches a folded body.
    """

    check: Check
    anchors: tuple[str, ...]
    passes: tuple[str, ...]


def _check_of(function: Callable[[], Function]) -> Check:
    return function().check


def _itself(check: Check) -> Check:
    return check


def load_function(path: Path, name: str) -> Callable[[], Function]:
    """Return what returns the function of a rule's Python file, running the file at the first call.

    The file is read now, so that what runs is what the revision names. Both raise ContentError.
    """
    spec = importlib.util.spec_from_file_location(
        f"smsvet_rule_{path.parent.name}_{path.stem}".replace("-", "_"), path
    )
    if not path.is_file() or spec is None or not isinstance(spec.loader, SourceFileLoader):
        raise ContentError(
            f"{name} is missing: kind python needs a function check(document) there",
            f"缺少 {name}：kind python 需要其中有函数 check(document)",
        )
    module = importlib.util.module_from_spec(spec)
    try:
        code = spec.loader.get_code(module.__name__)
    except (SyntaxError, OSError, ValueError) as error:
        raise ContentError(f"{name}: {type(error).__name__}: {error}") from error

    @cache
    def make() -> Function:
        try:
            exec(code or "", vars(module))  # noqa: S102 - a rule's own file, which its folder is trusted with
        except Exception as error:
            raise ContentError(f"{name}: {type(error).__name__}: {error}") from error
        check: Any = getattr(module, "check", None)
        if not callable(check):
            raise ContentError(f"{name}: no function check(document)", f"{name}: 没有函数 check(document)")
        return Function(check, _patterns(module, "ANCHORS", name), _patterns(module, "PASSES", name))

    return make


def _patterns(module: object, key: str, name: str) -> tuple[str, ...]:
    found = getattr(module, key, ())
    if not all(isinstance(one, re.Pattern) and one.flags == re.UNICODE for one in found):
        raise ContentError(
            f"{name}: {key}: not compiled patterns without flags",
            f"{name}: {key}: 应为不带标志的已编译正则表达式",
        )
    return tuple(one.pattern for one in found)


def asked(file_decision: Asked) -> Decision | None:
    """Return the decision a rule asks for; None for `off`."""
    return None if file_decision == "off" else Decision(file_decision)
