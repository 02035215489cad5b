"""Chooses moved items to show, from all rules in turn, and reads their findings."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from smsvet import Reviewer
from smsvet.model import Lang

from ..hashing import hash64
from .messages import Key, Place, Wording, other_messages
from .stored_run import StoredRun
from .transitions import NAMES, Move, rank

SHOWN: Final = 50
LONGEST: Final = 500
"""Code points of a text that are shown."""
MOST_HITS: Final = 4
"""Findings that are shown of a sample."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding of a sample. `spans` are offsets into the shown text, none for a finding elsewhere.

    `words` has message and fix in one or both languages.
    """

    rule: str
    decision: int
    spans: tuple[tuple[int, int], ...]
    words: Mapping[Lang, Wording]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text that is inside or outside of hits; `decision` is the strictest of them, None outside."""

    text: str
    decision: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A moved item with the findings that explain its move."""

    file: str
    row: int
    id: str | None
    provider: str
    account: str
    move: Move
    rule: str | None
    rules: tuple[str, ...]
    since: str | None
    segments: tuple[Segment, ...]
    hits: tuple[Hit, ...]


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
            if not group or len(found) == shown:
                continue
            following = group.pop(0)
            if following["skeleton"] not in seen:
                seen.add(following["skeleton"])
                found.append(following)
    return found


def samples(
    rows: list[dict[str, Any]], old: StoredRun | None, new: StoredRun, reviewers: Mapping[str, Reviewer]
) -> list[Sample]:
    """Return the samples of these rows, with findings of the side that is stricter.

    Without an old run, findings are those of the new run. `reviewers` are the loaded ones by revision.
    """
    stricter = [
        _place(row) for row in rows if old is None or rank(row["new_decision"]) > rank(row["old_decision"])
    ]
    hits = _hits(new, stricter, rows, reviewers)
    if old is not None:
        hits |= _hits(old, [_place(row) for row in rows if _place(row) not in set(stricter)], rows, reviewers)
    return [_sample(row, hits.get(_place(row), [])) for row in rows]


def _hits(
    run: StoredRun,
    places: Sequence[Place],
    rows: Sequence[Mapping[str, Any]],
    reviewers: Mapping[str, Reviewer],
) -> dict[Place, list[Hit]]:
    """Return the hits that explain the moves of some items of a run."""
    others = other_messages(run, places, reviewers)
    chosen_rows = {_place(row): row for row in rows}
    found: dict[Place, list[dict[str, Any]]] = {place: [] for place in places}
    for one in run.findings_at(places):
        if _place(one) in found:
            found[_place(one)].append(one)
    hits: dict[Place, list[Hit]] = {}
    for place, findings in found.items():
        row = chosen_rows[place]
        explaining = [one for one in findings if one["rule"] in set(row["rules"])] or findings
        hits[place] = [_hit(one, row["text"], run.lang_of_messages, others) for one in explaining[:MOST_HITS]]
    return hits


def _sample(row: Mapping[str, Any], hits: Sequence[Hit]) -> Sample:
    text = row["text"][:LONGEST]
    segments = segmented(text, hits)
    return Sample(
        row["file"], row["row"], row["id"], row["provider"], row["account"],
        (rank(row["old_decision"]), rank(row["new_decision"])), row["rule"], tuple(row["rules"]), row["since"],
        (*segments, Segment("…")) if row["text"] != text else segments, tuple(hits),
    )  # fmt: skip


def _hit(finding: Mapping[str, Any], text: str, lang: Lang, others: Mapping[Key, Wording]) -> Hit:
    spans: list[tuple[int, int]] = []
    start, end = finding["start"], finding["end"]
    if start is not None and text[start:end] == finding["text"]:  # else it is in another field
        spans = [(start, end)]
        if finding["spans"]:
            spans = [(one[0], one[1]) for one in json.loads(finding["spans"])]
    shown = min(len(text), LONGEST)
    inside = tuple((first, min(last, shown)) for first, last in spans if first < shown)
    stored = Wording(finding["message"] or "", finding["fix"] or "")
    other = others.get((*_place(finding), finding["rule"], finding["field"], start, end))
    by_lang: dict[Lang, Wording] = {lang: stored}
    if other is not None:
        by_lang["en" if lang == "zh" else "zh"] = other
    return Hit(finding["rule"], NAMES.index(finding["decision"]), inside, by_lang)


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


def _place(row: Mapping[str, Any]) -> Place:
    return row["file"], row["row"]


def _order(row: Mapping[str, Any]) -> int:
    return hash64(f"{row['file']}\0{row['row']}")
