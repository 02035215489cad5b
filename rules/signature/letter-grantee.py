"""Authorization letters for a grantee other than the account's holder."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each letter with another grantee; `signature/letter-reversed` covers swapped parties."""
    account = document.submission.account
    if account is None or not account.name:
        return
    plain = document.names.company
    own = plain(account.name).name
    for proof in document.submission.documents or ():
        if proof.kind != "authorization" or not proof.grantee or plain(proof.grantee).name == own:
            continue
        if not proof.grantor or plain(proof.grantor).name != own:
            yield Hit(None, {"grantee": proof.grantee, "account": account.name})
