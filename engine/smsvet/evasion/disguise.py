"""A disguised word, and the named steps that undo a disguise."""

from __future__ import annotations

from typing import NamedTuple

STEPS_ZH = {
    "homophone": "同音字",
    "near-homophone": "近音字",
    "pinyin": "拼音",
    "look-alike": "形似字母",
    "similar-glyph": "形近字",
    "split": "拆字",
    "emoji": "表情代字",
    "stand-in": "字母数字代替",
    "initials": "拼音首字母",
    "leetspeak": "数字代字母",
    "numeral": "中文数字",
    "repeat": "叠字",
    "separator": "符号插入",
    "placeholder": "变量隔断",
    "reversed": "倒写",
    "joined": "与变量值拼接",
}
"""Chinese names of the steps in messages. `joined` is a word that a template and a value form together."""

TRANSFORMS = tuple(step for step in STEPS_ZH if step != "joined")
"""Every step that can undo a disguise. Width, case, traditional characters and invisible ones are left to normalisation."""

OFF: frozenset[str] = frozenset()
"""Steps that are off by default."""


class Disguise(NamedTuple):
    """A disguised word, the steps that undo the disguise, and its pieces as places in the normalised text."""

    word: str
    transforms: tuple[str, ...]
    pieces: tuple[tuple[int, int], ...]
    doubted: bool = False
    """Whether it counts only if the text has another disguised word."""
    backed: bool = False
    """Whether the text has another disguised word."""

    def moved(self, by: int) -> Disguise:
        """Return an equal disguise at another place, `by` code points further on."""
        pieces = tuple([(start + by, end + by) for start, end in self.pieces])
        return Disguise(self.word, self.transforms, pieces, self.doubted, self.backed)


Hidden = tuple[str, int, int, Disguise]
"""A disguised word, and its start and end in the normalised text."""
