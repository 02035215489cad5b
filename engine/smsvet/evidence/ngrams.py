"""The features of the learned evidence: character n-grams of the Han characters and Latin letters of a text."""

from __future__ import annotations

import re

SIZES = (2, 3)
"""Lengths of the n-grams, in characters. Single characters are mostly function words, which explain nothing."""

# Captured spam has lost its digits and punctuation, so these would reveal the origin of a text, not its meaning.
_LEFT_OUT = re.compile("[^\u4e00-\u9fffa-z]+")


def ngrams(folded: str) -> list[str]:
    """Return the different n-grams of a normalised text, in the order of their first occurrence."""
    letters = _LEFT_OUT.sub("", folded)
    return list(
        dict.fromkeys(
            letters[start : start + size] for size in SIZES for start in range(len(letters) - size + 1)
        )
    )
