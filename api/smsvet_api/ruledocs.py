"""Generates the two rule pages of a checkout: `python -m smsvet_api.ruledocs [ROOT]`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from smsvet import Reviewer
from smsvet.model import Lang
from smsvet.rules.rule import Rule
from smsvet.rules.source_keys import keys_of, note_of
from smsvet.rules.sources import Sources
from smsvet.sms.provider import Provider

from .cli.excerpt import cropped, readable
from .cli.rule_view import scope
from .cli.terminal import out
from .http.rules import describe

INDEX = "rules/README.md"
PAGE = "docs/rules.md"
SOURCES_PAGE = "docs/sources.md"

TOPICS: Mapping[str, tuple[str, str]] = {
    "account": ("账户", "who applies"),
    "contact": ("联系方式", "telephone numbers and ids in a text"),
    "content": ("内容类别", "what is said, by category"),
    "link": ("链接", "web addresses"),
    "marketing": ("营销短信", "marketing messages and how to refuse them"),
    "message": ("成稿", "a rendered message and its template"),
    "notification": ("通知短信", "notifications"),
    "params": ("变量值", "values about to be sent"),
    "sending": ("发送", "when and to whom it is sent"),
    "signature": ("签名", "signatures"),
    "template": ("模板", "templates"),
    "verification": ("验证码短信", "verification codes"),
}
"""The subject of each topic's rules, in Chinese and English; other topics have only their name as heading."""

_GENERATED = (
    "<!-- 由 `make docs` 生成，请勿手工修改。 Written by `make docs`; edit the rule files instead. -->"
)
_DECISIONS = {
    "approve": "提示 advice",
    "manual_review": "人工复核 manual_review",
    "reject": "驳回 reject",
    "off": "停用 off",
}
_CONDITIONS = {
    "providers": "服务商 providers",
    "profiles": "时期 profiles",
    "region": "地区 region",
    "since": "自 since",
    "until": "至 until",
    "kinds": "对象 kinds",
    "purposes": "用途 purposes",
    "fields": "字段 fields",
    "accounts": "账户 accounts",
    "needs": "需要 needs",
    "possible": "可能 possible",
}
_TEXTS = ("signature", "body", "text")
_MOST_EXAMPLES = 3
_LONGEST = 240
_INDEX_HEAD = """\
# 规则 · Rules

每条规则一个文件，编号即路径。规则写法见 [docs/writing-rules.md](../docs/writing-rules.md)，完整说明见 [docs/rules.md](../docs/rules.md)。一格中有多个决定时，第一个是默认决定，其余各有条件。18、21、25、26、intl 是审核标准的时期：腾讯云 2018 年起、2021 年起、2025 年起，其他国内服务商，国际服务商；`*` 表示不限。

Each rule is one file, and its ID is the path. [docs/writing-rules.md](../docs/writing-rules.md) describes how to
write rules; [docs/rules.md](../docs/rules.md) is the full reference. If a cell lists several decisions, the first
is the default and the others are conditional. 18, 21, 25, 26 and intl are eras of the standards: Tencent Cloud
from 2018, 2021 and 2025, other mainland providers, and international ones; `*` means everywhere."""
_PAGE_HEAD = """\
# 规则说明 · The rules

`{match}` 是命中的文字，其余 `{…}` 由检查填入。“可能”是命中不确定时的决定，例如命中取决于变量的值。每种例子最多列出三个，全部例子见规则文件。

`{match}` is the matched text; the check fills in the other `{…}`. “Possible” is the decision for uncertain hits,
such as those that depend on a variable's value. At most three examples of each kind are shown; the rule file has
all."""


def pages(rules: Sequence[Rule], providers: Mapping[str, Provider], sources: Sources) -> dict[str, str]:
    """Return the generated pages: path in the repository -> text."""
    return {INDEX: index_page(rules), PAGE: rules_page(rules, providers, sources)}


