"""Conditions of `--where`: the rows that they keep, and the errors for wrong ones."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from smsvet_api.audit.where import parse_where
from smsvet_api.files.rows import InputError

ROWS = pa.table(
    {
        "provider": ["tencent", "aliyun", None, "tencent"],
        "发送量": [10, 2000, 30, -5],
        "dt": [date(2026, 1, 1), date(2025, 12, 31), date(2026, 2, 1), None],
        "used": [True, False, True, None],
        "a b": ["x", "it's", "100%", "x_y"],
    }
)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("provider='tencent'", [0, 3]),
        ("provider != 'tencent'", [1]),
        ("provider <> 'tencent'", [1]),
        ("provider is null", [2]),
        ("provider IS NOT NULL", [0, 1, 3]),
        ("not provider = 'tencent'", [1]),
        ("发送量 > 10", [1, 2]),
        ("发送量>=10 and 发送量<=30", [0, 2]),
        ("发送量 < 0", [3]),
        ("发送量 = -5", [3]),
        ("dt >= '2026-01-01'", [0, 2]),
        ("provider='tencent' and dt>='2026-01-01'", [0]),
        ("provider='aliyun' or provider='tencent' and 发送量 > 0", [0, 1]),
        ("(provider='aliyun' or provider='tencent') and 发送量 > 100", [1]),
        ("provider in ('aliyun', 'baidu')", [1]),
        ("发送量 not in (10, 2000)", [2, 3]),
        ("used = true", [0, 2]),
        ("\"a b\" = 'it''s'", [1]),
        ("\"a b\" like 'x%'", [0, 3]),
        ("\"a b\" not like 'x%'", [1, 2]),
    ],
)
def test_a_condition_keeps_rows(condition: str, kept: list[int]) -> None:
    numbered = ROWS.append_column("n", pa.array(range(4)))
    assert numbered.filter(parse_where(condition, ROWS.schema, "en"))["n"].to_pylist() == kept


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("", "not complete"),
        ("provider", "not complete"),
        ("provider =", "not complete"),
        ("vendor = 'x'", "no column vendor; columns: provider, 发送量"),
        ("provider = 'x' provider = 'y'", "unexpected “provider”"),
        ("(provider = 'x'", "expected “)”"),
        ("provider = ;", "cannot read “;”"),
        ("发送量 > 'many'", "the types do not fit"),
        ("dt > 'yesterday'", "the types do not fit"),
        ("发送量 like 'x'", "the types do not fit"),
        ("'x' = provider", "unexpected “x”"),
        ("not " * 60 + "provider = 'x'", "nested too deep"),
    ],
)
def test_a_wrong_condition_is_named(condition: str, said: str) -> None:
    with pytest.raises(InputError, match=r"^--where: ") as wrong:
        parse_where(condition, ROWS.schema, "en")
    assert said in str(wrong.value)
