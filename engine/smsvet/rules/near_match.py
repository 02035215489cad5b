"""Find what of a pattern matches a text that the whole pattern does not match: for explanations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import NamedTuple

from ..text.text import HOLE
from .anchors import literals_of

_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]*(?:,[0-9]*)?\})[?+]?")
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-9]{1,3}|N\{[^}]*\}|.)", re.DOTALL
)
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_FLAGS = re.compile(r"\(\?[aiLmsux]+\)")
_OPENED = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_LOOKS_ROUND = ("(?=", "(?!", "(?<=", "(?<!", "^", "$", r"\b", r"\B", r"\A", r"\Z")
_ANYTHING = re.compile(r"(?:\.|\[\^.*\]|\\[SWD]).*|(?:\[.*\]|\\[wds])[*+]\??", re.DOTALL)
_HOLES = re.compile(f"{HOLE}+")
_MOST_ATOMS = 200
"""Atoms of one alternative that are tried."""


class Part(NamedTuple):
    """A part of a pattern, and where in a text it matches, as [start, end)."""

    pattern: str
    start: int
    end: int


def longest_part(pattern: str, text: str) -> Part | None:
    """Return the longest run of a pattern's atoms that matches somewhere in `text`.

    None if it would be a single character or placeholder. Each alternative is tried by itself. Atoms that match
    nothing, or almost anything, do not count.
    """
    flags = _FLAGS.match(pattern)
    start = flags[0] if flags else ""
    best: tuple[int, Part] | None = None
    for atoms in _alternatives(pattern.removeprefix(start)):
        weights = [_weight(atom) for atom in atoms]
        for first, last in _runs(atoms, start, text):
            while first < last and not weights[first]:
                first += 1
            while last > first and not weights[last - 1]:
                last -= 1
            weight = sum(weights[first:last])
            part = "".join(atoms[first:last])
            if weight > (best[0] if best else 0) and (found := _search(start + part, text)):
                best = weight, Part(part, *found.span())
    if best is None or len(_HOLES.sub("…", text[best[1].start : best[1].end])) < 2:
        return None
    return best[1]


def missing_literals(pattern: str, text: str) -> tuple[str, ...]:
    """Return alternative literals: the pattern cannot match without one of them, and `text` has none. Empty if unknown.

    Of several alternatives, the one that lacks least is taken.
    """
    branches = literals_of(pattern)[0]
    lacking = [
        [tuple(group) for group in branch if not any(word in text for word in group)]
        for branch in branches or ()
    ]
    if not lacking or not all(lacking):
        return ()
    nearest = min(map(len, lacking))
    groups = {group[0] for group in lacking if len(group) == nearest}
    return tuple(sorted({word for group in groups for word in group}, key=lambda word: (-len(word), word)))


def _runs(atoms: Sequence[str], start: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield, for each first atom, the longest run of atoms that matches."""
    last = 0
    for first in range(len(atoms)):
        last = max(last, first)
        while last < len(atoms) and _search(start + "".join(atoms[first : last + 1]), text):
            last += 1
        if last > first:
            yield first, last


def _weight(atom: str) -> int:
    """Return the least length of a match; 0 for an atom that matches nothing, or almost anything."""
    if atom.startswith(_LOOKS_ROUND) or _ANYTHING.fullmatch(atom):
        return 0
    try:
        least: int = parser.parse(atom).getwidth()[0]
    except re.error:  # it refers to a group outside
        return 0
    return least


def _search(pattern: str, text: str) -> re.Match[str] | None:
    compiled = _compiled(pattern)
    return compiled.search(text) if compiled else None


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:  # it refers to a group that is not part of the run
        return None


def _alternatives(pattern: str) -> list[list[str]]:
    """Return the atoms of each alternative of a pattern; a group that is all of one is opened."""
    done: list[list[str]] = []
    for atoms in _atoms(pattern):
        opened = _OPENED.match(atoms[0]) if len(atoms) == 1 else None
        if opened and atoms[0].endswith(")"):
            done += _alternatives(atoms[0][opened.end() : -1])
        else:
            done.append(atoms[:_MOST_ATOMS])
    return done


def _atoms(pattern: str) -> list[list[str]]:
    """Return the alternatives of a pattern as lists of atoms: a character, class or group with its quantifier."""
    branches: list[list[str]] = [[]]
    at = 0
    while at < len(pattern):
        if pattern[at] == "|":
            branches.append([])
            at += 1
            continue
        end = _end_of_atom(pattern, at)
        quantifier = _QUANTIFIER.match(pattern, end)
        if quantifier and quantifier[0] not in ("{}", "{,}"):
            end = quantifier.end()
        branches[-1].append(pattern[at:end])
        at = end
    return branches


def _end_of_atom(pattern: str, at: int) -> int:
    for simple in (_ESCAPE, _CLASS):
        if found := simple.match(pattern, at):
            return found.end()
    if pattern[at] != "(":
        return at + 1
    depth = 0
    while at < len(pattern):
        found = _ESCAPE.match(pattern, at) or _CLASS.match(pattern, at)
        if found:
            at = found.end()
            continue
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        at += 1
        if not depth:
            break
    return at
