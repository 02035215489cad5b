"""Which rows an audit reads, from which files, and the errors for input that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet import Reviewer
from smsvet_api.files.rows import InputError

from .archive import BANNED, CLEAN, audited, parquet, verdicts

pytestmark = pytest.mark.usefixtures("inline")


def decisions(rows: list[dict[str, Any]]) -> list[str | None]:
    return [row["smsvet_decision"] for row in rows]


def test_parquet_keeps_its_columns_and_gets_verdicts(tmp_path: Path, reviewer: Reviewer) -> None:
    archive = parquet(tmp_path / "a.parquet")
    rows = verdicts(audited(archive, tmp_path / "out", reviewer))
    bodies = pq.read_table(archive)
    assert [{name: row[name] for name in bodies.column_names} for row in rows] == bodies.to_pylist()
    assert [row["smsvet_row"] for row in rows] == list(range(1, 61))
    assert {row["smsvet_file"] for row in rows} == {"a.parquet"}
    alone = reviewer.review_table(
        pa.table({"id": bodies["模板ID"], "body": bodies["模板内容"], "purpose": ["notification"] * 60})
    )
    assert decisions(rows) == alone["decision"].to_pylist()
    assert decisions(rows).count("reject") == 12


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_any_encoding(tmp_path: Path, reviewer: Reviewer, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f'编号,模板内容,备用\n1,"{CLEAN}\n回T退订",x\n2,{BANNED},\n', encoding=encoding)
    rows = verdicts(audited(file, tmp_path / "out", reviewer))
    assert [row["编号"] for row in rows] == ["1", "2"]
    assert [row["备用"] for row in rows] == ["x", None]
    assert [row["smsvet_row"] for row in rows] == [2, 4]
    assert rows[0]["模板内容"] == f"{CLEAN}\n回T退订"
    assert rows[1]["smsvet_decision"] == "reject"


def test_a_csv_line_in_another_encoding_is_an_error_with_its_line(tmp_path: Path, reviewer: Reviewer) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(
        f"id,body\n1,{CLEAN}\n".encode() + f"2,{CLEAN}\n".encode("gb18030") + f"3,{CLEAN}\n".encode()
    )
    rows = verdicts(audited(file, tmp_path / "out", reviewer))
    assert decisions(rows) == ["approve", None, "approve"]
    assert rows[1]["smsvet_row"] == 3
    assert "not UTF-8" in rows[1]["smsvet_error"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"2,{CLEAN}\n".encode(), "this line is UTF-8, but the file is GB18030"),
        (b"2,\xff\n", "not GB18030 (byte 0xFF)"),
        ('2,"您好\n尊敬的客户'.encode("gb18030") + b'\x80"\n', "not GB18030 (byte 0x80)"),
    ],
)
def test_a_line_that_does_not_fit_gb18030_is_an_error_with_its_line(
    tmp_path: Path, reviewer: Reviewer, line: bytes, said: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(f"id,body\n1,{CLEAN}\n".encode("gb18030") + line + f"3,联通{BANNED}\n".encode("gb18030"))
    rows = verdicts(audited(file, tmp_path / "out", reviewer))
    assert decisions(rows) == ["approve", None, "reject"]
    assert (rows[1]["smsvet_row"], rows[1]["smsvet_error"]) == (3, said)
    assert rows[2]["body"] == f"联通{BANNED}"


def test_json_lines_with_different_keys(tmp_path: Path, reviewer: Reviewer) -> None:
    file = tmp_path / "a.jsonl"
    lines = [
        json.dumps({"id": "1", "body": CLEAN, "purpose": "notification"}),
        "{broken",
        json.dumps({"id": "2", "text": f"【云雀】{BANNED}", "params": ["1"]}),
        json.dumps({"id": 3, "body": CLEAN}),
        json.dumps({"id": "4", "body": CLEAN, "purpose": "spam"}),
        json.dumps({"id": "5", "body": CLEAN, "provider": "nobody"}),
        json.dumps({"id": "6", "body": CLEAN, "as_of": "2018-01-01"}),
        json.dumps({"id": "7", "body": CLEAN, "as_of": "yesterday"}),
        json.dumps({"id": "8", "body": "\ud800"}),
        "[1]",
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = verdicts(audited(file, tmp_path / "out", reviewer))
    assert [row["smsvet_row"] for row in rows] == list(range(1, 11))
    assert decisions(rows) == ["approve", None, "reject", None, None, None, "approve", None, None, None]
    assert [row["smsvet_error"] is None for row in rows] == [one is not None for one in decisions(rows)]
    assert rows[6]["smsvet_as_of"] == "2018-01-01"
    assert rows[2]["params"] == '["1"]'


def test_a_workbook(tmp_path: Path, reviewer: Reviewer) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["模板导出"], ["模板ID", "短信内容", "数量"], ["t1", CLEAN, 3], ["t2", BANNED, 4.5]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    rows = verdicts(audited(tmp_path / "a.xlsx", tmp_path / "out", reviewer))
    assert [(row["smsvet_row"], row["数量"]) for row in rows] == [(3, "3"), (4, "4.5")]
    assert rows[1]["smsvet_decision"] == "reject"


def test_large_row_groups_are_read_in_shards(tmp_path: Path, reviewer: Reviewer) -> None:
    table = pq.read_table(parquet(tmp_path / "small.parquet", 200))
    pq.write_table(table, tmp_path / "a.parquet")
    outcome = audited(tmp_path / "a.parquet", tmp_path / "out", reviewer, shard_rows=5)
    rows = verdicts(outcome)
    assert [row["sent"] for row in rows] == [row["smsvet_row"] - 1 for row in rows] == list(range(200))
    assert len(list((outcome.run.folder / "verdicts").iterdir())) == 40
    assert not (outcome.run.folder / "_work").exists()


def test_a_folder_with_partitions(tmp_path: Path, reviewer: Reviewer) -> None:
    base = tmp_path / "in"
    parquet(base / "provider=aliyun/dt=2026-01-01/a.parquet", 10)
    parquet(base / "provider=tencent/dt=__HIVE_DEFAULT_PARTITION__/b.parquet", 10)
    (base / "provider=huawei").mkdir()
    (base / "provider=huawei/c.csv").write_text(f"body\n{CLEAN}\n", encoding="utf-8")
    (base / "_SUCCESS").touch()
    (base / ".hidden.csv").write_text("x", encoding="utf-8")
    (base / "readme.md").write_text("x", encoding="utf-8")
    rows = verdicts(audited(base, tmp_path / "out", reviewer))
    assert [row["smsvet_provider"] for row in rows] == ["aliyun"] * 10 + ["huawei"] + ["tencent"] * 10
    assert {(row["provider"], row["dt"]) for row in rows} == {
        ("aliyun", "2026-01-01"), ("huawei", None), ("tencent", None),
    }  # fmt: skip
    assert {row["smsvet_file"] for row in rows} >= {"provider=aliyun/dt=2026-01-01/a.parquet"}
    assert rows[10]["body"] == CLEAN
    kept = verdicts(
        audited(base, tmp_path / "out2", reviewer, where="provider = 'aliyun' and dt = '2026-01-01'")
    )
    assert kept[:10] == rows[:10]
    assert len(kept) == 10


def test_a_glob(tmp_path: Path, reviewer: Reviewer) -> None:
    for name in ("x1", "x2", "y1"):
        parquet(tmp_path / f"in/{name}.parquet", 5)
    rows = verdicts(audited(f"{tmp_path}/in/x*.parquet", tmp_path / "out", reviewer))
    assert [row["smsvet_file"] for row in rows] == ["x1.parquet"] * 5 + ["x2.parquet"] * 5


def test_columns_by_hand(tmp_path: Path, reviewer: Reviewer) -> None:
    pq.write_table(pa.table({"文": [CLEAN], "模板内容": ["其他"]}), tmp_path / "a.parquet")
    chosen = ("body=文", "other=模板内容")
    rows = verdicts(audited(tmp_path / "a.parquet", tmp_path / "out", reviewer, columns=chosen))
    assert decisions(rows) == ["approve"]


def test_a_vendors_list_in_parquet(tmp_path: Path, reviewer: Reviewer) -> None:
    table = pa.table(
        {"TemplateCode": ["SMS_1"], "TemplateContent": [CLEAN], "TemplateName": ["x"], "TemplateType": [1]}
    )
    pq.write_table(table, tmp_path / "a.parquet")
    rows = verdicts(audited(tmp_path / "a.parquet", tmp_path / "out", reviewer))
    assert [row["smsvet_provider"] for row in rows] == ["aliyun"]


def test_a_blank_row_of_parquet_is_an_error_and_not_lost(tmp_path: Path, reviewer: Reviewer) -> None:
    pq.write_table(pa.table({"body": [CLEAN, None, CLEAN]}), tmp_path / "a.parquet")
    rows = verdicts(audited(tmp_path / "a.parquet", tmp_path / "out", reviewer))
    assert decisions(rows) == ["approve", None, "approve"]


def test_an_audit_of_an_earlier_output_replaces_the_verdicts(tmp_path: Path, reviewer: Reviewer) -> None:
    first = audited(parquet(tmp_path / "a.parquet", 20), tmp_path / "out", reviewer)
    again = audited(first.run.folder / "verdicts", tmp_path / "out2", reviewer)
    assert decisions(verdicts(again)) == decisions(verdicts(first))
    assert pq.read_schema(next(again.run.folder.glob("verdicts/*"))).names == [
        *pq.read_schema(next(first.run.folder.glob("verdicts/*"))).names
    ]


def test_limit_where_and_sample_choose_the_same_rows_each_time(tmp_path: Path, reviewer: Reviewer) -> None:
    archive = parquet(tmp_path / "a.parquet", 200)
    limited = verdicts(audited(archive, tmp_path / "1", reviewer, limit=33))
    assert [row["sent"] for row in limited] == list(range(33))
    both = verdicts(audited(archive, tmp_path / "2", reviewer, limit=7, where="sent >= 20 and sent < 190"))
    assert [row["sent"] for row in both] == list(range(20, 27))
    sample = verdicts(audited(archive, tmp_path / "3", reviewer, sample=0.2))
    assert 15 < len(sample) < 70
    assert sample == verdicts(audited(archive, tmp_path / "4", reviewer, sample=0.2, shard_rows=77))
    larger = [row["模板ID"] for row in verdicts(audited(archive, tmp_path / "5", reviewer, sample=0.4))]
    assert {row["模板ID"] for row in sample} < set(larger)


def truncated(folder: Path) -> Path:
    file = parquet(folder / "a.parquet")
    file.write_bytes(file.read_bytes()[:-40])
    return file


def two_types(folder: Path) -> Path:
    parquet(folder / "in/a.parquet", 5)
    parquet(folder / "in/b.parquet", 5, sent=["x"] * 5)
    return folder / "in"


def headless(folder: Path) -> Path:
    pq.write_table(pa.table({"甲": ["x"], "乙": ["y"]}), folder / "a.parquet")
    return folder / "a.parquet"


def written(name: str, text: str) -> Any:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return write


def test_columns_by_hand_need_a_table(tmp_path: Path, reviewer: Reviewer) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"正文": "您的验证码是{1}"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="--column is for tables"):
        audited(folder, tmp_path / "out", reviewer, columns=("body=正文",))
    (folder / "b.csv").write_text("文案,标签\n您的验证码是{1}，请勿泄露。,x\n", encoding="utf-8")
    rows = verdicts(audited(folder, tmp_path / "out2", reviewer, columns=("body=文案", "other=标签")))
    assert [row["smsvet_decision"] for row in rows if row["smsvet_file"] == "b.csv"] == ["approve"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "none.csv", "none.csv: no such file"),
        (lambda folder: folder / "none*.csv", "no file to read"),
        (written("a.docx", "x"), "unknown extension"),
        (written("a.csv", ""), "empty"),
        (written("a.csv", "甲,乙\n1,2\n"), "missing column"),
        (headless, "missing column"),
        (truncated, "a.parquet: not Parquet"),
        (two_types, "b.parquet: column sent has type string, but int64 in a.parquet"),
    ],
)
def test_input_that_cannot_be_read_is_named(tmp_path: Path, reviewer: Reviewer, make: Any, said: str) -> None:
    with pytest.raises(InputError) as wrong:
        audited(make(tmp_path), tmp_path / "out", reviewer)
    assert said in str(wrong.value)
    assert not list((tmp_path / "out").glob("run=*/manifest.json"))


def test_the_output_must_be_apart_from_the_input(tmp_path: Path, reviewer: Reviewer) -> None:
    parquet(tmp_path / "in/a.parquet", 5)
    with pytest.raises(InputError, match="apart from the input"):
        audited(tmp_path / "in", tmp_path / "in/out", reviewer)


def damaged(folder: Path, table: Any, group: int, **options: Any) -> Path:
    """Write a table as Parquet with row groups of `group` rows, and spoil the texts of the second one."""
    file = folder / "a.parquet"
    pq.write_table(table, file, row_group_size=group, compression="zstd", **options)
    with pq.ParquetFile(file) as opened:
        place = opened.schema_arrow.names.index("模板内容")
        column = opened.metadata.row_group(1).column(place)
    data = bytearray(file.read_bytes())
    begin = column.dictionary_page_offset or column.data_page_offset
    data[begin + 20 : begin + column.total_compressed_size] = b"\xaa" * (column.total_compressed_size - 20)
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("shard_rows", [10, 1])
def test_a_damaged_part_of_parquet_costs_its_rows(
    tmp_path: Path, reviewer: Reviewer, shard_rows: int
) -> None:
    table = pq.read_table(parquet(tmp_path / "whole.parquet"))
    file = damaged(tmp_path, table, 25)
    outcome = audited(file, tmp_path / "out", reviewer, shard_rows=shard_rows)
    rows = verdicts(outcome)
    assert [row["smsvet_row"] for row in rows] == list(range(1, 61))
    lost = [row for row in rows if row["smsvet_error"]]
    assert [row["smsvet_row"] for row in lost] == list(range(26, 51))
    assert {row["smsvet_error"].partition(":")[0] for row in lost} == {"damaged Parquet, cannot be read"}
    assert {row["smsvet_decision"] for row in lost} == {None}
    assert outcome.manifest["decisions"] == {"approve": 28, "reject": 7, "error": 25}
    again = audited(file, tmp_path / "again", reviewer, shard_rows=shard_rows)
    assert again.manifest["digest"] == outcome.manifest["digest"]


def test_no_row_of_a_damaged_part_is_left_out_by_a_condition(tmp_path: Path, reviewer: Reviewer) -> None:
    table = pq.read_table(parquet(tmp_path / "whole.parquet"))
    rows = verdicts(
        audited(damaged(tmp_path, table, 25), tmp_path / "out", reviewer, where="sent < 5", limit=20)
    )
    assert [row["smsvet_row"] for row in rows] == [1, 2, 3, 4, 5, *range(26, 41)]


def test_a_checksum_of_a_page_is_verified(tmp_path: Path, reviewer: Reviewer) -> None:
    """Without compression and checksum, a changed letter would be reviewed as if it were the archive's."""
    table = pq.read_table(parquet(tmp_path / "whole.parquet"))
    file = tmp_path / "a.parquet"
    pq.write_table(
        table, file, row_group_size=25, compression="none", use_dictionary=False, write_page_checksum=True
    )
    data = file.read_bytes()
    at = data.index("快递".encode(), len(data) // 2)
    file.write_bytes(data[:at] + "外".encode() + data[at + 3 :])
    errors = [row for row in verdicts(audited(file, tmp_path / "out", reviewer)) if row["smsvet_error"]]
    assert len(errors) in (10, 25)
    assert "checksum" in errors[0]["smsvet_error"]
