"""Authorization letters with grantor and grantee swapped."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each letter whose grantor is the account's holder and whose grantee is not."""
    account = document.submission.account
    if account is None or not account.name:
        return
    plain = document.names.company
    own = plain(account.name).name
    for proof in document.submission.documents or ():
        if proof.kind != "authorization" or not proof.grantor or plain(proof.grantor).name != own:
            continue
        if not proof.grantee or plain(proof.grantee).name != own:
            yield Hit(None, {"grantor": proof.grantor, "account": account.name})
