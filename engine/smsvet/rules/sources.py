"""The sources of rules and limits: `corpora/sources.yaml`, and the `source:` values that name its keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field

from ..files.cache import ContentCache
from ..files.cached_model import CachedModel, from_json, read_model, to_json
from ..files.content_files import ContentError, joined_errors
from ..sms.provider import Provider
from .rule import Bilingual, Rule

NAME = "corpora/sources.yaml"

KEY = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*"
Key = Annotated[str, Field(pattern=rf"^{KEY}$")]
Confidence = Literal["S", "S*", "R", "P"]

_SOURCE = re.compile(rf"(?P<keys>{KEY}(?:, {KEY})*)(?:; (?P<zh>.+?) / (?P<en>.+))?")
_UNNAMED = frozenset({"law", "smsvet", "third_party"})
"""Vendors that are not written before a title: it is a law, names the site, or is this project's judgement."""

Reason = tuple[str, str]
"""A problem in English and in Chinese."""


class Source(CachedModel):
    """An entry of `sources`, described at the top of the file."""

    vendor: str
    title: Bilingual
    url: str | None = Field(None, pattern=r"^https?://\S+$")
    dated: str | None = Field(None, min_length=1)
    read: date | None = None
    confidence: Confidence
    note: Bilingual | None = None


class SourcesFile(CachedModel):
    """`corpora/sources.yaml`: the legend of the confidence marks, the vendors, and the sources by key."""

    confidence: Mapping[Confidence, Bilingual]
    vendors: Mapping[str, Bilingual]
    sources: Mapping[Key, Source]


@dataclass(frozen=True, slots=True)
class Citation:
    """One source in one language.

    `url` is as people read it; `uri` has it percent-encoded. `confidence_text` is the legend's text for the mark.
    """

    key: str
    vendor_id: str
    vendor: str
    title: str
    url: str | None
    dated: str | None
    read: date | None
    confidence: Confidence
    confidence_text: str
    note: str | None
    text: str
    """`vendor: title`, or the title where that says enough."""

    @property
    def uri(self) -> str | None:
        """Return the address with characters outside ASCII percent-encoded; None if there is no address."""
        return quote(self.url, safe=":/?=&#%") if self.url else None


class Sources:
    """The sources by key. Immutable, shared between threads; the entries are built at first use."""

    def __init__(self, read: Callable[[], SourcesFile]) -> None:
        self._read = read

    @cached_property
    def file(self) -> SourcesFile:
        """Return the whole file, legend and vendors included."""
        return self._read()

    def citation(self, key: str, lang: str) -> Citation:
        """Return one source in `lang`; raises KeyError for an unknown key."""
        source = self.file.sources[key]
        vendor, title = self.file.vendors[source.vendor].say(lang), source.title.say(lang)
        colon = "：" if lang == "zh" else ": "
        return Citation(
            key,
            source.vendor,
            vendor,
            title,
            source.url,
            source.dated,
            source.read,
            source.confidence,
            self.file.confidence[source.confidence].say(lang),
            source.note.say(lang) if source.note else None,
            title if source.vendor in _UNNAMED else f"{vendor}{colon}{title}",
        )

    def cite(self, source: str, lang: str) -> tuple[Citation, ...]:
        """Return the citations of a `source:` value, in its order; none for free text."""
        return tuple(self.citation(key, lang) for key in keys_of(source))

    def text(self, source: str, lang: str) -> str:
        """Return a `source:` value for people: `vendor: title; ...`, then its note. Free text is unchanged."""
        citations = [citation.text for citation in self.cite(source, lang)]
        if not citations:
            return source
        note = self.note(source, lang)
        return ("；" if lang == "zh" else "; ").join(citations + ([note] if note else []))

    def note(self, source: str, lang: str) -> str | None:
        """Return the note after the keys of a `source:` value in `lang`; None without one."""
        match = _SOURCE.fullmatch(source)
        return match["zh" if lang == "zh" else "en"] if match else None

    def reason_against(self, source: str, free_text: bool) -> Reason | None:
        """Return the problem of a `source:` value, if it has one; `free_text` is whether it may be free text."""
        keys = keys_of(source)
        if not keys and free_text:
            return None
        if not keys:
            return (
                f"write keys of {NAME} separated by a comma and a space, then '; 中文 / English'",
                f"应为 {NAME} 中的来源代号，以英文逗号加空格分隔，其后可加“; 中文 / English”",
            )
        unknown = next((key for key in keys if key not in self.file.sources), None)
        if unknown is not None:
            english, chinese = _suggestion(unknown, self.file.sources)
            english += "; free text must not look like a key" if free_text else ""
            chinese += "；自由文字不能写成代号的形式" if free_text else ""
            return f"unknown key {unknown}{english}", f"未知的来源代号 {unknown}{chinese}"
        repeated = next((key for key in keys if keys.count(key) > 1), None)
        return (f"key {repeated} occurs twice", f"来源代号 {repeated} 重复") if repeated else None


