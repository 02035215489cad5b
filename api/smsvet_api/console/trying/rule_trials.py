"""A rule or policy that a visitor wrote, tried on its examples and on the text of the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from smsvet import Decision
from smsvet.explain import Explanation
from smsvet.model import Lang

from ...audit.report.texts import Piece, pieces
from ...http.content_trial_process import RULE_ID, Kind
from ...http.content_trials import ContentTrials
from ...http.service import Service
from ...http.trials import NO_CORRECTIONS
from ...wording import say
from .comparison import counting_rules
from .form import MOST_DRAFT, TryForm
from .view import Outcome, outcome

_SAMPLES: Final = Path(__file__).with_name("samples")
MOST_ERRORS: Final = 50


@dataclass(frozen=True, slots=True)
class Example:
    """An example of the rule. `error` is the reason why its result is wrong, None for a right one."""

    is_flag: bool
    shown: Sequence[Piece]
    error: Sequence[Piece] | None


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """The result of a trial for the page. With `errors` there is nothing else."""

    kind: Kind
    errors: Sequence[Sequence[Piece]] = ()
    more_errors: int = 0
    examples: Sequence[Example] = ()
    outcome: Outcome | None = None
    """On the text of the page; None without one. Of a rule, it has only the findings of that rule."""
    flagged: bool = False
    explanation: Explanation | None = None
    before: str | None = None
    """The decision without the policy."""
    added: Sequence[str] = ()
    """Titles of rules that count with the policy only."""
    removed: Sequence[str] = ()
    changed: Sequence[tuple[str, str, str]] = ()
    """Titles of rules whose decision the policy changes, with the decisions before and after."""

    @property
    def right(self) -> int:
        """Return the number of examples with the right result."""
        return sum(one.error is None for one in self.examples)


@cache
def sample(kind: Kind) -> str:
    """Return a rule or policy to begin with."""
    return (_SAMPLES / f"{kind}.yaml").read_text(encoding="utf-8")


async def try_content(form: TryForm, service: Service, trials: ContentTrials, lang: Lang) -> RuleTrial:
    """Return what the rule or policy of a form finds. Raises ProblemError while another trial takes too long."""
    if len(form.draft) > MOST_DRAFT:
        most = f"{MOST_DRAFT:,}"
        sentence = say(lang, f"规则不得超过 {most} 字", f"It may have {most} characters at most")
        return RuleTrial(form.content_kind, [tuple(pieces(sentence))])
    body = None if form.is_empty or form.errors(lang) else form.body()
    with service.revision(lang) as revision:
        found = await trials.run(revision, form.content_kind, form.draft, body, lang)
        if found.errors:
            shown = [tuple(pieces(error)) for error in found.errors[:MOST_ERRORS]]
            return RuleTrial(form.content_kind, shown, len(found.errors) - len(shown))
        before = None
        if found.verdict is not None and form.content_kind == "policy":
            before = json.loads((await service.review(form.body(), lang)).content)
        made = RuleTrial(
            form.content_kind,
            examples=[
                Example(
                    one.is_flag, tuple(pieces(one.shown)), tuple(pieces(one.error)) if one.error else None
                )
                for one in found.examples
            ],
            flagged=found.is_flagged,
            explanation=found.explanation,
        )
        if found.verdict is None:
            return made
        shown_verdict = found.verdict if before is not None else _of_rule(found.verdict)
        made = replace(
            made, outcome=outcome(form, shown_verdict, NO_CORRECTIONS, revision.reviewer.sources, lang)
        )
        return made if before is None else _compared(made, before, found.verdict)


def _of_rule(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Return a verdict as if the rule that is tried were the only one."""
    found = [item for item in verdict["findings"] if item["rule"] == RULE_ID]
    faults = [fault for fault in verdict["faults"] if fault["rule"] == RULE_ID]
    decisions = [Decision(item["decision"]) for item in found]
    decision = max([Decision.MANUAL_REVIEW if faults else Decision.APPROVE, *decisions])
    return {**verdict, "findings": found, "faults": faults, "decision": decision.value}


def _compared(made: RuleTrial, before: Mapping[str, Any], after: Mapping[str, Any]) -> RuleTrial:
    old, new = counting_rules(before), counting_rules(after)
    were, now = _decisions(before), _decisions(after)
    return replace(
        made,
        before=before["decision"],
        added=[title for rule, title in new.items() if rule not in old],
        removed=[title for rule, title in old.items() if rule not in new],
        changed=[
            (title, were[rule], now[rule])
            for rule, title in new.items()
            if rule in old and were[rule] != now[rule]
        ],
    )


def _decisions(verdict: Mapping[str, Any]) -> dict[str, str]:
    """Return the strictest decision of each rule."""
    found: dict[str, Decision] = {}
    for item in verdict["findings"]:
        decision = Decision(item["decision"])
        found[item["rule"]] = max(decision, found.get(item["rule"], decision))
    return {rule: decision.value for rule, decision in found.items()}
