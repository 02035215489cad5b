"""The same rules in the usual style: everything done to every row, with the obvious tools.

NFKC and lower case per row, jieba over the whole text, a Lark tree for every body, pyahocorasick over
`str`, every rule asked, the answer validated by pydantic. The verdicts must be those of the product.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import ahocorasick
import jieba

from smsvet import Document, Finding, Reviewer, Submission, Verdict
from smsvet.anchors import Scanner
from smsvet.facts import present
from smsvet.matcher import Matcher
from smsvet.model import Lang
from smsvet.review import Placed, decide, name, place
from smsvet.schema import VerdictOut, write_verdict

jieba.setLogLevel(logging.WARNING)


class StrMatcher:
    """pyahocorasick fed with Chinese text as it is."""

    def __init__(self, patterns: Sequence[str]) -> None:
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

    def seen(self, text: str) -> set[int]:
        """Return the patterns that occur in a text."""
        return {index for _, (index, _) in self.automaton.iter(text)}


class WholeText:
    """jieba over the whole text of every row."""

    def __init__(self) -> None:
        self.text = ""
        self.cuts: list[int] = []

    def whole(self, text: str, start: int, end: int) -> bool:
        """Return whether [start, end) lies inside one word or covers whole words."""
        if text != self.text:
            self.cut(text)
        inside = not any(start < cut < end for cut in self.cuts)
        return inside or (start in self.cuts and end in self.cuts)

    def cut(self, text: str) -> None:
        """Segment a text."""
        self.text, self.cuts = text, [0]
        for word in jieba.lcut(text, HMM=False):
            self.cuts.append(self.cuts[-1] + len(word))


class Unmarked(Scanner):
    """Lets every pattern run on every text."""

    def __init__(self) -> None:
        super().__init__({}, {})

    def marks(self, original: str, folded: str) -> int:
        """Return that any pattern may match."""
        return -1


class UsualReviewer(Reviewer):
    """A Reviewer whose parts are the usual ones."""

    def __init__(self) -> None:
        super().__init__()
        self.catalogue = replace(self.catalogue, reader=replace(self.catalogue.reader, scanner=Unmarked()))
        reader = self.catalogue.reader
        self.segmenter = WholeText()
        matcher: Matcher = StrMatcher(reader.lexicon.patterns)
        reader.lexicon._matcher = matcher
        reader.lexicon.segmenter = self.segmenter  # type: ignore[assignment] # pyright: ignore[reportAttributeAccessIssue]
        reader.parser.read = reader.parser.read_plainly  # type: ignore[method-assign]

    def review(self, submission: Submission, lang: Lang = "zh") -> Verdict:
        """Return the verdict, having done to the row all that usual engines do to every row."""
        words = submission.body or submission.text or submission.signature or ""
        self.segmenter.cut(unicodedata.normalize("NFKC", words).lower())
        document = self.read(submission)
        found: set[Finding] = set()
        for rule, cases in self.in_force(document):
            if not any(list(other(document)) for other in rule.unless):
                named = (name(rule, cases, hit, document, lang) for hit in rule.check(document))
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

    def in_force(self, document: Document) -> list[Placed]:
        """Return every rule in force for a submission, whatever its texts hold."""
        profile = self._profile(
            document.submission.provider,
            document.as_of,
            document.submission.region,
            document.kind,
            document.purpose,
            present(document),
        )
        of_terms = {rule.id: (rule, cases) for rules in profile.by_category.values() for rule, cases in rules}
        return [*profile.always, *of_terms.values()]
