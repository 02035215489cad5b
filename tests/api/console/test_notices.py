"""Notices that an action leaves for the next page."""

from __future__ import annotations

import pytest
from fastapi import Request, Response

from smsvet_api.console.notices import COOKIE, Notice, Undo, leave, left


def request_with(cookie: str) -> Request:
    headers = [(b"cookie", f"{COOKIE}={cookie}".encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers})


def cookie_of(notice: Notice) -> str:
    response = Response()
    leave(response, notice, secure=False)
    return response.headers["set-cookie"].partition("=")[2].partition(";")[0].strip('"')


@pytest.mark.parametrize("undo", [None, Undo(2031, 15)])
def test_a_notice_arrives_as_it_was_left(undo: Undo | None) -> None:
    notice = Notice("try.more_rules", {"n": 3}, undo)
    assert left(request_with(cookie_of(notice))) == notice


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        "e30=",
        "W10=",
        "5aW9",
        cookie_of(Notice("no.such.words", {})),
        cookie_of(Notice("try.more_rules", {})),
        "a" * 5000,
    ],
)
def test_a_notice_that_cannot_be_read_is_left_out(cookie: str) -> None:
    assert left(request_with(cookie)) is None
