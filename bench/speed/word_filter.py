"""A common word filter in plain Python: a trie of nested dicts, searched from every character."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bench.speed.timing import Way

END = ""
"""The key of the word that ends at a node; it cannot clash with a character."""


class WordFilter:
    """Finds words in texts, without normalisation, categories or context."""

    def __init__(self, words: Iterable[str]) -> None:
        self.root: dict[str, Any] = {}
        for word in words:
            node = self.root
            for char in word:
                node = node.setdefault(char, {})
            node[END] = word

    def find(self, text: str) -> list[tuple[int, str]]:
        """Return every occurrence of a word with its start offset."""
        found = []
        text = text.lower()
        for start in range(len(text)):
            node = self.root
            for char in text[start:]:
                if char not in node:
                    break
                node = node[char]
                if END in node:
                    found.append((start, node[END]))
        return found


def word_filter(words: Iterable[str]) -> Way:
    """Return a method that only searches for words."""
    filtering = WordFilter(words)
    return lambda batch: [filtering.find(text) for text in batch.texts]
