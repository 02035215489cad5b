"""The Reviewer: compile rules, grammars and words once, then turn submissions into verdicts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from . import budget
from .catalogue import Catalogue, load_catalogue
from .document import Document
from .evasion.disguise import OFF
from .evidence.counter_evidence import with_counter_evidence
from .extras import check_installed, is_installed
from .fields import wrong_value
from .files.location import CONTENT
from .findings import MAX_FINDINGS, FindingList, Group, crowded_fields
from .model import Decision, Fault, Finding, Lang, Said, Verdict
from .rules.facts import BITS, NEEDED
from .rules.finding import FindingWriter
from .rules.in_force import RulesInForce, RuleWithCases, rules_in_force
from .rules.rule import Rule
from .rules.sources import Sources
from .sms.provider import Provider
from .submission import Submission

if TYPE_CHECKING:
    import pyarrow as pa

    from .batch.batch import Batch


_TERMS = BITS["terms"]
_TABLE_REVIEW = Said("审核表格", "Reviewing a table")


class Reviewer:
    """Reviews submissions. Immutable and shared between threads; each process builds its own.

    `rules` are folders with additional rules, or content folders: with `rules/`, `grammars/` (providers),
    `corpora/terms/` and `corpora/safe/`. `policy` is an operator's YAML file, and `content` is the folder with
    the built-in `rules/`, `grammars/` and `corpora/`. `backend` is the automaton's implementation, by default
    the fastest one installed. `off` names steps of disguise to ignore, out of
    `smsvet.evasion.disguise.TRANSFORMS`. `cache` is a private folder for data computed from the content; it
    makes later startups faster. `words_only` applies only the terms and allowlist phrases of the policy.
    `check_trust` is called with the path of each Python file in `rules` before it is read, and of each rule file with
    `trusted: true`; it raises ContentError to refuse. `model` is a file of `smsvet learn`: learned evidence from the
    operator's own decisions, instead of the one that the policy names. Raises ContentError for invalid files: each line
    names file, line and key.
    """

    def __init__(
        self,
        rules: Sequence[Path | str] = (),
        policy: Path | str | None = None,
        content: Path = CONTENT,
        backend: str | None = None,
        off: Collection[str] = OFF,
        cache: Path | None = None,
        words_only: bool = False,
        check_trust: Callable[[Path], None] | None = None,
        model: Path | str | None = None,
    ) -> None:
        self.catalogue: Catalogue = load_catalogue(
            content,
            tuple(map(Path, rules)),
            Path(policy) if policy is not None else None,
            backend,
            off,
            cache,
            words_only,
            check_trust,
            Path(model) if model is not None else None,
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
        """Return all rules, sorted by id."""
        return self.catalogue.rules

    @property
    def providers(self) -> Mapping[str, Provider]:
        """Return all providers, by id."""
        return self.catalogue.providers

    @property
    def sources(self) -> Sources:
        """Return the sources that rules and limits cite, by key."""
        return self.catalogue.sources

    @property
    def revision(self) -> str:
        """Return the digest of all content that can affect a verdict."""
        return self.catalogue.revision

    def warm(self) -> None:
        """Build caches eagerly; for long-lived processes."""
        reader = self.catalogue.reader
        reader.matcher.warm()
        reader.lexicon.segmenter.warm()
        if reader.lexicon.disguises is not None:
            reader.lexicon.disguises.warm()

    def review(self, submission: Submission, lang: Lang = "zh") -> Verdict:
        """Return the verdict on one submission, with messages in `lang`.

        Without `as_of` it holds on the content's release date; `smsvet_api.today()` returns today's date in China.
        Raises SubmissionError for an unknown provider.
        """
        return self.judge(self.read(submission, lang), lang)

    def judge(self, document: Document, lang: Lang = "zh") -> Verdict:
        """Return the verdict on a document returned by `read`."""
        submission = document.submission
        profile = self.rules_for(
            submission.provider,
            document.as_of,
            document.region,
            document.kind,
            document.purpose,
            document.facts & NEEDED,
        )
        findings: FindingList | None = None
        faults = [Fault(budget.FAULT, budget.READING)] if document.given.unread else []
        candidates = self.candidates(profile, document)
        most = budget.MAX_RULE_STEPS // document.work if document.work else len(candidates)
        for rule, cases in candidates[:most]:
            try:
                # Most rules have no exceptions, and evaluating the generator is as expensive as a rule.
                if rule.unless and any(True for other in rule.unless for _ in other(document)):
                    continue
                writer: FindingWriter | None = None
                group: Group | None = None
                field: str | None = None
                for hit in rule.check(document):
                    findings = findings or FindingList(lang)
                    writer = writer or FindingWriter(rule, cases, document, lang)
                    within = hit.span.field if hit.span else None
                    if group is None or within != field:
                        group, field = findings.group(rule.id, within), within
                    if group.count >= MAX_FINDINGS:
                        group.count_only(hit, writer.decision(hit))
                    elif finding := writer.finding(hit):
                        group.add(hit, finding)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - a rule may fail or call sys.exit: a fault, never an approval
                faults.append(Fault(rule.id, f"{type(error).__name__}: {error}"))
        if len(candidates) > most:
            faults.append(Fault(budget.FAULT, budget.RULES))
        ordered: tuple[Finding, ...] = ()
        if findings:
            ordered = findings.ordered(() if findings.is_complete else crowded_fields(document.texts))
            ordered = self.weighed(ordered, document, lang)
        return Verdict(
            submission.id,
            document.kind,
            decide(ordered, faults),
            submission.provider,
            document.as_of,
            ordered,
            tuple(faults),
            self.catalogue.revision,
        )

    def weighed(self, findings: tuple[Finding, ...], document: Document, lang: Lang) -> tuple[Finding, ...]:
        """Return the findings after the learned counter-evidence."""
        evidence = self.catalogue.evidence
        if evidence is None or not any(finding.rule in self.catalogue.steps_down for finding in findings):
            return findings
        return with_counter_evidence(findings, self.catalogue.steps_down, document, evidence(), lang)

    def review_many(self, submissions: Iterable[Submission], lang: Lang = "zh") -> Iterator[Verdict]:
        """Return the verdicts on many submissions, in order; equal to those of `review` but faster.

        Reads ahead by at most AHEAD submissions. Without numpy (extra `tables`) it reviews them one by one.
        Raises SubmissionError for an unknown provider when it reaches that submission.
        """
        if not is_installed("numpy"):
            return (self.review(submission, lang) for submission in submissions)
        return self.batch.verdicts(submissions, lang)

    def review_table(self, table: pa.Table, lang: Lang = "zh") -> pa.Table:
        """Return one verdict per row of a table of submissions.

        Columns are named as in the public contract. A row that is not a valid submission gets an `error` and
        no decision. Raises SubmissionError for an unknown column, and MissingExtraError without the extra `tables`.
        """
        check_installed(("pyarrow", "numpy"), "tables", _TABLE_REVIEW)
        from .arrow import review  # noqa: PLC0415 - Arrow is slow to import

        return review(self.batch, table, lang)

    def check(self, submission: Submission, lang: Lang = "en") -> None:
        """Raise SubmissionError, worded in `lang`, for an unknown provider.

        Providers are content; every other field is checked where a submission is made.
        """
        if submission.provider not in self.catalogue.providers:
            raise wrong_value("provider", submission.provider, self.providers, lang)

    def read(self, submission: Submission, lang: Lang = "en") -> Document:
        """Return the document of a submission.

        Raises SubmissionError, worded in `lang`, for an unknown provider.
        """
        self.check(submission, lang)
        catalogue = self.catalogue
        provider = catalogue.providers[submission.provider]
        document = catalogue.reader.read(submission, provider, submission.as_of or catalogue.released)
        undeclared = submission.purpose is None and document.purpose == "notification"
        if undeclared and any(True for rule in self.catalogue.shows_marketing for _ in rule.check(document)):
            return replace(document, purpose="marketing")
        return document

    def candidates(self, profile: RulesInForce, document: Document) -> list[RuleWithCases]:
        """Return the rules whose trigger a document meets, each once."""
        bits = document.facts | document.pattern_bits
        found = profile.triggered(bits)
        if not bits & _TERMS:
            return found
        added: set[str] = set()
        for text in document.texts.values():
            for term in text.terms:
                for placed in profile.by_category.get(term.category, ()):
                    if placed[0].id not in added:
                        added.add(placed[0].id)
                        found.append(placed)
        return found


def decide(findings: Sequence[Finding], faults: Sequence[Fault]) -> Decision:
    """Return the strictest decision of the findings; with a fault, at least manual review."""
    minimum = Decision.MANUAL_REVIEW if faults else Decision.APPROVE
    if not findings:
        return minimum
    return max([minimum, *(finding.decision for finding in findings)])
