"""Labelled sets for measuring quality: real texts in a folder beside the checkout, and `corpora/labelled`.

Real texts have masks and tokens in place of numbers, links and names. They are filled with values or deleted.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from smsvet import Submission

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
"""Default folder of the sets."""

Tokens = Literal["filled", "words"]
"""Treatment of tokens: filled with values, or deleted so that only words are left."""

SETS = (
    "fake_base_station_sms",
    "obfuscated_chat_spam",
    "commercial_spam_sms",
    "general_prose",
    "personal_sms",
    "real_notifications",
    "purpose_labelled_templates",
    "code_templates",
    "fixture_sms",
)

BENIGN = re.compile(
    r"ham|template_otp|template_notice|bank_sms|^(?!promotion|spam|carrier\.promotion)[a-z]+\.|^verification$"
)
"""Matches the labels of texts that should pass."""

_HOSTS = ("www.qx58.cn", "m.yunfan365.com", "k7w2.top", "wap.bhj-icbc.cc", "t.cn/R5xy2", "hd.lkj88.vip")
_NAMES = ("张伟", "李静", "王先生", "恒泰", "新世纪", "万佳")
_PLACES = ("杭州", "成都", "天河", "徐汇", "中山路")
_BANKS = ("工商银行", "建设银行", "农业银行")
_TOKEN = re.compile(r"DIGIT|URL|CELLPHONE|PHONE|HOTLINE|WECHAT|PLACE|NAME|BANK")
_MASK = re.compile(r"x{1,}")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text of a set."""

    set: str
    label: str
    text: str


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a JSON Lines file, each with its line number from 1."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line:
            yield number, json.loads(line)


def read(folder: Path, name: str, tokens: Tokens) -> Iterator[Row]:
    """Yield the rows of a set. The row seeds the values filled in, so that every run has the same texts."""
    for number, row in json_lines(folder / f"{name}.jsonl"):
        chance = random.Random(f"{name}:{number - 1}")
        yield Row(name, row["label"], prepare(name, row["text"], tokens, chance))


def submission(row: Row) -> Submission:
    """Return a row as a template with numbered placeholders and the purpose implied by its label."""
    names: dict[str, str] = {}
    body = re.sub(
        r"\$?\{([^{}]{1,30})\}", lambda found: names.setdefault(found[1], f"{{{len(names) + 1}}}"), row.text
    )
    if "verification" in row.label or "otp" in row.label:
        return Submission(body=body, purpose="verification")
    return Submission(body=body, purpose="notification")


def templates_and_messages(path: Path) -> Iterator[tuple[str, Submission]]:
    """Yield every `text` of a file as a template and as a message, each named after its file, line and field."""
    for number, row in json_lines(path):
        yield f"{path.stem}:{number}:body", Submission(body=row["text"], purpose="notification")
        yield f"{path.stem}:{number}:text", Submission(text=row["text"])


def shipped(name: str) -> Iterator[dict[str, Any]]:
    """Yield the examples of a file in `corpora/labelled`, `benign` or `violating`."""
    for _, example in json_lines(ROOT / "corpora" / "labelled" / f"{name}.jsonl"):
        yield example


def prepare(name: str, text: str, tokens: Tokens, chance: random.Random) -> str:
    """Return a text ready for review, with its tokens and masks filled with plausible values or deleted."""
    if name == "fake_base_station_sms":
        return _TOKEN.sub(lambda found: fill(found[0], chance) if tokens == "filled" else "", text)
    if name == "commercial_spam_sms":
        return _MASK.sub(lambda found: digits(len(found[0]), chance) if tokens == "filled" else "", text)
    return text


def digits(count: int, chance: random.Random) -> str:
    """Return random digits; a mobile number if `count` is 11."""
    if count == 11:
        return "1" + chance.choice("35789") + "".join(chance.choice("0123456789") for _ in range(9))
    return "".join(chance.choice("123456789") for _ in range(count))


def fill(token: str, chance: random.Random) -> str:
    """Return a plausible value for a token of the data set."""
    if token == "DIGIT":
        return str(chance.randint(1, 9999))
    if token == "URL":
        return chance.choice(_HOSTS)
    if token == "CELLPHONE":
        return digits(11, chance)
    if token == "PHONE":
        return f"0571-8{digits(7, chance)}"
    if token == "HOTLINE":
        return f"400-{digits(3, chance)}-{digits(4, chance)}"
    if token == "WECHAT":
        return "wx" + digits(6, chance)
    return chance.choice({"PLACE": _PLACES, "BANK": _BANKS}.get(token, _NAMES))
