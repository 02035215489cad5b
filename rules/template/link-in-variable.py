"""Variables that are a link, are part of one, or follow words such as “click”."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit

CLICKED = re.compile(
    rf"(?:点击|点开|点此|戳|打开|访问|浏览|链接|网址|网页|地址栏|详见|详情见|详情请见|登录网址|url|link|click|visit)"
    rf"(?:链接|网址|网站|这里|此处|以下|下方|为|是|如下|here){{0,6}}"
    rf"(?:(?:(?!{HOLE})[:\s\"“'(])*+{HOLE}++){{1,8}}(?<=({HOLE}))[\"”')]?"
    rf"(?!\s*(?:号|楼|元|次|按钮|栏|菜单|页面|页签|选项|功能|app|小程序|公众号|客户端))"
)
ANCHORS = (CLICKED,)


def check(document: Document) -> Iterator[Hit]:
    """Yield the placeholders of the body that contain a link."""
    body = document.body
    if body is None:
        return
    held = {placeholder.span: placeholder for link in body.links for placeholder in link.holds}
    for found in CLICKED.finditer(body.folded):
        start = body.span(*found.span(1)).start
        clicked = next(
            (hole for hole in reversed(document.placeholders) if hole.span.start <= start < hole.span.end),
            None,
        )
        if clicked:
            held[clicked.span] = clicked
    for span in sorted(held):
        yield Hit(span)
