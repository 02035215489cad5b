"""Short lines that consist of an account or a nickname and a lure, as in live rooms and groups."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit

MOST = 36
"""Maximum code points of such a line; our own choice."""
LONGER = re.compile(rf"[\s\S]{{{MOST + 1}}}")
"""A text that is too long for such a line."""
CODE = re.compile(r"[a-z]{2,3} ?[0-9]{3,6}[a-z]?(?![0-9a-z]|[.\-_/@])")
"""An account name as chat services assign it: letters, then digits."""
NUMBER = re.compile(
    r"(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9](?![0-9]))[1-9][0-9]{3,4} ?[0-9]{3,5}(?![0-9]|[.\-/:]|元|年|月)"
)
"""A QQ number, whole or in two parts, that is not a date."""
NAME = re.compile(
    r"(?:[看瞧盯][下我咱偶的一眼主]{0,3}|我的?|注意我的|c[ -]?|麦|喂|威|薇|c-)(?:名字|名-字|茗|茗字|昵称|签名|主页)|[看瞧]我(?:的)?资料"
    r"|名字[+加佳夹家]|名字[ -]{1,3}[看瞧加佳]|[看瞧]我?[人吾]名|名称是|c名字?"
)
FORMS = (CODE, NUMBER, NAME)
LURE = re.compile(
    r"[看瞧买卖拼盘片篇潘偏咪妹姐奶妇妻腿逼屄撩骚浪涩捅操摸揉撸懂寂嫩麦唛茗☎ᚰ❤]|少[付女]|丝[袜足]|日批|好看|直播|纯洁|黄色|资源"
)
"""Words for the goods, such as pictures, films and company, with their misspellings and signs."""
WAY = re.compile(
    r"[口抠扣寇蔻冦筘眍宼][^\u4e00-\u9fff]{0,3}\Z|[口抠扣寇蔻筘+加佳夹家微威薇喂围维伟卫溦嶶葳芯]|乞儿|企.?鹅"
)
"""QQ and WeChat by their substitutes."""
_SUBSTITUTE = r"(?:[口抠扣寇蔻冦筘眍宼+加佳夹家微威薇喂围维伟卫溦嶶葳芯企]|乞儿)"
_DIGITS = r"[1-9][0-9]{3}"
BESIDE = re.compile(rf"{_SUBSTITUTE}[\s\S]{{0,{MOST}}}?{_DIGITS}|{_DIGITS}[\s\S]{{3,{MOST}}}?{_SUBSTITUTE}")
"""A number, and before or behind it a part of every WAY. Digits by themselves are too frequent for a trigger."""
ANCHORS = (CODE, BESIDE, NAME)
CALLED = re.compile(r"[+加佳夹家爽私片麦拼微威薇喂围企鹅懂要撩]|有惊喜|有福利|有料|联系|找我")
BUSINESS = re.compile(
    r"您|尊敬|订单|单号|快[递件]|取件|验证码|预约|航班|车牌|车次|型号|编号|编码|批次|房间|教室|会议|课|账|卡号|尾号|客户|用户|会员|有限公司|通知|"
    r"已(?:发|到|完成|受理|开通|签收|支付)|请(?:于|在|到|登录|填写|核对|查收|携带)|孩子|同学|老师|公司|[0-9]元|[?吗呢]|什么|怎么|哪|知道|好听|想改"
)
"""Words of a notice, of a question, and of talk about names."""
PASSES = (LONGER, BUSINESS)


def check(document: Document) -> Iterator[Hit]:
    """Yield the account or nickname of a short body or text that holds a lure and no business."""
    for name in ("body", "text"):
        text = document.texts.get(name)
        if text is None or len(text.folded) > MOST or HOLE in text.folded or BUSINESS.search(text.folded):
            continue
        found = next(filter(None, (lead(pattern, text.folded) for pattern in FORMS)), None)
        if found is not None:
            yield Hit(text.span(*found))


def lead(pattern: re.Pattern[str], folded: str) -> tuple[int, int] | None:
    """Return the place of an account or nickname that the rest of the line makes a lure."""
    for found in pattern.finditer(folded):
        start, end = found.span()
        rest = f"{folded[:start]} {folded[end:]}"
        if pattern is not NAME and start and folded[start - 1].isascii() and folded[start - 1].isalnum():
            continue
        lured = LURE.search(rest) is not None
        if pattern is CODE and (lured or WAY.match(folded[end:].lstrip(" .-+")[:1])):
            return start, end
        if pattern is NUMBER and WAY.search(rest) and (lured or WAY.search(folded[end:])):
            return start, end
        if pattern is NAME and CALLED.search(rest):
            return start, end
    return None
