"""The conditions under which a word of the lexicons is flagged."""

from __future__ import annotations

from ..document import Document
from ..labels import field_label
from ..lexicon.entries import Entry
from ..model import Lang, Term
from ..reviewer import Reviewer
from ..rules.text_checks import describe_term
from ..rules.why_not import normalised
from .gates import Gate, Gates


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
    if entries:
        told = f"“{word}”在词库中" if zh else f"“{word}” is in a lexicon"
    else:
        told = f"“{word}”不在任何词库中" if zh else f"“{word}” is in no lexicon"
    entries.sort(key=lambda entry: len(entry.parts))
    yield Gate("listed", bool(entries), told, tuple(_entry(entry, zh) for entry in entries[:5]))
    texts = [text for text in document.texts.values() if text.field != "remark"]
    hidden = [
        term
        for text in texts
        for term in text.terms
        if folded in term.meant.replace("…", "") and any(entry.category == term.category for entry in entries)
    ]
    if hidden and not any(folded in text.folded for text in texts):
        shown = ("；" if zh else "; ").join(dict.fromkeys(describe_term(term, lang) for term in hidden))
        told = f"文本中有它的变形写法：{shown}" if zh else f"The text has it in disguise: {shown}"
        yield Gate("present", True, told)
        yield from usage_gates(reviewer, document, hidden, lang)
        return
    holding = [text for text in texts if folded in text.folded]
    refused = [] if holding else [item.say(lang) for text in texts for item in lexicon.refused(text, folded)]
    if not holding and not refused and (off := reviewer.catalogue.reader.off):
        refused = [("已停用的变形写法：" if zh else "Disguises switched off: ") + ", ".join(sorted(off))]
    if holding:
        where = ("、" if zh else ", ").join(field_label(text.field, lang) for text in holding)
        told = f"{where}中有“{word}”" if zh else f"“{word}” is in the {where}"
        yield Gate("present", True, told)
    else:
        told = f"文本中没有“{word}”" if zh else f"“{word}” is not in the text"
        yield Gate("present", False, told, (*refused, *normalised(texts, lang)))
        return
    stopped = {entry: lexicon.stopped(holding[0], entry.category, folded) for entry in entries}
    # A term that may stand anywhere needs no whole words.
    passing = [
        entry
        for entry, why in stopped.items()
        if why is None or (why == "part-of-words" and entry.mode == "anywhere")
    ]
    why = next((why for entry, why in stopped.items() if why and entry not in passing), "")
    yield Gate("whole", bool(passing), _whole(word, "" if passing else why, zh))
    found = [
        term
        for text in texts
        for term in text.terms
        if term.category in {entry.category for entry in passing}
    ]
    mine = [term for term in found if any(term.term == entry.term for entry in passing)]
    warned = [
        term
        for text in texts
        for term in (() if mine else lexicon.find(text))
        if any(term.term == entry.term for entry in passing)
    ]
    if warned:
        told = (
            f"“{warned[0].text}”出现在提醒防范的句子里，句中没有链接、号码等引流内容，因此不算命中"
            if zh
            else f"“{warned[0].text}” stands in a warning without a link, a number or a call to act, so it does not count"
        )
        yield Gate("warned", False, told)
        return
    near = ("；" if zh else "; ").join(f"“{entry.term}”" for entry in passing)
    if mine or found:
        told = f"词条{near}的条件齐全" if zh else f"Everything that the entry {near} needs is there"
    else:
        told = (
            f"词条{near}要求其余部分也在附近出现，文本中没有"
            if zh
            else f"The entry {near} needs its other parts near by, and the text lacks them"
        )
    yield Gate("combination", bool(mine or found), told)
    yield from usage_gates(reviewer, document, found, lang)


def _entry(entry: Entry, zh: bool) -> str:
    strength = ("强词" if entry.strength == "strong" else "弱词") if zh else f"{entry.strength} term"
    whole = entry.mode == "word"
    if zh:
        return f"“{entry.term}”，{entry.category} 类{strength}，{'须为完整的词' if whole else '可出现在任何位置'}（{entry.place}）"
    where = "as whole words" if whole else "anywhere in the text"
    return f"“{entry.term}”, {strength} of the category {entry.category}, {where} ({entry.place})"


def _whole(word: str, why: str, zh: bool) -> str:
    kind, _, phrase = why.partition(":")
    if kind == "safe-phrase":
        return (
            f"文本里有“{word}”，但它属于安全短语“{phrase}”，因此不算命中"
            if zh
            else f"“{word}” is part of the allowlist phrase “{phrase}”, so it does not count"
        )
    if kind == "part-of-words":
        return (
            f"文本里有“{word}”，但它跨在其他词之间，不是完整的词，因此不算命中"
            if zh
            else f"“{word}” is only a part of other words, so it does not count"
        )
    if kind == "inside-latin-word":
        return (
            f"文本里有“{word}”，但它是更长的字母串的一部分，因此不算命中"
            if zh
            else f"“{word}” is inside a longer word in Latin letters, so it does not count"
        )
    return (
        f"“{word}”是完整的词，不属于安全短语"
        if zh
        else f"“{word}” stands by itself and is in no allowlist phrase"
    )


def usage_gates(reviewer: Reviewer, document: Document, found: list[Term], lang: Lang) -> Gates:
    """Yield whether a rule uses the terms found, and whether it fires."""
    zh = lang == "zh"
    rules = [rule for rule in reviewer.rules if rule.trigger.categories & {term.category for term in found}]
    listed = ("、" if zh else ", ").join(f"{rule.file.title.say(lang)} ({rule.id})" for rule in rules)
    if rules:
        told = f"使用这类词的规则：{listed}" if zh else f"Rules that use terms of this category: {listed}"
    else:
        told = "没有规则使用这类词" if zh else "No rule uses terms of this category"
    yield Gate("used", bool(rules), told)
    verdict = reviewer.review(document.submission, lang)
    flagged = [finding for finding in verdict.findings if finding.rule in {rule.id for rule in rules}]
    if flagged:
        yield Gate(
            "fires",
            True,
            f"规则命中：{flagged[0].message}" if zh else f"The rule flags it: {flagged[0].message}",
        )
        return
    terms = ("、" if zh else ", ").join(
        f"“{term.term}”（{'强词' if term.strength == 'strong' else '弱词'}）"
        if zh
        else f"“{term.term}” ({term.strength})"
        for term in found
    )
    told = (
        f"规则没有命中，只有这些词还不够：{terms}"
        if zh
        else f"The rules do not flag it; this is not enough: {terms}"
    )
    yield Gate("fires", False, told)
