"""Finds the cluster of a case: texts that differ only in signature, values and punctuation have the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ...skeletons import Skeletons
from ..texts import text_of


def cluster_key(skeletons: Skeletons, kind: str, provider: str, document: Mapping[str, Any]) -> str:
    """Return the cluster of a submission, which is given as JSON: 32 hex digits."""
    skeleton = skeletons.of(text_of(document), provider)
    name = f"{kind}\n{provider}\n{skeleton}"
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
