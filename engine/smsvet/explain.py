"""Explain why a text was or was not flagged: the checks in order, up to the first that failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .document import Document
from .lexicon.entries import Entry
from .model import Lang, Term
from .reviewer import Reviewer, name
from .rules.facts import BITS
from .rules.rule import Rule
from .rules.text_checks import describe_term
from .submission import Submission
from .text.text import Text


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition for a finding, whether the text met it, and details."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The gates that were evaluated. Only the last one may have failed; `flagged` if none did."""

    title: str
    flagged: bool
    gates: tuple[Gate, ...]


Gates = Iterator[Gate]


def explain_all(reviewer: Reviewer, submission: Submission, lang: Lang = "zh") -> Explanation:
    """Return one gate per finding of the verdict, with its rule and message."""
    verdict = reviewer.review(submission, lang)
    gates = tuple(
        Gate(finding.rule, True, f"{finding.decision.value}: {finding.message}")
        for finding in verdict.findings
    )
    return Explanation(verdict.decision.value, bool(gates), gates)


def explain_rule(reviewer: Reviewer, submission: Submission, rule_id: str, lang: Lang = "zh") -> Explanation:
    """Return the gates of one rule. Raises KeyError for an unknown rule."""
    rule = next((rule for rule in reviewer.rules if rule.id == rule_id), None)
    if rule is None:
        raise KeyError(rule_id)
    document = reviewer.read(submission)
    return until_stopped(
        f"{rule.id}: {rule.file.title.say(lang)}", rule_gates(reviewer, rule, document, lang)
    )


def explain_term(reviewer: Reviewer, submission: Submission, word: str, lang: Lang = "zh") -> Explanation:
    """Return the gates of one word: in a lexicon, in the text, a whole word, not exempt, and used by a rule."""
    document = reviewer.read(submission)
    return until_stopped(word, term_gates(reviewer, document, word, lang))


def until_stopped(title: str, gates: Gates) -> Explanation:
    """Return the explanation up to the first failed gate."""
    reached = []
    for gate in gates:
        reached.append(gate)
        if not gate.passed:
            break
    return Explanation(title, reached[-1].passed, tuple(reached))


def rule_gates(reviewer: Reviewer, rule: Rule, document: Document, lang: Lang) -> Gates:
    """Yield the conditions of a rule in the order of evaluation."""
    file, submission = rule.file, document.submission
    zh = lang == "zh"

    def gate(zh_name: str, en_name: str, passed: bool, detail: object) -> Gate:
        return Gate(zh_name if zh else en_name, passed, str(detail))

    switched = rule.switched or document.provider.decisions.get(rule.id)
    yield gate("已启用", "switched on", switched != "off", switched or ("默认" if zh else "as shipped"))
    provider = document.provider
    provider_ok = not file.providers or provider.id in file.providers
    yield gate("服务商", "provider", provider_ok, f"{provider.id} ∈ {', '.join(file.providers) or '*'}")
    dates = f"{file.since or '…'} – {file.until or '…'}, {', '.join(file.profiles) or '*'}"
    dated = file.model_copy(update={"providers": (), "region": None}).covers(provider, document.as_of, "")
    yield gate(
        "日期与时期",
        "date and era",
        dated,
        f"{document.as_of} ({provider.profile(document.as_of)}) ∈ {dates}",
    )
    region_ok = file.region is None or file.region == submission.region
    yield gate("地区", "region", region_ok, f"{submission.region} ∈ {file.region or '*'}")
    wanted = f"{document.kind} ∈ {', '.join(file.kinds) or '*'}; {document.purpose} ∈ {', '.join(file.purposes) or '*'}"
    yield gate("对象与用途", "kind and purpose", file.is_for(document.kind, document.purpose), wanted)
    facts = document.facts
    lacking = [fact for fact, bit in BITS.items() if rule.trigger.needs & bit and not facts & bit]
    needed = ", ".join(lacking) or ("齐全" if zh else "all there")
    yield gate("所需事实", "facts needed", not lacking, needed)
    excepted = [number for number, other in enumerate(rule.unless, start=1) for _ in other(document)]
    yield gate(
        "例外", "exceptions", not excepted, f"unless {excepted[0]}" if excepted else ("无" if zh else "none")
    )
    hits = list(rule.check(document))
    quoted = "、".join(document.quote(hit.span) for hit in hits if hit.span) or str(len(hits))
    yield gate("检查命中", "check hits", bool(hits), quoted)
    cases = tuple(case for case in file.decisions if case.covers(provider, document.as_of, submission.region))
    found = [finding for hit in hits if (finding := name(rule, cases, hit, document, lang))]
    decided = ", ".join(sorted({finding.decision.value for finding in found})) or "off"
    yield gate("决定", "decision", bool(found), decided)


