"""Reading of YAML files, and the line numbers of their keys for error messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .content_files import ContentError, joined_errors, read_text
from .yaml_hints import syntax_cause, validation_hints

if TYPE_CHECKING:
    from yaml import SafeLoader as FastestLoader
else:
    try:
        from yaml import CSafeLoader as FastestLoader
    except ImportError:  # PyYAML without libyaml is slower, with equal results
        from yaml import SafeLoader as FastestLoader


Model = TypeVar("Model", bound=BaseModel)

MOST_LEVELS = 64
"""Maximum depth of nested collections in a YAML file."""

_INDENT = re.compile(r"(?:^|[\n\r\x85\u2028\u2029])([ \t\ufeff?:-]*)")


class Loader(FastestLoader):
    """YAML loader that returns only JSON types: dates stay strings."""


Loader.yaml_implicit_resolvers = {
    first: [resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in FastestLoader.yaml_implicit_resolvers.items()
}


def validated(path: Path, model: type[Model], name: str) -> Model:
    """Return the YAML file at `path` as a `model`. Errors call the file `name`.

    Raises ContentError with one line per error.
    """
    text = read_text(path, name)
    try:
        check_depth(text, name)
        data = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
        return model.model_validate(data)
    except yaml.MarkedYAMLError as error:
        cause = syntax_cause(text, error)
        place = f"{name}:{cause.line}"
        raise ContentError(f"{place}: {cause.english}", f"{place}: {cause.chinese}") from error
    except yaml.reader.ReaderError as error:
        place = f"{name}:{text.count(chr(10), 0, error.position) + 1}"
        char = f"U+{error.character:04X}" if isinstance(error.character, int) else repr(error.character)
        raise ContentError(
            f"{place}: not YAML: {char}: {error.reason}", f"{place}: 不是 YAML：{char}"
        ) from error
    except ValidationError as error:
        root = yaml.compose(text, Loader=Loader)
        errors: list[ContentError] = []
        for item in error.errors():
            # A validator of a whole model names the key in its context.
            at = item.get("ctx", {}).get("at", "")
            location = (*item["loc"], *filter(None, at.split(".")))
            place = f"{name}:{line_of(root, location)}: {key_of(root, location)}"
            english, chinese = validation_hints(model, item)
            errors.append(ContentError(f"{place}: {english}", f"{place}: {chinese}"))
        raise joined_errors(errors) from error


def check_depth(text: str, name: str) -> None:
    """Raise ContentError for YAML that is nested deeper than MOST_LEVELS, before a recursive parser reads it.

    Raises YAMLError for text that is not YAML up to the place that is too deep.
    """
    # Two block collections at most begin at the same column, and each flow collection begins with a bracket.
    columns = max(map(len, _INDENT.findall(text)), default=0)
    if 2 * columns + 2 + text.count("[") + text.count("{") <= MOST_LEVELS:
        return
    level = 0
    try:
        for event in yaml.parse(text, Loader=Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                level += 1
                if level > MOST_LEVELS:
                    raise _too_deep(name, event.start_mark)
            elif isinstance(event, yaml.CollectionEndEvent):
                level -= 1
    except yaml.MarkedYAMLError as error:
        # libyaml reads ahead, and some versions have a limit of their own.
        if "nesting depth" in str(error.problem):
            raise _too_deep(name, error.problem_mark) from error
        raise


def _too_deep(name: str, mark: Any) -> ContentError:
    place = f"{name}:{mark.line + 1 if mark else 1}"
    return ContentError(
        f"{place}: nested deeper than {MOST_LEVELS} levels", f"{place}: 嵌套超过 {MOST_LEVELS} 层"
    )


def locate(path: Path, display_name: str | None = None) -> Callable[..., str]:
    """Return a function from keys, outermost first, to their place in the YAML file as `file:line: a.b`.

    `display_name` is the name of the file in the place.
    """
    name = display_name or str(path)
    root = yaml.compose(read_text(path, name), Loader=Loader)
    return lambda *keys: f"{name}:{line_of(root, keys)}: {'.'.join(map(str, keys))}"


def line_of_key(path: Path, key: str) -> int:
    """Return the line (from 1) of a key at the top of a YAML file that has been read."""
    return line_of(yaml.compose(read_text(path, str(path)), Loader=yaml.SafeLoader), [key])


def line_of(root: yaml.Node | None, location: Sequence[Any]) -> int:
    """Return the line (from 1) of the deepest node on the path `location`."""
    return max((line for _, line in path(root, location)), default=1)


def key_of(root: yaml.Node | None, location: Sequence[Any]) -> str:
    """Return `location` as a dotted key of the file, without the union tags that pydantic adds."""
    return ".".join(step for step, _ in path(root, location)) or "file"


def path(root: yaml.Node | None, location: Sequence[Any]) -> Iterator[tuple[str, int]]:
    """Yield each step of `location` that is a key or item of the file, with its line. The last step is always yielded.

    Lines count from 1.
    """
    node, line = root, 1
    # For an invalid key, pydantic appends the step "[key]".
    location = [step for step in location if step != "[key]"]
    for step, following in zip(location, [*location[1:], None], strict=False):
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            # A text below its key has a line of its own; a list or an object is named by its key.
            children = {
                key.value: (value, (value if isinstance(value, yaml.ScalarNode) else key).start_mark.line + 1)
                for key, value in node.value
            }
            # A union tag can have the same name as a key: `pattern` in a check of kind `pattern`.
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
