"""The columns of a table: which field each holds, and the submission that a row describes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from smsvet.labels import FIELDS
from smsvet.model import Lang
from smsvet.schema import AccountIn, SubmissionIn

from ..wording import say
from .cells import CellError, is_blank, read_cell
from .words import FIELDS_WITH_WORDS, meaning, plain, provider_of, unknown_word

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": (
        "编号", "模板ID", "模板编号", "模板CODE", "模板编码", "模版ID", "模版CODE", "签名ID", "签名编号", "短信ID", "序号",
        "Template ID", "Template Code", "Template No", "tpl_id", "Sign ID", "Signature ID", "No.",
    ),
    "signature": (
        "签名", "短信签名", "签名内容", "签名名称", "签名文本", "关联签名", "绑定签名", "简讯签名",
        "Sign Name", "Sign", "Signature Name", "Signature Content", "SigContent", "Related Sign Name",
    ),
    "body": (
        "模板内容", "短信内容", "内容", "模板正文", "短信正文", "正文", "模板文本", "短信文本", "模板文案", "短信文案", "文案",
        "模板", "短信模板", "范本内容", "简讯内容",
        "Template Content", "Template Body", "Template Text", "Content", "SMS Content", "tpl_content", "Template",
    ),
    "params": (
        "参数", "模板参数", "参数值", "变量值", "模板变量值", "Template Param", "Template Params", "Template Param Set",
        "Parameters", "Values",
    ),
    "text": (
        "完整短信", "短信全文", "发送内容", "下发内容", "短信原文", "发送文本", "Message", "Message Content", "Message Text",
        "SMS Text",
    ),
    "purpose": (
        "短信类型", "模板类型", "客户业务类型", "业务类型", "类型", "短信类别", "模板类别", "类别", "简讯类型",
        "Template Type", "SMS Type", "Message Type", "Template Category", "Category", "Type",
    ),
    "provider": (
        "供应商", "服务商", "短信服务商", "短信平台", "平台", "厂商", "云厂商", "Vendor", "Platform",
    ),
    "region": (
        "地区", "区域", "国内国际", "国际国内", "短信区域", "发送区域", "适用地区", "International", "Country Type", "是否国际", "是否国际短信",
    ),
    "as_of": ("审核日期", "申请日期", "日期", "Date", "Review Date"),
    "remark": (
        "申请说明", "模板备注", "签名备注", "说明", "备注", "Remarks", "Description", "Note", "Notes",
    ),
    "source": ("签名来源", "来源", "签名类型", "Sign Source", "Signature Source", "Sign Type"),
    "usage": ("签名用途", "用途", "Sign Purpose"),
    "documents": ("证明材料", "证明类型", "材料"),
    "variables": ("变量属性", "变量类型", "Variable Attributes"),
    "samples": ("短信示例", "模板示例", "示例", "样例", "Sample", "Example", "Examples"),
    "account": (),
    "recipients": (
        "手机号", "手机号码", "接收号码", "接收手机号", "接收手机号码", "收件人手机号", "收件人", "目标号码", "手机",
        "Phone Number", "Phone Numbers", "Phone Number Set", "Mobile Number", "Phone", "Mobile", "Recipient", "msisdn",
        "Mobile Phone", "To",
    ),
    "sent_at": ("发送时间", "计划发送时间", "下发时间", "Send Time", "Send Date", "Sent Time"),
    "history": ("发送记录",),
    "account.type": ("账户类型", "账号类型", "认证类型", "主体类型", "Account Type"),
    "account.name": (
        "公司名称", "企业名称", "单位名称", "账户名称", "账户名", "认证主体", "主体名称", "公司全称", "企业全称", "公司名", "企业名",
        "Company Name", "Company", "Account Name",
    ),
    "account.icp_domains": ("备案域名", "已备案域名"),
    "account.signatures": ("已有签名", "已通过签名"),
    "account.trademarks": ("注册商标", "商标"),
}  # fmt: skip
"""Field -> other accepted names of its column; of two columns of a field, the earlier name counts."""

_ALIYUN_ID: Final = re.compile(r"SMS_[0-9]+")
"""The form of an Alibaba Cloud template code, which no other vendor has."""
DEFAULT_PROVIDER: Final = SubmissionIn.model_fields["provider"].default
OTHER: Final = "other"
"""Written for a field in `--column`: the column is none of ours."""
REVIEWED: Final = frozenset({"signature", "body", "text"})
"""A table needs a column of at least one of these fields."""

KNOWN: Final = frozenset(
    {*SubmissionIn.model_fields, *(f"account.{name}" for name in AccountIn.model_fields)}
)
BY_NAME: Final[Mapping[str, tuple[str, int]]] = {
    plain(name): (field, rank)
    for field, names in NAMES.items()
    for rank, name in enumerate((field, *FIELDS[field][:1], *names))
    if field in KNOWN
}
"""Normalised name -> field, and the rank of the name among those of its field."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The submission fields of a table's columns, in order; None for a column that is not ours or has no name."""

    fields: tuple[str | None, ...]
    headings: tuple[str, ...]
    providers: Mapping[str, str]
    provider: str | None
    """The provider of rows that name none, as far as it was given: the meaning of codes depends on it."""

    lang: Lang

    def record(self, cells: Sequence[object]) -> dict[str, Any]:
        """Return a row as submission data without empty cells. Raises CellError."""
        data: dict[str, Any] = {}
        account: dict[str, Any] = {}
        words: list[tuple[str, int, str]] = []
        for number, cell in enumerate(cells):
            if is_blank(cell):
                continue
            if number >= len(self.headings):
                raise CellError(
                    say(
                        self.lang,
                        f"第 {number + 1} 列没有列名却有内容（含逗号的文本要加引号）",
                        f"column {number + 1} has no name but holds something: quote texts with commas",
                    )
                )
            field = self.fields[number]
            if field is None:
                continue
            value = read_cell(field, cell, self.lang)
            if field == "provider":
                value = provider_of(str(value), self.providers)
            if field in FIELDS_WITH_WORDS and isinstance(value, str):
                words.append((field, number, value))
            elif field.startswith("account."):
                account[field.removeprefix("account.")] = value
            else:
                data[field] = value
        if self.provider is None and "provider" not in data and _ALIYUN_ID.fullmatch(str(data.get("id", ""))):
            data["provider"] = "aliyun"
        self._translate(words, data, account)
        if account:
            given = data.get("account")
            data["account"] = {**(given if isinstance(given, dict) else {}), **account}
        return data

    def _translate(
        self, words: list[tuple[str, int, str]], data: dict[str, Any], account: dict[str, Any]
    ) -> None:
        """Add the fields that the words of a row stand for. A column of its own outweighs what a type implies."""
        provider = data.get("provider") or self.provider or DEFAULT_PROVIDER
        implied: dict[str, str] = {}
        for field, number, text in words:
            means = meaning(field, text, provider)
            if means is None:
                raise CellError(unknown_word(field, self.headings[number], text, provider, self.lang))
            for name, value in means.items():
                if name == "account.type":
                    account["type"] = value
                elif name == field:
                    data[name] = value
                else:
                    implied[name] = value
        for name, value in implied.items():
            data.setdefault(name, value)

    def given(self, cells: Sequence[object]) -> dict[str, object]:
        """Return every column as given, by heading; an empty cell is None."""
        return {
            heading: None if number >= len(cells) or is_blank(cells[number]) else cells[number]
            for number, heading in enumerate(self.headings)
        }

    def other(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return the part of `given` that no field takes."""
        pairs = zip(self.headings, self.fields, strict=True)
        return {heading: given[heading] for heading, field in pairs if field is None}
