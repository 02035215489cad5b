"""Signatures of a product that is not online yet, according to the remark."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Said

UNRELEASED = re.compile(
    r"(?:未|没有|没|尚未|还没有?|暂未|即将|等待|待|准备)(?:正式|公开)?(?:上线|发布|上架|开通|备案)"
    r"|(?:正在|还在|仍在|在)?(?:开发|研发|建设|筹备|内测|测试)(?:中|阶段)|内测版?|测试版|(?:正在|还在|仍在)(?:开发|研发|建设|筹备|测试|审核)"
    r"|搜索?不到|under development|not (?:yet )?(?:released|online|launched)|coming soon|in beta"
)
BY_PRODUCT = {"app", "website", "official_account", "mini_program", "shop"}


def check(document: Document) -> Iterator[Hit]:
    """Yield each such statement; a possible hit without a source, since a company's name would pass."""
    remark, source = document.texts.get("remark"), document.submission.source
    if remark is None or (source is not None and source not in BY_PRODUCT):
        return
    options = Said.listed(document.abbreviations()[:3])
    words = {
        "options": f"：{options.zh}" if options.zh else "",
        "options_en": f": {options.en}" if options.en else "",
    }
    for found in UNRELEASED.finditer(remark.folded):
        yield Hit(remark.span(*found.span()), words, possible=source is None)
