"""Skeletons: the wording of a template without everything that differs between copies of it.

They depend on no content, unlike those of `smsvet_api.skeletons`: the table `moved` has their hashes, which stay the same
when the rules change.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SIGNATURE: Final = re.compile(r"^\s*【[^】]*】|【[^】]*】\s*$")
_VARYING: Final = re.compile(
    r"(?:https?://)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[!-~]*)?"  # a link
    r"|\$\{[^{}]*\}|\{\{?[^{}]*\}?\}|#[^#\s]{1,20}#|\[[^\[\]]{1,20}\]"  # a placeholder
    r"|[0-9]+(?:[.,:/-][0-9]+)*",
    re.IGNORECASE,
)
_DROPPED: Final = re.compile(r"[\W_]+")


def skeleton(text: str) -> str:
    """Return the wording of a text: normalised, without signature, punctuation and blanks, and with `0` for each
    placeholder, number and link."""
    text = unicodedata.normalize("NFKC", _SIGNATURE.sub("", text)).casefold()
    return _DROPPED.sub("", _VARYING.sub("0", text))
