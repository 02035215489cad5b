"""Overturned decisions as examples of rules: each user collects some, and downloads them as YAML for rule files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..accounts.users import User
from ..cases.tables import cases, resolutions
from ..errors import ConflictError, NotFoundError, RefusedError
from ..store import Store
from ..submissions.tables import submissions, verdicts
from .outcomes import ORDINARY
from .tables import examples

Kind = Literal["flag", "pass"]
MOST: Final = 500
"""Examples in the basket of one user."""
_RULE: Final = re.compile("[a-z0-9-]+(?:/[a-z0-9-]+)+")
# YAML takes these for line breaks, or refuses them unescaped; those of the second line nobody could see.
_ESCAPED: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f]"
)
_LEFT_OUT: Final = ("id",)


@dataclass(frozen=True, slots=True)
class Example:
    """A submission that a rule should flag or pass. `document` is None once retention deleted the text."""

    id: int
    case_id: int
    rule: str
    kind: Kind
    added_at: datetime
    document: dict[str, Any] | None


def add_example(store: Store, user: User, case_id: int, rule: str) -> Example:
    """Put a decided case into the user's basket, as an example of a rule.

    It is one to pass where a person approved in spite of the rule's finding, and one to flag where a person rejected
    without a finding of the rule. Raises NotFoundError, RefusedError for a malformed id of a rule, and ConflictError if the
    decision did not go against the rule.
    """
    if not _RULE.fullmatch(rule) or len(rule) > 128:
        raise RefusedError("rule", "应为规则 id", "expected the id of a rule")
    at = store.now()
    try:
        with store.database.transaction() as connection:
            kind = _kind(connection, case_id, rule)
            number = connection.execute(
                sa.select(sa.func.count()).select_from(examples).where(examples.c.user_id == user.id)
            ).scalar_one()
            if number >= MOST:
                raise ConflictError(f"最多收集 {MOST} 个示例", f"a basket has {MOST} examples at most")
            connection.execute(
                examples.insert().values(user_id=user.id, case_id=case_id, rule=rule, kind=kind, added_at=at)
            )
    except IntegrityError:  # it is there already
        pass
    return next(one for one in list_examples(store, user) if (one.case_id, one.rule) == (case_id, rule))


def list_examples(store: Store, user: User) -> list[Example]:
    """Return the user's basket, by rule, kind and time."""
    with store.database.reading() as connection:
        rows = connection.execute(
            sa.select(examples, submissions.c.document, verdicts.c.as_of)
            .join(cases, cases.c.id == examples.c.case_id)
            .join(submissions, submissions.c.id == cases.c.submission_id)
            .join(verdicts, verdicts.c.id == cases.c.verdict_id)
            .where(examples.c.user_id == user.id)
            .order_by(examples.c.rule, examples.c.kind, examples.c.id)
        ).all()
    return [
        Example(row.id, row.case_id, row.rule, row.kind, row.added_at, _shown(row.document, row.as_of))
        for row in rows
    ]


def remove_example(store: Store, user: User, number: int) -> None:
    """Take an example out of the user's basket. Raises NotFoundError."""
    with store.database.transaction() as connection:
        removed = connection.execute(
            examples.delete().where(examples.c.id == number, examples.c.user_id == user.id)
        )
        if not removed.rowcount:
            raise NotFoundError("没有这个示例", "There is no such example")


def fragments(basket: Iterable[Example]) -> str:
    """Return examples as YAML: for each rule its id, and below it `flag:` and `pass:` as in `examples:` of its file."""
    lines: list[str] = []
    place: tuple[str, str] = ("", "")
    for example in sorted(basket, key=lambda one: (one.rule, one.kind, one.id)):
        if example.document is None:
            continue
        if example.rule != place[0]:
            lines.append(f"{example.rule}:")
        if (example.rule, example.kind) != place:
            lines.append(f"  {example.kind}:")
        place = (example.rule, example.kind)
        lines.append(f"    - {quoted(example.document)}")
    return "".join(f"{line}\n" for line in lines)


def quoted(document: Mapping[str, Any]) -> str:
    """Return a submission as one line that is both JSON and YAML."""
    written = json.dumps(document, ensure_ascii=False, separators=(", ", ": "))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _shown(document: dict[str, Any] | None, as_of: str) -> dict[str, Any] | None:
    if document is None:
        return None
    given = {key: value for key, value in document.items() if key not in _LEFT_OUT and value is not None}
    return {**given, "as_of": as_of}


def _kind(connection: sa.Connection, case_id: int, rule: str) -> Kind:
    row = connection.execute(
        sa.select(resolutions.c.decision, verdicts.c.document)
        .join(cases, cases.c.id == resolutions.c.case_id)
        .join(verdicts, verdicts.c.id == cases.c.verdict_id)
        .where(cases.c.id == case_id, cases.c.origin.in_(ORDINARY), resolutions.c.withdrawn_at.is_(None))
        .order_by(resolutions.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.document is None:
        raise NotFoundError("没有这个已处理的案件", "There is no such decided case")
    found = rule in {one["rule"] for one in row.document["findings"]}
    if found is (row.decision == "reject"):
        raise ConflictError("人工结论与该规则并不矛盾", "The decision did not go against this rule")
    return "pass" if found else "flag"
