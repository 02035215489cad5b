"""Seeded disguises of words as spammers write them, one for each transform of the engine."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.hanzi import gb2312_level
from bench.quality.glyphs import look_alikes, similar, split

FOLDER = Path(__file__).parents[2] / "corpora" / "disguise"
SIGNS = " .*-_~|/·^+•❤★➤🔥💋"
INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad"

NUMERALS = (
    dict(zip("0123456789", ("零〇", "一幺", "二两", *"三四五六七八九"), strict=True)),
    dict(zip("0123456789", "零壹贰叁肆伍陆柒捌玖", strict=True)),
    {"0": "oO", "1": "lI"},
    dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True)),
)
"""Other ways to write digits: Chinese and financial numerals, look-alike letters, circled digits."""
BETWEEN_DIGITS = ("", "", "-", " ", "*", ".", "_", "❤")

Tokens = list[str]
"""A word during its disguise: a list of its characters or their replacements."""
Disguise = Callable[[Tokens, random.Random], Tokens | None]
"""Applies a disguise to a word; returns None if it does not apply."""


def rows(name: str) -> list[list[str]]:
    """Return the cells of a table of `corpora/disguise`."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def inverse(name: str) -> dict[str, list[str]]:
    """Return a table inverted: original word -> disguised spellings."""
    found: dict[str, list[str]] = defaultdict(list)
    for written, meant in rows(name):
        found[meant].append(written)
    return found


def han(token: str) -> bool:
    """Return whether a token is one Chinese character."""
    return len(token) == 1 and "\u4e00" <= token <= "\u9fff"


def one(fits: Callable[[str], Sequence[str]]) -> Disguise:
    """Return a disguise that replaces one token by one of its candidates from `fits`."""

    def disguise(tokens: Tokens, chance: random.Random) -> Tokens | None:
        places = [place for place, token in enumerate(tokens) if fits(token)]
        if not places:
            return None
        place = chance.choice(places)
        return [*tokens[:place], chance.choice(fits(tokens[place])), *tokens[place + 1 :]]

    return disguise


def between(signs: Sequence[str]) -> Disguise:
    """Return a disguise that inserts one of the signs between two tokens."""

    def disguise(tokens: Tokens, chance: random.Random) -> Tokens | None:
        places = [
            place
            for place in range(1, len(tokens))
            if not (tokens[place - 1].isascii() and tokens[place].isascii())
        ]
        if not places:
            return None
        place = chance.choice(places)
        return [*tokens[:place], chance.choice(signs), *tokens[place:]]

    return disguise


def several(table: dict[str, list[str]]) -> Disguise:
    """Return a disguise that replaces one run of tokens, such as 微信, by one of its spellings in a table."""

    def disguise(tokens: Tokens, chance: random.Random) -> Tokens | None:
        runs = [
            (start, end)
            for start in range(len(tokens))
            for end in range(start + 1, min(start + 4, len(tokens)) + 1)
            if "".join(tokens[start:end]) in table
        ]
        if not runs:
            return None
        start, end = chance.choice(runs)
        return [*tokens[:start], chance.choice(table["".join(tokens[start:end])]), *tokens[end:]]

    return disguise


def backwards(tokens: Tokens, chance: random.Random) -> Tokens | None:
    """Return the tokens in reverse order; None for short words."""
    return (
        tokens[::-1] if sum(token.isalnum() for token in tokens) > 2 and sum(map(han, tokens)) > 1 else None
    )


def every(fits: Callable[[str], Sequence[str]]) -> Disguise:
    """Return a disguise that replaces every token that has candidates in `fits`."""

    def disguise(tokens: Tokens, chance: random.Random) -> Tokens | None:
        if not any(map(fits, tokens)):
            return None
        return [chance.choice(fits(token)) if fits(token) else token for token in tokens]

    return disguise


