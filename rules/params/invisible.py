"""Invisible characters in values, and outer blanks, which are merely untidy."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each run of invisible characters, and each value with outer blanks; the suggestion is the clean value."""
    for text in document.params:
        key, value = text.field.partition(".")[2], text.original
        runs = document.invisible(text)
        clean = document.visible(text).strip()
        for start, end, name in runs:
            problem = {
                "problem": f"第 {start + 1} 个字处有不可见字符 {name}",
                "problem_en": f"has {name} at {start + 1}",
            }
            yield Hit(text.place(start, end), {"key": key, **problem}, suggestion=clean)
        outer = len(value) - len(value.lstrip(" \u3000"))
        place = (0, outer) if outer else (len(value.rstrip(" \u3000")), len(value))
        if not runs and value.strip() and place[0] < place[1]:
            problem = {"problem": "首尾有空格", "problem_en": "begins or ends with a space"}
            yield Hit(text.place(*place), {"key": key, **problem}, suggestion=clean, possible=True)
