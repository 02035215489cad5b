"""Maps the column names of a table to submission fields, and converts its cells."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from smsvet.labels import FIELDS
from smsvet.model import Lang
from smsvet.schema import AccountIn, SubmissionIn

from ..strict_json import JsonError, parse_json
from ..wording import say
from .rows import InputError

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("编号", "序号", "模板ID", "模板编号", "模板CODE", "签名ID", "签名编号"),
    "signature": ("签名", "短信签名", "签名内容", "签名名称"),
    "body": ("模板内容", "短信内容", "内容", "模板", "短信模板", "模板正文", "正文"),
    "params": ("参数", "模板参数", "变量值"),
    "text": ("完整短信", "短信全文", "发送内容", "下发内容"),
    "purpose": ("类型", "客户业务类型", "短信类型", "模板类型", "业务类型"),
    "provider": ("供应商", "服务商", "平台", "短信平台"),
    "region": ("地区", "区域", "国内国际"),
    "as_of": ("日期", "审核日期", "申请日期"),
    "remark": ("备注", "申请说明", "模板备注", "签名备注", "说明"),
    "source": ("签名来源", "来源", "签名类型"),
    "usage": ("签名用途", "用途"),
    "documents": ("证明材料", "证明类型", "材料"),
    "variables": ("变量属性", "变量类型"),
    "samples": ("示例", "短信示例", "样例"),
    "account": (),
    "recipients": ("手机号", "手机号码", "接收号码", "收件人"),
    "sent_at": ("发送时间",),
    "history": ("发送记录",),
    "account.type": ("账户类型", "账号类型", "认证类型", "主体类型"),
    "account.name": ("公司名称", "企业名称", "单位名称", "账户名称", "认证主体", "主体名称"),
    "account.icp_domains": ("备案域名", "已备案域名"),
    "account.signatures": ("已有签名", "已通过签名"),
    "account.trademarks": ("商标", "注册商标"),
}
"""Field -> other accepted names of its column."""

_VALUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "purpose": {
        "verification": ("验证码", "验证"),
        "notification": ("通知", "行业通知", "事务通知", "普通"),
        "marketing": ("营销", "会员营销", "推广", "会员推广", "广告"),
    },
    "region": {
        "mainland": ("国内", "大陆", "中国大陆", "境内"),
        "international": ("国际", "海外", "境外", "国际港澳台", "港澳台"),
    },
    "source": {
        "company": ("公司", "企业", "企事业单位", "企业名称", "公司名称"),
        "app": ("app", "应用", "已上线app"),
        "website": ("网站", "已备案网站"),
        "official_account": ("公众号", "微信公众号"),
        "mini_program": ("小程序", "微信小程序"),
        "trademark": ("商标", "商标名"),
        "government": ("政府", "政府机关", "政府机关事业单位", "事业单位"),
        "shop": ("店铺", "电商店铺", "网店"),
    },
    "usage": {"own": ("自用",), "other": ("他用",)},
    "account.type": {"enterprise": ("企业", "企业认证"), "individual": ("个人", "个人认证")},
}
_JSON = {"params", "documents", "variables", "samples", "account", "history"}
_LISTS = {"recipients", "account.icp_domains", "account.signatures", "account.trademarks"}
_VERBATIM = {"signature", "body", "text", "remark"}
_SPLIT = re.compile(r"[,，;；、|\s]+")
_FIELDS = {*SubmissionIn.model_fields, *(f"account.{name}" for name in AccountIn.model_fields)}


class CellError(ValueError):
    """A cell cannot be read; the message names its field."""


def plain(name: str) -> str:
    """Return a name normalised for comparison: width, case, blanks, stars and remarks in brackets removed."""
    name = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\(.*?\)|[\s*:/·]", "", name)


_BY_NAME = {
    plain(name): field
    for field, names in NAMES.items()
    for name in (field, *FIELDS[field][:1], *names)
    if field in _FIELDS
}
_BY_VALUE = {
    field: {plain(name): value for value, names in values.items() for name in (value, *names)}
    for field, values in _VALUES.items()
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The submission fields of a table's columns, in order; None for a column without a name."""

    fields: tuple[str | None, ...]
    providers: Mapping[str, str]
    lang: Lang

    def record(self, cells: Sequence[object]) -> dict[str, Any]:
        """Return a row as submission data without empty cells. Raises CellError."""
        data: dict[str, Any] = {}
        account: dict[str, Any] = {}
        for number, cell in enumerate(cells):
            if is_blank(cell):
                continue
            field = self.fields[number] if number < len(self.fields) else None
            if field is None:
                raise CellError(
                    say(
                        self.lang,
                        f"第 {number + 1} 列没有列名却有内容（含逗号的文本要加引号）",
                        f"column {number + 1} has no name but holds something: quote texts with commas",
                    )
                )
            value = self.value(field, cell)
            if field.startswith("account."):
                account[field.removeprefix("account.")] = value
            else:
                data[field] = value
        if account:
            given = data.get("account")
            data["account"] = {**(given if isinstance(given, dict) else {}), **account}
        return data

    def value(self, field: str, cell: object) -> object:
        """Return a cell as the JSON value of its field. Raises CellError if the field needs JSON and the cell is not."""
        if not isinstance(cell, str):
            return native(field, cell)
        if any("\udc80" <= character <= "\udcff" for character in cell):
            byte = next(ord(character) - 0xDC00 for character in cell if "\udc80" <= character <= "\udcff")
            raise CellError(
                say(
                    self.lang,
                    f"{field}: 不是 UTF-8（字节 0x{byte:02X}）",
                    f"{field}: not UTF-8 (byte 0x{byte:02X})",
                )
            )
        if field in _VERBATIM:
            return cell
        text = cell.strip()
        if field in _LISTS and not text.startswith("["):
            return [part for part in _SPLIT.split(text) if part]
        if field == "documents" and text[0] not in "[{":
            return [part for part in _SPLIT.split(text) if part]
        if field == "samples" and not text.startswith("["):
            return [cell]
        if field in _JSON or field in _LISTS:
            try:
                return parse_json(text, self.lang, show_line=False)
            except JsonError as error:
                raise CellError(f"{field}: {error}") from error
        if field == "provider":
            return self.providers.get(plain(text), text)
        if field in _BY_VALUE:
            known, name = _BY_VALUE[field], plain(text)
            return known.get(name) or known.get(re.sub(r"(短信|类|模板|模版|签名)+$", "", name)) or text
        return text


