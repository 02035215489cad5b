"""Reviews of Spark DataFrames: the same tables as a local audit, clear errors, and streams of new files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench.generator import templates
from smsvet import Reviewer
from smsvet_api import dates
from smsvet_api.audit.spark import findings, review
from smsvet_api.files.rows import InputError

from ..archive import BANNED, CLEAN, DAY, LATER, audited

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("installed")]
ODD: list[dict[str, Any]] = [
    {"模板内容": None},
    {"模板内容": ""},
    {"模板内容": "您好", "模板类型": "不存在的类型"},
    {"模板内容": BANNED, "供应商": "阿里云", "审核日期": date(2021, 6, 1)},
    {"模板内容": "尊敬的${name}，您的订单已发货", "供应商": "aliyun", "审核日期": date(2026, 1, 1)},
    {"模板内容": "您的验证码是{1}", "供应商": "nobody"},
    {"模板内容": "𠮷野家：您的取餐号为{1}，\x00请取餐", "price": Decimal("1.50"), "tags": ["a", None]},
    {"模板内容": "您的订单{1}已发货", "sent": datetime.fromisoformat("2026-01-02T03:04:05"), "raw": b"\xff"},
]
COLUMNS = pa.schema(
    [
        ("模板ID", pa.int64()),
        ("模板内容", pa.string()),
        ("模板类型", pa.string()),
        ("供应商", pa.string()),
        ("审核日期", pa.date32()),
        ("price", pa.decimal128(10, 2)),
        ("tags", pa.list_(pa.string())),
        ("sent", pa.timestamp("us")),
        ("raw", pa.binary()),
    ]
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of generated templates, and of rows with empty, wrong and unusual cells."""
    bodies = templates(300, 0.4)
    rows = [{"模板内容": body, "模板类型": "通知"} for body, _ in zip(bodies, range(300), strict=False)] + ODD
    path = tmp_path_factory.mktemp("archive") / "a.parquet"
    table = pa.Table.from_pylist([{"模板ID": number, **row} for number, row in enumerate(rows)], COLUMNS)
    pq.write_table(table, path, row_group_size=100)
    return path


def read(spark: Any, path: Path) -> Any:
    """Return a Parquet file with the origin of each row."""
    return (
        spark.read.parquet(str(path))
        .selectExpr("*", "_metadata.file_name smsvet_file", "_metadata.row_index + 1 smsvet_row")
        .repartition(3)
    )


def stored(folder: Path) -> Any:
    return pq.read_table(folder).replace_schema_metadata()


def rows_of(table: Any, *order: str) -> Any:
    return table.sort_by([(name, "ascending") for name in order]).to_pylist()


def test_the_tables_are_those_of_a_local_audit(
    spark: Any, archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any
) -> None:
    local = audited(archive, tmp_path / "out", reviewer, shard_rows=100).run.folder
    reviewed = review(read(spark, archive), as_of=DAY, lang="en", with_findings=True).cache()
    verdicts = reviewed.drop("smsvet_found").toArrow()
    found = findings(reviewed).toArrow()
    reviewed.unpersist()
    expected = stored(local / "verdicts")
    assert verdicts.column_names == expected.column_names
    assert [str(one) for one in verdicts.schema.types] == [str(one) for one in expected.schema.types]
    assert rows_of(verdicts, "smsvet_row") == rows_of(expected, "smsvet_row")
    expected = stored(local / "findings")
    assert found.schema.equals(expected.schema)
    order = ("row", "rule", "start", "end", "message")
    assert rows_of(found, *order) == rows_of(expected, *order)
    assert found.num_rows > 100
    assert sum(row is not None for row in verdicts["smsvet_error"].to_pylist()) == 4


def test_a_plan_keeps_its_date_past_midnight(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "today", lambda: DAY)
    reviewed = review(spark.createDataFrame([(CLEAN,), (BANNED,)], "body string"))
    monkeypatch.setattr(dates, "today", lambda: LATER)
    assert {row.smsvet_as_of for row in reviewed.collect()} == {DAY.isoformat()}


