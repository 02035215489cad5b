"""A PostgreSQL server of a test's own, which the test may kill."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..required import missing


@dataclass(frozen=True)
class Cluster:
    """A server with its data in a folder."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start the server, and wait until it has recovered."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=50"
        )
        log = str(self.folder / "log")
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-t", "120", "-l", log, "-o", options, "start"
        )

    def kill(self) -> None:
        """Kill the server as a loss of power would, and wait until its processes are gone."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while subprocess.run(["pgrep", "-s", str(pid)], capture_output=True, check=False).returncode == 0:
            assert time.monotonic() < deadline, "the server's processes do not end"
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the server if it runs."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop", check=False)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:  # the server refuses to run as root
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=check, stdout=subprocess.DEVNULL, cwd="/", timeout=180)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Provide a running server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        missing("PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="smsvet-cluster-"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = Cluster(found[-1].parent, folder, port)
    try:
        server._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8")
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
