"""The Reviewer: rules, grammars and words compiled once; submissions in, verdicts out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from .catalogue import Catalogue, load_catalogue
from .document import Document
from .evasion.disguise import OFF
from .extras import check_installed, is_installed
from .files.location import CONTENT
from .model import Decision, Fault, Finding, Hit, Lang, Said, Verdict
from .rules.facts import BITS, NEEDED
from .rules.in_force import Placed, RulesInForce, milder, rules_in_force
from .rules.rule import Asked, Case, Rule, fill, to_decision
from .sms.provider import Provider
from .submission import Submission, SubmissionError

if TYPE_CHECKING:
    import pyarrow as pa

    from .batch.batch import Batch

_ADVICE = {
    "zh": ("未提供 {fact}，未能核对“{title}”", "提交时附上 {fact}，即可核对"),
    "en": ("{fact} was not supplied, so “{title}” was not checked", "Supply {fact} to have it checked"),
}


_TERMS = BITS["terms"]
_TABLE_REVIEW = Said("审核表格", "Reviewing a table")


class Reviewer:
    """Reviews submissions. Immutable, shared between threads; every process builds its own.

    `rules` are folders of further rules, `policy` an operator's own YAML, `content` the folder with
    `rules/`, `grammars/` and `corpora/`, `backend` the matcher (the fastest installed, if not given),
    `off` the disguises that are not looked through (names of `smsvet.evasion.detector.TRANSFORMS`), `cache` a
    folder of one's own where what was worked out from the content is kept for the next start.
    Raises ContentError where a file is wrong: each line names file, line and key.
    """

    def __init__(
        self,
        rules: Sequence[Path | str] = (),
        policy: Path | str | None = None,
        content: Path = CONTENT,
        backend: str | None = None,
        off: Collection[str] = OFF,
        cache: Path | None = None,
    ) -> None:
        self.catalogue: Catalogue = load_catalogue(
            content,
            tuple(map(Path, rules)),
            Path(policy) if policy is not None else None,
            backend,
            off,
            cache,
        )
        self.rules_for = lru_cache(maxsize=4096)(
            partial(rules_in_force, self.catalogue.rules, self.catalogue.providers)
        )

    @cached_property
    def batch(self) -> Batch:
        """Return the review of many submissions at once. Needs numpy."""
        from .batch.batch import Batch  # noqa: PLC0415 - numpy is slow to import

        return Batch(self.catalogue, self.rules_for, self.review)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return every rule, by id."""
        return self.catalogue.rules

    @property
    def providers(self) -> Mapping[str, Provider]:
        """Return every provider, by id."""
        return self.catalogue.providers

    @property
    def revision(self) -> str:
        """Return the digest of all content that takes part in a verdict."""
        return self.catalogue.revision

    def warm(self) -> None:
        """Make now what is otherwise made while the first many texts are reviewed: for a process that lasts."""
        reader = self.catalogue.reader
        reader.matcher.warm()
        reader.lexicon.segmenter.warm()
        if reader.lexicon.disguises is not None:
            reader.lexicon.disguises.warm()

    def review(self, submission: Submission, lang: Lang = "zh") -> Verdict:
        """Return the verdict on one submission, its messages in `lang`.

        Raises SubmissionError for a provider that is not known.
        """
        return self.judge(self.read(submission), lang)

    def judge(self, document: Document, lang: Lang = "zh") -> Verdict:
        """Return the verdict on a submission that was read."""
        submission = document.submission
        profile = self.rules_for(
            submission.provider,
            document.as_of,
            submission.region,
            document.kind,
            document.purpose,
            document.facts & NEEDED,
        )
        findings: dict[Finding, None] = {}
        faults: list[Fault] = []
        for rule, cases in self.candidates(profile, document):
            try:
                # Most rules have none, and asking them costs as much as a rule.
                if rule.unless and any(True for other in rule.unless for _ in other(document)):
                    continue
                for hit in rule.check(document):
                    finding = name(rule, cases, hit, document, lang)
                    if finding:
                        findings[finding] = None
            except Exception as error:  # noqa: BLE001 - a rule of any author may fail: a fault, never an approval
                faults.append(Fault(rule.id, f"{type(error).__name__}: {error}"))
        ordered = tuple(sorted(findings, key=place)) if findings else ()
        return Verdict(
            submission.id,
            document.kind,
            decide(ordered, faults),
            submission.provider,
            document.as_of,
            ordered,
            tuple(faults),
            self.revision,
        )

    def review_many(self, submissions: Iterable[Submission], lang: Lang = "zh") -> Iterator[Verdict]:
        """Return the verdicts on many submissions, in order: those `review` gives, but faster.

        Reads ahead by at most AHEAD submissions. Without numpy (extra `tables`) it reviews them one by one.
        Raises SubmissionError, at its turn, for a provider that is not known.
        """
        if not is_installed("numpy"):
            return (self.review(submission, lang) for submission in submissions)
        return self.batch.verdicts(submissions, lang)

    def review_table(self, table: pa.Table, lang: Lang = "zh") -> pa.Table:
        """Return a table of verdicts for a table of submissions, row for row.

        Columns are named as in the public contract; a row that is no submission gets an `error` and no
        decision. Raises SubmissionError for a column that no submission has, and MissingExtraError without the
        extra `tables`.
        """
        check_installed(("pyarrow", "numpy"), "tables", _TABLE_REVIEW)
        from .arrow import review  # noqa: PLC0415 - Arrow is slow to import

        return review(self.batch, table, lang)

    def read(self, submission: Submission) -> Document:
        """Return what the engine found in a submission; raises SubmissionError for an unknown provider."""
        provider = self.providers.get(submission.provider)
        if provider is None:
            known = ", ".join(sorted(self.providers))
            raise SubmissionError(f"provider: unknown '{submission.provider}'; known: {known}")
        document = self.catalogue.reader.read(
            submission, provider, submission.as_of or self.catalogue.released
        )
        undeclared = submission.purpose is None and document.purpose == "notification"
        if undeclared and any(True for rule in self.catalogue.shows_marketing for _ in rule.check(document)):
            return replace(document, purpose="marketing")
        return document

    def candidates(self, profile: RulesInForce, document: Document) -> Iterable[Placed]:
        """Return the rules that can find something in a document, each once."""
        bits = document.facts | document.marks
        found = profile.triggered(bits)
        if not bits & _TERMS:
            return found
        seen: set[str] = set()
        for text in document.texts.values():
            for term in text.terms:
                for placed in profile.by_category.get(term.category, ()):
                    if placed[0].id not in seen:
                        seen.add(placed[0].id)
                        found.append(placed)
        return found