def is_blank(cell: object) -> bool:
    """Return whether a cell is empty or contains only blanks of any kind."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def native(field: str, cell: object) -> object:
    """Return a typed cell of a workbook or Parquet file as the JSON value of its field."""
    if isinstance(cell, datetime):
        midnight = cell.time() == time.min and field != "sent_at"
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if field in _JSON or field in _LISTS:
        pairs = (
            isinstance(cell, list)
            and cell
            and all(isinstance(item, tuple) and len(item) == 2 for item in cell)
        )
        if pairs and field in ("params", "variables"):
            return dict(cast("list[tuple[str, object]]", cell))
        if field == "account" and isinstance(cell, dict):
            return {name: value for name, value in cell.items() if value is not None}
        return cell
    if isinstance(cell, bytes):
        return cell.decode(errors="surrogateescape")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read_header(header: Sequence[object], name: str, providers: Mapping[str, str], lang: Lang) -> Columns:
    """Return the columns of a header row. Raises InputError for unknown, duplicate and missing columns."""
    fields: list[str | None] = []
    wrong: list[str] = []
    for number, cell in enumerate(header, start=1):
        title = "" if cell is None else str(cell).strip()
        field = _BY_NAME.get(plain(title))
        if title and field is None:
            near = difflib.get_close_matches(plain(title), _BY_NAME, 1)
            guess = say(lang, f"（是否应为“{near[0]}”？）", f" (did you mean “{near[0]}”?)") if near else ""
            wrong.append(
                say(
                    lang,
                    f"第 {number} 列：未知列“{title}”{guess}",
                    f"column {number}: unknown “{title}”{guess}",
                )
            )
        elif field in fields and field is not None:
            wrong.append(
                say(
                    lang,
                    f"第 {number} 列：{field} 已在前面的列给出",
                    f"column {number}: {field} is given twice",
                )
            )
        fields.append(field)
    if wrong:
        known = ", ".join(
            f"{field}（{names[0]}）" if names else field for field, names in NAMES.items() if field in _FIELDS
        )
        wrong.append(say(lang, f"可用的列：{known}", f"known columns: {known}"))
    if not {"signature", "body", "text"} & set(fields):
        wrong.append(
            say(
                lang,
                "缺少列：signature（签名）、body（模板内容）、text（完整短信）至少需要一列，列名写在第一行",
                "missing column: at least one of signature, body, text is needed, named in the first row",
            )
        )
    if wrong:
        raise InputError("\n".join(f"{name}: {item}" for item in wrong))
    return Columns(tuple(fields), providers, lang)
