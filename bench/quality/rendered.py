"""Ordinary messages as they are sent: the shipped benign templates with values, senders, hotlines and courtesies.

Seeded, so that every run has the same rows. A row has the label of its template.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.quality.labelled_sets import ROOT, json_lines
from bench.quality.rendered_values import VALUES, kind_of
from smsvet import Submission
from smsvet.schema import read_submission

LABELLED = ROOT / "corpora" / "labelled"
ROWS = 5000
VARIANTS: Mapping[str, int] = {"notices": 9, "benign": 3}
"""How often a template of each file is rendered. The classes in `notices` have fewer templates."""

PLACEHOLDER = re.compile(r"\$?\{\{?\$?([^{}]*)\}?\}|#(\w+)#|@var\((\w+)\)|%s")
"""A placeholder of `notices.jsonl`, or of any vendor whose syntax occurs in `benign.jsonl`."""

SENDERS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("bank", ("青禾农商银行", "云州银行", "工商银行")), ("fund|disclaimer", ("云岭基金", "同益财富")),
    ("securities", ("云岭证券", "恒川期货")), ("fraud", ("云州反诈中心", "青禾农商银行", "云州公安")),
    ("payment|wallet", ("云杉支付", "云州银行")), ("deduction|points|membership", ("云杉生活", "云雀科技")),
    ("licence|community|social|provident", ("云州政务服务", "云州人社")), ("game", ("山海旅人", "云雀游戏")),
    ("customs", ("云州海关", "环宇跨境")), ("tax|invoice", ("云州税务",)), ("insurance", ("安禾保险",)),
    ("etc|car|parking|ride|ev|police", ("云州高速", "驰远汽车服务", "云州交警")), ("otp", ("云雀管家", "云岭掌厅")),
    ("hospital|clinic|pharmacy|physical|vaccin", ("云州市第一人民医院", "康木大药房")),
    ("school|kinder|exam|admission", ("云州实验中学", "知行学堂")), ("court", ("云州法院",)),
    ("property|realestate", ("锦绣里物业",)), ("jobs|recruiting|payroll|attendance", ("云雀人事",)),
    ("travel|airline|railway|hotel|tourism", ("山语旅行", "海岳航空")), ("carrier", ("云州移动", "云岭通信")),
    ("parcel|logistics", ("迅鸽快递", "顺川物流")), ("ecommerce|retail|food", ("木桥商城", "小满外卖")),
    ("utility", ("云州水务", "云州供电")), ("", ("云雀科技", "云州服务", "木桥生活")),
)  # fmt: skip
"""Senders by the beginning of the class, a regular expression."""

MONEY = "bank|fund|securities|payment|wallet|deduction|insurance|disclaimer|provident|tax"
GOODS = "parcel|logistics|ecommerce|retail|food|customs|pharmacy"
FURTHER: Sequence[tuple[str, tuple[str, ...]]] = (
    ("otp", ("请勿告知他人。", "如非本人操作，请忽略本短信。", "工作人员不会向您索取验证码。", "如有疑问请致电{hotline}。")),
    ("fraud", ("如有疑问请致电{hotline}。", "请转告家人和同事。", "遇骗请立即拨打110。", "详情请登录{app}查看。")),
    (MONEY, (
        "如有疑问请致电{hotline}。", "详情请登录{app}查看。", "如非本人操作，请立即致电{hotline}。", "交易时间：{datetime}。",
        "请勿向任何人透露密码和短信验证码。", "（流水号{number}，客服热线{hotline}）", "请以{app}“账单”页面显示为准。",
    )),
    (GOODS, (
        "订单号：{order}。", "如有疑问请联系客服{hotline}。", "联系人：{person}（工号{tail}）。", "可在{app}“我的订单”中查看进度。",
        "如需改期，请在{when}前致电{hotline}。", "签收前请当面检查外包装。",
    )),
    ("", (
        "咨询电话：{landline}。", "详情请登录{app}查看。", "如有疑问，请致电{hotline}（工作时间9:00-17:30）。",
        "联系人：{person}，电话{landline}。", "受理编号：{number}。", "请知悉。", "具体以{app}显示为准。",
    )),
)  # fmt: skip
"""A second sentence by the beginning of the class."""

OPENINGS = ("尊敬的{person}：", "尊敬的客户，", "您好！", "{person}您好，", "尊敬的用户：", "温馨提示：")
COURTESIES = (
    "祝您生活愉快！",
    "感谢您的支持与配合。",
    "给您带来不便，敬请谅解。",
    "谢谢！",
    "感谢您的信任。",
    "祝您工作顺利！",
)
CURRENCY = ("￥{}", "人民币{}元", "¥{}", "{}元整")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message made from a shipped template, and the decision that the template is labelled with."""

    origin: str
    category: str
    decision: str
    submission: Submission

    @property
    def text(self) -> str:
        """Return what the recipient reads: the message, or the template and its values."""
        row = self.submission
        return row.text or f"{row.body} {list(row.params or ())}"


