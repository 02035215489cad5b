"""Contacts in a normalised text: telephone numbers, QQ and WeChat ids, group numbers, e-mail addresses.

A number that touches a placeholder on either side is not a contact. Sources of the kinds: T-TPL18, T-TPL25,
T-FAQ-SEND, A-NOTIFY, U-NOTICE; of the forms of numbers: A-VALID, OWN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ..model import Contact
from .text import HOLE, Text

_Kind = Literal["mobile", "landline", "400", "service", "qq", "wechat", "group", "email"]

_RUN = re.compile(r"[0-9a-z]{3}")
_SPELLED = re.compile(r"[0-9] [0-9] [0-9]")
_NUMBER = re.compile(r"[0-9]{5}|[0-9]{3}[ )-]{1,2}[0-9]{3}|[0-9]{3}-[0-9]")
# The following patterns have no lookbehind, because that makes a search many times as fast. They find candidates only.
_BEFORE = 2
"""Code points of a number before its first digit, such as `+` or `(`."""
_DIGITS = re.compile(r"[0-9][0-9() -]{2,}")
_NINE = 9
_NINE_DIGITS = re.compile(rf"[0-9](?:[) -]{{0,3}}[0-9]){{{_NINE - 1}}}")
_SEVEN_DIGITS = re.compile(r"[2-9][0-9]{2,3}[ -]?[0-9]{4}")
_SERVICE_SIGN = re.compile(r"9[56][0-9]{3}|1[0-2][0-9]")
_NO_MORE = rf"(?![0-9{HOLE}]|[-.][0-9{HOLE}]|\.[a-z]|,[0-9]{{3}})"
_NO_LESS = rf"(?<![0-9{HOLE}])(?<![0-9{HOLE}][-.,])"
_EXTENSION = r"(?: ?(?:转|ext\.?|-) ?(?P<extension>[0-9]{1,5}))?"

_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9_][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![a-z0-9-])"
)
_MOBILE = re.compile(
    rf"{_NO_LESS}(?:(?:\+|00)?\(?86\)?[ -]?)?"
    rf"(?P<number>1[3-9][0-9](?:[ -]?[0-9]{{4}}[ -]?[0-9]{{4}}|[0-9][ -][0-9]{{3}}[ -][0-9]{{4}})){_NO_MORE}"
)
_LANDLINE = re.compile(
    rf"{_NO_LESS}(?:(?:\+|00)86[ -]?)?(?P<number>\(?(?:0?10|0?2[0-9]|0[3-9][0-9]{{2}})\)?[ -]{{0,2}}"
    rf"[1-9][0-9]{{2,3}}[ -]?[0-9]{{4}}){_EXTENSION}{_NO_MORE}"
)
# The lookbehinds follow the first digit, because a search for a leading character class is faster.
_LOCAL = re.compile(
    rf"(?P<number>[2-9](?<![0-9{HOLE}].)(?<![0-9{HOLE}][-.,].)[0-9]{{2,3}}[ -]?[0-9]{{4}}){_EXTENSION}{_NO_MORE}"
)
_400 = re.compile(
    rf"{_NO_LESS}(?P<number>[48]00(?:[ -]?[0-9]{{3}}[ -]?[0-9]{{4}}|[ -]?[0-9]{{4}}[ -]?[0-9]{{3}}"
    rf"|[ -][0-9][ -][0-9]{{3}}[ -][0-9]{{3}}|[ -][0-9]{{2}}[ -][0-9]{{5}})){_EXTENSION}{_NO_MORE}"
)
_SERVICE_DIGITS = r"95[0-9]{3,6}|96[0-9]{3,4}|100[0-9]{2}|11[0-9]{1,4}|12[0-9]{3}|106[0-9]{5,17}"
_SERVICE = re.compile(rf"{_NO_LESS}(?P<number>{_SERVICE_DIGITS}){_NO_MORE}")
_MAY_SERVE = re.compile(rf"(?:{_SERVICE_DIGITS})(?![0-9])")
_WELL_KNOWN = re.compile(r"955[0-9]{2}|1008[56]|10010|12306|12315|12321|12333|12329|12348|12378|12388")

_PHONE_CUE = re.compile(
    r"(?:电话|致电|拨打|请拨|回拨|来电|热线|客服|服务号|座机|总机|固话|联系|咨询|详询|垂询|专线|短信至|发送至|发送到|发至|发到|"
    r"编辑短信|tel(?<![a-z]tel)|phone(?<![a-z]phone)|hotline(?<![a-z]hotline)|call(?<![a-z]call))"
    r"(?:电话|热线|号码|号|中心|人工|我们|我行|方式|咨询)*[:.是为至打请\" (“-]*\Z"
)
OTHER_NUMBER = re.compile(
    r"(?:验证码|校验码|注册码|动态码|动态密码|随机码|授权码|取件码|提货码|兑换码|券码|密码|口令|订单|订单号码?|单号|编号|编码|流水号?|"
    r"流水|运单号?|快递单?号?|尾号|末四位|卡号|账号|账户|帐号|帐户|户号|工号|学号|序列号|批号|证号|编码|票号|保单号?|合同号?|会员号|"
    r"余额|金额|人民币|积分|¥|￥|\$|(?<![a-z])code|(?<![a-z])no\.?|(?<![a-z])id|#)[码号是为:=\" ([“]*\Z"
)
_COUNTED = re.compile(
    r" ?(?:元|块|万|亿|积分|分(?!机)|个|件|条|次|人|名(?!称)|位|kg|[kmg]b?(?![a-z])|%"
    r"|米|步|股|台|套|张|份|吨|℃|号楼)"
)
_CODE_AFTER = re.compile(
    r" ?(?:,|为|是|\(|\[|【|\. )?.{0,10}?(?:验证码|校验码|动态码|动态密码|verification|code)"
)
_NAME_AFTER = re.compile(r" ?(?:网站|官网|手机|客户端|app|网|平台|】)")
_LATIN_BEFORE = re.compile(r"(?<![a-z_])[a-z_]+\Z")
_LATIN_CUES = frozenset(
    ("tel", "phone", "mobile", "mob", "call", "t", "m", "tel.", "v", "vx", "wx", "whatsapp", "sms", "hotline")
)

_QQ_SIGN = re.compile(r"[q扣抠鹅]")
_WECHAT_SIGN = re.compile(r"[微威薇维徽vw](?:[ 信❤xe]|(?<=[加+]v))")
_QQ_WORD = r"(?:(?<![a-z0-9])qq|扣扣|抠抠|企鹅号?|(?<![a-z0-9])q(?= ?[:号])|(?<=[加找]|\+)q)"
_JOIN = r"(?:是|为|:|-|;|/|=|\+|\.| |“|\"|\()*"
_GROUP = re.compile(
    rf"(?:群号|裙号|(?:加|进|入)(?:q|qq|微信|v|官方|交流|福利|粉丝)?[群裙]|(?:q|qq|扣扣|企鹅|交流|福利|粉丝|内部|官方|会员|学习|工作)[群裙])"
    rf"(?:号码?|聊)?{_JOIN}([1-9][0-9]{{4,10}})(?![0-9{HOLE}])"
)
_QQ = re.compile(rf"{_QQ_WORD}(?:号码?|客服|账号)?{_JOIN}([1-9][0-9]{{4,10}})(?![0-9{HOLE}]|@)")
_WECHAT = re.compile(
    r"(?P<add>加(?:我|下|个|一下|客服)?|\+|添加)? ?"
    r"(?P<word>[微威薇维徽] ?信|微❤|v信|(?<![a-z0-9])(?:weixin|wechat|vx|wx|wei xin)"
    r"|(?<=[加\+])v) ?"
    r"(?P<number>(?:客服)?(?:号码?|账号|帐号|id|搜索?|添加))?(?P<join>[是为:;=+\"“( 】\]]*)"
    rf"(?P<id>1[3-9][0-9]{{9}}(?![0-9a-z_])|[a-z][a-z0-9_-]{{5,19}}(?![a-z0-9_.@/])"
    rf"|[1-9][0-9]{{5,10}}(?![0-9a-z_]))(?!{HOLE})"
)


CUES = "@群裙q扣抠鹅微威薇维徽vw"
"""Every contact other than a telephone number contains at least one of these characters."""
_CUE = re.compile(f"[{CUES}]")
EMERGENCY, LOCAL, LONGEST_LOCAL = 3, 7, 8
"""Number of digits of an emergency number such as 110, and minimum and maximum of a number without area code."""
GAP = 3
"""Greatest number of signs between two groups of digits of a number."""


def may_have_contact(folded: str) -> bool:
    """Return whether a normalised text may contain a contact.

    Digits inside a web address count here, although `find_contacts` excludes them.
    """
    return any(True for _ in _candidates(folded))


def find_contacts(text: Text) -> tuple[Contact, ...]:
    """Return the contacts of a text, in order and without overlaps."""
    folded = text.folded
    candidates = list(_candidates(folded))
    if not candidates:
        return ()
    # Digits inside a web address are not a telephone number.
    linked = bytearray(len(text.original))
    for link in text.links:
        for index in range(link.span.start - text.offset, link.span.end - text.offset):
            linked[index] = 1
    taken = bytearray(len(folded))
    found: list[tuple[int, Contact]] = []
    for kind, start, end, value in candidates:
        span = text.span(start, end)
        if 1 in taken[start:end] or 1 in linked[span.start - text.offset : span.end - text.offset]:
            continue
        taken[start:end] = b"\x01" * (end - start)
        found.append((start, Contact(span, text.quote(span), kind, value)))
    return tuple(contact for _, contact in sorted(found, key=lambda item: item[0]))


def _candidates(folded: str) -> Iterator[tuple[_Kind, int, int, str]]:
    """Yield (kind, start, end, value) of each candidate, more specific kinds first; offsets in the normalised text."""
    if _RUN.search(folded) is None and _SPELLED.search(folded) is None:
        return
    if _CUE.search(folded) is not None:
        yield from _ids(folded)
    yield from _numbers(folded)


def _ids(folded: str) -> Iterator[tuple[_Kind, int, int, str]]:
    """Yield the candidates that are not telephone numbers."""
    if "@" in folded:
        for match in _EMAIL.finditer(folded):
            if match.start() == 0 or folded[match.start() - 1] != HOLE:
                yield "email", match.start(), match.end(), match.group()
    for match in _GROUP.finditer(folded) if "群" in folded or "裙" in folded else ():
        if not _COUNTED.match(folded, match.end()):
            yield "group", match.start(), match.end(), match.group(1)
    for match in _QQ.finditer(folded) if _QQ_SIGN.search(folded) else ():
        if not _COUNTED.match(folded, match.end()):
            yield "qq", match.start(), match.end(), match.group(1)
    for match in _WECHAT.finditer(folded) if _WECHAT_SIGN.search(folded) else ():
        if _is_wechat(match):
            yield "wechat", match.start(), match.end(), match["id"]


def _numbers(folded: str) -> Iterator[tuple[_Kind, int, int, str]]:
    # The runs of digits are short. They decide which kinds are possible and where each full search begins.
    runs = _DIGITS.findall(folded)
    digits = "|".join(runs)
    if _NUMBER.search(digits) is None:
        return
    begin = max(0, folded.index(runs[0]) - _BEFORE)
    for match in _400.finditer(folded, begin) if "400" in digits or "800" in digits else ():
        if _is_reachable(folded, match, len(match["number"]) > 10):
            yield "400", match.start(), match.end(), _value(match)
    long = max(map(len, runs)) >= _NINE and _NINE_DIGITS.search(digits) is not None
    for match in _MOBILE.finditer(folded, begin) if long else ():
        if _is_reachable(folded, match, match.end() - match.start() > 11):
            yield "mobile", match.start(), match.end(), _digits(match["number"])
    for match in _LANDLINE.finditer(folded, begin) if long else ():
        marked = re.search(r"[() -]", match["number"]) is not None
        known = _is_landline(match["number"]) and (marked or _cued(folded, match))
        if known and _is_reachable(folded, match, marked):
            yield "landline", match.start(), match.end(), _value(match)
    seven, sign = _SEVEN_DIGITS.search(digits), _SERVICE_SIGN.search(digits)
    for match in _LOCAL.finditer(folded, folded.find(seven[0])) if seven else ():
        if _cued(folded, match) and _is_reachable(folded, match, True):
            yield "landline", match.start(), match.end(), _value(match)
    for match in _SERVICE.finditer(folded, folded.find(sign[0])) if sign else ():
        known = _cued(folded, match) or _is_known_service(folded, match)
        if known and _is_reachable(folded, match, False):
            yield "service", match.start(), match.end(), match["number"]


def _is_wechat(match: re.Match[str]) -> bool:
    """Return whether the characters after the cue word are an id, not another word of the sentence."""
    name, join = match["id"], match["join"]
    announced = match["number"] or match["add"] or match["word"] == "v"
    pointed = announced or any(mark in join for mark in "是为:;=+")
    if name.isdigit():
        return bool(announced) or len(name) == 11
    if (
        match["word"][-1].isascii()
        and not join
        and not match["number"]
        and not (match["add"] and match.string[match.end("word")] == " " and re.search("[0-9]", name))
        and not re.fullmatch(r"1[0-9]{10}", name)
    ):
        return False
    return bool(pointed or re.search(r"[0-9_-]", name))


def _is_landline(written: str) -> bool:
    """Return whether area code and number have valid lengths for mainland China."""
    digits = _digits(written)
    if digits.startswith("0"):
        area = 3 if digits[1] in "12" else 4
        return len(digits) - area == 8 or (area == 4 and len(digits) == 11)
    return len(digits) == 10 and "-" in written


def _is_reachable(folded: str, match: re.Match[str], marked: bool) -> bool:
    """Return whether a number is a telephone number, not a code, an order, an account or an amount.

    `marked` is true for digits in groups, as in a usual telephone number.
    """
    start, end = match.span()
    before = folded[max(0, start - 20) : start]
    if _COUNTED.match(folded, end) or (OTHER_NUMBER.search(before) and not _PHONE_CUE.search(before)):
        return False
    if end < len(folded) and (folded[end] in "*_" or "a" <= folded[end] <= "z"):
        return False
    latin = _LATIN_BEFORE.search(before)
    if latin and not marked and latin.group() not in _LATIN_CUES:
        return False
    return not before.endswith("*")


def may_serve(folded: str, start: int) -> bool:
    """Return whether the digits at `start` have the prefix and length of a service number."""
    return _MAY_SERVE.match(folded, start) is not None


def is_cued(folded: str, start: int) -> bool:
    """Return whether a word for a telephone precedes `start`."""
    return _PHONE_CUE.search(folded, max(0, start - 24), start) is not None


def _cued(folded: str, match: re.Match[str]) -> bool:
    return is_cued(folded, match.start())


def _is_known_service(folded: str, match: re.Match[str]) -> bool:
    if _WELL_KNOWN.fullmatch(match["number"]) is None:
        return False
    if folded[max(0, match.start() - 1) : match.start()] in ("/", ".", "=", "【") or _NAME_AFTER.match(
        folded, match.end()
    ):
        return False
    return not _CODE_AFTER.match(folded, match.end(), match.end() + 24)


def _digits(written: str) -> str:
    return "".join(character for character in written if character in "0123456789")


def _value(match: re.Match[str]) -> str:
    """Return the digits of a number, followed by a hyphen and its extension if it has one."""
    digits = _digits(match["number"])
    return f"{digits}-{match['extension']}" if match["extension"] else digits
