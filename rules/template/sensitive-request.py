"""Requests for passwords, codes, card numbers and other secrets, in Chinese and English.

Source: META-2, META-3; the wordings are our own.
"""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

NEAR = 80
"""Code points before and after a secret that are read; our own choice."""
CLAUSE, SENTENCE = re.compile(r"[,。!?;\n]"), re.compile(r"[。!?;\n]|\.(?= |$)")
FRAUD = re.compile(r"诈骗|骗子|骗局|骗术|行骗|\bscam|\bfraud")

SECRET = re.compile(
    r"身份证(?:件)?(?:号码?)|卡(?:号码?|的?密码|信息)|银行账[号户]|密码|口令(?!红包)|cvv2?|cvc2?|安全码|验证码|校验码|动态码|助记词|私钥"
)
PART = re.compile(r"的?(?:(?:后|末|最后)[0-9一二三四五六两]{1,2}位|尾号)")
"""The words after a secret if the request is only for its last digits."""
HARD = re.compile(r"cvv|cvc|安全码|助记词|私钥")
REPLY = re.compile(r"(?:回复|回传|回发|回短信|私信|短信告知|告知|告诉)(?P<between>[^,。!?;\n]{0,18})\Z")
SEND = re.compile(
    r"(?:请|需|须|速|立即|马上|尽快|务必|麻烦|只需|直接|及时|立刻|如实|配合|可|并|再|然后|现在)(?:您|你)?"
    r"(?:发送|发来|提供|报[上出送给]|报一?下|说出|念出|转发|发给|发)(?P<between>[^,。!?;\n]{0,18})\Z"
)
OWN = re.compile(r"(?:需要?|索要|核实|核对|提供)(?:一下)?(?:您|你)的(?P<between>[^,。!?;\n]{0,18})\Z")
FILL = re.compile(r"(?:填写|输入|上传|提交|登记|补全)(?P<between>[^,。!?;\n]{0,18})\Z")
NO_OBJECT = re.compile(r"[您你](?!的)|完成|领取|退订|取消|办理|查询|码")
"""Words between a verb and a secret that is not its object."""
TELL = re.compile(
    r"[^,。!?;\n]{0,12}?(?:(?:告诉|告知|报给|发给?|发送[给到至]?|发[到至]|转发[给到至]?|提供给?|回复[给到至]?|念给|说给|截图给)"
    r"(?:我|客服|本号|本短信|本机|此号|此短信|该号|工作人员|专员|经理|警官|民警|平台|后台|微信|qq|1[3-9][0-9])"
    r"|发过来|发来|发我|给我|回过来|报过来)"
)
SENT = re.compile(
    r"[^,。!?;\n]{0,8}?(?:[发交回][给到至]|[至到给](?!页面|网页|系统|窗口|输入框|app|注册|登录))"
)
REST = re.compile(r"[^,。!?;\n]{0,10}?(?:密码|有效期|验证码|cvv|cvc|安全码)|、有效期")
WHICH = re.compile(r"(?:是|为)?(?:多少|什么\?|几位)")
FORBIDDEN = re.compile(
    r"(?:勿|不要|不得|不可|不能|不会|不应|不需|不用|无需|无须|别|莫|切忌|谨防|严防|警惕|防止|防范|以免|避免|绝不|决不|从不|禁止|严禁|拒绝|凡是|凡(?=要|让|有|以|需)|任何|泄露)"
    r"(?!犹豫|错过|担心|惊慌|着急|挂断|延误|耽误|紧张)[^,。!?;\n请]{0,28}\Z"
)
DOOR = re.compile(r"骑手|快递员|店员|前台|司机|配送员|收银|派送员|师傅|核销|取件|提货|收货")
"""Where a code is shown because goods are handed over."""
NO_DOOR = re.compile(r"密码|卡号|cvv|cvc|身份证|口令|客服|退款|银行|账[户号]")

