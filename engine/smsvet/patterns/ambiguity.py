"""Texts that a pattern can match in many ways, derived from the automaton of the pattern.

A backtracking matcher tries every way before it fails. The number of ways grows in three cases:

- exponentially, if a text leads from a state of a loop back to it in two ways;
- with a power of the length, if one text can be read in a loop, on the way to a second loop, and in that second loop;
- with the length, once more for a search, if one text can be read before a match starts and in a loop of the match.

The automaton and its search for such texts are one job, and share all of their state.

Source: Weber and Seidl, On the degree of ambiguity of finite automata, 1991.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import chain, islice
from re import _constants as sre  # pyright: ignore[reportAttributeAccessIssue]
from typing import NamedTuple, TypeVar

from .program import Op, PatternError, Program

BUDGET = 500_000
"""Combinations of states looked at before a pattern is held too intricate."""
WAYS = 3
"""Pumps of each pair of loops."""

START = -1
"""The state before a match begins: it reads anything."""
Node = TypeVar("Node", bound=Hashable)
Word = tuple[int, ...]


class Pump(NamedTuple):
    """A text that makes a matcher work: the way to a loop, the repeated part, and whether it grows exponentially."""

    prefix: Word
    repeated: Word
    exponential: bool


class _Edge(NamedTuple):
    target: int
    before: int
    """The class that the last character read must belong to."""
    ahead: int
    """The class that the next character must belong to."""


class Automaton:
    """The states of a program (its characters), and which of them may follow which."""

    def __init__(self, program: Program) -> None:
        self._code = program.code
        self._alphabet = program.alphabet
        self._every = program.alphabet.every
        self._atomic = [(at, values[0] - 1) for at, (op, *values) in enumerate(self._code) if op is Op.ATOMIC]
        self._atomic_ends = frozenset(end for _, end in self._atomic)
        self._left = BUDGET
        self.edges = lru_cache(maxsize=None)(self._edges)
        self.moves = lru_cache(maxsize=None)(self._moves)
        states = [at for at, (op, *_) in enumerate(self._code) if op is Op.CHAR]
        guards = {edge.before for state in (START, *states) for edge in self.edges(state)} - {self._every}
        kinds: dict[tuple[bool, ...], int] = {}
        for place in range(self._every.bit_length()):
            key = tuple(bool(guard >> place & 1) for guard in sorted(guards))
            kinds[key] = kinds.get(key, 0) | 1 << place
        self._kinds = list(kinds.values())
        """Classes of characters that every guard on the character before treats alike."""
        self._loops = self._components(states)
        self._loop_of = {state: number for number, loop in enumerate(self._loops) for state in loop}

    def pumps(self, anchored: bool = False) -> Iterator[Pump]:
        """Yield what makes a matcher work more than in proportion to a text.

        Raises PatternError where it is too intricate to tell.
        """
        for loop in self._loops:
            yield from self._within(loop)
        for number, loop in enumerate(self._loops):
            if not anchored:
                yield from self._between([START], loop)
            for other in self._loops[:number] + self._loops[number + 1 :]:
                yield from self._between(other, loop)

    def sample(self) -> Word:
        """Return the shortest text that leads through the loops of the pattern, one after the other."""
        taken: list[int] = []
        for loop in self._loops:
            prefix = self._way(START, loop[0])
            taken += prefix if prefix is not None else ()
        return tuple(taken)

    def _edges(  # noqa: C901 - one branch for each instruction
        self, state: int, at_start: bool = False
    ) -> dict[_Edge, int]:
        """Return the ways from a state to the next, each with how often it is there: once, or 2 for more."""
        begin = 0 if state == START else state + 1
        every = self._every
        counts: dict[tuple[int, int, int, frozenset[int]], int] = {}
        waiting = [(begin, every, every, frozenset[int]())]
        found: dict[_Edge, int] = {}
        while waiting:
            item = waiting.pop()
            self._spend()
            counts[item] = counts.get(item, 0) + 1
            if counts[item] > 2:
                continue
            at, before, ahead, marked = item
            op, *values = self._code[at]
            if op is Op.CHAR:
                if values[0] & ahead and before:
                    edge = _Edge(at, before, ahead)
                    found[edge] = min(2, found.get(edge, 0) + 1)
            elif op is Op.SPLIT:
                waiting += [(one, before, ahead, marked) for one in values[:2]]
            elif op is Op.JUMP:
                waiting.append((values[0], before, ahead, marked))
            elif op is Op.MARK:
                waiting.append((at + 1, before, ahead, marked | {values[0]}))
            elif op is Op.AGAIN:
                waiting.append((at + 1, before, ahead, marked))
                if values[0] not in marked:
                    waiting.append((values[1], before, ahead, marked))
            elif op is Op.AT:
                inside = state != START or not at_start
                waiting += [
                    (at + 1, *pair, marked) for pair in self._guards(values[0], before, ahead, inside)
                ]
            elif op is Op.LOOK:
                waiting += [(*way, marked) for way in self._looked(at, values, before, ahead)]
            elif op is Op.ATOMIC:
                waiting.append((at + 1, before, ahead, marked))
            elif op is Op.MATCH:
                # The end of something atomic goes on behind it; that of the pattern, or of what is looked at, ends.
                if at in self._atomic_ends:
                    waiting.append((at + 1, before, ahead, marked))
            else:
                waiting.append((at + 1, before, ahead, marked))
        return found

    def _guards(self, anchor: object, before: int, ahead: int, inside: bool) -> list[tuple[int, int]]:
        """Return the classes that an anchor requires before and after it."""
        word, newline, every = self._alphabet.word, self._alphabet.newline, self._every
        if anchor in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            return [] if inside else [(before, ahead)]
        if anchor is sre.AT_BEGINNING_LINE:
            return [(before & newline, ahead)]
        if anchor is sre.AT_END_STRING:
            return []
        if anchor in (sre.AT_END, sre.AT_END_LINE):
            return [(before, ahead & newline)]
        others = every & ~word
        pairs = (
            [(word, others), (others, word)]
            if anchor is sre.AT_BOUNDARY
            else [(word, word), (others, others)]
        )
        return [(before & left, ahead & right) for left, right in pairs]

    def _looked(self, at: int, values: list[int], before: int, ahead: int) -> list[tuple[int, int, int]]:
        """Return the ways on from a lookaround: past it, and where it is more than one character, into it."""
        wanted, behind, end = values
        op, *inner = self._code[at + 1]
        if op is Op.CHAR and self._code[at + 2][0] is Op.MATCH and end == at + 3:
            mask = inner[0] if wanted else self._every & ~inner[0]
            return [(end, before & mask, ahead) if behind else (end, before, ahead & mask)]
        return [(end, before, ahead)] if behind else [(end, before, ahead), (at + 1, before, ahead)]

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise PatternError("too intricate")

    def _reads(self, edge: _Edge) -> int:
        return int(self._code[edge.target][1] & edge.ahead)

    def _components(self, states: Iterable[int]) -> list[list[int]]:
        """Return the loops: states that lead to each other (Tarjan)."""
        order: dict[int, int] = {}
        low: dict[int, int] = {}
        stack: list[int] = []
        loops: list[list[int]] = []
        for root in states:
            if root in order:
                continue
            work = [(root, iter([edge.target for edge in self.edges(root)]))]
            order[root] = low[root] = len(order)
            stack.append(root)
            while work:
                state, following = work[-1]
                for target in following:
                    if target not in order:
                        order[target] = low[target] = len(order)
                        stack.append(target)
                        work.append((target, iter([edge.target for edge in self.edges(target)])))
                        break
                    if target in stack:
                        low[state] = min(low[state], order[target])
                else:
                    work.pop()
                    if work:
                        low[work[-1][0]] = min(low[work[-1][0]], low[state])
                    if low[state] == order[state]:
                        place = stack.index(state)
                        loop, stack[place:] = stack[place:], []
                        if len(loop) > 1 or any(edge.target == state for edge in self.edges(state)):
                            loops.append(sorted(loop))
        return sorted(loops)

    def _moves(self, state: int, kind: int, within: int | None) -> Sequence[tuple[int, int]]:
        """Return the states after a state, each with its class; `kind` is that of the character read last."""
        last = self._kinds[kind]
        found = [
            (edge.target, self._reads(edge))
            for edge in self.edges(state)
            if edge.before & last and (within is None or self._loop_of.get(edge.target) == within)
        ]
        return [(START, self._every), *found] if state == START else found

    def _within(self, loop: list[int]) -> Iterator[Pump]:
        """Yield texts that lead from a state of a loop back to it in two ways."""
        number = self._loop_of[loop[0]]
        kinds = range(len(self._kinds))

        def following(node: tuple[int, int, int]) -> Iterator[tuple[tuple[int, int, int], int]]:
            one, other, kind = node
            for left, reads in self.moves(one, kind, number):
                for right, also in self.moves(other, kind, number):
                    self._spend()
                    if reads & also and (one != other or left < right):
                        for last, char in self._chars(reads & also):
                            yield (min(left, right), max(left, right), last), char

        twice = [
            (state, (char,), edge.target)
            for state in loop
            for edge, ways in self.edges(state).items()
            if ways > 1 and self._loop_of.get(edge.target) == number
            for _, char in self._chars(self._reads(edge))
        ]
        begins = {(state, state, kind) for state in loop for kind in kinds}
        parted = self._search(begins, lambda node: node[0] == node[1], following)
        found = chain(twice, ((begin[0], word, end[0]) for begin, word, end in parted))
        for state, word, end in islice(found, WAYS):
            prefix, back = self._way(START, state), self._way(end, state, number) if end != state else ()
            if prefix is not None and back is not None:
                yield Pump(prefix, (*word, *back), True)

    def _between(self, first: list[int], second: list[int]) -> Iterator[Pump]:
        """Yield texts that can be read in one loop, on the way to another, and in that other."""
        inside, number = self._loop_of.get(first[0]), self._loop_of[second[0]]
        # What was matched once in an atomic group is not tried otherwise by what follows it.
        if any(begin < first[0] < end and not begin < second[0] < end for begin, end in self._atomic):
            return

        def following(node: tuple[int, int, int, int]) -> Iterator[tuple[tuple[int, int, int, int], int]]:
            one, middle, other, kind = node
            stays = [(START, self._every)] if one == START else self.moves(one, kind, inside)
            for left, reads in stays:
                for right, also in self.moves(other, kind, number):
                    if both := reads & also:
                        for between, third in self.moves(middle, kind, None):
                            self._spend()
                            for last, char in self._chars(both & third):
                                yield (left, between, right, last), char

        begins = {
            (state, state, other, kind)
            for state in first
            for other in second
            for kind in range(len(self._kinds))
        }
        if not any(True for _ in self._search(begins, lambda node: node[1] == node[2], following)):
            return
        found = 0
        for begin in sorted(begins):
            state, _, other, kind = begin
            goal = state, other, other, kind
            _, word, _ = next(self._search({begin}, goal.__eq__, following), (begin, (), begin))
            prefix = () if state == START else self._way(START, state) if word else None
            if word and prefix is not None:
                yield Pump(prefix, word, False)
                found += 1
                if found == WAYS:
                    return

    def _way(self, begin: int, end: int, within: int | None = None) -> Word | None:
        """Return the shortest text that leads from one state to another."""

        def following(state: int) -> Iterator[tuple[int, int]]:
            for edge in self._edges(START, at_start=True) if state == START else self.edges(state):
                if within is None or self._loop_of.get(edge.target) == within:
                    for _, char in self._chars(self._reads(edge)):
                        yield edge.target, char

        return next((word for _, word, _ in self._search({begin}, end.__eq__, following)), None)

    def _search(
        self,
        begins: Set[Node],
        is_goal: Callable[[Node], bool],
        following: Callable[[Node], Iterable[tuple[Node, int]]],
    ) -> Iterator[tuple[Node, Word, Node]]:
        """Yield the goals that can be reached, each with the shortest text that leads there and where that begins."""
        came: dict[Node, tuple[Node, int]] = {}
        waiting = deque(begins)
        while waiting:
            node = waiting.popleft()
            for target, char in following(node):
                self._spend()
                if target in came:
                    continue
                came[target] = node, char
                if not is_goal(target):
                    waiting.append(target)
                    continue
                word, place = [char], node
                while place not in begins:
                    place, before = came[place]
                    word.append(before)
                yield place, tuple(reversed(word)), target

    def _chars(self, mask: int) -> Iterator[tuple[int, int]]:
        """Yield a character of each kind that a mask has, with the kind."""
        for number, kind in enumerate(self._kinds):
            if both := mask & kind:
                yield number, (both & -both).bit_length() - 1
