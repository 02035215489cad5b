"""Load all content: rules, providers and words, with a digest that identifies them."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from .evasion.disguise import OFF, TRANSFORMS
from .evidence.evidence_model import EvidenceModel, read_evidence_model
from .files.cache import ContentCache
from .files.cached_model import CachedModel, read_model
from .files.content_files import ContentError, read_text
from .files.content_folders import AddedContent, added_content, already_there
from .files.digest import FOLDERS, digest, installed_beside
from .files.lazy_lines import LazyLines
from .lexicon.added import check_categories, read_all_entries, read_all_phrases
from .lexicon.entries import Entry, SafePhrase, to_entry, to_phrase
from .lexicon.facts import FILE as FACTS_FILE
from .lexicon.facts import FactReader, Facts
from .lexicon.lexicon import Lexicon
from .lexicon.warnings import FILE as WARNINGS_FILE
from .lexicon.warnings import WarningReader, Warnings
from .reader import Reader
from .rules.check import Context
from .rules.loader import load_rules
from .rules.policy import Policy, load_policy
from .rules.rule import Rule, term_categories
from .rules.sources import Sources, cited_sources
from .sms.names import Names
from .sms.provider import BODY_FILE, Provider, load_providers
from .templates.parser import TemplateParser
from .text.automaton import build_automaton
from .text.dictionary import cached_index
from .text.domains import Suffixes
from .text.fold import Folder
from .text.segmenter import Segmenter
from .text.short_links import Hosts

SHIPPED_MODEL = "corpora/model/evidence.tsv"


class Release(CachedModel):
    """`corpora/release.yaml`: the release date of the content."""

    released: date


class Purposes(CachedModel):
    """`corpora/purpose.yaml`: by purpose, the rules whose hits imply it if none is declared."""

    marketing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All content, compiled. `revision` is a digest of its files and the policy.

    Hits of the rules in `shows_marketing` imply that a text without a declared purpose is marketing.
    """

    rules: tuple[Rule, ...]
    providers: Mapping[str, Provider]
    reader: Reader
    released: date
    revision: str
    shows_marketing: tuple[Rule, ...]
    context: Context
    sources: Sources
    evidence: Callable[[], EvidenceModel] | None = None
    """The learned evidence, read on first use; None where it is off."""

    steps_down: frozenset[str] = frozenset()
    """The rules whose findings the learned evidence may make milder."""


@contextlib.contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the garbage collector: loading creates no garbage, so its repeated scans would be wasted."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # The next collection would scan all loaded objects; this moves them to the oldest generation.
        if running and hasattr(gc, "freeze") and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if running:
            gc.enable()


@gc_paused()
def load_catalogue(
    content: Path,
    rule_folders: tuple[Path, ...],
    policy_file: Path | None,
    backend: str | None,
    off: Collection[str] = OFF,
    cache: Path | None = None,
    words_only: bool = False,
    check_trust: Callable[[Path], None] | None = None,
    model_file: Path | None = None,
) -> Catalogue:
    """Return the compiled content; raises ContentError with one line per error.

    `cache` is the folder of cache files. Data that is cached for this content is not computed again.
    `words_only` applies only the terms and allowlist phrases of the policy. `check_trust` is called with the
    path of each Python file in `rule_folders` before the file is read, and of each rule file with `trusted: true`; it
    raises ContentError to refuse.
    `model_file` is the operator's learned evidence; without it the policy's.
    """
    unknown_disguises = sorted(set(off) - set(TRANSFORMS))
    if unknown_disguises:
        known = ", ".join(TRANSFORMS)
        raise ContentError(
            f"off: no disguise {unknown_disguises[0]}; known: {known}",
            f"off: 没有变形写法 {unknown_disguises[0]}；可用：{known}",
        )
    words_only = words_only and policy_file is not None
    switched = sorted(set(off) ^ set(OFF)) + (["words only"] if words_only else [])
    added = added_content(rule_folders, content)
    policy, where = load_policy(policy_file) if policy_file else (Policy.model_construct(), str)
    policy = policy.words() if words_only else policy
    own_model = model_file or policy.model_file(policy_file)
    places = [*(content / name for name in FOLDERS), *added.places]
    places += [path for path in (policy_file, own_model) if path]
    key = digest(places, switched) if cache else ""
    content_cache = ContentCache(cache, key_of(key, (content, *rule_folders, policy_file), backend, off))
    left_out = policy.left_out(off)
    corpora = content / "corpora"
    providers = policy.limited(all_providers(content, added, content_cache), where)
    terms = content_cache.words("terms", lambda: read_all_entries(corpora, added))
    phrases = content_cache.words("safe", lambda: read_all_phrases(corpora, added))
    entries: Sequence[Entry]
    safe: Sequence[SafePhrase]
    if content_cache.found:
        entries = LazyLines(terms, to_entry, policy.entries(where))
        safe = LazyLines(phrases, to_phrase, policy.phrases())
    else:
        entries = (*map(to_entry, terms), *policy.entries(where))
        safe = (*map(to_phrase, phrases), *policy.phrases())
    folder = Folder.load(corpora / "fold.tsv", content_cache)
    words = read_text(corpora / "words.txt", "corpora/words.txt").split("\n")
    own = [word for word in words if word and not word.startswith("#")]
    segmenter = Segmenter(own, index=cached_index(content_cache))
    lexicon = Lexicon(
        entries, safe, folder, segmenter, backend, corpora / "disguise", left_out, content_cache
    )
    hosts = Hosts.load(corpora / "domains")
    context = Context(providers, lexicon.categories, hosts, folder)
    rules = all_rules(content, added, context, content_cache, check_trust)
    sources = cited_sources(content, added, providers, rules, content_cache)
    if policy.terms or policy.safe or added.terms or added.safe:
        used = {name for rule in rules.values() for name in term_categories(rule.file)}
        check_categories(added, used)
        titles = {
            title: rule.file.category
            for rule in rules.values()
            for title in (rule.file.title.zh, rule.file.title.en)
            if rule.file.category
        }
        policy.check_categories(used, titles, where)
    for rule_id, decision in policy.switches(rules, where).items():
        rules[rule_id] = replace(rules[rule_id], switched=decision)
    unknown = sorted(
        f"grammars/{provider.id}.yaml: decisions: unknown rule {rule_id}"
        for provider in providers.values()
        for rule_id in set(provider.decisions) - set(rules)
    )
    if unknown:
        raise ContentError("\n".join(unknown))
    shown_by = read_model(corpora / "purpose.yaml", Purposes, "corpora/purpose.yaml", content_cache).marketing
    absent = [rule_id for rule_id in shown_by if rule_id not in rules]
    if absent:
        raise ContentError(
            f"corpora/purpose.yaml: marketing: no rule {absent[0]}",
            f"corpora/purpose.yaml: marketing: 没有规则 {absent[0]}",
        )
    shows_marketing = tuple(rules[rule_id] for rule_id in shown_by)
    evidence = None
    if policy.learned == "on":
        evidence = learned_evidence(content, own_model, content_cache.found)
    steps_down = (
        rule.id for rule in rules.values() if rule.file.learned == "step-down" and not rule.switched
    )
    literals = dict(lexicon.numbers)
    prefilter = context.patterns.prefilter(literals, content_cache)
    reader = Reader(
        folder,
        lexicon,
        WarningReader(
            read_model(corpora / WARNINGS_FILE, Warnings, f"corpora/{WARNINGS_FILE}", content_cache)
        ),
        FactReader(read_model(corpora / FACTS_FILE, Facts, f"corpora/{FACTS_FILE}", content_cache)),
        TemplateParser(content / "grammars" / BODY_FILE, providers, content_cache, added.grammars),
        Suffixes(),
        Names(corpora / "names"),
        prefilter,
        build_automaton(tuple(literals), backend, content_cache, "literals"),
        left_out,
        evidence if own_model else None,
    )
    released = read_model(corpora / "release.yaml", Release, "corpora/release.yaml", content_cache).released
    if not content_cache.found:
        before, key = key, digest(places, switched)
        # If a file changed during loading, it is unclear which version was read, so nothing is cached.
        if before == key:
            content_cache.write()
    return Catalogue(
        tuple(rules[rule_id] for rule_id in sorted(rules)),
        providers,
        reader,
        released,
        key[:16],
        shows_marketing,
        context,
        sources,
        evidence,
        frozenset(steps_down),
    )


