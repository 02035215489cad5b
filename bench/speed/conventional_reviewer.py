"""A conventional engine with the same rules and verdicts, which does every step for every row with common libraries.

For each row it applies NFKC and lower case, segments the whole text with jieba, and builds a Lark tree of the body.
It scans the `str` with pyahocorasick, runs every rule, and validates the verdict with pydantic.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

import ahocorasick
import jieba
import numpy as np
from lark import Lark, Token

from smsvet import Finding, Reviewer, Submission, Verdict
from smsvet.files.location import CONTENT
from smsvet.findings import place
from smsvet.model import Kind, Lang, Purpose, Region
from smsvet.reviewer import decide
from smsvet.rules.finding import FindingWriter
from smsvet.rules.in_force import RuleWithCases, milder
from smsvet.rules.prefilter import Prefilter
from smsvet.rules.rule import Case
from smsvet.schema import VerdictOut, write_verdict
from smsvet.templates.shape import Piece
from smsvet.text.automaton import Automaton, Columns, Scan

jieba.setLogLevel(logging.WARNING)


class StrMatcher:
    """A matcher that runs pyahocorasick on `str`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.automaton = ahocorasick.Automaton()
        for index, pattern in enumerate(patterns):
            self.automaton.add_word(pattern, (index, len(pattern)))
        self.automaton.make_automaton()

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return every match as (pattern, start, end)."""
        return sorted(
            ((index, end + 1 - length, end + 1) for end, (index, length) in self.automaton.iter(text)),
            key=lambda match: (match[1], match[2], match[0]),
        )

    def each(self, text: str) -> list[tuple[int, int, int]]:
        """Return every match as (start, end, pattern), sorted by end."""
        return [(end + 1 - length, end + 1, index) for end, (index, length) in self.automaton.iter(text)]

    def scan(self, text: str) -> Scan:
        """Return the patterns that occur in a text, with their positions."""
        found = self.find(text)
        return Scan(
            {match[0] for match in found},
            lambda wanted: [match for match in found if match[0] in wanted],
        )

    def warm(self) -> None:
        """Do nothing: the automaton is built on construction."""

    def columns(self, text: str) -> Columns:
        """Return all matches as columns."""
        found = np.array(self.find(text), np.int64).reshape(-1, 3)
        return Columns(found[:, 0], found[:, 1])


class TreeGrammar:
    """A grammar that builds a Lark tree for every body."""

    def __init__(self) -> None:
        grammar = (CONTENT / "grammars" / "body.lark").read_text(encoding="utf-8")
        self.lark = Lark(grammar, parser="lalr", lexer="contextual", start=["body", "bracketed"])

    def pieces(self, body: str, bracketed: bool = False) -> list[Piece]:
        """Return the pieces of a body in order; with `bracketed`, [name] is a placeholder."""
        found: list[Piece] = []
        at = 0
        for token in self.lark.parse(body, start="bracketed" if bracketed else "body").children:
            if isinstance(token, Token):
                found.append(Piece(token.type, at, at + len(token), str(token)))
                at += len(token)
        return found


class WholeText:
    """A segmenter that runs jieba on the whole text of every row."""

    def __init__(self) -> None:
        self.text = ""
        self.cuts: list[int] = []

    def whole(self, text: str, start: int, end: int) -> bool:
        """Return whether [start, end) is part of one word or covers whole words."""
        if text != self.text:
            self.cut(text)
        inside = not any(start < cut < end for cut in self.cuts)
        return inside or (start in self.cuts and end in self.cuts)

    def cut(self, text: str) -> None:
        """Segment a text."""
        self.text, self.cuts = text, [0]
        for word in jieba.lcut(text, HMM=False):
            self.cuts.append(self.cuts[-1] + len(word))


class NoPrefilter(Prefilter):
    """A prefilter that lets every pattern run on every text."""

    def __init__(self) -> None:
        super().__init__({}, {}, {})

    def pattern_bits(self, *_: object, **__: object) -> int:
        """Return all bits, since any pattern may match."""
        return -1


class ConventionalReviewer(Reviewer):
    """A Reviewer without the engine's optimizations."""

    def __init__(self) -> None:
        super().__init__()
        reader = self.catalogue.reader
        self.segmenter = WholeText()
        matcher: Automaton = StrMatcher(reader.lexicon.numbers)
        # Reviewer has no option for the segmenter or the parser, because the engine has only one of each.
        reader.lexicon.segmenter = self.segmenter  # type: ignore[assignment] # pyright: ignore[reportAttributeAccessIssue]
        reader.parser.read = reader.parser.read_plainly  # type: ignore[method-assign]
        reader.parser.grammar.pieces = TreeGrammar().pieces  # type: ignore[method-assign]
        self.catalogue = replace(
            self.catalogue, reader=replace(reader, prefilter=NoPrefilter(), matcher=matcher)
        )
        self.planned = lru_cache(maxsize=None)(self.plan)

    def review(self, submission: Submission, lang: Lang = "zh") -> Verdict:
        """Return the verdict after every step, needed or not."""
        words = submission.body or submission.text or submission.signature or ""
        words = unicodedata.normalize("NFKC", words).lower()
        self.segmenter.text = ""
        document = self.read(submission)
        if not self.segmenter.text:  # no rule needed a segmentation, but this engine always makes one
            self.segmenter.cut(words)
        found: set[Finding] = set()
        for rule, cases in self.planned(
            submission.provider, document.as_of, submission.region, document.kind, document.purpose
        ):
            if rule.trigger.needs & document.facts != rule.trigger.needs:
                continue
            if not any(list(other(document)) for other in rule.unless):
                writer = FindingWriter(rule, cases, document, lang)
                named = map(writer.finding, rule.check(document))
                found.update(finding for finding in named if finding)
        findings = tuple(sorted(found, key=place))
        verdict = Verdict(
            submission.id,
            document.kind,
            decide(findings, ()),
            submission.provider,
            document.as_of,
            findings,
            (),
            self.revision,
        )
        VerdictOut.model_validate(write_verdict(verdict))
        return verdict

    def plan(
        self, provider_id: str, as_of: date, region: Region, kind: Kind, purpose: Purpose
    ) -> tuple[RuleWithCases, ...]:
        """Return every rule in force with its applicable cases, regardless of the text."""
        provider = self.providers[provider_id]
        found: list[RuleWithCases] = []
        for rule in self.rules:
            file = rule.file
            decision = rule.switched or provider.decisions.get(rule.id)
            if decision == "off" or not file.covers(provider, as_of, region):
                continue
            if file.is_for(kind, purpose):
                cases = tuple(case for case in file.decisions if case.covers(provider, as_of, region))
                if decision:
                    cases = (Case(decision=decision, possible=milder(decision, file.possible)),)
                found.append((rule, cases))
        return tuple(found)
