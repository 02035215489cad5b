"""A word found in disguise, and the named steps that undo a disguise."""

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
"""What the steps are called in Chinese messages; `joined` is a word that a template and a value make together."""

TRANSFORMS = tuple(step for step in STEPS_ZH if step != "joined")
"""Every step that a disguise can be undone by; the fold undoes width, case, writing and what cannot be seen."""

OFF: frozenset[str] = frozenset()
"""Steps that are not taken unless asked for."""


class Disguise(NamedTuple):
    """A word found in disguise: which, what undoes it, and the places of its pieces in the folded text."""

    word: str
    transforms: tuple[str, ...]
    pieces: tuple[tuple[int, int], ...]
    doubted: bool = False
    """Whether it would not count as the only word of the text in disguise."""
    backed: bool = False
    """Whether the text has another word in disguise."""


Hidden = tuple[str, int, int, Disguise]
"""A word in disguise: which, and where it begins and ends in the folded text."""
