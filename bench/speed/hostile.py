"""Time per hostile text in a batch, relative to reviews one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.fuzz.texts import Bait
from bench.speed.timing import Batch, interleaved, review, review_many, review_table
from smsvet import Reviewer

LENGTHS = (490, 1000)
"""Code points of a text: within the limit of a template, and beyond it."""
TEXTS = 3
REPEATED = (
    "加微信", "加薇心", "加v信", "加V+", "加 微 信 ", "加\u200b微\u200b信", "加微信abc12345", "信微加", "威❤信", "立减", "名师授课",
    "处理库存,无抵押贷款", "赌*博", "走弓虽弓单", "看看你", "你好", "啊啊", "jia wei xin ", "wei xin ", "abcdefg", "扣扣群号壹贰叁肆伍",
    "一三八零零一三八零零零", "13800138000 ", "http://t.cn/a ", "a。cn", "点com", "ｗｗｗ．ａ．ｃｏｍ", "ﷺ", "{1}", "${a}", "【云雀科技】",
    "您的验证码是{1}", "全场五折起限时抢购尊敬的会员您好新品上市满百减二十回T退订",
)  # fmt: skip
"""Parts of texts: repeated, they have very many candidates for words, contacts, links, placeholders or patterns."""


def texts(repeated: str, length: int, count: int = TEXTS) -> list[str]:
    """Return different texts of `length` code points that repeat a part."""
    return [Bait("", "", repeated, f"第{number}次").text(length) for number in range(count)]


def measure(reviewers: Mapping[str, Reviewer], rounds: int) -> dict[str, Any]:
    """Return milliseconds per text, and the ratio of the batch's time to that of reviews, by part and length.

    The ratio compares the fastest rounds, because other load on the machine only adds to a time.
    """
    rows: dict[str, Any] = {}
    for stack, reviewer in reviewers.items():
        ways = {
            "review": review(reviewer),
            "review_many": review_many(reviewer),
            "review_table": review_table(reviewer),
        }
        for repeated in REPEATED:
            for length in LENGTHS:
                batch = Batch(texts(repeated, length))
                times = interleaved(ways, [batch] * (rounds + 1))
                best = {name: min(found) for name, found in times.items()}
                rows[f"{repeated} to {length}, {stack}"] = {
                    "ms": best["review"] / 1000,
                    **{name: best[name] / best["review"] for name in ("review_many", "review_table")},
                }
    return {"rows": rows}


def worst(section: Mapping[str, Any], way: str) -> tuple[str, float]:
    """Return the text with the greatest ratio of a method, and the ratio."""
    name = max(section["rows"], key=lambda row: section["rows"][row][way])
    return name, section["rows"][name][way]
