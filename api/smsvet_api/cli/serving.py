"""The command `serve`: validates the settings and starts the HTTP service."""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from ..configuration.configuration_file import VARIABLE
from ..files.rows import InputError
from ..wording import say
from . import options
from .database_option import NONE, DatabaseUrl, chosen_database, has_store, require_store_packages
from .database_option import VARIABLE as DATABASE
from .help import both
from .preparing import prepare_database
from .terminal import WRONG, Finished, err

if TYPE_CHECKING:
    from ..http.settings import Settings

WORKER_SECONDS: Final = 60
"""Time after which a worker that does not answer its parent is killed. Starting takes long on a busy machine."""
METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


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
    database: DatabaseUrl = None,
    no_store: Annotated[
        bool,
        typer.Option(
            "--no-store",
            help=both(
                "不使用数据库，只审核；同 SMSVET_DATABASE=none",
                "Use no database and only review, as SMSVET_DATABASE=none.",
            ),
        ),
    ] = False,
    rules: options.RuleFolders = None,
    policy: options.PolicyFile = None,
    lang: options.Language = None,
    no_config: options.NoConfig = False,
) -> None:
    """Start the HTTP service with its database. Raises InputError for an invalid setting."""
    from ..http.settings import SettingsError, read_settings  # noqa: PLC0415 - pydantic-settings loads slowly

    if no_config:
        os.environ[VARIABLE] = ""
    config = options.configured(lang)  # an error in the file is reported before anything starts
    # Worker processes read these variables, like a service that was started without this command.
    if rules:
        os.environ["SMSVET_RULES"] = os.pathsep.join(map(str, rules))
    if policy:
        os.environ["SMSVET_POLICY"] = str(policy)
    url = None if no_store else chosen_database(database, config)
    os.environ[DATABASE] = url or NONE
    try:
        settings = read_settings()
    except SettingsError as error:
        raise InputError(error.say(config.lang)) from error
    if url is not None:
        require_store_packages(config.lang)
        prepare_database(url, config.lang)
    elif not has_store():
        review_only = say(
            config.lang,
            "未安装附加包 service：只审核，不存储（pip install 'smsvet[service]'）",
            "the extra `service` is not installed: reviews only, stores nothing (pip install 'smsvet[service]')",
        )
        err().lines([Text(f"smsvet: {review_only}", "dim")])
    with shared_metrics(workers):
        _run(host, port, workers, settings)


def _run(host: str, port: int, workers: int, settings: Settings) -> None:
    import uvicorn  # noqa: PLC0415 - only a server needs it

    from .supervisor import Supervisor  # noqa: PLC0415

    config = uvicorn.Config(
        "smsvet_api.console.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http="smsvet_api.http.server:HttpProtocol",
        ws="none",
        # Without a named proxy, a client could give itself any address and claim to use TLS.
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        server_header=False,
        timeout_graceful_shutdown=math.ceil(settings.stop_timeout_ms / 1000),
        timeout_worker_healthcheck=WORKER_SECONDS,
    )
    with contextlib.suppress(KeyboardInterrupt):
        if workers > 1:
            Supervisor(config, sockets=[config.bind_socket()]).run()
            return
        server = uvicorn.Server(config)
        server.run()
        if not server.started:
            raise Finished(WRONG)


@contextlib.contextmanager
def shared_metrics(workers: int) -> Iterator[None]:
    """Let several processes share their counters in a folder, so that `/metrics` of any of them has the sums."""
    if folder := os.environ.get(METRICS_FOLDER):
        Path(folder).mkdir(parents=True, exist_ok=True)
        yield
        return
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="smsvet-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[METRICS_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[METRICS_FOLDER]
