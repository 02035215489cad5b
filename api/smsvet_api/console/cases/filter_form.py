"""The filter of the queue as the query of its address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, get_args
from urllib.parse import urlencode

from smsvet.model import Kind, Purpose

from ...store.accounts.users import User
from ...store.cases.filters import Due, Filters, QueueState
from ...store.cases.listing import ORDERS, Order

RISKS: Final = (80, 60, 40)
"""The choices for the least risk."""
_NAME: Final = re.compile("[a-z0-9][a-z0-9/-]{0,127}")


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The fields of the filter; empty ones select everything. `within` is the query that keeps them."""

    kind: str = ""
    provider: str = ""
    purpose: str = ""
    risk: str = ""
    rule: str = ""
    due: str = ""
    state: QueueState = "open"
    q: str = ""
    order: Order = "risk"

    @classmethod
    def of(cls, query: Mapping[str, str], user: User) -> FilterForm:
        """Return the filter of a query, without fields that nobody can have sent by the page."""
        states: tuple[str, ...] = get_args(QueueState)
        if user.role not in ("lead", "auditor"):
            states = ("open", "held")
        allowed: Mapping[str, tuple[object, ...]] = {
            "kind": get_args(Kind),
            "purpose": get_args(Purpose),
            "risk": tuple(map(str, RISKS)),
            "due": get_args(Due),
            "state": states,
            "order": ORDERS,
        }
        sent = {name: value for name, values in allowed.items() if (value := query.get(name)) in values}
        sent |= {name: query[name] for name in ("provider", "rule") if _NAME.fullmatch(query.get(name, ""))}
        words = query.get("q", "").replace("\0", "").strip()[:100]
        return cls(q=words.encode("utf-8", "ignore").decode(), **sent)  # type: ignore[arg-type] # each value is in its Literal

    @property
    def filters(self) -> Filters:
        """Return the filter of the store."""
        return Filters(
            state=self.state,
            kind=self.kind or None,
            provider=self.provider or None,
            purpose=self.purpose or None,
            rule=self.rule or None,
            due=next((due for due in get_args(Due) if due == self.due), None),
            min_risk=int(self.risk) if self.risk else None,
            search=self.q or None,
        )

    @property
    def query(self) -> str:
        """Return the query of its address, empty for the whole queue."""
        default = FilterForm()
        return urlencode(
            {
                item.name: value
                for item in fields(self)
                if (value := getattr(self, item.name)) != getattr(default, item.name)
            }
        )

    @property
    def is_narrow(self) -> bool:
        """Return whether it leaves out cases; the order leaves out none."""
        return bool(replace(self, order="risk").query)

    def with_field(self, name: Literal["kind", "rule", "due"], value: str) -> str:
        """Return the query of this filter with another value of one field."""
        values: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        values[name] = value
        return FilterForm(**values).query
