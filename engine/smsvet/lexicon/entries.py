"""Lexicon files: entries and safe phrases, and how their lines are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, NamedTuple, cast

from ..files.content_files import ContentError, read_rows

_AND = re.compile(r"(?:^| )&(?: |$)")

EVERY = "all"
"""The safe list whose phrases exempt terms of every category."""


Strength = Literal["strong", "weak"]
Mode = Literal["anywhere", "word"]


# Tuples: there are tens of thousands, and a start makes them all.
class Entry(NamedTuple):
    """One line of a lexicon: parts that must occur near each other, each with its alternatives."""

    category: str
    term: str
    strength: Strength
    mode: Mode
    parts: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...] = ()
    place: str = ""


class SafePhrase(NamedTuple):
    """An innocent phrase that exempts the terms of a category which it fully covers."""

    category: str
    phrase: str
    place: str = ""


def parse_entry(category: str, term: str, strength: str, mode: str, place: str) -> Entry:
    """Return the entry of one lexicon line: `A & B|C !D` reads A near B or C, unless D is there.

    Raises ContentError naming `place` for an unknown strength or mode or an empty part.
    """
    if strength not in ("strong", "weak"):
        raise ContentError(
            f"{place}: strength: '{strength}' is not strong or weak",
            f"{place}: strength: '{strength}' 应为 strong 或 weak",
        )
    if mode not in ("anywhere", "word"):
        raise ContentError(
            f"{place}: mode: '{mode}' is not anywhere or word",
            f"{place}: mode: '{mode}' 应为 anywhere 或 word",
        )
    how_strong, where = cast("Strength", strength), cast("Mode", mode)
    if term.isalnum():  # most are one word, which leaves nothing to take apart
        return Entry(category, term, how_strong, where, ((term,),), (), place)
    wanted, *excluded = (part.strip() for part in term.split(" !"))
    parts = tuple(tuple(word.strip() for word in part.split("|")) for part in _AND.split(wanted))
    excludes = tuple(word.strip() for part in excluded for word in part.split("|"))
    if not all(word for part in parts for word in part) or not all(excludes):
        raise ContentError(
            f"{place}: term: '{term}' has an empty part", f"{place}: term: '{term}' 有空的部分"
        )
    return Entry(category, term, how_strong, where, parts, excludes, place)


def read_entries(folder: Path, shown: str = "") -> list[str]:
    """Return the terms of every `<category>.tsv`: category, term, strength, mode and place, between tabs.

    Raises ContentError for a line that has not these.
    """
    return _read(folder, shown, ("term", "strength", "mode", "note"), 3)


def read_safe(folder: Path, shown: str = "") -> list[str]:
    """Return the phrases of every `<category>.tsv`: category, phrase and place, between tabs; raises ContentError."""
    return _read(folder, shown, ("phrase", "note"), 1)


def to_entry(line: str) -> Entry:
    """Return the entry of a line that `read_entries` read; raises ContentError."""
    return parse_entry(*line.split("\t"))


def to_phrase(line: str) -> SafePhrase:
    """Return the phrase of a line that `read_safe` read."""
    return SafePhrase(*line.split("\t"))


def load_entries(folder: Path, shown: str = "") -> list[Entry]:
    """Return the entries of every `<category>.tsv` in `folder`; raises ContentError."""
    return list(map(to_entry, read_entries(folder, shown)))


def load_safe(folder: Path, shown: str = "") -> list[SafePhrase]:
    """Return the phrases of every `<category>.tsv` in `folder`; raises ContentError."""
    return list(map(to_phrase, read_safe(folder, shown)))


def _read(folder: Path, shown: str, columns: tuple[str, ...], needed: int) -> list[str]:
    """Return the cells that are needed of each line: a note is for those who read the file."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        name = f"{shown or folder.name}/{path.name}"
        for line, cells in read_rows(path, name, columns, needed):
            found.append("\t".join((path.stem, *cells[:needed], f"{name}:{line}")))
    return found
