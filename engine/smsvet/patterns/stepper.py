"""How many steps a backtracking matcher takes to search a text for a pattern: the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from re import _constants as sre  # pyright: ignore[reportAttributeAccessIssue]
from typing import Any

from .program import Op, Program

CHEAP = 16
"""Characters that a run reads, and starts that are ruled out by their first character, in the time of a step."""


class TooManyStepsError(Exception):
    """More steps than were allowed."""


class Stepper:
    """Searches texts for a program as Python's `re` does, and counts its steps."""

    def __init__(self, program: Program) -> None:
        self._code = program.code
        self._word = program.alphabet.word
        self._newline = program.alphabet.newline
        self._registers = (-1,) * program.registers
        self._first = _first_of(program.code)

    def search(self, text: Sequence[int], limit: int, anchored: bool = False) -> int:
        """Return the steps that finding every match in a text takes, or the one match at its begin.

        The text is given as the mask of each character. Raises TooManyStepsError beyond `limit`. `places` then
        is the number of characters that were looked at, including those that cost next to nothing.
        """
        self._steps = self._cheap = 0
        self.spans: list[tuple[int, int]] = []
        """Where the matches of the last search begin and end."""
        self._limit = limit
        self._text = text
        start, refused = 0, -1
        while start <= len(text):
            if self._first and (start == len(text) or not text[start] & self._first):
                self._cheap += 1
                start += 1
                continue
            end = self._match(0, start, self._registers, refused)
            if end is not None:
                self.spans.append((start, end))
            if anchored:
                break
            # Behind an empty match `re` looks for one at the same place that is not.
            refused = start if end == start else -1
            start = start + 1 if end is None else end
        return self._steps + self._cheap // CHEAP

    @property
    def places(self) -> int:
        """Return the steps of the last search, with all characters that runs read at full price."""
        return self._steps + self._cheap

    def _match(  # noqa: C901 - one branch for each instruction
        self, begin: int, start: int, registers: tuple[int, ...], refused: int = -1
    ) -> int | None:
        """Return where the preferred match from an instruction on ends, if not at `refused`; None without one."""
        code, text, length = self._code, self._text, len(self._text)
        # Each entry is a way not tried yet: instruction, place, registers, last place to try, direction.
        waiting: list[tuple[int, int, tuple[int, ...], int, int]] = [(begin, start, registers, start, 0)]
        while waiting:
            at, place, registers, last, turn = waiting.pop()
            if turn:
                place = self._next_of_run(at, place, last, turn)
                if place < 0:
                    continue
                if place != last:
                    waiting.append((at, place + turn, registers, last, turn))
            while True:
                self._steps += 1
                if self._steps + self._cheap // CHEAP > self._limit:
                    raise TooManyStepsError
                op, *values = code[at]
                if op is Op.CHAR:
                    if place == length or not text[place] & values[0]:
                        break
                    place += 1
                elif op is Op.RUN:
                    mask, least, most, greed = values
                    end, bound = place, min(length, place + most)
                    while end < bound and text[end] & mask:
                        end += 1
                    self._cheap += end - place
                    if end < place + least:
                        break
                    if greed == 2:
                        place = end
                    else:
                        near, far = place + least, end
                        entry = (far, near, -1) if greed == 0 else (near, far, 1)
                        waiting.append((at + 1, entry[0], registers, entry[1], entry[2]))
                        break
                elif op is Op.SPLIT:
                    waiting.append((values[1], place, registers, place, 0))
                    at = values[0]
                    continue
                elif op is Op.JUMP:
                    at = values[0]
                    continue
                elif op is Op.AT:
                    if not self._is_at(values[0], place):
                        break
                elif op is Op.LOOK:
                    wanted, behind, end_of_it = values
                    found = None if behind > place else self._match(at + 1, place - behind, registers)
                    if (found is not None) is not wanted:
                        break
                    at = end_of_it
                    continue
                elif op is Op.ATOMIC:
                    found = self._match(at + 1, place, registers)
                    if found is None:
                        break
                    place, at = found, values[0]
                    continue
                elif op in (Op.MARK, Op.SAVE):
                    registers = (*registers[: values[0]], place, *registers[values[0] + 1 :])
                elif op is Op.AGAIN:
                    if registers[values[0]] != place:
                        at = values[1]
                        continue
                elif op is Op.SAME:
                    left, right = registers[2 * values[0] - 2], registers[2 * values[0] - 1]
                    size = right - left
                    self._cheap += max(size, 0)
                    if min(left, right) < 0 or text[left:right] != text[place : place + size]:
                        break
                    place += size
                elif place == refused:
                    break
                else:
                    return place
                at += 1
        return None

    def _next_of_run(self, at: int, place: int, last: int, turn: int) -> int:
        """Return the next end of a run behind which the pattern may go on; -1 without one.

        `re` skips those ends cheaply where one certain character has to follow.
        """
        op, *values = self._code[at]
        if op is not Op.CHAR or values[0].bit_count() != 1:
            return place
        text, length, mask = self._text, len(self._text), values[0]
        while place == length or not text[place] & mask:
            self._cheap += 1
            if place == last:
                return -1
            place += turn
        return place

    def _is_at(self, anchor: Any, place: int) -> bool:
        text, length = self._text, len(self._text)
        if anchor in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            return place == 0
        if anchor is sre.AT_BEGINNING_LINE:
            return place == 0 or bool(text[place - 1] & self._newline)
        if anchor is sre.AT_END_STRING:
            return place == length
        if anchor is sre.AT_END:
            return place == length or (place == length - 1 and bool(text[place] & self._newline))
        if anchor is sre.AT_END_LINE:
            return place == length or bool(text[place] & self._newline)
        before = place > 0 and bool(text[place - 1] & self._word)
        after = place < length and bool(text[place] & self._word)
        return (before != after) is (anchor is sre.AT_BOUNDARY)


def _first_of(code: Sequence[tuple[Any, ...]]) -> int:
    """Return the characters that a match begins with, as a mask, where `re` looks for those first; else 0."""
    first, waiting = 0, [0]
    while waiting:
        op, *values = code[at := waiting.pop()]
        if op is Op.CHAR:
            first |= values[0]
        elif op is Op.SPLIT and at < min(values):
            waiting += values
        elif op is Op.SAVE:
            waiting.append(at + 1)
        else:
            return 0
    return first
