"""The store that the service's functions receive: a database and a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .database import Database
from .instants import Clock, now


@dataclass(frozen=True, slots=True)
class Store:
    """A database and the clock of everything that is stored. Safe to share between threads.

    Its functions, in the packages beside this module, take it first. Each makes its own transaction and returns frozen
    dataclasses. Functions that join a caller's transaction take a connection instead.
    """

    database: Database
    clock: Clock = now

    def now(self) -> datetime:
        """Return the time now in UTC."""
        return self.clock()
