"""Reading of content files, and errors that name file, line and key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class ContentError(ValueError):
    """Invalid content file. Each line of the message names file, line and key.

    `str()` gives the English message, `say` the one in a given language.
    """

    def __init__(self, english: str, chinese: str | None = None) -> None:
        super().__init__(english)
        self.chinese = chinese or english

    def say(self, lang: str) -> str:
        """Return the message in `lang`: `zh`, or anything else for English."""
        return self.chinese if lang == "zh" else str(self)


def joined_errors(errors: Sequence[ContentError]) -> ContentError:
    """Return one error with the messages of several, one per line."""
    return ContentError("\n".join(map(str, errors)), "\n".join(error.chinese for error in errors))


def read_text(path: Path, name: str) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises ContentError if the file cannot be read, or with the line of the first byte that is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ContentError(f"{name}: {error.strerror}", f"{name}: 无法读取（{error.strerror}）") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ContentError(
            f"{name}:{line}: not UTF-8 (byte {error.start})",
            f"{name}:{line}: 不是 UTF-8（第 {error.start} 字节）",
        ) from error


def read_rows(path: Path, name: str, columns: Sequence[str], needed: int) -> list[tuple[int, list[str]]]:
    """Return (line number, cells) for each row of a tab-separated file, without comments and blank lines.

    Short rows are padded with empty cells to the number of `columns`. Raises ContentError for a row with fewer
    than `needed` cells or more cells than columns.
    """
    rows = []
    for number, line in enumerate(read_text(path, name).split("\n"), start=1):
        line = line.rstrip("\r")
        if line.startswith("#") or not line.strip():
            continue
        cells = list(map(str.strip, line.split("\t")))
        if not needed <= len(cells) <= len(columns):
            expected = ", ".join(columns)
            raise ContentError(
                f"{name}:{number}: expected columns {expected}; found {len(cells)}",
                f"{name}:{number}: 应有列 {expected}，实为 {len(cells)} 列",
            )
        rows.append((number, cells + [""] * (len(columns) - len(cells))))
    return rows
