"""A submission read once: every text folded and searched, every placeholder, link and contact placed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .model import Hit, Kind, Placeholder, Purpose, Span
from .sms.names import Fit, Names
from .sms.provider import Provider
from .submission import Submission
from .text.fold import Folder
from .text.text import Text


@dataclass(frozen=True, slots=True)
class Document:
    """A submission with everything that was found in it. Rule functions get this and nothing else."""

    submission: Submission
    provider: Provider
    as_of: date
    kind: Kind
    purpose: Purpose
    texts: Mapping[str, Text]
    """By field: `signature`, `body`, `text`, `remark`, `params.<key>`; only those submitted.
    `signature` is also there when it could be read out of `text`."""

    names: Names
    """The lists of names, to judge a signature by."""

    folder: Folder
    """The fold, to name and mend characters by."""

    values: Mapping[str, object]
    """What `params` gives, by key ("1", "2", ... when it is a list), as it came from the caller."""

    facts: int
    """What there is, as bits of `smsvet.rules.triggers`."""

    pattern_bits: int
    """The patterns that may match some text, as bits of `smsvet.rules.prefilter`."""

    @property
    def signature(self) -> Text | None:
        """Return the signature, submitted or read out of the rendered text."""
        return self.texts.get("signature")

    @property
    def body(self) -> Text | None:
        """Return the template text."""
        return self.texts.get("body")

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Return the body's placeholders, in order."""
        return self.body.placeholders if self.body else ()

    @property
    def params(self) -> tuple[Text, ...]:
        """Return the values about to be sent that are text, in order."""
        return tuple(text for name, text in self.texts.items() if name.startswith("params."))

    def plain(self, text: Text) -> str:
        """Return the folded text with its placeholders as they are written."""
        return self.folder.fold(text.original)[0]

    def traditional(self, text: Text) -> list[int]:
        """Return the indices in `text.original` of characters that only traditional writing uses."""
        return self.folder.is_traditional(text.original)

    def simplified(self, text: Text) -> str:
        """Return the submitted text with its traditional characters written simplified."""
        places = set(self.traditional(text))
        return "".join(
            self.folder.fold(char)[0] if place in places else char for place, char in enumerate(text.original)
        )

    def invisible(self, text: Text) -> list[tuple[int, int, str]]:
        """Return (start, end, name) in `text.original` of each run of characters that nobody sees."""
        runs = self.folder.invisible(text.original)
        return [(start, end, self.folder.name(text.original[start])) for start, end in runs]

    def visible(self, text: Text) -> str:
        """Return the submitted text without the characters that nobody sees; odd blanks become plain ones."""
        out, at = [], 0
        for start, end in self.folder.invisible(text.original):
            out += [text.original[at:start], " " if text.original[start:end].isspace() else ""]
            at = end
        return "".join([*out, text.original[at:]])

    def abbreviations(self) -> list[str]:
        """Return the parts of the account's name that would pass as a signature, best first."""
        account = self.submission.account
        if account is None or not account.name:
            return []
        limit = self.provider.limit("signature_length", self.as_of)
        most = limit[-1] if isinstance(limit, tuple) else None
        return self.names.abbreviations(account.name, most if isinstance(most, int) else 12)

    def misfit(self, fit: Fit) -> Iterator[Hit]:
        """Yield the signature when this is how it relates to the name of the account that applies."""
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
                {"company": account.name, "options": "、".join(options)},
                suggestion=options[0] if options else None,
            )

    def quote(self, span: Span) -> str:
        """Return the submitted text of a span."""
        for text in self.texts.values():
            if text.field == span.field and text.offset <= span.start <= text.offset + len(text.original):
                return text.quote(span)
        if span.field == "params":
            return json_text(self.submission.params)[span.start : span.end]
        key = span.field.removeprefix("params.")
        return json_text(self.values[key])[span.start : span.end] if key in self.values else ""


def json_text(value: object) -> str:
    """Return a value that is no text as JSON writes it: its places count in that."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, TypeError, ValueError):
        return type(value).__name__
