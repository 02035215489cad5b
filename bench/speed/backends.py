"""The engine's two library stacks: without and with the `fast` extra."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from smsvet import Reviewer


@dataclass(frozen=True, slots=True)
class Stack:
    """A matcher backend, the modules it needs, and the modules to hide during its construction."""

    backend: str
    modules: tuple[str, ...]
    absent: tuple[str, ...] = ()


STACKS = {
    "default": Stack("pyahocorasick", ("ahocorasick", "jieba"), ("daachorse", "rjieba")),
    "fast": Stack("daachorse", ("daachorse", "rjieba")),
}


def installed() -> list[str]:
    """Return the names of the stacks whose modules are installed."""
    return [name for name, stack in STACKS.items() if all(map(find_spec, stack.modules))]


@contextmanager
def without_others(name: str) -> Iterator[None]:
    """Hide the installed modules that do not belong to a stack."""
    hidden = {module: sys.modules.get(module) for module in STACKS[name].absent}
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for module, loaded in hidden.items():
            del modules[module]
            if loaded is not None:
                modules[module] = loaded


def build(name: str, **options: Any) -> Reviewer:
    """Return a warm Reviewer that uses a stack; `options` are passed to Reviewer."""
    with without_others(name):
        reviewer = Reviewer(backend=STACKS[name].backend, **options)
        reviewer.warm()
    return reviewer
