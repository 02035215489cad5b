"""Residue of a program in a text or value: missing values, markup, marks of other template languages.

A mark that the provider's own syntax or another rule covers is not reported here. Source: OWN.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit

TAGS = (
    "a|abbr|b|big|blockquote|body|br|button|center|dd|del|div|dl|dt|em|embed|font|footer|form|h[1-6]|head|header|hr|html|i"
    "|iframe|img|input|ins|li|meta|nav|ol|option|p|pre|s|script|section|select|small|span|strike|strong|style|sub|sup|svg"
    "|table|tbody|td|textarea|tfoot|th|thead|tr|tt|u|ul|video"
)
ANCHORS = (
    re.compile(
        r"<[a-z/!%]|&[a-z#]|null|undefined|none|\bnan\b|\bnil\b|\[object |\(\(|\[\[|\]\]|<%|\{%|%\(|[0-9]\$[sd]|`|[{$]|%[sd]|#[a-z_]|@var|\*\||\\[nrtu]|__"
        r"|invalid date|nonetype|#(?:ref|n/a|value|name|div/0|null)|[a-z]@[0-9a-f]"
    ),
)
TAG = re.compile(
    rf"</?(?:{TAGS})(?:[ /][^<>]{{0,200}})?>|</[a-z][a-z0-9]{{0,20}}>|<!--[^<>]{{0,200}}-->|<!doctype[^<>]{{0,60}}>"
    rf"|<[a-z]{{1,20}} [a-z-]{{1,20}}=[\"'][^<>]{{0,200}}>",
    re.IGNORECASE,
)
ENTITY = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|apos|copy|reg|yen|middot|hellip|[lr][ds]quo|[mn]dash|e[mn]sp|times|#[0-9]{2,6}|#x[0-9a-f]{2,5});|&nbsp(?![a-z])",
    re.IGNORECASE,
)
BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
MARK = re.compile(
    r"\(\([A-Za-z_][\w .-]{0,40}\)\)|\[\[[^\[\]\n]{1,40}\]\]|<%[=-]?[^<>%]{0,60}%>|\{%[^{}%]{0,60}%\}|%\([A-Za-z_]\w{0,30}\)[sd]"
    r"|%[0-9]\$[sd@]|\*\|[A-Za-z_:]{1,30}\|\*|\{![^{}\n]{1,40}\}|(?<![A-Za-z0-9_])__[A-Za-z][A-Za-z0-9]{0,30}__(?![A-Za-z0-9_])"
)
FILLED = re.compile(
    r"\$?\{{1,2}[ $#!]?[A-Za-z_0-9][\w.$ #-]{0,40}\}{1,2}|\$[A-Za-z_]\w{0,30}|%[sd](?![A-Za-z0-9])|#[A-Za-z_]\w{0,30}#|<[A-Za-z_]\w{0,30}>"
    r"|`[A-Za-z_]\w{0,30}`|@var\([^()]{0,40}\)"
)
"""Placeholders inside a value. Those of a whole text are found by the grammars."""
OBJECT = re.compile(
    r"\[object [A-Z][A-Za-z]{2,20}\]|(?<![A-Za-z])NoneType(?![A-Za-z])|(?<![A-Za-z])Invalid [Dd]ate(?![A-Za-z])|#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!)"
    r"|\b(?:[a-z]{2,20}\.){1,6}[A-Z]\w{1,40}@[0-9a-f]{6,8}(?![0-9A-Za-z])|<(?:class|function|bound method) [^<>]{1,60}>"
)
NOTHING = r"(?:(?:null){1,4}|NULL|Null|undefined|Undefined|NaN|None|nil|<nil>)"
ENCLOSED = re.compile(
    r"[\[【〔<{「『]\s?(?:null|NULL|Null|undefined|NaN|None|nil)\s?[\]】〕>}」』]|\((?:null|undefined|NaN)\)"
)
BARE = re.compile(
    rf"(?<![A-Za-z0-9_./@-]){NOTHING}(?![A-Za-z0-9_/@-]|\.[a-z]|(?: and void| hypothesis| of | other| [A-Z][a-z]))"
)
WHOLE = re.compile(rf"[\[(\"'“]?{NOTHING}[\])\"'”]?")
EXPECTED = re.compile(
    r"(?:[为是:：码号日间额址称名的】]|\bis|\bare|\bcode|\bDear|\bHi|\bHello|\border|#|\bfor|\bat|\bon|\bby|¥|￥|\$)[ “\"'(]?\Z",
    re.IGNORECASE,
)
"""Words that announce a value."""
BEFORE_VALUE = re.compile(r"[ ”\"')]?(?:您好|你好|先生|女士|[,，!！.。:：元分]|\Z)")
TOPIC = re.compile(
    r"课程|课堂|教程|代码|编程|报错|异常|程序|javascript|python|java|sql|接口|bug", re.IGNORECASE
)
ESCAPE = re.compile(r"\\(?:r\\n|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt](?![A-Za-z]))")

KINDS = {
    "tag": ("HTML 标签", "an HTML tag"),
    "entity": ("HTML 转义符", "an HTML entity"),
    "mark": ("其他模板语言的变量标记", "a mark of another template language"),
    "object": ("程序输出的内部信息", "internal output of a program"),
    "nothing": ("程序中表示“无值”的字样", "a program's word for a missing value"),
    "escape": ("未还原的转义符", "an escape sequence"),
}
FIXES = {
    "tag": ("删除标签，手机会原样显示", "Remove the tag; a phone shows it as it is"),
    "entity": ("改为它代表的字符", "Write the character that it stands for"),
    "mark": ("改为实际内容；在模板中须用该服务商的变量写法", "Write the actual words; in a template use the provider's own variable syntax"),
    "object": ("填入实际内容", "Fill in the actual content"),
    "nothing": ("取值为空时不要发送，先检查程序的取值", "Do not send without a value; check where the program takes it from"),
    "escape": ("还原为实际字符，或删除", "Write the actual character, or remove it"),
}  # fmt: skip


def check(document: Document) -> Iterator[Hit]:
    """Yield each residue in the signature, text and values; for markup, suggest the text without it."""
    for name, text in document.texts.items():
        if name == "remark":
            continue
        original = text.original
        value = name.startswith("params.") or name == "signature"
        plain = None if name == "signature" else without_markup(original)
        if plain == original or residue_left(plain or "", [place.text for place in text.placeholders], value):
            plain = None
        if name == "text" and document.signature is not None:  # a part of the text, and read as a value
            signed = without_markup(document.signature.original)
            plain = None if residue_left(signed, [], value=True) else plain
        own = [place.span for place in text.placeholders]
        ends = [span.end for span in own]
        done = 0
        for start, end, kind, possible in sorted(
            (start, end, kind, possible) for kind, start, end, possible in found(original, value)
        ):
            span = text.place(start, end)
            if start < done:
                continue
            done = end
            first = bisect_right(ends, span.start)
            if first < len(own) and own[first].start < span.end:
                continue
            zh, en = KINDS[kind]
            fix, fix_en = FIXES[kind]
            words = {"what": zh, "what_en": en, "how": fix, "how_en": fix_en}
            suggestion = plain or None if kind in ("tag", "entity") else None
            yield Hit(span, words, suggestion=suggestion, possible=possible)


def residue_left(plain: str, placeholders: list[str], value: bool) -> bool:
    """Return whether a text without markup still has residue outside these placeholders."""
    for placeholder in placeholders:
        plain = plain.replace(placeholder, HOLE)
    return next(found(plain, value), None) is not None


def found(original: str, value: bool) -> Iterator[tuple[str, int, int, bool]]:
    """Yield (kind, start, end, whether it may be meant) of each residue; `value` for a field that is one value."""
    for kind, pattern in (("tag", TAG), ("entity", ENTITY), ("mark", MARK), ("object", OBJECT)):
        for item in pattern.finditer(original):
            yield kind, *item.span(), False
    for item in FILLED.finditer(original) if value else ():
        if not TAG.match(original, item.start()):
            yield "mark", *item.span(), False
    for item in ESCAPE.finditer(original):
        yield "escape", *item.span(), True
    if value and WHOLE.fullmatch(original.strip()):
        yield "nothing", 0, len(original), False
        return
    done = 0
    for item in ENCLOSED.finditer(original):
        yield "nothing", *item.span(), False
        done = item.end()
    about_programs = TOPIC.search(original) is not None
    for item in BARE.finditer(original, done):
        start, end = item.span()
        before, after = original[max(0, start - 8) : start], original[end : end + 4]
        announced = EXPECTED.search(before) is not None or (item[0] != "None" and not before)
        if announced and (BEFORE_VALUE.match(after) or item[0] not in ("None", "nil")):
            yield "nothing", start, end, about_programs
        elif item[0] not in ("None", "nil") and not about_programs:
            yield "nothing", start, end, True


def without_markup(original: str) -> str:
    """Return the text that a browser would show in one line: tags dropped, entities as characters."""
    shown = TAG.sub("", BREAK.sub("\n", original))
    shown = ENTITY.sub(lambda item: html.unescape(item[0].rstrip(";") + ";"), shown)
    if shown == original:
        return original
    shown = re.sub(r"(?<=[a-z])[ \n]*\n[ \n]*(?=[A-Za-z])", " ", shown.replace("\xa0", " ").strip())
    return re.sub(r"(?<=\w)\n+(?=\w)", "，", shown).replace("\n", "")
