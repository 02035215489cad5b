"""Templates with too many variables for their number of words."""

from collections.abc import Iterator

from smsvet import HOLE, Document, Hit, count_chinese_letters, count_words

SHARE = 2
"""Fixed words per variable; one more is needed besides. Source: META-RATIO."""
CHINESE_WORD = 2
"""Chinese characters of an average word; our own choice."""


def check(document: Document) -> Iterator[Hit]:
    """Yield a body with fewer than twice as many words as variables, plus one. Source: META-RATIO."""
    body, count = document.body, len(document.placeholders)
    if body is None or not count:
        return
    words = sum(map(words_in, body.folded.replace(HOLE, " ").split()))
    least = SHARE * count + 1
    if words < least:
        yield Hit(body.place(0, len(body.original)), {"words": words, "count": count, "least": least})


def words_in(run: str) -> int:
    """Return the number of words of a run without blanks: one if it has a letter or digit, more in dense scripts."""
    if not any(char.isalnum() for char in run):
        return 0
    chinese = -(-count_chinese_letters(run) // CHINESE_WORD)
    return max(1, chinese, count_words(run) if not run.isascii() else 1)
