"""The words and codes that vendors, consoles and carriers use for the values of fields.

Codes differ between vendors: 0 is a verification code at Alibaba Cloud and an ordinary message at Tencent Cloud.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from smsvet.model import Lang
from smsvet.sms.provider import Provider

from ..wording import say

Meaning = Mapping[str, str]
"""The fields that a word stands for, with their values; empty for a word that leaves its field open."""

_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "purpose": {
        "verification": (
            "验证码", "验证", "校验码", "动态码", "动态密码", "短信验证码", "登录验证", "VERIFY_CODE_TYPE", "CommonVcode",
            "otp", "verify", "vcode", "verification code", "authentication", "code", "CN_OTP", "I18N_OTP",
        ),
        "notification": (
            "通知", "短信通知", "行业通知", "事务", "事务通知", "业务通知", "服务通知", "系统通知", "交易通知", "订单通知",
            "NOTIFY_TYPE", "CommonNotice", "notice", "notify", "utility", "transactional", "transaction", "service implicit",
            "CN_NTC", "I18N_NTC",
        ),
        "marketing": (
            "营销", "会销", "会员营销", "推广", "会员推广", "营销推广", "推广营销", "营销活动", "广告", "商业广告", "促销",
            "PROMOTION_TYPE", "CommonSale", "promotion", "promotional", "promo", "advertising", "advertisement",
            "CN_MKT", "I18N_MKT",
        ),
        "": (
            "普通", "行业", "触发", "通用", "验证码通知", "验证码和通知", "验证码及通知", "验证码或通知", "验证码、通知",
            "验证码、通知类", "通知验证码", "通知和验证码", "ordinary", "general", "industry", "数字",
            "service explicit",
        ),
    },
    "region": {
        "mainland": ("国内", "大陆", "中国大陆", "中国", "境内", "内地", "cn", "china", "domestic", "false", "否"),
        "international": (
            "国际", "海外", "境外", "国外", "国际港澳台", "港澳台", "国际及港澳台", "国际和港澳台", "国际(含港澳台)",
            "intl", "international", "overseas", "true", "是",
        ),
        "": ("全球", "国内和国际", "国内国际", "国内及国际", "国内/国际", "global"),
    },
    "source": {
        "company": (
            "公司", "企业", "企事业", "企事业单位", "企业名称", "公司名称", "企业单位", "企业全称", "企业简称", "公司简称",
        ),
        "app": ("app", "应用", "已上线app", "app应用", "应用名称", "app名称", "已上线app应用"),
        "website": (
            "网站", "已备案网站", "备案网站", "工信部备案网站", "工信部备案的网站", "网站名称", "域名", "site",
        ),
        "official_account": (
            "公众号", "微信公众号", "公众号或小程序", "公众号或者小程序", "公众号小程序", "公众号、小程序", "公众号名称",
            "official account",
        ),
        "mini_program": ("小程序", "微信小程序", "小程序名称", "mini program"),
        "trademark": ("商标", "商标名", "商标名称", "注册商标"),
        "government": (
            "政府", "政府机关", "机关", "事业单位", "政府机关事业单位", "政府机关事业单位其他企事业单位",
            "政府机关事业单位其他单位", "党政机关",
        ),
        "shop": ("店铺", "店铺名", "电商店铺", "电商平台", "电商平台店铺", "电商平台店铺名", "网店"),
        "": ("通用", "其他"),
    },
    "usage": {
        "own": ("自用", "本企业自用", "本单位自用", "自有", "本公司", "false", "no", "否"),
        "other": ("他用", "第三方", "他人", "代他人申请", "为他人申请", "true", "yes", "是"),
    },
    "account.type": {
        "enterprise": (
            "企业", "企业认证", "企业用户", "企业账号", "企业账户", "企业实名", "公司", "单位", "company", "business",
        ),
        "individual": (
            "个人", "个人认证", "个人用户", "个人账号", "个人账户", "个人实名", "personal", "person",
        ),
    },
    "documents": {
        "business_license": ("营业执照", "企业营业执照", "营业执照副本"),
        "organization_code": ("组织机构代码证", "组织机构代码证书"),
        "credit_code": ("社会信用代码证书", "统一社会信用代码证书", "统一社会信用代码"),
        "app_backend": ("应用后台截图", "app后台截图", "应用后台管理截图", "应用商店后台截图"),
        "icp_backend": ("备案截图", "网站备案截图", "备案服务商后台截图", "icp备案截图"),
        "mini_program_page": ("小程序设置页面截图", "小程序截图"),
        "official_account_page": ("公众号设置页面截图", "公众号截图"),
        "trademark": ("商标注册证", "商标注册证书", "商标注册书", "商标证书"),
        "authorization": ("授权书", "授权委托书", "签名授权书", "委托书"),
    },
}  # fmt: skip
"""Field -> value -> words; the value "" leaves the field open."""

_SIGN_SOURCES: Final[Mapping[str, Meaning]] = {
    "0": {"source": "company"},
    "1": {"source": "website"},
    "2": {"source": "app"},
    "3": {"source": "official_account"},
    "4": {"source": "shop"},
    "5": {"source": "trademark"},
}
_CODES: Final[Mapping[str, Mapping[str, Mapping[str, Meaning]]]] = {
    "purpose": {
        # SmsType; until May 2024, 0 was an ordinary message: a code or a notification.
        "tencent": {
            "0": {},
            "1": {"purpose": "marketing"},
            "2": {"purpose": "notification"},
            "3": {"purpose": "verification"},
        },
        # TemplateType of Create, Get and Query; OuterTemplateType. The list answer has codes of its own.
        "aliyun": {
            "0": {"purpose": "verification"},
            "1": {"purpose": "notification"},
            "2": {"purpose": "marketing"},
            "3": {"region": "international"},
        },
        "ucloud": {
            "1": {"purpose": "verification"},
            "2": {"purpose": "notification"},
            "3": {"purpose": "marketing"},
        },
    },
    "region": {
        "": {"0": {"region": "mainland"}, "1": {"region": "international"}, "3": {}},
    },
    "source": {
        "tencent": {
            "0": {"source": "company"},
            "1": {"source": "app"},
            "2": {"source": "website"},
            "3": {"source": "official_account"},
            "4": {"source": "trademark"},
            "5": {"source": "government"},
        },
        **dict.fromkeys(("aliyun", "huawei", "huawei-intl"), _SIGN_SOURCES),
    },
    "usage": {"": {"0": {"usage": "own"}, "1": {"usage": "other"}}},
}
"""Field -> provider, "" for all -> code -> meaning. Sources: the vendors' API references."""

PROVIDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "tencent": ("腾讯", "qcloud", "tencentcloud"),
    "aliyun": ("阿里", "阿里云通信", "阿里大于", "阿里大鱼", "alibaba", "alibabacloud", "alicloud", "dysms"),
    "huawei": ("华为", "huaweicloud"),
    "huawei-intl": ("华为国际", "华为云国际"),
    "yunpian": ("云片网", "云片网络"),
    "chuanglan": ("创蓝", "253", "253云", "创蓝253", "253云通讯", "创蓝云智"),
    "ucloud": ("优刻得",),
    "baidu": ("百度", "百度云", "百度智能云"),
    "qiniu": ("七牛", "七牛云"),
    "volcengine": ("火山", "火山引擎", "字节跳动"),
    "jiguang": ("极光", "极光推送", "jpush"),
    "submail": ("赛邮云", "赛邮云通信"),
    "netease": ("网易", "网易云", "云信", "网易易盾"),
    "ctyun": ("天翼", "电信天翼云"),
    "juhe": ("聚合",),
    "zhutong": ("助通", "助通科技"),
    "whatsapp": ("meta", "whatsapp business"),
}
"""Provider id -> names that its title does not give."""

_TAIL: Final = re.compile(r"(?:短信|简讯|短消息|消息|类型|类别|类|模板|模版|签名|sms|message)+$")
_SOURCE_TAIL: Final = re.compile(r"(?:的?全称或简称|的?全称|的?简称|的?名称)$")
_REGION_HEAD: Final = re.compile(r"^(国际/?(?:及|和|、)?港澳台|国际|港澳台|海外|境外|国内)(?:短信)?")


_SIMPLIFIED: Final = str.maketrans(
    "內類簽範備註號碼發簡訊說時間區國際參數變稱業證標題審狀態單網應編電話帳戶營銷驗廣類動錄無選擇實屬性質資費產業務機關開頭員計劃",
    "内类签范备注号码发简讯说时间区国际参数变称业证标题审状态单网应编电话账户营销验广类动录无选择实属性质资费产业务机关开头员计划",
)
"""Traditional characters of headings and words. 帐, the usual slip for 账, is read as such."""


