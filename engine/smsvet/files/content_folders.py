"""Content that is added to the built-in: which subfolders of a folder are read, and what may be in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .content_files import ContentError, joined_errors, read_text

PARTS = ("rules", "grammars", "corpora")
"""A folder with one of these subfolders is a content folder; any other is a folder of rules."""

_READ = {
    "rules": "rules",
    "grammars": "grammars",
    "terms": "corpora/terms",
    "safe": "corpora/safe",
    "sources": "corpora/sources.yaml",
}
_LEXICONS = (_READ["terms"], _READ["safe"])
_RULE = re.compile(r"(?m)^check\s*:")


@dataclass(frozen=True, slots=True)
class AddedContent:
    """The folders of rules, grammars, terms and allowlist phrases, and the files of sources, in the order of reading.

    The built-in ones are read before.
    """

    rules: tuple[Path, ...] = ()
    grammars: tuple[Path, ...] = ()
    terms: tuple[Path, ...] = ()
    safe: tuple[Path, ...] = ()
    sources: tuple[Path, ...] = ()

    @property
    def places(self) -> tuple[Path, ...]:
        """Return all of them."""
        return (*self.rules, *self.grammars, *self.terms, *self.safe, *self.sources)


def is_content_folder(folder: Path) -> bool:
    """Return whether a folder has a subfolder `rules`, `grammars` or `corpora`."""
    return any((folder / part).is_dir() for part in PARTS)


def rules_folder(folder: Path) -> Path:
    """Return the folder of rules in a content folder; any other folder itself."""
    return folder / "rules" if is_content_folder(folder) else folder


def added_content(folders: Sequence[Path], builtin: Path) -> AddedContent:
    """Return what `folders` add to the content in `builtin`; a folder that is given twice is read once.

    Raises ContentError for a folder that does not exist, and for each file of a content folder that would be
    silently ignored.
    """
    errors = [error for folder in folders for error in _errors(folder)]
    if errors:
        raise joined_errors(errors)
    found: dict[str, list[Path]] = {name: [] for name in _READ}
    seen = {(builtin / place).resolve() for place in _READ.values()}
    for folder in folders:
        parts = [(name, folder / place) for name, place in _READ.items()]
        for name, path in parts if is_content_folder(folder) else [("rules", folder)]:
            if (path.is_file() if name == "sources" else path.is_dir()) and path.resolve() not in seen:
                seen.add(path.resolve())
                found[name].append(path)
    return AddedContent(*(tuple(found[name]) for name in _READ))


def already_there(english: str, chinese: str, place: str, other: str) -> ContentError:
    """Return the error for an ID that two files define: `place`, and `other` where it was defined first."""
    return ContentError(f"{place}: {english} exists already: {other}", f"{place}: {chinese} 已存在：{other}")


def _errors(folder: Path) -> Iterator[ContentError]:
    if not folder.is_dir():
        yield ContentError(f"{folder}: no such folder", f"{folder}: 没有这个文件夹")
    elif is_content_folder(folder):
        yield from (_stray_rule(path, folder) for path in sorted(folder.glob("*/*.yaml")) if _is_stray(path))
        yield from (
            _unread(path) for path in sorted((folder / "corpora").rglob("*")) if _is_unread(path, folder)
        )


def _is_stray(path: Path) -> bool:
    if path.parent.name in PARTS:
        return False
    try:
        return bool(_RULE.search(read_text(path, str(path))))
    except ContentError:  # any file of a project may be here
        return False


def _stray_rule(path: Path, folder: Path) -> ContentError:
    part = next(part for part in PARTS if (folder / part).is_dir())
    return ContentError(
        f"{path}: would not be read: {folder} has {part}/, so its rules belong in {folder / 'rules'}",
        f"{path}: 不会读取：{folder} 中有 {part}/，规则应放在 {folder / 'rules'} 中",
    )


def _is_unread(path: Path, folder: Path) -> bool:
    if not path.is_file() or path.name.startswith(".") or path.suffix == ".md":
        return False
    if path == folder / _READ["sources"]:
        return False
    return path.suffix != ".tsv" or path.parent not in {folder / place for place in _LEXICONS}


def _unread(path: Path) -> ContentError:
    lexicons, sources = [f"{place}/<category>.tsv" for place in _LEXICONS], _READ["sources"]
    return ContentError(
        f"{path}: would not be read: a content folder adds {', '.join(lexicons)} and {sources}",
        f"{path}: 不会读取：内容文件夹可增加 {'、'.join(lexicons)} 和 {sources}",
    )
