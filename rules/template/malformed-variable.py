"""Malformed placeholders in the provider's own syntax."""

from collections.abc import Iterator

from smsvet import Document, Hit

WHAT = {
    "blank-inside": ("括号内有空格", "it has a space inside the braces"),
    "zero": ("编号从 1 开始", "numbers start at 1"),
    "leading-zero": ("编号不能有前导零", "its number has a leading zero"),
    "empty": ("括号内没有编号或名称", "it has no number or name"),
    "nested": ("括号重叠", "its braces are doubled or nested"),
    "non-ascii-name": (
        "变量名须为英文字母、数字、下划线",
        "its name may only contain ASCII letters, digits and underscores",
    ),
    "name-starts-with-digit": ("变量名须以字母开头", "its name must start with a letter"),
    "bad-name": ("变量名不符合该服务商的规则", "its name breaks the provider's rules"),
    "unbalanced": ("括号不成对", "its braces are unbalanced"),
    "mixed": ("编号变量与命名变量混用", "numbered and named variables are mixed"),
}


def check(document: Document) -> Iterator[Hit]:
    """Yield each malformed placeholder with the error, the expected form and the corrected template."""
    for text in document.texts.values():
        for problem in text.problems:
            if problem.name in WHAT:
                zh, en = WHAT[problem.name]
                words = {"what": zh, "what_en": en, "expected": problem.expected or ""}
                yield Hit(problem.span, words, suggestion=text.corrected)
