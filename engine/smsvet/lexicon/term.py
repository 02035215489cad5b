"""The term for one match of an entry in a text, and whether a disguised word counts for an entry."""

from __future__ import annotations

from collections.abc import Sequence

from ..evasion.disguise import Disguise
from ..evasion.plausibility import LONG, SOUNDS, by_chance
from ..model import Term
from ..text.text import Text
from .combinations import Piece
from .entries import Entry


def counts(disguise: Disguise, entry: Entry) -> bool:
    """Return whether a disguised word counts for an entry.

    A word of a strong entry always counts. A weak one counts if it is backed by another disguised word, except for
    repeated characters. Otherwise it counts after one step, or after two for a long word that is not only written by
    sound, unless ordinary texts contain such spellings by chance.
    """
    if entry.strength == "strong" or (disguise.backed and disguise.transforms != ("repeat",)):
        return True
    steps = 2 if len(disguise.word) >= LONG and not SOUNDS.issuperset(disguise.transforms) else 1
    return len(disguise.transforms) <= steps and not by_chance(len(disguise.word), disguise.transforms)


def term(text: Text, entry: Entry, pieces: Sequence[Piece]) -> Term:
    """Return the term at `pieces` of the normalised text, with its place in the submitted field.

    The term is `possible` if it needs more than one transform step, or spans a placeholder.
    """
    span = text.span(pieces[0].start, pieces[-1].end)
    if len(pieces) == 1 and pieces[0].disguise is None:
        return Term(entry.category, entry.term, entry.strength, span, text.quote(span))
    runs = [run for piece in pieces for run in (piece.disguise.pieces if piece.disguise else [piece[:2]])]
    spans = tuple(text.span(start, end) for start, end in runs) if len(runs) > 1 else ()
    taken = tuple(
        dict.fromkeys(step for piece in pieces if piece.disguise for step in piece.disguise.transforms)
    )
    if not taken:
        return Term(entry.category, entry.term, entry.strength, span, text.quote(span), spans=spans)
    words = [
        piece.disguise.word if piece.disguise else text.folded[piece.start : piece.end] for piece in pieces
    ]
    return Term(
        entry.category,
        entry.term,
        entry.strength,
        span,
        text.quote(span),
        taken,
        spans,
        possible=len(taken) > 1 or "placeholder" in taken,
        meant="…".join(words),
    )
