"""Content files and where in them an error stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .artefact import Artefact
from .wording import wrong

if TYPE_CHECKING:
    from yaml import SafeLoader as FastestLoader
else:
    try:
        from yaml import CSafeLoader as FastestLoader
    except ImportError:  # PyYAML was built without libyaml: slower, equal results
        from yaml import SafeLoader as FastestLoader

RIGHT: Final = "right"
"""The validation context of a file that was found right before, so that validators need not try its patterns."""

Model = TypeVar("Model", bound=BaseModel)


class Loader(FastestLoader):
    """Reads YAML as JSON has it: a date stays the text it is written as."""


Loader.yaml_implicit_resolvers = {
    first: [resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in FastestLoader.yaml_implicit_resolvers.items()
}


class ContentError(ValueError):
    """A content file is wrong. Each line of the message names file, line and key.

    The message is English; `say` has it in either language of the product.
    """

    def __init__(self, english: str, chinese: str | None = None) -> None:
        super().__init__(english)
        self.chinese = chinese or english

    def say(self, lang: str) -> str:
        """Return the message in `lang`: `zh`, or anything else for English."""
        return self.chinese if lang == "zh" else str(self)


def together(errors: Sequence[ContentError]) -> ContentError:
    """Return one error with the lines of all."""
    return ContentError("\n".join(map(str, errors)), "\n".join(error.chinese for error in errors))


def read_model(
    path: Path, model: type[Model], shown: str | None = None, artefact: Artefact | None = None
) -> Model:
    """Return the YAML file at `path` as a `model`, or what `artefact` kept of that file.

    `shown` is how the file is named in errors. Raises ContentError with one line an error.
    """
    name = shown or str(path)
    kept = f"yaml {path}"
    if artefact is not None and (data := artefact.recall(kept)) is not None:
        return model.model_validate(data, context=RIGHT)
    text = read_text(path, name)
    try:
        data = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
        read = model.model_validate(data)
        if artefact is not None and is_json(data):
            artefact.keep(kept, data)
        return read
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{name}:{mark.line + 1 if mark else 1}"
        raise ContentError(
            f"{place}: not YAML: {error.problem}", f"{place}: 不是 YAML：{error.problem}"
        ) from error
    except yaml.reader.ReaderError as error:
        place = f"{name}:{text.count(chr(10), 0, error.position) + 1}"
        char = f"U+{error.character:04X}" if isinstance(error.character, int) else repr(error.character)
        raise ContentError(
            f"{place}: not YAML: {char}: {error.reason}", f"{place}: 不是 YAML：{char}"
        ) from error
    except ValidationError as error:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        told: list[ContentError] = []
        for item in error.errors():
            place = f"{name}:{line_of(root, item['loc'])}: {key_of(root, item['loc'])}"
            told.append(ContentError(f"{place}: {item['msg']}", f"{place}: {wrong(item, 'zh')}"))
        raise together(told) from error


def is_json(data: object) -> bool:
    """Return whether JSON gives back exactly these data."""
    if isinstance(data, dict):
        return all(type(key) is str for key in data) and all(map(is_json, data.values()))
    if isinstance(data, list):
        return all(map(is_json, data))
    if isinstance(data, float):
        return isfinite(data)
    return data is None or type(data) in (str, int, bool)


def read_text(path: Path, name: str) -> str:
    """Return the text of a UTF-8 file; raises ContentError naming the line where it is not UTF-8."""
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
    """Return (line number, cells) of a tab-separated file without comments and blank lines.

    Rows are filled up with empty cells to `columns`. Raises ContentError for a row with fewer than
    `needed` cells or more than there are columns.
    """
    rows = []
    for number, line in enumerate(read_text(path, name).split("\n"), start=1):
        line = line.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not needed <= len(cells) <= len(columns):
            wanted = ", ".join(columns)
            raise ContentError(
                f"{name}:{number}: expected columns {wanted}; found {len(cells)}",
                f"{name}:{number}: 应有列 {wanted}，实为 {len(cells)} 列",
            )
        rows.append((number, cells + [""] * (len(columns) - len(cells))))
    return rows


def locate(path: Path) -> Callable[..., str]:
    """Return what names a place in a YAML file that has been read: keys from the outside in -> `file:line: a.b`."""
    root = yaml.compose(read_text(path, str(path)), Loader=yaml.SafeLoader)
    return lambda *keys: f"{path}:{line_of(root, keys)}: {'.'.join(map(str, keys))}"


def line_of(root: yaml.Node | None, location: Sequence[Any]) -> int:
    """Return the line (from 1) of the deepest node on the path `location`."""
    return max((line for _, line in path(root, location)), default=1)


def key_of(root: yaml.Node | None, location: Sequence[Any]) -> str:
    """Return the path as a key that stands in the file: union tags that pydantic adds are left out."""
    return ".".join(step for step, _ in path(root, location)) or "file"


def path(root: yaml.Node | None, location: Sequence[Any]) -> Iterator[tuple[str, int]]:
    """Yield the steps of `location` that stand in the file, each with its line; the last one in any case."""
    node, line = root, 1
    # Where a key itself is wrong, pydantic adds a step for that.
    location = [step for step in location if step != "[key]"]
    for step, following in zip(location, [*location[1:], None], strict=False):
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            children = {key.value: (value, key.start_mark.line + 1) for key, value in node.value}
            # A tag may be called as a key beside the one that is meant: `pattern` in a check of that kind.
            if str(step) in children and not (
                str(following) in children and isinstance(children[str(step)][0], yaml.ScalarNode)
            ):
                found, line = children[str(step)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            item: yaml.Node = node.value[step]
            found, line = item, item.start_mark.line + 1
        if found is not None:
            node = found
            yield str(step), line
        elif following is None:
            yield str(step), line
