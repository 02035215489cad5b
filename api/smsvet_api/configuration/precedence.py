"""Combines the command line with the configuration file: the command line wins, key by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from smsvet.model import Lang

from .configuration_file import Configuration
from .trust import FoundFolders, trust_check

DEFAULT_LANG: Lang = "zh"


@dataclass(frozen=True, slots=True)
class Effective:
    """The values in force. `provider_place` is how the origin of `provider` is named in an error."""

    lang: Lang
    provider: str | None
    provider_place: str
    policy: Path | None
    named: tuple[Path, ...]
    found: FoundFolders
    configuration: Configuration

    @property
    def model(self) -> Path | None:
        """Return the operator's learned evidence that the configuration names."""
        return self.configuration.model

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return every folder of rules and content that is added to the built-in ones."""
        return (*self.named, *self.found.folders)

    @property
    def check_trust(self) -> Callable[[Path], None] | None:
        """Return the check of each Python file and of each rule with `trusted: true`, None if all may load."""
        return trust_check(self.named, self.found)


def effective(
    configuration: Configuration,
    rules: Sequence[Path] = (),
    policy: Path | None = None,
    provider: str | None = None,
    lang: Lang | None = None,
) -> Effective:
    """Return what is in force: `rules`, `policy`, `provider` and `lang` where given, else the configuration's."""
    named = tuple(rules)
    added = (*(() if rules else configuration.rules), *configuration.content)
    if not configuration.discovered:
        named, added = (*named, *added), ()
    return Effective(
        lang or configuration.lang or DEFAULT_LANG,
        configuration.provider if provider is None else provider,
        "--provider" if provider is not None else configuration.place("provider"),
        policy or configuration.policy,
        named,
        FoundFolders(configuration.file, added),
        configuration,
    )
