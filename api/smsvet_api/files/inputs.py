"""Reads a file or standard input row by row, and turns rows into submissions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from smsvet.files.regular import NotRegularError, check_regular
from smsvet.model import Lang
from smsvet.schema import read_submission
from smsvet.submission import Submission, SubmissionError

from ..strict_json import lone_surrogate, surrogate_error
from ..wording import say
from .headings import columns_by_hand
from .json_files import read_json, read_lines
from .rows import MOST_TEXT, InputError, Reading, Row, Unreadable, too_long
from .tables import TABLES, read_table
from .words import PROVIDERS, plain

FORMATS = (".jsonl", ".ndjson", ".json", *TABLES)


def no_columns(lang: Lang) -> InputError:
    """Return the error of `--column` for an input without a table."""
    return InputError(
        say(
            lang,
            "--column 只用于表格；JSON 的键必须是字段名",
            "--column is for tables; in JSON the keys must be the names of fields",
        )
    )


def read_rows(
    source: str,
    lang: Lang,
    providers: Mapping[str, str],
    *,
    provider: str | None = None,
    columns: Sequence[str] = (),
    note: Callable[[str], None] = lambda _: None,
    mapped: Callable[[Sequence[tuple[str, str | None]]], None] = lambda _: None,
) -> Iterator[Row | Unreadable]:
    """Yield every row of a file, or of standard input for `-`, in order and lazily.

    `providers` maps the names that a table may use to provider ids, and `provider` is that of rows that name none.
    `columns` are assignments of headings, such as `body=文案`. `note` receives each line that the user should see
    although nothing is wrong, such as the columns that are not reviewed, and `mapped` the columns of a table.
    Raises InputError.
    """
    name = say(lang, "标准输入", "standard input") if source == "-" else source
    reading = replace(reading_of(name, lang, providers, provider, columns), note=note, mapped=mapped)
    suffix = Path(source).suffix.lower()
    if reading.by_hand and (source == "-" or (suffix in FORMATS and suffix not in TABLES)):
        raise no_columns(lang)
    if source == "-":
        rows = read_lines(sys.stdin.buffer, reading)
    else:
        rows = _read_file(Path(source), reading)
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        raise InputError(
            say(
                lang,
                f"{reading.source}：没有任何提交，文件是空的",
                f"{reading.source}: empty, no submission in it",
            )
        )


def reading_of(
    name: str, lang: Lang, providers: Mapping[str, str], provider: str | None, columns: Sequence[str]
) -> Reading:
    """Return how an input of this name is read, with the arguments of `read_rows`. Raises InputError."""
    by_hand = columns_by_hand(columns, lang)
    names = {
        plain(name): key for key, words in PROVIDERS.items() if key in providers.values() for name in words
    }
    return Reading(
        name,
        lang,
        {**names, **providers},
        provider,
        by_hand,
        {plain(heading): field for heading, field in by_hand},
    )


def _read_file(path: Path, reading: Reading) -> Iterator[Row | Unreadable]:
    lang = reading.lang
    suffix = path.suffix.lower()
    if not path.exists():
        raise InputError(say(lang, f"{path}：没有这个文件", f"{path}: no such file"))
    if suffix not in FORMATS:
        known = " ".join(FORMATS)
        raise InputError(
            say(
                lang,
                f"{path}：未知的扩展名 {suffix or '（无）'}；可用：{known}；- 从标准输入读 JSONL",
                f"{path}: unknown extension {suffix}; known: {known}; - reads JSONL from standard input",
            )
        )
    try:
        check_regular(path)
        if suffix == ".json":
            yield from read_json(path, reading)
        elif suffix in (".jsonl", ".ndjson"):
            with path.open("rb") as stream:
                yield from read_lines(stream, reading)
        else:
            yield from read_table(path, reading)
    except NotRegularError as error:
        raise InputError(
            say(
                lang,
                f"{path}：是管道、设备或套接字，不是普通文件；管道用 - 从标准输入读",
                f"{path}: a pipe, device or socket, not a regular file; - reads a pipe on standard input",
            )
        ) from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def to_submission(row: Row, provider: str | None, as_of: date, lang: Lang) -> Submission | Unreadable:
    """Return the submission of a row, with `provider` and `as_of` as defaults, or the error of the row."""
    data = row.data
    identity = None
    if isinstance(data, Mapping):
        given = data.get("id")
        identity = given if isinstance(given, str | int) and not isinstance(given, bool) else None
        data = dict(data)
        if provider is not None:
            data.setdefault("provider", provider)
        if data.get("as_of") is None:
            data["as_of"] = as_of.isoformat()
    try:
        if text_bytes(data) <= MOST_TEXT:
            return read_submission(data, lang)
        wrong = too_long(lang)
    except UnicodeEncodeError:
        field, point = lone_surrogate(data) or ("", "")
        wrong = surrogate_error(point, lang)
        wrong = f"{field}: {wrong}" if field else wrong
        identity = None if lone_surrogate(identity) else identity
    except SubmissionError as error:
        wrong = error.say(lang)
    except RecursionError:
        wrong = say(lang, "嵌套过深", "nested too deep")
    return Unreadable(row.line, wrong, identity, row.cells)


def text_bytes(value: object) -> int:
    """Return the size in UTF-8 bytes of all strings of decoded JSON. Raises UnicodeEncodeError for surrogates."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    if isinstance(value, Mapping):
        return sum(text_bytes(part) for pair in value.items() for part in pair)
    if isinstance(value, Iterable):
        return sum(map(text_bytes, value))
    return 0
