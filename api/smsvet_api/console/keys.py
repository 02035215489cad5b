"""The keyboard shortcuts of the pages: one table for the help dialog, the hints on buttons and the script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from smsvet.model import Lang

from ..wording import say

Scope = Literal["everywhere", "queue", "case", "cluster", "rule"]
"""Where a shortcut works; a page belongs to at most one scope besides `everywhere`."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key that clicks the element with it, or focuses a field. `keys` are pressed one after another, as in `g q`."""

    keys: str
    scope: Scope
    action: str
    zh: str
    en: str

    def words(self, lang: Lang) -> str:
        """Return what it does, in a language."""
        return say(lang, self.zh, self.en)


def _shortcuts(scope: Scope, *rows: tuple[str, str, str, str]) -> tuple[Shortcut, ...]:
    return tuple(Shortcut(keys, scope, action, zh, en) for keys, action, zh, en in rows)


SHORTCUTS: Final = (
    *_shortcuts(
        "queue",
        ("c", "claim", "领取下一件", "Claim the next case"),
        ("j", "next", "下一行", "Next row"),
        ("k", "previous", "上一行", "Previous row"),
        ("o", "open", "打开所选的行（也可按 Enter）", "Open the row (or Enter)"),
        ("n", "show", "显示新到的案件", "Show new cases"),
        ("1", "view-1", "第一个视图（至 9）", "First saved view (up to 9)"),
    ),
    *_shortcuts(
        "case",
        ("c", "claim", "领取此案件", "Claim this case"),
        ("a", "approve", "通过", "Approve"),
        ("r", "reject", "拒绝（打开原因，Enter 发送）", "Reject (opens the reasons, Enter sends)"),
        ("m", "escalate", "提请组长", "To lead"),
        ("h", "hold", "搁置", "Hold"),
        ("s", "skip", "跳过", "Skip"),
        ("1", "reason-1", "勾选第一个原因（至 9）", "Tick the first reason (up to 9)"),
        ("0", "house", "其他原因", "More reasons"),
        ("e", "note", "写备注", "Write a note"),
        ("j", "next", "下一条命中", "Next finding"),
        ("k", "previous", "上一条命中", "Previous finding"),
        ("o", "open", "打开所选命中的规则（也可按 Enter）", "Open the rule of the finding (or Enter)"),
        ("f", "fixed", "看修改后", "Show the fixed version"),
        ("w", "why", "为什么没有命中", "Why it was not flagged"),
        ("v", "invisible", "显示不可见字符", "Show invisible characters"),
        ("b", "cluster", "打开同类", "Open the cluster"),
        ("x", "example", "存为规则示例", "Save as an example of the rule"),
    ),
    *_shortcuts(
        "cluster",
        ("j", "next", "下一件", "Next member"),
        ("k", "previous", "上一件", "Previous member"),
        ("o", "open", "打开所选案件（也可按 Enter）", "Open the member (or Enter)"),
        ("x", "tick", "勾选所选案件", "Tick the member"),
        ("a", "approve", "通过已勾选", "Approve the ticked"),
        ("r", "reject", "拒绝已勾选", "Reject the ticked"),
        ("m", "escalate", "提请组长", "To lead"),
    ),
    *_shortcuts("rule", ("x", "example", "收入示例篮", "Add to the examples")),
    *_shortcuts(
        "everywhere",
        ("g q", "go-queue", "前往队列", "Go to the queue"),
        ("g d", "go-dashboard", "前往看板", "Go to the dashboard"),
        ("g r", "go-rules", "前往规则", "Go to the rules"),
        ("g t", "go-try", "前往试一试", "Go to Try it"),
        ("g p", "go-reports", "前往报告", "Go to the reports"),
        ("u", "undo", "撤销刚才的决定", "Undo the last decision"),
        ("/", "search", "搜索", "Search"),
        ("?", "help", "显示快捷键", "Show the shortcuts"),
        ("Esc", "leave", "离开输入框或面板", "Leave a field or a panel"),
    ),
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The shortcuts of one page. With `on` false, the user has switched them off: nothing is shown."""

    scope: Scope
    lang: Lang
    on: bool = True

    def __call__(self, action: str, number: int = 0) -> Markup:
        """Return the attributes of an element that a shortcut clicks. `number` adds to the digit of a key.

        Raises KeyError for an action that the page does not have.
        """
        keys = self._keys(action, number)
        if not self.on:
            return Markup()
        aria = keys.replace(" ", "")  # HTML knows no sequences
        return Markup('data-key="{}"{}').format(
            keys, Markup(' aria-keyshortcuts="{}"').format(keys) if aria == keys else ""
        )

    def hint(self, action: str, number: int = 0) -> Markup:
        """Return the key to show on a button. Raises KeyError for an action that the page does not have."""
        keys = self._keys(action, number)
        if not self.on:
            return Markup()
        return Markup('<kbd class="key" aria-hidden="true" translate="no">{}</kbd>').format(keys)

    def rows(self) -> Mapping[str, list[tuple[str, str]]]:
        """Return keys with their actions, those of this page and those of every page."""
        scopes = dict.fromkeys((self.scope, "everywhere"))
        return {
            scope: [(one.keys, one.words(self.lang)) for one in SHORTCUTS if one.scope == scope]
            for scope in scopes
        }

    def _keys(self, action: str, number: int) -> str:
        for one in SHORTCUTS:
            if one.action == action and one.scope in (self.scope, "everywhere"):
                return str(int(one.keys) + number) if number else one.keys
        raise KeyError(action)
