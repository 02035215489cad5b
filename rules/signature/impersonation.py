"""Signatures that equal, contain or resemble a name often used for fraud."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Said

INSIDE = 3
"""Minimum length of a name to be searched inside a signature.

Shorter names are parts of many other names, so they count only next to generic words.
"""

NEAR = 4
"""Minimum length of a name to be compared with one character changed, added or dropped."""

LACKS = Said(
    "；未提供账号名称、授权书、已有签名或备案域名，无法核对",
    "; no account name, authorization letter, approved signature or registered domain was supplied to verify it",
)

WORDS = {
    "is": ("与他人名称相同：", "is identical to"),
    "holds": ("含有他人名称", "contains the name"),
    "near": ("与他人名称只差一个字：", "differs by one character from"),
}


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature with a protected name, unless the account is the owner's or the owner authorises it.

    The hit is certain only for an equal name and a known account. Without an account, an approved signature or a
    registered domain of the owner also ties the name to the sender. A vendor sends a message only under an approved
    signature, so in a message without a link or personal contact the missing account is advice.
    """
    signature, submission = document.signature, document.submission
    if signature is None:
        return
    text = re.sub(r"[\W_]+", "", signature.folded)
    found = likeness(document, text)
    if found is None:
        return
    how, name = found
    owner = document.names.protected[name].owner
    span = signature.place(0, len(signature.original))
    account = submission.account
    registered = document.names.company(account.name).name if account and account.name else None
    grantors = [proof.grantor for proof in submission.documents or () if proof.kind == "authorization"]
    if any(owner.lower() in known.lower() for known in (registered, *grantors) if known):
        return
    if registered and how != "is" and text in registered:
        return
    if registered is None and (
        is_tied(document, signature.original, owner) or (how == "near" and document.kind != "signature")
    ):
        return
    zh, en = WORDS[how]
    certain = how == "is" and registered is not None and submission.usage == "own"
    words = {
        "how": zh,
        "how_en": en,
        "name": name,
        "owner": owner,
        "lacks": LACKS if registered is None else "",
    }
    harmless = document.kind == "message" and account is None and not leads_away(document)
    yield Hit(span, words, possible=not certain, missing="account.name" if harmless else None)


def leads_away(document: Document) -> bool:
    """Return whether a text has a link or a personal contact, or values that may hold one."""
    return any(
        text.links or any(contact.is_personal for contact in text.contacts)
        for text in document.texts.values()
    )


def is_tied(document: Document, signature: str, owner: str) -> bool:
    """Return whether an approved signature or a registered domain ties the sender to the owner of a name."""
    account = document.submission.account
    if account is None:
        return False
    domains = (domain.lower().strip(". ") for domain in account.icp_domains)
    return signature in account.signatures or any(
        owner in document.names.hosts.owners(domain) for domain in domains
    )


def likeness(document: Document, text: str) -> tuple[str, str] | None:
    """Return how a signature resembles a protected name, and that name, for the closest match; None without one."""
    protected = document.names.protected
    if text in protected:
        return "is", text
    for name in sorted((name for name in protected if name in text), key=len, reverse=True):
        if len(name) >= INSIDE or document.names.neutral(text.replace(name, "", 1)) is not None:
            return "holds", name
    # Of two texts that differ by one character, the first or the last ones are equal.
    alike = (name for name in protected if text.startswith(name[0]) or text.endswith(name[-1]))
    near = next((name for name in alike if len(name) >= NEAR and one_apart(text, name)), None)
    return ("near", near) if near else None


def one_apart(text: str, name: str) -> bool:
    """Return whether two texts differ by one character changed, added or dropped."""
    if abs(len(text) - len(name)) > 1 or text == name:
        return False
    start = next(
        (place for place, pair in enumerate(zip(text, name, strict=False)) if pair[0] != pair[1]), None
    )
    if start is None:
        return True
    left, right = text[start:], name[start:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:]
