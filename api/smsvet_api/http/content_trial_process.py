"""A process that tries one rule or policy: it loads all content together with it, answers once, and ends.

It gets a `ContentTrial` as a frame, and writes a `TrialResult`. The service ends it after a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from smsvet import ContentError, Reviewer
from smsvet.explain import Explanation, explain_rule
from smsvet.model import Lang
from smsvet.rules.policy import load_policy
from smsvet.rules.rule import Rule
from smsvet.schema import write_verdict

from ..rule_examples import TriedExample, tried_examples
from .problems import ProblemError, sentence
from .review_process import frame, own_streams, receive
from .reviewing import submission_in
from .settings import Settings

Kind = Literal["rule", "policy"]
RULE_ID: Final = "draft/rule"
"""The id of a rule that is tried."""
NAME: Final = {"rule": "rule.yaml", "policy": "policy.yaml"}
"""Names of the file in errors."""
MEMORY: Final = 4 * 1024**3
"""Bytes of address space after which the process fails."""
PROCESSOR: Final = 60
"""Seconds of processor time after which the system ends the process, should the service be gone."""


@dataclass(frozen=True, slots=True)
class ContentTrial:
    """A rule or policy to be tried beside the content that the settings name. `folder` is empty, for its file."""

    settings: Settings
    folder: Path
    kind: Kind
    text: str
    body: bytes | None
    """A submission to be reviewed, as the body of a request; None: only the examples of the rule."""
    lang: Lang


@dataclass(frozen=True, slots=True)
class TrialResult:
    """The result of a trial. With `errors`, which name line and key, nothing was reviewed."""

    errors: tuple[str, ...] = ()
    examples: tuple[TriedExample, ...] = ()
    verdict: dict[str, Any] | None = None
    """The verdict on the submission, as JSON."""
    is_flagged: bool = False
    """The rule has a finding in the submission."""
    explanation: Explanation | None = None
    """The conditions of the rule on the submission."""


def main() -> None:
    """Answer one trial of the process that started this one."""
    tasks, answers = own_streams()
    trial: ContentTrial = receive(tasks)
    _limit()
    answers.write(frame(try_content(trial)))
    answers.flush()


def try_content(trial: ContentTrial) -> TrialResult:
    """Load all content with a rule or policy, and review with it."""
    path = trial.folder / ("draft/rule.yaml" if trial.kind == "rule" else "policy.yaml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(trial.text, encoding="utf-8", errors="surrogateescape")
    try:
        _refuse_aliases(trial.text, str(path))
        reviewer = _reviewer(trial, path)
    except ContentError as error:
        said = error.say(trial.lang).replace(str(path), NAME[trial.kind]).replace(f"{trial.folder}/", "")
        return TrialResult(errors=tuple(said.split("\n")))
    rule = next((one for one in reviewer.rules if one.id == RULE_ID), None)
    examples = tuple(tried_examples(reviewer, rule, trial.lang)) if rule else ()
    if trial.body is None:
        return TrialResult(examples=examples)
    return _reviewed(reviewer, rule, trial.body, examples, trial.lang)


def _reviewer(trial: ContentTrial, path: Path) -> Reviewer:
    settings = trial.settings
    is_rule = trial.kind == "rule"
    if not is_rule:
        policy, where = load_policy(path)
        if policy.model is not None:
            place = where("model")
            raise ContentError(f"{place}: leave it out here", f"{place}: 此处请去掉")
    return Reviewer(
        rules=(*settings.rules, trial.folder) if is_rule else settings.rules,
        policy=settings.policy if is_rule else path,
        model=settings.model,
        cache=None,  # no start of the service would use what it kept
        check_trust=_only_yaml(trial.folder) if is_rule else None,
    )


def _only_yaml(folder: Path) -> Callable[[Path], None]:
    """Return the check of a trial, which may run no Python and nothing that is declared trusted."""

    def check(path: Path) -> None:
        if not path.is_relative_to(folder):
            return  # the service runs it already
        if path.suffix == ".py":
            raise ContentError(
                "only checks in YAML can be tried here, kind python cannot",
                "此处只能试 YAML 检查，不能用 kind python",
            )
        raise ContentError("`trusted: true` cannot be tried here", "此处不能用 trusted: true")

    return check


def _refuse_aliases(text: str, name: str) -> None:
    """Raise ContentError for an alias: a short text with nested ones stands for more than fits into memory."""
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AliasToken):
                place = f"{name}:{token.start_mark.line + 1}"
                raise ContentError(
                    f"{place}: aliases such as *{token.value} cannot be tried here",
                    f"{place}: 此处不能用别名 *{token.value}",
                )
    except yaml.YAMLError:
        return  # reading the file names the cause


def _reviewed(
    reviewer: Reviewer, rule: Rule | None, body: bytes, examples: tuple[TriedExample, ...], lang: Lang
) -> TrialResult:
    try:
        submission = submission_in(reviewer, body, lang)
    except ProblemError as problem:
        return TrialResult(errors=(sentence(problem.errors or ()) or problem.detail,), examples=examples)
    verdict = reviewer.review(submission, lang)
    return TrialResult(
        examples=examples,
        verdict=write_verdict(verdict),
        is_flagged=any(finding.rule == RULE_ID for finding in verdict.findings),
        explanation=explain_rule(reviewer, submission, RULE_ID, lang) if rule else None,
    )


def _limit() -> None:
    if os.name == "posix":
        import resource  # noqa: PLC0415 - not on Windows

        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, PROCESSOR)):
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
