"""Checks whether optional dependencies are installed; the error names the extra that contains them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from .model import Said


class MissingExtraError(ImportError):
    """A package of an extra is not installed. The message names the pip command that installs it.

    The message is English; `say` has it in either language of the product.
    """

    def __init__(self, purpose: Said, package: str, extra: str) -> None:
        command = f"pip install 'smsvet[{extra}]'"
        super().__init__(f"{purpose.en} needs {package}, which is not installed: {command}", name=package)
        self.chinese = f"{purpose.zh}需要 {package}，尚未安装：{command}"

    def say(self, lang: str) -> str:
        """Return the message in `lang`: `zh`, or anything else for English."""
        return self.chinese if lang == "zh" else str(self)


def is_installed(package: str) -> bool:
    """Return whether a package can be imported, without importing it."""
    return find_spec(package) is not None


def check_installed(packages: Iterable[str], extra: str, purpose: Said) -> None:
    """Raise MissingExtraError for the first of the packages that cannot be imported."""
    for package in packages:
        if not is_installed(package):
            raise MissingExtraError(purpose, package, extra)


def check_backend(name: str) -> None:
    """Raise MissingExtraError if a backend of the extra `fast`, named as its package, cannot be imported."""
    check_installed([name], "fast", Said(f"backend {name} ", f"The backend {name}"))
