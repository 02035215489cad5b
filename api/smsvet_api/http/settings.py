"""Reads the settings of the service from environment variables."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from smsvet.model import Lang

from ..configuration.configuration_file import Configuration, ConfigurationError, find_configuration
from ..configuration.precedence import effective
from ..configuration.trust import NOTHING_FOUND, FoundFolders
from ..environment import named_cache_folder
from ..store.accounts.roles import ROLES, Role
from ..wording import say

NONE = "none"
"""The database that switches the store off."""
TryAccess = Literal["open", "signed-in", "off"]
TryRules = Literal["rule-managers", "open", "off"]
LEVELS = ("debug", "info", "warning", "error")


class SettingsError(ValueError):
    """Settings cannot be used. Each line of the message names an environment variable.

    The message is English; `say` has it in either language of the product.
    """

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese

    def say(self, lang: Lang) -> str:
        """Return the message in a language."""
        return say(lang, self.chinese, str(self))


def _refused(chinese: str, english: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{english}", {"chinese": chinese, "english": english})


def _folders(value: object) -> object:
    folders = (
        tuple(Path(item) for item in value.split(os.pathsep) if item) if isinstance(value, str) else value
    )
    for folder in folders if isinstance(folders, tuple) else ():
        if not folder.is_dir():
            raise _refused(f"{folder} 不是文件夹", f"{folder} is not a folder")
    return folders


def _folder(value: object) -> object:
    if isinstance(value, str | Path) and not Path(value).is_dir():
        raise _refused(f"{value} 不是文件夹", f"{value} is not a folder")
    return value


def _file(value: object) -> object:
    if isinstance(value, str | Path) and not Path(value).is_file():
        raise _refused(f"{value} 不是文件", f"{value} is not a file")
    return value


def _count(value: object) -> object:
    if not re.fullmatch("0*[1-9][0-9]{0,11}", str(value)):
        raise _refused(
            f"应为大于 0 的整数，实际为“{value}”", f"expected a whole number above 0, found '{value}'"
        )
    return value


def _one_of(known: tuple[str, ...], value: object) -> object:
    named = str(value).lower()
    if named not in known:
        listed = ", ".join(known)
        raise _refused(f"应为 {listed} 之一，实际为“{value}”", f"expected one of {listed}, found '{value}'")
    return named


def _access(value: object) -> object:
    return _one_of(get_args(TryAccess), value)


def _level(value: object) -> object:
    return _one_of(LEVELS, value)


def _rule_access(value: object) -> object:
    return _one_of(get_args(TryRules), value)


def _cache(value: object) -> object:
    return named_cache_folder(value) if isinstance(value, str) else value


def _switch(value: object) -> object:
    switches = {"1": True, "true": True, "0": False, "false": False}
    if str(value).lower() not in switches:
        raise _refused(f"应为 1 或 0，实际为“{value}”", f"expected 1 or 0, found '{value}'")
    return switches[str(value).lower()]


def _database(value: object) -> object:
    return None if isinstance(value, str) and value.lower() == NONE else value


Switch = Annotated[bool, BeforeValidator(_switch)]


def _roles(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = tuple(tuple(item.strip().rpartition("=")[::2]) for item in value.split(",") if item.strip())
    for claimed, role in pairs:
        if not claimed or role not in ROLES:
            known = ", ".join(ROLES)
            raise _refused(
                f"应为 值=角色，角色为 {known} 之一，实际为“{claimed}={role}”",
                f"expected VALUE=ROLE with a role of {known}, found '{claimed}={role}'",
            )
    return pairs


Count = Annotated[int, BeforeValidator(_count)]


class Settings(BaseSettings):
    """How the service runs. Sizes are in bytes, `_ms` in milliseconds, `max_batch` in submissions.

    Values come from the arguments, else from the environment variable `SMSVET_<NAME>`, else from the defaults. A blank
    variable keeps the default. Raises ValidationError; `read_settings` raises SettingsError instead.
    """

    model_config = SettingsConfigDict(
        env_prefix="SMSVET_", frozen=True, extra="forbid", populate_by_name=True
    )

    rules: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)] = ()
    policy: Annotated[Path | None, BeforeValidator(_file)] = None
    model: Annotated[Path | None, BeforeValidator(_file)] = None
    """The operator's learned evidence; without it the one that the policy names."""
    database: Annotated[str | None, BeforeValidator(_database)] = None
    """URL of the store; without one, or with `none`, the service only reviews."""
    webhook_private: Switch = False
    """Whether webhooks may go to private, loopback and link-local addresses, and over plain HTTP."""
    plain_http: bool = False
    """Whether sessions may begin over plain HTTP from other machines; their cookie can then be read on the way."""
    proxies: str = ""
    """Addresses or networks of the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count, separated by commas."""
    requests_per_minute: Count = 6000
    """Requests of one key or user, in one process, on the routes that need the store."""
    reviews_per_minute: Count | None = None
    """Requests to `/v1/review` and `/v1/review/batch` of one key, or of one address without a key; None: unlimited."""
    checkpoint_to: str | None = None
    """File, or URL, to which each daily checkpoint of the trail goes besides the log."""
    retain_approved_days: Count | None = None
    """Days after which the texts of approved submissions are deleted; never without it."""
    retain_rejected_days: Count | None = None
    oidc_issuer: str | None = None
    """URL of the OpenID Connect provider for logins; None: only names and passwords."""
    oidc_client_id: Annotated[str | None, Field(validate_default=True)] = None
    oidc_client_secret: Annotated[str | None, Field(repr=False)] = None
    oidc_scope: str = "openid profile email"
    oidc_role_claim: str | None = None
    """Claim that gives a new user a role. Without it an admin prepares each user."""
    oidc_roles: Annotated[tuple[tuple[str, Role], ...], NoDecode, BeforeValidator(_roles)] = ()
    """Value of that claim -> role, as `VALUE=ROLE,VALUE=ROLE`; the first that matches counts."""
    shadow_content: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)] = ()
    """Folders from which a shadow revision may be loaded, besides the places of the service's own content."""
    reports: Annotated[Path | None, BeforeValidator(_folder)] = None
    """Folder with the outputs of `smsvet audit` and `smsvet compare` that the page `/reports` shows."""
    max_body_bytes: Count = 1024 * 1024
    max_batch_bytes: Count = 8 * 1024 * 1024
    max_batch: Count = 1000
    review_processes: Count = 2
    deadline_ms: Count = 2000
    header_timeout_ms: Count = 10_000
    body_timeout_ms: Count = 30_000
    stop_timeout_ms: Count = 8000
    log_level: Annotated[str, BeforeValidator(_level)] = "info"
    try_access: Annotated[TryAccess, BeforeValidator(_access)] = Field(
        default="open", validation_alias="SMSVET_TRY"
    )
    """Who may try texts on the page `/try`. The variable is `SMSVET_TRY`."""
    try_rules: Annotated[TryRules, BeforeValidator(_rule_access)] = "rule-managers"
    """Who of them may try rules and policies there."""
    cache: Annotated[Path | None, BeforeValidator(_cache)] = Field(
        default_factory=lambda: named_cache_folder("")
    )
    """Folder of the startup cache; None disables it."""

    _found: FoundFolders = PrivateAttr(NOTHING_FOUND)

    @property
    def found(self) -> FoundFolders:
        """Return the folders from a discovered configuration file: their Python rules run only if they are trusted."""
        return self._found

    def with_configuration(self, configuration: Configuration) -> Settings:
        """Return these settings with the values of a configuration where none is set."""
        config = effective(configuration, self.rules, self.policy)
        model = self.model or configuration.model
        database = self.database if "database" in self.model_fields_set else configuration.database
        if database is not None and database.lower() == NONE:
            database = None
        copy = self.model_copy(
            update={"rules": config.named, "policy": config.policy, "model": model, "database": database}
        )
        copy._found = config.found
        return copy

    def reading(self, rules: tuple[Path, ...], policy: Path | None, model: Path | None) -> Settings:
        """Return these settings with other places of content, all of which are trusted."""
        copy = self.model_copy(update={"rules": rules, "policy": policy, "model": model})
        copy._found = NOTHING_FOUND
        return copy

    @field_validator("oidc_client_id")
    @classmethod
    def _with_client(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("oidc_issuer") is not None:
            raise _refused("设置 SMSVET_OIDC_ISSUER 时必须设置", "has to be set beside SMSVET_OIDC_ISSUER")
        return value

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, data: dict[str, Any]) -> dict[str, Any]:
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
        return {name: value for name, value in stripped.items() if value != ""}


def read_settings() -> Settings:
    """Return the settings from the environment and the configuration file.

    Raises SettingsError naming each variable, or file, line and key, that cannot be used.
    """
    try:
        return Settings().with_configuration(find_configuration())
    except ConfigurationError as error:
        raise SettingsError(error.chinese, str(error)) from error
    except ValidationError as error:
        problems = [(variable(item["loc"][0]), item) for item in error.errors()]
        raise SettingsError(
            "\n".join(
                f"{name}: {item.get('ctx', {}).get('chinese', item['msg'])}" for name, item in problems
            ),
            "\n".join(f"{name}: {item['msg']}" for name, item in problems),
        ) from error


def variable(name: object) -> str:
    """Return the environment variable of a setting, named as its field or by its own alias."""
    return f"SMSVET_{str(name).removeprefix('SMSVET_')}".upper()
