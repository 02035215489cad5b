"""Reading of content files, and errors that name file, line and key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .regular import NotRegularError, check_regular, open_regular

RULE_BYTES = 1 << 20
"""Maximum size of a rule, its Python file, a policy or a provider's file, in bytes."""

TABLE_BYTES = 64 << 20
"""Maximum size of a list of words or a table, in bytes."""

_TABLES = (".tsv", ".txt")


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


def read_bytes(path: Path, name: str) -> bytes:
    """Return the bytes of a content file.

    Raises ContentError if the file cannot be read, is not a regular file, or exceeds the size limit of its kind.
    """
    try:
        with open_regular(path) as stream:
            data = stream.read(most_bytes(path) + 1)
    except NotRegularError as error:
        raise _not_regular(name) from error
    except OSError as error:
        raise ContentError(f"{name}: {error.strerror}", f"{name}: 无法读取（{error.strerror}）") from error
    _check_size(path, name, len(data))
    return data


def check_file(path: Path, name: str) -> None:
    """Raise ContentError for a content file that is not a regular file or too large, OSError if it is missing."""
    try:
        size = check_regular(path)
    except NotRegularError as error:
        raise _not_regular(name) from error
    _check_size(path, name, size)


def _not_regular(name: str) -> ContentError:
    return ContentError(
        f"{name}: a pipe, device or socket, not a regular file",
        f"{name}: 是管道、设备或套接字，不是普通文件",
    )


def _check_size(path: Path, name: str, size: int) -> None:
    most = most_bytes(path) >> 20
    if size > most << 20:
        raise ContentError(f"{name}: larger than {most} MiB", f"{name}: 超过 {most} MiB")


def most_bytes(path: Path) -> int:
    """Return the size limit of a content file in bytes, by its extension."""
    return TABLE_BYTES if path.suffix in _TABLES else RULE_BYTES


def read_text(path: Path, name: str) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises ContentError if the file cannot be read, or with the line of the first byte that is not UTF-8.
    """
    data = read_bytes(path, name)
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
