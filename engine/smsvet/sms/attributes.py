"""Variable attributes with the pattern and length of their values. Each attribute names its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NUMERALS = "零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿点圆角分整正"
_DATE = r"(?:[0-9]{8}|(?:[0-9]{4}[-/.年])?[0-9]{1,2}[-/.月][0-9]{1,2}[日号]?|[0-9]{4}年(?:[0-9]{1,2}月)?|[0-9]{1,2}[日号])"
_HALF = r"(?:上午|下午|晚上|早上|中午|凌晨|傍晚)?"
_CLOCK = rf"{_HALF} ?(?:[0-9]{{1,2}}[:：][0-9]{{2}}(?:[:：][0-9]{{2}})?|[0-9]{{1,2}}[时点](?:[0-9]{{1,2}}分?|半|整)?(?:[0-9]{{1,2}}秒)?)"
_MOMENT = r"[0-9年月日号时点分秒半整:：/\-. ~～—至到上下中午前后晚早凌晨傍周星期一二三四五六天()（）]+"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A variable attribute: its names with the vendors, its title and value format in two languages, and its source.

    `pattern` must match a whole value. `least` and `most` are its minimum and maximum length in code points.
    """

    names: tuple[str, ...]
    zh: str
    en: str
    rule_zh: str
    rule_en: str
    pattern: str
    least: int
    most: int
    source: str

    def fits(self, value: str) -> bool:
        """Return whether a value has the pattern and length of this attribute."""
        return (
            self.least <= len(value) <= self.most and re.fullmatch(self.pattern, value, re.DOTALL) is not None
        )


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(
        ("otp", "otp_digits", "otp_digits_46", "numbercaptcha", "otp_huawei"),
        "验证码", "code", "4 至 8 位数字", "4 to 8 digits", r"[0-9]+", 4, 8, "A-RULE, H-TPL",
    ),
    Attribute(
        ("otp_alnum_46", "characterwithnumber2"),
        "验证码", "code", "4 至 6 位数字或字母", "4 to 6 digits or letters", r"[0-9A-Za-z]+", 4, 6, "A-RULE",
    ),
    Attribute(
        ("minutes", "otp_minutes", "verifytime"),
        "有效时间", "minutes", "1 至 99 的整数", "a whole number from 1 to 99", r"[1-9][0-9]?", 1, 2, "A-VALID",
    ),
    Attribute(
        ("phone", "phone_number2", "phone_number"),
        "电话号码", "telephone number", "手机号、固话、400 或 95 等号码，只含数字和“-”",
        "a mobile, landline, 400 or service number of digits and hyphens",
        r"1[3-9][0-9]{9}|(?!1[0-9]{10}\Z)(?=(?:-?[0-9]){5,13}\Z)[0-9][0-9-]*[0-9]", 5, 15, "A-RULE",
    ),
    Attribute(
        ("phone_huawei",),
        "电话号码", "telephone number", "4 至 15 位的手机号、固话、400 或 95 等号码，只含数字和“-”",
        "a mobile, landline, 400 or service number of 4 to 15 digits and hyphens",
        r"1[3-9][0-9]{9}|(?!1[0-9]{10}\Z)[0-9][0-9-]*[0-9]", 4, 15, "H-VAR",
    ),
    Attribute(
        ("time",),
        "时间", "time", "公历日期或时间，如 2026-01-31 或 18:30", "a date or a time, such as 2026-01-31 or 18:30",
        rf"(?=.*[0-9一二三四五六天]){_MOMENT}", 1, 35, "A-RULE",
    ),
    Attribute(
        ("datetime",),
        "日期时间", "date or time", "日期或时间；两者都有时用两个变量", "a date or a time; use two variables for both",
        rf"{_DATE}|{_CLOCK}", 1, 20, "H-VAR",
    ),
    Attribute(
        ("date",), "日期", "date", "yyyy/MM/dd", "yyyy/MM/dd",
        r"[0-9]{4}/(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12][0-9]|3[01])", 8, 10, "H-VAR-INTL",
    ),
    Attribute(
        ("clock",), "时刻", "time of day", "HH:mm 或 HH:mm:ss", "HH:mm or HH:mm:ss",
        r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?", 4, 8, "H-VAR-INTL",
    ),
    Attribute(
        ("money",), "金额", "amount", "数字、小数点或大写数字，不含“元”“¥”",
        "digits, a decimal point or capital numerals, no currency", rf"[0-9]+(?:\.[0-9]+)?|[{_NUMERALS}]+", 1, 35, "A-VALID",
    ),
    Attribute(
        ("money_huawei",), "金额", "amount", "20 位以内的数字、小数点或大写数字，货币符号写在固定文字里",
        "at most 20 digits, decimal points or capital numerals; the currency is fixed text",
        rf"[0-9.]+|[{_NUMERALS}]+", 1, 20, "H-VAR",
    ),
    Attribute(
        ("name",), "个人姓名", "personal name", "2 至 5 个简体汉字", "2 to 5 simplified Chinese characters",
        r"[\u4e00-\u9fff·]+", 2, 5, "A-VALID",
    ),
    Attribute(
        ("user_nick",), "用户昵称", "nickname", "不超过 20 个字，不含表情", "at most 20 characters, no emoji",
        r"[^\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+", 1, 20, "A-VALID",
    ),
    Attribute(
        ("unit_name",), "单位名称", "name of an organisation", "不超过 20 个汉字", "at most 20 Chinese characters",
        r"[\u4e00-\u9fff（）()]+", 1, 20, "A-VALID",
    ),
    Attribute(
        ("address",), "地址", "address", "不超过 30 个字", "at most 30 characters", r".+", 1, 30, "A-VALID",
    ),
    Attribute(
        ("plate", "license_plate_number"), "车牌号", "number plate", "完整车牌号，如浙A12345", "a whole plate, such as 浙A12345",
        r"[\u4e00-\u9fff][A-Z][A-Z0-9·*\u4e00-\u9fff]+|[A-Z0-9]{4,}", 4, 10, "A-VALID",
    ),
    Attribute(
        ("tracking_no", "tracking_number"), "快递单号", "tracking number", "8 至 16 位数字，或字母开头的字母数字",
        "8 to 16 digits, or letters and digits that begin with a letter",
        r"[0-9]+|[A-Za-z][A-Za-z0-9]+", 8, 16, "A-VALID",
    ),
    Attribute(
        ("pickup_code", "pick_up_code"), "取件码", "pickup code", "4 至 8 位数字、“-”或“_”",
        "4 to 8 digits, hyphens or underscores", r"[0-9_-]+", 4, 8, "A-VALID",
    ),
    Attribute(
        ("link_param",), "链接参数", "part of a link", "1 至 8 位字母或数字，不能是完整网址",
        "1 to 8 letters or digits, never a whole address", r"[A-Za-z0-9]+", 1, 8, "A-VALID",
    ),
    Attribute(
        ("email", "email_address"), "邮箱", "e-mail address", "7 至 30 个字符的邮箱地址",
        "an e-mail address of 7 to 30 characters", r"[^@\s]+@[^@\s]+", 7, 30, "A-VALID",
    ),
    Attribute(
        ("other_number", "other_number2"), "其他号码", "other number", "35 位以内的字母和数字",
        "at most 35 letters and digits", r"[A-Za-z0-9]+", 1, 35, "A-VALID",
    ),
    Attribute(
        ("chardigit",), "其他号码", "other number", "20 位以内的字母、数字和“_”",
        "at most 20 letters, digits and underscores", r"[A-Za-z0-9_]+", 1, 20, "H-VAR",
    ),
    Attribute(
        ("text", "newtext"), "其他", "other", "不超过 20 个字，不含 . 。 ' < > { }", "at most 20 characters other than . 。 ' < > { }",
        r"[^.。'<>{}]+", 1, 20, "H-VAR",
    ),
    Attribute(("others",), "其他", "other", "不超过 35 个字", "at most 35 characters", r".+", 1, 35, "A-VALID"),
    Attribute(("num",), "数字", "digits", "数字", "digits", r"[0-9]+", 1, 20, "H-VAR-INTL"),
    Attribute(("numeric", "number"), "数字", "digits", "只含数字", "digits only", r"[0-9]+", 1, 40, "MSG91-TAG"),
    Attribute(
        ("alphanumeric",), "字母、数字", "letters and digits", "姓名、地址、编号等，不能是网址",
        "names, addresses or numbers, never a web address", r"(?!https?://|www\.).+", 1, 40, "MSG91-TAG",
    ),
    Attribute(
        ("url", "urlott"), "网址", "web address", "完整的网址", "a whole web address",
        r"(?:https?://)?[^\s/]+\.[^\s]+", 4, 200, "MSG91-TAG",
    ),
    Attribute(
        ("cbn",), "回拨号码", "callback number", "手机、固话或免费电话号码", "a mobile, landline or toll-free number",
        r"\+?[0-9](?:[ -]?[0-9]){2,14}", 3, 20, "MSG91-TAG",
    ),
    Attribute(("txt",), "文本", "text", "不超过 20 个字", "at most 20 characters", r".+", 1, 20, "H-VAR-INTL"),
)  # fmt: skip
"""Every attribute. Patterns need not exclude contacts and links, because other rules find them in any value."""

