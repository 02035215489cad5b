"""Chooses moved items to show, from all rules in turn, and reads their findings."""

from __future__ import annotations

import hashlib
import heapq
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from smsvet.model import Lang

from ..worker import FINDINGS
from .stored_run import StoredRun
from .transitions import NAMES, Move, rank

SHOWN: Final = 50
LONGEST: Final = 600
"""Code points of a text that are shown."""
MOST_HITS: Final = 8
"""Findings that are shown of a sample."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding of a sample: `start` and `end` are offsets into the shown text, None for a finding elsewhere.

    `spans` are the parts of a match that is not contiguous.
    """

    rule: str
    decision: int
    spans: tuple[tuple[int, int], ...]
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text that is inside or outside of hits; `decision` is the strictest of them, None outside."""

    text: str
    decision: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A moved item with the findings that explain its move; they are messages in the language `lang`."""

    file: str
    row: int
    id: str | None
    provider: str
    account: str
    move: Move
    rule: str | None
    rules: tuple[str, ...]
    since: str | None
    text: str
    segments: tuple[Segment, ...]
    hits: tuple[Hit, ...]
    lang: Lang


def chosen(moved: Iterable[Mapping[str, Any]], shown: int = SHOWN) -> list[dict[str, Any]]:
    """Return rows of the table `moved` to show, at most one of a wording: from each rule and move in turn.

    The choice depends on file and row number only, so that it is the same in every run.
    """
    heaps: dict[tuple[str, str, str], list[tuple[int, int, dict[str, Any]]]] = {}
    wordings: dict[tuple[str, str, str], set[int]] = {}
    for row in moved:
        key = row["rule"] or "", row["old_decision"], row["new_decision"]
        heap, known = heaps.setdefault(key, []), wordings.setdefault(key, set())
        order = _order(row)
        if row["skeleton"] in known or (len(heap) >= shown and -order <= heap[0][0]):
            continue
        known.add(row["skeleton"])
        heapq.heappush(heap, (-order, len(known), dict(row)))
        if len(heap) > shown:
            known.discard(heapq.heappop(heap)[2]["skeleton"])
    groups = [[row for _, _, row in sorted(heap, reverse=True)] for _, heap in sorted(heaps.items())]
    groups.sort(key=lambda one: -len(one))
    found: list[dict[str, Any]] = []
    seen: set[int] = set()
    while any(groups) and len(found) < shown:
        for group in groups:
            row = group.pop(0) if group else None
            if row is not None and row["skeleton"] not in seen and len(found) < shown:
                seen.add(row["skeleton"])
                found.append(row)
    return found


def samples(rows: list[dict[str, Any]], old: StoredRun | None, new: StoredRun) -> list[Sample]:
    """Return the samples of these rows, with findings of the side that is stricter.

    Without an old run, findings are those of the new run.
    """
    stricter = [row for row in rows if old is None or rank(row["new_decision"]) > rank(row["old_decision"])]
    milder = [row for row in rows if row not in stricter]
    hits = _findings(new, stricter)
    if old is not None:
        hits |= _findings(old, milder)
    return [_sample(row, hits.get(_place(row), []), new.lang) for row in rows]


def _sample(row: Mapping[str, Any], findings: list[dict[str, Any]], lang: Lang) -> Sample:
    text = row["text"][:LONGEST]
    named = set(row["rules"])
    explaining = [one for one in findings if one["rule"] in named] or findings
    hits = tuple(_hit(one, row["text"], len(text)) for one in explaining[:MOST_HITS])
    cut = row["text"] != text
    segments = segmented(text, hits)
    return Sample(
        row["file"], row["row"], row["id"], row["provider"], row["account"],
        (rank(row["old_decision"]), rank(row["new_decision"])), row["rule"], tuple(row["rules"]), row["since"],
        row["text"], (*segments, Segment("…")) if cut else segments, hits, lang,
    )  # fmt: skip


def _hit(finding: Mapping[str, Any], text: str, length: int) -> Hit:
    spans: list[tuple[int, int]] = []
    start, end = finding["start"], finding["end"]
    if start is not None and text[start:end] == finding["text"]:  # else it is in another field
        spans = [(start, end)]
        if finding["spans"]:
            spans = [(one[0], one[1]) for one in json.loads(finding["spans"])]
    inside = tuple((first, min(last, length)) for first, last in spans if first < min(last, length))
    return Hit(
        finding["rule"],
        NAMES.index(finding["decision"]),
        inside,
        finding["message"] or "",
        finding["fix"] or "",
    )


def segmented(text: str, hits: Iterable[Hit]) -> tuple[Segment, ...]:
    """Return a text cut at the ends of all hits; parts with the same decision are joined."""
    marks = [-1] * len(text)
    for hit in hits:
        for first, last in hit.spans:
            for place in range(first, last):
                marks[place] = max(marks[place], hit.decision)
    found: list[Segment] = []
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or marks[place] != marks[begin]:
            found.append(Segment(text[begin:place], None if marks[begin] < 0 else marks[begin]))
            begin = place
    return tuple(found)


def _findings(run: StoredRun, rows: list[dict[str, Any]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Return the findings of some rows, without advice, in the order of the table."""
    import pyarrow.compute  # noqa: PLC0415 - loads slowly, and only an audit needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    pc: Any = pyarrow.compute  # its functions are made when it is imported
    found: dict[tuple[str, int], list[dict[str, Any]]] = {_place(row): [] for row in rows}
    if not found:
        return {}
    wanted = pc.field("row").isin([row["row"] for row in rows]) & pc.field("file").isin(
        [row["file"] for row in rows]
    )
    for name in run.verdict_files:
        path = run.folder / FINDINGS / name.rsplit("/", 1)[1]
        for one in pq.read_table(path, filters=wanted, partitioning=None).to_pylist():
            if one["decision"] != NAMES[0] and _place(one) in found:
                found[_place(one)].append(one)
    return found


def _place(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["file"], row["row"]


def _order(row: Mapping[str, Any]) -> int:
    key = f"{row['file']}\0{row['row']}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big")