def disguises() -> dict[str, Disguise]:
    """Return every disguise by the name of the transform that undoes it."""
    pypinyin: Any = import_module("pypinyin")
    opencc: Any = import_module("opencc").OpenCC("s2t")
    sounds: dict[str, list[str]] = defaultdict(list)
    for point in range(0x4E00, 0x9FA6):
        if gb2312_level(chr(point)) == 1:
            sounds[spelt(pypinyin, chr(point))].append(chr(point))

    def same(token: str) -> list[str]:
        return [char for char in sounds[spelt(pypinyin, token)] if char != token] if han(token) else []

    def near(token: str) -> list[str]:
        return sounds.get(neighbour(spelt(pypinyin, token)), []) if han(token) else []

    leet = {"o": ["0"], "i": ["1"], "e": ["3"], "a": ["4", "@"], "s": ["5", "$"], "t": ["7"]}
    letters = pinyin_whole(pypinyin)
    return {
        "width": every(
            lambda token: [chr(ord(token) + 0xFEE0)] if len(token) == 1 and "!" <= token <= "~" else []
        ),
        "traditional": every(
            lambda token: [opencc.convert(token)] if han(token) and opencc.convert(token) != token else []
        ),
        "invisible": between(INVISIBLE),
        "separator": between(SIGNS),
        "repeat": every(lambda token: [token * 2] if han(token) else []),
        "homophone": one(same),
        "near-homophone": one(near),
        "pinyin": one(lambda token: [spelt(pypinyin, token)] if han(token) else []),
        "similar-glyph": one(lambda token: similar(token) if han(token) else []),
        "split": one(lambda token: split(token) if han(token) else []),
        "emoji": several(inverse("emoji")),
        "stand-in": several(inverse("stand-in")),
        "initials": lambda tokens, chance: initialled(pypinyin, tokens, chance),
        "look-alike": lambda tokens, chance: lettered(letters, look_alikes(), tokens, chance),
        "leetspeak": lambda tokens, chance: lettered(letters, leet, tokens, chance),
        "placeholder": between(["{9}"]),
        "reversed": backwards,
    }


def disguiser() -> Callable[[str, random.Random], str]:
    """Return a function that applies one or two random disguises to a word, as far as they apply."""
    every_disguise = list(disguises().values())

    def disguise(word: str, chance: random.Random) -> str:
        tokens = list(word)
        for apply in chance.sample(every_disguise, chance.randint(1, 2)):
            tokens = apply(list(tokens), chance) or tokens
        return "".join(tokens)

    return disguise


def numbers(written: str, chance: random.Random) -> str:
    """Return a number with some or all of its digits as numerals or look-alike letters, and signs between them."""
    table = chance.choice(NUMERALS)
    sign = chance.choice(BETWEEN_DIGITS)
    every = chance.random() < 0.5
    out = [
        chance.choice(table[char]) if char in table and (every or chance.random() < 0.5) else char
        for char in written
    ]
    places = range(3, len(out), 4)
    return "".join(sign + char if place in places else char for place, char in enumerate(out))


def spelt(pypinyin: Any, token: str) -> str:
    """Return the pinyin of a character, without tone."""
    return str(pypinyin.lazy_pinyin(token, v_to_u=False)[0])


def neighbour(syllable: str) -> str:
    """Return a syllable that many speakers pronounce alike; an empty string if there is none."""
    for one_end, other in (("ang", "an"), ("eng", "en"), ("ing", "in")):
        if syllable.endswith(one_end):
            return syllable.removesuffix(one_end) + other
        if syllable.endswith(other):
            return syllable.removesuffix(other) + one_end
    if syllable[:2] in ("zh", "ch", "sh"):
        return syllable[0] + syllable[2:]
    return syllable[0] + "h" + syllable[1:] if syllable[0] in "zcs" else ""


def initialled(pypinyin: Any, tokens: Tokens, chance: random.Random) -> Tokens | None:
    """Return a word with two or more characters as initials; a word of two characters only if a table lists it."""
    size = len(tokens)
    if size < 3:
        return several(inverse("initials"))(tokens, chance)
    if not all(map(han, tokens)):
        return None
    first = chance.randrange(size - 1)
    last = chance.randint(first + 2, size)
    letters = pypinyin.lazy_pinyin("".join(tokens), style=pypinyin.Style.FIRST_LETTER)[first:last]
    return [*tokens[:first], "".join(letters), *tokens[last:]]


def pinyin_whole(pypinyin: Any) -> Disguise:
    """Return a disguise that writes a whole word in pinyin."""

    def disguise(tokens: Tokens, chance: random.Random) -> Tokens | None:
        if not all(map(han, tokens)):
            return None
        return list("".join(spelt(pypinyin, token) for token in tokens))

    return disguise


def lettered(
    letters: Disguise, table: Mapping[str, list[str]], tokens: Tokens, chance: random.Random
) -> Tokens | None:
    """Return the word in pinyin with one letter replaced as in a table."""
    spelled = letters(tokens, chance)
    return one(lambda token: table.get(token, []))(spelled, chance) if spelled else None
