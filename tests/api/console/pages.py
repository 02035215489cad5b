"""Requests to the pages inside the test process, and texts that may not become markup."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi import FastAPI

HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "</mark></div><svg onload=alert(1)>",
    '\'" onmouseover="alert(1)" x=\'',
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &#60;script&#62;",
    "\u202e\u2066倒序\u200b零宽\ufeff",
    "a\x00b\x1b[31m\uffff",
    "e" + "\u0301" * 300,
    "javascript:alert(1)",
)
FULL_WIDTH = "您的登录验证码为｛1｝，{2}分钟内有效，请勿泄露给他人。"
FIXED = "您的登录验证码为{1}，{2}分钟内有效，请勿泄露给他人。"


def get(app: FastAPI, path: str, lang: str = "zh", **headers: str) -> httpx.Response:
    return asyncio.run(_send(app, "GET", path, None, lang, headers))


def post(app: FastAPI, path: str, form: dict[str, str], lang: str = "zh", **headers: str) -> httpx.Response:
    return asyncio.run(_send(app, "POST", path, form, lang, headers))


async def _send(
    app: FastAPI, method: str, path: str, form: dict[str, str] | None, lang: str, headers: dict[str, str]
) -> httpx.Response:
    sent = {"accept": "text/html,*/*", "accept-language": lang} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    # An address of this machine: a session may be used on it without TLS.
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 123))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.request(method, path, data=form, headers=sent)


def form_text(page: str) -> str:
    """Return the text in the main field, as a browser reads it."""
    found = re.search(r'<textarea id="try-content"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def buttons(page: str, name: str) -> list[str]:
    """Return the values of the buttons with a name."""
    return re.findall(rf'<button[^>]*name="{name}" value="([^"]*)"', page)


ORIGIN = {"sec-fetch-site": "same-origin"}


class Browser:
    """Keeps cookies between requests, and follows no redirect."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._send("GET", path, None, {}))

    def post(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        return asyncio.run(self._send("POST", path, form, headers or ORIGIN))

    def post_many(self, path: str, form: list[tuple[str, str]]) -> httpx.Response:
        """Send a form whose fields may repeat."""
        fields: dict[str, list[str]] = {}
        for name, value in form:
            fields.setdefault(name, []).append(value)
        return asyncio.run(self._send("POST", path, fields, ORIGIN))

    async def _send(
        self,
        method: str,
        path: str,
        form: Mapping[str, str | list[str]] | None,
        headers: dict[str, str],
        body: object = None,
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 1))
        sent = {"accept": "text/html", "accept-language": "zh", **headers}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            response = await client.request(
                method, path, data=form, json=body, headers={**sent, "cookie": cookie}
            )
        for name, value in response.cookies.items():
            self.cookies[name] = value
        for written in response.headers.get_list("set-cookie"):
            if "max-age=0" in written.lower():
                self.cookies.pop(written.partition("=")[0], None)
        return response

    def send_json(self, path: str, body: object, csrf: str) -> httpx.Response:
        headers = {**ORIGIN, "x-csrf": csrf, "accept": "application/json"}
        return asyncio.run(self._send("POST", path, None, headers, body))

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found is not None
        return found[1]


class Markup(HTMLParser):
    """The elements of a page, its visible text, and the parts of the text in no other language than the page's."""

    SILENT = ("script", "style")
    EMPTY = ("area", "base", "br", "circle", "hr", "img", "input", "link", "meta", "path")

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.own: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        known = dict(attrs)
        self.tags.append((tag, known))
        if tag not in self.EMPTY:
            foreign = bool(self._open) and (
                self._open[-1][1] or "lang" in known or known.get("translate") == "no"
            )
            self._open.append((tag, foreign))

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.EMPTY:
            return
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] in self.SILENT:
            return
        self.text.append(data)
        if self._open and not self._open[-1][1]:
            self.own.append(data)