def name(rule: Rule, cases: tuple[Case, ...], hit: Hit, document: Document, lang: Lang) -> Finding | None:
    """Return the finding that a rule makes of a hit; None where the rule is switched off for it.

    Raises KeyError when the rule's message uses a word that the hit does not bring.
    """
    span = hit.span
    file = rule.file
    wanted = file.possible if hit.possible else file.decision
    for case in cases:
        if case.holds_in(document, span.field if span else None):
            wanted = (case.possible or milder(case.decision, wanted)) if hit.possible else case.decision
            break
    if hit.possible and hit.disguised and wanted != "off":
        wanted = stricter(wanted, milder(file.decision, "manual_review"))
    decision = to_decision(wanted)
    if decision is None:
        return None
    text = document.quote(span) if span else None
    words: dict[str, object] = {"match": text or "", **hit.words}
    for key, value in hit.words.items():
        if isinstance(value, Said):
            words[key] = value.zh if lang == "zh" else value.en
    message, fix = file.message.say(lang), file.fix.say(lang)
    if hit.missing:
        decision = Decision.APPROVE
        message, fix = _ADVICE["zh" if lang == "zh" else "en"]
        words |= {"fact": hit.missing, "title": file.title.say(lang)}
    return Finding(
        rule.id,
        decision,
        span.field if span else None,
        span.start if span else None,
        span.end if span else None,
        text,
        fill(message, words),
        fill(fix, words),
        None if any(text.left for text in document.texts.values()) else hit.suggestion,
        hit.category or file.category,
        hit.transforms,
        rule.code(document.provider, document.as_of),
        file.source,
        file.clause,
        tuple((piece.start, piece.end) for piece in hit.spans),
    )


def decide(findings: Sequence[Finding], faults: Sequence[Fault]) -> Decision:
    """Return the highest decision asked for; a fault asks for a person."""
    least = Decision.MANUAL_REVIEW if faults else Decision.APPROVE
    return max([least, *(finding.decision for finding in findings)])


def stricter(one: Asked, other: Asked) -> Asked:
    """Return the stricter of two decisions."""
    return other if milder(one, other) == one else one


def place(finding: Finding) -> tuple[str, int, int, str]:
    """Return the key by which findings are listed: by field, place, then rule."""
    return finding.field or "", finding.start or 0, finding.end or 0, finding.rule
