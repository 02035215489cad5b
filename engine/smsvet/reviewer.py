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
from .extras import check_installed, is_installed
from .fields import wrong_value
from .files.location import CONTENT
from .findings import FindingList, root
from .labels import PURPOSES, label
from .lexicon.lexicon import MAX_REPEATS
from .model import Decision, Fault, Finding, Hit, Lang, Said, Verdict
from .rules.decision import decision_of, rests_on_inference
from .rules.facts import BITS, NEEDED
from .rules.in_force import RulesInForce, RuleWithCases, rules_in_force
from .rules.rule import Case, Rule, fill
from .rules.sources import Sources
from .sms.provider import Provider
from .submission import Submission
from .text.text import SEARCHED

if TYPE_CHECKING:
    import pyarrow as pa

    from .batch.batch import Batch

_ADVICE = {
    "zh": ("未提供 {fact}，未能核对“{title}”", "提交时附上 {fact}，即可核对"),
    "en": ("{fact} was not supplied, so “{title}” was not checked", "Supply {fact} to have it checked"),
}
_INFERRED = {
    "zh": "（未声明短信类型，“{}”是根据内容推断的）",
    "en": " (no message type was declared; {} was inferred from the text)",
}

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
    `trusted: true`; it raises ContentError to refuse. Raises ContentError for invalid files: each line names file, line and key.
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
        faults = [Fault(budget.FAULT, budget.READING)] if document.unread else []
        work, steps = 0, document.work
        for rule, cases in self.candidates(profile, document):
            work += steps
            if work > budget.MAX_RULE_STEPS:
                faults.append(Fault(budget.FAULT, budget.RULES))
                break
            try:
                # Most rules have no exceptions, and evaluating the generator is as expensive as a rule.
                if rule.unless and any(True for other in rule.unless for _ in other(document)):
                    continue
                decisions: dict[tuple[object, ...], Decision | None] = {}
                for hit in rule.check(document):
                    findings = findings or FindingList(lang)
                    if findings.is_full(rule.id, hit):
                        kind = hit.possible, hit.disguised, hit.missing, hit.span and hit.span.field
                        if kind not in decisions:
                            decisions[kind] = decision_of(rule, cases, hit, document)
                        findings.count(rule.id, hit, decisions[kind])
                    elif finding := name(rule, cases, hit, document, lang):
                        findings.add(finding)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - a rule may fail or call sys.exit: a fault, never an approval
                faults.append(Fault(rule.id, f"{type(error).__name__}: {error}"))
        ordered: tuple[Finding, ...] = ()
        if findings:
            ordered = findings.ordered(() if findings.is_complete else crowded_fields(document))
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

    def candidates(self, profile: RulesInForce, document: Document) -> Iterable[RuleWithCases]:
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


def crowded_fields(document: Document) -> set[str]:
    """Return the fields, by `root`, with so many terms that others may have been left out."""
    return {root(name) for name, text in document.texts.items() if len(text.terms) >= MAX_REPEATS}


def name(rule: Rule, cases: tuple[Case, ...], hit: Hit, document: Document, lang: Lang) -> Finding | None:
    """Return the finding for a rule's hit; None if the rule is switched off for it.

    Raises KeyError if the rule's message has a word that the hit does not provide.
    """
    span = hit.span
    file = rule.file
    decision = decision_of(rule, cases, hit, document)
    if decision is None:
        return None
    text = document.quote(span) if span else None
    words: dict[str, object] = {"match": text or "", **hit.words}
    for key, value in hit.words.items():
        if isinstance(value, Said):
            words[key] = value.zh if lang == "zh" else value.en
    title, message, fix = file.title.say(lang), file.message.say(lang), file.fix.say(lang)
    if hit.missing:
        message, fix = _ADVICE["zh" if lang == "zh" else "en"]
        words |= {"fact": hit.missing, "title": title}
    message = fill(message, words)
    if decision is not Decision.APPROVE and rests_on_inference(rule, cases, hit, document):
        message += _INFERRED["zh" if lang == "zh" else "en"].format(label(PURPOSES, document.purpose, lang))
    return Finding(
        rule.id,
        decision,
        span.field if span else None,
        span.start if span else None,
        span.end if span else None,
        text,
        message,
        fill(fix, words),
        hit.suggestion if searched_whole(hit, document) else None,
        hit.category or file.category,
        hit.transforms,
        rule.code(document.provider, document.as_of, document.kind),
        file.source,
        file.clause,
        tuple((piece.start, piece.end) for piece in hit.spans),
        title,
        hit.missing,
    )


def searched_whole(hit: Hit, document: Document) -> bool:
    """Return whether all texts, and the one suggested, are short enough to be searched whole."""
    if hit.suggestion is None or any(text.left for text in document.texts.values()):
        return False
    return hit.span is None or hit.span.field not in document.texts or len(hit.suggestion) <= SEARCHED


def decide(findings: Sequence[Finding], faults: Sequence[Fault]) -> Decision:
    """Return the strictest decision of the findings; with a fault, at least manual review."""
    minimum = Decision.MANUAL_REVIEW if faults else Decision.APPROVE
    if not findings:
        return minimum
    return max([minimum, *(finding.decision for finding in findings)])
