"""Banned phrases whose characters alternate with those of another phrase."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

PHRASES = [
    "注册送彩金",
    "首存送彩金",
    "即可提款",
    "倍流水即可",
    "威尼斯人",
    "澳门赌场",
    "真人赌场",
    "线上赌场",
    "葡京娱乐",
    "体育投注",
    "太阳城",
    "六合彩",
    "一肖一码",
    "两期必中",
    "免费公开",
    "免费计划",
    "内部资料",
    "百家乐",
    "老虎机",
    "时时彩",
    "代开发票",
    "增值税票",
    "无抵押贷款",
    "信用贷款",
    "刻章办证",
    "上门服务",
]
"""Phrases of gambling, invoices, loans, forged papers and escorts, written by us."""
ENOUGH = 2
"""Number of different phrases for a hit; one suffices from LONG characters."""
LONG = 5
PATTERNS = tuple(re.compile("[\u4e00-\u9fff]{1,2}".join(phrase)) for phrase in PHRASES)
"""One or two other characters stand between every two of a phrase."""
ANCHORS = PATTERNS


def check(document: Document) -> Iterator[Hit]:
    """Yield the place of the interleaved phrases of a body or text."""
    for name in ("body", "text"):
        text = document.texts.get(name)
        if text is None:
            continue
        found = [match for pattern in PATTERNS if (match := pattern.search(text.folded))]
        own = [match for match in found if len(re.sub("[^\u4e00-\u9fff]", "", match[0])) >= 2 * LONG - 1]
        if len(found) >= ENOUGH or own:
            start, end = min(match.start() for match in found), max(match.end() for match in found)
            yield Hit(text.span(start, end))
