"""Reads the sheets of workbooks: xlsx and xlsm by openpyxl, xls and ods by calamine."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from smsvet.model import Lang

from ..wording import say
from .headings import Sheet
from .opendocument_bounds import check_opendocument
from .rows import Cells, InputError, Reading
from .workbook_bounds import MOST_OLD_CELLS, check_bounds, check_row, check_size
from .xls_bounds import check_xls, password


@contextmanager
def xlsx_sheets(path: Path, reading: Reading) -> Iterator[list[Sheet]]:
    """Open a workbook and provide its sheets. Raises InputError for one that is damaged or beyond the limits."""
    import openpyxl  # noqa: PLC0415 - loads slowly, and only this needs it

    lang = reading.lang
    with path.open("rb") as stream:
        try:
            with ZipFile(stream) as archive:
                check_bounds(archive, str(path), lang)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
                sheets = [
                    Sheet(sheet.title, _xlsx_reader(sheet, path, lang), sheet.sheet_state != "visible")
                    for sheet in book.worksheets
                ]
        except (InputError, OSError):
            raise
        except Exception as error:  # a damaged part raises errors of several libraries
            raise InputError(_not_a_workbook(path, "xlsx", error, lang)) from error
        try:
            yield sheets
        finally:
            book.close()


def _xlsx_reader(sheet: Any, path: Path, lang: Lang) -> Callable[[], Iterator[Cells]]:
    def rows() -> Iterator[Cells]:
        line = 0
        try:
            sheet.reset_dimensions()  # many programs write a wrong one
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                check_row(line, len(cells), str(path), lang)
                yield line, cells
        except (InputError, OSError):
            raise
        except Exception as error:
            raise InputError(_damaged(path, line, error, lang)) from error

    return rows


@contextmanager
def old_sheets(path: Path, reading: Reading, kind: str) -> Iterator[list[Sheet]]:
    """Open an xls or ods workbook and provide its sheets. Raises InputError as `xlsx_sheets`."""
    import python_calamine  # noqa: PLC0415 - only this needs it

    lang = reading.lang
    check_size(path, lang)
    check = check_opendocument if kind == "ods" else check_xls
    check(path, lang)
    try:
        # An open file, since a path is read by its extension, which may be wrong.
        with path.open("rb") as stream:
            book = python_calamine.load_workbook(stream)
        sheets = [
            Sheet(
                one.name,
                _old_reader(book, index, path, lang),
                one.visible != python_calamine.SheetVisibleEnum.Visible,
            )
            for index, one in enumerate(book.sheets_metadata)
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except OSError:
        raise
    except python_calamine.PasswordError as error:
        raise InputError(password(path, lang)) from error
    except BaseException as error:
        _raise_unless_failure(error)
        raise InputError(_not_a_workbook(path, kind, error, lang)) from error
    try:
        yield sheets
    finally:
        book.close()


def _old_reader(book: Any, index: int, path: Path, lang: Lang) -> Callable[[], Iterator[Cells]]:
    def rows() -> Iterator[Cells]:
        try:
            sheet = book.get_sheet_by_index(index)
            height, width = (place + 1 for place in sheet.end or (-1, -1))
            if height * width > MOST_OLD_CELLS:
                raise InputError(
                    say(
                        lang,
                        f"{path}：工作表“{sheet.name}”有 {height} 行 {width} 列，最多 {MOST_OLD_CELLS} 个单元格",
                        f"{path}: sheet “{sheet.name}” has {height} rows and {width} columns, "
                        f"at most {MOST_OLD_CELLS} cells",
                    )
                )
            table: Iterable[list[Any]] = sheet.iter_rows()
            before = [None] * (sheet.start or (0, 0))[1]  # rows begin at the first column that is not empty
        except (InputError, OSError):
            raise
        except BaseException as error:
            _raise_unless_failure(error)
            raise InputError(_damaged(path, 0, error, lang)) from error
        for line, cells in enumerate(table, start=1):
            check_row(line, len(cells), str(path), lang)
            yield line, before + cells

    return rows


def _raise_unless_failure(error: BaseException) -> None:
    """Raise what is not a failure to read: a panic of the library is a BaseException only."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def _not_a_workbook(path: Path, kind: str, error: BaseException, lang: Lang) -> str:
    return say(lang, f"{path}：不是 {kind} 工作簿：{error}", f"{path}: not an {kind} workbook: {error}")


def _damaged(path: Path, line: int, error: BaseException, lang: Lang) -> str:
    return say(
        lang,
        f"{path}：第 {line} 行之后的内容已损坏：{error}",
        f"{path}: damaged after row {line}: {error}",
    )
