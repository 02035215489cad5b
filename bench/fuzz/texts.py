"""Seeded hostile texts, and baits: texts of any length around one repeated part."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from bench import generator
from bench.fuzz.vocabulary import INVISIBLE, LONE, MARKS, SEPARATORS, Pattern, Vocabulary
from smsvet.patterns.ambiguity import START, Automaton
from smsvet.patterns.growth import growth_of
from smsvet.patterns.program import Alphabet, PatternError, assemble, parse

STEPS = 80
"""Characters read at most on a random way through a pattern."""
ENDINGS = ("", "", "!", "。", "\n", "\x00")


@dataclass(frozen=True, slots=True)
class Bait:
    """A text of any length: a beginning, a repeated part and an ending."""

    name: str
    prefix: str
    repeated: str
    suffix: str = ""

    def text(self, length: int) -> str:
        """Return the bait with `length` code points."""
        room = max(0, length - len(self.prefix) - len(self.suffix))
        middle = (self.repeated * (room // max(1, len(self.repeated)) + 1))[:room]
        return (self.prefix + middle + self.suffix)[:length]


class Texts:
    """Returns hostile texts; the same seed gives the same texts."""

    def __init__(self, vocabulary: Vocabulary, chance: random.Random) -> None:
        self._vocabulary, self._chance = vocabulary, chance

    def text(self) -> str:
        """Return a text: mostly short, rarely longer than the 3,000 code points that are searched."""
        kind = self._chance.choices(
            ("altered", "pieces", "unicode", "stacked", "long", "lone"), (8, 8, 3, 1, 1, 1)
        )
        return str(getattr(self, f"_{kind[0]}")())

    def short(self) -> str:
        """Return a text of at most 12 code points."""
        return self._pieces()[:12]

    def baits(self) -> Iterator[Bait]:
        """Yield baits without end: from patterns and from pieces in turn."""
        while True:
            for pattern in self._chance.sample(self._vocabulary.patterns, len(self._vocabulary.patterns)):
                if bait := self._of_pattern(pattern):
                    yield bait
                yield self._of_pieces()
                if self._chance.random() < 0.3:
                    yield self._of_pieces()

    def _pieces(self) -> str:
        return "".join(self._vocabulary.piece(self._chance) for _ in range(self._chance.randint(0, 12)))

    def _unicode(self) -> str:
        return "".join(self._vocabulary.unicode(self._chance) for _ in range(self._chance.randint(1, 6)))

    def _altered(self) -> str:
        """Return an ordinary template with a few places changed."""
        chance = self._chance
        text = generator.template(chance, chance.randrange(1000), 0.5)
        for _ in range(chance.randint(0, 4)):
            start = chance.randint(0, len(text))
            end = start + chance.randint(1, 10)
            cut = text[start:end]
            new = chance.choice(
                (
                    self._vocabulary.piece(chance) + cut,
                    "",
                    chance.choice((*SEPARATORS, *INVISIBLE)).join(cut),
                    generator.widened(cut),
                    cut * chance.randint(2, 40),
                )
            )
            text = text[:start] + new + text[end:]
        return text

    def _stacked(self) -> str:
        """Return a text with many marks on each character."""
        marks = ("".join(self._chance.choices(MARKS, k=self._chance.randint(1, 30))) for _ in range(8))
        return "".join(char + more for char, more in zip(self.short(), marks, strict=False))

    def _long(self) -> str:
        size = self._chance.choice((300, 900, 2990, 3000, 3001, 3300))
        return (
            self._of_pieces().text(size) if self._chance.random() < 0.5 else self._pieces().ljust(size, "字")
        )

    def _lone(self) -> str:
        return self._pieces() + self._chance.choice(LONE) + self._pieces()

    def _of_pieces(self) -> Bait:
        """Return a bait that repeats one to three pieces."""
        chance = self._chance
        unit = "".join(self._vocabulary.piece(chance) for _ in range(chance.choice((1, 1, 2, 3))))
        prefix = self._vocabulary.piece(chance) if chance.random() < 0.3 else ""
        return Bait("pieces", prefix, unit, chance.choice(ENDINGS))

    def _of_pattern(self, pattern: Pattern) -> Bait | None:
        """Return a bait for a pattern: a text that makes its search slow, or a text along its states.

        None for a pattern that cannot be analysed.
        """
        chance = self._chance
        try:
            alphabet = Alphabet(tree := parse(pattern.source, pattern.flags))
            if chance.random() < 0.2 and (hard := growth_of(pattern.source, pattern.flags).text):
                return Bait(pattern.place, "", hard, chance.choice(ENDINGS))
            program = assemble(tree, alphabet)
            automaton = Automaton(program)
            state, seen, way = START, {START: 0}, ""
            loops: list[tuple[int, int]] = []
            while len(way) < STEPS and (edges := list(automaton.edges(state))):
                edge = chance.choice(edges)
                mask = program.code[edge.target][1] & edge.ahead
                places = [place for place in range(mask.bit_length()) if mask >> place & 1]
                way += alphabet.spell([chance.choice(places)])
                state = edge.target
                if state in seen:
                    loops.append((seen[state], len(way)))
                seen[state] = len(way)
        except PatternError:
            return None
        if not way:
            return None
        start, end = chance.choice(loops) if loops and chance.random() < 0.7 else (0, len(way))
        return Bait(pattern.place, way[:start], way[start:end], chance.choice(ENDINGS))
