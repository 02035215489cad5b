"""Fingerprints of items: they survive edits of blanks and punctuation and renamed parameters, not of the wording."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from smsvet import HOLE

from ...skeletons import Skeletons

PREFIX: Final = "b64:"
VERSION: Final = 1
"""First byte of a fingerprint. Another way to compute fingerprints gets another version."""

_BYTES: Final = 17
_BLANKS: Final = re.compile(r"\s+")
_MARKS: Final = re.compile(rf"[^\w{HOLE}]+")
_TEXTS: Final = ("signature", "body", "text")


class Fingerprints:
    """Returns the fingerprints of submissions, given as JSON data."""

    def __init__(self, skeletons: Skeletons, provider: str | None) -> None:
        self._skeletons = skeletons
        self._provider = provider or "tencent"

    def of(self, data: Mapping[str, Any]) -> str:
        """Return the fingerprint: a digest of provider, account name, purpose, texts and parameters."""
        provider = str(data.get("provider") or self._provider)
        texts = {
            name: self.literal(data[name], provider) for name in _TEXTS if isinstance(data.get(name), str)
        }
        parts = [provider, self._account(data.get("account")), data.get("purpose"), texts, data.get("params")]
        written = json.dumps(parts, sort_keys=True, default=str)
        digest = hashlib.blake2b(written.encode(), digest_size=_BYTES).digest()
        return PREFIX + base64.urlsafe_b64encode(bytes([VERSION]) + digest).decode()

    def literal(self, text: str, provider: str) -> str:
        """Return a text normalised, with placeholders numbered by first occurrence, without blanks and punctuation.

        Punctuation between ASCII letters and digits is kept: it belongs to an address or a number.
        """
        text = text.replace(HOLE, " ")
        names: dict[str, int] = {}
        parts, at = [], 0
        for one in self._skeletons.placeholders(text, provider):
            number = names.setdefault(one.name or one.text, len(names) + 1)
            parts += [text[at : one.span.start], f"{HOLE}{number}{HOLE}"]
            at = one.span.end
        plain = _BLANKS.sub("", self._skeletons.plain("".join([*parts, text[at:]])))
        return _MARKS.sub(_kept, plain)

    def _account(self, account: object) -> str | None:
        """Return the name of the account, which tables may give as JSON text."""
        if isinstance(account, str):
            try:
                account = json.loads(account)
            except (ValueError, RecursionError):
                account = {"name": account}
        name = account.get("name") if isinstance(account, Mapping) else None
        return None if name is None else self._skeletons.plain(str(name))


def version_of(fingerprint: str) -> int | None:
    """Return the version of a fingerprint, None for text that is not a fingerprint."""
    try:
        found = base64.b64decode(fingerprint.removeprefix(PREFIX), altchars=b"-_", validate=True)
    except ValueError:
        return None
    return found[0] if fingerprint.startswith(PREFIX) and len(found) == _BYTES + 1 else None


def _kept(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    around = text[max(start - 1, 0) : start], text[end : end + 1]
    return found[0] if all(one.isascii() and one.isalnum() for one in around) else ""
