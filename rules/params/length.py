"""Values longer than the provider, the placeholder or the declared maximum allows."""

from collections.abc import Iterator
from itertools import pairwise

from smsvet import Document, Filling, Hit, code_value, fillings


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
    for run in runs(document, found):
        for one in run:
            if one is code:
                continue
            most = [(value, basis) for basis, value in limits.items() if isinstance(value, int)]
            if one.longest is not None:
                most.append((one.longest, "声明的长度"))
            if most and len(one.value) > min(most)[0] and not fits_together(run, min(most)[0]):
                least, basis = min(most)
                inferred = basis == "验证码模板" and document.submission.purpose is None
                words = {"key": one.key, "length": len(one.value), "most": least, "basis": basis}
                yield Hit(one.span, {**words, "basis_en": ENGLISH[basis]}, inferred=inferred)


def runs(document: Document, found: list[Filling]) -> Iterator[list[Filling]]:
    """Yield the values in runs. The text does not show where one value of a run ends and the next begins.

    Each value of `params` is a run of its own.
    """
    body, run = document.body, found[:1]
    if body is None or document.submission.params is not None:
        yield from ([one] for one in found)
        return
    for left, right in pairwise(found):
        between = ""
        if left.placeholder and right.placeholder:
            between = body.original[left.placeholder.span.end : right.placeholder.span.start]
        if between.strip():
            yield run
            run = []
        run.append(right)
    if run:
        yield run


def fits_together(run: list[Filling], most: int) -> bool:
    """Return whether the values of a run can be divided so that none is longer than `most` code points."""
    return len(run) > 1 and run[-1].span.end - run[0].span.start <= most * len(run)


ENGLISH = {
    "平台规定": "the provider",
    "个人账户": "an individual account",
    "验证码模板": "a verification template",
    "声明的长度": "the declaration",
}
