"""The providers for which the sources of a rule speak, and those where the rule applies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from ..fields import REGIONS
from ..model import Region
from ..sms.provider import Era, Provider
from .rule import Rule, Scope
from .source_keys import keys_of
from .sources_file import SourcesFile

ALL = "all"
MAINLAND: Region = "mainland"
"""Names in `speaks_for` for every provider, and for every provider whose own rules are those of the mainland."""

COMMON = 2
"""Vendors of the mainland that must state a requirement before it counts as one of the channel that all share."""


def mainland_providers(providers: Iterable[Provider]) -> frozenset[str]:
    """Return the ids of the providers that send on the carriers' channel of the mainland."""
    return frozenset(provider.id for provider in providers if provider.region_of(MAINLAND) == MAINLAND)


def speaks_for(file: SourcesFile, key: str) -> tuple[str, ...]:
    """Return the providers for which a source speaks, as written; raises KeyError for an unknown key."""
    source = file.sources[key]
    own = source.speaks_for
    return file.vendors[source.vendor].speaks_for if own is None else own


def source_scope(file: SourcesFile, source: str, providers: Mapping[str, Provider]) -> frozenset[str]:
    """Return the ids of the providers where a rule with this `source:` value may apply.

    These are the providers that its sources name. A requirement of the carriers, of the law or of several vendors of
    the mainland may apply in all of the mainland. Our own judgement may apply everywhere.
    """
    stated = {speaks_for(file, key) for key in keys_of(source)}
    named = {name for names in stated for name in names}
    mainland = mainland_providers(providers.values())
    if ALL in named:
        return frozenset(providers)
    vendors = [names for names in stated if mainland & set(names)]
    shared = mainland if MAINLAND in named or len(vendors) >= COMMON else frozenset[str]()
    return shared | (named & set(providers))


def providers_of(rule: Rule, providers: Iterable[Provider]) -> frozenset[str]:
    """Return the ids of the providers where a rule may decide: on some day, in a region that they serve.

    A decision by the operator's policy does not count.
    """
    return frozenset(
        provider.id
        for provider in providers
        for region in REGIONS
        if provider.region_of(region) == region
        and any(decides(rule, provider, day, region) for day in turning_points(rule, provider))
    )


def turning_points(rule: Rule, provider: Provider) -> list[date]:
    """Return a day from each period during which the same parts of a rule and of a provider hold."""
    scopes: tuple[Scope | Era, ...] = (rule.file, *rule.file.decisions, *provider.eras)
    changes = {day for scope in scopes for day in (scope.since, scope.until) if day}
    return sorted({day - timedelta(days=1) for day in changes} | changes | {date.max})


def decides(rule: Rule, provider: Provider, as_of: date, region: Region) -> bool:
    """Return whether a rule is in force, and not switched off for every submission to this provider."""
    if provider.decisions.get(rule.id) == "off" or not rule.file.covers(provider, as_of, region):
        return False
    for case in rule.file.decisions:
        if case.covers(provider, as_of, region):
            if case.decision != "off":
                return True
            if not (case.kinds or case.purposes or case.fields or case.accounts):
                return False
    return rule.file.decision != "off"
