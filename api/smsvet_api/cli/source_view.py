"""Renders the sources of rules and findings for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from smsvet.model import Lang
from smsvet.rules.source_keys import note_of
from smsvet.rules.sources import Citation, Sources

from ..wording import say
from .excerpt import folded, readable

_MOST = 2
"""Sources that are shown with a finding; `smsvet rules ID` shows all."""


def cited(source: str, provider: str, sources: Sources, lang: Lang) -> str:
    """Return the first sources of a finding: those of the provider, then laws, then others."""
    order = {provider.partition("-")[0]: 0, "law": 1}
    citations = sorted(sources.cite(source, lang), key=lambda each: order.get(each.vendor_id, 2))
    if len(citations) <= _MOST:
        return sources.text(source, lang)
    between, more = say(lang, "；", "; "), len(citations) - _MOST
    return between.join(
        [*(each.text for each in citations[:_MOST]), say(lang, f"另有 {more} 处", f"and {more} more")]
    )


def draw_sources(source: str, sources: Sources, lang: Lang, width: int) -> Iterator[Text]:
    """Return the lines that list the sources of a rule with their addresses; free text is one line."""
    heading, citations = say(lang, "来源：", "source: "), sources.cite(source, lang)
    if not citations:
        yield from _indented(f"{heading}{source}", 2, width)
        return
    yield Text(f"  {heading.rstrip()}")
    for citation in citations:
        details = say(lang, "；", "; ").join(_details(citation))
        details = say(lang, f"（{details}）", f" ({details})") if details else ""
        yield from _indented(f"{citation.key}  {citation.text}{details}", 4, width)
        if citation.url:
            yield Text(f"      {readable(citation.url)}", "dim")
    note = note_of(source, lang)
    if note:
        yield from _indented(note, 4, width)


def _details(citation: Citation) -> Iterator[str]:
    if citation.dated:
        yield citation.dated
    if citation.confidence != "S" and citation.vendor_id != "smsvet":
        yield citation.confidence_text
    if citation.note and not citation.url:
        yield citation.note


def _indented(words: str, indent: int, width: int) -> Iterator[Text]:
    for number, line in enumerate(folded(words, max(width - indent, 20))):
        yield Text(" " * (indent + (2 if number else 0)) + line)
