"""Options of `review` about its output."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from smsvet.labels import DECISIONS, MEANINGS, label
from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from .help import both

Format = Annotated[
    Literal["text", "jsonl"],
    typer.Option(
        "--format",
        help=both(
            "text：带标注的文本；jsonl：每行一个 JSON 结果",
            "text: annotated text; jsonl: one JSON verdict per line.",
        ),
    ),
]
ResultPath = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="OUT",
        help=both(
            "把结果写入 .csv、.xlsx、.parquet 或 .jsonl 文件：原有各列，再加审核结果",
            "Write the results to .csv, .xlsx, .parquet or .jsonl: the input's columns, then the verdict.",
        ),
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="DECISION",
        help=both(
            "只输出这些结果：approve、manual_review、reject；用逗号分隔或多次给出",
            "Output only these: approve, manual_review, reject; a list with commas, or repeated.",
        ),
    ),
]
Stats = Annotated[
    bool, typer.Option("--stats", help=both("只输出汇总", "Print only the summary, with all rules."))
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", help=both("不输出，只以退出状态表示结果", "Print nothing; only set the exit status.")
    ),
]


def read_decisions(only: Sequence[str] | None, lang: Lang) -> frozenset[str]:
    """Return the decisions of `--only`, by their names or as people call them. Raises InputError."""
    words = [word.strip() for item in only or () for word in re.split("[,，、]", item)]
    found = {word: MEANINGS.get(word, word) for word in words}
    if wrong := [word for word, decision in found.items() if decision not in DECISIONS]:
        known = [f"{name}（{label(DECISIONS, name, lang)}）" if lang == "zh" else name for name in DECISIONS]
        raise InputError(
            say(
                lang,
                f"--only: 没有结果“{wrong[0]}”；可用：{'、'.join(known)}",
                f"--only: no decision “{wrong[0]}”; known: {', '.join(known)}",
            )
        )
    return frozenset(found.values())
