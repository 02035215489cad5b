"""Everything loaded: rules, providers, words, and the digest that names them together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from .atom import Check, Context
from .disguise import OFF
from .entries import load_entries, load_safe
from .fold import Folder
from .lexicon import Lexicon
from .links import Hosts, Suffixes
from .matcher import build
from .names import Names
from .policy import Policy, load_policy
from .provider import Provider, load_providers
from .reading import Reader
from .rules import Rule, heeded, load_rules
from .segment import Segmenter
from .source import ContentError, read_model, read_text
from .template import TemplateParser

_READ = {".yaml", ".tsv", ".txt", ".lark", ".py"}


class Release(BaseModel):
    """`corpora/release.yaml`: the day this content was released."""

    model_config = ConfigDict(extra="forbid")

    released: date


class Purposes(BaseModel):
    """`corpora/purpose.yaml`: by purpose, the rules whose hits show it where none is declared."""

    model_config = ConfigDict(extra="forbid")

    marketing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All content, compiled. `revision` is a digest of every file and the policy that made it.

    `shows_marketing` are the checks whose hits show what a text without a declared purpose is for.
    """

    rules: tuple[Rule, ...]
    providers: Mapping[str, Provider]
    reader: Reader
    released: date
    revision: str
    shows_marketing: tuple[Check, ...]


def load_catalogue(
    content: Path,
    rule_folders: tuple[Path, ...],
    policy_file: Path | None,
    backend: str | None,
    off: Collection[str] = OFF,
) -> Catalogue:
    """Return the compiled content; raises ContentError with a line for each error."""
    policy = load_policy(policy_file) if policy_file else Policy()
    corpora = content / "corpora"
    providers = policy.limited(load_providers(content / "grammars"), str(policy_file))
    entries = load_entries(corpora / "terms", "corpora/terms") + policy.entries(str(policy_file))
    safe = load_safe(corpora / "safe", "corpora/safe") + policy.phrases()
    folder = Folder.load(corpora / "fold.tsv")
    words = read_text(corpora / "words.txt", "corpora/words.txt").split("\n")
    segmenter = Segmenter(words=[word for word in words if word and not word.startswith("#")])
    lexicon = Lexicon(entries, safe, folder, segmenter, backend, corpora / "disguise", off)
    hosts = Hosts.load(corpora / "domains")
    context = Context(providers, lexicon.categories, hosts, folder)
    rules = {rule.id: rule for rule in load_rules(content / "rules", context)}
    for path in rule_folders:
        for rule in load_rules(path, context, str(path)):
            if rule.id in rules:
                place = f"{path}/{rule.id}.yaml"
                raise ContentError(
                    f"{place}: a rule {rule.id} exists already", f"{place}: 规则 {rule.id} 已存在"
                )
            rules[rule.id] = rule
    policy.check_categories({name for rule in rules.values() for name in heeded(rule.file)}, str(policy_file))
    for rule_id, decision in policy.switches(rules, str(policy_file)).items():
        rules[rule_id] = replace(rules[rule_id], switched=decision)
    unknown = sorted(
        f"grammars/{provider.id}.yaml: decisions: unknown rule {rule_id}"
        for provider in providers.values()
        for rule_id in set(provider.decisions) - set(rules)
    )
    if unknown:
        raise ContentError("\n".join(unknown))
    shown_by = read_model(corpora / "purpose.yaml", Purposes, "corpora/purpose.yaml").marketing
    absent = [rule_id for rule_id in shown_by if rule_id not in rules]
    if absent:
        raise ContentError(
            f"corpora/purpose.yaml: marketing: no rule {absent[0]}",
            f"corpora/purpose.yaml: marketing: 没有规则 {absent[0]}",
        )
    shows_marketing = tuple(rules[rule_id].check for rule_id in shown_by)
    sought = dict(lexicon.numbers)
    scanner = context.anchors.scanner(sought)
    reader = Reader(
        folder,
        lexicon,
        TemplateParser(content / "grammars" / "body.lark", providers),
        Suffixes(),
        Names(corpora / "names"),
        scanner,
        build(tuple(sought), backend),
        frozenset(off),
    )
    released = read_model(corpora / "release.yaml", Release, "corpora/release.yaml").released
    parts = [content / name for name in ("rules", "grammars", "corpora")]
    extra = [*rule_folders, *([policy_file] if policy_file else [])]
    return Catalogue(
        tuple(rules[rule_id] for rule_id in sorted(rules)),
        providers,
        reader,
        released,
        digest([*parts, *extra]),
        shows_marketing,
    )


def digest(places: Iterable[Path]) -> str:
    """Return 16 hexadecimal digits of a SHA-256 over the names and bytes of all content files."""
    total = hashlib.sha256()
    for place in places:
        files = (
            [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.suffix in _READ)
        )
        for path in files:
            total.update(path.relative_to(place).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]
