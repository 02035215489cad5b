"""The sources of rules and limits: `corpora/sources.yaml`, and the `source:` values that name its keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..files.cache import ContentCache
from ..files.cached_model import from_json, to_json
from ..files.content_files import ContentError, joined_errors
from ..files.content_folders import AddedContent
from ..sms.provider import Provider
from .rule import Rule
from .source_keys import NAME, Confidence, Reason, error_at, keys_of, note_of, suggestion

if TYPE_CHECKING:
    from .sources_file import SourcesFile

_UNNAMED = frozenset({"law", "smsvet", "third_party"})
"""Vendors that are not written before a title: it is a law, names the site, or is this project's judgement."""


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
        note = note_of(source, lang)
        return ("；" if lang == "zh" else "; ").join(citations + ([note] if note else []))

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
            english, chinese = suggestion(unknown, self.file.sources)
            if free_text:
                english = f" (free text must not look like a key){english}"
                chinese = f"（自由文字不能写成代号的形式）{chinese}"
            return f"unknown key {unknown}{english}", f"未知的来源代号 {unknown}{chinese}"
        repeated = next((key for key in keys if keys.count(key) > 1), None)
        return (f"key {repeated} occurs twice", f"来源代号 {repeated} 重复") if repeated else None


def cited_sources(
    content: Path,
    added: AddedContent,
    providers: Mapping[str, Provider],
    rules: Mapping[str, Rule],
    content_cache: ContentCache,
) -> Sources:
    """Return the built-in and the added sources; raises ContentError if a rule or limit cites them wrongly."""
    sources = load_sources(content / "corpora" / "sources.yaml", content_cache, added.sources)
    if not content_cache.found:  # cached content was checked when it was cached
        check_sources(sources, content, providers.values(), rules.values(), added.rules)
    return sources


def load_sources(path: Path, content_cache: ContentCache, added: Sequence[Path] = ()) -> Sources:
    """Return the sources of the built-in YAML file and of the `added` ones, from the cache if they are there.

    Raises ContentError with file, line and key, also for a key that two files define.
    """
    data = content_cache.get_bytes(NAME)
    if data is not None:
        return Sources(lambda: _from_cache(data))
    from .sources_file import read_sources  # noqa: PLC0415 - a cached start does not need the model

    file = read_sources(path, added)
    content_cache.put_bytes(NAME, json.dumps(to_json(file)).encode())
    return Sources(lambda: file)


def _from_cache(data: bytes) -> SourcesFile:
    from . import sources_file  # noqa: F401, PLC0415 - registers the model for `from_json`

    file: SourcesFile = from_json(json.loads(data))
    return file


def check_sources(
    sources: Sources,
    content: Path,
    providers: Iterable[Provider],
    rules: Iterable[Rule],
    rule_folders: Iterable[Path],
) -> None:
    """Raise ContentError for each rule and limit whose `source:` names an unknown key or is malformed.

    Only the rules in `rule_folders` and the providers outside `content`, an operator's own, may have free text
    instead of keys.
    """
    errors = [
        *_errors_of_rules(sources, rules, [content / "rules", *rule_folders]),
        *_errors_of_limits(sources, providers, content / "grammars"),
    ]
    if errors:
        raise joined_errors(errors)


def _errors_of_rules(
    sources: Sources, rules: Iterable[Rule], folders: Sequence[Path]
) -> Iterator[ContentError]:
    """Yield the errors of rules; the first of `folders` is the built-in one."""
    for rule in rules:
        if sources.reason_against(rule.file.source, free_text=False) is None:
            continue
        relative = f"{rule.id}.yaml"
        folder = next(folder for folder in folders if (folder / relative).is_file())
        is_added = folder != folders[0]
        reason = sources.reason_against(rule.file.source, free_text=is_added)
        if reason is not None:
            shown = f"{folder if is_added else 'rules'}/{relative}"
            yield error_at(folder / relative, shown, ("source",), reason)


def _errors_of_limits(
    sources: Sources, providers: Iterable[Provider], folder: Path
) -> Iterator[ContentError]:
    for provider in providers:
        path = provider.path or folder / f"{provider.id}.yaml"
        is_added = path.parent != folder
        for name, entries in provider.limits.items():
            for number, entry in enumerate(entries):
                reason = sources.reason_against(entry.source, free_text=is_added)
                if reason is not None:
                    shown = str(path) if is_added else f"{folder.name}/{path.name}"
                    yield error_at(path, shown, ("limits", name, number, "source"), reason)
