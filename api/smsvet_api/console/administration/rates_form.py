"""The rates of sampling as a form: percent with up to two decimals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from smsvet.model import Lang

from ...http.problems import FieldError, invalid_fields
from ...store.quality.rates import Rates
from ...wording import say

KINDS: Final = ("template", "signature", "message")
_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")


def percents_of(rates: Rates) -> dict[str, str]:
    """Return the rates as percent; kinds without a rate of their own are empty."""
    texts = {"second": _text(rates.second), "golden": _text(rates.golden)}
    return texts | {kind: _text(rates.second_of[kind]) if kind in rates.second_of else "" for kind in KINDS}


def rates_in(sent: Mapping[str, str], lang: Lang) -> Rates:
    """Return the rates in a form. Raises ProblemError for one that is not a percentage."""
    second, golden = (_rate(sent.get(name, ""), lang) for name in ("second", "golden"))
    own = {kind: _rate(sent[kind], lang) for kind in KINDS if sent.get(kind, "").strip()}
    return Rates(second, golden, own)


def _rate(text: str, lang: Lang) -> int:
    match = _PERCENT.fullmatch(text.strip())
    rate = -1 if match is None else 100 * int(match[1]) + int((match[2] or "").ljust(2, "0"))
    if not 0 <= rate <= 10_000:
        message = say(
            lang,
            f"应为 0 到 100 的百分数，实际为“{text}”",
            f"expected a percentage from 0 to 100, found '{text}'",
        )
        raise invalid_fields([FieldError(field="rate", message=message)], lang)
    return rate


def _text(rate: int) -> str:
    whole, rest = divmod(rate, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)
