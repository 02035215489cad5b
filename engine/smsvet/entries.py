"""Lexicon files: entries and safe phrases, and how their lines are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .source import ContentError, read_rows

_AND = re.compile(r"(?:^| )&(?: |$)")

EVERY = "all"
"""The safe list whose phrases exempt terms of every category."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lexicon: parts that must occur near each other, each with its alternatives."""

    category: str
    term: str
    strength: Literal["strong", "weak"]
    mode: Literal["anywhere", "word"]
    parts: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class SafePhrase:
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
    wanted, *excluded = (part.strip() for part in term.split(" !"))
    parts = tuple(tuple(word.strip() for word in part.split("|")) for part in _AND.split(wanted))
    excludes = tuple(word.strip() for part in excluded for word in part.split("|"))
    if not all(word for part in parts for word in part) or not all(excludes):
        raise ContentError(
            f"{place}: term: '{term}' has an empty part", f"{place}: term: '{term}' 有空的部分"
        )
    return Entry(category, term, strength, mode, parts, excludes, place)  # type: ignore[arg-type]


def load_entries(folder: Path, shown: str = "") -> list[Entry]:
    """Return the entries of every `<category>.tsv` in `folder`; raises ContentError."""
    entries = []
    for path in sorted(folder.glob("*.tsv")):
        name = f"{shown or folder.name}/{path.name}"
        for line, (term, strength, mode, _) in read_rows(path, name, ("term", "strength", "mode", "note"), 3):
            entries.append(parse_entry(path.stem, term, strength, mode, f"{name}:{line}"))
    return entries


def load_safe(folder: Path, shown: str = "") -> list[SafePhrase]:
    """Return the phrases of every `<category>.tsv` in `folder`; raises ContentError."""
    phrases = []
    for path in sorted(folder.glob("*.tsv")):
        name = f"{shown or folder.name}/{path.name}"
        for line, (phrase, _) in read_rows(path, name, ("phrase", "note"), 1):
            phrases.append(SafePhrase(path.stem, phrase, f"{name}:{line}"))
    return phrases
