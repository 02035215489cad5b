"""A running application with a store and the operator's own rules, for the tests of content in service."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from smsvet_api.http import processes
from smsvet_api.http.app import create_app
from smsvet_api.http.settings import Settings

T = TypeVar("T")
RULE = """\
title: {{zh: 店内用语, en: House wording}}
decision: {decision}
message: {{zh: "不用“{word}”", en: "do not say {word}"}}
why: {{zh: 与本店用语不一致, en: It differs from the wording of the house}}
fix: {{zh: 改用本店用语, en: Use the wording of the house}}
source: house
check: {{kind: pattern, in: [body], pattern: "{word}"}}
examples:
  flag: [{{body: "您的订单{word}已发货"}}]
  pass: [{{body: "您的订单已发货"}}]
"""


def write_rule(folder: Path, word: str, decision: str = "reject") -> None:
    """Write a rule of the house, `house/wording`, against a word."""
    (folder / "house").mkdir(parents=True, exist_ok=True)
    text = RULE.format(word=word, decision=decision)
    (folder / "house" / "wording.yaml").write_text(text, encoding="utf-8")


class Running:
    """An application whose event loop runs in a thread of its own."""

    def __init__(
        self, app: FastAPI, loop: asyncio.AbstractEventLoop, keys: dict[str, str], database: str
    ) -> None:
        self.app, self.loop, self.keys, self.database = app, loop, keys, database

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(600)

    async def send(
        self,
        method: str,
        path: str,
        role: str = "rule_manager",
        keys: dict[str, str] | None = None,
        **request: Any,
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {(keys or self.keys)[role]}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://smsvet"
        ) as client:
            return await client.request(method, path, headers=headers, **request)

    def ask(self, method: str, path: str, role: str = "rule_manager", **request: Any) -> httpx.Response:
        return self.wait(self.send(method, path, role, **request))

    @property
    def revision(self) -> str:
        return str(self.app.state.service.active.name)


@contextmanager
def running(folder: Path, rules: Path, database: str | None = None, **settings: Any) -> Iterator[Running]:
    """Run an application with a new database in `folder`, and keys of the roles `rule_manager`, `lead` and `reviewer`.

    With `database`, it is another worker on that one, without keys of its own.
    """
    url = database or f"sqlite:///{folder}/{secrets.token_hex(4)}.sqlite"
    keys = {} if database else _keys(url)
    # The limits are those of a machine that is busy with other tests.
    usual, processes.MAX_WAIT = processes.MAX_WAIT, 120.0
    app = create_app(
        Settings(
            database=url,
            rules=(rules,),
            review_processes=1,
            deadline_ms=60_000,
            log_level="error",
            **settings,
        )
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = Running(app, loop, keys, url)
    context = app.router.lifespan_context(app)

    async def begin() -> None:
        await context.__aenter__()
        while app.state.service.active is None and app.state.service.failure is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def end() -> None:
        await context.__aexit__(None, None, None)

    runner.wait(begin())
    try:
        yield runner
    finally:
        runner.wait(end())
        processes.MAX_WAIT = usual
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _keys(url: str) -> dict[str, str]:
    """Make the tables, and return the key of a user of each role."""
    from smsvet_api.store.accounts.keys import add_key
    from smsvet_api.store.accounts.roles import SCOPES_OF
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.database import open_database
    from smsvet_api.store.store import Store
    from smsvet_api.store.upgrading import upgrade

    store = Store(open_database(url, "en"))
    upgrade(store.database)
    keys: dict[str, str] = {}
    for role in ("rule_manager", "lead", "reviewer"):
        with store.database.transaction() as connection:
            number = connection.execute(
                users.insert()
                .values(name=role, role=role, must_change=False, created_at=store.now(), preferences={})
                .returning(users.c.id)
            ).scalar_one()
        keys[role] = add_key(store, number, "test", SCOPES_OF[role], "command")
    store.database.dispose()
    return keys