def keys_of(source: str) -> tuple[str, ...]:
    """Return the keys in a `source:` value; none for free text."""
    match = _SOURCE.fullmatch(source)
    return tuple(match["keys"].split(", ")) if match else ()


def load_sources(path: Path, content_cache: ContentCache) -> Sources:
    """Return the sources of a YAML file, from the cache if they are there.

    Raises ContentError naming file, line and key.
    """
    data = content_cache.get_bytes(NAME)
    if data is not None:
        return Sources(lambda: from_json(json.loads(data)))
    file = read_model(path, SourcesFile, NAME)
    errors = list(_errors(path, file))
    if errors:
        raise joined_errors(errors)
    content_cache.put_bytes(NAME, json.dumps(to_json(file)).encode())
    return Sources(lambda: file)


def _errors(path: Path, file: SourcesFile) -> Iterator[ContentError]:
    for key, source in file.sources.items():
        if source.vendor not in file.vendors:
            english, chinese = _suggestion(source.vendor, file.vendors, "")
            reason = f"unknown vendor {source.vendor}{english}", f"未知的服务商 {source.vendor}{chinese}"
            yield _error_at(path, NAME, ("sources", key, "vendor"), reason)
        if source.confidence not in file.confidence:
            mark = source.confidence
            reason = f"{mark} is not in the legend `confidence`", f"图例 confidence 中没有 {mark}"
            yield _error_at(path, NAME, ("sources", key, "confidence"), reason)
        if source.read is None and source.confidence in ("S", "S*"):
            reason = "a text that was read needs `read`", "读过的文字需要 read"
            yield _error_at(path, NAME, ("sources", key), reason)


def check_sources(
    sources: Sources,
    content: Path,
    providers: Iterable[Provider],
    rules: Iterable[Rule],
    rule_folders: Iterable[Path],
) -> None:
    """Raise ContentError for each rule and limit whose `source:` names an unknown key or is malformed.

    Only the rules in `rule_folders`, an operator's own, may have free text instead of keys.
    """
    folders = {"rules": content / "rules", **{str(folder): folder for folder in rule_folders}}
    errors = [
        *_errors_of_rules(sources, rules, folders),
        *_errors_of_limits(sources, providers, content / "grammars"),
    ]
    if errors:
        raise joined_errors(errors)


def _errors_of_rules(
    sources: Sources, rules: Iterable[Rule], folders: Mapping[str, Path]
) -> Iterator[ContentError]:
    for rule in rules:
        if sources.reason_against(rule.file.source, free_text=False) is None:
            continue
        relative = f"{rule.id}.yaml"
        shown = next(name for name, folder in folders.items() if (folder / relative).is_file())
        reason = sources.reason_against(rule.file.source, free_text=shown != "rules")
        if reason is not None:
            yield _error_at(folders[shown] / relative, f"{shown}/{relative}", ("source",), reason)


def _errors_of_limits(
    sources: Sources, providers: Iterable[Provider], folder: Path
) -> Iterator[ContentError]:
    for provider in providers:
        for name, entries in provider.limits.items():
            for number, entry in enumerate(entries):
                reason = sources.reason_against(entry.source, free_text=False)
                if reason is not None:
                    relative = f"{provider.id}.yaml"
                    steps = ("limits", name, number, "source")
                    yield _error_at(folder / relative, f"{folder.name}/{relative}", steps, reason)


def _error_at(path: Path, shown: str, steps: tuple[str | int, ...], reason: Reason) -> ContentError:
    from ..files.yaml_files import locate  # noqa: PLC0415 - YAML is slow to import, and errors are rare

    place = locate(path, shown)(*steps)
    english, chinese = reason
    return ContentError(f"{place}: {english}", f"{place}: {chinese}")


def _suggestion(name: str, known: Iterable[str], listed_in: str = NAME) -> Reason:
    import difflib  # noqa: PLC0415 - slow to import, and errors are rare

    near = difflib.get_close_matches(name, list(known), 3)
    if near:
        return f"; did you mean {', '.join(near)}?", f"；是否为 {'、'.join(near)}？"
    return (f"; {listed_in} lists them", f"；可用的代号见 {listed_in}") if listed_in else ("", "")
