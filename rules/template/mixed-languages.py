"""Templates with words of two scripts."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from smsvet import Document, Hit

WORDS = 3
"""Minimum number of words of a script that make a passage; our own choice."""
PER_WORD = {"CJK": 2, "HANGUL": 2, "THAI": 4, "LAO": 4, "KHMER": 4, "MYANMAR": 4}
"""Letters that count as a word, in scripts that do not separate words by blanks or have short ones."""
JAPANESE = {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0e7f\u064b-\u065f\u200c\u200d'’-])*")


def check(document: Document) -> Iterator[Hit]:
    """Yield the body if two scripts have at least WORDS words each.

    Latin words count in lower case only: capitalised ones are often names.
    """
    body = document.body
    if body is None:
        return
    hidden = bytearray(len(body.original))
    for span in [*(item.span for item in body.placeholders), *(item.span for item in body.links)]:
        hidden[span.start : span.end] = b"\x01" * (span.end - span.start)
    words: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for found in WORD.finditer(body.original):
        if hidden.find(1, *found.span()) >= 0:
            continue
        for script, run in runs(found[0]):
            if script != "LATIN" or run.islower():
                words[script] += 1
                letters[script] += len(run)
    passages = [
        script
        for script, count in words.items()
        if max(count if script not in PER_WORD else 0, letters[script] // PER_WORD.get(script, 100)) >= WORDS
    ]
    if len(passages) > 1:
        yield Hit(
            body.place(0, len(body.original)), {"scripts": ", ".join(script.title() for script in passages)}
        )


def runs(word: str) -> Iterator[tuple[str, str]]:
    """Yield each run of letters of one script in a word, with the name of the script."""
    start, last = 0, ""
    for place, char in enumerate(word):
        script = script_of(char) or last
        if script != last:
            if last:
                yield last, word[start:place]
            start, last = place, script
    if last:
        yield last, word[start:]


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """Return the script of a letter, the first word of its Unicode name; empty for a mark. Kana are CJK."""
    if not char.isalpha():
        return ""
    script = unicodedata.name(char, "").split(" ")[0]
    return "CJK" if script in JAPANESE else script