_BY_NAME = {name: attribute for attribute in ATTRIBUTES for name in attribute.names}
_HUAWEI = {"money": "money_huawei", "phone": "phone_huawei"}
_HUAWEI_INTL = {"time": "clock"}

_ALIYUN_NAMES = {
    "otp": ("numberCaptcha", "characterWithNumber2"),
    "minutes": ("verifyTime", "time", "other_number2"),
    "pickup_code": ("pick_up_code", "other_number2"),
    "plate": ("license_plate_number",),
    "phone": ("phone_number2",),
    "money": ("money",),
    "other_number": ("other_number2", "tracking_number"),
    "time": ("time",),
    "name": ("name", "user_nick", "unit_name"),
    "address": ("address", "unit_name"),
}
_CTYUN_NAMES = {
    "otp": ("other_number", "otp"),
    "minutes": ("minutes", "time", "other_number"),
    "pickup_code": ("pickup_code", "other_number"),
    "other_number": ("other_number", "tracking_no"),
    "name": ("name", "user_nick", "unit_name"),
    "address": ("address", "unit_name"),
}
_HUAWEI_NAMES = {
    "otp": ("CHARDIGIT",),
    "minutes": ("CHARDIGIT", "DATETIME", "TEXT"),
    "pickup_code": ("CHARDIGIT",),
    "plate": ("TEXT", "CHARDIGIT"),
    "phone": ("PHONE",),
    "money": ("MONEY",),
    "other_number": ("CHARDIGIT",),
    "time": ("DATETIME",),
    "name": ("TEXT",),
    "address": ("TEXT",),
    "others": ("TEXT",),
}
_OWN_NAMES = {"aliyun": _ALIYUN_NAMES, "ctyun": _CTYUN_NAMES, "huawei": _HUAWEI_NAMES}
"""By provider and inferred attribute, the provider's own names for it, the best first. Sources: A-RULE, A-VALID, C-VAR, H-VAR."""

