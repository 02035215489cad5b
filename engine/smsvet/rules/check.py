"""The interface of a check in a rule file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import ConfigDict

from ..document import Document
from ..files.cached_model import CachedModel
from ..files.content_files import ContentError
from ..model import Hit
from ..sms.provider import Provider
from ..text.fold import Folder
from ..text.short_links import Hosts
from ..text.text import Text, Where
from .prefilter import PatternBits
from .triggers import UNCONDITIONAL, Trigger

Check = Callable[[Document], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that checks need for compilation."""

    providers: Mapping[str, Provider]
    categories: frozenset[str]
    hosts: Hosts
    folder: Folder
    patterns: PatternBits = field(default_factory=PatternBits)


class CheckModel(CachedModel):
    """A check as written in a rule file."""

    model_config = ConfigDict(populate_by_name=True)

    def compile(self, context: Context) -> Check:
        """Return the check as a function; raises ContentError if it is invalid."""
        raise ContentError(
            "kind python is a rule's whole check, not a part of another",
            "kind python 只能是规则的整个 check，不能是其中一部分",
        )

    def trigger(self, context: Context) -> Trigger:
        """Return the conditions that must be met before the check can hit."""
        return UNCONDITIONAL

    def words(self) -> frozenset[str] | None:
        """Return the names of the message words in its hits; None if only the rule's function defines them."""
        return frozenset({"match"})


def texts_in(document: Document, fields: tuple[Where, ...]) -> list[Text]:
    """Return the texts of the given fields; `params` means every value."""
    return [
        text
        for name, text in document.texts.items()
        if name in fields or (name.startswith("params.") and "params" in fields)
    ]
