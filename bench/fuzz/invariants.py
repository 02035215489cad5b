"""The invariants of every verdict, and the comparison of the ways to review."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.fuzz.failure import Failure, Json
from bench.fuzz.watch import HangError, watched
from bench.quality.review_ways import NESTED, difference
from smsvet import Reviewer, Submission, SubmissionError
from smsvet.budget import FAULT
from smsvet.document import json_text
from smsvet.model import Decision
from smsvet.schema import VerdictOut, read_submission, write_verdict
from smsvet.templates.values import values_of

WORDS = ("message", "fix", "title")
"""Keys of a finding that may differ between languages."""
REPLACED = ("signature", "body", "text", "remark")
"""Fields that a suggestion replaces as a whole."""
COUNTED = 3000
"""Code points that a review may take the limit for."""


def accepted(reviewer: Reviewer, data: Json) -> Submission | None:
    """Return the submission, None if it is refused with SubmissionError as it may be."""
    try:
        taken = read_submission(data)
        reviewer.check(taken)
    except SubmissionError:
        return None
    return taken


def failures_of(reviewer: Reviewer, data: Json, limit: float) -> list[Failure]:
    """Return the invariants that do not hold for one submission, reviewed by itself.

    `limit` is the CPU time, in seconds, that a review may take for each COUNTED code points begun.
    """
    limit *= 1 + len(json_text(data)) // COUNTED
    step = "read_submission"
    try:
        taken = accepted(reviewer, data)
        if taken is None:
            return []
        step = "review"
        seconds, verdict = watched(lambda: reviewer.review(taken))
        if seconds > limit:
            seconds = min(seconds, watched(lambda: reviewer.review(taken))[0])
        written = write_verdict(verdict)
        found = list(broken(taken, written))
        if seconds > limit:
            found.append(("slow", "review", f"{seconds:.3f} s"))
        step = "review in English"
        english = write_verdict(reviewer.review(taken, "en"))
        if without_words(english) != without_words(written):
            found.append(("paths", "Chinese and English", difference(written, english)))
        step = "review_many"
        (many,) = map(write_verdict, reviewer.review_many([taken]))
        if many != written:
            found.append(("paths", "review_many", difference(written, many)))
        step = "suggestion"
        found += repeated(reviewer, data, written)
    except HangError:
        found = [("hang", step, "")]
    except Exception as error:  # noqa: BLE001 - any exception is what is looked for
        found = [("exception", f"{step}: {type(error).__name__} in {innermost(error)}", str(error)[:200])]
    return [Failure(kind, name, detail[:400], data) for kind, name, detail in found]


def broken(taken: Submission, written: Json) -> Iterator[tuple[str, str, str]]:
    """Yield the invariants that a verdict breaks, as kind, name and detail."""
    for fault in written["faults"]:
        if fault["rule"] != FAULT:
            yield "fault", f"{fault['rule']}: {fault['error'].partition(':')[0]}", fault["error"]
    least = Decision.MANUAL_REVIEW if written["faults"] else Decision.APPROVE
    highest = max([least, *(Decision(finding["decision"]) for finding in written["findings"])])
    if written["decision"] != highest:
        yield "decision", "is not the highest", f"{written['decision']}, not {highest.value}"
    # `ensure_ascii` would join the two halves of a surrogate pair into one character.
    if json.loads(json.dumps(written, ensure_ascii=False)) != written:
        yield "json", "round trip", ""
    if encodes(written) and (
        VerdictOut.model_validate(written).model_dump(mode="json", exclude_unset=True) != written
    ):
        yield "json", "schema", ""
    for finding in written["findings"]:
        if not finding["message"] or not finding["fix"]:
            yield "words", finding["rule"], "no message or fix"
        if detail := misplaced(taken, finding):
            yield "place", finding["rule"], detail


def misplaced(taken: Submission, finding: Json) -> str | None:
    """Return what is wrong with the place of a finding, None if it is exact."""
    start, end, text = finding["start"], finding["end"], finding["text"]
    if start is None or end is None or text is None:
        return None if start is end is text is None and "spans" not in finding else "half a place"
    given = submitted(taken, finding["field"])
    if given is None:
        return f"no text in {finding['field']}"
    for left, right in ((start, end), *finding.get("spans", ())):
        if not 0 <= left <= right <= len(given):
            return f"[{left}, {right}) of {len(given)}"
    return None if given[start:end] == text else f"{text[:80]!r}, where {given[start:end][:80]!r} stands"


def submitted(taken: Submission, field: str | None) -> str | None:
    """Return the submitted text of a field; values other than text as JSON."""
    if field is not None and field.startswith("params."):
        values = values_of(taken.params)
        value = values.get(field.removeprefix("params."))
        return value if isinstance(value, str) else json_text(value)
    if field == "params":
        return json_text(taken.params)
    value = getattr(taken, field or "", None)
    return value if isinstance(value, str) else None


def without_words(written: Json) -> Json:
    """Return a verdict without the keys that differ between languages."""
    kept = [{key: value for key, value in one.items() if key not in WORDS} for one in written["findings"]]
    for one in kept:
        if "evidence" in one:
            one["evidence"] = [{**item, "name": ""} for item in one["evidence"]]
    return written | {"findings": kept}


def repeated(reviewer: Reviewer, data: Json, written: Json) -> Iterator[tuple[str, str, str]]:
    """Yield the rules that have a finding in a field again after their suggestion was taken."""
    for rule, field, suggestion in dict.fromkeys(
        (one["rule"], one["field"], one["suggestion"]) for one in written["findings"]
    ):
        if suggestion is None or field not in REPLACED:
            continue
        mended = accepted(reviewer, data | {field: suggestion})
        again = reviewer.review(mended).findings if mended else ()
        if mended is None or any((one.rule, one.field) == (rule, field) for one in again):
            yield "suggestion", rule, suggestion


def differing(reviewer: Reviewer, batch: Sequence[Json]) -> list[Failure]:
    """Return the submissions of a batch on which review_many or review_table differs from review."""
    taken = [(data, one) for data in batch if (one := accepted(reviewer, data))]
    alone = [write_verdict(reviewer.review(one)) for _, one in taken]
    many = map(write_verdict, reviewer.review_many([one for _, one in taken]))
    found = [
        Failure("paths", "review_many of a batch", difference(expected, given)[:400], data)
        for (data, _), expected, given in zip(taken, alone, many, strict=True)
        if given != expected
    ]
    rows = [(data, expected) for (data, _), expected in zip(taken, alone, strict=True) if encodes(data)]
    if not rows:
        return found
    answers = reviewer.review_table(table_of([data for data, _ in rows])).to_pylist()
    for (data, expected), given in zip(rows, answers, strict=True):
        for finding in given["findings"] or ():
            if finding["spans"] is None:
                del finding["spans"]
        if given != expected | {"error": None}:
            found.append(
                Failure("paths", "review_table", difference(expected | {"error": None}, given)[:400], data)
            )
    return found


def table_of(rows: Sequence[Json]) -> pa.Table:
    """Return submissions as a table: `as_of` as dates, nested fields as JSON text."""
    names = sorted({name for data in rows for name, value in data.items() if value is not None})
    columns = {name: [cell(name, data.get(name)) for data in rows] for name in names}
    return pa.table(
        {
            name: pa.array(cells, pa.date32() if name == "as_of" else pa.string())
            for name, cells in columns.items()
        }
    )


def cell(name: str, value: Any) -> Any:
    """Return a field as the value of a cell."""
    if value is None:
        return None
    if name == "as_of":
        return date.fromisoformat(value)
    return json.dumps(value) if name in NESTED else value


def encodes(data: Json) -> bool:
    """Return whether a JSON object is UTF-8, that is, without lone surrogates."""
    try:
        return bool(json.dumps(data, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        return False


def innermost(error: BaseException) -> str:
    """Return the file and function of the engine or of a rule that raised an exception."""
    place, trace = "?", error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        if {"smsvet", "rules"} & set(Path(code.co_filename).parts):
            place = f"{Path(code.co_filename).name}:{code.co_name}"
        trace = trace.tb_next
    return place
