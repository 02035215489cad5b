"""Purpose and examples of each command, in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .help import About, both
from .store_command_help import STORE

ABOUT: Final[Mapping[str, About]] = {
    "smsvet": {
        "help": both(
            "在短信签名、模板和短信提交给运营商或云服务商之前先行审核。",
            "Review SMS signatures, templates and messages before a carrier or a cloud vendor does.",
        ),
        "epilog": both(
            "例如：\n"
            "  smsvet review examples/submissions.jsonl\n"
            "  smsvet review --body '您的验证码是{1}，{2}分钟内有效。' --purpose verification\n"
            "  smsvet rules template/link-in-variable\n\n"
            "退出状态：0 全部通过，2 需人工复核，1 有驳回，3 输入、规则或用法有误。",
            "Examples:\n"
            "  smsvet review examples/submissions.jsonl\n"
            "  smsvet review --body '您的验证码是{1}，{2}分钟内有效。' --purpose verification\n"
            "  smsvet rules template/link-in-variable\n\n"
            "Exit status: 0 all approved, 2 manual review, 1 something rejected, 3 wrong input, rules or usage.",
        ),
    },
    "review": {
        "help": both(
            "审核一个文件中的提交，或由选项给出的一条提交。",
            "Review the submissions of a file, or one given by options.",
        ),
        "epilog": both(
            "例如：\n"
            "  smsvet review templates.xlsx --provider aliyun -o results.xlsx\n"
            "  smsvet review submissions.jsonl --format jsonl > verdicts.jsonl\n"
            "  smsvet review --text '【云雀科技】您的订单已发货。' --purpose notification",
            "Examples:\n"
            "  smsvet review templates.xlsx --provider aliyun -o results.xlsx\n"
            "  smsvet review submissions.jsonl --format jsonl > verdicts.jsonl\n"
            "  smsvet review --text '【云雀科技】您的订单已发货。' --purpose notification",
        ),
    },
    "explain": {
        "help": both(
            "说明一条文本为何命中或未命中：按顺序列出各项条件，直到不满足的一项。",
            "Explain why a text was or was not flagged: the conditions in order, up to the first that fails.",
        ),
        "epilog": both(
            "例如：\n"
            "  smsvet explain --body '以下注意事项请阅读' --term 下注\n"
            "  smsvet explain --body '您的订单{1}明早送达。' --rule template/link-in-variable",
            "Examples:\n"
            "  smsvet explain --body '以下注意事项请阅读' --term 下注\n"
            "  smsvet explain --body '您的订单{1}明早送达。' --rule template/link-in-variable",
        ),
    },
    "rules": {
        "help": both(
            "列出全部规则，或完整显示一条及其例子。",
            "List all rules, or print one in full with its examples.",
        ),
        "epilog": both(
            "例如：\n  smsvet rules | grep 人工复核\n  smsvet rules template/link-in-variable",
            "Examples:\n  smsvet rules --lang en | grep 'manual review'\n  smsvet rules template/link-in-variable --lang en",
        ),
    },
    "check": {
        "help": both(
            "加载全部内容，用每条规则自带的例子检验规则，并找出不起作用的词。",
            "Load all content, run every rule on its own examples, and report terms without effect.",
        ),
        "epilog": both("例如：\n  smsvet check my-rules", "Example:\n  smsvet check my-rules"),
    },
    "new-rule": {
        "help": both(
            "新建一个可立即使用的规则文件，供修改。", "Write a rule file that works at once, to be edited."
        ),
        "epilog": both(
            "例如：\n  smsvet new-rule content/night-delivery --dir my-rules",
            "Example:\n  smsvet new-rule content/night-delivery --dir my-rules",
        ),
    },
    "config": {
        "help": both("查看配置，以及信任文件夹。", "Show the configuration, and trust folders."),
        "epilog": both("例如：\n  smsvet config show", "Example:\n  smsvet config show"),
    },
    "config show": {
        "help": both("显示每项设置及其来源。", "Show every setting and where it comes from."),
        "epilog": both(
            "例如：\n  smsvet config show --no-config", "Example:\n  smsvet config show --no-config"
        ),
    },
    "config trust": {
        "help": both(
            "允许执行文件夹中由配置文件加入的 Python 规则。",
            "Let the Python rules in a folder run when a configuration file adds them.",
        ),
        "epilog": both(
            "例如：\n  smsvet config trust my-project", "Example:\n  smsvet config trust my-project"
        ),
    },
    "audit": {
        "help": both(
            "用多个进程审核大批存量模板，写出结论表、发现表和清单；中断后再次运行即可继续。",
            "Review an archive of templates in several processes; write verdicts, findings and a manifest. Run it again"
            " to continue after an interruption.",
        ),
        "epilog": both(
            "例如：\n"
            "  smsvet audit templates.parquet audit-out\n"
            "  smsvet audit archive/ audit-out --fail-on 'reject>0.5%' --json\n"
            "  smsvet audit verify audit-out\n\n"
            "退出状态：0 完成，1 达到 --fail-on，3 用法或输入有误、未完成。",
            "Examples:\n"
            "  smsvet audit templates.parquet audit-out\n"
            "  smsvet audit archive/ audit-out --fail-on 'reject>0.5%' --json\n"
            "  smsvet audit verify audit-out\n\n"
            "Exit status: 0 done, 1 a --fail-on is met, 3 wrong usage or input, or an unfinished run.",
        ),
    },
    "compare": {
        "help": both(
            "对比两方结论：规则、策略、日期、已有的运行或人工结论；写出变化的条目和报告。",
            "Compare the verdicts of two sides: rules, policies, dates, runs, or the decisions of people. It writes the items that"
            " moved, and a report.",
        ),
        "epilog": both(
            "例如：\n"
            "  smsvet compare audit-old audit-new\n"
            "  smsvet compare rules:none rules:my-rules templates.parquet --out compared\n"
            "  smsvet compare date:2021-06-01 date:2026-11-28 templates.parquet --out compared\n"
            "  smsvet compare column:人工结论 audit-out\n\n"
            "退出状态：0 完成，3 用法或输入有误、未完成。",
            "Examples:\n"
            "  smsvet compare audit-old audit-new\n"
            "  smsvet compare rules:none rules:my-rules templates.parquet --out compared\n"
            "  smsvet compare date:2021-06-01 date:2026-11-28 templates.parquet --out compared\n"
            "  smsvet compare column:decision audit-out\n\n"
            "Exit status: 0 done, 3 wrong usage or input, or an unfinished run.",
        ),
    },
    "learn": {
        "help": both(
            "从自己的审核记录训练判定经验：把像以往违规的文本转给人工，把像通知的发现减轻一级。",
            "Train learned evidence from your own decisions: it sends texts like past violations to a person"
            " and makes findings in ordinary notices one step milder.",
        ),
        "epilog": both(
            "例如：\n  smsvet learn decisions.csv -o my-model.tsv\n\n"
            "两边各需至少 200 条不同文本；需要附加包：pip install 'smsvet[learn]'",
            "Example:\n  smsvet learn decisions.csv -o my-model.tsv\n\n"
            "At least 200 different texts of each side are needed, and the extra: pip install 'smsvet[learn]'",
        ),
    },
    "serve": {
        "help": both(
            "启动 HTTP 服务。其他设置取自 SMSVET_ 开头的环境变量。",
            "Start the HTTP service. SMSVET_ environment variables hold the other settings.",
        ),
        "epilog": both("例如：\n  smsvet serve --port 8080", "Example:\n  smsvet serve --port 8080"),
    },
    **STORE,
}
"""By command; `smsvet` is the program itself."""
