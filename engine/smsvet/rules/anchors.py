"""Derive from a pattern the literals and characters that every matching text contains."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product
from math import prod
from re import _constants as sre  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import Any

from ..text.text import HOLE

Group = frozenset[str]
"""Literals, at least one of which must occur in the text."""

Branch = tuple[Group, ...]
"""Groups, all of which must be satisfied."""

Range = tuple[int, int]
"""First and last code point of a range, both inclusive."""

_EXACT = 64
"""Maximum number of strings that part of a pattern may expand to. Beyond it, the part counts as any text."""
_BRANCHES = 256
"""Maximum number of alternatives that a pattern is expanded into."""
_COMMON = frozenset("的一在有不是了到为上中下内外时日月年号点分请您已将人信用体登注客服查看手机")
"""Chinese characters that many messages contain."""
_ZERO_WIDTH = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
EVERY = ((0, sys.maxunicode),)
"""The range that contains every code point."""


def _branches(sequences: list[list[Any]] | None) -> tuple[Branch, ...] | None:
    """Return the literals required for a match, as branches; a text must satisfy at least one branch.

    None if nothing can be derived; then the pattern runs on every text.
    """
    if sequences is None:
        return None
    found = tuple(_minimal(_groups(sequence)) for sequence in sequences)
    return found if all(found) else None


def _certain(sequences: list[list[Any]] | None) -> frozenset[str]:
    """Return literals that are a match of the pattern wherever they occur."""
    found: set[str] = set()
    for sequence in sequences or ():
        if not _has_assertion(sequence):
            found |= _strings(sequence) or set()
    return frozenset(found - {""})


def literals_of(pattern: str) -> tuple[list[list[list[str]]] | None, list[str]]:
    """Return the required branches as lists, rarest group first, and the literals that always match."""
    sequences = _sequences(pattern)
    known = _branches(sequences)
    return (
        None
        if known is None
        else [[sorted(group) for group in sorted(branch, key=_frequency)] for branch in known]
    ), sorted(_certain(sequences))


def _sequences(pattern: str) -> list[list[Any]] | None:
    """Return the alternatives of a pattern as sequences; None if it ignores case."""
    parsed: Any = parser.parse(pattern)
    if parsed.state.flags & re.IGNORECASE or _folds_case(parsed):
        return None
    return _expanded([list(parsed)])


def required_characters(pattern: str) -> tuple[Range, ...]:
    """Return ranges of code points, at least one of which must occur in a matching text."""
    parsed: Any = parser.parse(pattern)
    if parsed.state.flags & re.IGNORECASE or _folds_case(parsed):
        return EVERY
    return tuple(
        {
            piece
            for sequence in _expanded([list(parsed)])
            for piece in min(_required_classes(sequence), key=_share, default=EVERY)
        }
    )


def _has_assertion(sequence: Iterable[Any]) -> bool:
    """Return whether part of a pattern has a zero-width assertion."""
    for op, value in sequence:
        if op in _ZERO_WIDTH or (op is sre.SUBPATTERN and _has_assertion(value[3])):
            return True
        if op is sre.BRANCH and any(map(_has_assertion, value[1])):
            return True
        if op in _REPEATS and _has_assertion(value[2]):
            return True
    return False


def _folds_case(parsed: Iterable[Any]) -> bool:
    """Return whether part of a pattern ignores case: `(?i:...)`."""
    for op, value in parsed:
        if op is sre.SUBPATTERN and (value[1] & re.IGNORECASE or _folds_case(value[3])):
            return True
        if op is sre.BRANCH and any(_folds_case(part) for part in value[1]):
            return True
        if op in _REPEATS and _folds_case(value[2]):
            return True
    return False


def _expanded(waiting: list[list[Any]]) -> list[list[Any]]:
    """Return the alternatives of a pattern as sequences, with groups expanded.

    Beyond _BRANCHES alternatives, the remaining ones stay inside their sequence.
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
                and (_strings([(op, value)]) is None or _has_assertion([(op, value)]))
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
    """Return all strings that a sequence matches; None if there are too many."""
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
    """Return the literals that every match of a sequence contains, neighbouring ones joined."""
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
            # The first repetition joins the preceding literal, the last one the following literal.
            if len(run) * len(once) <= _EXACT:
                run = frozenset(map("".join, product(run, once)))
            run = close(once)
        else:
            run = close(nothing)
            groups += _inside(op, value)
    close(nothing)
    return tuple(dict.fromkeys(groups))


def _minimal(groups: Branch) -> Branch:
    """Return the groups without those that are implied by a more specific one."""
    return tuple(group for group in groups if not any(other < group for other in groups))


def _inside(op: object, value: Any) -> Branch:
    """Return the literals that every match of part of a pattern contains."""
    if op in _REPEATS and value[0] > 0:
        return _groups(value[2])
    if op is sre.SUBPATTERN:
        return _groups(value[3])
    if op is sre.BRANCH:
        options = [_groups(option) for option in value[1]]
        if all(options):
            return (frozenset().union(*(min(option, key=_frequency) for option in options)),)
    return ()


def as_range(piece: Sequence[int]) -> Range:
    first, last = piece
    return first, last


def _ranges(members: Sequence[Any]) -> list[Range] | None:
    """Return the code points of a character class; None for negations and categories except white space."""
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


def _required_classes(sequence: Sequence[Any]) -> list[list[Range]]:
    """Return the character classes that every match of a sequence has a character of."""
    found: list[list[Range]] = []
    for op, value in sequence:
        if op is sre.LITERAL:
            found.append([(value, value)])
        elif op is sre.IN:
            ranges = _ranges(value)
            found += [ranges] if ranges else []
        elif op in _REPEATS and value[0] > 0:
            found += _required_classes(value[2])
        elif op is sre.SUBPATTERN:
            found += _required_classes(value[3])
        elif op is sre.BRANCH:
            options = [min(_required_classes(option), key=_share, default=None) for option in value[1]]
            if None not in options:
                found.append([piece for option in options for piece in option or ()])
    return found


def _frequency(group: Group) -> float:
    """Return an estimate of how often a literal of a group starts at a given position."""
    return sum(prod(map(_usual, word)) for word in group)


def _usual(char: str) -> float:
    if char == HOLE:
        return 0.1
    if char.isascii():
        return 0.03 if char.isdigit() or char in " ,." else 0.005
    return 0.03 if char in _COMMON else 0.003


def _share(ranges: Sequence[Range]) -> float:
    """Return an estimate of how often a character of a class occurs at a given position."""
    return sum(
        _usual(chr(first)) * min(last - first + 1, 100) * (20 if chr(first) in "(（ " else 1)
        for first, last in ranges
    )
