"""The conditions under which a rule flags a submission."""

from __future__ import annotations

from collections.abc import Iterable

from ..document import Document
from ..labels import FACTS, KINDS, PROFILES, PURPOSES, REGIONS, RULE_DECISIONS, label, labels
from ..model import Hit, Lang
from ..reviewer import Reviewer
from ..rules.checks import PythonCheck
from ..rules.facts import BITS
from ..rules.finding import FindingWriter
from ..rules.loader import load_function
from ..rules.rule import Rule, RuleFile
from ..rules.text_checks import PatternCheck
from ..rules.triggers import compiled
from ..rules.why_not import normalised, pattern_reasons, shown_pattern, why_not
from ..text.text import Text
from .gates import Gate, Gates


def rule_gates(reviewer: Reviewer, rule: Rule, document: Document, lang: Lang) -> Gates:
    """Yield the conditions of a rule in the order of evaluation."""
    zh = lang == "zh"
    file, provider = rule.file, document.provider
    switched = rule.switched or provider.decisions.get(rule.id)
    yield Gate("enabled", switched != "off", _enabled(rule, switched, zh))
    yield from scope_gates(reviewer, file, document, lang)
    facts = document.facts
    lacking = tuple(fact for fact, bit in BITS.items() if rule.trigger.needs & bit and not facts & bit)
    listed = labels(FACTS, lacking, lang)
    if lacking:
        told = f"规则需要{listed}，此提交没有" if zh else f"The rule needs {listed}; the submission has none"
    else:
        told = "规则需要的信息齐全" if zh else "The submission has everything that the rule needs"
    yield Gate("facts", not lacking, told)
    excepted = [hit for other in rule.unless for hit in other(document)]
    if excepted:
        place = _places(excepted[:1], document, lang)
        told = f"属于规则的例外：{place}" if zh else f"An exception of the rule applies: {place}"
    else:
        told = "不属于规则的例外" if zh else "No exception of the rule applies"
    yield Gate("exceptions", not excepted, told)
    hits = list(rule.check(document))
    yield _check_gate(reviewer, rule, hits, document, lang)
    cases = tuple(case for case in file.decisions if case.covers(provider, document.as_of, document.region))
    writer = FindingWriter(rule, cases, document, lang)
    found = [finding for hit in hits if (finding := writer.finding(hit))]
    decided = sorted({finding.decision.value for finding in found}) or ["off"]
    listed = labels(RULE_DECISIONS, tuple(decided), lang)
    if found:
        told = f"规则的决定：{listed}" if zh else f"The rule decides: {listed}"
    else:
        told = "规则在这种情况下停用" if zh else "The rule is off in this case"
    yield Gate("decision", bool(found), told)


def _enabled(rule: Rule, switched: str | None, zh: bool) -> str:
    if switched is None:
        return "规则已启用" if zh else "The rule is enabled"
    whose = ("策略文件", "the policy") if rule.switched else ("服务商设置", "the provider's settings")
    if switched == "off":
        return f"规则已被{whose[0]}停用" if zh else f"The rule is switched off by {whose[1]}"
    decision = label(RULE_DECISIONS, switched, "zh" if zh else "en")
    return (
        f"规则已启用，{whose[0]}改为“{decision}”"
        if zh
        else f"The rule is enabled; {whose[1]} set it to {decision}"
    )


