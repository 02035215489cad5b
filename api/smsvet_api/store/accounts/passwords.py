"""Passwords: argon2id with the defaults of argon2-cffi (RFC 9106, low memory), and what a new one has to be like."""

from __future__ import annotations

import base64
import secrets
import threading
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..errors import RefusedError

SHORTEST: Final = 12
LONGEST: Final = 256
"""Code points of a password."""
HASHERS: Final = 2
"""Passwords that one process hashes at the same time: each takes 64 MiB and about a quarter of a second."""

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that are easily taken for another one."""
HASHER: Final = PasswordHasher()
"""Hashes with 64 MiB and 3 passes, the defaults."""
_SLOTS: Final = threading.BoundedSemaphore(HASHERS)


def one_time_password() -> str:
    """Return a random password of about 99 bits, in groups that are easy to type."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def hashed(password: str) -> str:
    """Return the argon2id hash of a password. It waits while `HASHERS` others are hashed."""
    with _SLOTS:
        return HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Return whether a password has the stored hash. Without one it takes as long, and returns False."""
    with _SLOTS:
        try:
            return HASHER.verify(stored or _impossible(), _normal(password))
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def check_new(password: str, name: str, field: str = "password") -> None:
    """Raise RefusedError if a password is too short, too long, or contains the user's name."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        raise RefusedError(
            field, f"密码至少 {SHORTEST} 个字符", f"a password has at least {SHORTEST} characters"
        )
    if len(normal) > LONGEST:
        raise RefusedError(
            field, f"密码至多 {LONGEST} 个字符", f"a password has at most {LONGEST} characters"
        )
    if len(set(normal)) < 4:
        raise RefusedError(
            field, "密码至少要有 4 种不同的字符", "a password has at least 4 different characters"
        )
    if len(name) >= 3 and name.casefold() in normal.casefold():
        raise RefusedError(field, "密码不能包含用户名", "a password must not contain the user name")


def _normal(password: str) -> str:
    """Return a password in NFKC, since keyboards compose the same characters in different ways."""
    return unicodedata.normalize("NFKC", password)


def _impossible() -> str:
    """Return a hash that no password has, with today's parameters."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (HASHER.salt_len, HASHER.hash_len)
    )
    cost = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
