"""Load rule files and the Python functions next to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any, NamedTuple, cast

from ..files.cache import ContentCache
from ..files.cached_model import read_model
from ..files.content_files import ContentError, check_file, joined_errors
from ..files.suggestions import did_you_mean, suggestions
from ..sms.provider import Provider
from .checks import Context, PythonCheck
from .facts import mask
from .pattern_growth import growing_patterns
from .rule import Check, Rule, RuleFile
from .text_checks import PatternCheck

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")


def load_rules(
    folder: Path,
    context: Context,
    label: str = "",
    content_cache: ContentCache | None = None,
    check_trust: Callable[[Path], None] | None = None,
    check_time: bool = False,
) -> list[Rule]:
    """Return the rules of every YAML file below `folder`, sorted by path.

    `check_trust` is called with the path of each Python file before it is read, and of each rule file with
    `trusted: true`; it raises ContentError to refuse. `check_time` refuses patterns that take more than linear time,
    unless their file has `trusted: true`.
    Raises ContentError with one line per error, for all files together. Error messages call the folder
    `label`.
    """
    rules, errors = [], []
    if not folder.is_dir():
        raise ContentError(f"{folder}: no such folder", f"{folder}: 没有这个文件夹")
    for path in sorted(folder.rglob("*.yaml")):
        try:
            rules.append(
                load_rule(path, folder, context, label or folder.name, content_cache, check_trust, check_time)
            )
        except ContentError as error:
            errors.append(error)
    if errors:
        raise joined_errors(errors)
    return rules


def load_rule(
    path: Path,
    folder: Path,
    context: Context,
    label: str,
    content_cache: ContentCache | None = None,
    check_trust: Callable[[Path], None] | None = None,
    check_time: bool = False,
) -> Rule:
    """Return one rule; raises ContentError naming file, line and key."""
    relative = path.relative_to(folder).with_suffix("").as_posix()
    name = f"{label}/{relative}.yaml"
    if not _ID.fullmatch(relative):
        raise ContentError(
            f"{name}: a rule's path is <topic>/<name>, in lower case with hyphens",
            f"{name}: 规则路径应为 <主题>/<名称>，小写并以连字符分隔",
        )
    file = read_model(path, RuleFile, name, content_cache)
    _check_providers(file, path, name, context.providers)
    # The cache does not know whose folder is trusted today, so this does not depend on it.
    if file.trusted and check_trust is not None:
        _refuse_untrusted(check_trust, path, name)
    # Cached content was loaded before without an error, so its patterns are linear or trusted.
    if check_time and not file.trusted and not (content_cache and content_cache.found):
        _check_time(file, path, name)
    function = path.with_suffix(".py") if isinstance(file.check, PythonCheck) else None
    when = mask(file.when)
    anchors: list[str] = []
    exempts = [
        spec.pattern
        for spec in file.unless
        if isinstance(spec, PatternCheck) and spec.read == "folded" and "body" in spec.fields
    ]
    try:
        if function:
            if check_trust is not None:
                check_trust(function)
            function_of = load_function(function, f"{label}/{relative}.py")
            # The function's declarations are cached so that its file runs only when the function is first
            # needed.
            declared = (content_cache or ContentCache()).value(
                f"declared {name}", lambda: [list(function_of().anchors), list(function_of().passes)]
            )
            # A fact in the rule file suffices as well.
            anchors = [] if when else declared[0]
            for pattern in declared[0]:
                when |= context.patterns.bit(pattern)
            exempts += declared[1]
            make: Callable[[], Check] = partial(_check_of, function_of)
        else:
            make = partial(_identity, file.check.compile(context))
        unless = tuple(spec.compile(context) for spec in file.unless)
    except ContentError as error:
        place = _locate(path, name)("check")
        raise ContentError(f"{place}: {error}", f"{place}: {error.chinese}") from error
    return Rule(
        relative,
        file,
        make,
        unless,
        function,
        file.check.trigger(context).with_conditions(mask(file.needs), when, exempts, anchors),
    )


def _check_time(file: RuleFile, path: Path, name: str) -> None:
    """Raise ContentError for patterns that take more than linear time."""
    where = _locate(path, name)
    errors = [
        ContentError(
            f"{where(*found.keys)}: the pattern {found.say('en')}; simplify it, or add `trusted: true` to the rule",
            f"{where(*found.keys)}: 该正则表达式{found.say('zh')}；请简化，或在规则中写 trusted: true",
        )
        for found in growing_patterns(file)
    ]
    if errors:
        raise joined_errors(errors)


def _refuse_untrusted(check_trust: Callable[[Path], None], path: Path, name: str) -> None:
    """Raise the ContentError of `check_trust` for a rule file, with the line of its key `trusted`."""
    try:
        check_trust(path)
    except ContentError as error:
        place = _locate(path, name)("trusted")
        raise ContentError(f"{place}: {error}", f"{place}: {error.chinese}") from error


def _check_providers(file: RuleFile, path: Path, name: str, providers: Mapping[str, Provider]) -> None:
    """Raise ContentError for providers that a rule names and that do not exist."""
    named: list[tuple[str, tuple[object, ...]]] = [
        (provider, ("providers", number)) for number, provider in enumerate(file.providers)
    ]
    for case, item in enumerate(file.decisions):
        named += [
            (provider, ("decisions", case, "providers", number))
            for number, provider in enumerate(item.providers)
        ]
    named += [(provider, ("codes", provider)) for provider in file.codes]
    unknown = [(provider, keys) for provider, keys in named if provider not in providers]
    if not unknown:
        return
    where = _locate(path, name)
    titles = {provider.title.short("zh"): key for key, provider in providers.items()}
    wrong = []
    for provider, keys in unknown:
        english, chinese = did_you_mean(suggestions(provider, providers, titles))
        place = where(*keys)
        wrong.append(
            ContentError(
                f"{place}: unknown provider {provider}{english}", f"{place}: 未知服务商 {provider}{chinese}"
            )
        )
    raise joined_errors(wrong)


def _locate(path: Path, name: str) -> Callable[..., str]:
    from ..files.yaml_files import locate  # noqa: PLC0415 - cached content needs no YAML

    return locate(path, name)


class Function(NamedTuple):
    """The contents of a rule's Python file: its `check` and its declarations.

    If `anchors` is not empty, the check only hits if one of these patterns (`ANCHORS`) matches a normalised
    text. It never hits if one of `passes` (`PASSES`) matches the normalised body.
    """

    check: Check
    anchors: tuple[str, ...]
    passes: tuple[str, ...]


def _check_of(function: Callable[[], Function]) -> Check:
    return function().check


def _identity(check: Check) -> Check:
    return check


def load_function(path: Path, name: str) -> Callable[[], Function]:
    """Return a function that runs a rule's Python file at its first call and returns the contents.

    The file is compiled now, so that the code that runs is the one covered by the revision. Both steps raise
    ContentError.
    """
    module_name = f"smsvet_rule_{path.parent.name}_{path.stem}".replace("-", "_")
    loader = SourceFileLoader(module_name, str(path))
    try:
        check_file(path, name)
        code = loader.get_code(module_name)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise ContentError(
            f"{name} is missing: kind python needs a function check(document) there",
            f"缺少 {name}：kind python 需要其中有函数 check(document)",
        ) from error
    except ContentError:
        raise
    except (SyntaxError, OSError, ValueError, RecursionError, MemoryError) as error:
        raise ContentError(f"{name}: {type(error).__name__}: {error}") from error

    @cache
    def make() -> Function:
        module = module_from_spec(ModuleSpec(module_name, loader, origin=str(path)))
        try:
            exec(code or "", vars(module))  # noqa: S102 - a rule's own file, which its folder is trusted with
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # A file that calls sys.exit would end the process as if every submission were approved.
            raise ContentError(f"{name}: {type(error).__name__}: {error}") from error
        check: Any = getattr(module, "check", None)
        if not callable(check):
            raise ContentError(f"{name}: no function check(document)", f"{name}: 没有函数 check(document)")
        return Function(
            cast("Check", check), _patterns(module, "ANCHORS", name), _patterns(module, "PASSES", name)
        )

    return make


def _patterns(module: object, key: str, name: str) -> tuple[str, ...]:
    found = getattr(module, key, ())
    if not all(isinstance(one, re.Pattern) and one.flags == re.UNICODE for one in found):
        raise ContentError(
            f"{name}: {key}: not compiled patterns without flags",
            f"{name}: {key}: 应为不带标志的已编译正则表达式",
        )
    return tuple(one.pattern for one in found)
