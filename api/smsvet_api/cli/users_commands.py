"""The commands `users add`, `users list`, `users role`, `users disable`, `users enable` and `users password`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from smsvet.model import Lang

from ..configuration.precedence import Effective
from ..files.rows import InputError
from ..wording import say
from . import options
from .command_groups import command_group
from .command_help import ABOUT
from .database_option import DatabaseUrl, store_configuration
from .help import Command, both
from .stored import opened_store
from .terminal import out

if TYPE_CHECKING:
    from ..store.accounts.roles import Role
    from ..store.accounts.users import Account

users_app = command_group("users")

ACTOR: Final = "command"
"""Who the trail names for a change by the command line."""

UserName = Annotated[str, typer.Argument(metavar="NAME", help=both("用户名", "Name of the user."))]
UserRole = Annotated[
    str,
    typer.Option(
        "--role",
        metavar="ROLE",
        help=both(
            "submitter（提交者）、reviewer（审核员）、lead（组长）、rule_manager（规则管理员）、auditor（审计员）、admin（管理员）",
            "submitter, reviewer, lead, rule_manager, auditor or admin.",
        ),
    ),
]


@users_app.command(cls=Command, **ABOUT["users add"])
def add(
    name: UserName,
    role: UserRole,
    subject: Annotated[
        str | None,
        typer.Option(
            "--oidc-subject",
            metavar="SUB",
            help=both(
                "单点登录中的 sub；给出后不设密码", "The user's `sub` at the OIDC provider; then no password."
            ),
        ),
    ] = None,
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Add a user and print the one-time password."""
    config = store_configuration(lang, no_config)
    from ..store.accounts.users import add_user  # noqa: PLC0415 - an extra

    with opened_store(config, database) as store:
        account, password = add_user(store, name, known_role(role, config.lang), ACTOR, subject)
    out().print(
        say(
            config.lang,
            f"已添加用户 {account.name}（{account.role}）",
            f"added user {account.name} ({account.role})",
        )
    )
    if password:
        out().lines(password_lines(password, config.lang))


@users_app.command("list", cls=Command, **ABOUT["users list"])
def list_all(
    database: DatabaseUrl = None, lang: options.Language = None, no_config: options.NoConfig = False
) -> None:
    """List all users, one a line: name, role, state, last seen."""
    config = store_configuration(lang, no_config)
    from ..store.accounts.users import list_users  # noqa: PLC0415 - an extra

    with opened_store(config, database) as store:
        last = 0
        while page := list_users(store, last):
            for user in page:
                disabled = say(config.lang, "停用", "disabled") if user.disabled_at else "-"
                seen = f"{user.seen_at:%Y-%m-%dT%H:%MZ}" if user.seen_at else "-"
                out().print(f"{user.name}\t{user.role}\t{disabled}\t{seen}", soft_wrap=True)
            last = page[-1].id


@users_app.command("role", cls=Command, **ABOUT["users role"])
def change_role(
    name: UserName,
    role: Annotated[str, typer.Argument(metavar="ROLE", help=both("新角色", "The new role."))],
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Give a user another role."""
    config = store_configuration(lang, no_config)
    user = changed_user(name, config, database, role=known_role(role, config.lang))
    out().print(say(config.lang, f"{user.name} 现为 {user.role}", f"{user.name} is now {user.role}"))


@users_app.command("disable", cls=Command, **ABOUT["users disable"])
def disable(
    name: UserName,
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Disable a user."""
    config = store_configuration(lang, no_config)
    user = changed_user(name, config, database, disabled=True)
    out().print(say(config.lang, f"已停用 {user.name}", f"{user.name} is disabled"))


@users_app.command("enable", cls=Command, **ABOUT["users enable"])
def enable(
    name: UserName,
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Enable a disabled user."""
    config = store_configuration(lang, no_config)
    user = changed_user(name, config, database, disabled=False)
    out().print(say(config.lang, f"已启用 {user.name}", f"{user.name} is enabled"))


@users_app.command("password", cls=Command, **ABOUT["users password"])
def new_password(
    name: UserName,
    database: DatabaseUrl = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Print a new one-time password of a user."""
    config = store_configuration(lang, no_config)
    from ..store.accounts.users import find_user, issue_password  # noqa: PLC0415 - an extra

    with opened_store(config, database) as store:
        password = issue_password(store, find_user(store, name).id, ACTOR)
    out().lines(password_lines(password, config.lang))


def changed_user(
    name: str,
    config: Effective,
    database: str | None,
    *,
    role: Role | None = None,
    disabled: bool | None = None,
) -> Account:
    """Return a user after a change of role or state. Raises InputError."""
    from ..store.accounts.users import change_user, find_user  # noqa: PLC0415 - an extra

    with opened_store(config, database) as store:
        return change_user(store, find_user(store, name).id, ACTOR, role=role, disabled=disabled)


def password_lines(password: str, lang: Lang) -> list[Text]:
    """Return the lines that show a one-time password."""
    return [
        Text(f"{say(lang, '一次性密码', 'one-time password')}: {password}", "bold"),
        Text(
            say(
                lang,
                "首次登录时须更改；此后不再显示。",
                "It has to be changed at the first login, and is not shown again.",
            ),
            "dim",
        ),
    ]


def known_role(role: str, lang: Lang) -> Role:
    """Return a role. Raises InputError naming the known ones."""
    from ..store.accounts.roles import ROLES  # noqa: PLC0415 - an extra

    for known in ROLES:
        if role == known:
            return known
    listed = ", ".join(ROLES)
    raise InputError(say(lang, f"角色应为 {listed} 之一：{role}", f"a role is one of {listed}, not {role}"))
