"""The command `serve`: validates the settings and starts the HTTP service."""

from __future__ import annotations

import math
import os
from typing import Annotated

import typer

from ..configuration.configuration_file import VARIABLE
from ..files.rows import InputError
from . import options
from .help import both


def serve(
    host: Annotated[
        str, typer.Option(metavar="HOST", help=both("监听的地址", "Address to listen on."))
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            metavar="PORT", min=0, max=65535, help=both("端口；0 选用空闲端口", "Port; 0 selects a free one.")
        ),
    ] = 8000,
    workers: Annotated[
        int, typer.Option(metavar="N", min=1, help=both("进程数", "Number of processes."))
    ] = 1,
    rules: options.RuleFolders = None,
    policy: options.PolicyFile = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Start the HTTP service. Raises InputError for an invalid setting."""
    import uvicorn  # noqa: PLC0415 - only a server needs it

    from ..http.settings import SettingsError, read_settings  # noqa: PLC0415 - pydantic-settings loads slowly

    if no_config:
        os.environ[VARIABLE] = ""
    config = options.configured(lang)  # an error in the file is reported before anything starts
    # Worker processes read these variables, like a service that was started without this command.
    if rules:
        os.environ["SMSVET_RULES"] = os.pathsep.join(map(str, rules))
    if policy:
        os.environ["SMSVET_POLICY"] = str(policy)
    try:
        settings = read_settings()
    except SettingsError as error:
        raise InputError(error.say(config.lang)) from error
    uvicorn.run(
        "smsvet_api.console.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http="smsvet_api.http.server:HttpProtocol",
        ws="none",
        timeout_graceful_shutdown=math.ceil(settings.stop_timeout_ms / 1000),
    )
