"""Signatures from a source that vendors no longer accept."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said

SOURCES = {
    "website": ("网站", "websites"),
    "official_account": ("公众号", "official accounts"),
    "mini_program": ("小程序", "mini programs"),
    "shop": ("电商店铺", "online shops"),
}


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit for such a source, with abbreviations of the account's name as alternatives."""
    named = SOURCES.get(document.submission.source or "")
    if named:
        options = document.abbreviations()
        shown = Said.listed(options[:3])
        words = {
            "source": named[0],
            "source_en": named[1],
            "options": f"（{shown.zh}）" if shown.zh else "",
            "options_en": f" ({shown.en})" if shown.en else "",
        }
        yield Hit(None, words, suggestion=options[0] if options else None)
