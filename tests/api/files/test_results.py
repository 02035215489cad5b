"""The file of a review's results: columns, cells, hostile texts, and never half a file."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import stat
import sys
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.model import Decision, Fault, Finding, Lang, Verdict
from smsvet_api.files.results import ResultFile, ResultFileError, formats
from smsvet_api.files.results.cells import LONGEST_CELL, csv_cell, xlsx_cell
from smsvet_api.files.results.outcome import outcome_of
from smsvet_api.files.results.spool import MOST_COLUMNS
from smsvet_api.files.rows import Row, Unreadable

SUFFIXES = [".csv", ".xlsx", ".parquet", ".jsonl"]
HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+1+1",
    "-2+3",
    "\t=1",
    " =1",
    "\u200b=1",
    "＝1+1",
    "#N/A",
]
every_format = pytest.mark.parametrize("suffix", SUFFIXES)


def finding(
    rule: str, decision: Decision, field: str | None = "body", suggestion: str | None = None
) -> Finding:
    return Finding(
        rule, decision, field, 0, 1, "x", f"说法 {rule}", f"改 {rule}", suggestion, title=f"名 {rule}"
    )


def verdict(*findings: Finding, faults: tuple[Fault, ...] = ()) -> Verdict:
    decision = max((one.decision for one in findings), default=Decision.APPROVE)
    return Verdict(None, "template", decision, "tencent", date(2026, 11, 23), findings, faults, "r")


REJECTED = verdict(
    finding("a/advice", Decision.APPROVE),
    finding("a/person", Decision.MANUAL_REVIEW, suggestion="改后"),
    finding("a/no", Decision.REJECT),
    finding("a/no", Decision.REJECT),
)


def write(path: Path, *rows: tuple[Mapping[str, object], Verdict | Unreadable], lang: Lang = "zh") -> None:
    with ResultFile(path, None, lang) as results:
        for line, (cells, answer) in enumerate(rows, start=1):
            results.add(Row(line, {}, cells), answer)
        results.save()


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of results as a library other than smsvet reads them."""
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        head, *rows = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
        return [dict(zip(map(str, head), row, strict=True)) for row in rows]
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    return [json.loads(line) for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n")]


@every_format
def test_the_columns_of_the_input_come_first_and_keep_their_order(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"结果{suffix}"
    write(path, ({"编号": "1", "备注信息": None}, REJECTED), ({"编号": "2", "备注信息": "甲"}, verdict()))
    first, second = read(path)
    if suffix in (".csv", ".xlsx"):
        assert list(first) == [
            "编号",
            "备注信息",
            "审核结果",
            "规则",
            "规则名称",
            "原因",
            "修改建议",
            "改后文本",
        ]
        shown = [
            "驳回",
            "a/no\na/person",
            "名 a/no\n名 a/person",
            "说法 a/no\n说法 a/person",
            "改 a/no\n改 a/person",
        ]
        assert list(first.values())[2:] == [*shown, "改后"]
        assert second["审核结果"] == "通过"
    else:
        assert [name for name in first if name != "备注信息"] == [
            "编号", "decision", "rules", "titles", "reasons", "fixes", "suggestion",
        ]  # fmt: skip
        assert (first["decision"], first["rules"]) == ("reject", ["a/no", "a/person"])
        assert (first["reasons"], first["suggestion"]) == (["说法 a/no", "说法 a/person"], "改后")
        assert (second["decision"], second["rules"], second["suggestion"]) == ("approve", [], None)
    assert second["备注信息"] == "甲"


def test_headings_and_decisions_have_the_requested_language(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write(path, ({"id": "1"}, REJECTED), lang="en")
    (row,) = read(path)
    assert list(row) == ["id", "decision", "rules", "titles", "reasons", "fixes", "corrected text"]
    assert row["decision"] == "rejected"


@every_format
def test_a_row_that_cannot_be_read_has_its_error_and_no_decision(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write(path, ({"body": "x"}, Unreadable(1, "purpose: 应为……")))
    (row,) = read(path)
    if suffix in (".csv", ".xlsx"):
        assert (row["审核结果"], row["原因"]) == ("无法读取", "purpose: 应为……")
    else:
        assert (row["decision"], row["reasons"]) == (None, ["purpose: 应为……"])


def test_a_rule_that_failed_is_a_reason() -> None:
    outcome = outcome_of(verdict(faults=(Fault("a/b", "ZeroDivisionError"),)), "zh")
    assert (outcome.rules, outcome.reasons) == (["a/b"], ["ZeroDivisionError"])


def test_corrected_texts_of_several_fields_are_named() -> None:
    outcome = outcome_of(
        verdict(
            finding("a/b", Decision.MANUAL_REVIEW, "body", "人工"),
            finding("a/c", Decision.REJECT, "body", "驳回"),
            finding("a/d", Decision.REJECT, "signature", "云雀"),
        ),
        "zh",
    )
    assert outcome.suggestion == "正文：驳回\n签名：云雀"


@every_format
def test_a_column_of_the_same_name_stays(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    names = ["原因", "smsvet 原因", "decision", "smsvet decision"]
    write(path, (dict.fromkeys(names, "旧"), REJECTED))
    (row,) = read(path)
    assert [row[name] for name in names] == ["旧"] * 4
    added = "smsvet 原因 2" if suffix in (".csv", ".xlsx") else "smsvet decision 2"
    assert row[added] in ("说法 a/no\n说法 a/person", "reject")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(tmp_path: Path, text: str) -> None:
    answer = verdict(finding("a/b", Decision.REJECT, suggestion=text))
    for suffix in (".csv", ".xlsx"):
        write(tmp_path / f"a{suffix}", ({text: text}, answer))
    for row in csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"))):
        assert not any(cell.strip("\u200b \t").startswith(tuple("=+-@＝")) for cell in row)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells].count(text) == 3
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("+8613912345678", "+8613912345678"), ("-5", "-5"), ("-5.50", "-5.50"), ("-5折", "'-5折"), ("回复T退订", "回复T退订"),
        (5, "5"), (1.0, "1"), (0.5, "0.5"), (True, "True"), (None, ""), (["甲", 1], '["甲", 1]'), ("a\0b", "a\ufffdb"),
    ],
)  # fmt: skip
def test_plain_numbers_stay_as_they_are_in_csv(cell: object, written: str) -> None:
    assert csv_cell(cell) == written


@every_format
@pytest.mark.parametrize(
    "text", ["a\x00b\x01c\x1b[31m\x7f", "\ud800x", "\ufffe\uffff", "_x0041_", "甲\r\n乙", "𠮷" * 9]
)
def test_control_characters_damage_no_file(tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"a{suffix}"
    write(path, ({"body": text, text: "x"}, verdict(finding("a/b", Decision.REJECT, suggestion=text))))
    (row,) = read(path)
    assert "x" in row.values()


def test_characters_that_xml_lacks_are_written_as_the_format_does(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", ({"body": "a\x01_x0041_\r\n"}, verdict()))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "a_x0001__x005F_x0041__x000D_" in sheet


@given(st.text(max_size=60))
def test_any_text_fits_an_xlsx_cell(text: str) -> None:
    shown = xlsx_cell(text * 700, "str")
    assert isinstance(shown, str)
    assert len(shown) <= LONGEST_CELL
    assert not any(ord(character) < 32 and character not in "\t\n" for character in shown)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    shown = xlsx_cell("𠮷" * 20_000, "str")
    assert isinstance(shown, str)
    assert shown.endswith(" … [+3667]")


def test_types_are_kept_where_the_format_has_them(tmp_path: Path) -> None:
    cells: dict[str, object] = {
        "count": 3, "share": 0.5, "mixed": 1, "at": datetime.fromisoformat("2026-11-28T09:30:00"), "day": date(2026, 11, 28),
        "on": True, "big": 1 << 80, "phone": 13912345678, "params": {"code": "1"}, "nan": float("nan"),
        "zoned": datetime(2026, 11, 28, tzinfo=timezone(timedelta(hours=8))), "bytes": b"a\xff",
    }  # fmt: skip
    for suffix in SUFFIXES:
        write(tmp_path / f"a{suffix}", (cells, verdict()), ({**cells, "mixed": "x"}, verdict()))
    (row, _) = read(tmp_path / "a.parquet")
    text = {"mixed": "1", "big": str(1 << 80), "params": '{"code": "1"}', "nan": None, "bytes": "a\\xff"}
    expected = cells | text | {"zoned": "2026-11-28T00:00:00+08:00"}
    assert {name: row[name] for name in cells} == expected
    (row, _) = read(tmp_path / "a.xlsx")
    assert (row["phone"], row["at"], row["on"]) == (13912345678, cells["at"], True)
    (row, _) = read(tmp_path / "a.jsonl")
    assert (row["params"], row["count"], row["at"]) == ({"code": "1"}, 3, "2026-11-28T09:30:00")
    (row, _) = read(tmp_path / "a.csv")
    assert (row["phone"], row["day"], row["params"]) == ("13912345678", "2026-11-28", '{"code": "1"}')


@every_format
def test_columns_that_appear_late_are_columns_of_all_rows(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write(path, ({"body": "甲"}, verdict()), ({"remark": "乙"}, verdict()))
    first, second = read(path)
    assert first["body"] == "甲"
    assert second["remark"] == "乙"
    assert not first.get("remark")


def test_no_more_columns_are_carried_than_a_table_may_have(tmp_path: Path) -> None:
    with ResultFile(tmp_path / "a.csv", None, "zh") as results:
        results.add(Row(1, {}, {f"c{number}": "x" for number in range(MOST_COLUMNS + 4)}), verdict())
        assert results.left_out == 4
        results.save()
    (row,) = read(tmp_path / "a.csv")
    assert len(row) == MOST_COLUMNS + 6


def test_a_full_sheet_is_followed_by_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_ROWS", 3)
    write(tmp_path / "a.xlsx", *(({"body": number}, verdict()) for number in range(5)))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [(sheet.title, sheet.max_row) for sheet in book.worksheets] == [
        ("审核结果", 3), ("审核结果 2", 3), ("审核结果 3", 2),
    ]  # fmt: skip


@every_format
def test_no_rows_make_a_file_with_headings(tmp_path: Path, suffix: str) -> None:
    write(tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == [tmp_path / f"a{suffix}"]


def fail(*_: object) -> None:
    raise OSError(28, "No space left on device")


@every_format
def test_an_older_file_is_untouched_until_the_new_one_is_complete(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("旧", encoding="utf-8")
    with ResultFile(path, None, "zh") as results:
        results.add(Row(1, {}, {"body": "x"}), verdict())
        assert path.read_text(encoding="utf-8") == "旧"
        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(ResultFileError, match="无法写入：No space left on device"):
            results.save()
    assert [item.name for item in tmp_path.iterdir()] == [path.name]
    assert path.read_text(encoding="utf-8") == "旧"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file")
@every_format
def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    text = os.urandom(300_000).hex()
    parts = [text[start : start + 30_000] for start in range(0, len(text), 30_000)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(ResultFileError, match="cannot be written: File too large"):
            write(path, *(({"body": part}, verdict()) for part in parts), lang="en")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real, link, new = tmp_path / "real.csv", tmp_path / "link.csv", tmp_path / "new.csv"
    real.write_text("旧", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    write(link, ({"body": "x"}, verdict()))
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    mask = os.umask(0o027)
    try:
        write(new, ({"body": "x"}, verdict()))
    finally:
        os.umask(mask)
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.txt", "未知的扩展名 .txt；可用：.csv .jsonl"),
        ("a", "未知的扩展名 （无）"),
        ("none/a.csv", "无法写入：No such file or directory"),
        ("folder.csv", "不是普通文件"),
        ("in.csv", "不能写入正在读取的文件"),
        ("same.csv", "不能写入正在读取的文件"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_at_once(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "in.csv").write_text("body\nx\n", encoding="utf-8")
    (tmp_path / "same.csv").symlink_to(tmp_path / "in.csv")
    with pytest.raises(ResultFileError, match=said):
        ResultFile(tmp_path / name, str(tmp_path / "in.csv"), "zh")


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    import tracemalloc

    rows, text = 4000, "x" * 500
    tracemalloc.start()
    with ResultFile(tmp_path / "a.csv", None, "zh") as results:
        for line in range(rows):
            results.add(Row(line, {}, {"body": text}), REJECTED)
        results.save()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < rows * len(text) / 2
