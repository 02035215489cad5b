"""The model of `corpora/sources.yaml`. Most starts do not need it: `sources.py` imports it at first use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ..files.cached_model import CachedModel, read_model
from ..files.content_files import ContentError, joined_errors
from .rule import Bilingual
from .source_keys import KEY, NAME, Confidence, error_at, suggestion

Key = Annotated[str, Field(pattern=rf"^{KEY}$")]


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


def read_sources(path: Path) -> SourcesFile:
    """Return the content of a YAML file of sources; raises ContentError with file, line and key."""
    file = read_model(path, SourcesFile, NAME)
    errors = list(_errors(path, file))
    if errors:
        raise joined_errors(errors)
    return file


def _errors(path: Path, file: SourcesFile) -> Iterator[ContentError]:
    for key, source in file.sources.items():
        if source.vendor not in file.vendors:
            english, chinese = suggestion(source.vendor, file.vendors, "")
            reason = f"unknown vendor {source.vendor}{english}", f"未知的服务商 {source.vendor}{chinese}"
            yield error_at(path, NAME, ("sources", key, "vendor"), reason)
        if source.confidence not in file.confidence:
            mark = source.confidence
            reason = f"{mark} is not in the legend `confidence`", f"图例 confidence 中没有 {mark}"
            yield error_at(path, NAME, ("sources", key, "confidence"), reason)
        if source.read is None and source.confidence in ("S", "S*"):
            reason = "a text that was read needs `read`", "读过的文字需要 read"
            yield error_at(path, NAME, ("sources", key), reason)
