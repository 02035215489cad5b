"""Purpose and examples of the commands on the store, in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .help import About, both

STORE: Final[Mapping[str, About]] = {
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
"""By command."""
