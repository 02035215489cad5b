"""Write `corpora/fold.tsv`, the normalisation table: the replacement of every code point before matching.

Run by hand after a new Unicode version or a new OpenCC release: `python -m tools.fold_table`.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "corpora" / "fold.tsv"

KEPT = {0x0A, 0x1F}
"""Control characters that stay: the line feed, and the character that represents a placeholder."""

BLANK_BY_SIGHT = {0x2028, 0x2029, 0x2800}
"""Blanks outside category Zs: line separator, paragraph separator and the empty Braille pattern."""

IGNORABLE = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Default_Ignorable_Code_Point outside category Cf (Unicode, DerivedCoreProperties.txt)."""

VISIBLE_FORMAT = (
    (0x0600, 0x0605), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2),
    (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1345F),
)  # fmt: skip
"""Visible characters of category Cf: Prepended_Concatenation_Mark and the joiners of hieroglyphs."""

PICTURES = frozenset((0x1F193,))
"""Signs in a square that are read as a Chinese word (`corpora/disguise/emoji.tsv`), not as their letters."""

PHRASES = frozenset((0xFDFA, 0xFDFB))
"""Arabic phrases written as one sign. They stay, since eighteen letters for a sign would make texts long."""

SHAPES = re.compile(r"[\u2000-\u2bff\U0001f780-\U0001f7ff]")
"""Blocks where CIRCLED or SQUARED names a shape, not letters, such as SQUARED SALTIRE."""

NOT_SIMPLIFIED = frozenset("後菸")
"""Characters in GB 2312 that simplified Chinese does not use."""

ALSO_SIMPLIFIED = frozenset("昇陞祕頫")
"""Characters outside GB 2312 that the 2013 Table of General Standard Characters allows in names."""

BARE = re.compile(
    r"(?:DINGBAT |NEGATIVE |DOUBLE |CROSSED |SANS-SERIF )*(?:CIRCLED|SQUARED)(?: SANS-SERIF)?"
    r" (?:(?P<digit>DIGIT|NUMBER) .+|LATIN (?:CAPITAL|SMALL) LETTER (?P<letter>[A-Z])|(?P<letters>[A-Z]{2,}))"
)
REGIONAL = re.compile(r"REGIONAL INDICATOR SYMBOL LETTER (?P<letter>[A-Z])")
ENCLOSED = re.compile(r"[(〔](?P<inside>.+)[)〕]")
STOPPED = re.compile(r"DIGIT [A-Z]+ (?:FULL STOP|COMMA)|NUMBER [A-Z]+ FULL STOP")
LATIN = re.compile(
    r"LATIN (?:CAPITAL|SMALL) LETTER (?P<base>[A-Z]) WITH .+|LATIN LETTER SMALL CAPITAL (?P<small>[A-Z])"
    r"|LATIN SMALL LETTER DOTLESS (?P<dotless>[A-Z])"
)


