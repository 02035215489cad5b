"""The model of `corpora/sources.yaml`. Most starts do not need it: `sources.py` imports it at first use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ..files.cached_model import CachedModel, read_model
from ..files.content_files import ContentError, joined_errors
from .rule import Bilingual
from .source_keys import KEY, NAME, Confidence, error_at, suggestion

Key = Annotated[str, Field(pattern=rf"^{KEY}$")]


class Vendor(Bilingual):
    """A vendor's name, and the providers for which its pages speak."""

    speaks_for: tuple[str, ...] = ()


class Source(CachedModel):
    """An entry of `sources`, described at the top of the file."""

    vendor: str
    title: Bilingual
    url: str | None = Field(None, pattern=r"^https?://\S+$")
    dated: str | None = Field(None, min_length=1)
    read: date | None = None
    confidence: Confidence
    note: Bilingual | None = None
    speaks_for: tuple[str, ...] | None = None


class SourcesFile(CachedModel):
    """`corpora/sources.yaml`: the legend of the confidence marks, the vendors, and the sources by key."""

    confidence: Mapping[Confidence, Bilingual]
    vendors: Mapping[str, Vendor]
    sources: Mapping[Key, Source]


class AddedSources(CachedModel):
    """`corpora/sources.yaml` of a content folder: more sources, and their vendors if the built-in file lacks them."""

    vendors: Mapping[str, Vendor] = Field(default_factory=dict)
    sources: Mapping[Key, Source]


def read_sources(path: Path, added: Sequence[Path] = ()) -> SourcesFile:
    """Return the content of the built-in YAML file of sources, extended by the `added` ones.

    Raises ContentError with file, line and key, also for a key that two files define.
    """
    read = read_model(path, SourcesFile, NAME)
    errors = list(_errors(path, NAME, read.sources, read))
    for own in added:
        more, name = read_model(own, AddedSources), str(own)
        errors += _repeated(own, name, "vendors", more.vendors, read.vendors)
        errors += _repeated(own, name, "sources", more.sources, read.sources)
        read = SourcesFile.model_construct(
            confidence=read.confidence,
            vendors={**more.vendors, **read.vendors},
            sources={**more.sources, **read.sources},
        )
        errors += _errors(own, name, more.sources, read)
    if errors:
        raise joined_errors(errors)
    return read


def _repeated(
    path: Path, name: str, part: str, added: Iterable[str], known: Collection[str]
) -> Iterator[ContentError]:
    for key in added:
        if key in known:
            yield error_at(path, name, (part, key), ("exists already", "已存在"))


def _errors(
    path: Path, name: str, sources: Mapping[str, Source], legend: SourcesFile
) -> Iterator[ContentError]:
    for key, source in sources.items():
        if source.vendor not in legend.vendors:
            english, chinese = suggestion(source.vendor, legend.vendors, "")
            reason = f"unknown vendor {source.vendor}{english}", f"未知的服务商 {source.vendor}{chinese}"
            yield error_at(path, name, ("sources", key, "vendor"), reason)
        if source.confidence not in legend.confidence:
            mark = source.confidence
            reason = f"{mark} is not in the legend `confidence`", f"图例 confidence 中没有 {mark}"
            yield error_at(path, name, ("sources", key, "confidence"), reason)
        if source.read is None and source.confidence in ("S", "S*"):
            reason = "a text that was read needs `read`", "读过的文字需要 read"
            yield error_at(path, name, ("sources", key), reason)
