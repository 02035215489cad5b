"""Reads an item of a vendor's list answer as a submission."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..wording import say
from .columns import REVIEWED
from .rows import Reading, Row, Unreadable
from .words import FIELDS_WITH_WORDS, Meaning, meaning

_SIGNED: Final = re.compile(r"\s*【([^【】#{}$]*)】")


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One kind of item. A key may be a path: `components.BODY.text` is the text of the component of type BODY."""

    provider: str
    marks: frozenset[str]
    """Keys that every item has, and no submission."""

    fields: Mapping[str, str]
    """Key -> field of the submission."""

    lists: frozenset[str] = frozenset()
    """Keys of an answer that hold a list of such items."""

    codes: Mapping[str, Mapping[str, Meaning]] = field(default_factory=dict)
    """Key -> code -> fields, where the vendor's codes for a key are not those of `words`."""

    states: Mapping[str, str] = field(default_factory=dict)
    """Code -> state of the vendor's own review; the first of `marks` that is in STATE_KEYS holds it."""

    fixed: Mapping[str, str] = field(default_factory=dict)
    """Fields of every item."""

    unread: tuple[str, ...] = ()
    """Keys of texts that belong to the template and that are not reviewed."""

    everyday: bool = False
    """Whether the marks are everyday words, which a table may have as headings without being this vendor's."""

    optout: str = ""
    """Key of a text that the vendor appends to the template."""

    def row(
        self, line: int, item: Mapping[str, object], reading: Reading, seen: set[str]
    ) -> Row | Unreadable:
        """Return an item as a row. Keys that no field takes are noted once; `seen` has those already noted."""
        data: dict[str, Any] = {"provider": self.provider, **self.fixed}
        known = item if self.marks <= item.keys() else capitalised(item)
        translated = {key: self._state(key, value, reading) for key, value in item.items()}
        for path, name in self.fields.items():
            value = _at(known, path.split("."))
            if value is None or value == "" or isinstance(value, dict | list):
                continue
            means = self._meaning(path, name, str(value))
            if means is None:
                _note_once(
                    reading,
                    seen,
                    f"{path}={value}",
                    f"不认识的值 {path}={value}，{name} 按未提供处理",
                    f"unknown value {path}={value}; {name} is taken as not supplied",
                )
            else:
                data |= means
        _without_brackets(data)
        appended = known.get(self.optout)
        if isinstance(appended, str) and appended and appended not in data.get("body", ""):
            data["body"] = f"{data.get('body', '')}{appended}"
        used = {path.partition(".")[0] for path in self.fields} | {self.optout}
        other = {
            key: value for key, value in translated.items() if key not in used and capital(key) not in used
        }
        other |= {path: text for path in self.unread if (text := _at(item, path.split("."))) is not None}
        if fresh := [key for key in other if key not in seen]:
            seen.update(fresh)
            reading.note(
                say(
                    reading.lang,
                    f"{reading.source}：不是审核字段、原样保留的键：{'、'.join(fresh)}",
                    f"{reading.source}: keys kept as they are, not reviewed: {', '.join(fresh)}",
                )
            )
        if not REVIEWED & data.keys():
            keys = [path for path, name in self.fields.items() if name in REVIEWED]
            wrong = say(reading.lang, f"没有 {keys[0]}，无可审核", f"no {keys[0]}, nothing to review")
            return Unreadable(line, wrong, data.get("id"), translated)
        return Row(line, data, translated, other)

    def _meaning(self, path: str, name: str, value: str) -> Meaning | None:
        if path in self.codes:
            known = self.codes[path]
            return known.get(value, known.get(value.casefold()))
        if name in FIELDS_WITH_WORDS:
            return meaning(name, value, self.provider)
        return {name: value}

    def _state(self, key: str, value: object, reading: Reading) -> object:
        """Return the vendor's own decision in words, any other value as given; nested values as JSON."""
        if not STATE_KEYS.isdisjoint((key, capital(key))) and str(value) in self.states:
            return say(reading.lang, *STATES[self.states[str(value)]])
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


STATES: Final[Mapping[str, tuple[str, str]]] = {
    "approved": ("已通过", "approved"),
    "reviewing": ("审核中", "in review"),
    "rejected": ("未通过", "rejected"),
    "cancelled": ("已取消", "cancelled"),
    "disabled": ("已停用", "disabled"),
    "waiting": ("已通过，待生效", "approved, not yet in force"),
}
"""State of a vendor's own review -> its names."""

STATE_KEYS: Final = frozenset(
    {
        "StatusCode", "AuditStatus", "TemplateStatus", "SignStatus", "template_status", "flow_status", "status",
        "check_status", "apply_state", "audit_status", "Status",
    }
)  # fmt: skip


def capital(key: str) -> str:
    """Return a key with a capital: some SDKs write templateContent for TemplateContent."""
    return key[:1].upper() + key[1:]


def capitalised(item: Mapping[str, object]) -> dict[str, object]:
    """Return an object with every key capitalised."""
    return {capital(key): value for key, value in item.items()}


def _at(item: object, path: Sequence[str]) -> object:
    """Return the value at a path, None where there is none. In a list, a step is the type of an object."""
    for step in path:
        if isinstance(item, dict):
            item = next(iter(item.values()), None) if step == "*" else item.get(step)
        elif isinstance(item, list):
            item = next(
                (one for one in item if isinstance(one, dict) and str(one.get("type")).upper() == step), None
            )
        else:
            return None
    return item


def _without_brackets(data: dict[str, Any]) -> None:
    """Take the 【】 off a signature, and a leading 【signature】 off a template into its field."""
    if isinstance(signature := data.get("signature"), str) and (whole := _SIGNED.fullmatch(signature)):
        data["signature"] = whole[1]
    if (
        isinstance(body := data.get("body"), str)
        and "signature" not in data
        and (signed := _SIGNED.match(body))
    ):
        data["signature"], data["body"] = signed[1], body[signed.end() :]


def _note_once(reading: Reading, seen: set[str], key: str, zh: str, en: str) -> None:
    if key not in seen:
        seen.add(key)
        reading.note(say(reading.lang, f"{reading.source}：{zh}", f"{reading.source}: {en}"))
