"""Load the substitution tables of `corpora/disguise`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ..files.content_files import read_rows
from ..text.fold import Folder

TABLES = ("look-alike", "similar-glyph", "split", "emoji", "stand-in", "initials")
"""Steps with a table in `corpora/disguise`: spelling, meaning, alternative meanings."""


def read_substitutions(
    folder: Path, label: str, fold: Folder, off: Collection[str]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Return each step's normalised spellings with their meanings, and the alternative meanings by spelling.

    If several tables list a spelling, the first one applies. Raises ContentError.
    """
    rewrites: dict[str, dict[str, str]] = {}
    known: set[str] = set()
    also_meant: dict[str, str] = {}
    for step in TABLES:
        for _, (written, meant, also) in read_rows(
            folder / f"{step}.tsv", f"{label}/{step}.tsv", ("written", "meant", "also"), 2
        ):
            folded, plain = fold.plain(written), fold.plain(meant)
            if step not in off and folded != plain:
                if folded not in known:
                    known.add(folded)
                    rewrites.setdefault(step, {})[folded] = plain
                if also:
                    also_meant[folded] = also
    return rewrites, also_meant
