"""Each bad input or output ends in its message and status, or in numbered error rows with the rest done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from smsvet import Reviewer
from smsvet_api.audit.lock import locked
from smsvet_api.audit.manifest import verify
from smsvet_api.audit.shards import Shard
from smsvet_api.cli import audit_settings

from ..cli.command_line import run
from ..required import missing
from .archive import BANNED, CLEAN, InlinePool, parquet

pytestmark = pytest.mark.usefixtures("inline")


@pytest.fixture
def audit(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that runs the command in this process."""
    monkeypatch.setattr(audit_settings, "load_reviewer", lambda config: reviewer)

    def command(given: Path, out: Path, *more: str) -> Result:
        options = ("--json", "--lang", "en", "--no-config", "--as-of", "2026-11-20", "--shard-rows", "10")
        return run("audit", str(given), str(out), *options, *more)

    return command


def summary(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def truncated(folder: Path) -> Path:
    file = parquet(folder / "a.parquet")
    file.write_bytes(file.read_bytes()[:-100])
    return file


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "a.csv")
    return folder / "a.csv"


def without_text(folder: Path) -> Path:
    (folder / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    return folder / "a.csv"


def binary(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(b"body\n\xff\xff\xff\x80\x80\n")
    return folder / "a.csv"


@pytest.mark.parametrize(
    ("make", "more", "said"),
    [
        (lambda folder: parquet(folder / "a.parquet"), ("--column", "body=没有"), "--column body=没有"),
        (without_text, (), "a.csv: missing column"),
        (lambda folder: folder / "none.csv", (), "none.csv: no such file"),
        (truncated, (), "a.parquet: not Parquet"),
        (binary, (), "a.csv: neither UTF-8 nor GB18030"),
        pytest.param(
            pipe,
            (),
            "a.csv: not a regular file",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="no pipes"),
        ),
    ],
    ids=["wrong column", "no column", "no file", "truncated", "binary", "pipe"],
)
def test_unusable_input(
    tmp_path: Path,
    audit: Callable[..., Result],
    make: Callable[[Path], Path],
    more: tuple[str, ...],
    said: str,
) -> None:
    result = audit(make(tmp_path), tmp_path / "out", *more)
    assert result.exit_code == 3
    assert said in result.stderr
    assert not list(tmp_path.glob("out/run=*/manifest.json"))


def test_mixed_encodings_cost_their_lines(tmp_path: Path, audit: Callable[..., Result]) -> None:
    lines = [f"{number},{BANNED if number % 5 == 0 else CLEAN}\n" for number in range(20)]
    encoded = [line.encode("gb18030" if number in (3, 7) else "utf-8") for number, line in enumerate(lines)]
    (tmp_path / "a.csv").write_bytes(b"id,body\n" + b"".join(encoded))
    result = audit(tmp_path / "a.csv", tmp_path / "out", "--fail-on", "error>1")
    assert result.exit_code == 1
    assert summary(result)["decisions"] == {"approve": 14, "reject": 4, "error": 2}
    assert verify(tmp_path / "out", "en").wrong == ()


def test_two_audits_at_once(tmp_path: Path, audit: Callable[..., Result]) -> None:
    archive, out = parquet(tmp_path / "a.parquet"), tmp_path / "out"
    out.mkdir()
    with locked(out, "en"):
        result = audit(archive, out)
    assert result.exit_code == 3
    assert f"out: another audit is writing here (process {os.getpid()} on " in result.stderr
    assert audit(archive, out).exit_code == 0


def test_an_input_that_changes(
    tmp_path: Path, audit: Callable[..., Result], inline: type[InlinePool]
) -> None:
    archive = parquet(tmp_path / "a.parquet")
    done: list[Shard] = []

    def change(shard: Shard) -> None:
        done.append(shard)
        if len(done) == 3:
            parquet(archive, 61)

    inline.before = staticmethod(change)
    result = audit(archive, tmp_path / "out")
    assert result.exit_code == 3
    assert "a.parquet: the input changed during the run" in result.stderr
    inline.before = staticmethod(lambda shard: None)
    result = audit(archive, tmp_path / "out")
    assert result.exit_code == 3
    assert "the input changed since: file a.parquet" in result.stderr
    assert summary(audit(archive, tmp_path / "out", "--new-run"))["rows"] == 61


def as_root(*command: str) -> bool:
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    try:
        return subprocess.run([*prefix, *command], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system that holds some shards of an audit, but not all."""
    folder = tmp_path / "disk"
    folder.mkdir()
    owner = f"uid={os.getuid()},gid={os.getgid()}" if hasattr(os, "getuid") else ""
    if sys.platform != "linux" or not as_root(
        "mount", "-t", "tmpfs", "-o", f"size=120k,{owner}", "tmpfs", str(folder)
    ):
        missing("no file system can be mounted")
    yield folder
    assert as_root("umount", "-l", str(folder))  # lazily: files may still be mapped


def test_a_full_disk(tmp_path: Path, audit: Callable[..., Result], small_disk: Path) -> None:
    archive = parquet(tmp_path / "a.parquet", 200)
    undisturbed = summary(audit(archive, tmp_path / "out"))
    result = audit(archive, small_disk / "out")
    assert result.exit_code == 3
    assert "out: out of space (No space left on device);" in result.stderr
    kept = len(list(small_disk.glob("out/run=*/verdicts/*.parquet")))
    assert f"; {kept} shards are done and kept; make room and run the same command again" in result.stderr
    assert kept > 0
    assert not list(small_disk.rglob(".*.tmp"))
    assert as_root("mount", "-o", "remount,size=10m", str(small_disk))
    again = summary(audit(archive, small_disk / "out"))
    assert (again["digest"], again["rows"]) == (undisturbed["digest"], 200)
    assert again["resumed"] >= kept * 5
