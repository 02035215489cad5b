"""Lexicon files: parsing of entries and allowlist phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple, cast

from ..files.content_files import ContentError, read_rows

_AND = re.compile(r"(?:^| )&(?: |$)")
_THEN = re.compile(r"(?:^| )>(?: |$)")

EVERY = "all"
"""Name of the allowlist for all categories: its phrases exempt terms of any category."""


FAMILY = "@"
"""Begins the name of a family: a list of words that several entries of a file exclude."""


Strength = Literal["strong", "weak"]
Mode = Literal["anywhere", "word"]


# A NamedTuple instead of a dataclass, because it is faster to create and there are tens of thousands.
class Entry(NamedTuple):
    """A line of a lexicon: parts that must all occur near each other, each with alternative words.

    No match of a single word counts in a text with one of the words in `excludes`, and no match of a combination in a
    segment with one. `place` is `file:line`. With `ordered`, the parts must follow each other as written.
    """

    category: str
    term: str
    strength: Strength
    mode: Mode
    parts: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...] = ()
    place: str = ""
    ordered: bool = False


class SafePhrase(NamedTuple):
    """An allowlist phrase: terms of its category that it covers completely do not count."""

    category: str
    phrase: str
    place: str = ""


def parse_entry(category: str, term: str, strength: str, mode: str, place: str, family: str = "") -> Entry:
    """Return the entry of a lexicon line: `A & B|C !D` means A near B or C, in a sentence without D; `A > B` B after A.

    `!@name` stands for the words in `family`, `A|B|C`.

    Raises ContentError with `place` for an unknown strength or mode, an empty part, or & beside >.
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
    if term.isalnum():  # fast path: most terms are a single word
        return Entry(category, term, how_strong, where, ((term,),), (), place)
    wanted, *excluded = (part.strip() for part in term.split(" !"))
    ordered = _THEN.search(wanted) is not None
    if ordered and _AND.search(wanted):
        raise ContentError(
            f"{place}: term: '{term}' has both & and >", f"{place}: term: '{term}' 不能同时使用 & 和 >"
        )
    split = (_THEN if ordered else _AND).split(wanted)
    parts = tuple(tuple(word.strip() for word in part.split("|")) for part in split)
    words = [word.strip() for part in excluded for word in part.split("|")]
    excludes = tuple(word for word in words if not word.startswith(FAMILY))
    if len(excludes) < len(words):
        excludes += tuple(word.strip() for word in family.split("|"))
    if not all(word for part in parts for word in part) or not all(excludes):
        raise ContentError(
            f"{place}: term: '{term}' has an empty part", f"{place}: term: '{term}' 有空的部分"
        )
    return Entry(category, term, how_strong, where, parts, excludes, place, ordered)


def read_entries(folder: Path, display_name: str = "") -> list[str]:
    """Return the lines of every `<category>.tsv` as tab-separated category, term, strength, mode and place.

    A line `@name`, words, `family` defines a family, and `!@name` in a term of the same file adds its words as a sixth
    cell. `display_name` is the name of the folder in errors. Raises ContentError for a line with too few or too many
    cells and for an unknown family.
    """
    lines = _read(folder, display_name, ("term", "strength", "mode", "note"), 3)
    families: dict[tuple[str, str], str] = {}
    for line in lines:
        if f"\t{FAMILY}" in line:
            category, name, words, _, _ = line.split("\t")
            families[category, name] = words
    return [_with_family(line, families) for line in lines if f"\t{FAMILY}" not in line]


def _with_family(line: str, families: Mapping[tuple[str, str], str]) -> str:
    """Return a line, with the words of the families that its term excludes."""
    if f"!{FAMILY}" not in line:
        return line
    category, term, _, _, place = line.split("\t")
    words = []
    for part in term.split(" !")[1:]:
        for name in part.split("|"):
            if name.strip().startswith(FAMILY):
                if (category, name.strip()) not in families:
                    raise ContentError(
                        f"{place}: term: no family {name.strip()}", f"{place}: term: 没有词族 {name.strip()}"
                    )
                words.append(families[category, name.strip()])
    return f"{line}\t{'|'.join(words)}"


def read_safe(folder: Path, display_name: str = "") -> list[str]:
    """Return the lines of every `<category>.tsv` as tab-separated category, phrase and place.

    `display_name` is the name of the folder in errors. Raises ContentError for a line with too many cells.
    """
    return _read(folder, display_name, ("phrase", "note"), 1)


def to_entry(line: str) -> Entry:
    """Return the entry of a line from `read_entries`; raises ContentError as `parse_entry` does."""
    return parse_entry(*line.split("\t"))


def to_phrase(line: str) -> SafePhrase:
    """Return the phrase of a line from `read_safe`."""
    return SafePhrase(*line.split("\t"))


def load_entries(folder: Path, display_name: str = "") -> list[Entry]:
    """Return the entries of every `<category>.tsv` in `folder`; raises ContentError for an invalid line."""
    return list(map(to_entry, read_entries(folder, display_name)))


def _read(folder: Path, display_name: str, columns: tuple[str, ...], needed: int) -> list[str]:
    """Return the category, the first `needed` cells and the place of each line; notes are dropped."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        name = f"{display_name or folder.name}/{path.name}"
        for line, cells in read_rows(path, name, columns, needed):
            found.append("\t".join((path.stem, *cells[:needed], f"{name}:{line}")))
    return found
