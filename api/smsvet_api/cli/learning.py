"""The command `learn`: trains learned evidence from an operator's own decisions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from smsvet import Decision, Reviewer, Submission
from smsvet.extras import check_installed
from smsvet.files.location import CONTENT
from smsvet.model import Lang

from ..files.inputs import read_rows
from ..files.rows import InputError
from ..files.whole_file import replacing_stream
from ..files.words import provider_names
from ..learning.decisions import read_decisions
from ..learning.shipped_texts import LabelledText, shipped_texts
from ..learning.training import TRAINING, Validation, counted, train, validate, write
from ..wording import say
from . import options
from .help import both
from .reviewing import load_reviewer
from .terminal import out

FALSE_ALARMS = (0.01, 0.03)
"""Shares of false alarms for which recall is printed; the first gives the threshold."""


def learn(
    decisions: Annotated[
        str,
        typer.Argument(
            metavar="DECISIONS",
            help=both(
                "表格或 JSONL：模板内容与最终结论（通过、拒绝）",
                "Table or JSONL: texts with their final decision (approve, reject).",
            ),
        ),
    ],
    model: Annotated[
        Path,
        typer.Option(
            "-o", metavar="MODEL", help=both("写入的模型文件（.tsv）", "Model file to write (.tsv).")
        ),
    ],
    columns: options.ColumnNames = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Train learned evidence from decisions, and print its cross-validated recall beside the engine's."""
    config = options.configured(lang, no_config)
    lang = config.lang
    check_installed(("sklearn",), "learn", TRAINING)
    reviewer = load_reviewer(config)
    rows = read_rows(decisions, lang, provider_names(reviewer.providers), columns=columns or ())
    texts, left_out = read_decisions(rows, decisions, lang)
    counts = counted(texts)
    fold = reviewer.catalogue.reader.folder.fold

    def folded(text: str) -> str:
        return fold(text)[0]

    shipped = shipped_texts(CONTENT, reviewer)
    validation = validate(texts, shipped, folded)
    person = validation.threshold(FALSE_ALARMS[0])
    trained = train([*shipped, *texts], folded, person)
    comments = [
        f"Learned evidence of an operator: `smsvet learn`, {counts[False]} approved and {counts[True]} rejected texts",
        *table(validation, texts, reviewer, "en"),
    ]
    save(model, write(trained, comments), lang)
    for line in table(validation, texts, reviewer, lang):
        out().print(line)
    out().print(
        say(
            lang,
            f"{model}: {len(trained.weights)} 个字串，来自 {counts[False]} 条通过、{counts[True]} 条拒绝"
            f"（另有 {left_out} 行无结论或无文本）。在策略文件中写 model: {model.name} 即启用。",
            f"{model}: {len(trained.weights)} n-grams from {counts[False]} approved and {counts[True]} rejected texts"
            f" ({left_out} rows without a decision or text). Enable it with model: {model.name} in the policy file.",
        )
    )


def table(validation: Validation, texts: Sequence[LabelledText], reviewer: Reviewer, lang: Lang) -> list[str]:
    """Return the recall of the model, of the engine, and of both, one line each."""
    held = [
        any(
            finding.category and finding.decision is not Decision.APPROVE
            for finding in reviewer.review(Submission(body=text.text, purpose="notification")).findings
        )
        for text in texts
    ]
    violations = [one for one, text in zip(held, texts, strict=True) if text.violates]
    notices = [one for one, text in zip(held, texts, strict=True) if not text.violates]
    lines = [
        say(
            lang,
            f"模型（5 折交叉验证）误报 {share:.0%} 时召回 {validation.recall(share):.1%}",
            f"model (5-fold cross-validation), recall at {share:.0%} false alarms: {validation.recall(share):.1%}",
        )
        for share in FALSE_ALARMS
    ]
    caught, wrong = sum(violations) / len(violations), sum(notices) / len(notices)
    engine = say(
        lang,
        f"引擎自身（按内容）：召回 {caught:.1%}，误报 {wrong:.1%}",
        f"the engine itself, by content: recall {caught:.1%}, false alarms {wrong:.1%}",
    )
    return [*lines, engine]


def save(path: Path, text: str, lang: Lang) -> None:
    """Write a model as a whole or not at all; raises InputError."""
    try:
        with replacing_stream(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise InputError(
            say(lang, f"{path}: 无法写入（{error.strerror}）", f"{path}: cannot write: {error.strerror}")
        ) from error