def index_page(rules: Sequence[Rule]) -> str:
    """Return the page with the table of all rules: id, titles, decisions, scope and ids in the review standards."""
    lines = [_GENERATED, "", _INDEX_HEAD]
    for topic, members in by_topic(rules):
        lines += ["", f"## {heading(topic)}", ""]
        lines += [
            "| 规则 rule | 标题 | title | 决定 decision | 适用 scope | 标准 standard |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for rule in members:
            title = rule.file.title
            cells = (
                f"[{rule.id}](../{PAGE}#{anchor(rule)})",
                plain(title.zh),
                plain(title.en),
                " · ".join(dict.fromkeys(decisions(rule))),
                plain(scope(rule)),
                " ".join(f"`{name}`" for name in rule.file.standard),
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def rules_page(rules: Sequence[Rule], providers: Mapping[str, Provider], sources: Sources) -> str:
    """Return the page with one section per rule, grouped by topic: message, reason, fix, source and examples."""
    groups = [(topic, list(members)) for topic, members in by_topic(rules)]
    lines = [_GENERATED, "", _PAGE_HEAD, ""]
    lines += [f"- [{heading(topic)}](#{slug(heading(topic))}) ({len(members)})" for topic, members in groups]
    for topic, members in groups:
        lines += ["", f"## {heading(topic)}"]
        for rule in members:
            lines += ["", *section(rule, providers, sources)]
    named = {key for rule in rules for key in keys_of(rule.file.source)}
    return "\n".join([*lines, "", *link_targets(named, sources), ""])


def section(rule: Rule, providers: Mapping[str, Provider], sources: Sources) -> Iterator[str]:
    """Yield the lines of one rule's section."""
    file, described = rule.file, describe(rule, providers, sources, "zh")
    yield f"### {rule.id}"
    yield ""
    yield f"**{plain(file.title.zh)}** · {plain(file.title.en)} · [文件 file](../rules/{rule.id}.yaml)"
    yield ""
    yield f"- 决定 Decision: {_DECISIONS[file.decision]}；可能 possible: {file.possible}"
    yield from (f"  - {_DECISIONS[case.decision]}: {conditions(case)}" for case in file.decisions)
    departing = [
        f"{provider.id} {provider.decisions[rule.id]}"
        for provider in providers.values()
        if rule.id in provider.decisions
    ]
    if departing:
        yield f"  - 服务商另有规定 providers that depart: {', '.join(departing)}"
    where = conditions(
        file, {"providers", "profiles", "region", "since", "until", "kinds", "purposes", "needs"}
    )
    yield f"- 适用 Scope: {where or '不限 everywhere'}"
    for label, words in (("说法 Message", file.message), ("原因 Why", file.why), ("修改 Fix", file.fix)):
        yield f"- {label}: {plain(literal(words.zh))}"
        yield f"  <br>{plain(literal(words.en))}"
    if file.clause:
        yield f"- 条款 Clause: {plain(file.clause)}"
    codes = [f"{name} {code(item)}" for name, items in described["codes"].items() for item in items]
    if codes:
        yield f"- 错误码 Codes: {', '.join(codes)}"
    yield f"- 来源 Source: {cited(file.source, sources, 'zh')}"
    yield f"  <br>{cited(file.source, sources, 'en')}"
    for label, examples in (("命中 Flags", file.examples.flag), ("放行 Passes", file.examples.passes)):
        yield f"- {label}:"
        yield from (f"  - {shown(example)}" for example in examples[:_MOST_EXAMPLES])


def cited(source: str, sources: Sources, lang: Lang) -> str:
    """Return a `source:` value with each source as a link by its key, then the note; free text as it is."""
    links = [f"[{plain(each.text)}][{each.key}]" for each in sources.cite(source, lang)]
    note = note_of(source, lang)
    return ("；" if lang == "zh" else "; ").join(links + ([plain(note)] if note else [])) or plain(source)


def link_targets(keys: Iterable[str], sources: Sources) -> Iterator[str]:
    """Return what the links of `cited` lead to: a source's own address, or its row on the page of sources."""
    for key in sorted(keys):
        row = f"{Path(SOURCES_PAGE).name}#{source_anchor(key)}"
        yield f"[{key}]: {sources.citation(key, 'en').uri or row}"


def source_anchor(key: str) -> str:
    """Return where on the page of sources a key's row is."""
    return key.lower()


def by_topic(rules: Iterable[Rule]) -> Iterator[tuple[str, Iterator[Rule]]]:
    """Return the rules grouped by the first part of their ids."""
    return groupby(sorted(rules, key=lambda rule: rule.id), key=lambda rule: rule.id.partition("/")[0])


def heading(topic: str) -> str:
    """Return a topic's name with its subject in both languages."""
    zh, en = TOPICS.get(topic, ("", ""))
    return f"{topic}: {zh} · {en}" if zh else topic


def decisions(rule: Rule) -> list[str]:
    """Return the possible decisions of a rule, the default first; `approve` is shown as advice."""
    possible = [rule.file.decision, *(case.decision for case in rule.file.decisions)]
    return ["advice" if decision == "approve" else decision for decision in possible]


def conditions(part: BaseModel, names: set[str] | None = None) -> str:
    """Return the conditions of a rule or of one of its cases: all fields but the decision, or only `names`."""
    kept = part.model_dump(mode="json", exclude_defaults=True, exclude={"decision"}, include=names)
    return "; ".join(
        f"{_CONDITIONS.get(key, key)} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in kept.items()
    )


def code(item: Mapping[str, Any]) -> str:
    """Return a vendor's code with the period when it was in use and the kinds of submissions it answers."""
    since, until = item["since"], item["until"]
    conditions = [f"{since or '…'} – {until or '…'}"] if since or until else []
    conditions += item["kinds"]
    return f"`{item['code']}`" + (f" ({', '.join(conditions)})" if conditions else "")


def shown(example: Mapping[str, Any]) -> str:
    """Return an example: its texts as a recipient reads them, then the other fields, as JSON if nested."""
    texts = [
        f"{name} {quoted(value)}" if name != "body" else quoted(value)
        for name in _TEXTS
        if isinstance(value := example.get(name), str)
    ]
    rest = {name: value for name, value in example.items() if not isinstance(example[name], str)}
    words = {name: value for name, value in example.items() if name not in (*_TEXTS, *rest)}
    facts = [f"{name} {plain(readable(value))}" for name, value in words.items()]
    facts += [
        f"{name} {quoted(json.dumps(value, ensure_ascii=False, default=str))}" for name, value in rest.items()
    ]
    return " ← ".join(filter(None, (" + ".join(texts), ", ".join(facts)))) or quoted("")


def quoted(text: str) -> str:
    """Return a text as code on one line, with invisible characters made visible."""
    seen = cropped(text, _LONGEST)
    if not seen:
        return "（空 empty）"
    fence = "`" * (max((len(run) for run in re.findall("`+", seen)), default=0) + 1)
    blank = " " if seen.startswith(("`", " ")) or seen.endswith(("`", " ")) else ""
    return f"{fence}{blank}{seen}{blank}{fence}"


def literal(message: str) -> str:
    """Return a message with the escaped `{{1}}` as `{1}`."""
    return re.sub(r"\{\{(\w+)\}\}", r"{\1}", message)


def plain(text: str) -> str:
    """Return a text with Markdown characters escaped, also for table cells."""
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", " ".join(text.split()))


def anchor(rule: Rule) -> str:
    """Return the anchor of a rule's section."""
    return slug(rule.id)


def slug(title: str) -> str:
    """Return the anchor of a heading: lower case, blanks as hyphens, without other signs."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def main(root: Path) -> None:
    """Write both pages below the root of a checkout."""
    reviewer = Reviewer()
    for name, text in pages(reviewer.rules, reviewer.providers, reviewer.sources).items():
        (root / name).write_text(text, encoding="utf-8", newline="\n")
        out().print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
