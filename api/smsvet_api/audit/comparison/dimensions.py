"""The columns by which a comparison is broken down: purpose and account of each item, and whether a baseline covers it."""

from __future__ import annotations

import json
from typing import Any, Final

from ...files.words import meaning, plain

ACCOUNTS: Final = frozenset(
    map(
        plain,
        (
            *("account", "account id", "app id", "sdk app id", "uid", "customer", "customer id", "tenant", "client"),
            *("账号", "账号id", "账户", "账户id", "客户", "客户id", "客户名称", "客户编号", "租户", "商户", "商户号", "用户id", "应用id"),
        ),
    )
)  # fmt: skip
"""Headings, normalised, of a column with the account, where none is named by an option."""
GRANDFATHERED: Final = "smsvet_grandfathered"
"""Column of the table `verdicts` whose rows are not empty if a baseline covers findings of the item."""


def purposes(table: Any, column: str | None) -> Any:
    """Return the declared purposes of rows of the table `verdicts`.

    It is empty where none was declared, or where the word is unknown.
    """
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

    if column is None:
        return pa.repeat("", table.num_rows)
    known: dict[tuple[str, str], str] = {}
    found: list[str] = []
    for word, provider in zip(texts(table[column]), table["smsvet_provider"].to_pylist(), strict=True):
        pair = word, provider or ""
        if pair not in known:
            known[pair] = (meaning("purpose", *pair) or {}).get("purpose", "") if word else ""
        found.append(known[pair])
    return pa.array(found, pa.string())


def accounts(table: Any, column: str | None) -> Any:
    """Return the accounts of rows of the table `verdicts`, empty where there is none."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    if column is None:
        return pa.repeat("", table.num_rows)
    encoded = pa.array(texts(table[column]), pa.string()).dictionary_encode()
    names = pa.array([account_name(one) for one in encoded.dictionary.to_pylist()], pa.string())
    return names.take(encoded.indices)


def grandfathered(table: Any) -> Any:
    """Return for each row of the table `verdicts` whether a baseline covers a finding."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute  # noqa: PLC0415

    pc: Any = pyarrow.compute  # its functions are made when it is imported
    if GRANDFATHERED not in table.column_names:
        return pa.repeat(pa.scalar(False), table.num_rows)
    column = table[GRANDFATHERED]
    if pa.types.is_list(column.type):
        return pc.greater(pc.fill_null(pc.list_value_length(column), 0), 0)
    if pa.types.is_boolean(column.type):
        return pc.fill_null(column, False)
    return pc.is_valid(column)


def texts(column: Any) -> list[str]:
    """Return the cells of a column as texts: JSON for structures, an empty text for an empty cell."""
    return [
        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else
        "" if value is None else str(value)
        for value in column.to_pylist()
    ]  # fmt: skip


def account_name(text: str) -> str:
    """Return the name in the JSON of an account, else the text."""
    if not text.startswith("{"):
        return text
    try:
        data = json.loads(text)
    except ValueError:
        return text
    return str(data.get("name") or "") if isinstance(data, dict) else text
