"""Texts that speak for a bank, carrier, platform or public body that nothing supplied ties to the sender."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Said

STEM = (
    "银行|[工农建交招]行|邮储|移动|联通|电信|广电|人寿|平安|人保|太平洋|银联|支付|财付通|腾讯|淘宝|京东|拼多多|饿了么|滴滴|阿里|去哪儿|顺丰"
    "|邮政|快递|速递|速运|12306|12315|12321|12123|12333|税务|海关|电网|石化|石油|铁路|反诈|学信网|社保|医保|公积金|征信|移民|苏宁|杨国福"
)
"""Parts of the protected names, at least one of each name, by which texts without such names are skipped."""
BEFORE = re.compile(r"我们?是|这里是|尊敬的|亲爱的")
"""Words in front of a name for which a text speaks."""
AFTER = re.compile(
    r"(?:信用卡)?(?:客服|官方|中心)?(?:温馨|友情|特别)?(?:提醒|提示|通知|敬告)(?:您|你|:)|客服(?:部|中心)?:|(?:的)?(?:客户|用户|会员|持卡人)(?:您好|,|:|!)"
)
"""Words behind such a name."""
READERS = ("的", "客户", "用户", "会员", "持卡人")
"""Words of AFTER that name the readers, which count only behind a salutation."""
ANCHORS = (
    re.compile(rf"(?:我是|我们是|这里是|尊敬的|亲爱的)[^,。!:]{{0,6}}(?:{STEM})"),
    re.compile(rf"(?:{STEM})[^,。!:]{{0,14}}(?:提醒|提示|通知|敬告)(?:您|你|:)"),
    re.compile(rf"(?:{STEM})[^,。!:]{{0,6}}客服(?:部|中心)?:"),
)
SHORT = 3
"""Minimum length of a name; of the shorter ones, only abbreviations of banks count."""
LACKS = Said(
    "未提供账号名称、授权书、已有签名或备案域名",
    "no account name, authorization letter, approved signature or registered domain was supplied",
)


def check(document: Document) -> Iterator[Hit]:
    """Yield the first name for which the text speaks, unless a supplied fact ties its owner to the sender.

    A protected name in the signature is left to the rule on impersonation.
    """
    names, account = document.names, document.submission.account
    signed = re.sub(r"[\W_]+", "", document.signature.folded) if document.signature else ""
    known = [names.company(account.name).name] if account and account.name else []
    proofs = document.submission.documents or ()
    known += [proof.grantor for proof in proofs if proof.kind == "authorization" and proof.grantor]
    known += account.signatures if account else ()
    domains = [domain.lower().strip(". ") for domain in account.icp_domains] if account else []
    for field in ("body", "text"):
        text = document.texts.get(field)
        if text is None:
            continue
        for name, start in spoken_names(document, text.folded):
            owner = names.protected[name].owner
            if name in signed or any(owner.lower() in one.lower() or name in one for one in known):
                continue
            if any(owner in names.hosts.owners(domain) for domain in domains):
                continue
            company = account.name if account and account.name else ""
            facts = Said(f"账号主体是“{company}”", f"the account is “{company}”") if company else LACKS
            yield Hit(text.span(start, start + len(name)), {"owner": owner, "facts": facts})
            return


def spoken_names(document: Document, folded: str) -> Iterator[tuple[str, int]]:
    """Yield the protected names for which a normalised text speaks, with their starts; the longest at each place."""
    named = [
        name
        for name, item in document.names.protected.items()
        if name in folded and (len(name) >= SHORT or item.kind == "bank")
    ]
    known = sorted(named, key=len, reverse=True)
    for found in BEFORE.finditer(folded) if known else ():
        if name := next((name for name in known if folded.startswith(name, found.end())), None):
            # “尊敬的” and the like also precede names of products, so that words of speaking must follow.
            rest = found.end() + len(name)
            if (
                found[0] in ("我是", "我们是", "这里是")
                or AFTER.match(folded, rest)
                or folded[rest : rest + 1] in "】]"
            ):
                yield name, found.end()
    for found in AFTER.finditer(folded) if known else ():
        if found[0].startswith(READERS):
            continue
        if name := next((name for name in known if folded.endswith(name, 0, found.start())), None):
            yield name, found.start() - len(name)
