"""The folders below which the Python rules of a discovered configuration may run.

A configuration file is found by where a command runs, so it may come with an archive or a checkout of somebody
else. Its YAML is data; its Python rules would run with the user's rights, so the user trusts a folder first. A rule
with `trusted: true` needs the same trust, because its patterns may take exponential time.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smsvet import ContentError

_OWNED = hasattr(os, "geteuid")


@dataclass(frozen=True, slots=True)
class FoundFolders:
    """Folders of rules and content that a discovered configuration file names."""

    file: Path | None = None
    folders: tuple[Path, ...] = ()


NOTHING_FOUND: Final = FoundFolders()


def trust_file() -> Path:
    """Return the file that lists the trusted folders, one absolute path per line."""
    from platformdirs import user_config_path  # noqa: PLC0415 - only discovered Python rules need it

    return user_config_path("smsvet", appauthor=False) / "trusted-folders"


def trusted_folders() -> list[Path]:
    """Return the trusted folders; none if the list belongs to somebody else or others may write to it."""
    try:
        handle = os.open(trust_file(), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, encoding="utf-8", errors="surrogateescape") as stream:
            status = os.fstat(handle)
            if _OWNED and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
                return []
            if not stat.S_ISREG(status.st_mode):
                return []
            return [Path(line) for line in stream.read().split("\n") if line]
    except OSError:
        return []


def is_trusted(path: Path, folders: Sequence[Path] | None = None) -> bool:
    """Return whether a path, with all links resolved, is in or below a trusted folder."""
    place = path.resolve()
    return any(place.is_relative_to(folder) for folder in (trusted_folders() if folders is None else folders))


def trust(folder: Path) -> Path:
    """Add a folder, with all links resolved, to the trusted ones and return it; raises ContentError."""
    place = _checked(folder)
    listed = trusted_folders()
    if place not in listed:
        _write([*listed, place])
    return place


def distrust(folder: Path) -> Path:
    """Remove a folder from the trusted ones and return it; raises ContentError if it is not among them."""
    place = folder.resolve()
    listed = trusted_folders()
    if place not in listed:
        raise ContentError(f"{place}: not a trusted folder", f"{place}: 不是可信文件夹")
    _write([other for other in listed if other != place])
    return place


def trust_check(named: Sequence[Path], found: FoundFolders) -> Callable[[Path], None] | None:
    """Return the check of each Python file and of each rule with `trusted: true`, None if there are only `named` folders.

    The check raises ContentError, with the command that helps, for a file below the found folders that is not
    trusted. The user has named the other folders.
    """
    if not found.folders:
        return None

    def check(path: Path) -> None:
        if any(path.is_relative_to(folder) for folder in named) or is_trusted(path):
            return
        command = f"smsvet config trust {shlex.quote(str(_to_trust(path, found)))}"
        if path.suffix == ".py":
            english, chinese = (
                f"Python rules that {found.file} adds run only in a trusted folder",
                f"{found.file} 加入的 Python 规则只在可信的文件夹中执行",
            )
        else:
            english, chinese = (
                f"`trusted: true` in rules that {found.file} adds needs a trusted folder",
                f"{found.file} 加入的规则只在可信的文件夹中可写 trusted: true",
            )
        raise ContentError(f"{english}. If you trust it: {command}", f"{chinese}。确认可信后运行：{command}")

    return check


def _to_trust(path: Path, found: FoundFolders) -> Path:
    """Return the folder to name in the command: the configuration file's if the rule is below it, else its own."""
    place = path.resolve()
    folder = found.file.parent.resolve() if found.file else place.parent
    return folder if place.is_relative_to(folder) else place.parent


def _checked(folder: Path) -> Path:
    place = folder.resolve()
    if not place.is_dir():
        raise ContentError(f"{folder}: no such folder", f"{folder}: 没有这个文件夹")
    if place == Path(place.anchor) or "\n" in str(place):
        raise ContentError(f"{place}: cannot be trusted as a whole", f"{place}: 不能整个设为可信")
    return place


def _write(folders: Sequence[Path]) -> None:
    """Write the list at once or not at all, for its owner only; raises ContentError."""
    path = trust_file()
    text = "".join(f"{folder}\n" for folder in folders)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
                stream.write(text)
            os.replace(unfinished, path)  # noqa: PTH105 - as the file above
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)  # noqa: PTH108
            raise
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}", f"{path}: 无法写入（{error.strerror}）") from error
