"""Labelled texts to measure quality on, their upstream tokens filled or deleted."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Tokens = Literal["filled", "words"]

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


def read(folder: Path, name: str, tokens: Tokens) -> Iterator[Row]:
    """Return the rows of a set. Filling is seeded by the row, so that every run sees the same texts."""
    for number, line in enumerate((folder / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")):
        if line:
            row = json.loads(line)
            yield Row(
                name, row["label"], prepare(name, row["text"], tokens, random.Random(f"{name}:{number}"))
            )


def prepare(name: str, text: str, tokens: Tokens, chance: random.Random) -> str:
    """Return a text as it is reviewed: its tokens and masks filled with plausible values, or deleted."""
    if name == "fake_base_station_sms":
        return _TOKEN.sub(lambda found: fill(found[0], chance) if tokens == "filled" else "", text)
    if name == "commercial_spam_sms":
        return _MASK.sub(lambda found: digits(len(found[0]), chance) if tokens == "filled" else "", text)
    return text


def digits(count: int, chance: random.Random) -> str:
    """Return that many digits: a mobile number where eleven were masked."""
    if count == 11:
        return "1" + chance.choice("35789") + "".join(chance.choice("0123456789") for _ in range(9))
    return "".join(chance.choice("123456789") for _ in range(count))


def fill(token: str, chance: random.Random) -> str:
    """Return a plausible value for an upstream token."""
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
