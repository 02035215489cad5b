"""Remarks without the proof that the signature's source requires."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

NAMES = {"official_account": ("公众号", "an official account"), "mini_program": ("小程序", "a mini program")}
ADDRESS = re.compile(r"https?://|[a-z0-9-]\.[a-z]{2}|[\u4e00-\u9fff]\.(?:中国|公司|网络)")
STORE = re.compile(r"应用商店|应用市场|应用宝|app ?store|google ?play|豌豆荚|小米商店|华为市场")
FILLER = re.compile(
    r"微信|公众号|小程序|服务号|订阅号|全称|名称|名字|申请|签名|用于|使用|我们|公司|本|的|是|为|用|[\W_]"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield the remark, or the application if it has none, if the required proof is missing.

    An app store named without an address is a possible hit: a reviewer can look the app up there.
    """
    source, remark = document.submission.source, document.texts.get("remark")
    content = remark.folded if remark else ""
    if source == "app":
        words = ("APP", "an app", "应用商店链接", "the link to the app in a store")
        enough, possible = ADDRESS.search(content), bool(STORE.search(content))
    elif source == "website":
        words = ("网站", "a website", "已备案的网站域名", "the filed domain of the site")
        enough, possible = ADDRESS.search(content), False
    elif source in NAMES:
        zh, en = NAMES[source]
        words = (zh, en, f"{zh}的全称", f"the full name of {en}")
        enough, possible = re.search(r"..", FILLER.sub("", content)), False
    else:
        return
    if not enough:
        span = remark.place(0, len(remark.original)) if remark and content.strip() else None
        yield Hit(
            span,
            dict(zip(("source", "source_en", "wanted", "wanted_en"), words, strict=True)),
            possible=possible,
        )
