"""All tables of the service, and the migrations that create them."""

from __future__ import annotations

from .accounts import tables as accounts
from .cases import tables as cases
from .content import tables as content
from .metadata import metadata
from .quality import tables as quality
from .submissions import tables as submissions
from .trail import tables as trail
from .webhooks import tables as webhooks

__all__ = ["accounts", "cases", "content", "metadata", "quality", "submissions", "trail", "webhooks"]
