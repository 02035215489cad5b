"""How the time of a review grows with one field: baits at several lengths."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace

from bench.fuzz.failure import Failure, Json, shrink
from bench.fuzz.invariants import accepted
from bench.fuzz.texts import Bait
from bench.fuzz.watch import HangError, slowest_function, watched
from smsvet import Provider, Reviewer

LENGTHS = (500, 1000, 2000, 3000)
"""Code points of a bait. The engine searches 3,000 of a field."""
GROWTH = 3.0
"""Times that a review may take for twice the text."""
FELT = 0.03
"""Seconds above which growth counts."""
FIELDS = ("body", "body", "text", "text", "params", "signature", "remark", "samples", "account", "history")
"""Fields that a bait may fill; those that are searched are chosen more often."""


class Growth:
    """Reviews baits at each of LENGTHS. `limit` is the CPU time, in seconds, that the longest may take."""

    def __init__(self, reviewer: Reviewer, limit: float, chance: random.Random) -> None:
        self._reviewer, self._limit, self._chance = reviewer, limit, chance
        self.worst = (0.0, "")
        """Greatest CPU seconds of a review, and its field and bait."""

    def failure(self, bait: Bait) -> Failure | None:
        """Return how a bait breaks a bound in a field and setting chosen by chance, None if it does not."""
        providers = self._reviewer.providers
        provider = providers[self._chance.choice(("tencent", self._chance.choice(sorted(providers))))]
        field = self._chance.choice(FIELDS)
        frame = frame_of(field, provider, self._chance)
        found = self._broken(bait, field, frame)
        if found is None:
            return None
        kind, length, detail = found

        def fails(parts: Json) -> bool:
            smaller = replace(bait, prefix="", repeated="", suffix="")
            again = self._broken(replace(smaller, **parts), field, frame)
            return again is not None and again[0] == kind

        parts = {name: text for name, text in asdict(bait).items() if name != "name"}
        least = replace(bait, **({"prefix": "", "repeated": "", "suffix": ""} | shrink(parts, fails)))
        data = frame | filled(field, least.text(length))
        name = slowest_function(self._call(data))
        told = {"field": field, "length": length, **asdict(least)}
        return Failure(kind, name, f"{field}, {detail}", data, told)

    def _broken(self, bait: Bait, field: str, frame: Json) -> tuple[str, int, str] | None:
        """Return the kind of a broken bound, its length, and the times."""
        times: dict[int, float] = {}
        for length in LENGTHS:
            data = frame | filled(field, bait.text(length))
            if accepted(self._reviewer, data) is None:
                return None
            try:
                times[length] = self._seconds(data)
                if times[length] > self._limit:
                    times[length] = min(self._seconds(data) for _ in range(3))
            except HangError:
                return "hang", length, f"over 3 s at {length}"
            if times[length] > self._limit:
                return "slow", length, told(times)
        if (longest := times[LENGTHS[-1]]) > self.worst[0]:
            self.worst = longest, f"{field}, {bait.name}: {bait.repeated[:20]!r}"
        for short, long in pairs(times):
            if min(self._seconds(frame | filled(field, bait.text(long))) for _ in range(3)) > FELT:
                again = {
                    length: min(self._seconds(frame | filled(field, bait.text(length))) for _ in range(3))
                    for length in (short, long)
                }
                if again[long] > max(FELT, GROWTH * again[short]):
                    return "growth", long, told(again)
        return None

    def _seconds(self, data: Json) -> float:
        """Return the CPU seconds of a review, or of a batch of one if that takes longer."""
        return max(watched(call)[0] for call in self._calls(data))

    def _calls(self, data: Json) -> Sequence[Callable[[], object]]:
        taken = accepted(self._reviewer, data)
        if taken is None:
            return [lambda: None]
        alone = lambda: self._reviewer.review(taken)  # noqa: E731 - one of two calls to be timed
        return [alone, lambda: list(self._reviewer.review_many([taken]))]

    def _call(self, data: Json) -> Callable[[], object]:
        return lambda: [call() for call in self._calls(data)]


def pairs(times: Mapping[int, float]) -> list[tuple[int, int]]:
    """Return the lengths and their doubles between which the time grows more than it may."""
    return [
        (short, 2 * short) for short in times if times.get(2 * short, 0.0) > max(FELT, GROWTH * times[short])
    ]


def frame_of(field: str, provider: Provider, chance: random.Random) -> Json:
    """Return the submission around a bait in a field."""
    frame: Json = {"provider": provider.id}
    if field == "signature":
        return frame
    frame["purpose"] = chance.choice(("verification", "notification", "marketing"))
    if chance.random() < 0.1:
        del frame["purpose"]
    if field not in ("body", "text"):
        frame["body"] = f"您的订单{provider.placeholder('1')}已发货，请注意查收。"
    if field == "text" and chance.random() < 0.3:
        frame["body"] = f"您的订单{provider.placeholder('1')}已发货"
    return frame


def filled(field: str, text: str) -> Json:
    """Return a field of a submission that has a text."""
    if field == "account":
        return {"account": {"name": text}, "signature": text[:20]}
    if field == "history":
        sent = {"to": "+8613800138000", "at": "2026-11-28T09:00:00+08:00", "text": text}
        return {"history": [sent], "recipients": ["+8613800138000"], "sent_at": "2026-11-28T10:00:00+08:00"}
    return {field: [text] if field in ("params", "samples") else text}


def told(times: Mapping[int, float]) -> str:
    """Return times by length in words."""
    return ", ".join(f"{length}: {seconds * 1000:.0f} ms" for length, seconds in times.items())
