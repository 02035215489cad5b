"""How many cases are reviewed twice, and how often a golden item is shown. A keyed hash draws, so that nobody can foresee it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ..accounts.permission import require_scope
from ..accounts.tables import settings
from ..accounts.users import User
from ..errors import RefusedError
from ..store import Store
from ..trail.events import append

Draw = Literal["second", "golden"]

SETTING: Final = "sampling"
SECRET: Final = "sampling-secret"  # noqa: S105 - the name of a setting
_SPACE: Final = 1 << 64
_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of sampling, in hundredths of a percent of the decided cases."""

    second: int = 500
    golden: int = 200
    second_of: dict[str, int] = field(default_factory=dict)
    """Kind of submission (`template`, `signature`, `message`) -> its own rate of second reviews."""

    def rate(self, draw: Draw, kind: str) -> int:
        """Return the rate for a kind of submission."""
        return self.second_of.get(kind, self.second) if draw == "second" else self.golden


def read_rates(connection: sa.Connection) -> Rates:
    """Return the rates in force."""
    value = _setting(connection, SETTING)
    return Rates() if value is None else Rates(**value)


def write_rates(connection: sa.Connection, rates: Rates) -> None:
    """Put rates in force. Raises RefusedError for one that is not between 0 and 10,000."""
    values = {"second": rates.second, "golden": rates.golden, **rates.second_of}
    for name, value in values.items():
        if not 0 <= value <= _WHOLE:
            raise RefusedError(name, f"{name}：应在 0 到 {_WHOLE} 之间", f"{name}: expected 0 to {_WHOLE}")
    stored = {"second": rates.second, "golden": rates.golden, "second_of": rates.second_of}
    connection.execute(settings.delete().where(settings.c.name == SETTING))
    connection.execute(settings.insert().values(name=SETTING, value=stored))


def current_rates(store: Store) -> Rates:
    """Return the rates in force."""
    with store.database.reading() as connection:
        return read_rates(connection)


def change_rates(store: Store, user: User, rates: Rates) -> None:
    """Put rates in force, which is an event.

    Raises ForbiddenError for a user who is not an admin, and RefusedError for a rate that is not between 0 and 10,000.
    """
    require_scope(user, "admin")
    at = store.now()
    with store.database.transaction() as connection:
        write_rates(connection, rates)
        body = {"second": rates.second, "golden": rates.golden, "second_of": rates.second_of}
        append(connection, at, user.actor, "sampling.changed", "settings:sampling", body)


def is_drawn(connection: sa.Connection, rates: Rates, draw: Draw, case_id: int, kind: str) -> bool:
    """Return whether a case is drawn. Repeated for the same case, the answer is the same."""
    rate = rates.rate(draw, kind)
    return rate > 0 and number_of(_secret(connection), draw, case_id) < _SPACE * rate // _WHOLE


def number_of(secret: str, draw: Draw, case_id: int) -> int:
    """Return a number below 2^64 that is uniform over the cases and needs the secret to compute."""
    digest = hmac.digest(bytes.fromhex(secret), f"{draw}:{case_id}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big")


def _secret(connection: sa.Connection) -> str:
    secret = _setting(connection, SECRET)
    if secret is None:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        made = dialect.insert(settings).values(name=SECRET, value=secrets.token_hex(32))
        connection.execute(made.on_conflict_do_nothing())  # another transaction may have made one meanwhile
        secret = _setting(connection, SECRET)
    return str(secret)


def _setting(connection: sa.Connection, name: str) -> Any:
    return connection.execute(sa.select(settings.c.value).where(settings.c.name == name)).scalar_one_or_none()
