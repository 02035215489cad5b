"""Workbooks in xls and ods: their limits, and damaged ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet_api.files import opendocument_bounds, workbooks, xls_bounds
from smsvet_api.files.rows import InputError, Row

from .old_workbooks import Table, compound_file, shared_strings, write_ods, write_xls
from .reading import data, rows


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_workbooks_are_bounded(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = write_xls if kind == "xls" else write_ods
    path = write(tmp_path / f"a.{kind}", {"a": [["内容"], ["您好"]]})
    assert data(path) == [{"body": "您好"}]
    monkeypatch.setattr(workbooks, "MOST_OLD_CELLS", 1)
    with pytest.raises(InputError, match="最多 1 个单元格"):
        rows(path)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_rows_and_columns_count_from_the_corner(kind: str, tmp_path: Path) -> None:
    write = write_xls if kind == "xls" else write_ods
    path = write(
        tmp_path / f"a.{kind}", {"a": [[], [None, None, None], [None, None, "模版内容"], [None, None, "a"]]}
    )
    with pytest.raises(InputError, match="第 3 列：未知列“模版内容”"):
        rows(path)
    path = write(path, {"a": [[None], [None, None], [None, None, "内容"], [], [None, None, "a"]]})
    assert rows(path) == [Row(5, {"body": "a"})]


def test_the_gaps_and_the_shared_strings_of_an_xls_workbook_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gap: Table = [["内容"], *[[] for _ in range(1000)], [None] * 255 + ["x"]]
    path = write_xls(tmp_path / "a.xls", {"a": gap})
    assert len(rows(path)) == 1
    monkeypatch.setattr(xls_bounds, "MOST_OLD_CELLS", 1002 * 256 - 1)
    with pytest.raises(InputError, match="空单元格"):
        rows(path)


def test_a_shared_string_in_many_cells_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound_file(shared_strings(["内容", "x" * 32_000], [0, *[1] * 20_000])))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="文字过多"):
        rows(path)
    path.write_bytes(compound_file(shared_strings(["内容", "您好", "长" * 20_000], [0, 1, 2, 1])))
    assert [row.line for row in rows(path)] == [2, 3, 4]


def test_a_workbook_with_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        compound_file(b"x").replace("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
    )
    with pytest.raises(InputError, match="工作簿有密码"):
        rows(path)


REPEATED = "<table:table-row table:number-rows-repeated='{rows}'>{cells}</table:table-row>"
CELL = "<table:table-cell table:number-columns-repeated='{times}' office:value-type='string'><text:p>{text}</text:p></table:table-cell>"


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (REPEATED.format(rows=1_000_000, cells=CELL.format(times=1000, text="x")), "超过 4000000 个单元格"),
        (REPEATED.format(rows=1000, cells=CELL.format(times=1000, text="x" * 1000)), "单元格的文字过多"),
        ("<table:table-row></wrong>", "不是 ods 工作簿"),
    ],
)
def test_an_opendocument_bomb_is_refused_unread(xml: str, said: str, tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"a": [["内容"]]}, raw=xml)
    with pytest.raises(InputError, match=said):
        rows(path)


def test_blank_rows_to_the_end_of_a_sheet_cost_nothing(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"a": [["内容"], ["您好"]]})
    blank = REPEATED.format(rows=1_048_000, cells="<table:table-cell table:number-columns-repeated='16384'/>")
    path = write_ods(tmp_path / "b.ods", {"a": [["内容"], ["您好"]], "b": []}, raw="")
    text = _content(path).replace("</table:table>", f"{blank}</table:table>")
    _replace_content(path, text)
    assert data(path) == [{"body": "您好"}]


def test_flipped_bytes_of_old_workbooks_are_errors(tmp_path: Path) -> None:
    for kind, write in (("xls", write_xls), ("ods", write_ods)):
        path = write(tmp_path / f"a.{kind}", {"a": [["内容"], ["您好"]]})
        whole = path.read_bytes()
        for place in range(0, len(whole), 61):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
            try:
                rows(path)
            except InputError:
                continue


def test_the_limit_of_the_xml_of_an_ods_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_ods(tmp_path / "a.ods", {"a": [["内容"], ["您好"]]})
    monkeypatch.setattr(opendocument_bounds, "MOST_XML", 10)
    with pytest.raises(InputError, match="解压后超过"):
        rows(path)


def _content(path: Path) -> str:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return archive.read("content.xml").decode()


def _replace_content(path: Path, text: str) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, "content.xml": text.encode()}.items():
            archive.writestr(name, part)