SECRET_EN = re.compile(
    r"\b(?:passwords?|passcodes?|(?:m|upi |atm )?pins?(?: (?:numbers?|codes?))?|otps?|one[- ]time (?:passwords?|passcodes?|codes?|pins?)"
    r"|(?:verification|security|authentication|login|confirmation|access|digit) codes?|codes? (?:we|you) [a-z]{1,12}|the codes?"
    r"|cvv2?|cvc2?|card (?:numbers?|details|info|information)|bank (?:account |card )?(?:details|numbers?|login|information)"
    r"|login (?:details|credentials)|ssn|social security numbers?|seed phrases?|recovery phrases?|private keys?)\b"
    r"(?!-| (?:reset|change|expir|was|has|is|will|protect|update|requirements))"
)
ASK_EN = re.compile(
    r"\b(?:reply|respond|send|text|share|tell|give|provide|forward|e-?mail|message|whatsapp|dm|submit|need|require|want)"
    r"(?P<between>(?: [a-z0-9'/-]{1,14}){0,8}) \Z"
)
FILLERS = frozenset(
    [
        "us",
        "me",
        "back",
        "to",
        "with",
        "by",
        "for",
        "your",
        "the",
        "full",
        "complete",
        "entire",
        "current",
        "new",
        "old",
        "correct",
        "a",
        "an",
        "of",
        "photo",
        "copy",
        "name",
        "this",
        "number",
        "and",
        "or",
        "online",
        "account",
        "bank",
        "credit",
        "debit",
        "our",
        "support",
        "agent",
        "desk",
        "team",
        "message",
        "sms",
        "text",
        "cvv",
        "pin",
        "otp",
        "password",
        "card",
        "4-digit",
        "6-digit",
        "four-digit",
        "six-digit",
    ]
)
CONFIRM_EN = re.compile(
    r"\b(?:confirm|verify|enter|update) (?:us )?your (?:full |complete |current )?(?:credit |debit |bank |atm )?\Z"
)
CONFIRMED_EN = re.compile(r"card|cvv|cvc|ssn|social|seed|private")
WHAT_EN = re.compile(r"\bwhat(?: is|'s) (?:your|the) (?:[a-z]{1,10} )?\Z")
FORBIDDEN_EN = re.compile(
    r"(?:\bnot\b|n't\b|\bnever\b|\bno ?one\b|\bnobody\b|\bcannot\b|\bavoid\b|\brefrain\b|\bwithout\b|\bbeware\b|\banyone\b)"
    r"(?! (?:worry|miss|wait|hesitate|delay|panic|forget|fail|ignore))[^.!?;]{0,100}\Z"
)
TURN_EN = re.compile(r"\b(?:please|but|instead|just)\b")
DOOR_EN = re.compile(
    r".{0,12}?\b(?:with|to) (?:the |your |our )?(?:delivery|driver|courier|rider|captain|technician|store|cashier|front desk|reception|hotel)"
)
LAST_EN = re.compile(r"\blast (?:4|four|3|three) (?:digits )?(?:of )?(?:your |the )?[a-z ]{0,12}\Z")


ANCHORS = (
    # A verb before a Chinese secret or after it, or an English secret.
    re.compile(
        r"(?:回复|回传|回发|回短信|私信|告知|告诉|发|提供|报|说出|念出|需|索要|核实|核对|填写|输入|上传|提交|登记|补全)"
        rf"[^,。!?;\n]{{0,24}}(?:{SECRET.pattern})"
    ),
    re.compile(
        rf"(?:{SECRET.pattern})[^,。!?;\n]{{0,24}}?"
        r"(?:告诉|告知|报给|发|提供|回复|念给|说给|截图给|给我|回过来|报过来|多少|什么\?|几位)"
    ),
    re.compile(
        r"password|passcode|pin|otp|code|cv[vc]|card |bank |login |ssn|social security|phrase|private key"
    ),
)


def check(document: Document) -> Iterator[Hit]:
    """Yield each request for a secret that is neither forbidden nor described as fraud in its sentence."""
    for name, text in document.texts.items():
        if name in ("signature", "remark"):
            continue
        done = 0
        for start, end in sorted([*chinese(text.folded), *english(text.folded)]):
            if start >= done:
                done = end
                yield Hit(text.span(start, end))


def chinese(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the [start, end) of each request in Chinese."""
    for secret in SECRET.finditer(folded):
        start, end = secret.span()
        first, last = around(CLAUSE, folded, start, end)
        before, after = folded[first:start], folded[end:last]
        if PART.match(after):
            continue
        found = asked(before, after, secret[0])
        if found is None or FORBIDDEN.search(before[: found[0]] if found[0] < len(before) else before):
            continue
        sentence = folded[slice(*around(SENTENCE, folded, start, end))]
        handed_over = secret[0].endswith("码") and DOOR.search(sentence) and not NO_DOOR.search(sentence)
        if not FRAUD.search(sentence) and not handed_over:
            yield first + found[0], end + found[1]


def asked(before: str, after: str, secret: str) -> tuple[int, int] | None:
    """Return where a request begins in the text before a secret and ends in the text after it; None without one."""
    for pattern in (REPLY, SEND, OWN):
        verb = pattern.search(before)
        if verb and not NO_OBJECT.search(verb["between"]):
            return verb.start(), 0
    verb = FILL.search(before)
    sent = SENT.match(after)
    if verb and (sent or HARD.match(secret) or (secret.startswith("卡号") and REST.match(after))):
        return verb.start(), sent.end() if sent else 0
    said = TELL.match(after) or WHICH.match(after)
    return (len(before), said.end()) if said else None


def english(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the [start, end) of each request in English."""
    for secret in SECRET_EN.finditer(folded):
        start, end = secret.span()
        first, last = around(SENTENCE, folded, start, end)
        before, after = folded[first:start], folded[end:last]
        verb = ASK_EN.search(before)
        if verb is None or not FILLERS.issuperset(verb["between"].split()):
            verb = CONFIRM_EN.search(before) if CONFIRMED_EN.search(secret[0]) else WHAT_EN.search(before)
        if verb is None or LAST_EN.search(before) or FRAUD.search(folded, first, last):
            continue
        forbidden = FORBIDDEN_EN.search(before[: verb.start()])
        if forbidden and not TURN_EN.search(forbidden[0]):
            continue
        if ("code" in secret[0] or secret[0].startswith("otp")) and DOOR_EN.match(after):
            continue
        yield first + verb.start(), end


def around(ends: re.Pattern[str], folded: str, start: int, end: int) -> tuple[int, int]:
    """Return the [start, end) of the clause or sentence of a match, at most NEAR code points beyond it."""
    low, high = max(0, start - NEAR), min(len(folded), end + NEAR)
    first = max((found.end() for found in ends.finditer(folded, low, start)), default=low)
    last = ends.search(folded, end, high)
    return first, last.start() if last else high
