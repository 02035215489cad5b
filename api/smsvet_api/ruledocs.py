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
from smsvet.rules.sources import Sources, keys_of
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
"""What the rules of a topic look at; a topic that is not here is headed by its name alone."""

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

每条规则一个文件，编号即路径；写法见 [docs/writing-rules.md](../docs/writing-rules.md)，逐条说明见 [docs/rules.md](../docs/rules.md)。一格中有多个决定时，第一个是一般情况，其余各有条件。“18、21、25、26、intl”是审核标准的时期：腾讯云 2018、2021、2025 年，其他国内服务商，国际；`*` 为不限。

A rule is a file and its id is the path; [docs/writing-rules.md](../docs/writing-rules.md) says how to write one,
[docs/rules.md](../docs/rules.md) has all there is to each. Where a cell has several decisions, the first is the
usual one and the others have conditions. 18, 21, 25, 26 and intl are eras of the standards: Tencent Cloud from
2018, 2021 and 2025, the other mainland providers, and international ones; `*` is everywhere."""
_PAGE_HEAD = """\
# 规则说明 · The rules

`{match}` 是命中的文字，其余 `{…}` 由检查填入。“可能”是取决于尚未看到的内容（如变量的值）时的决定。例子最多各列三个，全部例子在规则文件中。

`{match}` is the text that was hit; the check fills in the other `{…}`. “Possible” is what a rule asks for where
the hit depends on something unseen, such as a variable's value. At most three examples of a kind are shown; the
rule's file has all."""


def pages(rules: Sequence[Rule], providers: Mapping[str, Provider], sources: Sources) -> dict[str, str]:
    """Return the text of each generated page by its path in the repository."""
    return {INDEX: index_page(rules), PAGE: rules_page(rules, providers, sources)}


def index_page(rules: Sequence[Rule]) -> str:
    """Return the table of all rules: id, titles, decision, scope and ids of the review standards."""
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
    """Return one section a rule: message, why, fix, source and examples, by topic."""
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
    """Return the lines of one rule's section."""
    file, told = rule.file, describe(rule, sources, "zh")
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
    codes = [f"{name} {code(item)}" for name, items in told["codes"].items() for item in items]
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
    note = sources.note(source, lang)
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
    """Return the rules by the first part of their ids."""
    return groupby(sorted(rules, key=lambda rule: rule.id), key=lambda rule: rule.id.partition("/")[0])


def heading(topic: str) -> str:
    """Return a topic with what its rules look at, in both languages."""
    zh, en = TOPICS.get(topic, ("", ""))
    return f"{topic}: {zh} · {en}" if zh else topic


def decisions(rule: Rule) -> list[str]:
    """Return what a rule may ask for, the usual decision first; advice is called so."""
    asked = [rule.file.decision, *(case.decision for case in rule.file.decisions)]
    return ["advice" if decision == "approve" else decision for decision in asked]


def conditions(part: BaseModel, names: set[str] | None = None) -> str:
    """Return under which conditions a rule or a case of it holds; all fields but the decision, or `names`."""
    kept = part.model_dump(mode="json", exclude_defaults=True, exclude={"decision"}, include=names)
    return "; ".join(
        f"{_CONDITIONS.get(key, key)} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in kept.items()
    )


def code(item: Mapping[str, Any]) -> str:
    """Return a vendor's code with the time it was in use."""
    since, until = item["since"], item["until"]
    return f"`{item['code']}`" + (f" ({since or '…'} – {until or '…'})" if since or until else "")


def shown(example: Mapping[str, Any]) -> str:
    """Return an example: its texts as they are read, the rest as JSON behind them."""
    texts = [
        f"{name} {quoted(value)}" if name != "body" else quoted(value)
        for name in _TEXTS
        if isinstance(value := example.get(name), str)
    ]
    rest = {name: value for name, value in example.items() if not isinstance(example[name], str)}
    words = {name: value for name, value in example.items() if name not in (*_TEXTS, *rest)}
    told = [f"{name} {plain(readable(value))}" for name, value in words.items()]
    told += [
        f"{name} {quoted(json.dumps(value, ensure_ascii=False, default=str))}" for name, value in rest.items()
    ]
    return " ← ".join(filter(None, (" + ".join(texts), ", ".join(told)))) or quoted("")


def quoted(text: str) -> str:
    """Return a text as code on one line, with what nobody sees written out."""
    seen = cropped(text, _LONGEST)
    if not seen:
        return "（空 empty）"
    fence = "`" * (max((len(run) for run in re.findall("`+", seen)), default=0) + 1)
    blank = " " if seen.startswith(("`", " ")) or seen.endswith(("`", " ")) else ""
    return f"{fence}{blank}{seen}{blank}{fence}"


def literal(message: str) -> str:
    """Return a message with `{{1}}` written as it will be read, `{1}`."""
    return re.sub(r"\{\{(\w+)\}\}", r"{\1}", message)


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is, in a table's cell too."""
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", " ".join(text.split()))


def anchor(rule: Rule) -> str:
    """Return where on its page a rule's section begins."""
    return slug(rule.id)


def slug(title: str) -> str:
    """Return the anchor that a heading gets: lower case, blanks as hyphens, other signs left out."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def main(root: Path) -> None:
    """Write both pages below the root of a checkout."""
    reviewer = Reviewer()
    for name, text in pages(reviewer.rules, reviewer.providers, reviewer.sources).items():
        (root / name).write_text(text, encoding="utf-8", newline="\n")
        out().print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
