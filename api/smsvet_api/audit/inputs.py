"""Finds the files of an audit: one file, a folder with hive partitions, or a glob."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from smsvet.files.regular import NotRegularError, check_regular, open_regular
from smsvet.model import Lang

from ..files.inputs import FORMATS, no_columns
from ..files.rows import InputError
from ..wording import say

_MAGIC = frozenset("*?[")
_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to audit. `name` is its path below the folder given, and `partitions` are the keys of its folders.

    `digest` is the SHA-256 of a Parquet file's footer, or of the whole content of any other file. `modified` is the
    time of the last change in nanoseconds. The copy of a table of a database has the names of its primary key as `key`.
    """

    path: Path
    name: str
    size: int
    modified: int
    digest: str
    partitions: tuple[tuple[str, str | None], ...] = ()
    key: tuple[str, ...] = ()

    def identity(self) -> dict[str, object]:
        """Return what tells whether the file is still the same, without the path on this machine."""
        if self.key:
            return {"name": self.name, "size": self.size, "digest": self.digest, "key": list(self.key)}
        return {"name": self.name, "size": self.size, "modified": self.modified, "digest": self.digest}


def find_inputs(given: str, lang: Lang) -> tuple[InputFile, ...]:
    """Return the files that a path or glob names, in the order of their names. Raises InputError.

    Of a folder, files at any depth count, except those whose path has a name that begins with a dot or an underscore.
    """
    path = Path(given)
    if path.is_dir():
        base, found = path, sorted(one for one in path.rglob("*") if _is_data(one, path))
    elif _MAGIC.intersection(given) and not path.exists():
        base, pattern = _split(path)
        found = sorted(one for one in base.glob(pattern) if _is_data(one, base))
    else:
        base, found = path.parent, [path]
    if not found:
        known = " ".join(FORMATS)
        raise InputError(
            say(lang, f"{given}：没有可读的文件（{known}）", f"{given}: no file to read ({known})")
        )
    return tuple(_input_file(one, base, lang) for one in found)


def check_unchanged(path: Path, size: int, modified: int, lang: Lang) -> None:
    """Raise InputError if a file is gone, or has another size or time of change than when the run was planned."""
    try:
        status = path.stat()
        same = (status.st_size, status.st_mtime_ns) == (size, modified)
    except OSError:
        same = False
    if not same:
        raise InputError(
            say(
                lang,
                f"{path}：输入在运行中被修改；请恢复原文件，或用 --new-run 重新开始",
                f"{path}: the input changed during the run; restore it, or begin anew with --new-run",
            )
        )


def _is_data(path: Path, base: Path) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.relative_to(base).parts)
    return not hidden and path.suffix.lower() in FORMATS and path.is_file()


def _split(path: Path) -> tuple[Path, str]:
    """Return the part of a glob before its first wildcard, and the rest."""
    parts = path.parts
    first = next(number for number, part in enumerate(parts) if _MAGIC.intersection(part))
    return Path(*parts[:first]), str(Path(*parts[first:]))


def _input_file(path: Path, base: Path, lang: Lang) -> InputFile:
    name = path.relative_to(base).as_posix() if path != base else path.name
    if not path.exists():
        raise InputError(say(lang, f"{path}：没有这个文件", f"{path}: no such file"))
    if path.suffix.lower() not in FORMATS:
        known = " ".join(FORMATS)
        raise InputError(
            say(
                lang,
                f"{path}：未知的扩展名；可用：{known}",
                f"{path}: unknown extension; known: {known}",
            )
        )
    try:
        check_regular(path)
        status = path.stat()
        return InputFile(
            path.resolve(),
            name,
            status.st_size,
            status.st_mtime_ns,
            _digest(path, status.st_size),
            _partitions(PurePosixPath(name).parts[:-1]),
        )
    except NotRegularError as error:
        raise InputError(say(lang, f"{path}：不是普通文件", f"{path}: not a regular file")) from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def is_json(file: InputFile) -> bool:
    """Return whether a file has submissions as JSON, whose keys are the names of fields."""
    return file.path.suffix.lower() in (".json", ".jsonl", ".ndjson")


def check_columns(files: Sequence[InputFile], columns: Sequence[str], lang: Lang) -> None:
    """Raise InputError for `--column` where no file is a table. Beside tables, it does not concern the JSON files."""
    if columns and all(map(is_json, files)):
        raise no_columns(lang)


def _digest(path: Path, size: int) -> str:
    found = hashlib.sha256()
    with open_regular(path) as stream:
        if path.suffix.lower() == ".parquet" and size >= 12:
            stream.seek(size - 8)
            length = int.from_bytes(stream.read(4), "little")
            stream.seek(max(size - 8 - length, 0))
        while chunk := stream.read(1 << 20):
            found.update(chunk)
    return found.hexdigest()


def _partitions(folders: Sequence[str]) -> tuple[tuple[str, str | None], ...]:
    pairs = [folder.split("=", 1) for folder in folders if "=" in folder]
    return tuple((unquote(key), None if value == _NULL else unquote(value)) for key, value in pairs)
