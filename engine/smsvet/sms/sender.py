"""Whether the sender of a text is the institution for which the text speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

from ..model import Link
from ..submission import Account, Submission
from ..text.text import SPOKEN, Text
from .names import Names

Sender = Literal["agrees", "unsettled", "unknown"]
"""`agrees`: account, signature and hosts belong to the institution of the text. `unsettled`: the hosts do, or are the
account's own, and other facts are missing. `unknown`: neither."""

INSIDE: Final = 3
"""Minimum length of a protected name to be searched inside a signature; shorter names are parts of other names."""

_DISTINCT: Final = 4
"""Length from which an owner's name in a registered name identifies the owner."""
_OFFICIAL: Final = frozenset({"bank", "carrier", "insurer", "payment", "state", "utility"})
"""Kinds of names that a text mentions for their authority; others are also mentioned as shops or ways to pay."""
_ROLES: Final = (
    (
        re.compile(
            r"银行|信用卡|储蓄卡|借记卡|我行|本行|网银|[uk]盾|k宝|密码器|口令卡|动态口令|电子密令|农信|农商|银联"
        ),
        re.compile("银行|信用(?:合作)?(?:社|联社)|农商|银联|支付|消费金融"),
    ),
    (
        re.compile("社保|医保|公积金|税务|个税|公安|交警|法院|检察|违章|通缉|洗钱"),
        re.compile("局|中心|厅|委员会|政府|法院|检察院|公安|社会保险|医疗保障|公积金"),
    ),
    (
        re.compile("手机卡|停机|号码.{0,6}实名|实名.{0,6}号码"),
        re.compile("移动|联通|联合网络|电信|通信|广播电视"),
    ),
)
"""Words of a trade in a text, and the words of a registered name that may write them."""

_UNSAFE_ADDRESS = re.compile(r"[@\\]|//.*//|%(?:2f|3a|40)|://.*://", re.IGNORECASE)
_MORE_HOSTS = re.compile(r"[a-z0-9-]\s{0,2}[.。．｡·点@][a-z]{2}", re.IGNORECASE)
_FRAUD = re.compile(
    r"安全[账帐][户号]|[清核]查[账帐]户|资金(?:清查|核查|比对)|涉嫌|通缉|[逮拘]捕|洗钱|保证金|解[冻封][金费]|手续费"
    r"|(?:转[账帐]|汇款|转[入到至]|汇[入到至]|打款|存[入到至])[^,。!;]{0,12}(?:[账帐][户号]|卡)"
    r"|(?:回复|提供|告知|发送|发给|输入|填写|报)[^,。!;]{0,12}(?:密码|口令|验证码|校验码|卡号|cvv|有效期|身份证)"
    r"|\b(?:reply|send|provide|tell|enter|give)\b[^.!;]{0,40}\b(?:password|passcode|pin|cvv|otp|codes?|card number)\b"
)
"""Requests that no institution sends, whoever the sender is."""
_WARNING = re.compile(r"勿|不要|不会|不得|不应|谨防|防范|警惕|\b(?:never|not)\b")
_CLAUSE = re.compile("[,。!;]")


