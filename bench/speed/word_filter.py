"""A word filter in plain Python, as many projects have one: a trie of nested dicts, walked from every character."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bench.speed.timing import Way

END = ""
"""The key under which a node keeps the word that ends there; no character is empty."""


class WordFilter:
    """Finds words in texts, without folding, categories or context."""

    def __init__(self, words: Iterable[str]) -> None:
        self.root: dict[str, Any] = {}
        for word in words:
            node = self.root
            for char in word:
                node = node.setdefault(char, {})
            node[END] = word

    def find(self, text: str) -> list[tuple[int, str]]:
        """Return every occurrence of a word, with the offset where it begins."""
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
    """Return a way that only searches words."""
    filtering = WordFilter(words)
    return lambda batch: [filtering.find(text) for text in batch.texts]