@cache
def rendered(rows: int = ROWS, folder: Path = LABELLED) -> tuple[Rendered, ...]:
    """Return the first `rows` different messages of the templates in `benign.jsonl` and `notices.jsonl`."""
    found: dict[str, Rendered] = {}
    for variant in range(max(VARIANTS.values())):
        for file, variants in VARIANTS.items():
            for number, row in json_lines(folder / f"{file}.jsonl") if variant < variants else ():
                if not {"body", "text"}.isdisjoint(row["submission"]):
                    made = render(f"{file}:{number}", row, variant)
                    found.setdefault(made.text, made)
    return tuple(found.values())[:rows]


def render(origin: str, row: dict[str, Any], variant: int) -> Rendered:
    """Return one message of a template. Every fourth variant is a template with its values apart."""
    chance = random.Random(f"{origin}:{variant}")
    fields = row["submission"]
    plain = fields["purpose"] == "marketing" or row["decision"] != "approve"
    # A template for codes may have few variables; as a message it may name the order.
    apart = (
        variant % 4 == 2
        and fields["purpose"] != "verification"
        and fields.keys().isdisjoint(("text", "provider", "params"))
    )
    template = fields.get("text") or fields["body"]
    if not plain:
        template = dressed(chance, template, row["class"], apart)
    if apart:
        body, values = numbered(chance, template)
        made = {**fields, "body": body, **({"params": values} if values else {})}
    else:
        text = filled(chance, template)
        if not text.startswith("【") or ("text" not in fields and "provider" not in fields):
            text = f"【{chance.choice(of_class(SENDERS, row['class']))}】{text}"
        made = {"text": text, "purpose": fields["purpose"]}
    return Rendered(origin, row["class"], row["decision"], read_submission(made))


def of_class(table: Sequence[tuple[str, tuple[str, ...]]], name: str) -> tuple[str, ...]:
    """Return the first entry of a table whose pattern matches the beginning of the class."""
    return next(entry for pattern, entry in table if re.match(pattern, name))


def dressed(chance: random.Random, template: str, name: str, apart: bool) -> str:
    """Return a template with a salutation, another currency sign, a second sentence or a courtesy, each in some rows."""
    if not apart and chance.random() < 0.25:
        template = re.sub(
            r"(?<!人民币)(\{(?:amount|[0-9])\})元(?!/)",
            lambda found: chance.choice(CURRENCY).replace("{}", "{amount}"), template, count=1,
        )  # fmt: skip
    otp = name.startswith("otp") or "验证码" in template
    if not template.endswith(("。", "！", "？", "!", ".")):
        template += "。"
    if chance.random() < 0.35:
        template += chance.choice(of_class(FURTHER, "otp" if otp else name))
    if not otp and chance.random() < 0.25:
        template += chance.choice(COURTESIES)
    if (
        not template.startswith(("【", "尊敬", "各位", "温馨", "社区", "家长", "{", "亲爱"))
        and chance.random() < 0.25
    ):
        template = chance.choice(OPENINGS[1:] if apart else OPENINGS) + template
    return template


def filled(chance: random.Random, template: str) -> str:
    """Return a template with values in its placeholders."""
    return PLACEHOLDER.sub(lambda found: value(chance, template, found, strict=False), template)


def numbered(chance: random.Random, template: str) -> tuple[str, list[str]]:
    """Return a template with its placeholders numbered from 1, and a strict value for each."""
    values: list[str] = []

    def write(found: re.Match[str]) -> str:
        values.append(value(chance, template, found, strict=True))
        return f"{{{len(values)}}}"

    return PLACEHOLDER.sub(write, template), values


def value(chance: random.Random, template: str, found: re.Match[str], strict: bool) -> str:
    """Return a value for a placeholder."""
    name = found[1] or found[2] or found[3] or ""
    return VALUES[kind_of(name, template[: found.start()], template[found.end() :])](chance, strict)