def term_gates(reviewer: Reviewer, document: Document, word: str, lang: Lang) -> Gates:
    """Yield the conditions for a finding on a lexicon word."""
    zh = lang == "zh"
    lexicon, folder = reviewer.catalogue.reader.lexicon, reviewer.catalogue.reader.folder
    folded = folder.fold(word)[0]
    entries = [
        entry
        for entry in lexicon.entries
        if any(folder.fold(part)[0] == folded for parts in entry.parts for part in parts)
    ]
    listed = "; ".join(
        f"{entry.place} {entry.term} ({entry.strength}, {entry.mode})" for entry in entries[:5]
    )
    yield Gate("在词库中" if zh else "in a lexicon", bool(entries), listed or folded)
    texts = [text for text in document.texts.values() if text.field != "remark"]
    hidden = [
        term
        for text in texts
        for term in text.terms
        if folded in term.meant.replace("…", "") and any(entry.category == term.category for entry in entries)
    ]
    if hidden and not any(folded in text.folded for text in texts):
        shown = "; ".join(dict.fromkeys(describe_term(term, lang) for term in hidden))
        yield Gate("以变形写法在文本中" if zh else "in the text, in disguise", True, shown)
        yield from usage_gates(reviewer, document, hidden, lang)
        return
    holding = [text for text in texts if folded in text.folded]
    refused = [] if holding else [item.say(lang) for text in texts for item in lexicon.refused(text, folded)]
    if not holding and not refused and (off := reviewer.catalogue.reader.off):
        refused = [("已停用的变形写法：" if zh else "disguises switched off: ") + ", ".join(sorted(off))]
    yield Gate(
        "在文本中" if zh else "in the text",
        bool(holding),
        ", ".join(text.field for text in holding) or "; ".join(refused) or folded,
    )
    stopped = {entry: gate_of(lexicon.stopped, holding[0], entry, folded) for entry in entries}
    passing = [entry for entry, why in stopped.items() if why is None]
    why = next((why for why in stopped.values() if why), "")
    yield Gate("整词且未豁免" if zh else "whole words, not exempt", bool(passing), why or folded)
    found = [
        term
        for text in texts
        for term in text.terms
        if term.category in {entry.category for entry in passing}
    ]
    mine = [term for term in found if any(term.term == entry.term for entry in passing)]
    near = ", ".join(entry.term for entry in passing)
    yield Gate("组合齐全" if zh else "combination complete", bool(mine or found), near)
    yield from usage_gates(reviewer, document, found, lang)


def usage_gates(reviewer: Reviewer, document: Document, found: list[Term], lang: Lang) -> Gates:
    """Yield whether a rule uses the terms found, and whether it fires."""
    zh = lang == "zh"
    rules = [rule for rule in reviewer.rules if rule.trigger.categories & {term.category for term in found}]
    yield Gate("有规则使用" if zh else "heeded by a rule", bool(rules), ", ".join(rule.id for rule in rules))
    verdict = reviewer.review(document.submission, lang)
    flagged = [finding for finding in verdict.findings if finding.rule in {rule.id for rule in rules}]
    strengths = ", ".join(f"{term.term} ({term.strength})" for term in found)
    yield Gate(
        "规则命中" if zh else "rule fires", bool(flagged), flagged[0].message if flagged else strengths
    )


def gate_of(
    stopped: Callable[[Text, str | None, str], str | None], text: Text, entry: Entry, word: str
) -> str | None:
    """Return the reason why the word does not count; entries in mode `anywhere` need no whole words."""
    why = stopped(text, entry.category, word)
    return None if why == "part-of-words" and entry.mode == "anywhere" else why
