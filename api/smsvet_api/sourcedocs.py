"""Generates the page of sources of a checkout: `python -m smsvet_api.sourcedocs [ROOT]`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from smsvet import Reviewer
from smsvet.rules.source_keys import keys_of
from smsvet.rules.source_scope import mainland_providers, providers_of
from smsvet.rules.sources import Citation, Sources

from .cli.terminal import out
from .ruledocs import SOURCES_PAGE, anchor, link_targets, plain, source_anchor

_HEAD = """\
<!-- 由 `make docs` 生成，请勿手工修改。 Written by `make docs`; edit corpora/sources.yaml instead. -->

# 来源 · Sources

规则的 `source:` 和服务商限制的 `source:` 用代号引用下列页面、法律和判断（[corpora/sources.yaml](../corpora/sources.yaml)）。链接的页面以存档副本读取，可能已移动或改动；“阅读”是读取的日期。

The `source:` of a rule and of a provider's limit names these pages, laws and judgements by key
([corpora/sources.yaml](../corpora/sources.yaml)). The pages were read as stored copies on the day in the column “read”.
They may have moved or changed since."""

_COLUMNS = (
    "代号 key",
    "标题 title",
    "日期 dated",
    "阅读 read",
    "可信度 confidence",
    "备注 note",
    "规则 rules",
    "限制 limits",
)

_SCOPE = """\
## 规则的适用范围 · Where each rule applies

一条规则适用于其来源所说的服务商；来源是运营商、法律，或有多家国内服务商作同样规定的，适用于全部国内服务商；本项目的判断适用于所有服务商。

A rule applies to the providers for which its sources speak; to all of the mainland if the source is a carrier or a law, or if
several vendors of the mainland state the same; and, if it is our own judgement, to every provider."""


def sources_page(reviewer: Reviewer) -> str:
    """Return the page: the legend, then a table for each vendor, in the order of the file."""
    file = reviewer.sources.file
    lines = [_HEAD, "", "| 可信度 confidence | 含义 | meaning |", "| --- | --- | --- |"]
    lines += [f"| {plain(mark)} | {text.zh} | {text.en} |" for mark, text in file.confidence.items()]
    rules = Counter(key for rule in reviewer.rules for key in keys_of(rule.file.source))
    limits = Counter(
        key
        for provider in reviewer.providers.values()
        for entries in provider.limits.values()
        for entry in entries
        for key in keys_of(entry.source)
    )
    for vendor, name in file.vendors.items():
        heading = name.zh if name.zh == name.en else f"{name.zh} · {name.en}"
        lines += ["", f"## {heading}", "", _row(*_COLUMNS), _row(*["---"] * len(_COLUMNS))]
        lines += [
            _row(*_cells(key, reviewer.sources), str(rules[key] or ""), str(limits[key] or ""))
            for key, source in file.sources.items()
            if source.vendor == vendor
        ]
    lines += ["", _SCOPE, "", *scope_table(reviewer)]
    online = [key for key, source in file.sources.items() if source.url]
    return "\n".join([*lines, "", *link_targets(online, reviewer.sources), ""])


def scope_table(reviewer: Reviewer) -> Iterator[str]:
    """Yield the lines of the table of rules, the providers where they apply, and their sources by vendor."""
    file, mainland = reviewer.sources.file, mainland_providers(reviewer.providers.values())
    yield _row("规则 rule", "服务商 providers", "来源 sources")
    yield _row("---", "---", "---")
    for rule in reviewer.rules:
        reached = providers_of(rule, reviewer.providers.values())
        where = ["国内 mainland"] if mainland <= reached else []
        where += [f"`{provider}`" for provider in sorted(reached - mainland if where else reached)]
        if reached == set(reviewer.providers):
            where = ["全部 all"]
        by_vendor: dict[str, list[str]] = {}
        for key in keys_of(rule.file.source):
            by_vendor.setdefault(file.sources[key].vendor, []).append(f"[{key}](#{source_anchor(key)})")
        sources = [f"{file.vendors[vendor].en}: {', '.join(keys)}" for vendor, keys in by_vendor.items()]
        yield _row(f"[{rule.id}](rules.md#{anchor(rule)})", ", ".join(where), "; ".join(sources))


def _cells(key: str, sources: Sources) -> Iterator[str]:
    zh, en = sources.citation(key, "zh"), sources.citation(key, "en")
    yield f'<a id="{source_anchor(key)}"></a>`{key}`'
    yield _both(_linked(zh), plain(en.title))
    yield zh.dated or ""
    yield zh.read.isoformat() if zh.read else ""
    yield plain(zh.confidence)
    yield _both(plain(zh.note), plain(en.note)) if zh.note and en.note else ""


def _linked(citation: Citation) -> str:
    title = plain(citation.title)
    return f"[{title}][{citation.key}]" if citation.uri else title


def _both(zh: str, en: str) -> str:
    return zh if zh == en else f"{zh}<br>{en}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main(root: Path) -> None:
    """Write the page below the root of a checkout."""
    (root / SOURCES_PAGE).write_text(sources_page(Reviewer()), encoding="utf-8", newline="\n")
    out().print(SOURCES_PAGE)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