def within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Return whether one of the ranges contains a code point."""
    return any(first <= point <= last for first, last in ranges)


def ignorable(char: str) -> bool:
    """Return whether a code point is invisible: format, control, variation selector, tag or filler."""
    point, category = ord(char), unicodedata.category(char)
    if within(point, IGNORABLE):
        return True
    if category == "Cf":
        return not within(point, VISIBLE_FORMAT)
    return category == "Cc" and point not in KEPT and char != "\t"


def blank(char: str) -> bool:
    """Return whether a code point is a blank with width."""
    return char == "\t" or ord(char) in BLANK_BY_SIGHT or unicodedata.category(char) == "Zs"


def decorated(char: str) -> str | None:
    """Return the characters inside a circle, square or bracket, or before a full stop; None for other code points."""
    name = unicodedata.name(char, "")
    if found := REGIONAL.fullmatch(name):
        return found["letter"]
    plain = unicodedata.normalize("NFKC", char)
    if name.startswith(("PARENTHESIZED ", "TORTOISE SHELL ")) and (found := ENCLOSED.fullmatch(plain)):
        return found["inside"]
    if STOPPED.fullmatch(name):
        return plain[:-1]
    if plain == char and (found := BARE.fullmatch(name)) and not (found["letters"] and SHAPES.match(char)):
        number = str(int(unicodedata.numeric(char))) if found["digit"] else None
        return number or found["letter"] or found["letters"]
    return None


def without_diacritics(char: str) -> str:
    """Return a Latin letter without diacritics; other characters unchanged."""
    name = unicodedata.name(char, "")
    if not name.startswith("LATIN "):
        return char
    if found := LATIN.fullmatch(name):
        return found[found.lastgroup or 0]
    return "".join(part for part in unicodedata.normalize("NFKD", char) if unicodedata.category(part) != "Mn")


def step(char: str, simplified: Mapping[str, str]) -> str:
    """Return the result of one normalisation step for a code point."""
    kept = ord(char) in KEPT or ord(char) in PICTURES or ord(char) in PHRASES
    if kept or unicodedata.category(char) == "Cs":
        return char
    if ignorable(char) or unicodedata.category(char) in ("Mn", "Me"):
        return ""
    if blank(char):
        return " "
    plain = decorated(char)
    if plain is None:
        plain = unicodedata.normalize("NFKC", char)
        # A spacing accent decomposes into a blank and a mark, but it is visible.
        if plain[0] == " " and all(unicodedata.category(part) == "Mn" for part in plain[1:]):
            return char
    plain = "".join(without_diacritics(part) for part in plain).casefold()
    return "".join(simplified.get(part, part) for part in plain)


def fold(char: str, simplified: Mapping[str, str]) -> str:
    """Return the normalised form of a code point: steps repeat until nothing changes."""
    text, seen = char, set[str]()
    while text not in seen:
        seen.add(text)
        text = "".join(step(part, simplified) for part in text)
    return text


def simplified_characters() -> dict[str, str]:
    """Return traditional character -> simplified character, from OpenCC's character table."""
    import opencc

    ideographs = [
        chr(point) for point in range(0x2E80, 0x32400) if unicodedata.category(chr(point)) in ("Lo", "So")
    ]
    answers = opencc.OpenCC("t2s").convert("\n".join(ideographs)).split("\n")
    return {before: after for before, after in zip(ideographs, answers, strict=True) if before != after}


def ordinary(char: str) -> bool:
    """Return whether simplified Chinese uses a character: it is in GB 2312, with the exceptions above."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return char in ALSO_SIMPLIFIED
    return char not in NOT_SIMPLIFIED


def flags(char: str, folded: str, simplified: Mapping[str, str]) -> str:
    """Return `t` for a traditional-only character, `i` for an invisible one, else an empty string."""
    plain = unicodedata.normalize("NFKC", char)
    if unicodedata.category(char) == "Lo" and plain in simplified and not ordinary(plain):
        return "t"
    # Some systems end lines with a carriage return and a line feed, and people type tabs on purpose.
    hidden = (folded == "" and ignorable(char) and char != "\r") or (blank(char) and char not in "\t \u3000")
    return "i" if hidden else ""


def table() -> str:
    """Return the text of `corpora/fold.tsv`."""
    simplified = simplified_characters()
    lines = [
        "# What each code point is folded to before matching; those that stay as they are have no line.",
        "# code point (hex) TAB replacement (hex, separated by blanks; empty: deleted) TAB flags",
        "# flags: t = only traditional writing uses it, i = it cannot be seen",
        f"# unicode: {unicodedata.unidata_version}",
        f"# opencc: {importlib.metadata.version('opencc')}",
        "# generator: tools/fold_table.py",
        "# sources: the Unicode Character Database (Unicode License v3), OpenCC t2s (Apache-2.0)",
    ]
    for point in range(sys.maxunicode + 1):
        char = chr(point)
        if unicodedata.category(char) in ("Cn", "Co", "Cs") and not within(point, IGNORABLE):
            continue
        folded = fold(char, simplified)
        if folded != char:
            replacement = " ".join(f"{ord(part):04X}" for part in folded)
            lines.append(f"{point:04X}\t{replacement}\t{flags(char, folded, simplified)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8", newline="\n")
