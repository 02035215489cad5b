"""Write `pinyin.tsv` and `alone.txt` of corpora/disguise: `python -m tools.pinyin_table`.

The sources are pypinyin and jieba's dictionary.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "corpora" / "disguise"
HAN = range(0x4E00, 0x9FA6)
SHARE = 0.08
"""Minimum share of a character's occurrences in words for an additional reading to be kept."""
ALONE = 6000
"""Minimum count of a character as a one-character word to be listed as common."""


def main() -> None:
    """Write both files."""
    pypinyin: Any = import_module("pypinyin")
    jieba: Any = import_module("jieba")
    words = list(dictionary(jieba))
    shares: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in words:
        for char, syllable in zip(word, pypinyin.lazy_pinyin(word, v_to_u=False), strict=False):
            if re.fullmatch("[a-z]+", syllable):
                shares[char][syllable] += count + 1
    first: dict[str, list[str]] = defaultdict(list)
    further: dict[str, list[str]] = defaultdict(list)
    for point in HAN:
        char = chr(point)
        known = shares.get(char) or Counter(pypinyin.lazy_pinyin(char, v_to_u=False))
        total = known.total()
        for place, (syllable, count) in enumerate(known.most_common()):
            if re.fullmatch("[a-z]+", syllable) and (not place or count / total >= SHARE):
                (further if place else first)[syllable].append(char)
    lines = [
        "# Characters by toneless pinyin: syllable, characters usually read so, characters also read so.",
        "# Made by tools/pinyin_table.py from pypinyin (MIT), weighted by the words of jieba's dictionary (MIT).",
    ]
    lines += [
        f"{syllable}\t{''.join(first[syllable])}\t{''.join(further[syllable])}"
        for syllable in sorted(first.keys() | further.keys())
    ]
    (FOLDER / "pinyin.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    alone = sorted(char for char, count in words if len(char) == 1 and count >= ALONE and ord(char) in HAN)
    (FOLDER / "alone.txt").write_text(
        "# Characters that are common words by themselves, by the counts of jieba's dictionary (MIT).\n"
        "# Made by tools/pinyin_table.py.\n" + "".join(alone) + "\n",
        encoding="utf-8",
    )


def dictionary(jieba: Any) -> Iterator[tuple[str, int]]:
    """Yield the words of jieba's dictionary with their counts."""
    with jieba.get_dict_file() as file:
        for line in file.read().decode("utf-8").split("\n"):
            word, _, rest = line.partition(" ")
            if rest:
                yield word, int(rest.split(" ")[0])


if __name__ == "__main__":
    main()
