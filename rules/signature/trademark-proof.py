"""Trademark signatures whose proof is an acceptance notice, belongs to another owner, or is missing."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

PENDING = re.compile(
    r"受理(?:通知)?书|受理中|(?:商标)?(?:注册)?申请中|申请号|初审公告|公告期|待核准|未下证|tm标"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield each contradiction with the remark, the certificate's owner or the account's trademarks."""
    submission, remark, signature = document.submission, document.texts.get("remark"), document.signature
    if submission.source != "trademark":
        return
    if remark:
        for found in PENDING.finditer(remark.folded):
            yield Hit(
                remark.span(*found.span()),
                {
                    "problem": f"申请说明写明“{found[0]}”，商标尚未核准注册",
                    "problem_en": f"The remark says “{found[0]}”: the trademark is not registered yet",
                },
            )
    account = submission.account
    if account is None or submission.usage == "other":
        return
    plain = document.names.company
    for proof in submission.documents or ():
        if proof.kind != "trademark" or not proof.owner or not account.name:
            continue
        if plain(proof.owner).name != plain(account.name).name:
            words = {
                "problem": f"商标注册人“{proof.owner}”与账号主体“{account.name}”不一致",
                "problem_en": f"The trademark belongs to “{proof.owner}”, the account to “{account.name}”",
            }
            yield Hit(None, words)
    own = [trademark.lower() for trademark in account.trademarks]
    if signature is not None and own and signature.folded not in own:
        words = {
            "problem": f"账号名下的商标（{'、'.join(account.trademarks)}）中没有“{signature.original}”",
            "problem_en": f"“{signature.original}” is not among the account's trademarks ({', '.join(account.trademarks)})",
        }
        near = any(trademark in signature.folded for trademark in own)
        yield Hit(signature.place(0, len(signature.original)), words, possible=near)
