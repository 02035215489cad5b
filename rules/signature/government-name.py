"""Signatures that read like the name of a state organ, hospital, school or other public body."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

STATE = re.compile(
    r"人民政府|政府$|(?<!业主)委员会$|管委会|居委会|村委会|街道办(?:事处)?|法院|检察院|公安|派出所|[交巡]警|交管|消防(?:大|支|总)队"
    r"|税务(?:总?局)?$|海关$|(?<![书邮饭棋格布结剧开药残骗牌赌酒茶杂货时大当出迷])局$|仲裁委|人大$|政协|妇联|工会$|团委|残联|红十字会"
    r"|(?:教育|公安|财政|民政|司法|商务|水利|交通运输|自然资源|农业农村|生态环境|住房和城乡建设)[厅部]$|政务服务|社保(?:局|中心)|医保(?:局|中心)|公积金(?:中心)?$|疾控"
)
PUBLIC = re.compile(
    r"图书馆|博物馆|档案馆|(?:学校|小学|中学|高中|大学|学院|幼儿园|医院|卫生院|卫生服务中心)(?:.{0,4}(?:校区|院区|分院|分校))?$|办公室$"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield the name; a certain hit only for a state organ's name on another entity's account, unauthorised."""
    signature, submission = document.signature, document.submission
    if signature is None or document.names.neutral(signature.folded):
        return
    state = STATE.search(signature.folded)
    if not (state or PUBLIC.search(signature.folded)):
        return
    span = signature.place(0, len(signature.original))
    account, words = submission.account, {"relation": "", "relation_en": ""}
    kinds = {proof.kind for proof in submission.documents or ()}
    if account is None or not account.name:
        approved = account is not None and signature.original in account.signatures
        if document.kind == "signature":
            yield Hit(span, words, possible=True)
        elif state and not approved:
            yield Hit(span, missing="account.name")
        return
    if document.names.fit(signature.folded, account.name) not in ("different", "reordered"):
        if not state or kinds & {"organization_code", "credit_code"}:
            return
        yield Hit(span, words, missing=None if submission.documents else "documents", possible=True)
        return
    words = {
        "relation": f"，账号主体是“{account.name}”",
        "relation_en": f", and the account is “{account.name}”",
    }
    certain = state is not None and "authorization" not in kinds and not STATE.search(account.name)
    yield Hit(span, words, possible=not certain)
