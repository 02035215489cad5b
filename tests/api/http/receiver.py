"""A server that receives webhooks, with answers that a test sets."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Delivery:
    """A request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """The requests that arrived, and the answers: each in turn, the last one from then on."""

    port: int
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=lambda: [(200, {}, b"ok")])
    hangs: bool = False
    arrived: list[Delivery] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def answer(self, *statuses: int, body: bytes = b"", **headers: str) -> None:
        self.answers = [
            (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
            for status in statuses
        ]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Provide a receiver on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.arrived.append(Delivery(self.path, headers, body))
            if receiver.hangs:
                receiver.released.wait(30)
            status, extra, answer = receiver.answers[0]
            if len(receiver.answers) > 1:
                del receiver.answers[0]
            self.send_response(status)
            for name, value in {"content-length": str(len(answer)), **extra}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            receiver.arrived.append(Delivery(self.path, dict(self.headers.items()), b""))
            self.send_error(405)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the class above it
            pass

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # the sender had enough
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.released.set()
            server.shutdown()
            thread.join()
