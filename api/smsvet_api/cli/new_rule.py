"""Writes the file of a new rule from a template that already works."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from smsvet.files.content_folders import rules_folder
from smsvet.files.location import CONTENT
from smsvet.model import Lang

from ..configuration.configuration_file import OWN_FILE
from ..configuration.precedence import Effective
from ..files.rows import InputError
from ..wording import say

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")

_TEMPLATE = """\
# 规则的编号就是它的路径：{rule_id}。改好后运行 smsvet check {folder}
# A rule's id is its path. Having changed it, run smsvet check {folder}
title: {{zh: "{name}", en: "{name}"}}

# approve（仅提示）、manual_review（人工复核）、reject（驳回）
decision: manual_review

# {{match}} 是命中的文字。 {{match}} is the text that was hit.
message:
  zh: "“{{match}}”不宜出现在短信中"
  en: "“{{match}}” should not be in a message"
why:
  zh: 写明为什么不允许，审核员会看到这段话。
  en: Say why this is not allowed; reviewers read it.
fix:
  zh: "删去“{{match}}”或换一种说法"
  en: "Remove “{{match}}” or say it differently"
source: {source}
{category}
# 适用范围，不写则总是适用： providers: [tencent]   since: 2026-01-01   purposes: [marketing]
# 检查的种类： terms, pattern, length, placeholder, link, contact, field, score, all, any, unless, python
check:
  kind: pattern
  pattern: 此处写要找的文字
  in: [signature, body, text, params]

# 两种例子都要有：它们既是说明，也是测试。 Both lists are needed: they document and test the rule.
examples:
  flag:
    - body: "您好，此处写要找的文字，请查收。"
  pass:
    - body: "您的验证码是{{1}}，{{2}}分钟内有效。"
"""


def default_folder(config: Effective) -> Path:
    """Return the folder of rules that the configuration names first, else `rules`."""
    configuration = config.configuration
    if configuration.rules:
        return rules_folder(configuration.rules[0])
    return configuration.content[0] / "rules" if configuration.content else Path("rules")


def how_to_run(path: Path, rule_id: str, config: Effective) -> Iterator[Text]:
    """Return the lines that say where the rule is and which commands use it."""
    folder = path.parents[rule_id.count("/")]
    loaded = [rules_folder(one) for one in config.folders] + [CONTENT / "rules"]
    in_force = folder.resolve() in [one.resolve() for one in loaded]
    option = "" if in_force else f" --rules {shlex.quote(str(folder))}"
    yield Text(say(config.lang, f"已写入 {path}", f"wrote {path}"))
    yield Text(say(config.lang, "改好后检查并试用：", "After changing it, check and try it:"))
    yield Text(f"  smsvet check{option.replace(' --rules', '')}")
    yield Text(f"  smsvet review{option} --body '…'")
    if not in_force:
        line = f"rules = [{json.dumps(folder.as_posix(), ensure_ascii=False)}]"
        yield Text(
            say(
                config.lang,
                f"在 {OWN_FILE} 中写入 {line} 后，不必再加 --rules",
                f"With {line} in {OWN_FILE}, --rules is not needed",
            )
        )


def write_rule(rule_id: str, folder: Path, lang: Lang) -> Path:
    """Write a new rule file and return its path. Raises InputError for a bad id or if the file exists."""
    if not _ID.fullmatch(rule_id):
        raise InputError(
            say(
                lang,
                f"{rule_id}：规则编号应为 <主题>/<名称>，小写，如 content/night-delivery",
                f"{rule_id}: a rule's id is <topic>/<name> in lower case, such as content/night-delivery",
            )
        )
    path = folder / f"{rule_id}.yaml"
    name = rule_id.rsplit("/", 1)[1]
    own = name.replace("-", "_")
    text = _TEMPLATE.format(
        rule_id=rule_id,
        name=name,
        folder=folder.as_posix(),
        source="OWN" if folder.resolve() == CONTENT / "rules" else "本单位的规定 / our own policy",
        category=f"category: {own}\n" if rule_id.startswith("content/") and own[0].isalpha() else "",
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise InputError(
            say(lang, f"{path}：已存在，不覆盖", f"{path}: exists already, left as it is")
        ) from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    return path
