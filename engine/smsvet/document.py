"""A submission after parsing: normalised texts with the terms, placeholders, links and contacts found in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from .model import Hit, Kind, Placeholder, Purpose, Region, Said, Score, Span
from .sms.names import Fit, Names
from .sms.provider import Provider
from .sms.sender import Sender, sender_of
from .submission import Submission
from .text.fold import Folder
from .text.text import Text


@dataclass(frozen=True, slots=True)
class GivenValues:
    """The values of `params`, as they were read."""

    values: Mapping[str, object] = field(default_factory=dict)
    """By the name of their variable. The names in a list are "1", "2", ..."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """The submitted key of each value by name: the key may be the whole placeholder, such as `#code#`."""

    left: int = 0
    """The number of values after these, which are not read."""

    unread: bool = False
    """Whether the budget of work ended before all values were read."""


NO_VALUES = GivenValues(MappingProxyType({}), MappingProxyType({}))
"""The values of a submission without `params`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A submission with everything found in it: the only argument of a rule's function."""

    submission: Submission
    provider: Provider
    as_of: date
    kind: Kind
    purpose: Purpose
    texts: Mapping[str, Text]
    """The submitted texts by field: `signature`, `body`, `text`, `remark`, `params.<key>`.
    `signature` is also present when `text` contains one."""

    names: Names
    """The lists of names, for checking a signature."""

    folder: Folder
    """The normaliser, for naming and replacing characters."""

    given: GivenValues
    """The values of `params`."""

    facts: int
    """The triggers that apply to the submission, as bits of `smsvet.rules.facts`."""

    pattern_bits: int
    """The patterns that may match in one of the texts, as bits of `smsvet.rules.prefilter`."""

    work: int = 0
    """The steps of work that reading took: code points, and READ_STEPS for each text."""

    learned: Mapping[str, Score] = field(default_factory=dict)
    """The texts that the operator's learned evidence sends to a person, by field."""

    @property
    def values(self) -> Mapping[str, object]:
        """Return the values of `params` by the name of their variable. The names in a list are "1", "2", ..."""
        return self.given.values

    @property
    def values_left(self) -> int:
        """Return the number of values after those in `values`, which are not read."""
        return self.given.left

    @property
    def region(self) -> Region:
        """Return the region that the rules apply for: the declared one if the provider serves it, else its own."""
        return self.provider.region_of(self.submission.region)

    @property
    def signature(self) -> Text | None:
        """Return the submitted signature, else the one in the rendered text, else None."""
        return self.texts.get("signature")

    @property
    def body(self) -> Text | None:
        """Return the template's body, None where none was submitted."""
        return self.texts.get("body")

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Return the body's placeholders, in order."""
        return self.body.placeholders if self.body else ()

    @property
    def params(self) -> tuple[Text, ...]:
        """Return the values of `params` that are strings, in order."""
        return tuple(text for name, text in self.texts.items() if name.startswith("params."))

    def value_field(self, name: str) -> str:
        """Return the field of a value: `params.` and the submitted key."""
        return f"params.{self.given.keys.get(name, name)}"

    @property
    def sender(self) -> Sender:
        """Return whether account, signature and hosts belong to the institution that the texts speak for."""
        return sender_of(self.names, self.submission, self.texts)

    def plain(self, text: Text) -> str:
        """Return the normalised text with its placeholders still written out."""
        return self.folder.fold(text.original)[0]

    def traditional(self, text: Text) -> list[int]:
        """Return the indices in `text.original` of traditional Chinese characters."""
        return self.folder.is_traditional(text.original)

    def simplified(self, text: Text) -> str:
        """Return the submitted text with traditional Chinese characters replaced by simplified ones."""
        places = set(self.traditional(text))
        return "".join(
            self.folder.fold(char)[0] if place in places else char for place, char in enumerate(text.original)
        )

    def invisible(self, text: Text) -> list[tuple[int, int, str]]:
        """Return (start, end, name) of each run of invisible characters, in code points of `text.original`.

        `name` is the Unicode name of the first character of the run.
        """
        runs = self.folder.invisible(text.original)
        return [(start, end, self.folder.name(text.original[start])) for start, end in runs]

    def visible(self, text: Text) -> str:
        """Return the submitted text without invisible characters; unusual spaces become ordinary ones."""
        out, at = [], 0
        for start, end in self.folder.invisible(text.original):
            out += [text.original[at:start], " " if text.original[start:end].isspace() else ""]
            at = end
        return "".join([*out, text.original[at:]])

    def abbreviations(self) -> list[str]:
        """Return parts of the account's name that are acceptable signatures, best first."""
        account = self.submission.account
        if account is None or not account.name:
            return []
        limit = self.provider.limit("signature_length", self.as_of)
        most = limit[-1] if isinstance(limit, tuple) else None
        longest = most if isinstance(most, int) else 12
        # A name with characters that normalisation changes may not fit itself.
        return [
            option
            for option in self.names.abbreviations(account.name, longest)
            if self.names.fit(self.folder.fold(option)[0], account.name) in ("full", "part")
        ]

    def with_signature(self, name: str) -> str:
        """Return the field that contains the signature with `name` in its place: the signature, or the rendered text."""
        signature, text = self.signature, self.texts.get("text")
        if signature is None or text is None or signature.field != "text":
            return name
        end = signature.offset + len(signature.original)
        return text.original[: signature.offset] + name + text.original[end:]

    def misfit(self, fit: Fit) -> Iterator[Hit]:
        """Yield a hit on the signature if `fit` describes its relation to the account's name.

        Nothing is yielded for a signature used on behalf of others, from another source than a company name, or
        equal to a trademark of the account.
        """
        signature, account = self.signature, self.submission.account
        if signature is None or account is None or not account.name or self.submission.usage == "other":
            return
        if self.submission.source not in (None, "company") or signature.folded in map(
            str.lower, account.trademarks
        ):
            return
        if self.names.fit(signature.folded, account.name) == fit:
            options = self.abbreviations()
            yield Hit(
                signature.place(0, len(signature.original)),
                {"company": account.name, "options": Said.listed(options)},
                suggestion=self.with_signature(options[0]) if options else None,
            )

    def quote(self, span: Span) -> str:
        """Return the submitted text of a span."""
        known = self.texts.get(span.field)
        if known is not None and not known.offset and span.start <= len(known.original):
            return known.quote(span)
        for text in self.texts.values():
            if text.field == span.field and text.offset <= span.start <= text.offset + len(text.original):
                return text.quote(span)
        if span.field == "params":
            return json_text(self.submission.params)[span.start : span.end]
        value = next(
            (value for name, value in self.values.items() if self.value_field(name) == span.field), ""
        )
        return (value if isinstance(value, str) else json_text(value))[span.start : span.end]


def json_text(value: object) -> str:
    """Return a value that is not a string as JSON text, where positions within the value are counted.

    Returns the name of its type where JSON cannot represent it.
    """
    try:
        return json.dumps(value, ensure_ascii=False, default=_jsonable)
    except (RecursionError, TypeError, ValueError):
        return type(value).__name__


def _jsonable(value: object) -> object:
    return dict(value) if isinstance(value, MappingProxyType) else str(value)