def scope_gates(reviewer: Reviewer, file: RuleFile, document: Document, lang: Lang) -> Gates:
    """Return the conditions on provider, date, region, kind and purpose."""
    zh = lang == "zh"
    provider, region, day = document.provider, document.region, document.as_of

    def service(key: str) -> str:
        known = reviewer.providers.get(key)
        return known.title.short(lang) if known else key

    def gate(key: str, passed: bool, is_zh: str, is_en: str, only: str) -> Gate:
        if passed:
            told = f"规则适用于{is_zh}" if zh else f"The rule applies to {is_en}"
        else:
            told = (
                f"规则只适用于{only}，不适用于{is_zh}"
                if zh
                else f"The rule applies only to {only}, not to {is_en}"
            )
        return Gate(key, passed, told)

    between = "、" if zh else ", "
    mine = service(provider.id)
    only = between.join(map(service, file.providers))
    yield gate("provider", not file.providers or provider.id in file.providers, mine, mine, only)
    dated = file.model_copy(update={"providers": (), "region": None}).covers(provider, day, "")
    limits = [_days(file, zh)] if file.since or file.until else []
    limits += [labels(PROFILES, file.profiles, lang)] if file.profiles else []
    era = label(PROFILES, provider.profile(day) or "", lang)
    yield gate(
        "date",
        dated,
        f" {day}（{era}）" if era else f" {day} ",
        f"{day} ({era})" if era else str(day),
        ("，" if zh else ", ").join(limits),
    )
    regional = label(REGIONS, region, lang)
    only = label(REGIONS, file.region or region, lang)
    yield gate("region", file.region is None or file.region == region, regional, regional, only)
    kind = label(KINDS, document.kind, lang)
    only = labels(KINDS, file.kinds, lang)
    yield gate("kind", not file.kinds or document.kind in file.kinds, kind, f"a {kind}", only)
    purpose = label(PURPOSES, document.purpose, lang)
    only = labels(PURPOSES, file.purposes, lang)
    passed = not file.purposes or document.purpose in file.purposes
    yield gate("purpose", passed, f"{purpose}短信", f"{purpose} messages", only)


def _days(file: RuleFile, zh: bool) -> str:
    since = (f"{file.since} 起" if zh else f"from {file.since}") if file.since else ""
    until = (f"{file.until} 之前" if zh else f"before {file.until}") if file.until else ""
    return "、".join(filter(None, (since, until))) if zh else " and ".join(filter(None, (since, until)))


def _check_gate(reviewer: Reviewer, rule: Rule, hits: list[Hit], document: Document, lang: Lang) -> Gate:
    zh, check, texts = lang == "zh", rule.file.check, list(document.texts.values())
    if hits:
        places = _places(hits, document, lang)
        told = f"命中{places}" if zh else f"The check finds {places}"
        details: list[str] = []
        if isinstance(check, PatternCheck):
            fields = {hit.span.field for hit in hits if hit.span}
            details = [
                f"模式：{shown_pattern(check.pattern)}" if zh else f"Pattern: {shown_pattern(check.pattern)}"
            ]
            details += normalised((text for text in texts if text.field in fields), lang)
        return Gate("check", True, told, tuple(details))
    if isinstance(check, PythonCheck):
        return Gate("check", False, *_function_reasons(rule, texts, lang))
    first, *more = why_not(check, document, reviewer.catalogue.context, lang)
    return Gate("check", False, first, tuple(more))


def _function_reasons(rule: Rule, texts: list[Text], lang: Lang) -> tuple[str, tuple[str, ...]]:
    zh = lang == "zh"
    anchors = load_function(rule.function, f"{rule.id}.py")().anchors if rule.function else ()
    if anchors and not any(compiled(anchor).search(text.folded) for anchor in anchors for text in texts):
        reasons = [reason for anchor in anchors[:3] for reason in pattern_reasons(anchor, texts, False, lang)]
        first, *details = dict.fromkeys(reasons)
        return first, tuple(details)
    told = (
        f"规则的函数（{rule.id}.py）没有找到要找的内容"
        if zh
        else f"The rule's function ({rule.id}.py) finds nothing"
    )
    return told, tuple(normalised(texts, lang))


def _places(hits: Iterable[Hit], document: Document, lang: Lang) -> str:
    """Return the places of hits in quotes, or that they are about the whole submission."""
    quotes = dict.fromkeys(f"“{document.quote(hit.span)}”" for hit in hits if hit.span)
    whole = "整个提交" if lang == "zh" else "the submission as a whole"
    return ("、" if lang == "zh" else ", ").join(quotes) or whole
