"""Chinese and English names of fields, decisions, purposes and other words of the contract."""

from __future__ import annotations

from collections.abc import Mapping

Label = tuple[str, str]
"""Chinese, English."""

FIELDS: Mapping[str, Label] = {
    "id": ("编号", "id"),
    "signature": ("签名", "signature"),
    "body": ("正文", "body"),
    "params": ("变量值", "values"),
    "text": ("完整短信", "message"),
    "purpose": ("短信类型", "purpose"),
    "provider": ("服务商", "provider"),
    "region": ("地区", "region"),
    "as_of": ("日期", "date"),
    "remark": ("申请说明", "remark"),
    "source": ("签名来源", "signature source"),
    "usage": ("签名用途", "usage"),
    "documents": ("证明材料", "documents"),
    "variables": ("变量属性", "variable attributes"),
    "samples": ("示例", "samples"),
    "account": ("账号信息", "account"),
    "account.type": ("账号类型", "account type"),
    "account.name": ("账号名称", "account name"),
    "account.icp_domains": ("备案域名", "filed domains"),
    "account.signatures": ("已有签名", "approved signatures"),
    "account.trademarks": ("商标", "trademarks"),
    "recipients": ("手机号", "recipients"),
    "sent_at": ("发送时间", "sending time"),
    "history": ("发送记录", "sending history"),
}
"""The fields of a submission, and of its account. The Chinese names are also headings that tables may have."""

FACTS: Mapping[str, Label] = {
    **FIELDS,
    "placeholders": ("变量", "placeholders"),
    "problems": ("写错的变量", "malformed placeholders"),
    "terms": ("词库中的词", "lexicon terms"),
    "links": ("链接", "links"),
    "contacts": ("联系方式", "contact details"),
    "purpose": ("申报的短信类型", "a declared purpose"),
}
"""Names for the facts that a rule may need: fields, and things found in the texts."""

DECISIONS: Mapping[str, Label] = {
    "approve": ("通过", "approved"),
    "manual_review": ("人工复核", "manual review"),
    "reject": ("驳回", "rejected"),
}
RULE_DECISIONS: Mapping[str, Label] = {
    "approve": ("提示", "advice"),
    "manual_review": ("人工复核", "manual review"),
    "reject": ("驳回", "reject"),
    "off": ("停用", "off"),
}
"""Names for the decisions of a rule: `approve` in a rule is advice."""

KINDS: Mapping[str, Label] = {
    "signature": ("签名", "signature"),
    "template": ("模板", "template"),
    "message": ("短信", "message"),
}
PURPOSES: Mapping[str, Label] = {
    "verification": ("验证码", "verification"),
    "notification": ("通知", "notification"),
    "marketing": ("营销", "marketing"),
}
REGIONS: Mapping[str, Label] = {
    "mainland": ("国内", "mainland"),
    "international": ("国际", "international"),
}
PROFILES: Mapping[str, Label] = {
    "18": ("腾讯云 2021 年以前的规范", "Tencent Cloud's standards before 2021"),
    "21": ("腾讯云 2021 至 2024 年的规范", "Tencent Cloud's standards of 2021 to 2024"),
    "25": ("腾讯云 2025 年以来的规范", "Tencent Cloud's standards since 2025"),
    "26": ("其他国内服务商的规范", "the standards of other mainland providers"),
    "intl": ("国际短信的规范", "the standards for international messages"),
}
"""The eras of the review standards."""

MEANINGS: Mapping[str, str] = {
    **dict.fromkeys(("通过", "提示", "仅提示", "放行", "advice"), "approve"),
    **dict.fromkeys(("人工复核", "人工审核", "人工", "复核", "转人工", "manual", "review"), "manual_review"),
    **dict.fromkeys(("驳回", "拒绝", "不通过", "禁止", "block", "deny", "rejected"), "reject"),
    **dict.fromkeys(("停用", "关闭", "关", "disabled"), "off"),
    **dict.fromkeys(("启用", "开启", "开", "enabled"), "on"),
    **dict.fromkeys(("签名",), "signature"),
    **dict.fromkeys(("模板",), "template"),
    **dict.fromkeys(("短信", "成稿"), "message"),
    **dict.fromkeys(("强", "强词"), "strong"),
    **dict.fromkeys(("弱", "弱词"), "weak"),
    **dict.fromkeys(("正文", "模板内容"), "body"),
    **dict.fromkeys(("完整短信",), "text"),
    **dict.fromkeys(("变量值", "参数"), "params"),
    **dict.fromkeys(("申请说明", "备注"), "remark"),
    **dict.fromkeys(("正则", "正则表达式", "regex", "regexp"), "pattern"),
    **dict.fromkeys(("词", "词库", "term", "words"), "terms"),
    **dict.fromkeys(("长度",), "length"),
    **dict.fromkeys(("变量", "占位符"), "placeholder"),
    **dict.fromkeys(("链接", "url"), "link"),
    **dict.fromkeys(("联系方式",), "contact"),
    **dict.fromkeys(("字段",), "field"),
    **dict.fromkeys(("分数", "打分"), "score"),
    **dict.fromkeys(("全部", "and"), "all"),
    **dict.fromkeys(("任一", "or"), "any"),
    **dict.fromkeys(("除非", "not"), "unless"),
}
"""Words that people write in rule and policy files, and the fixed value that they mean."""


def label(table: Mapping[str, Label], name: str, lang: str) -> str:
    """Return the name in `lang` (`zh`, or anything else for English); the name itself where the table lacks it."""
    return table[name][0 if lang == "zh" else 1] if name in table else name


def labels(table: Mapping[str, Label], names: tuple[str, ...], lang: str) -> str:
    """Return several names in `lang`, as a list in a sentence."""
    return ("、" if lang == "zh" else ", ").join(label(table, name, lang) for name in names)


def field_label(field: str, lang: str) -> str:
    """Return the field of a finding in `lang`: `params.1` is value 1."""
    name, _, key = field.partition(".")
    if name == "params" and key:
        return f"变量值 {key}" if lang == "zh" else f"value {key}"
    return label(FIELDS, field, lang)