def sender_of(names: Names, submission: Submission, texts: Mapping[str, Text]) -> Sender:
    """Return the relation of the applicant to the institution of the texts that are sent.

    An address counts only if its host is certain: without placeholders, disguise, redirection or a second host in
    the text. Personal contact details, and requests for secrets or payments to a safe account, never agree with an
    institution.
    """
    spoken = [text for name, text in texts.items() if name.partition(".")[0] in SPOKEN]
    links = [link for text in spoken for link in text.links]
    if any(text.left for text in spoken) or not all(map(_is_certain, links)) or _more_hosts(spoken):
        return "unknown"
    if any(contact.is_personal for text in spoken for contact in text.contacts):
        return "unknown"
    signature, account = texts.get("signature"), submission.account
    signed = claimed(names, signature.folded) if signature else frozenset()
    content = "\n".join(text.folded for text in spoken if text is not signature)
    if _asks_for_fraud(content):
        return "unknown"
    owners = signed | mentioned(names, content)
    known = [proof.grantor or "" for proof in submission.documents or () if proof.kind == "authorization"]
    company = names.company(account.name).name if account and account.name else ""
    known = [name.lower() for name in (company, *known) if name]
    if known:
        if not all(_is_among(owner, known) for owner in owners) or not _plays(content, known):
            return "unknown"
        if signature and not signed and not _is_own_signature(names, signature, account):
            return "unknown"
        official = [any(_is_among(owner, known) for owner in names.hosts.owners(link.host)) for link in links]
        if not all(right or _is_own(link, account) for link, right in zip(links, official, strict=True)):
            return "unknown"
        distinct = all(len(owner) >= _DISTINCT for owner in owners)
        return "agrees" if distinct or all(official) else "unsettled"
    if not links or (signature and not signed):
        return "unknown"
    of_all = frozenset.intersection(*(names.hosts.owners(link.host) for link in links))
    if of_all and owners <= of_all:
        return "unsettled"
    own = all(_is_own(link, account) for link in links)
    return "unsettled" if own and not owners and _plays(content, ()) else "unknown"


def claimed(names: Names, signature: str) -> frozenset[str]:
    """Return the owner of the protected name that a normalised signature equals or contains."""
    text = re.sub(r"[\W_]+", "", signature)
    if text in names.protected:
        return frozenset({names.protected[text].owner})
    for name in sorted((name for name in names.protected if name in text), key=len, reverse=True):
        if len(name) >= INSIDE or names.neutral(text.replace(name, "", 1)) is not None:
            return frozenset({names.protected[name].owner})
    return frozenset()


def mentioned(names: Names, content: str) -> frozenset[str]:
    """Return the owners of the banks, carriers, insurers and public bodies that a normalised text names."""
    found = set()
    named = [item for name, item in names.protected.items() if name in content and item.kind in _OFFICIAL]
    for protected in sorted(named, key=lambda item: len(item.name), reverse=True):
        if protected.name in content:
            found.add(protected.owner)
            content = content.replace(protected.name, "\n")
    return frozenset(found)


def _asks_for_fraud(content: str) -> bool:
    """Return whether a text asks for money or secrets as no institution does; a warning against it does not."""
    return any(
        not _WARNING.search(_CLAUSE.split(content[: found.start()])[-1]) for found in _FRAUD.finditer(content)
    )


def _is_among(owner: str, known: Iterable[str]) -> bool:
    return any(owner.lower() in name for name in known)


def _plays(content: str, known: Sequence[str]) -> bool:
    """Return whether one of the known names may write the words of every trade in a text."""
    return all(
        any(allowed.search(name) for name in known) for words, allowed in _ROLES if words.search(content)
    )


def _is_own_signature(names: Names, signature: Text, account: Account | None) -> bool:
    if account is None:
        return False
    own = {name.lower() for name in (*account.signatures, *account.trademarks)}
    if signature.folded in own or signature.original.lower() in own:
        return True
    return account.name is not None and names.fit(signature.folded, account.name) not in (
        "different",
        "reordered",
    )


def _is_own(link: Link, account: Account | None) -> bool:
    """Return whether a host is, or is below, one of the account's registered domains."""
    domains = (domain.lower().strip(". ") for domain in (account.icp_domains if account else ()))
    return any(link.host == own or link.host.endswith(f".{own}") for own in domains if own)


def _is_certain(link: Link) -> bool:
    return link.kind in ("url", "domain") and link.text.isascii() and not _UNSAFE_ADDRESS.search(link.text)


def _more_hosts(texts: Iterable[Text]) -> bool:
    """Return whether a text has something like a host outside the addresses that were found."""
    return any(_MORE_HOSTS.search(rest) for text in texts for rest in _without_links(text))


def _without_links(text: Text) -> Iterator[str]:
    at = 0
    for link in sorted(text.links, key=lambda link: link.span.start):
        start, end = link.span.start - text.offset, link.span.end - text.offset
        yield text.original[at : max(start, at)]
        at = max(at, end - 1)  # with the last character of the address, which may go on after a full stop
    yield text.original[at:]
