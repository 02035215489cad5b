"""Refusals of the store."""

from __future__ import annotations

from typing import Any

from smsvet.model import Lang

from ..wording import say


class StoreError(Exception):
    """The store refuses a request. `name` is the name of the problem document; the message is in both languages."""

    def __init__(self, name: str, chinese: str, english: str) -> None:
        super().__init__(english)
        self.name = name
        self.chinese = chinese
        self.english = english
        self.extension: dict[str, Any] = {}
        """Further members of the problem document."""

    def say(self, lang: Lang) -> str:
        """Return the message in a language."""
        return say(lang, self.chinese, self.english)


class StoreDownError(StoreError):
    """The database cannot be reached, is locked for too long, or its disk is full. Nothing was stored."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "store-down",
            "数据库不可用：可以试一试，暂不能提交",
            "Storage is down: you can try texts, not submit",
        )
        self.reason = reason
        """The database's message, for the log."""


class NotFoundError(StoreError):
    """There is no such thing, or the user may not know of it."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__("not-found", chinese, english)


class ForbiddenError(StoreError):
    """The user's role does not allow this."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__("forbidden", chinese, english)


class ConflictError(StoreError):
    """The thing has changed meanwhile, or its state does not allow this."""

    def __init__(self, chinese: str, english: str, name: str = "conflict") -> None:
        super().__init__(name, chinese, english)


class RefusedError(StoreError):
    """A value cannot be taken. `field` names it."""

    def __init__(self, field: str, chinese: str, english: str) -> None:
        super().__init__("invalid-fields", chinese, english)
        self.field = field
