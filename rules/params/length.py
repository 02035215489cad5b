"""Values longer than the provider, the placeholder or the declared maximum allows."""

from collections.abc import Iterator

from smsvet import Document, Hit, code_value, fillings


def check(document: Document) -> Iterator[Hit]:
    """Yield each value longer than the smallest of its limits. Lengths are in code points."""
    account = document.submission.account
    limits = {"平台规定": document.provider.limit("variable_length", document.as_of)}
    if account is not None and account.type == "individual":
        limits["个人账户"] = document.provider.limit("variable_length_individual", document.as_of)
    if document.purpose == "verification":
        limits["验证码模板"] = document.provider.limit("otp_value_length", document.as_of)
    found = fillings(document)
    code = code_value(document, found) if document.provider.limit("otp_digits", document.as_of) else None
    for one in found:
        if one is code:
            continue
        most = [(value, basis) for basis, value in limits.items() if isinstance(value, int)]
        if one.longest is not None:
            most.append((one.longest, "声明的长度"))
        if most and len(one.value) > min(most)[0]:
            least, basis = min(most)
            words = {"key": one.key, "length": len(one.value), "most": least, "basis": basis}
            inferred = basis == "验证码模板" and document.submission.purpose is None
            yield Hit(one.span, {**words, "basis_en": ENGLISH[basis]}, inferred=inferred)


ENGLISH = {
    "平台规定": "the provider",
    "个人账户": "an individual account",
    "验证码模板": "a verification template",
    "声明的长度": "the declaration",
}
