"""Seeded hostile submissions as decoded JSON, with every field of the public contract."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from bench.fuzz.failure import Json
from bench.fuzz.texts import Texts
from smsvet.fields import (
    ACCOUNT_TYPES,
    ATTRIBUTES,
    DOCUMENT_KINDS,
    MOST_BYTES,
    PURPOSES,
    REGIONS,
    SOURCES,
    USAGES,
)

DAYS = (
    "0001-01-01",
    "2018-10-09",
    "2020-02-29",
    "2022-06-01",
    "2024-12-31",
    "2025-06-17",
    "2026-11-22",
    "9999-12-31",
)
MOMENTS = (
    "0001-01-01T00:00:00-12:00", "2026-02-28T23:59:59.999999+08:00", "2026-11-27T16:00:00Z", "2026-11-28T10:00:00",
    "2026-11-28T21:30:00+08:00", "9999-12-31T23:59:59+14:00",
)  # fmt: skip
PHONES = (
    "+8613800138000",
    "13800138000",
    "138 0013 8000",
    "008613800138000",
    "+12025550123",
    "106",
    "",
    "１３８",
    "+",
    "9" * 300,
)
KEYS = (
    "1", "2", "3", "0", "-1", "01", "１", "code", "", "a.b", "body", "键", "\x00", "k" * 200,
    "{1}", "#code#", "${code}", "{{1}}", "##code##",
)  # fmt: skip
NUMBERS = (0, -1, 1, 1.5, -0.0, 1e308, 5e-324, 2**63, 10**400, True, False, None)
TOO_LITTLE = ("", " ", "\u3000", "\u200b", "\x00", "。", "1", "{", "}")
COMPANY = "杭州云雀网络科技有限公司"


class Submissions:
    """Returns hostile submissions as decoded JSON; the same seed gives the same submissions."""

    def __init__(self, texts: Texts, providers: Sequence[str], chance: random.Random) -> None:
        self._texts, self._chance = texts, chance
        text, some, one_of = self._text, self._some, chance.choice
        self.fields: dict[str, Callable[[], Any]] = {
            "id": lambda: one_of(("x", "", text())),
            "signature": lambda: one_of((text(), texts.short(), "云雀科技", "【云雀】")),
            "body": text,
            "text": lambda: one_of((text(), "【云雀科技】" + text(), text() + "【云雀科技】")),
            "params": self._params,
            "purpose": lambda: one_of(PURPOSES),
            "provider": lambda: one_of(("tencent", one_of(providers))),
            "region": lambda: one_of(REGIONS),
            "as_of": lambda: one_of(DAYS),
            "remark": text,
            "source": lambda: one_of(SOURCES),
            "usage": lambda: one_of(USAGES),
            "documents": lambda: some(self._document, 3),
            "variables": lambda: {one_of(KEYS): self._variable() for _ in range(chance.randint(0, 3))},
            "samples": lambda: some(text, 3),
            "account": self._account,
            "recipients": lambda: some(lambda: one_of((*PHONES, text())), 4),
            "sent_at": lambda: one_of(MOMENTS),
            "history": lambda: some(self._sent, 3),
        }
        """By name of a field, what returns a value for it."""

    def submission(self) -> Json:
        """Return a submission, half of them with a body and settings only: batches review these in columns."""
        chance = self._chance
        if chance.random() < 0.5:
            names = ["body", "purpose", "provider", *chance.sample(("as_of", "id", "region"), 1)]
        else:
            asked = chance.choice(("body", "text", "signature"))
            names = sorted({asked, *chance.sample(sorted(self.fields), chance.randint(1, 8))})
        data = {name: self.fields[name]() for name in names}
        if chance.random() < 0.03:
            data[chance.choice((*self.fields, "unknown"))] = chance.choice(
                (*NUMBERS, [], {}, [[]], "x", [None])
            )
        return data

    def _text(self) -> str:
        return self._chance.choice(TOO_LITTLE) if self._chance.random() < 0.03 else self._texts.text()

    def _some(self, make: Callable[[], Any], most: int) -> list[Any]:
        return [make() for _ in range(self._chance.randint(0, most))]

    def _params(self) -> Any:
        chance = self._chance
        kind = chance.choices(("list", "object", "many", "value"), (10, 8, 1, 1))[0]
        if kind == "list":
            return self._some(self._value, 5)
        if kind == "object":
            return {chance.choice(KEYS): self._value() for _ in range(chance.randint(0, 5))}
        return [self._value()] * chance.choice((40, 300)) if kind == "many" else self._value()

    def _value(self, depth: int = 0) -> Any:
        chance = self._chance
        kind = chance.choices(("text", "number", "usual", "list", "object"), (10, 3, 3, 1, 1))[0]
        if kind == "text" or depth > 3:
            return self._text()
        if kind == "number":
            return chance.choice(NUMBERS)
        if kind == "usual":
            return chance.choice(("123456", "5", "t.cn/Ab3", "13800138000", "张三", ""))
        if kind == "list":
            return self._some(lambda: self._value(depth + 1), 3)
        return {chance.choice(KEYS): self._value(depth + 1) for _ in range(chance.randint(0, 3))}

    def _document(self) -> Any:
        chance = self._chance
        kind = chance.choice(DOCUMENT_KINDS)
        if chance.random() < 0.3:
            return kind
        given = {
            "format": chance.choice(("png", "exe", self._text())),
            "bytes": chance.choice((0, 1, 10**7, MOST_BYTES, 10**400)),
            "issued": chance.choice(DAYS),
            "expires": chance.choice(DAYS),
            "owner": chance.choice((COMPANY, self._text())),
            "sealed": chance.choice((True, False, None)),
            "signed": chance.choice((True, False, None)),
            "grantor": self._text(),
            "grantee": self._text(),
        }
        return {"kind": kind} | {
            name: given[name] for name in chance.sample(sorted(given), chance.randint(0, 9))
        }

    def _variable(self) -> Any:
        chance = self._chance
        kind = chance.choice((*sorted(ATTRIBUTES), "OTP", ""))
        return kind if chance.random() < 0.5 else {"type": kind, "max": chance.choice((1, 6, 10**12))}

    def _account(self) -> Json:
        chance = self._chance
        return {
            "type": chance.choice((*ACCOUNT_TYPES, None)),
            "name": chance.choice((COMPANY, self._text(), None)),
            "icp_domains": self._some(lambda: chance.choice(("example.com", self._text())), 2),
            "signatures": self._some(lambda: chance.choice(("云雀科技", "【云雀科技】", self._text())), 2),
            "trademarks": self._some(self._text, 2),
        }

    def _sent(self) -> Json:
        chance = self._chance
        return {
            "to": chance.choice(PHONES),
            "at": chance.choice(MOMENTS),
            "text": chance.choice((None, self._text())),
            "reply": chance.choice((None, "T", self._text())),
        }
