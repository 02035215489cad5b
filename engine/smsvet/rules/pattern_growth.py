"""Patterns of rules whose search takes more than linear time, with their place in the rule file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..files.cached_model import CachedModel
from ..patterns.growth import FACTOR, Growth, Kind, growth_of
from ..text.text import HOLE
from .rule import Rule, RuleFile
from .text_checks import PatternCheck

_WORDS = {
    Kind.EXPONENTIAL: ("takes exponential time on {text}", "遇 {text} 时耗时呈指数增长"),
    Kind.SQUARE: (
        "takes time with the square of the text on {text}",
        "遇 {text} 时耗时随文本长度的平方增长",
    ),
    Kind.COSTLY: (
        "takes more than {factor} steps per code point on {text}",
        "遇 {text} 时每个字符超过 {factor} 步",
    ),
    Kind.UNKNOWN: ("is too intricate to show that its time is linear", "过于复杂，无法确定耗时是线性的"),
}


class Growing(NamedTuple):
    """A pattern of a rule that is not searched in linear time: its keys in the rule file, and its growth."""

    keys: tuple[str | int, ...]
    growth: Growth

    def say(self, lang: str) -> str:
        """Return the problem in `lang`: `zh`, or anything else for English."""
        words = _WORDS[self.growth.kind][lang == "zh"]
        text = self.growth.text.replace(HOLE, "⟨变量⟩" if lang == "zh" else "⟨variable⟩")
        shown = text if len(text) <= 24 else f"{text[:24]}…"
        return words.format(text=f"“{shown}”", factor=FACTOR)


def growing_patterns(file: RuleFile) -> Iterator[Growing]:
    """Yield the patterns of a rule file whose search takes more than linear time."""
    for keys, pattern in _patterns(file, ()):
        growth = growth_of(pattern)
        if growth.kind is not Kind.LINEAR:
            yield Growing(keys, growth)


def growing_in_function(rule: Rule) -> Iterator[Growing]:
    """Yield the compiled patterns of a rule's Python file whose search takes more than linear time.

    Raises OSError if the file can no longer be read.
    """
    if rule.function is None:
        return
    source = rule.function.read_text(encoding="utf-8")
    for name, value in getattr(rule.check, "__globals__", {}).items():
        if re.search(rf"\b{name}\.(?:match|fullmatch)\(", source):
            continue  # tried at one place only
        for found in value if isinstance(value, tuple | list) else (value,):
            if isinstance(found, re.Pattern) and isinstance(found.pattern, str):
                growth = growth_of(found.pattern, found.flags & ~re.UNICODE)
                if growth.kind is not Kind.LINEAR:
                    yield Growing((name,), growth)


def _patterns(part: object, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(part, PatternCheck):
        yield (*keys, "pattern"), part.pattern
    elif isinstance(part, CachedModel):
        for name, value in part:
            if isinstance(value, CachedModel | tuple):
                yield from _patterns(value, (*keys, name))
    elif isinstance(part, tuple):
        for place, value in enumerate(part):
            yield from _patterns(value, (*keys, place))
