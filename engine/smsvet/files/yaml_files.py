"""YAML files: how they are read, and on which line a key of one stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .content_files import ContentError, joined_errors, read_text
from .validation import describe_problem

if TYPE_CHECKING:
    from yaml import SafeLoader as FastestLoader
else:
    try:
        from yaml import CSafeLoader as FastestLoader
    except ImportError:  # PyYAML was built without libyaml: slower, equal results
        from yaml import SafeLoader as FastestLoader


Model = TypeVar("Model", bound=BaseModel)


class Loader(FastestLoader):
    """Reads YAML as JSON has it: a date stays the text it is written as."""


Loader.yaml_implicit_resolvers = {
    first: [resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in FastestLoader.yaml_implicit_resolvers.items()
}


def validated(path: Path, model: type[Model], name: str) -> Model:
    """Return the YAML file at `path`, named `name` in errors, as a `model`.

    Raises ContentError with one line an error.
    """
    text = read_text(path, name)
    try:
        data = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
        return model.model_validate(data)
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
            told.append(ContentError(f"{place}: {item['msg']}", f"{place}: {describe_problem(item, 'zh')}"))
        raise joined_errors(told) from error


def locate(path: Path, shown: str | None = None) -> Callable[..., str]:
    """Return what names a place in a YAML file that has been read: keys from the outside in -> `file:line: a.b`.

    `shown` is how the file is named.
    """
    name = shown or str(path)
    root = yaml.compose(read_text(path, name), Loader=yaml.SafeLoader)
    return lambda *keys: f"{name}:{line_of(root, keys)}: {'.'.join(map(str, keys))}"


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
