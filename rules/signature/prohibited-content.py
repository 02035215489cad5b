"""Prohibited businesses in a signature, beyond the terms of the content lexicons."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

CERTAIN = {
    "loan": r"[速快闪秒极]贷|网贷|现金贷|借钱|贷超|贷款超市|黑户贷|贷宝",
    "gambling": r"博彩|赌[场城博]|娱乐城|百家乐|老虎机",
    "chess_card": r"德州扑克|棋牌|炸金花|斗地主",
    "lottery": r"六合彩|时时彩|彩票代购",
    "investment": r"配资|荐股|炒股|原始股",
    "debt_collection": r"催收|讨债|追债",
    "fake_papers": r"办证|刻章",
}
LIKELY = {
    "loan": r"小贷|贷款|借款|借贷",
    "chess_card": r"麻将|扑克|捕鱼|牛牛",
    "lottery": r"彩票|福彩|体彩",
    "investment": r"理财|期货",
    "religion": r"寺庙|寺院|教堂|教会|佛堂|道观|法会",
    "politics": r"党委|党支部|纪委|监委|党建|[省市县区]委(?!员)|组织部|宣传部|统战部|政法委",
    "superstition": r"算命|占卜|风水|看相|塔罗|起名",
    "tobacco": r"香烟|烟草|电子烟",
    "nightlife": r"夜总会",
}


def check(document: Document) -> Iterator[Hit]:
    """Yield each such word of the signature. Words allowed for licensed businesses count only in applications."""
    signature = document.signature
    if signature is None:
        return
    reported = {term.category for term in signature.terms if term.strength == "strong"}
    for words, possible in ((CERTAIN, False), (LIKELY, True)):
        if possible and document.kind != "signature":
            return
        for category, pattern in words.items():
            found = re.search(pattern, signature.folded) if category not in reported else None
            if found:
                reported.add(category)
                yield Hit(signature.span(*found.span()), category=category, possible=possible)
