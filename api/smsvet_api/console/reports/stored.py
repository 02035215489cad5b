"""The files of audits and comparisons as the pages read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of a summary or a manifest that is read."""

Decisions = dict[str, int]
Matrix = dict[str, Decisions]
Span = tuple[float, float, float]
"""Mean, lower and upper bound."""


class _Stored(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Side(_Stored):
    """One side of a comparison. All but the label is empty for decisions of people."""

    label: str
    run: str = ""
    as_of: str = ""
    revision: str = ""
    rows: int = 0


class Items(_Stored):
    """How many items both sides have, and how many moved."""

    both: int
    moved: int
    stricter: int
    milder: int
    errors: int = 0
    wordings_moved: int = 0


class MovedRule(_Stored):
    """How many moves a rule is responsible for; `moves` has them by `OLD>NEW`."""

    responsible: int
    alone: int
    involved: int
    wordings: int = 0
    moves: dict[str, int] = Field(default_factory=dict)


class Several(_Stored):
    """The items for which several rules share the responsibility."""

    items: int = 0


class Review(_Stored):
    """The forecast of further cases."""

    per_day: int | None = None
    minutes_per_case: float = 0
    cases: Span = (0, 0, 0)
    minutes: Span = (0, 0, 0)


class Comparison(_Stored):
    """The summary of a comparison, `comparison.json`."""

    old: Side
    new: Side
    joined_by: str
    items: Items
    matrix: Matrix
    rules: dict[str, MovedRule]
    several: Several = Several()
    unexplained: int = 0
    review: Review = Review()


class AuditFile(_Stored):
    """A file of an audit with its size in bytes."""

    name: str
    bytes: int
    rows: int = 0


class Input(_Stored):
    """A file that was audited."""

    name: str


class Audit(_Stored):
    """The manifest of an audit, `manifest.json`."""

    run: str
    as_of: str
    rows: int
    revision: str
    decisions: Decisions
    findings: int = 0
    finished: datetime | None = None
    inputs: list[Input] = Field(default_factory=list)
    files: list[AuditFile] = Field(default_factory=list)
    exports: list[AuditFile] = Field(default_factory=list)


Model = TypeVar("Model", bound=_Stored)


class DamagedReportError(Exception):
    """A file of a report cannot be read. The message names the file and what is wrong, not its content."""


def read_stored(path: Path, model: type[Model]) -> Model:
    """Return a file of a report. Raises DamagedReportError, also for a file that is missing or too large."""
    name = path.name
    try:
        if path.stat().st_size > LARGEST:
            raise DamagedReportError(f"{name}: {path.stat().st_size} > {LARGEST} bytes")
        value: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return model.model_validate(value)
    except FileNotFoundError as error:
        raise DamagedReportError(f"{name}: not found") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DamagedReportError(f"{name}: {where}: {first['msg']}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedReportError(f"{name}: {type(error).__name__}") from error
