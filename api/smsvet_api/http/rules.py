"""Serializes rules to JSON, as a summary or in full."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from smsvet.model import Kind, Lang, Purpose, Region
from smsvet.rules.rule import Case, Rule
from smsvet.rules.source_keys import Confidence
from smsvet.rules.sources import Citation, Sources
from smsvet.sms.provider import Provider

Asked = Literal["approve", "manual_review", "reject", "off"]


class RuleSummary(BaseModel):
    """A rule as an item of the list."""

    id: str
    title: str
    decision: Asked = Field(description="what the rule asks for here, after the operator's policy")
    providers: list[str] = Field(description="empty: every provider")
    since: date | None = Field(description="the first day it holds")
    until: date | None = Field(description="the first day it holds no more")
    category: str | None
    source: str


class RuleList(BaseModel):
    """All rules, sorted by id."""

    rules: list[RuleSummary]
    revision: str


class CodeOut(BaseModel):
    """A provider's error code, the period when it is in use, and the kinds of submissions it answers (empty: all)."""

    code: str
    since: date | None
    until: date | None
    kinds: list[Kind]


class CaseOut(BaseModel):
    """A different decision under conditions. All conditions must hold; the first matching case applies."""

    decision: Asked
    possible: Asked | None
    providers: list[str]
    region: Region | None
    since: date | None
    until: date | None
    kinds: list[Kind]
    purposes: list[Purpose]
    fields: list[str]
    accounts: list[Literal["enterprise", "individual"]]


class SourceOut(BaseModel):
    """A page, law or judgement that the rule is based on."""

    key: str = Field(description="the key in `source`; docs/sources.md describes it")
    vendor: str
    title: str
    url: str | None
    dated: str | None = Field(description="date, month or year that the source gives for itself")
    read: date | None = Field(description="the day on which the text was read; null if it was not")
    confidence: Confidence = Field(
        description="S: read in the page itself; S*: in a text that quotes it; R: recalled; P: proposed here"
    )


class ExamplesOut(BaseModel):
    """Submissions that the rule flags and passes."""

    flag: list[dict[str, Any]]
    # `pass` is a Python keyword.
    passes: list[dict[str, Any]] = Field(alias="pass")


class RuleDetail(RuleSummary):
    """A rule in full. A finding fills in the {words} of `message` and `fix`."""

    message: str
    why: str
    fix: str
    possible: Asked = Field(description="what it asks for where a value to come could make it so")
    decisions: list[CaseOut]
    clause: str | None
    codes: dict[str, list[CodeOut]] = Field(description="by provider")
    standard: list[str]
    sources: list[SourceOut] = Field(description="the keys of `source`, in its order; empty for free text")
    region: Region | None
    kinds: list[Kind] = Field(description="empty: every kind")
    purposes: list[Purpose] = Field(description="empty: every purpose")
    needs: list[str] = Field(description="facts without which the rule does not run")
    examples: ExamplesOut
    revision: str


def summarize(rule: Rule, lang: Lang) -> dict[str, Any]:
    """Return a rule as an item of the list."""
    file = rule.file
    return {
        "id": rule.id,
        "title": file.title.say(lang),
        "decision": rule.switched or file.decision,
        "providers": list(file.providers),
        "since": _day(file.since),
        "until": _day(file.until),
        "category": file.category,
        "source": file.source,
    }


def describe(rule: Rule, providers: Mapping[str, Provider], sources: Sources, lang: Lang) -> dict[str, Any]:
    """Return a rule in full."""
    file = rule.file
    return summarize(rule, lang) | {
        "message": file.message.say(lang),
        "why": file.why.say(lang),
        "fix": file.fix.say(lang),
        "possible": file.possible,
        "decisions": [_case(case) for case in file.decisions],
        "clause": file.clause,
        "codes": {
            key: [item.model_dump(mode="json") for item in items]
            for key, provider in providers.items()
            if (items := rule.codes(provider))
        },
        "standard": list(file.standard),
        "sources": [_source(citation) for citation in sources.cite(file.source, lang)],
        "region": file.region,
        "kinds": list(file.kinds),
        "purposes": list(file.purposes),
        "needs": list(file.needs),
        "examples": {
            "flag": [_plain(example) for example in file.examples.flag],
            "pass": [_plain(example) for example in file.examples.passes],
        },
    }


def has_topic(rule: Rule, topic: str) -> bool:
    """Return whether a rule belongs to a topic: the first part, or parts, of its id."""
    return rule.id.startswith(f"{topic.strip('/')}/")


def _case(case: Case) -> dict[str, Any]:
    return case.model_dump(mode="json")


def _source(citation: Citation) -> dict[str, Any]:
    return {
        "key": citation.key,
        "vendor": citation.vendor,
        "title": citation.title,
        "url": citation.uri,
        "dated": citation.dated,
        "read": _day(citation.read),
        "confidence": citation.confidence,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(value: Any) -> Any:
    # YAML reads an ISO date as a date; in JSON it is text.
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
