"""Parquet files that unpack to more than they seem: refused, or read in bounded pieces."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet_api.files import parquet
from smsvet_api.files.parquet import written_size
from smsvet_api.files.rows import InputError, Row

from .reading import data, error, rows

MEBIBYTE = 1 << 20


def written(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def noise(size: int) -> str:
    """Return a text that hardly compresses."""
    return random.Random(size).randbytes(size // 2).hex()


def once(text: str, times: int) -> pa.Array:
    """Return a column that holds a text once and refers to it many times."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), pa.array([text]))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"body": pa.array(["a" * 1000] * 50_000)}, "列 body 解压后超过压缩大小的 300 倍"),
        ({"body": once("a" * 5 * MEBIBYTE, 1000)}, "列 body 解压后超过压缩大小的 300 倍"),
        (
            {"body": ["x"], "params": pa.array([["a" * MEBIBYTE * 2]])},
            r"列 params\.list\.element 解压后超过压缩大小的 300 倍",
        ),
        ({"body": pa.nulls(30_000_000, pa.string())}, "第 1 个行组超过 25000000 个值"),
        ({f"column{number}": ["x"] for number in range(257)}, "有 257 列，最多 256 列"),
    ],
    ids=["equal texts", "one text many times", "a text in a list", "empty rows", "columns"],
)
def test_a_file_that_unpacks_too_far_is_refused_unread(
    columns: dict[str, Any], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repeated = isinstance(columns.get("body"), pa.StringArray) and len(columns["body"]) == 50_000
    path = written(
        tmp_path / "a.parquet",
        columns,
        row_group_size=1 << 26,
        compression="zstd",
        use_dictionary=not repeated,
    )
    assert path.stat().st_size < MEBIBYTE

    def unread(*_: object, **__: object) -> None:
        raise AssertionError("the file was opened for reading")

    monkeypatch.setattr(pq, "ParquetFile", unread)
    with pytest.raises(InputError, match=said) as caught:
        rows(path)
    assert str(caught.value).startswith(f"{path}：")


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("MOST_GROUP", 10, "第 1 个行组解压后超过 0 MiB"),
        ("MOST_VALUES", 3, "第 1 个行组超过 3 个值"),
        ("MOST_ROWS", 1, "超过 1 行"),
        ("MOST_COLUMNS", 1, "有 2 列，最多 1 列"),
    ],
)
def test_large_files_are_refused(
    limit: str, value: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.parquet", {"id": ["1", "2"], "body": ["您好", "您好吗"]})
    assert len(rows(path)) == 2
    monkeypatch.setattr(parquet, limit, value)
    with pytest.raises(InputError, match=said):
        rows(path)


def test_rows_are_written_out_in_bounded_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[int] = []
    plain = parquet._plain  # pyright: ignore[reportPrivateUsage]

    def noted(column: Any) -> Any:
        pieces.append(written_size(column))
        return plain(column)

    monkeypatch.setattr(parquet, "MOST_BATCH", 100_000)
    monkeypatch.setattr(parquet, "_plain", noted)
    text = noise(10_000)
    path = written(tmp_path / "a.parquet", {"body": once(text, 3000)})
    assert path.stat().st_size < 20_000
    assert all(row.data == {"body": text} for row in rows(path) if isinstance(row, Row))
    assert sum(pieces) == 3000 * 10_000
    assert max(pieces) <= 100_000


def test_a_row_that_is_too_long_is_an_error_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MOST_BATCH", 100_000)
    text = noise(40_000)
    lists = pa.array([["a"], [text, text, text], ["b"]])
    first, long, last = rows(written(tmp_path / "a.parquet", {"body": ["x", "y", "z"], "params": lists}))
    assert first == Row(1, {"body": "x", "params": ["a"]})
    assert "文本过长" in error(long)
    assert last == Row(3, {"body": "z", "params": ["b"]})


def test_values_of_every_type_are_read(tmp_path: Path) -> None:
    columns = {
        "body": pa.array(["您好{1}", "x"], pa.large_string()),
        "purpose": pa.array(["notification", None]).dictionary_encode(),
        "params": pa.array([["1"], None], pa.list_(pa.string())),
        "account": [{"type": "enterprise", "signatures": ["云雀", "云雀"]}, None],
        "variables": pa.array([[("1", "phone")], None], pa.map_(pa.string(), pa.string())),
    }
    first, second = data(written(tmp_path / "a.parquet", columns))
    assert first == {
        "body": "您好{1}",
        "purpose": "notification",
        "params": ["1"],
        "account": {"type": "enterprise", "signatures": ["云雀", "云雀"]},
        "variables": {"1": "phone"},
    }
    assert second == {"body": "x"}


@pytest.mark.parametrize(
    ("array", "size"),
    [
        (pa.array(["ab", "ab", None]).dictionary_encode(), 4),
        (pa.array([["ab"], [], None, ["ab", "c"]], pa.list_(pa.dictionary(pa.int32(), pa.string()))), 5),
        (pa.array(["ab", "c", "d"]).dictionary_encode().slice(1), 2),
        (pa.array([], pa.dictionary(pa.int32(), pa.string())), 0),
    ],
)
def test_the_written_size_counts_each_reference(array: pa.Array, size: int) -> None:
    assert written_size(array) == size


def test_blank_rows_in_any_number_take_no_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", {"body": pa.array([None] * 5000 + ["x"] + [None] * 5000)})
    answers = rows(path)
    assert answers == [Row(5001, {"body": "x"})]
