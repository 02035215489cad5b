"""Check loaded content for entries without effect and for rules that flag ordinary text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .lexicon.entries import EVERY, Entry
from .lexicon.lexicon import Lexicon
from .model import Decision
from .reviewer import Reviewer
from .rules.pattern_growth import growing_in_function, growing_patterns
from .rules.source_keys import NAME, keys_of
from .schema import read_submission
from .sms.attributes import ATTRIBUTES
from .sms.codes import ANY_RULE
from .submission import Submission
from .text.text import Text

MOST_EXCLUDED = 3
"""Words that an entry may exclude by itself. A longer list is knowledge of a trade's notices: it has a name."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One problem: its place, its kind, and its description in both languages."""

    place: str
    kind: str
    chinese: str
    english: str

    def say(self, lang: str) -> str:
        """Return the problem as `place: description`, in `lang`."""
        return f"{self.place}: {self.chinese if lang == 'zh' else self.english}"


def lint(reviewer: Reviewer, benign: Iterable[Mapping[str, object]] = ()) -> Iterator[Flaw]:
    """Yield the problems in a reviewer's content. `benign` holds submissions, as JSON, that should be approved."""
    lexicon = reviewer.catalogue.reader.lexicon
    yield from word_flaws(reviewer, lexicon)
    yield from phrase_flaws(reviewer, lexicon)
    yield from source_flaws(reviewer)
    yield from code_flaws(reviewer)
    yield from time_flaws(reviewer)
    yield from crossfire(reviewer)
    yield from benign_flaws(reviewer, benign)


def folded(reviewer: Reviewer, word: str) -> str:
    """Return a word in normalised form."""
    return reviewer.catalogue.reader.folder.fold(word)[0]


def word_flaws(reviewer: Reviewer, lexicon: Lexicon) -> Iterator[Flaw]:
    """Yield terms with one character or many exclusions, duplicates, and those shadowed or without any match."""
    seen: dict[tuple[str, str], Entry] = {}
    for entry in lexicon.entries:
        named = [word for part in entry.term.split(" !")[1:] for word in part.split("|")]
        if len(named) > MOST_EXCLUDED:
            yield Flaw(
                entry.place,
                "many-exclusions",
                f"“{entry.term}”排除了超过 {MOST_EXCLUDED} 个词，请改用词族 !@名称、放行短语或 corpora/facts.yaml",
                f"“{entry.term}” excludes more than {MOST_EXCLUDED} words: use a family !@name, allowlist phrases or"
                " corpora/facts.yaml",
            )
        single = len(entry.parts) == 1
        if single and any(len(folded(reviewer, word)) < 2 for word in entry.parts[0]):
            yield Flaw(
                entry.place, "one-character", f"“{entry.term}”只有一个字", f"“{entry.term}” is one character"
            )
        key = (entry.category, folded(reviewer, entry.term))
        if key in seen:
            first = seen[key].place
            yield Flaw(
                entry.place, "duplicate", f"“{entry.term}”与 {first} 重复", f"“{entry.term}” repeats {first}"
            )
            continue
        seen[key] = entry
        sample = folded(reviewer, "，".join(words[0] for words in entry.parts))
        found = lexicon.find(Text("body", sample, sample), hidden=())
        own = [term for term in found if term.category == entry.category]
        if not own:
            yield Flaw(entry.place, "dead", f"“{entry.term}”永远不会命中", f"“{entry.term}” can never match")
        elif entry.strength == "weak" and any(term.strength == "strong" for term in own):
            other = next(term.term for term in own if term.strength == "strong")
            yield Flaw(
                entry.place,
                "shadowed",
                f"“{entry.term}”总被更强的“{other}”掩盖",
                f"“{entry.term}” always comes with the stronger “{other}”",
            )


def phrase_flaws(reviewer: Reviewer, lexicon: Lexicon) -> Iterator[Flaw]:
    """Yield allowlist phrases that do not contain any term of their category."""
    words: dict[str, set[str]] = {EVERY: set()}
    for entry in lexicon.entries:
        parts = {folded(reviewer, word) for part in entry.parts for word in part}
        words.setdefault(entry.category, set()).update(parts)
        words[EVERY] |= parts
    for phrase in lexicon.safe:
        text = folded(reviewer, phrase.phrase)
        pieces = (text[i:j] for i in range(len(text)) for j in range(i + 1, len(text) + 1))
        if words.get(phrase.category, set()).isdisjoint(pieces):
            yield Flaw(
                phrase.place,
                "idle-phrase",
                f"“{phrase.phrase}”没有保护任何词",
                f"“{phrase.phrase}” protects nothing",
            )


def source_flaws(reviewer: Reviewer) -> Iterator[Flaw]:
    """Yield the keys of `corpora/sources.yaml` that no rule, limit or variable attribute names."""
    named = [rule.file.source for rule in reviewer.rules]
    named += [attribute.source for attribute in ATTRIBUTES]
    for provider in reviewer.providers.values():
        named += [entry.source for entries in provider.limits.values() for entry in entries]
    used = {key for source in named for key in keys_of(source)}
    for key in reviewer.sources.file.sources:
        if key not in used:
            yield Flaw(f"{NAME}: {key}", "idle-source", "没有任何内容引用此来源", "nothing names this source")


def code_flaws(reviewer: Reviewer) -> Iterator[Flaw]:
    """Yield the keys of a provider's error codes that are neither a rule nor a topic."""
    rules = {rule.id for rule in reviewer.rules}
    known = rules | {rule.partition("/")[0] for rule in rules} | {ANY_RULE}
    for provider in reviewer.providers.values():
        for key in provider.codes:
            if key not in known:
                place = f"grammars/{provider.id}.yaml: codes.{key}"
                yield Flaw(place, "idle-code", "没有这条规则或主题", "no such rule or topic")


def time_flaws(reviewer: Reviewer) -> Iterator[Flaw]:
    """Yield the patterns of rules that take more than linear time, those of trusted rules too."""
    for rule in reviewer.rules:
        for found in (*growing_patterns(rule.file), *growing_in_function(rule)):
            place = f"{rule.id}: {'.'.join(map(str, found.keys))}"
            yield Flaw(place, "slow", f"该正则表达式{found.say('zh')}", f"the pattern {found.say('en')}")


def crossfire(reviewer: Reviewer) -> Iterator[Flaw]:
    """Yield content rules that reject a `pass` example of another rule."""
    for rule in reviewer.rules:
        for example in rule.file.examples.passes:
            submission = read_submission(example)
            for finding in reviewer.review(submission).findings:
                if finding.rule != rule.id and finding.category and finding.decision is Decision.REJECT:
                    place = f"{rule.id}: {finding.text}"
                    yield Flaw(
                        place,
                        "crossfire",
                        f"{finding.rule} 驳回了此处的放行示例",
                        f"{finding.rule} rejects an example to pass",
                    )


def benign_flaws(reviewer: Reviewer, benign: Iterable[Mapping[str, object]]) -> Iterator[Flaw]:
    """Yield content findings that keep a benign submission from approval."""
    for number, data in enumerate(benign, start=1):
        submission: Submission = read_submission(data)
        for finding in reviewer.review(submission).findings:
            if finding.category and finding.decision is not Decision.APPROVE:
                yield Flaw(
                    f"benign:{number}: {finding.text}",
                    "benign",
                    f"{finding.rule} 拦下了正常内容",
                    f"{finding.rule} holds an ordinary text",
                )
