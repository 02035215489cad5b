"""The command `explain`: why a text was flagged, or was not."""

from __future__ import annotations

from typing import Annotated

import typer

from smsvet.explain import explain_rule, explain_term

from ..files.inputs import to_submission
from ..files.rows import InputError, Row, Unreadable
from ..wording import say
from . import options, rule_view
from .completion import complete_rule
from .help import both
from .reviewing import known_providers, load_reviewer, service
from .terminal import out
from .verdict_view import draw_missing, draw_verdict, missing_facts


def explain(
    body: options.Body = None,
    signature: options.Signature = None,
    text: options.Message = None,
    params: options.Params = None,
    purpose: options.Purpose = None,
    account: options.AccountFile = None,
    remark: options.Remark = None,
    source: options.Origin = None,
    usage: options.Usage = None,
    region: options.Region = None,
    variables: options.Variables = None,
    documents: options.Documents = None,
    rule: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            autocompletion=complete_rule,
            help=both("要说明的规则编号", "Id of the rule to explain."),
        ),
    ] = None,
    term: Annotated[
        str | None, typer.Option(metavar="WORD", help=both("要说明的词", "Word to explain."))
    ] = None,
    provider: options.Provider = None,
    as_of: options.AsOf = None,
    lang: options.Language = None,
    rules: options.RuleFolders = None,
    policy: options.PolicyFile = None,
    no_config: options.NoConfig = False,
) -> None:
    """Say why a text was flagged, or was not: the gates in order, up to the one that stopped it."""
    given = {
        "body": body, "signature": signature, "text": text, "params": params, "purpose": purpose,
        "account": account, "remark": remark, "source": source, "usage": usage, "region": region,
        "variables": variables, "documents": documents,
    }  # fmt: skip
    config = options.configured(lang, no_config, rules, policy, provider)
    lang = config.lang
    if rule is not None and term is not None:
        raise InputError(say(lang, "--rule 与 --term 只能给一个", "give either --rule or --term"))
    data = options.one_submission(given, lang)
    submission = to_submission(Row(1, data), config.provider, options.read_day(as_of, lang), lang)
    if isinstance(submission, Unreadable):
        raise InputError(submission.error)
    reviewer = load_reviewer(config)
    if submission.provider not in reviewer.providers:
        raise InputError(known_providers(submission.provider, reviewer, lang))
    if rule is not None:
        explanation = explain_rule(reviewer, submission, rule_view.known_rule(reviewer, rule, lang), lang)
    elif term is not None:
        explanation = explain_term(reviewer, submission, term, lang)
    else:
        verdict = reviewer.review(submission, lang)
        provider = service(reviewer, verdict, lang)
        lines = draw_verdict(submission, verdict, provider, reviewer.sources, lang, out().columns)
        out().lines(lines)
        out().lines(draw_missing(missing_facts(verdict.findings), lang, out().columns))
        out().print(
            say(lang, "某条规则或某个词为何未命中：--rule ID、--term 词", "why not: --rule ID, --term WORD"),
            style="dim",
        )
        return
    out().lines(rule_view.draw_explanation(explanation, lang, out().columns))
