"""The file of a review's results."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final

from smsvet import MissingExtraError
from smsvet.extras import check_installed
from smsvet.model import Lang, Said, Verdict

from ...wording import say
from ..rows import Row, Unreadable
from ..whole_file import replacing_stream
from .formats import WRITERS
from .outcome import outcome_of
from .spool import Spool

_NEEDED: Final[Mapping[str, tuple[str, Said]]] = {
    ".parquet": ("pyarrow", Said("写入 Parquet ", "Writing Parquet")),
    ".xlsx": ("openpyxl", Said("写入 xlsx ", "Writing xlsx")),
}
"""Extension -> the package of the extra `tables` that writes it."""


class ResultFileError(ValueError):
    """The results cannot be written; the message names the file."""


class ResultFile:
    """Collects rows and their verdicts, and writes them in the format of the file's extension.

    The file appears when `save` returns; until then, and after an error, an older file of that name is untouched.
    """

    def __init__(self, path: Path, source: str | None, lang: Lang) -> None:
        """Check that the file can be written. `source` is the input file. Raises ResultFileError."""
        self.path = path
        self._lang: Lang = lang
        suffix = path.suffix.lower()
        if suffix not in WRITERS:
            known = " ".join(WRITERS)
            raise self._error(f"未知的扩展名 {suffix or '（无）'}；可用：{known}", f"unknown extension {suffix}; known: {known}")  # fmt: skip
        if suffix in _NEEDED:
            package, purpose = _NEEDED[suffix]
            try:
                check_installed([package], "tables", purpose)
            except MissingExtraError as error:
                raise self._error(error.chinese, str(error)) from error
        if path.exists() and not path.is_file():
            raise self._error("不是普通文件", "not a regular file")
        if source is not None and path.exists() and Path(source).exists() and path.samefile(source):
            raise self._error("不能写入正在读取的文件", "this is the input file")
        try:
            self._spool = Spool(path.resolve().parent)
        except OSError as error:
            raise self._not_written(error) from error
        self._write = WRITERS[suffix]

    def __enter__(self) -> ResultFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return self._spool.count

    @property
    def left_out(self) -> int:
        """Return the number of columns of the input that are not carried, because there are too many."""
        return len(self._spool.left_out)

    def add(self, row: Row | Unreadable, answer: Verdict | Unreadable) -> None:
        """Add a row of the input with its verdict or error. Raises ResultFileError."""
        try:
            self._spool.add(carried(row), outcome_of(answer, self._lang))
        except OSError as error:
            raise self._not_written(error) from error

    def save(self) -> None:
        """Write the file. Raises ResultFileError."""
        try:
            with replacing_stream(self.path) as stream:
                self._write(stream, self._spool, self._lang)
        except OSError as error:
            raise self._not_written(error) from error

    def close(self) -> None:
        """Remove the temporary file."""
        self._spool.close()

    def _error(self, zh: str, en: str) -> ResultFileError:
        return ResultFileError(say(self._lang, f"{self.path}：{zh}", f"{self.path}: {en}"))

    def _not_written(self, error: OSError) -> ResultFileError:
        why = (os.strerror(error.errno) if error.errno else None) or error.strerror or str(error)
        return self._error(f"无法写入：{why}", f"cannot be written: {why}")


def carried(row: Row | Unreadable) -> Mapping[str, object]:
    """Return the cells of a row of the input by heading; the fields of a submission that was not in a file."""
    if row.cells:
        return row.cells
    if isinstance(row, Unreadable):
        return {} if row.id is None else {"id": row.id}
    return row.data if isinstance(row.data, Mapping) else {}
