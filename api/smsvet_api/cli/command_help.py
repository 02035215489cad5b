"""Purpose and examples of each command, in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypedDict

from .help import both


class About(TypedDict):
    """The texts of a command: its purpose, and what follows its options."""

    help: str
    epilog: str


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
    "db": {
        "help": both(
            "升级、备份服务的数据库，删除旧文本。",
            "Upgrade and back up the database of the service, and delete old texts.",
        ),
        "epilog": both(
            "例如：\n  smsvet db upgrade\n\n退出状态：0 完成，3 用法有误或数据库不可用。",
            "Example:\n  smsvet db upgrade\n\nExit status: 0 done, 3 wrong usage or no database.",
        ),
    },
    "db upgrade": {
        "help": both(
            "建立服务的数据表，或升级到此版本所需的结构。",
            "Create the tables of the service, or bring them to the version of this release.",
        ),
        "epilog": both(
            "例如：\n  smsvet db upgrade --database sqlite:////srv/sms/smsvet.sqlite",
            "Example:\n  smsvet db upgrade --database sqlite:////srv/sms/smsvet.sqlite",
        ),
    },
    "db backup": {
        "help": both(
            "在服务运行时把数据库写入一个新文件：SQLite 为数据库文件，PostgreSQL 为 pg_dump 归档。",
            "Write the database to a new file while the service runs: an SQLite database, or an archive of pg_dump.",
        ),
        "epilog": both(
            "例如：\n  smsvet db backup smsvet-2026-11-29.sqlite",
            "Example:\n  smsvet db backup smsvet-2026-11-29.sqlite",
        ),
    },
    "db retain": {
        "help": both(
            "删除早已结束的提交的文本；状态、结论和审计记录保留。",
            "Delete the texts of submissions that were decided long ago; statuses, decisions and the trail stay.",
        ),
        "epilog": both(
            "例如：\n  smsvet db retain --approved 180 --rejected 730",
            "Example:\n  smsvet db retain --approved 180 --rejected 730",
        ),
    },
    "trail": {
        "help": both("校验审计记录，写出检查点。", "Verify the audit trail, and write checkpoints of it."),
        "epilog": both("例如：\n  smsvet trail verify", "Example:\n  smsvet trail verify"),
    },
    "trail verify": {
        "help": both(
            "校验审计记录：指出第一处被改动、移动、删除或截去的事件。",
            "Verify the audit trail: name the first event that was edited, moved, removed or cut off.",
        ),
        "epilog": both(
            "例如：\n  smsvet trail verify --checkpoint checkpoints.jsonl\n\n退出状态：0 完好，1 有损坏，3 用法有误或数据库不可用。",
            "Example:\n  smsvet trail verify --checkpoint checkpoints.jsonl\n\n"
            "Exit status: 0 intact, 1 damaged, 3 wrong usage or no database.",
        ),
    },
    "trail checkpoint": {
        "help": both(
            "输出审计记录的检查点。请保存在数据库以外：它能揭示被截去的末尾。",
            "Print a checkpoint of the audit trail. Keep it outside the database: it shows that a tail was cut off.",
        ),
        "epilog": both(
            "例如：\n  smsvet trail checkpoint -o checkpoints.jsonl",
            "Example:\n  smsvet trail checkpoint -o checkpoints.jsonl",
        ),
    },
    "users": {
        "help": both("管理服务的用户。", "Manage the users of the service."),
        "epilog": both(
            "例如：\n  smsvet users add lin --role reviewer",
            "Example:\n  smsvet users add lin --role reviewer",
        ),
    },
    "users add": {
        "help": both("添加用户，并输出一次性密码。", "Add a user, and print the one-time password."),
        "epilog": both(
            "例如：\n  smsvet users add lin --role reviewer",
            "Example:\n  smsvet users add lin --role reviewer",
        ),
    },
    "users list": {
        "help": both(
            "列出全部用户：名称、角色、状态、最近登录。",
            "List all users: name, role, state and when last seen.",
        ),
        "epilog": both("例如：\n  smsvet users list", "Example:\n  smsvet users list"),
    },
    "users role": {
        "help": both("更改用户的角色。", "Give a user another role."),
        "epilog": both("例如：\n  smsvet users role lin lead", "Example:\n  smsvet users role lin lead"),
    },
    "users disable": {
        "help": both(
            "停用用户：结束其会话，其密钥失效。最后一位管理员不能停用。",
            "Disable a user: sessions end and keys stop working. The last admin cannot be disabled.",
        ),
        "epilog": both("例如：\n  smsvet users disable lin", "Example:\n  smsvet users disable lin"),
    },
    "users enable": {
        "help": both("重新启用用户。", "Enable a disabled user."),
        "epilog": both("例如：\n  smsvet users enable lin", "Example:\n  smsvet users enable lin"),
    },
    "users password": {
        "help": both(
            "输出新的一次性密码，并结束该用户的会话。",
            "Print a new one-time password, and end the user's sessions.",
        ),
        "epilog": both("例如：\n  smsvet users password lin", "Example:\n  smsvet users password lin"),
    },
    "keys": {
        "help": both("管理 API 密钥。", "Manage API keys."),
        "epilog": both(
            "例如：\n  smsvet keys add shop --user shop --scope submit",
            "Example:\n  smsvet keys add shop --user shop --scope submit",
        ),
    },
    "keys add": {
        "help": both(
            "添加 API 密钥并输出，仅此一次。", "Add an API key and print it. It cannot be shown again."
        ),
        "epilog": both(
            "例如：\n  smsvet keys add shop --user shop --scope submit --expires 90d",
            "Example:\n  smsvet keys add shop --user shop --scope submit --expires 90d",
        ),
    },
    "keys list": {
        "help": both(
            "列出全部密钥：显示的部分、名称、用户、权限、状态、最近使用。",
            "List all keys: shown part, name, user, scopes, state and when last used.",
        ),
        "epilog": both("例如：\n  smsvet keys list", "Example:\n  smsvet keys list"),
    },
    "keys revoke": {
        "help": both("永久吊销密钥。", "Revoke a key for ever."),
        "epilog": both("例如：\n  smsvet keys revoke 5f3a9c01", "Example:\n  smsvet keys revoke 5f3a9c01"),
    },
}
"""By command; `smsvet` is the program itself."""
