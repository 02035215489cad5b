"""The operator's own content - rules, policy and learned evidence - as it was at one moment.

A revision in service reads a private copy: its files may change while a process that ended is replaced.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from smsvet import ContentError
from smsvet.files.content_folders import added_content
from smsvet.files.digest import files_below
from smsvet.files.location import CONTENT
from smsvet.rules.policy import load_policy

from ..configuration.trust import NOTHING_FOUND, FoundFolders, trust_check
from .settings import Settings

MAX_ARCHIVE: Final = 16 * 1024 * 1024
"""Maximum bytes of an archive that is stored."""
MAX_COPIES: Final = 20
"""Unpacked copies that stay in the cache folder; the oldest are removed, and unpacked again where they are needed."""
_PLACES: Final = "places.json"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the operator's own content is read. `found` are folders that a discovered configuration file names."""

    rules: tuple[Path, ...] = ()
    policy: Path | None = None
    model: Path | None = None
    found: FoundFolders = NOTHING_FOUND

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return all folders, each once."""
        return tuple(dict.fromkeys((*self.rules, *self.found.folders)))

    @property
    def shown(self) -> dict[str, Any]:
        """Return the paths for people."""
        return {
            "rules": [str(folder) for folder in self.folders],
            "policy": str(self.policy) if self.policy else None,
            "model": str(self.model) if self.model else None,
        }


def places_of(settings: Settings) -> Places:
    """Return the places in the settings."""
    return Places(settings.rules, settings.policy, settings.model, settings.found)


@dataclass(slots=True, eq=False)
class OwnContent:
    """A copy of the operator's own content. `data` is a deterministic tar.gz, empty where there is no own content."""

    data: bytes
    originals: dict[str, Path] = field(default_factory=dict)
    """Place in the archive -> original path, for error messages; empty for an archive from the store."""
    check_trust: Callable[[Path], None] | None = None
    shown: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the archive, in hexadecimal: equal for equal files, whatever smsvet itself brings."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def archive(self) -> bytes | None:
        """Return the bytes for the store; None if it is too large."""
        return self.data if len(self.data) <= MAX_ARCHIVE else None

    def unpacked(self, settings: Settings) -> Settings:
        """Return settings that read the copy, which is unpacked where it is missing, as after a cleaning of `/tmp`.

        Its place is the same for the same content, since the key of the startup cache covers the paths.
        """
        if not self.data:
            return settings.reading((), None, None)
        if self.folder is None or not self.folder.is_dir():
            self.folder = _unpack(self.data, settings.cache)
        places = json.loads((self.folder / _PLACES).read_text(encoding="utf-8"))
        policy, model = (self.folder / places[name] if places[name] else None for name in ("policy", "model"))
        return settings.reading(tuple(self.folder / name for name in places["rules"]), policy, model)

    def trust(self, path: Path) -> None:
        """Raise ContentError for a file of the copy whose original may not run."""
        if self.check_trust is not None:
            self.check_trust(Path(self.original(str(path))))

    def explained(self, error: ContentError) -> ContentError:
        """Return an error with the paths of the original files."""
        return ContentError(self.original(str(error)), self.original(error.chinese))

    def original(self, text: str) -> str:
        """Return a text with the paths of the original files instead of those of the copy."""
        for place, path in sorted(self.originals.items(), reverse=True):  # rules/10 before rules/1
            text = text.replace(str(self.folder / place) if self.folder else place, str(path))
        return text


def read_content(places: Places) -> OwnContent:
    """Return a copy of the content at these places. Raises ContentError for files that cannot be read."""
    folders = places.folders
    added_content(folders, CONTENT)  # it refuses missing folders and files that would be ignored
    policy = places.policy
    model = places.model or (load_policy(policy)[0].model_file(policy) if policy else None)
    if not folders and policy is None and model is None:
        return OwnContent(b"", shown=places.shown)
    originals: dict[str, Path] = {}
    named = {folder: _place(folder, folders) for folder in folders}
    originals |= {place: folder for folder, place in named.items()}
    written: dict[str, Any] = {"rules": list(named.values()), "policy": None, "model": None}
    for kind, path in (("policy", policy), ("model", model)):
        if path is not None:
            written[kind] = f"{kind}/{path.name}"
            originals[written[kind]] = path
    return OwnContent(
        _packed(written, originals), originals, trust_check(places.rules, places.found), places.shown
    )


def _unpack(data: bytes, cache: Path | None) -> Path:
    """Return the folder of an archive's files: below the cache folder, or a new one where there is none."""
    name = hashlib.sha256(data).hexdigest()[:32]
    try:
        if cache is None:
            raise OSError
        parent = cache / "content"
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (parent / name).is_dir():
            (parent / name).touch()
            return parent / name
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=".unfinished-"))
    except OSError:
        parent, folder = None, Path(tempfile.mkdtemp(prefix="smsvet-content-"))
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        archive.extractall(folder, filter="data")
    if parent is None:
        return folder
    with contextlib.suppress(OSError):  # another process was faster
        folder.rename(parent / name)
    shutil.rmtree(folder, ignore_errors=True)
    _remove_oldest(parent)
    return parent / name


def _remove_oldest(parent: Path) -> None:
    with contextlib.suppress(OSError):  # another process removes the same
        kept = sorted(parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in kept[MAX_COPIES:]:
            shutil.rmtree(folder, ignore_errors=True)


def _place(folder: Path, folders: tuple[Path, ...]) -> str:
    """Return the place of a folder in the archive: inside another one if it is part of it."""
    resolved = [one.resolve() for one in folders]
    inside = folder.resolve()
    number = min(
        (number for number, other in enumerate(resolved) if inside.is_relative_to(other)),
        key=lambda number: (len(resolved[number].parts), number),
    )
    return "/".join((f"rules/{number}", *inside.relative_to(resolved[number]).parts))


def _packed(written: dict[str, Any], originals: dict[str, Path]) -> bytes:
    members: dict[str, bytes] = {_PLACES: json.dumps(written).encode()}
    for place, path in originals.items():
        members |= dict(_files(place, path))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for place, path in sorted(originals.items()):
            if path.is_dir():
                entry = tarfile.TarInfo(place)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o700
                archive.addfile(entry)
        for name, data in sorted(members.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o600
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(packed.getvalue(), mtime=0)


def _files(place: str, path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        if path.is_file():
            yield place, path.read_bytes()
        elif path.is_dir():
            for name in files_below(path):
                yield f"{place}/{name}", (path / name).read_bytes()
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}", f"{path}: 无法读取（{error.strerror}）") from error
