"""The manifest of a run: written last, it is the commit. `verify` compares it with the files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from .baseline.states_table import BASELINE
from .durable import write_json
from .exports import described, exported_files
from .fixes.fixes_table import FIXES
from .output_tables import SCHEMA
from .plan import LATEST, MANIFEST
from .shard_files import FINDINGS, VERDICTS
from .similar.cluster_tables import CLUSTERS, MEMBERS

TABLES: Final = (BASELINE, CLUSTERS, FINDINGS, FIXES, MEMBERS, VERDICTS)
"""The folders of all tables; most are optional."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A run whose manifest was compared with its files; `wrong` has a line for each difference."""

    folder: Path
    files: int
    rows: int
    digest: str
    wrong: tuple[str, ...]


def write_manifest(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """Write the manifest of a run and return it: `facts`, and name, rows, bytes and SHA-256 of each file.

    `digest` is that of all files: equal for runs with equal results.
    """
    files = [describe(path, folder) for path in data_files(folder)]
    manifest = {**facts, "schema": SCHEMA, "files": files, "digest": digest_of(files)}
    (folder / "_SUCCESS").touch()  # a courtesy to tools that look for it; nothing here relies on it
    write_json(folder / MANIFEST, manifest)
    return manifest


def data_files(folder: Path) -> list[Path]:
    """Return the files of all tables, in the order of their names."""
    return [path for table in TABLES for path in sorted((folder / table).glob("*.parquet"))]


def describe(path: Path, folder: Path) -> dict[str, Any]:
    """Return name, rows, bytes and SHA-256 of a file of a run. Raises OSError, and ArrowException for a damaged one."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - loads slowly, and only an audit needs it

    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    rows = pq.read_metadata(path).num_rows
    name = path.relative_to(folder).as_posix()
    return {"name": name, "rows": rows, "bytes": path.stat().st_size, "sha256": digest}


def digest_of(files: Sequence[dict[str, Any]]) -> str:
    """Return the digest of the descriptions of all files."""
    lines = [f"{one['sha256']} {one['name']}\n" for one in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_manifest(folder: Path, lang: Lang) -> dict[str, Any]:
    """Return the manifest of a run. Raises InputError for a run that is not finished."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            say(
                lang,
                f"{folder}：没有 {MANIFEST}，运行未完成；再次运行同一命令即可继续",
                f"{folder}: no {MANIFEST}, the run is unfinished; run the same command again to continue",
            )
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {error}") from error
    if not isinstance(manifest, dict) or not {"files", "digest", "rows"} <= manifest.keys():
        raise InputError(say(lang, f"{path}：不是审计的清单", f"{path}: not the manifest of an audit"))
    return manifest


def run_folder(out: Path, lang: Lang) -> Path:
    """Return the folder of a run: `out` itself, or the run that `latest` names. Raises InputError."""
    if out.name.startswith("run=") or (out / MANIFEST).exists():
        return out
    try:
        return out / (out / LATEST).read_text(encoding="utf-8").strip()
    except OSError as error:
        unfinished = sorted(path.name for path in out.glob("run=*"))
        also = say(lang, f"；未完成：{'、'.join(unfinished)}", f"; unfinished: {', '.join(unfinished)}")
        raise InputError(
            say(lang, f"{out}：没有完成的审计", f"{out}: no finished audit") + (also if unfinished else "")
        ) from error


def verify(out: Path, lang: Lang) -> Verified:
    """Return what differs between the manifest and the files of a run. Raises InputError without a manifest."""
    folder = run_folder(out, lang)
    manifest = read_manifest(folder, lang)
    wrong = list(_differences(folder, manifest, lang))
    files = len(manifest["files"]) + len(manifest.get("exports", ()))
    return Verified(folder, files, manifest["rows"], manifest["digest"], tuple(wrong))


def _differences(folder: Path, manifest: dict[str, Any], lang: Lang) -> Iterator[str]:
    import pyarrow as pa  # noqa: PLC0415 - as above

    listed = {one["name"]: one for one in manifest["files"]}
    present = {path.relative_to(folder).as_posix() for path in data_files(folder)}
    for name in sorted(present - listed.keys()):
        yield say(lang, f"{name}：不在清单中", f"{name}: not in the manifest")
    for name, one in sorted(listed.items()):
        if name not in present:
            yield say(lang, f"{name}：文件不存在", f"{name}: missing")
            continue
        try:
            same = describe(folder / name, folder) == one
        except (OSError, pa.ArrowException):
            same = False
        if not same:
            yield say(lang, f"{name}：内容与清单不符", f"{name}: differs from the manifest")
    exported = {one["name"]: one for one in manifest.get("exports", ())}
    for name in sorted({path.name for path in exported_files(folder)} - exported.keys()):
        yield say(lang, f"{name}：不在清单中", f"{name}: not in the manifest")
    for name, one in sorted(exported.items()):
        if not (folder / name).is_file():
            yield say(lang, f"{name}：文件不存在", f"{name}: missing")
        elif described(folder / name, one["rows"]) != one:
            yield say(lang, f"{name}：内容与清单不符", f"{name}: differs from the manifest")
    if digest_of(manifest["files"]) != manifest["digest"]:
        yield say(lang, f"{MANIFEST}：digest 与文件列表不符", f"{MANIFEST}: digest and list of files differ")
    rows = sum(one["rows"] for name, one in listed.items() if name.startswith(f"{VERDICTS}/"))
    if rows != manifest["rows"]:
        wrong = manifest["rows"]
        yield say(
            lang,
            f"{MANIFEST}：应有 {wrong} 行，文件中有 {rows} 行",
            f"{MANIFEST}: {wrong} rows, but {rows} in files",
        )
