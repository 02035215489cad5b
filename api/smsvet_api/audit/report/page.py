"""Renders the report of a comparison. It needs the extra `audit`, for Jinja."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import smsvet
from smsvet.extras import check_installed
from smsvet.labels import PURPOSES
from smsvet.model import Lang, Said

from ..comparison.comparison import Comparison
from ..comparison.samples import Sample, Segment
from ..comparison.transitions import NAMES, Matrix
from ..durable import write_text
from .charts import bars, flow, timeline
from .texts import pieces, shortened

if TYPE_CHECKING:
    from jinja2 import Environment

REPORT: Final = "report.html"
LARGEST: Final = 390_000
"""Bytes of a report, as far as fewer samples keep it there."""
RULES: Final = 40
AROUND: Final = 22
"""Code points of an example before its first hit, and after it."""
LONGEST: Final = 60
"""Code points of a name, such as that of an account, that are shown."""
_FOLDER: Final = Path(__file__).parent
_NAMED: Final = Said("报告", "The report")


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row of the table of a group: `zh` and `en` are its names, and `bar` is the share of the longest bar."""

    zh: str
    en: str
    matrix: Matrix
    bar: float


def write_report(found: Comparison, lang: Lang) -> Path:
    """Write the report of a comparison beside its table, and return its path.

    Raises MissingExtraError without Jinja, and OSError.
    """
    path = found.folder / REPORT
    write_text(path, render(found, lang))
    return path


def render(found: Comparison, lang: Lang) -> str:
    """Return the report as HTML that first shows one language. Raises MissingExtraError without Jinja.

    Samples are left out as far as the page would be larger than LARGEST bytes.
    """
    check_installed(("jinja2",), "audit", _NAMED)
    shown = len(found.samples)
    while True:
        page = _rendered(found, found.samples[:shown], lang)
        if not shown or len(page.encode()) <= LARGEST:
            return page
        shown = shown * 4 // 5


def _rendered(found: Comparison, samples: Sequence[Sample], lang: Lang) -> str:
    style = stylesheet()
    text = (
        _environment()
        .get_template("report.html.jinja")
        .render(
            lang=lang,
            style=style,
            policy=policy(style),
            version=smsvet.__version__,
            found=found,
            samples=samples,
            tally=found.tally,
            overall=found.tally.overall,
            decisions=range(len(NAMES)),
            flow=flow(found.tally.overall),
            timeline=timeline(found.steps),
            rules=rule_rows(found),
            groups={name: group_rows(found, name) for name in found.tally.groups},
            agreement=agreement_rows(found),
            shade=lambda items: shade(items, found.tally.overall),
            pieces=pieces,
            shortened=shortened,
            title=found.titles.get,
        )
    )
    return text.encode("utf-8", "backslashreplace").decode()


@cache
def stylesheet() -> str:
    """Return the style sheet of the report."""
    return (_FOLDER / "report.css").read_text(encoding="utf-8")


def policy(style: str) -> str:
    """Return the content security policy of a page: nothing but the style sheet with this text."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - of an extra

    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["count"] = lambda number: f"{number:,}"
    made.filters["percent"] = percent
    return made


def percent(part: float, whole: float = 1) -> str:
    """Return a share as percent, with one decimal."""
    return f"{100 * part / whole:.1f}%" if whole else "–"


def rule_rows(found: Comparison) -> list[dict[str, Any]]:
    """Return the rules that moved most items, each with the length of its bar."""
    ordered = found.tally.by_items()[:RULES]
    lengths = bars([one.responsible for _, one in ordered])
    return [
        {
            "id": rule,
            "counts": one,
            "bar": length,
            "moves": sorted(one.moves.items(), key=lambda move: (-move[1], move[0])),
            "example": example(found.samples, rule),
        }
        for (rule, one), length in zip(ordered, lengths, strict=True)
    ]


def example(samples: Sequence[Sample], rule: str) -> tuple[Segment, ...]:
    """Return the surroundings of the first hit in the first sample that a rule moved; empty without one."""
    for one in samples:
        marked = [place for place, part in enumerate(one.segments) if part.decision is not None]
        if rule in one.rules and marked:
            first = marked[0]
            before = "".join(part.text for part in one.segments[:first])
            after = "".join(part.text for part in one.segments[first + 1 :])
            left = before if len(before) <= AROUND else "…" + before[-AROUND:]
            right = after if len(after) <= AROUND else after[:AROUND] + "…"
            hit = one.segments[first]
            return Segment(left), Segment(shortened(hit.text, 2 * AROUND), hit.decision), Segment(right)
    return ()


def group_rows(found: Comparison, name: str) -> list[GroupRow]:
    """Return the rows of the table of a group."""
    top = found.tally.groups[name].top()
    lengths = bars([matrix.moved for _, matrix in top])
    rows: list[GroupRow] = []
    for (value, matrix), length in zip(top, lengths, strict=True):
        zh, en = PURPOSES.get(value, (value, value)) if name == "purpose" else (value, value)
        shown = [shortened(one, LONGEST) for one in (zh, en)] if value else ["（未填）", "(none)"]
        rows.append(GroupRow(shown[0], shown[1], matrix, length))
    return rows


def agreement_rows(found: Comparison) -> list[tuple[str, Matrix, float]]:
    """Return the rules that flag items with a human decision, most items first, with the length of the bar."""
    ordered = sorted(found.tally.flagged.items(), key=lambda one: (-one[1].total, one[0]))[:RULES]
    lengths = bars([matrix.total for _, matrix in ordered])
    return [(rule, matrix, length) for (rule, matrix), length in zip(ordered, lengths, strict=True)]


def shade(items: int, overall: Matrix) -> int:
    """Return a shade from 0 to 4 for a cell of moved items, by its share of all moved ones."""
    if not items:
        return 0
    share = items / overall.moved if overall.moved else 0
    return 1 + sum(share > bound for bound in (0.1, 0.3, 0.6))
