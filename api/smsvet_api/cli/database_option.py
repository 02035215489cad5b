"""The database that a command works on: `--database`, SMSVET_DATABASE, `database` of the configuration, or the user's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import typer
from platformdirs import user_data_path

from smsvet.extras import MissingExtraError, check_installed, is_installed
from smsvet.model import Lang, Said

from ..configuration.precedence import Effective
from ..files.rows import InputError
from .help import both
from .options import configured

VARIABLE: Final = "SMSVET_DATABASE"
NONE: Final = "none"
"""The value that switches the store off."""
_PACKAGES: Final = ("sqlalchemy", "alembic", "argon2", "limits", "httpx2", "standardwebhooks")
_NAMED: Final = Said("数据库", "The database")

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help=both(
            "数据库：sqlite:///文件 或 postgresql://用户:密码@主机/库；默认取 SMSVET_DATABASE、配置文件，否则为用户数据文件夹中的 SQLite",
            "Database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE; if omitted, SMSVET_DATABASE, the"
            " configuration file, or SQLite in the user's data folder.",
        ),
    ),
]


def chosen_database(given: str | None, config: Effective) -> str | None:
    """Return the URL of the database in force; None where there is to be none, or its packages are not installed."""
    named = given or os.environ.get(VARIABLE, "").strip() or config.configuration.database
    if named is None:
        return default_database() if has_store() else None
    return None if named.lower() == NONE else named


def default_database() -> str:
    """Return the URL of the SQLite file in the user's data folder, which is made for its owner only."""
    folder: Path = user_data_path("smsvet", appauthor=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'smsvet.sqlite'}"


def has_store() -> bool:
    """Return whether the packages of the extra `service` are installed."""
    return all(map(is_installed, _PACKAGES))


def store_configuration(lang: Lang | None, no_config: bool) -> Effective:
    """Return the values in force for a command that needs the store.

    Raises InputError, also where the extra `service` is not installed.
    """
    config = configured(lang, no_config)
    require_store_packages(config.lang)
    return config


def require_store_packages(lang: Lang) -> None:
    """Raise InputError where the extra `service` is not installed."""
    try:
        check_installed(_PACKAGES, "service", _NAMED)
    except MissingExtraError as error:
        raise InputError(error.say(lang)) from error
