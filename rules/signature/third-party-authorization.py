"""Signatures of a third party without the owner's authorization."""

from collections.abc import Iterator

from smsvet import LICENCES, Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield an application for a third party without a letter, or for own use with another's licence."""
    submission, account = document.submission, document.submission.account
    proofs = submission.documents
    if submission.usage == "other":
        if not proofs:
            yield Hit(None, missing="documents")
        elif not any(proof.kind == "authorization" for proof in proofs):
            words = {
                "problem": "签名用途为他用，材料中没有授权委托书",
                "problem_en": "The signature is for third-party use, but no authorization letter was supplied",
            }
            yield Hit(None, words)
        return
    if account is None or not account.name or any(proof.kind == "authorization" for proof in proofs or ()):
        return
    plain = document.names.company
    for proof in proofs or ():
        if proof.kind in LICENCES and proof.owner and plain(proof.owner).name != plain(account.name).name:
            words = {
                "problem": f"证照主体“{proof.owner}”不是账号主体“{account.name}”，且没有授权委托书",
                "problem_en": f"The licence is that of “{proof.owner}”, not of “{account.name}”, and there is no authorization",
            }
            yield Hit(None, words)
