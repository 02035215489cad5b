"""The tables of `corpora/disguise`: what is written for something else."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ..files.content_files import read_rows
from ..text.fold import Folder

TABLES = ("look-alike", "similar-glyph", "split", "emoji", "stand-in", "initials")
"""Transforms that a table of `corpora/disguise` undoes: what is written, what is meant."""


def read_substitutions(
    folder: Path, label: str, fold: Folder, off: Collection[str]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Return, by step, what is written in its table, folded, with what it means; and what else that may mean.

    What several tables tell is told by the first. Raises ContentError.
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
