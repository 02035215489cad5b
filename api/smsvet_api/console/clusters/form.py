"""The form that confirms a bulk decision."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ...store.cases.bulk import MOST
from ...store.cases.choice import OVERTURNS, Choice

ACTS: Final = ("approve", "reject", "escalate")
_MEMBER: Final = re.compile("([1-9][0-9]{0,8}):([0-9]{1,9})")
_LEFT: Final = re.compile("([1-9][0-9]{0,8})[.]([a-z_]{1,20})")


@dataclass(frozen=True, slots=True)
class BulkForm:
    """A decision on several cases as it is filled in."""

    act: str = ""
    versions: Mapping[int, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    overturn: str = ""
    note: str = ""
    message: str = ""
    idem: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, Sequence[str]]) -> BulkForm:
        """Return the form that a browser sent."""

        def last(name: str) -> str:
            return (sent.get(name) or [""])[-1]

        members = [found for value in sent.get("case", ()) if (found := _MEMBER.fullmatch(value))]
        return cls(
            act=last("act") if last("act") in ACTS else "",
            versions={int(one[1]): int(one[2]) for one in members[:MOST]},
            reasons=tuple(dict.fromkeys(sent.get("reason", ()))),
            overturn=last("overturn"),
            note=last("note").strip(),
            message=last("message").strip(),
            idem=last("idem"),
        )

    def choice(self) -> Choice:
        """Return the decision for the store, which checks it."""
        decision: Any = self.act
        overturn: Any = self.overturn if self.overturn in OVERTURNS else None
        return Choice(decision, self.reasons, overturn, self.note, self.message)


def new_idem() -> str:
    """Return the value of a new form, by which the store recognises that it is sent twice."""
    return secrets.token_urlsafe(18)


def read_left(text: str) -> list[tuple[int, str]]:
    """Return the cases that a bulk decision left out, each with its reason, from the address of the result."""
    return [(int(found[1]), found[2]) for part in text.split("-")[:MOST] if (found := _LEFT.fullmatch(part))]


def write_left(left: Sequence[tuple[int, str]]) -> str:
    """Return such cases for an address."""
    return "-".join(f"{case_id}.{reason}" for case_id, reason in left)
