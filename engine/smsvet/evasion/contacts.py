"""Find disguised phone numbers, QQ ids and WeChat ids: spelled as words, split up, or behind a homophone.

Sources: A-NOTIFY, OWN.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Literal

from ..model import Contact
from ..text.contacts import OTHER_NUMBER
from ..text.text import Text

NUMERALS = {
    **dict(zip("零〇一二三四五六七八九", "00123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True)),
    **dict(zip("两幺洞拐勾", "21079", strict=True)),
    **dict(zip("olisb", "01158", strict=True)),
}
"""Digits by their substitutes: Chinese and financial numerals, radio words, look-alike letters."""

DIGITS = "0123456789" + "".join(NUMERALS)
_DIGIT = f"[{DIGITS}]"
SIGN = r"(?:_|[^\w\u4e00-\u9fff,。!?;:\n\x1f/%￥$])"
"""A separator between the numerals of a split number."""
_RUN = re.compile(rf"{_DIGIT}(?<![0-9a-pr-z.][0-9olisb])(?:{SIGN}{{0,2}}+{_DIGIT}){{4,15}}(?![0-9a-z])")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_QQ_NUMBER = re.compile(r"[1-9][0-9]{4,10}")
ADDING, DOUBLED = "加佳家夹+➕", "口秋球"
"""Characters before 口 that make it a QQ cue, and characters that are cues only if doubled, after 加, or at a word end."""
_DEDUCTED = "(?<![抵代已划折回减预被共实将再应满立先仅可内])扣(?![费款除减缴分税划罚留积率押点个次罪完])"
"""扣 as a QQ cue. After 抵, 代, 已 or 划, and before 费, 款 or 除, it means a deduction."""
_QQ_CUE = (
    rf"(?:q{{1,2}}|口口|扣扣|{_DEDUCTED}|抠抠?|叩叩?|蔻蔻?|寇|冦|秋秋|球球|企[^\w\u4e00-\u9fff]{{0,3}}鹅|🐧)"
)
_QQ_BEFORE = re.compile(rf"(?:(?<![a-z0-9]){_QQ_CUE}|[{ADDING}]口)[号群君:是为+=_.~*\s-]{{0,4}}\Z")
_QQ_AFTER = re.compile(rf"[\s+_.~*-]{{0,4}}(?:{_QQ_CUE}(?![a-z])|口(?![\u4e00-\u9fff]))")
_QUANTITY = re.compile(
    r"(?<![0-9.])[0-9]+\.[0-9]{1,2}(?![0-9.])"
    r"|(?:19|20)[0-9]{2}([-.])(?:0?[1-9]|1[0-2])\1(?:[12][0-9]|3[01]|0?[1-9])(?![0-9])"
)
"""A decimal amount or an ISO date."""
_AMOUNT_AFTER = re.compile(r" ?(?:元|块|分|积分|点|次|%|万|笔|个)")
_WEI, _XIN = "[微威薇喂韦伟维徽葳卫唯惟嶶]", "[信芯心新欣❤♥]"
_ADD = "[加佳嘉迦伽家夹茄珈+➕]"
_BETWEEN = r"[^\w\u4e00-\u9fff]{0,2}"
_WECHAT = re.compile(
    rf"(?P<word>(?:{_ADD}{_BETWEEN})?{_WEI}{_BETWEEN}{_XIN}|{_ADD}{_BETWEEN}{_WEI}"
    r"|[加佳嘉迦伽家夹茄珈+➕十](?:vx|wx|v)(?![a-z]))"
    r"(?:号|id)?[\s:=+是为.-]{0,4}"
    r"(?P<id>[a-z][a-z_-]{0,11} ?[0-9][0-9a-z_]{2,12}(?: ?[0-9]{2,8})?|1[3-9][0-9]{9})(?![0-9a-z])"
)
_CALLED = tuple(
    re.compile(word)
    for word in (f"{_WEI}{_BETWEEN}{_XIN}", f"{_ADD}{_BETWEEN}{_WEI}", "[加佳嘉迦伽家夹茄珈+➕十][vw]")
)
"""Substitutes for WeChat. They are separate patterns because one alternation would try every option at every position."""
_PLAIN = re.compile(r"加?微信")
_MEANT, _STANDS_IN = frozenset("加微信"), frozenset("+➕十vwx")
_STEPS = frozenset(("numeral", "separator", "stand-in", "homophone"))
CUES = "qvw扣抠叩蔻寇冦秋球企🐧口微威薇喂韦伟维徽葳卫唯惟嶶"
"""Every disguised contact with fewer than PHONE_DIGITS numerals contains one of these characters."""
SHORTEST_QQ = 5
"""Digits of the shortest QQ number."""
PHONE_DIGITS = 11
"""Digits of a mainland mobile number."""
# Those that are also frequent in words such as 出口 and 企业 count only where they can be part of a cue. The
# lookarounds follow the character, because a search for a leading character class is faster.
_CUE = re.compile(
    rf"[{CUES}](?:(?<![口秋球企])|(?<=[{ADDING}口]口)|(?<=口)(?![\u4e00-\u9fff])|(?<=秋秋)|(?<=球球)"
    r"|(?<=企)[^\w\u4e00-\u9fff]{0,3}鹅)"
)
# The repetition is unrolled because a repeated group is slower. Separators are never digits, so the
# possessive quantifier loses no match. Nor does the lookbehind: a run that continues one is longer.
_LONG = re.compile(rf"{_DIGIT}(?<!{_DIGIT}{{2}})" + rf"{SIGN}{{0,2}}+{_DIGIT}" * (PHONE_DIGITS - 1))
_GUARD = re.compile(rf"{_DIGIT}{SIGN}{{0,2}}{_DIGIT}{SIGN}{{0,2}}{_DIGIT}")


def find_hidden_contacts(
    text: Text, found: Sequence[Contact], off: Collection[str] = ()
) -> tuple[Contact, ...]:
    """Return the disguised contacts of a text that do not overlap `found`, in text order.

    A contact is left out if one of its steps is in `off`.
    """
    if _STEPS.issubset(off) or not may_hide_contact(text.folded):
        return ()
    spans = [*(item.span for item in found), *(item.span for item in text.links)]
    taken = [(span.start, span.end) for span in spans]
    hidden: list[Contact] = []
    for kind, start, end, value, steps in (*_numbers(text.folded), *_wechat(text.folded)):
        span = text.span(start, end)
        if off and not set(steps).isdisjoint(off):
            continue
        if all(span.end <= left or right <= span.start for left, right in taken):
            taken.append((span.start, span.end))
            hidden.append(Contact(span, text.quote(span), kind, value, steps))
    return tuple(sorted(hidden, key=lambda item: item.span))


def may_hide_contact(folded: str) -> bool:
    """Return whether a normalised text may contain a disguised contact."""
    first = _GUARD.search(folded)
    if first is None or (_CUE.search(folded) is None and _LONG.search(folded, first.start()) is None):
        return False
    return any(True for _ in chain(_numbers(folded), _wechat(folded)))


_Found = tuple[Literal["mobile", "qq", "wechat"], int, int, str, tuple[str, ...]]


def _numbers(folded: str) -> Iterator[_Found]:
    """Yield numbers that are spelled out or split up, and QQ numbers after a substitute for QQ."""
    for run in _RUN.finditer(folded):
        written = [char for char in run[0] if char in NUMERALS or char in "0123456789"]
        value = "".join(NUMERALS.get(char, char) for char in written)
        steps = ("numeral",) if any(char in NUMERALS for char in written) else ()
        if len(written) < len(run[0]):
            steps = (*steps, "separator")
        if sum(char in "olisb" for char in written) > len(written) - 3:
            continue
        if _MOBILE.fullmatch(value) and steps and is_hidden(folded, run, steps):
            yield "mobile", run.start(), run.end(), value, steps
            continue
        if not _QQ_NUMBER.fullmatch(value) or is_quantity(folded, run):
            continue
        before = _QQ_BEFORE.search(folded, max(0, run.start() - 12), run.start())
        after = _QQ_AFTER.match(folded, run.end())
        if before or (after and len(value) > 6):
            start = before.start() if before else run.start()
            end = after.end() if after and not before else run.end()
            if "qq" not in folded[start : run.start()] + folded[run.end() : end]:
                steps = (*steps, "stand-in")
            if steps:
                yield "qq", start, end, value, steps


def is_quantity(folded: str, run: re.Match[str]) -> bool:
    """Return whether a run of numerals holds amounts or dates and no other long number, or counts something."""
    rest = _QUANTITY.sub("", run[0])
    if rest != run[0] and sum(char in DIGITS for char in rest) < SHORTEST_QQ:
        return True
    return run[0].isdecimal() and _AMOUNT_AFTER.match(folded, run.end()) is not None


def is_hidden(folded: str, run: re.Match[str], steps: Collection[str]) -> bool:
    """Return whether a phone number uses a format that a legitimate sender would not use."""
    if "numeral" in steps or re.search(r"[^0-9 ()-]", run[0]) is not None:
        return True
    spelled = len(run[0]) >= 2 * len(re.sub("[^0-9]", "", run[0])) - 1
    return spelled and OTHER_NUMBER.search(folded, max(0, run.start() - 20), run.start()) is None


def _wechat(folded: str) -> Iterator[_Found]:
    """Yield the ids that follow a substitute for WeChat."""
    for match in _WECHAT.finditer(folded) if any(word.search(folded) for word in _CALLED) else ():
        word = match["word"]
        if not _PLAIN.fullmatch(word):
            value = match["id"].replace(" ", "")
            yield "wechat", match.start(), match.end(), value, _steps_of(word)


def _steps_of(word: str) -> tuple[str, ...]:
    """Return the steps that turn a word into 加微信 or its short form 加微."""
    parts = re.findall(r"[\w+➕]", word)
    sounded = not (_MEANT | _STANDS_IN).issuperset(parts)
    heart = word[-1] in "❤♥"
    short = heart or not _STANDS_IN.isdisjoint(parts) or "".join(parts) == "加微"
    signs = len(parts) + heart < len(word)
    taken = {"homophone": sounded, "stand-in": short, "separator": signs}
    return tuple(step for step, needed in taken.items() if needed)
