"""Messages with a signature that the account does not have."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from smsvet import Document, Hit, Said


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature that is not one of the account's, with the most similar one of these."""
    signature, account = document.signature, document.submission.account
    if signature is None or account is None or not signature.original.strip():
        return
    place = signature.place(0, len(signature.original))
    if not account.signatures:
        yield Hit(place, missing="account.signatures")
        return
    name = bare(signature.original)
    # People also write the brackets of an approved signature.
    approved = [known for known in map(bare, account.signatures) if known]
    if name in approved:
        return
    numeric = re.fullmatch(r"[0-9]{4,}", name) is not None
    # A name with a bracket could not be told from the text after it.
    near = [one for one in get_close_matches(name, approved, 1, 0.5) if not set(one) & set("【】")]
    words = {
        "note": "，看起来是签名 ID" if numeric else "",
        "note_en": "; it looks like an ID" if numeric else "",
        "known": Said.listed(approved[:5]),
    }
    yield Hit(place, words, suggestion=document.with_signature(near[0]) if near else None)


def bare(signature: str) -> str:
    """Return a signature without its brackets and outer blanks."""
    return signature.strip().removeprefix("【").removesuffix("】").strip()
