"""Rendered texts that do not match their template, with each difference and the correct text."""

from collections.abc import Iterator

from smsvet import (
    Difference,
    Document,
    Hit,
    Said,
    Text,
    bind,
    content_place,
    match_template,
    placeholder_places,
    template_differences,
    values_in,
)

MOST = 10
"""Maximum number of differences reported one by one."""
DISPUTED = " \t\r\n.,"
"""Characters that some Indian operators ignore and others compare. Sources: MSG91, OWN."""
ABBREVIATIONS = (
    "ltd.",
    "pvt.",
    "co.",
    "inc.",
    "corp.",
    "bros.",
    "dr.",
    "jr.",
    "sr.",
    "st.",
    "rd.",
    "a.m.",
    "p.m.",
)
"""Ends of a value whose stop belongs to the value. Source: OWN."""


def check(document: Document) -> Iterator[Hit]:
    """Yield each place where the text differs from the template; the suggestion is the correct text.

    At DLT, differences only in stops, commas and blanks are possible hits.
    """
    body, text = document.body, document.texts.get("text")
    if body is None or text is None:
        return
    start, end = content_place(document, text.original)
    values = [
        document.values.get(key) if key else None for key, _ in bind(body.placeholders, document.values)
    ]
    written, given = text.original[start:end], [value if isinstance(value, str) else None for value in values]

    template, places = body.original, placeholder_places(body)

    def compared(ignored: str) -> tuple[list[Difference], str | None]:
        return template_differences(
            template, places, written, lambda char: document.folder.fold(char)[0], given, ignored
        )

    lenient = document.provider.id == "dlt"
    found, corrected = compared(DISPUTED if lenient else "")
    disputed = lenient and not found
    if disputed:
        found, corrected = compared("")
        if not found and document.submission.params is None:
            yield from edges(document, text)
    if corrected is not None and document.provider.id == "dlt" and document.submission.params is None:
        corrected = without_edges(template, places, corrected)
    suggestion = None if corrected is None else with_content(document, text.original, start, end, corrected)
    for difference in found[:MOST]:
        hit = hit_of(document, text, start, difference, suggestion, len(found))
        yield hit._replace(possible=disputed)


def with_content(document: Document, text: str, start: int, end: int, corrected: str) -> str | None:
    """Return a text with its content at [start, end) replaced; None if the signature would be found elsewhere."""
    whole = text[:start] + corrected + text[end:]
    left, right = content_place(document, whole)
    return whole if whole[left:right] == corrected else None


def is_doubtful(value: str) -> bool:
    """Return whether a value begins or ends with a disputed character, which may not be in the template."""
    bare = value.strip(DISPUTED)
    return bare not in ("", value) and not value.lower().endswith(ABBREVIATIONS)


def without_edges(template: str, places: list[tuple[int, int]], corrected: str) -> str | None:
    """Return a text that matches a template with its doubtful values bare; None if it does not match any more."""
    values = match_template(template, places, corrected)
    if values is None:
        return None
    out, at = [], 0
    for start, end in values:
        value = corrected[start:end]
        out += [corrected[at:start], value.strip(DISPUTED) if is_doubtful(value) else value]
        at = end
    bare = "".join([*out, corrected[at:]])
    read = match_template(template, places, bare)
    return None if read is None or any(is_doubtful(bare[start:end]) for start, end in read) else bare


def edges(document: Document, text: Text) -> Iterator[Hit]:
    """Yield each value that begins or ends with a disputed character, which may not be in the template."""
    for placeholder, value, span in values_in(document, text):
        if is_doubtful(value):
            bare = value.strip(DISPUTED)
            place = placeholder.span.start + 1
            words = {
                "detail": f"模板第 {place} 个字处的变量值“{value}”首尾有句号、逗号或空格，模板中可能没有登记",
                "detail_en": f"The value “{value}” at character {place} of the template begins or ends with a stop, "
                "comma or blank, which the template may not contain",
                "cure": f"如未登记，改为“{bare}”",
                "cure_en": f"Unless the template contains it, send “{bare}”",
            }
            yield Hit(span, words, possible=True)


def hit_of(
    document: Document, text: Text, start: int, difference: Difference, suggestion: str | None, count: int
) -> Hit:
    """Return the hit for one difference, described in both languages."""
    zh, en = described(document, difference)
    more = count > MOST
    cure = (
        "按模板原文发送"
        + (f"（共 {count} 处不同）" if more else "")
        + (f"：{suggestion}" if suggestion else "")
    )
    cure_en = "Send the template's own text" + (f" ({count} differences)" if more else "")
    words = {
        "detail": zh,
        "detail_en": en,
        "cure": cure,
        "cure_en": f"{cure_en}: {suggestion}" if suggestion else cure_en,
    }
    return Hit(text.place(start + difference.start, start + difference.end), words, suggestion=suggestion)


def described(document: Document, difference: Difference) -> tuple[str, str]:
    """Return a description of the difference in Chinese and in English."""
    place, expected, actual = difference.place, difference.expected, difference.actual
    if difference.cause == "invisible":
        names = Said.listed(dict.fromkeys(document.folder.name(char) for char in actual))
        return (
            f"模板第 {place} 个字前，发送内容多出不可见字符 {names.zh}",
            f"Before character {place} of the template, the text contains the invisible {names.en}",
        )
    if difference.cause == "blank":
        what, what_en = ("换行", "line break") if set(actual) & set("\r\n") else ("空格", "space")
        return (
            f"模板第 {place} 个字前，发送内容多出{what}",
            f"Before character {place} of the template, the text has an extra {what_en}",
        )
    if difference.cause == "extra":
        return (
            f"模板第 {place} 个字前，发送内容多出“{actual}”",
            f"Before character {place} of the template, the text has an extra “{actual}”",
        )
    if difference.cause == "missing":
        shown = ("空格", "the space") if not expected.strip() else (f"“{expected}”", f"“{expected}”")
        return (
            f"发送内容缺少模板第 {place} 个字处的{shown[0]}",
            f"The text lacks {shown[1]} at character {place} of the template",
        )
    if difference.cause == "value":
        return (
            f"模板第 {place} 个字处的变量应为“{expected}”，发送内容是“{actual}”",
            f"The placeholder at character {place} of the template should be “{expected}”; the text has “{actual}”",
        )
    if difference.whole:
        return "发送内容与模板大不相同，没有对应的模板", "The text has little in common with the template"
    note, note_en = NOTES.get(difference.cause, ("", ""))
    return (
        f"模板第 {place} 个字处是“{expected}”，发送内容是“{actual}”{note}",
        f"Character {place} of the template is “{expected}”; the text has “{actual}”{note_en}",
    )


NOTES = {
    "width": ("（全角、半角不同）", " (full width against half width)"),
    "variant": ("（大小写或繁简不同）", " (different case, or traditional against simplified characters)"),
}
