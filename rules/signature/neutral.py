"""Signatures that are generic words and name no sender."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said

KINDS = {
    "noun": ("泛指的名词（{words}）", "a generic noun ({words})"),
    "greeting": ("称呼语（{words}）", "a salutation ({words})"),
    "test": ("测试字样（{words}）", "a test word ({words})"),
    "function": ("功能词（{words}）", "a generic word ({words})"),
    "keyboard": ("随意按键的字母（{words}）", "random letters ({words})"),
    "stand-in": ("代替名称的字样（{words}）", "a label or sample in place of a name ({words})"),
    "person": ("个人姓名或称呼（{words}）", "a personal name ({words})"),
}


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature made of generic words, unless it is the account's own name."""
    signature = document.signature
    account = document.submission.account
    if signature is None or (account and account.name == signature.original):
        return
    found = document.names.neutral(signature.folded)
    if found is None:
        return
    kind, words = found
    if kind == "person" and account and account.name and signature.original in account.name:
        return
    zh, en = KINDS[kind]
    options = document.abbreviations() or ["杭州云雀网络科技"]
    yield Hit(
        signature.place(0, len(signature.original)),
        {
            "kind": zh.format(words=words),
            "kind_en": en.format(words=words),
            "options": Said.listed(options[:3]),
        },
        suggestion=document.with_signature(options[0]) if document.submission.account else None,
    )
