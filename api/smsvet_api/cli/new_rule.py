"""Writes the file of a new rule from a template that already works."""

from __future__ import annotations

import re
from pathlib import Path

from smsvet.model import Lang

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
source: 本单位的规定 / our own policy

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
    text = _TEMPLATE.format(rule_id=rule_id, name=rule_id.rsplit("/", 1)[1], folder=folder.as_posix())
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
