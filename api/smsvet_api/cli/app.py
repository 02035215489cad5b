"""The command line: defines the commands and their arguments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from . import options, output_options, rule_view
from .answers import Answering
from .auditing import audit
from .checking import failing_examples, flaws
from .command_help import ABOUT
from .commands import Commands
from .compare_command import compare
from .completion import complete_rule
from .config_commands import config_app
from .database_commands import db_app
from .explaining import explain
from .help import Command, both
from .keys_commands import keys_app
from .learning import learn
from .new_rule import default_folder, how_to_run, write_rule
from .reviewing import Run, load_reviewer, review_all, review_one
from .serving import serve
from .terminal import Finished, out
from .trail_commands import trail_app
from .users_commands import users_app
from .version import show_version

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich's help takes a third of a second to load
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(**ABOUT["smsvet"])
def start(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=show_version,
            help=both("显示版本号和规则版本", "Print the version and the content revision."),
        ),
    ] = False,
    lang: Annotated[
        Lang | None, typer.Option(help=both("消息的语言", "Language of messages, help and errors."))
    ] = None,
) -> None:
    """Pass a language that is given before the command on to the command."""
    Commands.pass_on(ctx, lang)


@app.command(cls=Command, no_args_is_help=False, **ABOUT["review"])
def review(
    file: options.InputFile = None,
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
    samples: options.Samples = None,
    recipients: options.Recipients = None,
    sent_at: options.SentAt = None,
    identity: options.Identity = None,
    provider: options.Provider = None,
    as_of: options.AsOf = None,
    columns: options.ColumnNames = None,
    output: output_options.Format = "text",
    target: output_options.ResultPath = None,
    only: output_options.Only = None,
    stats: output_options.Stats = False,
    quiet: output_options.Quiet = False,
    lang: options.Language = None,
    rules: options.RuleFolders = None,
    policy: options.PolicyFile = None,
    no_config: options.NoConfig = False,
) -> None:
    """Review the submissions of a file, or one given by options."""
    given = {
        "id": identity, "body": body, "signature": signature, "text": text, "params": params,
        "purpose": purpose, "account": account, "remark": remark, "source": source, "usage": usage,
        "region": region, "variables": variables, "documents": documents, "samples": samples,
        "recipients": recipients, "sent_at": sent_at,
    }  # fmt: skip
    config = options.configured(lang, no_config, rules, policy, provider)
    lang = config.lang
    data = options.one_submission(given, lang)
    if data and file is not None:
        option = "--" + next(iter(data)).replace("_", "-")
        raise InputError(
            say(
                lang,
                f"文件 {file} 与 {option} 只能给一样",
                f"give either the file {file} or {option}, not both",
            )
        )
    if stats and quiet:
        raise InputError(say(lang, "--stats 与 --quiet 只能给一个", "give either --stats or --quiet"))
    decisions, day = output_options.read_decisions(only, lang), options.read_day(as_of, lang)
    summary = stats or (target is not None and output == "text")
    run = Run(
        Answering(load_reviewer(config), config.provider, day, lang),
        output,
        "nothing" if quiet else "summary" if summary else "verdicts",
        decisions,
        target,
        stats,
    )
    raise Finished(review_one(run, data) if data else review_all(run, file or "-", columns or ()))


app.command(cls=Command, **ABOUT["explain"])(explain)


@app.command("rules", cls=Command, **ABOUT["rules"])
def list_rules(
    rule_id: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            autocompletion=complete_rule,
            help=both("完整显示这条规则", "Print this rule in full."),
        ),
    ] = None,
    lang: options.Language = None,
    rules: options.RuleFolders = None,
    policy: options.PolicyFile = None,
    no_config: options.NoConfig = False,
) -> None:
    """List all rules, or state one in full with its examples."""
    config = options.configured(lang, no_config, rules, policy)
    lang = config.lang
    reviewer = load_reviewer(config)
    if rule_id is None:
        # A pipe has no width. One complete rule per line is what grep needs.
        out(None if is_terminal() else 400).print(rule_view.rule_table(reviewer.rules, lang))
        return
    wanted = rule_view.known_rule(reviewer, rule_id, lang)
    rule = next(rule for rule in reviewer.rules if rule.id == wanted)
    out().lines(rule_view.draw_rule(rule, reviewer.providers, reviewer.sources, lang, out().columns))


@app.command(cls=Command, **ABOUT["check"])
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help=both("另加的规则或内容文件夹", "Folder of additional rules or content.")
        ),
    ] = None,
    lang: options.Language = None,
    policy: options.PolicyFile = None,
    no_config: options.NoConfig = False,
) -> None:
    """Load all content, run every rule on its own examples, and look for words that do nothing."""
    config = options.configured(lang, no_config, [folder] if folder else None, policy)
    lang = config.lang
    if config.policy is not None:
        load_reviewer(config)  # validates the whole policy
    reviewer = load_reviewer(config, words_only=True)
    failures = 0
    for failure in (*failing_examples(reviewer, config.folders, lang), *flaws(reviewer, lang)):
        failures += 1
        out().lines(rule_view.draw_failure(failure, out().columns))
    rules, examples = (
        len(reviewer.rules),
        sum(len(rule.file.examples.flag) + len(rule.file.examples.passes) for rule in reviewer.rules),
    )
    if failures:
        wrong = say(
            lang,
            f"{rules} 条规则，{examples} 个例子，{failures} 处问题",
            f"{rules} rules, {examples} examples, {failures} problems",
        )
        raise InputError(wrong)
    out().print(
        say(
            lang,
            f"✓ {rules} 条规则，{examples} 个例子全部符合",
            f"✓ {rules} rules, all {examples} examples hold",
        )
    )


@app.command("new-rule", cls=Command, **ABOUT["new-rule"])
def new_rule(
    rule_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help=both(
                "规则编号：<主题>/<名称>，如 content/night-delivery",
                "Rule id: <topic>/<name>, such as content/night-delivery.",
            ),
        ),
    ],
    folder: Annotated[
        Path | None,
        typer.Option(
            "--dir",
            metavar="DIR",
            help=both(
                "规则文件夹；默认取配置文件，否则为 rules", "Folder of rules; the configured one, or rules."
            ),
        ),
    ] = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Write a rule file that works at once, to be changed into the rule that is wanted."""
    config = options.configured(lang, no_config)
    path = write_rule(rule_id, folder or default_folder(config), config.lang)
    out().lines(how_to_run(path, rule_id, config))


app.command(cls=Command, **ABOUT["audit"])(audit)
app.command(cls=Command, **ABOUT["compare"])(compare)
app.command(cls=Command, **ABOUT["learn"])(learn)
app.command(cls=Command, **ABOUT["serve"])(serve)
app.add_typer(config_app, name="config")
app.add_typer(db_app, name="db")
app.add_typer(trail_app, name="trail")
app.add_typer(users_app, name="users")
app.add_typer(keys_app, name="keys")


def is_terminal() -> bool:
    """Return whether standard output is a terminal, so that tables have to fit its width."""
    return sys.stdout.isatty()


def main() -> None:
    """Run the command line and exit with its status."""
    app()