def learned_evidence(
    content: Path, own_model: Path | None, validated: bool
) -> Callable[[], EvidenceModel] | None:
    """Return a function that reads the operator's model, or else the shipped one; None without a model.

    The file is large and few texts need it, so it is read on first use. Raises ContentError at once unless it was
    `validated` before.
    """
    path, name = content / SHIPPED_MODEL, SHIPPED_MODEL
    if own_model:
        path, name = own_model, str(own_model)
    elif not path.is_file():
        return None
    read = lru_cache(maxsize=1)(partial(read_evidence_model, path, name))
    if not validated:
        read()
    return read


def all_providers(content: Path, added: AddedContent, content_cache: ContentCache) -> dict[str, Provider]:
    """Return the built-in and the added providers by ID; raises ContentError for an ID that two files define."""
    providers = load_providers(content / "grammars", content_cache)
    places = {key: f"grammars/{key}.yaml" for key in providers}
    for folder in added.grammars:
        for key, provider in load_providers(folder, content_cache, str(folder)).items():
            place = f"{folder}/{key}.yaml"
            if key in providers:
                raise already_there(f"a provider {key}", f"服务商 {key}", place, places[key])
            providers[key], places[key] = provider, place
    return providers


def all_rules(
    content: Path,
    added: AddedContent,
    context: Context,
    content_cache: ContentCache,
    check_trust: Callable[[Path], None] | None,
) -> dict[str, Rule]:
    """Return the built-in and the added rules by ID; raises ContentError for an ID that two files define."""
    rules = {rule.id: rule for rule in load_rules(content / "rules", context, "", content_cache)}
    places = {key: f"rules/{key}.yaml" for key in rules}
    for folder in added.rules:
        for rule in load_rules(folder, context, str(folder), content_cache, check_trust, check_time=True):
            place = f"{folder}/{rule.id}.yaml"
            if rule.id in rules:
                raise already_there(f"a rule {rule.id}", f"规则 {rule.id}", place, places[rule.id])
            rules[rule.id], places[rule.id] = rule, place
    return rules


def key_of(content: str, paths: Iterable[Path | None], backend: str | None, off: Collection[str]) -> str:
    """Return the cache key: a digest of everything that determines the cached data.

    It covers the engine's own files because a checkout's version number does not change with every edit.
    """
    engine = digest([Path(__file__).parent]) if content else ""
    libraries = installed_beside("yaml", "pydantic", "lark", "jieba") if content else []
    chosen = [sys.version, *map(str, paths), str(backend), *sorted(off)]
    return hashlib.sha256(json.dumps([content, engine, libraries, chosen]).encode()).hexdigest()
