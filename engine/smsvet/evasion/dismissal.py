"""Explain why a text that sounds or looks like a word is not treated as that word in disguise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..model import Lang
from ..text.text import Text
from .detector import GAP, MAX_STEPS, MAX_STEPS_WEAK
from .disguise import STEPS_ZH
from .plausibility import (
    Doubt,
    ReadingMatch,
    doubt_of,
    edges_free,
    gap_is_odd,
    is_odd,
    letter_doubt,
    whole_sources,
)
from .steps import pieces_of

GATES = {
    "far-apart": (f"字间隔了 {GAP} 种以上的符号", f"more than {GAP} different signs stand in a gap"),
    "part-of-words": (
        "短词的每两个字之间都插入了字母或数字才算",
        "in a short word, a letter or digit must stand in every gap",
    ),
    "not-chinese": ("所在的句子不是中文", "the sentence around it is not Chinese"),
    "off": ("这种变形写法已停用", "this disguise is switched off"),
    "too-many-steps": (
        f"步骤太多：强词最多 {MAX_STEPS} 步，弱词 {MAX_STEPS_WEAK} 步",
        f"too many steps: a strong word takes {MAX_STEPS}, a weak one {MAX_STEPS_WEAK}",
    ),
    "part-of-a-source": (
        "一处写法代表几个字，只用到其中一部分",
        "what stands for several characters is meant only in part",
    ),
    "letters-run-on": ("字母前后还有字母，或字母太少", "the letters run on, or are too few"),
    "ordinary-word": ("写出来的本是普通词语的一部分", "what is written is part of an ordinary word"),
    "between-words": ("符号在词与词之间，是正常标点", "the signs stand between words, as in any text"),
    "cuts-a-word": ("前后的普通词语伸入其中", "an ordinary word round it reaches into it"),
    "chance": (
        "太短或相同的字太少，可能只是碰巧",
        "too short, or too little of it as meant: it may be chance",
    ),
    "alone": (
        "单独不算：须另有一处变形写法，组合须齐全",
        "it does not count alone, without another word in disguise or the rest of its combination",
    ),
}
"""Reasons why a candidate does not count, by name, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A candidate that does not count, with its word, its steps, and the name in GATES of the failed check."""

    written: str
    word: str
    steps: tuple[str, ...]
    gate: str

    def say(self, lang: Lang) -> str:
        """Return the dismissal as one sentence."""
        if lang == "zh":
            how = "、".join(STEPS_ZH[step] for step in self.steps)
            return f"“{self.written}”不读作“{self.word}”（{how}）：{GATES[self.gate][0]}"
        return (
            f"“{self.written}” is not read as “{self.word}” ({', '.join(self.steps)}): {GATES[self.gate][1]}"
        )


def dismissals(
    text: Text,
    word: str,
    readings: Iterable[ReadingMatch],
    exclusion_of: Callable[[ReadingMatch, str], str | None],
) -> list[Dismissal]:
    """Return the candidates for a word that do not count, those with the fewest steps first."""
    found = {
        Dismissal(
            text.quote(text.span(pieces[0][0], pieces[-1][1])),
            word,
            reading.steps,
            exclusion_of(reading, word) or reason_of(reading),
        )
        for reading in readings
        if (pieces := pieces_of(reading.view, reading.start, reading.end))
    }
    return sorted(found, key=lambda item: (len(item.steps), item.written, item.steps))


def reason_of(written: ReadingMatch) -> str:
    """Return the name of the check that a candidate fails during scoring; `alone` if it passes all of them."""
    if doubt_of(written) is not Doubt.FULL:
        return "alone"
    if not whole_sources(written):
        return "part-of-a-source"
    if letter_doubt(written) is Doubt.FULL:
        return "letters-run-on"
    if not edges_free(written):
        return "cuts-a-word"
    signs_alone = written.gaps and not written.replaced and "reversed" not in written.steps
    if signs_alone and not any(gap_is_odd(written, unit) for unit in written.gaps):
        return "between-words"
    if written.view.starts[written.start] == written.view.starts[written.end - 1]:
        return "ordinary-word"
    replaced = written.replaced or (range(written.start, written.end) if "reversed" in written.steps else ())
    if replaced and not any(is_odd(written, unit) for unit in replaced):
        return "ordinary-word"
    return "chance"