def test_columns_of_an_earlier_review_are_replaced(spark: Any) -> None:
    given = spark.createDataFrame(
        [("x", CLEAN, "old", 7)], "body string, `话术` string, smsvet_error string, smsvet_row int"
    )
    again = review(review(given, columns=["body=话术", "other=body"]), columns=["body=话术", "other=body"])
    assert again.columns[:4] == ["body", "话术", "smsvet_file", "smsvet_row"]
    assert len(again.columns) == len(set(again.columns))
    (row,) = again.collect()
    assert (row.body, row.smsvet_error, row.smsvet_file, row.smsvet_row) == ("x", None, None, 7)
    assert row.smsvet_decision == "approve"


RULE = """title: {zh: 自有, en: Own}
decision: reject
message: {zh: 无, en: none}
why: {zh: 无, en: none}
fix: {zh: 无, en: none}
source: our own policy
check: {kind: pattern, pattern: WORD}
examples:
  flag: [{body: WORD}]
  pass: [{body: 您好}]
"""


def test_workers_with_other_rules_than_the_driver_fail(spark: Any, tmp_path: Path) -> None:
    rule = tmp_path / "own/word.yaml"
    rule.parent.mkdir()
    rule.write_text(RULE.replace("WORD", "苹果"), encoding="utf-8")
    given = spark.createDataFrame([("苹果与香蕉",)], "body string")
    (row,) = review(given, rules=[tmp_path]).collect()
    assert "own/word" in row.smsvet_rules
    reviewed = review(given, rules=[tmp_path], lang="en")
    rule.write_text(RULE.replace("WORD", "香蕉"), encoding="utf-8")
    with pytest.raises(Exception, match="differ from the driver's"):
        reviewed.collect()


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ("a string", {}, "missing column: at least one of signature, body, text is needed"),
        ("body string, body string", {}, "column named twice: body"),
        ("body string, `模板内容` string", {}, "body is given twice"),
        ("body string", {"columns": ["body=文案"]}, "no such column"),
        ("body string, smsvet_row string", {}, "column smsvet_row is string, not long"),
        ("body string", {"provider": "nobody"}, "'nobody' is not one of"),
        ("body string", {"policy": "/no/such/policy.yaml"}, "No such file"),
    ],
)
def test_wrong_columns_and_options(spark: Any, columns: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        review(spark.createDataFrame([], columns), lang="en", **options)


def test_findings_need_their_column(spark: Any) -> None:
    with pytest.raises(ValueError, match="with_findings=True"):
        findings(spark.createDataFrame([], "body string"))


@pytest.fixture
def stream(spark: Any, tmp_path: Path) -> Callable[[], list[Any]]:
    """Return a function that reviews the files that are new since its last call, and returns all results."""
    incoming, out = tmp_path / "in", tmp_path / "out"
    incoming.mkdir()

    def run() -> list[Any]:
        new = spark.readStream.schema("id string, body string").parquet(str(incoming))
        query = (
            review(new, as_of=DAY, with_findings=True)
            .writeStream.format("parquet")
            .option("path", str(out))
            .option("checkpointLocation", str(tmp_path / "checkpoint"))
            .trigger(availableNow=True)
            .start()
        )
        query.awaitTermination()
        rows: list[Any] = spark.read.parquet(str(out)).collect()
        return rows

    return run


def test_a_stream_reviews_each_new_file_once(stream: Callable[[], list[Any]], tmp_path: Path) -> None:
    def add(name: str, first: int) -> None:
        ids = [str(number) for number in range(first, first + 20)]
        pq.write_table(pa.table({"id": ids, "body": [CLEAN, BANNED] * 10}), tmp_path / "in" / name)

    add("a.parquet", 0)
    assert sorted(int(row.id) for row in stream()) == list(range(20))
    add("b.parquet", 20)
    rows = stream()
    assert sorted(int(row.id) for row in rows) == list(range(40))
    assert stream() == rows
    assert sum(row.smsvet_decision == "reject" for row in rows) == 20
    assert {len(row.smsvet_found) > 0 for row in rows if row.smsvet_decision == "reject"} == {True}
