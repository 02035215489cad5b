"""Delivers messages to the endpoints of submitters' systems, as Standard Webhooks asks."""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
import time
from collections import Counter
from datetime import datetime
from typing import Final

import httpx2
from standardwebhooks.webhooks import Webhook

import smsvet

from ..store.webhooks.addresses import is_public
from ..store.webhooks.delivering import Attempt, Outgoing, claim_due, record_attempt
from .logs import LOGGER
from .problems import ProblemError
from .storage import Storage

PAUSE: Final = 1.0
"""Seconds between two looks at the outbox."""
AT_ONCE: Final = 20
"""Messages that one process sends at the same time."""
PER_ENDPOINT: Final = 4
"""Of these, for one endpoint: one that hangs must not hold up the others."""
CONNECT_SECONDS, READ_SECONDS, ATTEMPT_SECONDS = 5.0, 10.0, 20.0
"""Limits of an attempt. The last is for all of it, and less than the lease of a message."""
STOP_SECONDS: Final = 3.0
"""So long the attempts in work may take once the service stops."""
ANSWER_BYTES: Final = 2000


class RefusedAddressError(Exception):
    """A host has an address that messages are not sent to."""


class Deliverer:
    """Sends the messages that are due. Several processes may each run one: the store leases each message to one of them."""

    def __init__(
        self, storage: Storage, *, private: bool, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self.storage = storage
        self.private = private
        self.client = httpx2.AsyncClient(
            transport=transport,
            timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
        )
        self.sending: dict[asyncio.Task[None], int] = {}

    async def run(self) -> None:
        """Deliver until this coroutine is cancelled. Attempts in work then have a short time to finish."""
        try:
            while True:
                try:
                    started = await self.start_due()
                except ProblemError:  # the store is down, and the log has it
                    started = 0
                except Exception as error:  # noqa: BLE001 - the next look tries again
                    LOGGER.error("not delivered", exc_info=error)
                    started = 0
                if started == 0:
                    await self._wait()
        finally:
            await self._finish()

    async def deliver_due(self) -> int:
        """Deliver all messages that are due now, and return the number of attempts."""
        number = 0
        while started := await self.start_due():
            number += started
            await asyncio.gather(*self.sending)
        return number

    async def start_due(self) -> int:
        """Start sending messages that are due, as many as there is room for, and return their number."""
        room = AT_ONCE - len(self.sending)
        if room <= 0:
            return 0
        busy = Counter(self.sending.values())
        full = [webhook for webhook, number in busy.items() if number >= PER_ENDPOINT]
        claimed = await self.storage.run("zh", claim_due, room, full)
        for message in claimed:
            task = asyncio.create_task(self._deliver(message))
            self.sending[task] = message.webhook_id
            task.add_done_callback(self.sending.pop)
        return len(claimed)

    async def _wait(self) -> None:
        """Wait for the next look: until an attempt ends if there is no room, else for the pause."""
        if len(self.sending) >= AT_ONCE:
            await asyncio.wait(self.sending, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(PAUSE)

    async def _finish(self) -> None:
        if self.sending:
            await asyncio.wait(self.sending, timeout=STOP_SECONDS)
        for task in tuple(self.sending):  # another process sends these once their lease is over
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.client.aclose()

    async def _deliver(self, message: Outgoing) -> None:
        attempt = await self.attempt(message, self.storage.store.now())
        try:
            await self.storage.run("zh", record_attempt, message, attempt)
        except ProblemError:  # the store is down: the message is sent again when its lease is over
            return
        except Exception as error:  # noqa: BLE001 - one message must not end the loop
            LOGGER.error("attempt not recorded", exc_info=error)
        facts = {"webhook": message.webhook_id, "message": message.message_id, "status": attempt.status}
        LOGGER.info("attempt", extra={"facts": facts | {"milliseconds": attempt.milliseconds}})

    async def attempt(self, message: Outgoing, at: datetime) -> Attempt:
        """Send a message once and return the outcome. `at` is the time that is signed."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                status, answer, retry_after = await self._post(message, at)
        except TimeoutError:
            status, answer, retry_after = None, "timeout", None
        except RefusedAddressError as error:
            status, answer, retry_after = None, str(error), None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            status, answer, retry_after = None, f"{type(error).__name__}: {error}", None
        return Attempt(status, round((time.perf_counter() - started) * 1000), answer, retry_after)

    async def _post(self, message: Outgoing, at: datetime) -> tuple[int, str, int | None]:
        url = httpx2.URL(message.url)
        address = await self._address(url)
        # The connection goes to the address that was checked: a second look-up could have another result.
        request = self.client.build_request(
            "POST",
            url.copy_with(host=address),
            content=message.body.encode(),
            headers={"host": url.netloc.decode("ascii"), **_headers(message, at)},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await self.client.send(request, stream=True)
        try:
            content = b""
            async for part in response.aiter_raw():
                content += part
                if len(content) >= ANSWER_BYTES:
                    break
        finally:
            await response.aclose()
        answer = content[:ANSWER_BYTES].decode(errors="replace")
        return response.status_code, answer, _seconds(response.headers.get("retry-after", ""))

    async def _address(self, url: httpx2.URL) -> str:
        """Return the IP address of a URL's host. Raises RefusedAddressError if one of its addresses may not be used."""
        port = url.port or (443 if url.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(
            url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM
        )
        addresses = [str(one[4][0]) for one in found]
        refused = [address for address in addresses if not is_public(address)]
        if refused and not self.private:
            raise RefusedAddressError(
                f"{refused[0]} is a private, loopback or link-local address: SMSVET_WEBHOOK_PRIVATE=1 allows them"
            )
        return addresses[0]


def _headers(message: Outgoing, at: datetime) -> dict[str, str]:
    signatures = [Webhook(secret).sign(message.message_id, at, message.body) for secret in message.secrets]
    return {
        "content-type": "application/json",
        "accept-encoding": "identity",
        "user-agent": f"smsvet/{smsvet.__version__}",
        "webhook-id": message.message_id,
        "webhook-timestamp": str(math.floor(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _seconds(retry_after: str) -> int | None:
    """Return a Retry-After in seconds, None for anything else."""
    with contextlib.suppress(ValueError):
        return min(int(retry_after), 86_400) if retry_after.isascii() and retry_after.isdigit() else None
    return None