def plain(name: str) -> str:
    """Return a name normalised for comparison.

    Removed are width, case, blanks, joiners such as `_` and `/`, stars, and remarks in brackets. Traditional
    characters become simplified ones.
    """
    name = unicodedata.normalize("NFKC", name).casefold().translate(_SIMPLIFIED).replace("帐", "账")
    return re.sub(r"\(.*?\)|\[.*?\]|【.*?】|[\s*:/·_\-、\ufeff\u200b]", "", name)


_BY_WORD: Final = {
    field: {
        plain(word): ({field: value} if value else {})
        for value, words in values.items()
        for word in (value, *words)
        if word
    }
    for field, values in _WORDS.items()
}
_PROVIDER_TAIL: Final = re.compile(r"(?:短信服务|短信平台|云短信|短信|平台|服务)$")
FIELDS_WITH_WORDS: Final = frozenset(_WORDS)


@lru_cache(maxsize=4096)
def meaning(field: str, text: str, provider: str) -> Meaning | None:
    """Return what a word or code in this field's column means for a provider, None for an unknown one."""
    codes = _CODES.get(field, {})
    for owner in (provider, ""):
        if (code := text.strip()) in codes.get(owner, {}):
            return codes[owner][code]
    known, name = _BY_WORD[field], plain(text)
    for word in (name, _TAIL.sub("", name), _SOURCE_TAIL.sub("", name) if field == "source" else name):
        if word in known:
            return known[word]
    if field == "purpose" and (region := _REGION_HEAD.match(name)):
        kind = _TAIL.sub("", name[region.end() :])
        if not kind or kind in known:
            found = "mainland" if region[1] == "国内" else "international"
            return {"region": found, **(known[kind] if kind else {})}
    if field == "source" and (purpose := _BY_WORD["purpose"].get(_TAIL.sub("", name))) is not None:
        return purpose  # the type of a signature is its purpose at some vendors
    return None


def provider_names(providers: Mapping[str, Provider]) -> dict[str, str]:
    """Return provider ids by the names that tables may use: id, title, shortened title."""
    names: dict[str, str] = {}
    for key, provider in providers.items():
        title = provider.title.short("zh")
        names |= {
            plain(name): key
            for name in (key, provider.title.zh, provider.title.en, title, title.removesuffix("云"))
        }
    return names


def provider_of(text: str, providers: Mapping[str, str]) -> str:
    """Return the id of a provider by one of its normalised names, the text itself for an unknown one."""
    name = plain(text)
    return providers.get(name) or providers.get(_PROVIDER_TAIL.sub("", name)) or text


def unknown_word(field: str, heading: str, text: str, provider: str, lang: Lang) -> str:
    """Return the error for a word that has no meaning: the column, the word, and those that are right."""
    right = "、".join(
        f"{words[0]}（{value}）" if value else say(lang, f"{words[0]}（不区分）", f"{words[0]} (any)")
        for value, words in _WORDS[field].items()
    )
    if lang == "en":
        right = ", ".join(value or f"{words[0]} (any)" for value, words in _WORDS[field].items())
    codes = _CODES.get(field, {})
    for owner in (provider, ""):
        if owner in codes:
            pairs = say(lang, "、", ", ").join(
                f"{code} = {_shown(means, lang)}" for code, means in codes[owner].items()
            )
            of = say(
                lang,
                f"；{owner} 的代码：" if owner else "；代码：",
                f"; codes of {owner}: " if owner else "; codes: ",
            )
            right += of + pairs
    near = difflib.get_close_matches(plain(text), list(_BY_WORD[field]), 1)
    hint = say(lang, f"；是否应为“{near[0]}”？", f"; did you mean “{near[0]}”?") if near else ""
    name = say(lang, f"{field}（{heading}）", f"{field} ({heading})") if heading else field
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return say(
        lang,
        f"{name}: 没有“{shown}”这个值；可用：{right}{hint}",
        f"{name}: “{shown}” is not a value; known: {right}{hint}",
    )


def _shown(means: Meaning, lang: Lang) -> str:
    """Return a meaning in words of the language."""
    words = [
        say(lang, next(iter(_WORDS.get(field, {}).get(value, ())), value), value)
        for field, value in means.items()
    ]
    return say(lang, "、", ", ").join(words) or say(lang, "不区分", "any")
