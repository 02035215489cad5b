"""Turns request bodies into answers. It runs in a review process, or in the service itself where there is none."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from smsvet.model import Decision, Fault, Lang, Verdict
from smsvet.reviewer import Reviewer
from smsvet.schema import read_submission, write_verdict
from smsvet.submission import Submission, SubmissionError

from .. import dates
from .bodies import parse_body, read_batch, refuse_surrogates
from .logs import LOGGER
from .metrics import Tally, tally_unreviewed, tally_verdict
from .problems import FieldError, ProblemError, encode, field_errors, internal_error, invalid_fields, sentence

SLICE_ITEMS, SLICE_BYTES = 100, 16 * 1024
"""Maximum of a slice: the submissions of a batch that are reviewed together. Other requests get a turn in between."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of one verdict, or of several joined by commas, with the tally for log and metrics."""

    content: bytes
    tally: Tally


def review_body(reviewer: Reviewer, body: bytes, lang: Lang) -> Answer:
    """Return the verdict on the submission in a request body. Raises ProblemError naming each wrong field."""
    submission = submission_in(reviewer, body, lang)
    tally: Tally = Counter()
    return Answer(encode(_written(tally, reviewer.review(submission, lang))), tally)


def submission_in(reviewer: Reviewer, body: bytes, lang: Lang) -> Submission:
    """Return the submission in a request body, dated. Raises ProblemError naming each wrong field."""
    return validated(reviewer, parse_body(body, lang), lang)


def split_batch(_reviewer: Reviewer, body: bytes, max_batch: int, lang: Lang) -> list[list[bytes]]:
    """Return the submissions in the body of a batch, each pickled, in slices. Raises ProblemError for a wrong body."""
    slices: list[list[bytes]] = []
    size = SLICE_BYTES
    for data in read_batch(parse_body(body, lang), max_batch, lang):
        item = pickle.dumps(data)
        if not slices or size + len(item) > SLICE_BYTES or len(slices[-1]) == SLICE_ITEMS:
            slices.append([])
            size = 0
        slices[-1].append(item)
        size += len(item)
    return slices


def review_slice(reviewer: Reviewer, first: int, items: Sequence[bytes], lang: Lang) -> Answer:
    """Return the results of a slice that begins at index `first` of its batch: verdicts, or an `error` in their place."""
    tally: Tally = Counter()
    batch = list(map(_unpickle, items))
    return Answer(b",".join(map(encode, _results(reviewer, first, batch, tally, lang))), tally)


def fault_in_body(reviewer: Reviewer, body: bytes, fault: Fault, lang: Lang) -> Answer:
    """Return the verdict `manual_review` with a fault on the submission in a body, without reviewing it."""
    return _fault(reviewer, parse_body(body, lang), fault, lang)


def fault_in_item(reviewer: Reviewer, item: bytes, fault: Fault, lang: Lang) -> Answer:
    """Return the verdict `manual_review` with a fault on one submission of a slice, without reviewing it."""
    return _fault(reviewer, _unpickle(item), fault, lang)


def _unpickle(item: bytes) -> Any:
    return pickle.loads(item)  # noqa: S301 - `split_batch` of this service wrote it


def _fault(reviewer: Reviewer, data: object, fault: Fault, lang: Lang) -> Answer:
    submission = validated(reviewer, data, lang)
    verdict = Verdict(
        submission.id,
        submission.kind,
        Decision.MANUAL_REVIEW,
        submission.provider,
        submission.as_of or reviewer.catalogue.released,
        faults=(fault,),
        revision=reviewer.revision,
    )
    tally: Tally = Counter()
    return Answer(encode(_written(tally, verdict)), tally)


def validated(reviewer: Reviewer, data: object, lang: Lang) -> Submission:
    """Return a validated submission, with today's date in China if it has no `as_of`."""
    refuse_surrogates(data, lang)
    dated = {**data, "as_of": dates.today()} if isinstance(data, dict) and data.get("as_of") is None else data
    try:
        submission = read_submission(dated, lang)
    except SubmissionError as error:
        raise invalid_fields(field_errors(error, data, lang), lang) from error
    try:
        reviewer.check(submission, lang)
    except SubmissionError as error:
        field, _, message = error.say(lang).partition(": ")
        raise invalid_fields([FieldError(field=field, message=message)], lang) from error
    return submission


def _written(tally: Tally, verdict: Verdict) -> dict[str, Any]:
    tally_verdict(tally, verdict)
    if verdict.faults:
        LOGGER.error("faults", extra={"facts": {"rules": sorted({fault.rule for fault in verdict.faults})}})
    return write_verdict(verdict)


def _results(
    reviewer: Reviewer, first: int, batch: Sequence[object], tally: Tally, lang: Lang
) -> Iterator[dict[str, Any]]:
    read = [_read(reviewer, data, tally, lang) for data in batch]
    submissions = [one for one in read if isinstance(one, Submission)]
    try:
        verdicts: Iterable[Verdict] | None = list(reviewer.review_many(submissions, lang))
    except Exception:  # noqa: BLE001 - reviewing each by itself finds the one at fault
        verdicts = None
    together = iter(verdicts or ())
    for index, (data, one) in enumerate(zip(batch, read, strict=True), start=first):
        error = one if isinstance(one, str) else ""
        if isinstance(one, Submission):
            try:
                yield _written(tally, reviewer.review(one, lang) if verdicts is None else next(together))
                continue
            except Exception as failure:  # noqa: BLE001 - one failure must not lose the rest of the batch
                error = _failed(failure, tally, lang)
        named = data.get("id") if isinstance(data, dict) else None
        yield {"id": named if isinstance(named, str) else None, "index": index, "error": error}


def _read(reviewer: Reviewer, data: object, tally: Tally, lang: Lang) -> Submission | str:
    """Return a validated submission, or its error message."""
    try:
        return validated(reviewer, data, lang)
    except ProblemError as problem:
        tally_unreviewed(tally, "invalid")
        return sentence(problem.errors or ())
    except Exception as failure:  # noqa: BLE001 - one failure must not lose the rest of the batch
        return _failed(failure, tally, lang)


def _failed(failure: Exception, tally: Tally, lang: Lang) -> str:
    """Return the error message for a submission whose review failed, and log the failure."""
    tally_unreviewed(tally, "internal")
    inside = internal_error(lang)
    LOGGER.error("failed", exc_info=failure, extra={"facts": {"instance": inside.instance}})
    return f"{inside.title} ({inside.instance})"
