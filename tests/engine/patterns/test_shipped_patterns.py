"""Every pattern that ships is searched in time proportional to the text."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import smsvet
from smsvet.patterns.growth import FACTOR, Kind, growth_of
from smsvet.patterns.program import Alphabet, assemble, parse
from smsvet.patterns.stepper import Stepper, TooManyStepsError

ROOT = Path(__file__).parents[3]
ANCHORED = {
    "smsvet.templates.repair._HERE": "matched where a placeholder ends",
    "smsvet.sms.attributes._CUES": "the second of each matched where a placeholder ends, in a few code points",
}
"""Patterns in tables that are only matched at one place; those with a name of their own are seen in the source."""
WINDOWS = {
    "smsvet.text.contacts._PHONE_CUE": "24 code points before a number",
    "smsvet.text.link_places._DISGUISED_LEFT": "80 code points before a dot",
    "smsvet.evasion.plausibility._RUN": "12 code points",
    "smsvet.files.yaml_hints._QUOTED": "the lines before an error in a YAML file",
}
"""Patterns searched only in a few code points, or only in a file of the operator."""


def of_rules() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "rules").rglob("*.yaml")):
        waiting = [yaml.safe_load(file.read_text(encoding="utf-8"))]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                if isinstance(node.get("pattern"), str):
                    yield file.relative_to(ROOT).as_posix(), node["pattern"]
                waiting += node.values()
            elif isinstance(node, list):
                waiting += node


def of_grammars() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "grammars").glob("*.lark")):
        for pattern in re.findall(r"(?m)^[A-Z_.0-9]+: */(.+)/\s*$", file.read_text(encoding="utf-8")):
            yield file.name, pattern


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(smsvet.__path__, "smsvet."):
        yield importlib.import_module(found.name)
    for file in sorted((ROOT / "rules").rglob("*.py")):
        spec = spec_from_file_location(f"rule {file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


def flat(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from flat(item)


def methods(source: str, name: str) -> set[str]:
    """Return the methods of a name that a source calls."""
    return set(re.findall(rf"(?<![\w.]){name}\.(\w+)", source))


def of_code() -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Yield each pattern of a module with its name and whether it is only matched at one place."""
    for module in modules():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for name, value in list(vars(module).items()):
            full = f"{module.__name__}.{name}"
            for pattern in flat(value) if full not in WINDOWS else ():
                called = methods(source, name)
                yield full, pattern, full in ANCHORED or bool(called and called <= {"match", "fullmatch"})
        for node in inside_functions(ast.parse(source)):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).startswith("re.")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                at_one_place = ast.unparse(node.func) in ("re.match", "re.fullmatch")
                yield f"{module.__name__}:{node.lineno}", re.compile(str(node.args[0].value)), at_one_place


def inside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the patterns compiled inside functions; those outside have a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from ast.walk(node)


@pytest.mark.parametrize(("place", "pattern"), [*of_rules(), *of_grammars()])
def test_patterns_of_rules_and_grammars_are_linear(place: str, pattern: str) -> None:
    growth = growth_of(pattern, anchored=place.endswith(".lark"))
    assert growth.kind is Kind.LINEAR, f"{growth.kind} on {growth.text!r}"


BAITS = [
    # each held a process for seconds or minutes
    "你" + "看" * 60, "加微信" * 100, "名师授课" * 75, "处理库存" * 75, "无抵押贷款" * 60, "威❤信" * 100, "立减" * 150,
    "点com" * 75, "👨‍👩‍👧" * 60, "1" * 300, " " * 300,
]  # fmt: skip


def steps(pattern: str, text: str) -> int:
    """Return the steps of a search; raises TooManyStepsError beyond FACTOR for each code point."""
    tree = parse(pattern)
    alphabet = Alphabet(tree)
    masks = [1 << alphabet.place(char) for char in text]
    return Stepper(assemble(tree, alphabet)).search(masks, FACTOR * len(text))


@pytest.mark.parametrize("text", BAITS, ids=lambda text: text[:6])
def test_texts_that_once_held_a_process_take_few_steps(text: str) -> None:
    slow = []
    for place, pattern in of_rules():
        try:
            steps(pattern, text)
        except TooManyStepsError:
            slow.append(place)
    assert slow == []


def test_the_bait_of_an_exponential_pattern_takes_too_many_steps() -> None:
    with pytest.raises(TooManyStepsError):
        steps("你(?:看看|瞧瞧|看|瞧)+.{0,4}(?:这是|是谁|照|相)", BAITS[0])


def test_patterns_of_the_engine_and_of_rule_functions_are_linear() -> None:
    found = {
        f"{place}: {pattern.pattern[:60]}": growth
        for place, pattern, anchored in of_code()
        if (growth := growth_of(pattern.pattern, pattern.flags & ~re.UNICODE, anchored)).kind
        is not Kind.LINEAR
    }
    assert found == {}


def test_the_exceptions_exist() -> None:
    for name in (*ANCHORED, *WINDOWS):
        module, _, variable = name.rpartition(".")
        assert list(flat(getattr(importlib.import_module(module), variable))) != []
