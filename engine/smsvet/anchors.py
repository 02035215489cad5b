"""What a text must hold before a pattern can match it: literals and characters, read off the pattern."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache, reduce
from itertools import product
from math import prod
from operator import or_
from re import _constants as sre  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import Any, NamedTuple

from .artefact import Artefact
from .document import HOLE
from .facts import FIRST_PATTERN

Group = frozenset[str]
"""Literals of which a text must hold one."""

Branch = tuple[Group, ...]
"""Groups of which a text must satisfy all."""

Range = tuple[int, int]
"""The first and the last of a run of code points."""

UNKNOWN = -1
"""The marks of a text that was not scanned: any pattern may match."""

_EXACT = 64
"""Strings that a part of a pattern may stand for before it is taken for anything."""
_BRANCHES = 256
"""Alternatives into which a pattern is taken apart."""
_ZERO_WIDTH = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
_EVERY = ((0, sys.maxunicode),)


def branches(pattern: str) -> tuple[Branch, ...] | None:
    """Return the literals without which a pattern cannot match: one of the branches must be complete.

    None where nothing can be said, so that the pattern has to be tried on every text.
    """
    parsed: Any = parser.parse(pattern)
    if parsed.state.flags & re.IGNORECASE or _folds_case(parsed):
        return None
    found = tuple(_least(_groups(sequence)) for sequence in _apart([list(parsed)]))
    return found if all(found) else None


def certain(pattern: str) -> frozenset[str]:
    """Return literals each of which, wherever it stands in a text, is a match of the pattern."""
    parsed: Any = parser.parse(pattern)
    if parsed.state.flags & re.IGNORECASE or _folds_case(parsed):
        return frozenset()
    found: set[str] = set()
    for sequence in _apart([list(parsed)]):
        if not _looks_round(sequence):
            found |= _strings(sequence) or set()
    return frozenset(found - {""})


def listed(pattern: str) -> list[list[list[str]]] | None:
    """Return the branches of a pattern as lists, the rarest group of each first."""
    known = branches(pattern)
    return (
        None
        if known is None
        else [[sorted(group) for group in sorted(branch, key=_frequency)] for branch in known]
    )


def characters(pattern: str) -> tuple[Range, ...]:
    """Return code points of which a text must hold one before a pattern can match it, as ranges."""
    parsed: Any = parser.parse(pattern)
    if parsed.state.flags & re.IGNORECASE or _folds_case(parsed):
        return _EVERY
    return tuple(
        {
            piece
            for sequence in _apart([list(parsed)])
            for piece in min(_needed(sequence), key=_share, default=_EVERY)
        }
    )


class Anchors:
    """The patterns of all rules, each with a bit of its own. Filled while rules are compiled."""

    def __init__(self) -> None:
        self._bits: dict[tuple[str, bool], int] = {}

    def bit(self, pattern: str, original: bool = False) -> int:
        """Return the bit of a pattern that reads the folded text, or the submitted one.

        The next higher bit says that the pattern does match, see `surely`.
        """
        return self._bits.setdefault((pattern, original), FIRST_PATTERN << 2 * len(self._bits))

    def scanner(self, numbers: dict[str, int], artefact: Artefact | None = None) -> Scanner:
        """Return what marks the patterns that may match a text; their literals are added to `numbers`."""
        folded = {pattern: bit for (pattern, original), bit in self._bits.items() if not original}
        submitted = {pattern: bit for (pattern, original), bit in self._bits.items() if original}
        return Scanner(folded, submitted, numbers, artefact)


class _Key(NamedTuple):
    """A branch to look at when a literal of its rarest group was found: the other groups, as numbers."""

    bit: int
    others: tuple[frozenset[int], ...]


class Scanner:
    """Marks the patterns that may match a text, by the literals that occur in it. Immutable."""

    def __init__(
        self,
        folded: Mapping[str, int],
        submitted: Mapping[str, int],
        numbers: dict[str, int],
        artefact: Artefact | None = None,
    ) -> None:
        """Take the patterns that read the folded and the submitted text, and number their literals."""
        artefact = artefact or Artefact()
        literals = artefact.kept("literals", lambda: {pattern: listed(pattern) for pattern in folded})
        sure = artefact.kept("sure", lambda: {pattern: sorted(certain(pattern)) for pattern in folded})
        signs = artefact.kept("signs", lambda: {pattern: characters(pattern) for pattern in submitted})
        alone: dict[int, int] = {}
        keys: dict[int, list[_Key]] = {}
        always = 0
        for pattern, bit in folded.items():
            for word in sure[pattern]:
                number = numbers.setdefault(word, len(numbers))
                alone[number] = alone.get(number, 0) | surely(bit)
            known = literals[pattern]
            if known is None:
                always |= bit
                continue
            for branch in known:
                first, *rest = branch
                others = tuple(
                    frozenset(numbers.setdefault(word, len(numbers)) for word in group) for group in rest
                )
                for word in first:
                    number = numbers.setdefault(word, len(numbers))
                    if others:
                        keys.setdefault(number, []).append(_Key(bit, others))
                    else:
                        alone[number] = alone.get(number, 0) | bit
        self._always = always
        self._may = reduce(or_, (*folded.values(), *submitted.values()), 0)
        self._alone = alone
        self._keys = {number: tuple(found) for number, found in keys.items()}
        needed = {bit: tuple(map(_range, signs[pattern])) for pattern, bit in submitted.items()}
        anything = [bit for bit, ranges in needed.items() if ranges == _EVERY or not ranges]
        self._always |= reduce(or_, anything, 0)
        self._needed = {bit: ranges for bit, ranges in needed.items() if bit not in anything}
        every = {piece for ranges in self._needed.values() for piece in ranges}
        inside = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in sorted(every))
        self._signs = re.compile(f"[{inside}]" if inside else "(?!)")
        self._of_sign = cache(self._bits_of)

    def marks(self, original: str, seen: Set[int], sure: bool = True) -> int:
        """Return the bits of the patterns that may match a text in which these literals were seen.

        With `sure` also those of patterns that do match.
        """
        marks = self._always
        alone, keys = self._alone, self._keys
        for number in seen & alone.keys():
            marks |= alone[number]
        for number in seen & keys.keys():
            for bit, others in keys[number]:
                if marks & bit:
                    continue
                for group in others:
                    if group.isdisjoint(seen):
                        break
                else:
                    marks |= bit
        if self._signs.search(original) is not None:
            for sign in set(self._signs.findall(original)):
                marks |= self._of_sign(sign)
        return marks if sure else marks & self._may

    def _bits_of(self, sign: str) -> int:
        point = ord(sign)
        return sum(
            bit
            for bit, ranges in self._needed.items()
            if any(first <= point <= last for first, last in ranges)
        )


def surely(bit: int) -> int:
    """Return the bit that says that a pattern does match, given the one that says that it may."""
    return bit << 1


def _looks_round(sequence: Iterable[Any]) -> bool:
    """Return whether a part of a pattern depends on what stands round it."""
    for op, value in sequence:
        if op in _ZERO_WIDTH or (op is sre.SUBPATTERN and _looks_round(value[3])):
            return True
        if op is sre.BRANCH and any(map(_looks_round, value[1])):
            return True
        if op in _REPEATS and _looks_round(value[2]):
            return True
    return False


def _folds_case(parsed: Iterable[Any]) -> bool:
    """Return whether a part of a pattern ignores case: `(?i:...)`."""
    for op, value in parsed:
        if op is sre.SUBPATTERN and (value[1] & re.IGNORECASE or _folds_case(value[3])):
            return True
        if op is sre.BRANCH and any(_folds_case(part) for part in value[1]):
            return True
        if op in _REPEATS and _folds_case(value[2]):
            return True
    return False


def _apart(waiting: list[list[Any]]) -> list[list[Any]]:
    """Return the sequences that a pattern is the alternative of, groups opened.

    Beyond _BRANCHES of them the alternatives that are left stay inside their sequence.
    """
    done: list[list[Any]] = []
    while waiting:
        sequence = waiting.pop()
        opened: list[list[Any]] | None = None
        for at, (op, value) in enumerate(sequence):
            if op is sre.SUBPATTERN:
                opened = [[*sequence[:at], *value[3], *sequence[at + 1 :]]]
            elif (
                op is sre.BRANCH
                and (_strings([(op, value)]) is None or _looks_round([(op, value)]))
                and len(done) + len(waiting) + len(value[1]) <= _BRANCHES
            ):
                opened = [[*sequence[:at], *part, *sequence[at + 1 :]] for part in value[1]]
            if opened is not None:
                break
        if opened is None:
            done.append(sequence)
        else:
            waiting += opened
    return done


def _strings(sequence: Sequence[Any]) -> frozenset[str] | None:
    """Return the strings that a sequence matches and no others; None where they are too many."""
    found = frozenset({""})
    for op, value in sequence:
        if op in _ZERO_WIDTH:
            continue
        part: frozenset[str] | None = None
        if op is sre.LITERAL:
            part = frozenset({chr(value)})
        elif op is sre.IN:
            ranges = _ranges(value)
            if ranges is not None and sum(last - first + 1 for first, last in ranges) <= _EXACT:
                part = frozenset(chr(point) for first, last in ranges for point in range(first, last + 1))
        elif op is sre.SUBPATTERN:
            part = _strings(value[3])
        elif op is sre.BRANCH:
            options = [_strings(option) for option in value[1]]
            if all(option is not None for option in options):
                part = frozenset().union(*(option for option in options if option is not None))
        elif op in _REPEATS and value[1] == 1:
            part = _strings(value[2])
            part = part | {""} if part is not None and value[0] == 0 else part
        if part is None or len(found) * len(part) > _EXACT:
            return None
        found = frozenset(map("".join, product(found, part)))
    return found


def _groups(sequence: Sequence[Any]) -> Branch:
    """Return the literals that must stand in whatever a sequence matches, neighbours joined."""
    groups: list[Group] = []
    run: frozenset[str] = frozenset({""})

    def close(following: frozenset[str]) -> frozenset[str]:
        if "" not in run:
            groups.append(run)
        return following

    nothing = frozenset({""})
    for op, value in sequence:
        if op in _ZERO_WIDTH:
            continue
        part = _strings([(op, value)])
        if part is not None:
            if len(run) * len(part) > _EXACT:
                run = close(nothing)
            run = frozenset(map("".join, product(run, part)))
        elif op in _REPEATS and value[0] > 0 and (once := _strings(value[2])) is not None:
            # The first time follows what was before, the last time is before what follows.
            if len(run) * len(once) <= _EXACT:
                run = frozenset(map("".join, product(run, once)))
            run = close(once)
        else:
            run = close(nothing)
            groups += _inside(op, value)
    close(nothing)
    return tuple(dict.fromkeys(groups))


def _least(groups: Branch) -> Branch:
    """Return the groups without those that hold another: whoever satisfies that one satisfies them."""
    return tuple(group for group in groups if not any(other < group for other in groups))


def _inside(op: object, value: Any) -> Branch:
    """Return the literals that must stand in what a part of a pattern matches."""
    if op in _REPEATS and value[0] > 0:
        return _groups(value[2])
    if op is sre.SUBPATTERN:
        return _groups(value[3])
    if op is sre.BRANCH:
        options = [_groups(option) for option in value[1]]
        if all(options):
            return (frozenset().union(*(min(option, key=_frequency) for option in options)),)
    return ()


def _range(piece: Sequence[int]) -> Range:
    first, last = piece
    return first, last


def _ranges(members: Sequence[Any]) -> list[Range] | None:
    """Return the code points of a character class; None for one of categories or of what it is not."""
    ranges: list[Range] = []
    for op, value in members:
        if op is sre.LITERAL:
            ranges.append((value, value))
        elif op is sre.RANGE:
            ranges.append(value)
        elif op is sre.CATEGORY and value is sre.CATEGORY_SPACE:
            ranges += _blanks()
        else:
            return None
    return ranges


@cache
def _blanks() -> tuple[Range, ...]:
    return tuple((point, point) for point in range(sys.maxunicode + 1) if chr(point).isspace())


def _needed(sequence: Sequence[Any]) -> list[list[Range]]:
    """Return the character classes of which a sequence takes a character each."""
    found: list[list[Range]] = []
    for op, value in sequence:
        if op is sre.LITERAL:
            found.append([(value, value)])
        elif op is sre.IN:
            ranges = _ranges(value)
            found += [ranges] if ranges else []
        elif op in _REPEATS and value[0] > 0:
            found += _needed(value[2])
        elif op is sre.SUBPATTERN:
            found += _needed(value[3])
        elif op is sre.BRANCH:
            options = [min(_needed(option), key=_share, default=None) for option in value[1]]
            if None not in options:
                found.append([piece for option in options for piece in option or ()])
    return found


def _frequency(group: Group) -> float:
    """Return about how often a literal of a group begins at a place of a text."""
    return sum(prod(map(_usual, word)) for word in group)


def _usual(char: str) -> float:
    if char == HOLE:
        return 0.1
    if char.isascii():
        return 0.03 if char.isdigit() or char in " ,." else 0.005
    return 0.003


def _share(ranges: Sequence[Range]) -> float:
    """Return about how often a character of a class stands at a place of a text."""
    return sum(
        _usual(chr(first)) * min(last - first + 1, 100) * (20 if chr(first) in "(（ " else 1)
        for first, last in ranges
    )
