"""Explain mistakes in YAML files: full-width marks, missing quotes, unknown keys, Chinese words for fixed values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel

from .suggestions import did_you_mean, suggestions
from .validation import describe_problem, meaning

Both = tuple[str, str]
"""English, Chinese."""

_WIDE_COLON = re.compile(r"\s*(?:- \s*)?(?:[\[{]\s*)?(?P<key>[A-Za-z_][\w./-]*)\s*：")
_TIGHT_COLON = re.compile(r"\s*(?:- +)?(?P<key>[A-Za-z_][\w./-]*):(?=[^\s/])")
_TAB = re.compile(r" *\t")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\'\'|[^\'])*\'')
_COMMENT = re.compile(r"(?:^|\s)#.*")
_BRACES = re.compile(r"(?:\$|(?<!\{))\{+(?:[0-9]+|[A-Za-z_]\w*)\}+")
_LOOK_BACK = 5
"""Lines before an error that may have its cause."""

_PROBLEMS: Mapping[str, str] = {
    "mapping values are not allowed in this context": "这里不能再有“键: 值”；含冒号的文字要加引号",
    "could not find expected ':'": "键后缺少冒号",
    "did not find expected ',' or '}'": "缺少 , 或 }",
    "did not find expected ',' or ']'": "缺少 , 或 ]",
    "did not find expected key": "缩进有误，或键的写法有误",
    "did not find expected node content": "缺少值",
    "found character that cannot start any token": "有不能用在这里的符号",
    "found unexpected end of stream": "引号没有结束",
    "did not find expected '-' indicator": "列表的每一项应以 - 开头，缩进一致",
    "did not find expected <document start>": "前面的内容已经完整，这里多出了内容",
}
"""The parser's messages in Chinese."""


class Cause(NamedTuple):
    """A mistake and its line, from 1."""

    line: int
    english: str
    chinese: str


def syntax_cause(text: str, error: yaml.MarkedYAMLError) -> Cause:
    """Return the likely cause of a syntax error: the parser often notices it one or several lines later."""
    lines = text.split("\n")
    mark = error.problem_mark
    last = min(mark.line, len(lines) - 1) if mark else 0
    first = min(last, error.context_mark.line) if error.context_mark else last
    near = [(number, lines[number]) for number in range(last, max(-1, min(first, last - _LOOK_BACK) - 1), -1)]
    for hint_on in (_wide_colon_in, _tab_in, _tight_colon_in, _braces_in):
        for number, line in near:
            hint = hint_on(_COMMENT.sub("", _QUOTED.sub('""', line)))
            if hint:
                return Cause(number + 1, *hint)
    problem = str(error.problem)
    return Cause(last + 1, f"not YAML: {problem}", f"不是 YAML：{_PROBLEMS.get(problem, problem)}")


def _wide_colon_in(line: str) -> Both | None:
    found = _WIDE_COLON.match(line)
    return wide_colon(found["key"]) if found else None


def _tab_in(line: str) -> Both | None:
    return (
        ("a tab in the indentation: use spaces", "缩进用了制表符，应使用空格") if _TAB.match(line) else None
    )


def _tight_colon_in(line: str) -> Both | None:
    found = _TIGHT_COLON.match(line)
    if not found:
        return None
    key = found["key"]
    return f"no space after the colon: write “{key}: ”", f"冒号后缺少空格，应写作“{key}: ”"


def _braces_in(line: str) -> Both | None:
    found = _BRACES.search(line)
    return unquoted(found[0]) if found else None


def wide_colon(key: str) -> Both:
    """Return the hint for a full-width colon behind a key."""
    return (
        f"full-width colon “：”: write “{key}: ” with a half-width colon and a space",
        f"用了全角冒号“：”，应写半角冒号加空格：“{key}: ”",
    )


def unquoted(braces: str) -> Both:
    """Return the hint for braces in a text without quotes."""
    return (
        f'{braces} is not in quotes: put the whole text in quotes, such as "… {braces} …"',
        f'含 {braces} 的文字没有加引号：整段文字要放在引号中，如 "…{braces}…"',
    )


def validation_hints(model: type[BaseModel], item: Mapping[str, Any]) -> Both:
    """Return the description of one pydantic error in a YAML file, with hints."""
    kind, value, location = item["type"], item.get("input"), item["loc"]
    if kind == "extra_forbidden":
        return _unknown_key(model, location)
    english, chinese = describe_problem(item, "en"), describe_problem(item, "zh")
    hint = _value_hint(kind, value, item.get("ctx", {}))
    return english + hint[0], chinese + hint[1]


def _value_hint(kind: str, value: object, context: Mapping[str, Any]) -> Both:
    if "unknown" in context and "known" in context:
        return did_you_mean(suggestions(context["unknown"].strip("{}"), context["known"].split(", ")))
    if isinstance(value, Mapping):
        braces = next((f"{{{key}}}" for key, item in value.items() if item is None), None)
        if kind == "string_type" and braces:
            english, chinese = unquoted(braces)
            return f"; {english}", f"；{chinese}"
        if kind == "union_tag_invalid":
            known = re.findall(r"'([^']+)'", context["expected_tags"])
            return did_you_mean(_one(meaning(context["tag"], known)))
        return "", ""
    if not isinstance(value, str):
        return "", ""
    if kind in ("model_type", "model_attributes_type", "dict_type") and (found := _WIDE_COLON.match(value)):
        english, chinese = wide_colon(found["key"])
        return f"; {english}", f"；{chinese}"
    if kind == "literal_error" and "，" in value:
        return "; full-width comma “，”: write “, ”", "；用了全角逗号“，”，应写半角逗号“, ”"
    return "", ""


def _one(found: str | None) -> list[str]:
    return [] if found is None else [found]


def _unknown_key(model: type[BaseModel], location: Sequence[Any]) -> Both:
    key = str(location[-1])
    if found := _WIDE_COLON.match(key):
        return wide_colon(found["key"])
    known = known_keys(model, location)
    near = suggestions(key, known)
    if near or not known:
        english, chinese = did_you_mean(near)
    else:
        english, chinese = f"; known: {', '.join(known)}", f"；可用：{'、'.join(known)}"
    return f"unknown key{english}", f"未知的键{chinese}"


def known_keys(model: type[BaseModel], location: Sequence[Any]) -> list[str]:
    """Return the keys that a file may have where `location`, of pydantic, names an unknown one."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    node: Mapping[str, Any] = schema
    for step in location[:-1]:
        node = _inside(node, step, definitions)
    options = [_resolved(one, definitions) for one in (node, *node.get("anyOf", ()), *node.get("oneOf", ()))]
    return [key for option in options for key in option.get("properties", {})]


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        node = definitions[str(node["$ref"]).rpartition("/")[2]]
    return node


def _inside(node: Mapping[str, Any], step: object, definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the part of a schema at one step of a location; the node itself at a step that names a branch."""
    node = _resolved(node, definitions)
    if step in node.get("properties", {}):
        return _resolved(node["properties"][step], definitions)
    branches = node.get("discriminator", {}).get("mapping", {})
    if step in branches:
        return _resolved({"$ref": branches[step]}, definitions)
    if isinstance(step, int) and "items" in node:
        return _resolved(node["items"], definitions)
    for one in node.get("anyOf", ()):
        option = _resolved(one, definitions)
        if (isinstance(step, int) and "items" in option) or step in option.get("properties", {}):
            return _inside(option, step, definitions)
    if isinstance(node.get("additionalProperties"), Mapping):
        return _resolved(node["additionalProperties"], definitions)
    return node
