"""Finds and reads `smsvet.toml`, or the table `[tool.smsvet]` of `pyproject.toml`."""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from smsvet import ContentError
from smsvet.files.content_files import joined_errors, read_text
from smsvet.files.content_folders import PARTS, is_content_folder
from smsvet.files.validation import describe_problem
from smsvet.model import Lang

VARIABLE: Final = "SMSVET_CONFIG"
OWN_FILE: Final = "smsvet.toml"
SHARED_FILE: Final = "pyproject.toml"

_TABLES: Final = {OWN_FILE: (), SHARED_FILE: ("tool", "smsvet")}
_LANGUAGES: Final[Mapping[object, Lang]] = {"zh": "zh", "en": "en"}
_HEADER = re.compile(r"\s*\[+\s*([^\[\]#]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_AT_LINE = re.compile(r" \(at line ([0-9]+), column [0-9]+\)")
_FULL_WIDTH = re.compile("[“”‘’＝，［］：＂]")

_SQLITE: Final = "sqlite:///"
_Text = Annotated[str, Field(min_length=1)]


class ConfigurationError(ContentError):
    """A configuration file is wrong. Each line of the message names file, line and key.

    `lang` is the language that the file sets, None if it cannot be read.
    """

    def __init__(self, error: ContentError, lang: Lang | None = None) -> None:
        super().__init__(str(error), error.chinese)
        self.lang = lang


class Keys(BaseModel):
    """The keys of a configuration file. Paths are relative to its folder."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rules: list[_Text] = []
    content: list[_Text] = []
    policy: _Text | None = None
    model: _Text | None = None
    provider: _Text | None = None
    lang: Lang | None = None
    database: _Text | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The contents of a configuration file, with absolute paths; without `file`, nothing is configured.

    `discovered` is false for a file that `SMSVET_CONFIG` names. `lines` has the line of each key.
    """

    file: Path | None = None
    discovered: bool = False
    rules: tuple[Path, ...] = ()
    content: tuple[Path, ...] = ()
    policy: Path | None = None
    model: Path | None = None
    provider: str | None = None
    lang: Lang | None = None
    database: str | None = None
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """Return where a key stands, as `file:line`."""
        return f"{self.file}:{self.lines.get(key, 1)}"


def find_configuration(
    folder: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Configuration:
    """Return the configuration in force in `folder`, by default the working directory.

    `SMSVET_CONFIG` names the file; set but empty it means none. Otherwise the nearest folder upwards that has
    `smsvet.toml`, or a `pyproject.toml` with the table `[tool.smsvet]`. Raises ConfigurationError.
    """
    if VARIABLE in environment:
        named = environment[VARIABLE].strip()
        return _named(Path(named).expanduser()) if named else Configuration()
    try:
        start = folder or Path.cwd()
    except FileNotFoundError:  # the working directory was deleted
        return Configuration()
    for place in (start, *start.parents):
        for name, table in _TABLES.items():
            path = place / name
            if os.path.isfile(path) and (found := _read(path, table)) is not None:  # noqa: PTH113 - Path.is_file raises where a folder above cannot be entered
                return _checked(path, *found, discovered=True)
    return Configuration()


def _named(path: Path) -> Configuration:
    """Return the configuration of the file that `SMSVET_CONFIG` names; raises ConfigurationError."""
    path = Path.cwd() / path
    table = _TABLES[SHARED_FILE] if path.name == SHARED_FILE else ()
    try:
        found = _read(path, table)
    except ContentError as error:
        raise ConfigurationError(
            ContentError(f"{VARIABLE}: {error}", f"{VARIABLE}: {error.chinese}")
        ) from error
    if found is None:
        raise ConfigurationError(
            ContentError(
                f"{VARIABLE}: {path}: no table [tool.smsvet]", f"{VARIABLE}: {path}: 没有 [tool.smsvet] 表"
            )
        )
    return _checked(path, *found, discovered=False)


def _read(path: Path, table: tuple[str, ...]) -> tuple[dict[str, Any], str] | None:
    """Return the values of a file's table and the file's text; None if it has no such table.

    Raises ConfigurationError for a file that is not TOML.
    """
    try:
        text = read_text(path, str(path))
    except ContentError as error:
        raise ConfigurationError(error) from error
    if table and "smsvet" not in text:
        return None
    try:
        values: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(_not_toml(path, text, str(error))) from error
    for name in table:
        values = values.get(name) if isinstance(values, dict) else None
    if values is None:
        return None
    if not isinstance(values, dict):
        place = f"{path}:{_lines(text, table).get('', 1)}: {'.'.join(table)}"
        raise ConfigurationError(ContentError(f"{place}: not a table", f"{place}: 应为表"))
    return values, text


def _not_toml(path: Path, text: str, problem: str) -> ContentError:
    at = _AT_LINE.search(problem)
    number = int(at[1]) if at else text.count("\n") + 1
    line = text.split("\n")[number - 1] if number <= text.count("\n") + 1 else ""
    hint = ("", "")
    if mark := _FULL_WIDTH.search(line.partition("#")[0]):
        hint = (f"; “{mark[0]}” is a full-width character", f"；“{mark[0]}”是全角符号")
    said = _AT_LINE.sub("", problem)
    return ContentError(
        f"{path}:{number}: not TOML: {said}{hint[0]}", f"{path}:{number}: 不是 TOML：{said}{hint[1]}"
    )


def _checked(path: Path, values: dict[str, Any], text: str, discovered: bool) -> Configuration:
    """Return the configuration of a file; raises ConfigurationError with a line for each wrong key."""
    lines = _lines(text, _TABLES.get(path.name, ()))
    lang = _LANGUAGES.get(values.get("lang"))
    try:
        keys = Keys.model_validate(values)
    except ValidationError as error:
        wrong = [_wrong_key(path, item, text, lines) for item in error.errors()]
        raise ConfigurationError(joined_errors(wrong), lang) from error
    folder = path.parent
    rules, content = (
        [folder / Path(name).expanduser() for name in names] for names in (keys.rules, keys.content)
    )
    policy, model = (folder / Path(name).expanduser() if name else None for name in (keys.policy, keys.model))
    wrong = list(_wrong_paths(path, text, lines, rules, content, {"policy": policy, "model": model}))
    if wrong:
        raise ConfigurationError(joined_errors(wrong), lang)
    return Configuration(
        path,
        discovered,
        tuple(rules),
        tuple(content),
        policy,
        model,
        keys.provider,
        keys.lang,
        _database(keys.database, folder),
        lines,
    )


def _database(url: str | None, folder: Path) -> str | None:
    """Return the URL of a database; the file of a SQLite one is relative to the folder of the configuration."""
    if url is None or not url.startswith(_SQLITE) or url.startswith(f"{_SQLITE}/") or url == _SQLITE:
        return url
    return f"{_SQLITE}{folder / url.removeprefix(_SQLITE)}"


def _wrong_key(path: Path, item: ErrorDetails, text: str, lines: Mapping[str, int]) -> ContentError:
    """Return the error for one finding of pydantic, with the correct spelling where there is one."""
    key, *rest = map(str, item["loc"])
    line = _line_of(text, lines.get(key, lines.get("", 1)), item["input"] if rest else None)
    place = f"{path}:{line}: {'.'.join((key, *rest))}"
    english, chinese = item["msg"], describe_problem(item, "zh")
    if item["type"] == "extra_forbidden":
        english = f"unknown key; known: {', '.join(Keys.model_fields)}"
        chinese = f"未知的键；可用：{'、'.join(Keys.model_fields)}"
        if key == "tool" and path.name == OWN_FILE:
            english = f"in {OWN_FILE} the keys stand at the top, without [tool.smsvet]"
            chinese = f"{OWN_FILE} 中的键写在最上层，不需要 [tool.smsvet]"
        elif near := difflib.get_close_matches(key, Keys.model_fields, 1):
            english, chinese = f"unknown key; did you mean {near[0]}?", f"未知的键；是否为 {near[0]}？"
    elif item["type"] == "list_type" and isinstance(item["input"], str):
        written = f"{key} = [{json.dumps(item['input'], ensure_ascii=False)}]"
        english, chinese = f"{english}: write {written}", f"{chinese}：请写 {written}"
    return ContentError(f"{place}: {english}", f"{place}: {chinese}")


def _wrong_paths(
    path: Path,
    text: str,
    lines: Mapping[str, int],
    rules: list[Path],
    content: list[Path],
    files: Mapping[str, Path | None],
) -> Iterator[ContentError]:
    named = [("rules", folder) for folder in rules] + [("content", folder) for folder in content]
    named += [(key, file) for key, file in files.items() if file]
    for key, target in named:
        place = f"{path}:{_line_of(text, lines.get(key, 1), target.name)}: {key}"
        if not (target.is_file() if key in files else target.is_dir()):
            near = difflib.get_close_matches(target.name, _names_in(target.parent), 1)
            guess = (f"; did you mean {near[0]}?", f"；是否为 {near[0]}？") if near else ("", "")
            kind = ("file", "文件") if key in files else ("folder", "文件夹")
            yield ContentError(
                f"{place}: no such {kind[0]} {target}{guess[0]}", f"{place}: 没有{kind[1]} {target}{guess[1]}"
            )
        elif key == "content" and not is_content_folder(target):
            parts = [f"{part}/" for part in PARTS]
            yield ContentError(
                f"{place}: {target} has none of {', '.join(parts)}; a folder of rules belongs in rules",
                f"{place}: {target} 中没有 {'、'.join(parts)}；规则文件夹应写在 rules 中",
            )


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _lines(text: str, table: tuple[str, ...]) -> dict[str, int]:
    """Return the line of each key of a table, and of the table itself under an empty name.

    tomllib reports no lines. This reads line by line, which a text of several lines in the file may mislead.
    """
    found: dict[str, int] = {}
    above: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            parts = above = _parts(header[1])
        elif key := _KEY.match(line):
            parts = [*above, *_parts(key[1])]
        else:
            continue
        if tuple(parts[: len(table)]) == table:
            found.setdefault(parts[len(table)] if len(parts) > len(table) else "", number)
    return found


def _parts(key: str) -> list[str]:
    return [part.strip().strip("\"'") for part in key.split(".")]


def _line_of(text: str, first: int, value: object) -> int:
    """Return the line at or after `first` that has a value of a list, `first` if there is none."""
    if value is None:
        return first
    lines = text.split("\n")
    return next((n for n in range(first, len(lines) + 1) if str(value) in lines[n - 1]), first)
