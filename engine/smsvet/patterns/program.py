"""A regular expression as a program for a backtracking matcher, over the few characters that it distinguishes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum

# The parser and the compiler of `re` have no public names.
from re import _compiler as compiler  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
from re import _constants as sre  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import Any, NamedTuple

ENDLESS: int = sre.MAXREPEAT
"""The upper bound of a repetition that has none."""
INSTRUCTIONS = 20_000
"""Instructions that a program has at most."""

_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_CHARACTERS = (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY)
_WORD = (sre.IN, ((sre.CATEGORY, sre.CATEGORY_WORD),))
_NEWLINE = (sre.LITERAL, 10)
_USUAL = "\x00的a1 ,。!-_\n\x1f①５Ａé"
"""Characters that represent a class where no literal of the pattern does; the first stands for anything else."""


class PatternError(ValueError):
    """A pattern that cannot be judged: it does not compile, or is too large."""


class Op(IntEnum):
    """Instructions. CHAR and RUN read characters, the others do not."""

    CHAR = 0
    """mask: one character."""
    RUN = 1
    """mask, least, most, greed (greedy, lazy, possessive): a run of characters."""
    SPLIT = 2
    """preferred, other: two ways to go on."""
    JUMP = 3
    """target."""
    AT = 4
    """place: an anchor of `re`."""
    LOOK = 5
    """wanted, width behind (0 is ahead), end: a program that must, or must not, match here."""
    ATOMIC = 6
    """end: a program whose first match is final."""
    MARK = 7
    """register: where a turn of a loop begins."""
    AGAIN = 8
    """register, target: another turn, unless the last one was empty."""
    SAVE = 9
    """register: where a group begins or ends."""
    SAME = 10
    """group: what the group matched, once more."""
    MATCH = 11


Instruction = tuple[Any, ...]
Bounds = Callable[[int, int], tuple[int, int]]
"""Gives the bounds by which a repetition is compiled."""


class Alphabet:
    """One character for each set of characters that a pattern treats alike. Classes are bit masks of these characters."""

    def __init__(self, tree: Any) -> None:
        flags = tree.state.flags
        classes = dict.fromkeys([(_WORD, flags), (_NEWLINE, flags), *_classes(tree, flags)])
        candidates = dict.fromkeys(char for one, own in classes for char in _examples(one, own))
        atoms: dict[tuple[bool, ...], str] = {}
        self._testers = [_tester(one, own) for one, own in classes]
        for char in (*_USUAL, *candidates):
            atoms.setdefault(self._held(char), char)
        self._places = dict(zip(atoms, range(len(atoms)), strict=True))
        self.characters = "".join(atoms.values())
        self.every = (1 << len(atoms)) - 1
        self._masks = {
            one: sum(1 << place for place, holds in enumerate(column) if holds)
            for one, column in zip(classes, zip(*atoms, strict=True), strict=True)
        }
        self.word, self.newline = self._masks[_WORD, flags], self._masks[_NEWLINE, flags]
        used = [
            mask
            for (one, own), mask in self._masks.items()
            if (one, own) not in ((_WORD, flags), (_NEWLINE, flags))
        ]
        self.rarest = sorted(range(len(atoms)), key=lambda place: sum(mask >> place & 1 for mask in used))
        """The characters, those first that fewest classes hold."""

    def mask(self, op: Any, value: Any, flags: int) -> int:
        """Return the characters that an item of a pattern matches, as a mask."""
        return self._masks[_item(op, value), flags]

    def place(self, char: str) -> int:
        """Return the place of a character, or of one treated alike; raises KeyError if there is none."""
        return self._places[self._held(char)]

    def _held(self, char: str) -> tuple[bool, ...]:
        return tuple(test(char) is not None for test in self._testers)

    def spell(self, text: Iterable[int]) -> str:
        """Return characters, given by their places, as a text."""
        return "".join(self.characters[place] for place in text)


def _item(op: Any, value: Any) -> tuple[Any, Any]:
    return op, tuple(value) if op is sre.IN else value


def inner(op: Any, value: Any, flags: int) -> Iterator[tuple[Any, int]]:
    """Yield the sequences inside an item of a pattern, with the flags that hold there."""
    if op in _REPEATS:
        yield value[2], flags
    elif op is sre.SUBPATTERN:
        yield value[3], (flags | value[1]) & ~value[2]
    elif op is sre.BRANCH:
        yield from ((option, flags) for option in value[1])
    elif op in (sre.ASSERT, sre.ASSERT_NOT):
        yield value[1], flags
    elif op is sre.ATOMIC_GROUP:
        yield value, flags
    elif op is sre.GROUPREF_EXISTS:
        yield from ((option, flags) for option in value[1:] if option is not None)


def _classes(sequence: Iterable[Any], flags: int) -> Iterator[tuple[tuple[Any, Any], int]]:
    for op, value in sequence:
        if op in _CHARACTERS:
            yield _item(op, value), flags
        for part, own in inner(op, value, flags):
            yield from _classes(part, own)


def _examples(item: tuple[Any, Any], flags: int) -> Iterator[str]:
    op, value = item
    for kind, what in value if op is sre.IN else (item,):
        points = (what,) if kind in (sre.LITERAL, sre.NOT_LITERAL) else what if kind is sre.RANGE else ()
        for point in points:
            yield from (chr(near) for near in (point, point - 1, point + 1) if 0 <= near <= 0x10FFFF)
            if flags & re.IGNORECASE:
                yield from chr(point).swapcase()


def _tester(item: tuple[Any, Any], flags: int) -> Callable[[str], object]:
    """Return what tells whether an item matches a character: `re` itself."""
    state: Any = parser.State()
    state.flags, state.str = flags, ""
    op, value = item
    single = parser.SubPattern(state, [(op, list(value) if op is sre.IN else value)])
    match: Callable[[str], object] = compiler.compile(single).match
    return match


class Program(NamedTuple):
    """A compiled pattern: its instructions, its alphabet and the number of registers it needs."""

    code: list[Instruction]
    alphabet: Alphabet
    registers: int


def parse(pattern: str, flags: int = 0) -> Any:
    """Return a pattern parsed; raises PatternError."""
    try:
        return parser.parse(pattern, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(str(error)) from error


def assemble(tree: Any, alphabet: Alphabet, bounds: Bounds | None = None) -> Program:
    """Return the program of a parsed pattern, as it is, or with the bounds of its repetitions changed.

    With bounds changed, no instruction reads a run, and a reference to a group matches any text that the group can. Raises PatternError for one that is too large.
    """
    assembler = _Assembler(tree.state.groups, alphabet, bounds)
    assembler.sequence(tree, tree.state.flags)
    assembler.emit(Op.MATCH)
    return Program(assembler.code, alphabet, assembler.registers)


class _Assembler:
    def __init__(self, groups: int, alphabet: Alphabet, bounds: Bounds | None) -> None:
        self.code: list[Instruction] = []
        self.registers = 2 * groups
        self._alphabet = alphabet
        self._bounds = bounds
        self._groups: dict[int, tuple[Any, int]] = {}
        """By number, what a group matches, with the flags that hold there."""

    def emit(self, *instruction: Any) -> int:
        if len(self.code) >= INSTRUCTIONS:
            raise PatternError("too large")
        self.code.append(instruction)
        return len(self.code) - 1

    def sequence(self, sequence: Iterable[Any], flags: int) -> None:
        for op, value in sequence:
            if op in _CHARACTERS:
                self.emit(Op.CHAR, self._alphabet.mask(op, value, flags))
            elif op in _REPEATS:
                self._repeat(op, value, flags)
            elif op is sre.BRANCH:
                self._branch(value[1], flags)
            elif op is sre.SUBPATTERN:
                self._group(value, flags)
            elif op is sre.AT:
                self.emit(Op.AT, _anchor(value, flags))
            elif op in (sre.ASSERT, sre.ASSERT_NOT):
                width = value[1].getwidth()[0] if value[0] < 0 else 0
                self._nested(Op.LOOK, value[1], flags, op is sre.ASSERT, width)
            elif op is sre.ATOMIC_GROUP:
                self._nested(Op.ATOMIC, value, flags)
            elif op is sre.GROUPREF:
                # Without an exact program, a reference may match any text that its group can.
                if self._bounds is None:
                    self.emit(Op.SAME, value)
                else:
                    self.sequence(*self._groups[value])
            elif op is sre.GROUPREF_EXISTS:
                self._branch([option or () for option in value[1:]], flags)
            else:  # an assertion that never holds
                self.emit(Op.CHAR, 0)

    def _group(self, value: Any, flags: int) -> None:
        group, added, removed, part = value
        if group is not None:
            self.emit(Op.SAVE, 2 * group - 2)
        flags = (flags | added) & ~removed
        self.sequence(part, flags)
        if group is not None:
            self.emit(Op.SAVE, 2 * group - 1)
            self._groups[group] = part, flags

    def _branch(self, options: Sequence[Any], flags: int) -> None:
        ends: list[int] = []
        for option in options[:-1]:
            split = self.emit(Op.SPLIT)
            self.sequence(option, flags)
            ends.append(self.emit(Op.JUMP))
            self.code[split] = (Op.SPLIT, split + 1, len(self.code))
        self.sequence(options[-1], flags)
        for end in ends:
            self.code[end] = (Op.JUMP, len(self.code))

    def _nested(self, kind: Op, part: Any, flags: int, *told: Any) -> None:
        begin = self.emit(kind)
        self.sequence(part, flags)
        self.emit(Op.MATCH)
        self.code[begin] = (kind, *told, len(self.code))

    def _repeat(self, op: Any, value: Any, flags: int) -> None:
        least, most, part = value
        if self._bounds is not None:
            least, most = self._bounds(least, most)
        elif len(part) == 1 and part[0][0] in _CHARACTERS:
            greed = _REPEATS.index(op)
            self.emit(Op.RUN, self._alphabet.mask(part[0][0], part[0][1], flags), least, most, greed)
            return
        possessive = self.emit(Op.ATOMIC) if op is sre.POSSESSIVE_REPEAT else None
        for _ in range(least):
            self.sequence(part, flags)
        lazy = op is sre.MIN_REPEAT
        if most == ENDLESS:
            self._loop(part, flags, lazy)
        else:
            splits: list[int] = []
            for _ in range(most - least):
                splits.append(self.emit(Op.SPLIT))
                self.sequence(part, flags)
            for split in splits:
                self._split(split, lazy)
        if possessive is not None:
            self.emit(Op.MATCH)
            self.code[possessive] = (Op.ATOMIC, len(self.code))

    def _loop(self, part: Any, flags: int, lazy: bool) -> None:
        split = self.emit(Op.SPLIT)
        may_be_empty = part.getwidth()[0] == 0
        register = self.registers
        if may_be_empty:
            self.registers += 1
            self.emit(Op.MARK, register)
        self.sequence(part, flags)
        if may_be_empty:
            self.emit(Op.AGAIN, register, split)
        else:
            self.emit(Op.JUMP, split)
        self._split(split, lazy)

    def _split(self, split: int, lazy: bool) -> None:
        inside, outside = split + 1, len(self.code)
        self.code[split] = (Op.SPLIT, outside, inside) if lazy else (Op.SPLIT, inside, outside)


def _anchor(place: Any, flags: int) -> Any:
    if flags & re.MULTILINE:
        return {sre.AT_BEGINNING: sre.AT_BEGINNING_LINE, sre.AT_END: sre.AT_END_LINE}.get(place, place)
    return place
