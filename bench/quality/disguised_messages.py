"""Test cases for evasion: violating messages with their terms or their numbers disguised."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.quality.disguises import Disguise, numbers
from bench.quality.labelled_sets import digits
from bench.quality.violating_messages import Message
from smsvet import Contact, Reviewer, Submission


@dataclass(frozen=True, slots=True)
class Case:
    """A disguised message with its disguises and the disguised number; None if terms are disguised instead."""

    message: Message
    disguises: tuple[str, ...]
    submission: Submission
    number: str | None = None


def with_disguised_terms(
    found: Iterable[Message], by_name: Mapping[str, Disguise], chance: random.Random, copies: int
) -> Iterable[Case]:
    """Yield the messages with every term of their category disguised, by one disguise and by chains of two and three."""
    for message in found:
        chains: list[tuple[str, ...]] = [(name,) for name in by_name]
        chains += [
            tuple(chance.sample(list(by_name), length)) for length in (2, 3) for _ in range(copies * 4)
        ]
        kept: Counter[int] = Counter()
        for chain in chains:
            if len(chain) > 1 and kept[len(chain)] == copies:
                continue
            text = rewritten(message, [by_name[name] for name in chain], chance)
            if text is not None:
                kept[len(chain)] += 1
                yield Case(message, chain, replace(message.submission, body=text))


def with_disguised_numbers(
    reviewer: Reviewer, found: Iterable[Message], chance: random.Random
) -> Iterable[Case]:
    """Yield the messages with each mobile or QQ number disguised; a message without one gets a number appended."""
    for message in found:
        body = message.body
        if not (own := plain_numbers(reviewer, message.submission)):
            number = chance.randrange(10**8, 10**9)
            body += chance.choice((f"，电话{digits(11, chance)}", f"，加QQ{number}"))
            own = plain_numbers(reviewer, replace(message.submission, body=body))
        for contact in own:
            start, end = contact.span.start, contact.span.end
            text = (
                body[:start]
                + re.sub("[0-9]{3,}", lambda run: numbers(run[0], chance), contact.text)
                + body[end:]
            )
            yield Case(message, ("numeral",), replace(message.submission, body=text), contact.value)


def plain_numbers(reviewer: Reviewer, item: Submission) -> list[Contact]:
    """Return the undisguised mobile and QQ numbers of a message."""
    return [
        contact
        for contact in reviewer.read(item).texts["body"].contacts
        if contact.kind in ("mobile", "qq") and not contact.transforms
    ]


def rewritten(message: Message, chain: Sequence[Disguise], chance: random.Random) -> str | None:
    """Return the text with every term disguised if all disguises apply to it; None if that is less than half of them."""
    body, out, at, done = message.body, [], 0, 0
    for start, end in message.places:
        tokens: list[str] | None = list(body[start:end])
        for disguise in chain:
            tokens = disguise(tokens, chance) if tokens else None
        done += tokens is not None
        out += [body[at:start], "".join(tokens) if tokens else body[start:end]]
        at = end
    return "".join([*out, body[at:]]) if done and done * 2 >= len(message.places) else None