# (attribute, pattern before the placeholder, pattern after it), the most reliable cues first.
_CUES: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (name, re.compile(before), re.compile(after))
    for name, before, after in (
        ("minutes", r"(?!)", r"\s*(?:分钟|分内|小时|秒|天内|min)"),
        ("otp", r"(?:验证码|校验码|注册码|动态码|动态密码|code)[为是:：\s]*\Z", r"\s*(?:[（(]|是|为)?.{0,4}(?:验证码|校验码|动态码)"),
        ("pickup_code", r"(?:取件码|提货码)[为是:：\s]*\Z", r"(?!)"),
        ("plate", r"车牌号?码?[为是:：\s]*\Z", r"(?!)"),
        ("phone", r"(?:电话|热线|客服|手机号?码?|致电|联系方式|拨打|tel)[为是:：\s]*\Z", r"(?!)"),
        ("money", r"(?:¥|￥|金额|余额|费用|合计|共计)[为是:：\s]*\Z", r"\s*元"),
        ("other_number", r"(?:订单|单号|编号|流水号?|运单|快递|账号|账户|帐号|卡号|尾号|工号|学号|密码)号?[为是:：\s]*\Z", r"(?!)"),
        ("time", r"(?:时间|日期|(?<![位由关对属用基处便至低高大小等在])于|截止|截至)[为是:：\s]*\Z", r"(?!)"),
        ("name", r"(?:尊敬的|亲爱的)\Z", r"\s*(?:您好|你好|先生|女士|老师|同学)"),
        ("address", r"(?:地址|门店|位于|地点)[为是:：\s]*\Z", r"(?!)"),
    )
)  # fmt: skip


def attribute_named(name: str, provider: str) -> Attribute | None:
    """Return the attribute with a name of the given provider, None for an unknown name."""
    name = name.lower()
    if provider == "huawei":
        name = _HUAWEI.get(name, name)
    elif provider == "huawei-intl":
        name = _HUAWEI_INTL.get(name, name)
    return _BY_NAME.get(name)


@lru_cache(maxsize=4096)
def inferred_attribute(before: str, after: str) -> str | None:
    """Return the name of the attribute suggested by the text around a placeholder, None without a cue."""
    before, after = before.lower(), after.lower()
    return next((name for name, left, right in _CUES if left.search(before) or right.match(after)), None)


def own_attributes(name: str, provider: str) -> tuple[str, ...]:
    """Return the names of a provider's attributes for an inferred one, in its own spelling, the best first.

    A provider without a list of its own gets the inferred name.
    """
    return _OWN_NAMES.get(provider, {}).get(name, (name,))


def is_suited(declared: str, inferred: str, provider: str) -> bool:
    """Return whether a declared attribute is one of the provider's attributes for the inferred one."""
    known = attribute_named(declared, provider)
    return known in {
        attribute_named(name, provider) for name in (inferred, *own_attributes(inferred, provider))
    }
