"""A hash of texts that is the same in every process and on every machine."""

from __future__ import annotations

import hashlib


def hash64(text: str) -> int:
    """Return a hash from 0 to 2**64 - 1. Lone surrogates are hashed as well."""
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )
